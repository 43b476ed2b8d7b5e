"""What came back from a form's inputs: the answers by input, and whether something was typed that was not sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from adapters.shared.form_input import FormInput
from adapters.shared.text_splitting import ELLIPSIS
from adapters.teams.cards.elements import MAX_REPEAT, UnknownCard
from flows.text import clean_text, is_blank

INPUT_ROLES = ("pick", "many", "who", "date", "time", "picked", "typed")
"""What stands in a part of an input. None: its text."""
CHOICE_ROLES = frozenset({"pick", "many", "who"})
_ID = re.compile(rf"in\.(?P<name>[^.~\s]{{1,80}})(?:\.(?P<role>{'|'.join(INPUT_ROLES)}))?~(?P<nth>\d{{1,9}})")
CHOICES_PREFIX = "picks:"
"""Begins what a form held that has nothing but picks."""
SubmittedData = Mapping[str, object]
InputParts = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class CardInputId:
    """An input's id: its name, which of its parts this is, and how often its form was shown in a row.

    `nth` is there because Teams may keep what was typed for as long as the id is the same.
    """

    name: str
    role: str
    repeat: int

    def __str__(self) -> str:
        return f"in.{self.name}{'.' if self.role else ''}{self.role}~{self.repeat}"


@dataclass(frozen=True, slots=True)
class SubmittedParts:
    """What was sent, part by part, to be put in again."""

    parts: InputParts


NO_ERRORS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class RejectedForm:
    """A form as somebody sent it, to be shown again: what was wrong, what they typed, and how often it was shown."""

    errors: Mapping[str, str] = field(default_factory=dict)
    data: SubmittedData | None = None
    repeat: int = 0

    @property
    def submitted_parts(self) -> SubmittedParts | None:
        """What stood in its inputs."""
        return read_parts(self.data) if self.data is not None else None


def read_answers(data: SubmittedData) -> FormInput:
    """What somebody filled in.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    given = FormInput()
    for name, parts in _parts(data).items():
        if "who" in parts:
            given.person_ids[name] = parts["who"]
        else:
            given.answers[name] = _answer(parts)
    return given


def read_parts(data: SubmittedData) -> SubmittedParts:
    """The same as it was sent.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    return SubmittedParts(_parts(data))


def has_unsent_note(data: SubmittedData) -> bool:
    """Whether a tap on the card brought a note that nobody sent: a text, a word or a time, other than it came up with.

    What was picked beside it does not count: picks come up answered. Where there is nothing but picks, they do.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    was = str(data.get("was", texts_digest({})))
    held = note_texts(data, picks=was.startswith(CHOICES_PREFIX))
    return any(not is_blank(text) for text in held.values()) and texts_digest(held) != was.removeprefix(CHOICES_PREFIX)


def note_texts(data: SubmittedData, *, picks: bool) -> dict[str, str]:
    """What counts as a note of what was sent, by input: texts, words and times; with `picks`, what was picked too.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    counted = {name: parts for name, parts in _parts(data).items() if picks or not CHOICE_ROLES.intersection(parts)}
    return {name: _answer_text(_answer(parts)) for name, parts in counted.items()}


def _answer_text(answer: str | tuple[str, ...]) -> str:
    return answer if isinstance(answer, str) else join_options(answer)


def texts_digest(texts: Mapping[str, str]) -> str:
    """A few letters that stand for these texts; those that are blank do not count."""
    told = sorted((name, clean_text(text)) for name, text in texts.items() if not is_blank(text))
    return sha256(repr(told).encode()).hexdigest()[:8]


def input_value(given: SubmittedParts | None, input_id: CardInputId, begun: str) -> str:
    """What an input held when it was sent, or what it began with."""
    return begun if given is None else given.parts.get(input_id.name, {}).get(input_id.role, "")


def escape_option(key: str) -> str:
    """An option's id without a comma, for commas stand between several."""
    return key.replace("%", "%25").replace(",", "%2C")


def join_options(keys: tuple[str, ...]) -> str:
    """Several options' ids as one value."""
    return ",".join(map(escape_option, keys))


def _unescape_option(key: str) -> str:
    return key.replace("%2C", ",").replace("%25", "%")


def _parts(data: SubmittedData) -> InputParts:
    """What each input holds, by name and role."""
    found: InputParts = {}
    for key, value in data.items():
        if not key.startswith("in."):
            continue
        read = _ID.fullmatch(key)
        if read is None or not isinstance(value, str | None) or int(read["nth"]) >= MAX_REPEAT:
            raise UnknownCard
        found.setdefault(read["name"], {})[read["role"] or ""] = value or ""
    return found


def _answer(parts: Mapping[str, str]) -> str | tuple[str, ...]:
    match parts:
        case {"many": many}:
            return tuple(_unescape_option(key) for key in many.split(",") if key)
        case {"pick": pick}:
            return pick
        case {"date": _} | {"time": _}:
            return _local_time(parts.get("date", "").strip(), parts.get("time", "").strip())
        case {"picked": _} | {"typed": _}:
            typed = parts.get("typed", "")
            return parts.get("picked", "") if is_blank(typed) else typed
        case _:
            return parts.get("", "")


def _local_time(date: str, time: str) -> str:
    """Local ISO to the minute. Half of it is no time: it is passed on as it is, to be told so instead of dropped."""
    if date and time:
        return f"{date}T{time[:5]}"
    return f"{date} {ELLIPSIS}" if date else f"{ELLIPSIS} {time}" if time else ""
