"""The clauses around a fault, and whether words can stand as a clause."""

import re

from flows.wording.giving_back.word_sets import word_set

EDGE = " \t\n,;:–—-"
"""What can stand between clauses."""
MIN_REST_WORDS = 4
"""So many words behind the clause with the fault can stand as a sentence; fewer are a name, or a question tag."""
_CLAUSE_MARK = re.compile(r"[,;:](?=\s|$)|\s[–—-](?=\s)")
_CONJUNCTION = re.compile(r"(?:and|but|so|y|pero|así que|que|pues)\s+", re.IGNORECASE)
_SUBJECTS = word_set("we you i nobody none they it there nosotros usted ustedes nadie no le les se")
_ARTICLES = word_set("your our my the nuestro nuestra su sus el la los las")
_VERBS = re.compile(
    r"\b(?:was|were|is|are|had|has|have|did|got|never|could|would|\w+n't|\w{3,}ed|lost|sent|broke|fell|stood|came|went"
    r"|fue|fueron|era|eran|estaba|estuvo|ha|han|tuvo|\w+[óé]|\w+aron|\w+ieron)\b"
)


def lead(before: str) -> str:
    """The clauses before the one with the fault, or the greeting."""
    marks = list(_CLAUSE_MARK.finditer(before))
    return before[: marks[-1].start()].strip(EDGE) if marks else ""


def rest(after: str) -> str:
    """The clauses behind the one with the fault, if they can stand as a sentence."""
    mark = _CLAUSE_MARK.search(after)
    words = after[mark.end() :].strip(EDGE) if mark else ""
    if conjunction := _CONJUNCTION.match(words):
        words = words[conjunction.end() :]
    return words if len(words.split()) >= MIN_REST_WORDS else ""


def is_clause(words: str) -> bool:
    """Whether words have a subject and a verb, so that “that” can stand before them."""
    first_word = words.partition(" ")[0].lower()
    return first_word in _SUBJECTS or (first_word in _ARTICLES and _VERBS.search(words) is not None)
