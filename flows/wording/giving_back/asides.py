"""Parts of a sentence that state no fact: mockery, cries, formulas, swear words, and the name of who is spoken to."""

import re

from flows.text import fold_text
from flows.wording.giving_back.aside_words import (
    CRIES,
    EXCLAMATIONS,
    FORMULAS,
    GREETINGS,
    IRONIC_LEADS,
    IRONIC_STARTS,
    MOCKERY,
    PRAISED_STARTS,
    QUESTION_TAGS,
    TITLES,
)
from flows.wording.giving_back.english.words import DAYS_AND_MONTHS, EVERY_WORD
from flows.wording.giving_back.predicates import has_verb
from flows.wording.giving_back.remarks import has_swearword
from flows.wording.giving_back.spanish.verbs import verb_forms
from flows.wording.giving_back.spanish.words import COMMON_WORDS
from flows.wording.giving_back.word_sets import word_set

_PART = re.compile(r", (?=(?:[^“”]*“[^“”]*”)*[^“”]*$)")
_EXCLAIMED = ("what a ", "what an ", "qué ", "menudo ", "menuda ", "vaya ", "how very ")
_MAX_EXCLAIMED_WORDS = 4
_MAX_CURSE_WORDS = 3
_SPOKEN_TO = word_set(
    "i you we i'm i've you've we've your my why what how who when is are do did me nos te le les no ya usted ustedes "
    "su sus mi mis tu por qué cómo nunca lo la los las os se eso esto es que han habéis this that it it's there's "
    "nobody they please"
)


def without_asides(text: str, language: str, *, is_question: bool) -> tuple[str, bool]:
    """The text without such parts, and whether what is left is a question. Empty if no fact is left."""
    if is_ironic(text):
        return "", False
    parts = _PART.split(text)
    parts_without_cries = [part for index, part in enumerate(parts) if not _is_aside(parts, index)]
    kept_parts = [
        part
        for index, part in enumerate(parts_without_cries)
        if not _is_name_of_listener(parts_without_cries, index, language)
    ]
    is_mocking_condition = parts[0].casefold().startswith(("if ", "si ")) and any(map(_is_exclamation, parts[:2]))
    if not kept_parts or is_mocking_condition or is_ironic(", ".join(kept_parts)):
        return "", False
    has_lost_end = kept_parts[-1] is not parts[-1]
    if _is_exclamation(parts[0]) and not has_verb(", ".join(kept_parts), language):
        return "", False
    line = _without_ironic_lead(", ".join(kept_parts))
    line = line.removeprefix("que ") if language == "es" and kept_parts[0] is not parts[0] else line
    was_exclaimed = line != ", ".join(kept_parts) and not line.startswith("que ")
    return line, is_question and not has_lost_end and not was_exclaimed


def is_cry(text: str) -> bool:
    """Whether a sentence is an outcry: said back only if there is nothing else."""
    return _key(text) in CRIES


def is_ironic(text: str) -> bool:
    """Whether the whole sentence means the contrary of what it says."""
    return f"{_key(text)} ".startswith(tuple(f"{start} " for start in IRONIC_STARTS))


def _is_aside(parts: list[str], index: int) -> bool:
    part, key = parts[index], _key(parts[index])
    if _is_exclamation(part) or key in FORMULAS or key in TITLES or _is_greeting(part, parts):
        return True
    is_tag = key in QUESTION_TAGS and index == len(parts) - 1 and len(parts) > 1
    is_curse = len(parts) > 1 and len(key.split()) <= _MAX_CURSE_WORDS and has_swearword(part)
    return is_tag or is_curse


def _is_exclamation(part: str) -> bool:
    key = _key(part)
    is_short = len(key.split()) <= _MAX_EXCLAIMED_WORDS
    is_exclaimed = is_short and f"{part.casefold()} ".startswith(_EXCLAIMED) and not has_verb(part, "")
    is_praise = f"{key} ".startswith(tuple(f"{start} " for start in PRAISED_STARTS)) and not has_verb(part, "")
    return key in EXCLAMATIONS or is_exclaimed or is_praise or any(f" {phrase} " in f" {key} " for phrase in MOCKERY)


def _is_greeting(part: str, parts: list[str]) -> bool:
    """Whether it is "hi Anna" before what is said."""
    greeting, _space, name = part.rpartition(" ")
    return (
        len(parts) > 1
        and part is parts[0]
        and _key(greeting) in GREETINGS
        and (name[:1].isupper() or _key(name) in TITLES)
    )


def _is_name_of_listener(parts: list[str], index: int, language: str) -> bool:
    """Whether the part is a name only, and stands where somebody is called by it."""
    part = parts[index]
    words = part.split()
    common_words = COMMON_WORDS if language == "es" else EVERY_WORD | DAYS_AND_MONTHS
    if len(parts) < 2 or not 0 < len(words) <= 2:  # noqa: PLR2004 - a name, or a title with a name
        return False
    is_name = all(word[:1].isupper() and word[1:].islower() and word.casefold() not in common_words for word in words)
    if not is_name:
        return False
    if index == 0:
        return parts[1].split()[:1] != [] and parts[1].split()[0].casefold() in _SPOKEN_TO | _first_verbs(parts[1])
    is_in_list = parts[index - 1].split()[-1][:1].isupper() if parts[index - 1].split() else True
    return not is_in_list and (index == len(parts) - 1 or parts[index + 1][:1].islower())


def _first_verbs(part: str) -> set[str]:
    first = part.split(maxsplit=1)[0]
    return {first.casefold()} if has_verb(first, "es") and first.islower() else set()


def _without_ironic_lead(line: str) -> str:
    """The line without "what a coincidence that"."""
    key = fold_text(line)
    for lead in IRONIC_LEADS:
        if key.startswith(f"{lead} "):
            rest = line[len(lead) + 1 :]
            return "" if _depends(rest) else rest
    return line


def _depends(clause: str) -> bool:
    """Whether a Spanish clause cannot stand alone: its verb is a subjunctive."""
    forms = [verb_forms(word.casefold()) for word in clause.split()]
    return any(word_forms and all("subjunctive" in form.tense for form in word_forms) for word_forms in forms)


def _key(part: str) -> str:
    return " ".join(fold_text(part).replace(",", " ").strip(" .;:!?“”").split())
