"""Which promises a posted text tells of, in the words that stand there."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from flows.state.entries import Commitment, CommitmentState, Entry, Fact, Text
from flows.state.summaries import PostedPromise
from flows.wording.promises import without_lead

TAKEN = "\x00"
"""Stands where the words of an entry were found, so that no other entry finds its words there. No text has it."""
BETWEEN_WORDS = rf"[^\w{TAKEN}()\[\]{{}}“”«»\"]{{1,8}}"
"""Blanks and marks do not count, because people edit them; but words in brackets or in quotation marks are others."""
BLANK, BLANKS = r"\s{1,8}", r"\s{0,8}"
_WORD = re.compile(r"\w+")


class _Saying(NamedTuple):
    """A text of an entry, and its words to compare with."""

    entry_id: str
    text: str
    words: tuple[str, ...]


def posted_promises(text: str, entries: Iterable[Entry], language: str) -> tuple[PostedPromise, ...]:
    """The promises among these entries whose words stand in the text: whole words, in any case, with any blanks.

    Words that stand there only as a part of what another entry says do not count: "send the report" is not told by
    "I will send the report to the board", if that is another promise. So the longest are looked for first.
    """
    entries = tuple(entries)
    promises = {one.id: one.value.what for one in entries if _is_promise(one) and isinstance(one.value, Commitment)}
    sayings = [_Saying(one.id, said, _words(said, language)) for one in entries for said in _texts(one)]
    text_words = _join_words(_WORD.findall(text.casefold()))
    sayings = [saying for saying in sayings if saying.words and _join_words(saying.words) in text_words]
    words_by_entry: dict[str, str] = {}
    for _, group in groupby(sorted(sayings, key=_length, reverse=True), _length):
        same_length = tuple(group)
        for saying in same_length:
            if saying.entry_id in promises:
                text, words_by_entry[saying.entry_id] = _take(saying.text, text, language)
        for saying in same_length:
            pattern = _pattern(without_lead(saying.text, language))
            text = pattern.sub(TAKEN, text) if pattern else text
    return tuple(PostedPromise(entry_id, words) for entry_id in promises if (words := words_by_entry.get(entry_id)))


def words_in_text(what: str, text: str, language: str) -> str:
    """What was promised, as it stands in the text; empty if it does not."""
    return _take(what, text, language)[1]


def _take(what: str, text: str, language: str) -> tuple[str, str]:
    """The text without the first place where these words stand, and the words as they stand there (or empty)."""
    pattern = _pattern(without_lead(what, language))
    match = pattern.search(text) if pattern else None
    if match is None:
        return text, ""
    return text[: match.start()] + TAKEN + text[match.end() :], " ".join(match.group().split())


def _pattern(what: str) -> re.Pattern[str] | None:
    """Finds these words in a text, with the marks that stand before and behind them. None for no words."""
    words = list(_WORD.finditer(what))
    if not words:
        return None
    inner = re.escape(words[0].group())
    for word, next_word in pairwise(words):
        marks = _marks(what[word.end() : next_word.start()])
        inner += f"(?:{BETWEEN_WORDS}|{marks}){re.escape(next_word.group())}"
    before, after = _marks(what[: words[0].start()]), _marks(what[words[-1].end() :].rstrip(" .;,!"))
    return re.compile(rf"(?:{before})?(?<!\w){inner}(?!\w)(?:{after})?", re.IGNORECASE)


def _marks(marks: str) -> str:
    """Finds these marks, whatever blanks are between them. Their number is limited, so that no text takes long."""
    return BLANKS + BLANKS.join(map(re.escape, marks.split())) + BLANKS if marks.strip() else BLANK


def _texts(entry: Entry) -> Iterator[str]:
    """What an entry says in words of its own."""
    match entry.value:
        case Commitment(what=what):
            yield what
        case Text(text=text):
            yield text
        case Fact(text=text, our_view=our_view, evidence=evidence):
            yield from filter(None, (text, our_view, evidence))
        case _:
            pass


def _words(text: str, language: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(without_lead(text, language).casefold()))


def _join_words(words: Iterable[str]) -> str:
    """These words as a text in which whole words can be looked for."""
    return f" {' '.join(words)} "


def _length(saying: _Saying) -> int:
    return len(saying.words)


def _is_promise(entry: Entry) -> bool:
    return isinstance(entry.value, Commitment) and entry.value.state is not CommitmentState.DROPPED
