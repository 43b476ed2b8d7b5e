"""What is typed after `/trust-recover`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein

from flows import hours
from flows.limits import ACCOUNT

COMMAND = "/trust-recover"
MOST_TYPOS = 2
LEAST_LETTERS = 4
_FROM = re.compile(r"\d{1,2}([:.]\d\d)?\s*([ap]m)?\s*[-–]", re.IGNORECASE)
"""How working hours begin, though they may go wrong later: "9-25" is no client."""


class Word(StrEnum):
    """The words of the command."""

    START = "start"
    STATUS = "status"
    SUMMARY = "summary"
    HANDOVER = "handover"
    QUIET = "quiet"
    HOURS = "hours"
    STOP = "stop"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `rest` is the account to start with (`help`: perhaps); `flow` is named if it is not the default one.

    `nearest`: what `typed` may have been meant for.
    """

    word: Word
    rest: str = ""
    flow: str = ""
    nearest: str = ""
    typed: str = ""


def read(text: str, flows: tuple[str, ...], *, chat: bool = False) -> Command:
    """Read a command. A word that is nearly one of ours gets help; anything else is an account to start with.

    `flows`: the ids of the flows that can be started by name. `chat`: people also just talk here, so an account needs
    the word `start`; anything else gets help.
    """
    first, rest = _split(text)
    word = first.lower()
    if word == Word.START:
        return _start(rest, flows)
    if word in set(Word) and _goes_with(Word(word), rest):
        return Command(Word(word), rest)
    nearest = _nearest(word, flows) if not rest and word not in set(Word) else None
    if nearest:
        return Command(Word.HELP, nearest=nearest, typed=first)
    if chat and text.strip() and word not in flows:
        return Command(Word.HELP, rest=text.strip()[:ACCOUNT])
    return _start(text, flows)


def _goes_with(word: Word, rest: str) -> bool:
    """Whether a word can be followed by this: "stop" ends a talk, "Stop & Shop" is a client."""
    if word is Word.HANDOVER:
        return not rest or rest.startswith(("@", "<@"))
    if word is Word.QUIET:
        return rest.lower() in {"", "on", "off"}
    if word is Word.HOURS:
        return not rest or _FROM.match(rest) is not None or hours.read(rest) is not None
    return not rest


def _start(text: str, flows: tuple[str, ...]) -> Command:
    first, rest = _split(text)
    named = first.lower() in flows
    return Command(Word.START, rest if named else text.strip(), first.lower() if named else "")


def _split(text: str) -> tuple[str, str]:
    first, *rest = [*text.split(maxsplit=1), ""]
    return first, rest[0].strip() if rest else ""


def _nearest(word: str, flows: tuple[str, ...]) -> str | None:
    if len(word) < LEAST_LETTERS or word in flows:
        return None
    known = [*(w.value for w in Word), *flows]
    near = min(known, key=lambda candidate: DamerauLevenshtein.distance(word, candidate))
    return near if DamerauLevenshtein.distance(word, near) <= MOST_TYPOS else None
