"""What came back from a form's inputs: the answers by input, and whether something was typed that was not sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from adapters.given import Given
from adapters.pieces import ELLIPSIS
from adapters.teams.kit import NTH, UnreadableCard
from flows.typed import clean, is_blank

ROLES = ("pick", "many", "who", "date", "time", "picked", "typed")
"""What stands in a part of an input. None: its text."""
CHOSEN = frozenset({"pick", "many", "who"})
_ID = re.compile(rf"in\.(?P<name>[^.~\s]{{1,80}})(?:\.(?P<role>{'|'.join(ROLES)}))?~(?P<nth>\d{{1,9}})")
PICKS = "picks:"
"""Begins what a form held that has nothing but picks."""
Data = Mapping[str, object]
Parts = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class FieldId:
    """An input's id: its name, which of its parts this is, and how often its form was shown in a row.

    `nth` is there because Teams may keep what was typed for as long as the id is the same.
    """

    name: str
    role: str
    nth: int

    def __str__(self) -> str:
        return f"in.{self.name}{'.' if self.role else ''}{self.role}~{self.nth}"


@dataclass(frozen=True, slots=True)
class Held:
    """What was sent, part by part, to be put in again."""

    parts: Parts


NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as somebody sent it, to be shown again: what was wrong, what they typed, and how often it was shown."""

    faults: Mapping[str, str] = field(default_factory=dict)
    given: Data | None = None
    nth: int = 0

    @property
    def held(self) -> Held | None:
        """What stood in its inputs."""
        return held(self.given) if self.given is not None else None


def answers(data: Data) -> Given:
    """What somebody filled in.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    given = Given()
    for name, parts in _parts(data).items():
        if "who" in parts:
            given.people[name] = parts["who"]
        else:
            given.answers[name] = _answer(parts)
    return given


def held(data: Data) -> Held:
    """The same as it was sent.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    return Held(_parts(data))


def unsent(data: Data) -> bool:
    """Whether a tap on the card brought a note that nobody sent: a text, a word or a time, other than it came up with.

    What was picked beside it does not count: picks come up answered. Where there is nothing but picks, they do.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    was = str(data.get("was", was_of({})))
    held = noted(data, picks=was.startswith(PICKS))
    return any(not is_blank(text) for text in held.values()) and was_of(held) != was.removeprefix(PICKS)


def noted(data: Data, *, picks: bool) -> dict[str, str]:
    """What counts as a note of what was sent, by input: texts, words and times; with `picks`, what was picked too.

    Raises:
        UnreadableCard: an input that no form of ours has.

    """
    counted = {name: parts for name, parts in _parts(data).items() if picks or not CHOSEN.intersection(parts)}
    return {name: _as_text(_answer(parts)) for name, parts in counted.items()}


def _as_text(answer: str | tuple[str, ...]) -> str:
    return answer if isinstance(answer, str) else joined(answer)


def was_of(texts: Mapping[str, str]) -> str:
    """A few letters that stand for these texts; those that are blank do not count."""
    told = sorted((name, clean(text)) for name, text in texts.items() if not is_blank(text))
    return sha256(repr(told).encode()).hexdigest()[:8]


def kept_of(given: Held | None, at: FieldId, begun: str) -> str:
    """What an input held when it was sent, or what it began with."""
    return begun if given is None else given.parts.get(at.name, {}).get(at.role, "")


def packed(key: str) -> str:
    """An option's id without a comma, for commas stand between several."""
    return key.replace("%", "%25").replace(",", "%2C")


def joined(keys: tuple[str, ...]) -> str:
    """Several options' ids as one value."""
    return ",".join(map(packed, keys))


def _unpacked(key: str) -> str:
    return key.replace("%2C", ",").replace("%25", "%")


def _parts(data: Data) -> Parts:
    """What each input holds, by name and role."""
    found: Parts = {}
    for key, value in data.items():
        if not key.startswith("in."):
            continue
        read = _ID.fullmatch(key)
        if read is None or not isinstance(value, str | None) or int(read["nth"]) >= NTH:
            raise UnreadableCard
        found.setdefault(read["name"], {})[read["role"] or ""] = value or ""
    return found


def _answer(parts: Mapping[str, str]) -> str | tuple[str, ...]:
    match parts:
        case {"many": many}:
            return tuple(_unpacked(key) for key in many.split(",") if key)
        case {"pick": pick}:
            return pick
        case {"date": _} | {"time": _}:
            return _moment(parts.get("date", "").strip(), parts.get("time", "").strip())
        case {"picked": _} | {"typed": _}:
            typed = parts.get("typed", "")
            return parts.get("picked", "") if is_blank(typed) else typed
        case _:
            return parts.get("", "")


def _moment(date: str, time: str) -> str:
    """Local ISO to the minute. Half of it is no time: it is passed on as it is, to be told so instead of dropped."""
    if date and time:
        return f"{date}T{time[:5]}"
    return f"{date} {ELLIPSIS}" if date else f"{ELLIPSIS} {time}" if time else ""
