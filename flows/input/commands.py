"""What is typed after `/trust-recover`.

A word of ours is obeyed with what it can be followed by. What is not understood never becomes a client's name: it gets
help, which tells how to write it and how to begin with a client of that name.
"""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein

from flows.input.command_text import (
    BLANKS,
    after_command,
    clean_account,
    command_line,
    is_company_form,
    lines_after_command,
    shows_something,
    split_first_word,
    word_key,
)
from flows.limits import MAX_ACCOUNT_CHARACTERS
from flows.state.local_time import working_hours
from flows.text import fold_text

MAX_NAME_WORDS = 5
"""Words of a client's name that is taken for one behind a bare "start"."""
MAX_TYPOS = 2
MIN_TYPO_LETTERS = 4
MIN_LETTERS_FOR_TWO_TYPOS = 6
"""Letters of a word that is followed by others; in a shorter one, two typos make another word."""
PREPOSITIONS = frozenset({"for", "of", "with", "to", "the", "de", "del", "con", "para", "a"})
"""Words that can stand between a command and the client or the colleague."""


class CommandWord(StrEnum):
    """The words of the command."""

    START = "start"
    STATUS = "status"
    SUMMARY = "summary"
    HANDOVER = "handover"
    QUIET = "quiet"
    HOURS = "hours"
    CHECK = "check"
    STOP = "stop"
    HELP = "help"


SYNONYMS = {
    "begin": CommandWord.START,
    "empezar": CommandWord.START,
    "iniciar": CommandWord.START,
    "estado": CommandWord.STATUS,
    "resumen": CommandWord.SUMMARY,
    "pasar": CommandWord.HANDOVER,
    "mute": CommandWord.QUIET,
    "silencio": CommandWord.QUIET,
    "horario": CommandWord.HOURS,
    "horas": CommandWord.HOURS,
    "revisar": CommandWord.CHECK,
    "cancel": CommandWord.STOP,
    "close": CommandWord.STOP,
    "end": CommandWord.STOP,
    "finish": CommandWord.STOP,
    "terminar": CommandWord.STOP,
    "parar": CommandWord.STOP,
    "ayuda": CommandWord.HELP,
}
"""What people type alone for one of our words. They are asked whether they mean it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    `argument`: the client after `start`; hours; `on` or `off` after `quiet`; the mention after `handover`; the words
    after `check`.
    `account`: the client whose open recovery is meant, after a word that is about a recovery; unless there is one, the
    command was not understood.
    `flow_id`: the flow that was named; empty for the default one.
    `suggestion`: what may have been meant by `text`, which is all that was typed, unless it is certain what was meant.
    """

    word: CommandWord
    argument: str = ""
    account: str = ""
    flow_id: str = ""
    suggestion: str = ""
    text: str = ""

    @property
    def is_guess(self) -> bool:
        """Whether the suggestion is only the nearest word to another one that was typed."""
        return self.word is CommandWord.HELP and word_key(split_first_word(self.text)[0]) != self.suggestion

    @property
    def possible_accounts(self) -> tuple[str, ...]:
        """The client that may be meant, with the word before the name and without it: "summary for Acme"."""
        first, rest = split_first_word(self.account)
        return (self.account, clean_account(rest)) if rest and word_key(first) in PREPOSITIONS else (self.account,)


def thread_command(text: str) -> str | None:
    """What a message is as a command, in a thread where people also just talk; None if it is no command.

    A command begins with `/trust-recover`, with or without its slash, or is one of our words behind a slash, or is
    "start" and a name alone: "start Acme". What begins with a slash is never a message: it gets help.
    """
    rest = after_command(text)
    if rest is not None:
        return rest
    line = text.strip(BLANKS)
    first, name = split_first_word(line)
    if fold_text(line[:1]) == "/":
        command = line[1:].strip(BLANKS)
        word = word_key(split_first_word(command, set(CommandWord))[0])
        return command if word in {*CommandWord, *SYNONYMS} else CommandWord.HELP
    return line if first in {"start", "Start"} and _looks_like_name(name) else None


def _looks_like_name(text: str) -> bool:
    """Whether this is a name alone, as it is written: of few words, the first one with a capital or a digit."""
    name = clean_account(text)
    is_sentence = text.endswith(("?", "!", "…")) or "\n" in text or len(text.split()) > MAX_NAME_WORDS
    return (name[:1].isupper() or name[:1].isdigit()) and not is_sentence


