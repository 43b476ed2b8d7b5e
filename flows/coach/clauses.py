"""The clauses around a fault, and whether words can stand as a clause."""

import re

from flows.wording.giving_back.word_sets import word_set

EDGE = " \t\n,;:–—-"
"""What can stand between clauses."""
MIN_REST_WORDS = 5
"""So many words behind the clause with the fault can stand as a sentence; fewer are a name, or a question tag."""
MIN_LEAD_WORDS = 4
"""So many words before it can stand as a sentence, if they are no greeting; fewer are a sigh."""
_GREETINGS = word_set("dear hi hello hey good hola buenos buenas estimado estimada estimados estimadas querido querida")
_SUBORDINATORS = word_set("as having when while if because since although como cuando si porque aunque siendo")
_POINTERS = word_set("it it's its they they're he she which who this that those these ello eso esto esta este")
_CLAUSE_MARK = re.compile(r"[,;:](?=\s|$)|\s[–—-](?=\s)")
_CONJUNCTION = re.compile(r"(?:and|but|so|y|pero|así que|que|pues)\s+", re.IGNORECASE)
_SUBJECTS = word_set(
    "we you i nobody none they it there we'll i'll you'll we've i've all both nosotros usted ustedes nadie no le les se"
)
_NEEDING_A_VERB = word_set("no le les se all both")
"""Words that begin a clause only if a verb follows: “no answer for a month” is none."""
_ARTICLES = word_set("your our my the nuestro nuestra su sus el la los las")
_VERBS = re.compile(
    r"\b(?:was|were|is|are|had|has|have|did|got|never|could|would|\w+n't|\w{3,}ed|lost|sent|broke|fell|stood|came|went"
    r"|fue|fueron|era|eran|estaba|estuvo|ha|han|tuvo|\w+[óé]|\w+aron|\w+ieron|\w+amos|\w+imos)\b"
)


def lead(before: str) -> str:
    """The clauses before the one with the fault, as a sentence, or the greeting with its comma."""
    marks = list(_CLAUSE_MARK.finditer(before))
    words = before[: marks[-1].start()].strip(EDGE) if marks else ""
    if words and is_greeting(words):
        return f"{words},"
    greeting, _comma, lead_words = words.partition(",")
    if words and is_greeting(greeting) and len(lead_words.split()) < MIN_LEAD_WORDS:
        return f"{greeting},"
    word_list = words.split()
    return f"{words}." if len(word_list) >= MIN_LEAD_WORDS and word_list[0].lower() not in _SUBORDINATORS else ""


def is_greeting(words: str) -> bool:
    """Whether words greet somebody."""
    return words.split(maxsplit=1)[0].lower() in _GREETINGS and "," not in words


def rest(after: str) -> str:
    """The clauses behind the one with the fault, if they can stand as a sentence."""
    mark = _CLAUSE_MARK.search(after)
    words = after[mark.end() :].strip(EDGE) if mark else ""
    if conjunction := _CONJUNCTION.match(words):
        words = words[conjunction.end() :]
    word_list = words.split()
    return words if len(word_list) >= MIN_REST_WORDS and word_list[0].lower() not in _POINTERS else ""


def is_clause(words: str) -> bool:
    """Whether words have a subject and a verb, so that “that” can stand before them."""
    first_word = words.partition(" ")[0].lower()
    if first_word in _SUBJECTS - _NEEDING_A_VERB:
        return True
    return first_word in _ARTICLES | _NEEDING_A_VERB and _VERBS.search(words) is not None
