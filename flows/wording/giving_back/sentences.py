"""Typed text as a clean part of a spoken sentence."""

import re

from flows.wording.giving_back.capitals import with_small_first_letter, without_shouting, without_title_case
from flows.wording.giving_back.cleaning import (
    clean_sentences,
    spoken_count,
    without_addresses,
    without_pictures,
)

MAX_SPOKEN_CHARACTERS = 120
"""Characters of one entry in a phrase. A longer one is too much to say in one go."""
MIN_CUT_CHARACTERS = 40
"""Characters that are left at least, where a long sentence is cut."""
_DOUBLED_MARK = re.compile(r"([.!?,;:…])\1+")
_NEXT_SENTENCE = re.compile(r"(?<=[.!?…] )[^\W\d_]")
_LINKS = ("; ", ", ", " because ", " although ", " but ", " and ", " porque ", " aunque ", " pero ", " y ")
_LEADING_WORDS = {"en": ("that ",), "es": ("que ",)}


def inner_sentence(text: str, language: str, *, allows_questions: bool = False) -> str:
    """A responder's own words as they can stand within a sentence; empty if they cannot, as a question.

    It has no mark at its end, no capital at its beginning but that of a name, and is short enough to be said.
    """
    sentences = clean_sentences(without_addresses(text))
    is_question = any(sentence.is_question and " " in sentence.text for sentence in sentences)
    if not sentences or (is_question and not allows_questions):
        return ""
    parts = [plain_sentence(sentence.text, language) for sentence in sentences]
    if sentences[0].is_list_item:
        return fit(", ".join(parts))
    line = parts[0]
    for lead in _LEADING_WORDS["es" if language == "es" else "en"]:
        line = line.removeprefix(lead)
    link = ", y " if language == "es" else ", and "
    for part in parts[1:]:
        if len(line) + len(link) + len(part) > MAX_SPOKEN_CHARACTERS:
            break
        line += link + _without_link(part, language)
    return fit(line)


def written_words(text: str, language: str) -> str:
    """A responder's own words as they can stand within a written sentence: on one line, with no word left out.

    There is no mark at their end, no doubled mark, no shouting, no emoji, and no capital at their beginning but that
    of a name. Sentences after the first begin as they were typed.
    """
    words = " ".join(without_pictures(text).split()).replace("...", "…")
    line = _DOUBLED_MARK.sub(r"\1", words).rstrip(" .;,!…")
    quiet_line = without_shouting(line, language)
    if len(quiet_line) == len(line):
        quiet_line = _NEXT_SENTENCE.sub(lambda match: line[match.start()], quiet_line)
    return with_small_first_letter(quiet_line, language)


def plain_sentence(text: str, language: str) -> str:
    """A sentence without shouting and without a capital at its beginning."""
    return spoken_count(without_title_case(without_shouting(text, language), language), language)


def fit(line: str, max_characters: int = MAX_SPOKEN_CHARACTERS) -> str:
    """The line, cut before a part of it or at least between words if it is too long to be said in one go."""
    if len(line) <= max_characters:
        return line
    ends = [line.rfind(link, MIN_CUT_CHARACTERS, max_characters) for link in _LINKS]
    end = max(ends)
    if end > 0:
        return _closed(line[:end].rstrip(" ,;"))
    cut = line[: max_characters - 1].rpartition(" ")[0] or line[: max_characters - 1]
    return _closed(cut.rstrip(" ,;.:-")) + "…"


def _closed(line: str) -> str:
    """The line with its last quotation closed."""
    return line + "”" if line.count("“") > line.count("”") else line


def _without_link(part: str, language: str) -> str:
    first, _space, rest = part.partition(" ")
    return rest if rest and first.strip(",") in ({"y", "e"} if language == "es" else {"and"}) else part
