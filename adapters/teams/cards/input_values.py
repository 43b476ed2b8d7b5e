"""Reads what a form's inputs sent: the answers by input, and whether something was typed but not sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from adapters.shared.form_input import FormInput
from adapters.shared.text_splitting import ELLIPSIS
from adapters.teams.cards.elements import MAX_REPEAT, UnknownCard
from flows.text import clean_text, is_blank

INPUT_ROLES = ("pick", "many", "who", "date", "time", "chosen", "picked", "typed")
"""The parts of which an input can consist. An input of one text has no role."""
CHOICE_ROLES = frozenset({"pick", "many", "who"})
_ID = re.compile(rf"in\.(?P<name>[^.~\s]{{1,80}})(?:\.(?P<role>{'|'.join(INPUT_ROLES)}))?~(?P<nth>\d{{1,9}})")
CHOICES_PREFIX = "picks:"
"""Begins the digest of a form that has nothing but choices."""
SubmittedData = Mapping[str, object]
InputParts = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class CardInputId:
    """The id of an input: its name, which part of it this is, and a number.

    The number is there because Teams keeps what was typed for as long as the id is the same: another number empties it.
    """

    name: str
    role: str
    repeat: int

    def __str__(self) -> str:
        return f"in.{self.name}{'.' if self.role else ''}{self.role}~{self.repeat}"


@dataclass(frozen=True, slots=True)
class SubmittedParts:
    """What was sent, part by part, to be shown again."""

    parts: InputParts


NO_ERRORS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class RejectedForm:
    """A form to be shown again: what was wrong, what was typed, and its inputs' number.

    `is_draft`: it was not sent, so that what is typed in it still waits to be noted.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    data: SubmittedData | None = None
    repeat: int = 0
    is_draft: bool = False

    @property
    def submitted_parts(self) -> SubmittedParts | None:
        """What its inputs held."""
        return read_parts(self.data) if self.data is not None else None


def read_answers(data: SubmittedData) -> FormInput:
    """The answers that somebody filled in.

    Raises:
        UnknownCard: an input that no form of ours has.

    """
    form_input = FormInput()
    for name, parts in _parts(data).items():
        if "who" in parts:
            form_input.person_ids[name] = parts["who"]
        else:
            form_input.answers[name] = _answer(parts)
    return form_input


def read_parts(data: SubmittedData) -> SubmittedParts:
    """The parts of all inputs, as they were sent.

    Raises:
        UnknownCard: an input that no form of ours has.

    """
    return SubmittedParts(_parts(data))


def has_unsent_note(data: SubmittedData) -> bool:
    """Whether a tap on the card came with a note that was not sent: texts, words or times other than the card showed.

    Choices beside them do not count, for they are shown with an answer. In a form of choices only, they count.

    Raises:
        UnknownCard: an input that no form of ours has.

    """
    initial_digest = str(data.get("was", texts_digest({})))
    texts = note_texts(data, with_choices=initial_digest.startswith(CHOICES_PREFIX))
    return any(not is_blank(text) for text in texts.values()) and texts_digest(texts) != initial_digest.removeprefix(
        CHOICES_PREFIX
    )


def note_texts(data: SubmittedData, *, with_choices: bool) -> dict[str, str]:
    """What counts as a note, by input: texts, words and times; `with_choices`, choices too.

    Raises:
        UnknownCard: an input that no form of ours has.

    """
    counting_parts = {
        name: parts for name, parts in _parts(data).items() if with_choices or not CHOICE_ROLES.intersection(parts)
    }
    return {name: _answer_text(_answer(parts)) for name, parts in counting_parts.items()}


def _answer_text(answer: str | tuple[str, ...]) -> str:
    return answer if isinstance(answer, str) else join_options(answer)


def texts_digest(texts: Mapping[str, str]) -> str:
    """A short digest of these texts. Blank ones do not count."""
    non_blank_texts = sorted((name, clean_text(text)) for name, text in texts.items() if not is_blank(text))
    return sha256(repr(non_blank_texts).encode()).hexdigest()[:8]


def input_value(submitted_parts: SubmittedParts | None, input_id: CardInputId, initial: str) -> str:
    """What an input held when it was sent; its initial value if it was not."""
    return initial if submitted_parts is None else submitted_parts.parts.get(input_id.name, {}).get(input_id.role, "")


def escape_option(key: str) -> str:
    """An option's id without a comma, for several ids are separated by commas."""
    return key.replace("%", "%25").replace(",", "%2C")


def join_options(keys: tuple[str, ...]) -> str:
    """Several options' ids as one value."""
    return ",".join(map(escape_option, keys))


def _unescape_option(key: str) -> str:
    return key.replace("%2C", ",").replace("%25", "%")


def _parts(data: SubmittedData) -> InputParts:
    """What each input holds, by name and role."""
    parts: InputParts = {}
    for key, value in data.items():
        if not key.startswith("in."):
            continue
        match = _ID.fullmatch(key)
        if match is None or not isinstance(value, str | None) or int(match["nth"]) >= MAX_REPEAT:
            raise UnknownCard
        parts.setdefault(match["name"], {})[match["role"] or ""] = value or ""
    return parts


def _answer(parts: Mapping[str, str]) -> str | tuple[str, ...]:
    """What is typed counts before what is picked in a calendar, and that before what is chosen from a list."""
    match parts:
        case {"many": many}:
            return tuple(_unescape_option(key) for key in many.split(",") if key)
        case {"pick": pick}:
            return pick
        case _:
            local_time = _local_time(parts.get("date", "").strip(), parts.get("time", "").strip())
            answers = (parts.get("typed", ""), local_time, parts.get("chosen", ""), parts.get("picked", ""))
            return next((answer for answer in answers if not is_blank(answer)), parts.get("", ""))


def _local_time(date: str, time: str) -> str:
    """A local time in ISO format to the minute, or a day alone. A time without a day is passed on to be asked about."""
    if date and time:
        return f"{date}T{time[:5]}"
    return f"{ELLIPSIS} {time}" if time else date
