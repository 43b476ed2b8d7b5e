"""A draft as sentences, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flows.coach.patterns import WORD, fold
from flows.wording.giving_back.cleaning import ABBREVIATIONS

MAX_SENTENCE_CHARACTERS = 600
"""What is longer is looked at in pieces, so that the time grows with the length and not faster."""
_CHARACTER = re.compile(r"\w")
_END = re.compile(r"[.!?…]{1,8}[\"”’')]{0,2}(?=\s|$)|\n")


@dataclass(frozen=True)
class Sentence:
    """A sentence, folded; each character stands where it stands in the draft, from `start` on."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where the sentence ends in the draft."""
        return self.start + len(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words."""
        return frozenset(WORD.findall(self.text))


def split_sentences(draft: str) -> Iterator[Sentence]:
    """The sentences of a draft with their end marks and without the space around them."""
    text = fold(draft)
    start = 0
    for end_mark in _END.finditer(text):
        last_word = text[max(start, end_mark.start() - 12) : end_mark.end()].rpartition(" ")[2].lower()
        if last_word in ABBREVIATIONS:
            continue
        yield from _pieces(text, start, end_mark.end())
        start = end_mark.end()
    yield from _pieces(text, start, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[Sentence]:
    while end - start > MAX_SENTENCE_CHARACTERS:
        cut = text.rfind(" ", start + 1, start + MAX_SENTENCE_CHARACTERS)
        cut = cut if cut > start else start + MAX_SENTENCE_CHARACTERS
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    line = text[start:end]
    stripped_line = line.strip()
    if _CHARACTER.search(stripped_line):
        yield Sentence(start + len(line) - len(line.lstrip()), stripped_line)
