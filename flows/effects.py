"""What a transition asks for. All are durable but `ShowForm`, which answers the very request that came in."""

from dataclasses import dataclass

from flows.people import Person
from flows.recovery import Passage, Version
from flows.values import Entry


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Show this person the recovery's card, or update it. What it says is drawn from the state when it is sent."""

    to: Person


@dataclass(frozen=True, slots=True)
class PostSummaryToThread:
    """Post this summary to the account thread, as it reads now."""

    version: Version


@dataclass(frozen=True, slots=True)
class PostLineToThread:
    """Post one line to the account thread, by the key of its words. `inside`: not where outsiders read."""

    key: str
    args: tuple[tuple[str, str], ...] = ()
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Whisper:
    """Tell one person something, by the key of its words. A nudge is a whisper that must be noticed."""

    to: Person
    key: str
    args: tuple[tuple[str, str], ...] = ()
    nudge: bool = False


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Set or move a timer. `due`: epoch seconds."""

    name: str
    due: float


@dataclass(frozen=True, slots=True)
class ClearTimer:
    """Clear a timer, if it is set."""

    name: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry was made or changed."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """An entry was taken off the record."""

    entry: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A step was left."""

    passage: Passage


@dataclass(frozen=True, slots=True)
class ShowForm:
    """Open a form for this person now."""

    to: Person
    form: str


Effect = (
    ShowCard
    | PostSummaryToThread
    | PostLineToThread
    | Whisper
    | SetTimer
    | ClearTimer
    | Recorded
    | Unrecorded
    | Passed
    | ShowForm
)
