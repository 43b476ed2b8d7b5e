"""What a transition asks for. All are durable but `ShowForm`, which answers the very request that came in."""

from dataclasses import dataclass

from flows.state.entries import Entry
from flows.state.identity import Person
from flows.state.recovery import StepVisit, SummaryVersion


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Show this person the recovery's card, or update it. What it says is drawn from the state when it is sent."""

    recipient: Person


@dataclass(frozen=True, slots=True)
class PostSummaryToThread:
    """Post this summary to the account thread, as it reads now."""

    summary_version: SummaryVersion


@dataclass(frozen=True, slots=True)
class PostLineToThread:
    """Post one line to the account thread, by the key of its words. `inside`: not where outsiders read."""

    key: str
    args: tuple[tuple[str, str], ...] = ()
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class SendPrivateMessage:
    """Tell one person something, by the key of its words. A nudge is a whisper that must be noticed."""

    recipient: Person
    key: str
    args: tuple[tuple[str, str], ...] = ()
    is_nudge: bool = False


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Set or move a timer. `due`: epoch seconds."""

    timer_name: str
    due_at: float


@dataclass(frozen=True, slots=True)
class ClearTimer:
    """Clear a timer, if it is set."""

    timer_name: str


@dataclass(frozen=True, slots=True)
class SaveEntry:
    """An entry was made or changed."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class DeleteEntry:
    """An entry was taken off the record."""

    entry_id: str


@dataclass(frozen=True, slots=True)
class SaveStepVisit:
    """A step was left."""

    step_visit: StepVisit


@dataclass(frozen=True, slots=True)
class ShowDialog:
    """Open a form for this person now."""

    recipient: Person
    dialog_id: str


Effect = (
    ShowCard
    | PostSummaryToThread
    | PostLineToThread
    | SendPrivateMessage
    | SetTimer
    | ClearTimer
    | SaveEntry
    | DeleteEntry
    | SaveStepVisit
    | ShowDialog
)
