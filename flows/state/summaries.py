"""What is kept of the two summaries: the responder's own wording, and what was posted, word by word."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from flows.state.words import WordHint


class SummaryVersion(StrEnum):
    """Which of the two summaries: for the company, or for the client to read."""

    INTERNAL = "internal"
    CLIENT = "client"


class SummaryPart(NamedTuple):
    """A part of a summary that was made from the record. `key` says of what it tells, whatever its words are."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a summary as the responder edited it.

    `original_parts`: the summary that was made from the record when the responder edited it, so that what is new since
    then can be taken in. Drafts of earlier releases have none: they stay as they are. `hints`: the coach's, on a text
    that external users will read, without those that the responder put away.
    """

    summary_version: SummaryVersion
    text: str
    original_parts: tuple[SummaryPart, ...] = ()
    hints: tuple[WordHint, ...] = ()


class PostedPromise(NamedTuple):
    """A promise (an entry) that a posted text tells of, in the words that stand there."""

    entry_id: str
    words: str


@dataclass(frozen=True, slots=True)
class PostedSummary:
    """A summary that was posted to the account thread: its text, to the letter, and the promises in it.

    `was_not_delivered`: the platform did not take it, so nobody has read it.
    """

    summary_version: SummaryVersion
    text: str
    posted_at: float
    promises: tuple[PostedPromise, ...] = ()
    was_not_delivered: bool = False
