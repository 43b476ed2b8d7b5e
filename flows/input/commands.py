"""What is typed after `/trust-recover`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein

from flows.limits import MAX_ACCOUNT_CHARACTERS
from flows.state import working_hours

COMMAND = "/trust-recover"
MAX_TYPOS = 2
MIN_TYPO_LETTERS = 4
_HOURS_START = re.compile(r"\d{1,2}([:.]\d\d)?\s*([ap]m)?\s*[-–]", re.IGNORECASE)
"""How working hours begin, though they may go wrong later: "9-25" is no client."""


class CommandWord(StrEnum):
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
    """One command. `argument`: what follows the word; the account after `start`, and perhaps after `help`.

    `flow_id`: the flow that was named; empty for the default one. `suggestion`: the word that `first_word`, as it was
    typed, may have been meant for.
    """

    word: CommandWord
    argument: str = ""
    flow_id: str = ""
    suggestion: str = ""
    first_word: str = ""


def parse_command(text: str, flows: tuple[str, ...], *, chat: bool = False) -> Command:
    """Read a command. A word that is nearly one of ours gets help; anything else is an account to start with.

    `flows`: the ids of the flows that can be started by name. `chat`: people also just talk here, so an account needs
    the word `start`; anything else gets help.
    """
    first, rest = _split_first_word(text)
    word = first.lower()
    if word == CommandWord.START:
        return _start_command(rest, flows)
    if word in set(CommandWord) and _accepts_argument(CommandWord(word), rest):
        return Command(CommandWord(word), rest)
    nearest = _nearest_word(word, flows) if not rest and word not in set(CommandWord) else None
    if nearest:
        return Command(CommandWord.HELP, suggestion=nearest, first_word=first)
    if chat and text.strip() and word not in flows:
        return Command(CommandWord.HELP, argument=text.strip()[:MAX_ACCOUNT_CHARACTERS])
    return _start_command(text, flows)


def _accepts_argument(word: CommandWord, rest: str) -> bool:
    """Whether a word can be followed by this: "stop" ends a recovery, "Stop & Shop" is a client."""
    if word is CommandWord.HANDOVER:
        return not rest or rest.startswith(("@", "<@"))
    if word is CommandWord.QUIET:
        return rest.lower() in {"", "on", "off"}
    if word is CommandWord.HOURS:
        return not rest or _HOURS_START.match(rest) is not None or working_hours.parse_hours(rest) is not None
    return not rest


def _start_command(text: str, flows: tuple[str, ...]) -> Command:
    first, rest = _split_first_word(text)
    names_flow = first.lower() in flows
    return Command(CommandWord.START, rest if names_flow else text.strip(), first.lower() if names_flow else "")


def _split_first_word(text: str) -> tuple[str, str]:
    first, *rest = [*text.split(maxsplit=1), ""]
    return first, rest[0].strip() if rest else ""


def _nearest_word(word: str, flows: tuple[str, ...]) -> str | None:
    if len(word) < MIN_TYPO_LETTERS or word in flows:
        return None
    all_words = [*(w.value for w in CommandWord), *flows]
    near = min(all_words, key=lambda candidate: DamerauLevenshtein.distance(word, candidate))
    return near if DamerauLevenshtein.distance(word, near) <= MAX_TYPOS else None