def parse_command(text: str, flows: tuple[str, ...], *, chat: bool = False) -> Command:
    """Read a command. What is none of our words, nor nearly one, is an account to start with.

    `flows`: the ids of the flows that can be started by name. `chat`: people also just talk here, so an account needs
    the word `start`; anything else gets help.
    """
    line = command_line(text)
    words = {*CommandWord, *flows}
    first, rest = split_first_word(line, words)
    word = word_key(first)
    shown_text = line[:MAX_ACCOUNT_CHARACTERS]
    if word == CommandWord.START:
        return _start_command(rest, flows)
    if word == CommandWord.CHECK and not _is_certainly_client(rest):
        rest = f"{rest}\n{lines_after_command(text)}".strip(BLANKS)
    if word in set(CommandWord) and not _is_certainly_client(rest):
        return _word_command(CommandWord(word), rest, shown_text)
    suggestion = _suggestion(word, rest, line, flows)
    if suggestion:
        return Command(CommandWord.HELP, suggestion=suggestion, text=shown_text)
    if line and word not in flows and (chat or not shows_something(line)):
        return Command(CommandWord.HELP, text=shown_text)
    return _start_command(line, flows)


def _word_command(word: CommandWord, rest: str, text: str) -> Command:
    """One of our words, with what follows it."""
    while rest and word_key(split_first_word(rest)[0]) == word:  # typed twice
        rest = split_first_word(rest)[1]
    if not shows_something(rest):
        return Command(word)
    match word:
        case CommandWord.HOURS:
            is_valid = working_hours.parse_hours(rest) is not None
            return Command(word, rest) if is_valid else Command(word, rest, suggestion=word, text=text)
        case CommandWord.HELP:
            return Command(word, suggestion=word, text=text)
        case CommandWord.CHECK:
            return Command(word, rest)
        case CommandWord.QUIET:
            first, after = split_first_word(rest)
            is_switch = word_key(first) in {"on", "off"}
            switch, account = (word_key(first), after) if is_switch else ("", rest)
        case CommandWord.HANDOVER:
            account, switch = _split_mention(rest)
        case _:
            switch, account = "", rest
    if not shows_something(account):
        return Command(word, switch)
    return Command(word, switch, account=clean_account(account), suggestion=word, text=text)


def _split_mention(rest: str) -> tuple[str, str]:
    """What stands before the mention of a colleague, and the mention."""
    position = next((at for at, character in enumerate(rest) if character == "@" and rest[: at + 1][-2:-1] in " <"), -1)
    if position < 0:
        return rest, ""
    position -= rest[position - 1 : position] == "<"
    words = rest[:position].split()
    if words and word_key(words[-1]) in PREPOSITIONS:
        words.pop()
    return " ".join(words), rest[position:]


def _is_certainly_client(rest: str) -> bool:
    """Whether a word before this is the beginning of a client's name: "Stop & Shop", "Hours Ltd"."""
    return rest.startswith(("&", "+")) or is_company_form(rest)


def _start_command(text: str, flows: tuple[str, ...]) -> Command:
    first, rest = split_first_word(text, flows)
    flow_id = word_key(first) if word_key(first) in flows else ""
    account = clean_account(rest if flow_id else text)
    return Command(CommandWord.START, account if shows_something(account) else "", flow_id=flow_id)


def _suggestion(word: str, rest: str, line: str, flows: tuple[str, ...]) -> str:
    """What may have been meant by words that are none of ours; empty if they may well be a client's name."""
    if word in flows or word in set(CommandWord):
        return ""
    if not rest and word in SYNONYMS:
        return SYNONYMS[word]
    if working_hours.parse_hours(line) is not None:
        return CommandWord.HOURS
    return "" if len(word) < MIN_TYPO_LETTERS or is_company_form(rest) else _nearest_word(word, rest, flows)


def _nearest_word(word: str, rest: str, flows: tuple[str, ...]) -> str:
    max_typos = 1 if rest and len(word) < MIN_LETTERS_FOR_TWO_TYPOS else MAX_TYPOS
    distances = {
        candidate: DamerauLevenshtein.distance(word, candidate, score_cutoff=max_typos)
        for candidate in [*(w.value for w in CommandWord), *flows]
    }
    nearest = min(distances, key=lambda candidate: distances[candidate])
    return nearest if distances[nearest] <= max_typos else ""
