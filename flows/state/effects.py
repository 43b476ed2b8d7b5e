"""What must be done after a transition.

All effects are durable (they go through the outbox or the database) but `ShowDialog`, which answers the request that
caused the transition.
"""

from dataclasses import dataclass

from flows.state.entries import Entry
from flows.state.identity import Person
from flows.state.recovery import StepVisit
from flows.state.summaries import SummaryVersion
from flows.state.words import HintOutcome


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Show this person the recovery's card, or update it. The card is made from the state when it is sent."""

    recipient: Person


@dataclass(frozen=True, slots=True)
class PostSummaryToThread:
    """Post this summary to the account thread, as it reads now."""

    summary_version: SummaryVersion


@dataclass(frozen=True, slots=True)
class PostLineToThread:
    """Post one line to the account thread. `key` names its text (`line.…`), `args` are the text's arguments.

    It speaks in the words of a posted summary (`summary_version`, `summary_posted_at`), and is posted only if that one
    is in the thread. In the words of the internal one it is not posted where external users can read.
    """

    key: str
    summary_version: SummaryVersion
    summary_posted_at: float
    args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SendPrivateMessage:
    """Tell one person something. `key` names the text, `args` are the text's arguments.

    A nudge is a message that must be noticed: the platform notifies the person.
    """

    recipient: Person
    key: str
    args: tuple[tuple[str, str], ...] = ()
    is_nudge: bool = False


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Set or move a timer. `due_at`: epoch seconds."""

    timer_name: str
    due_at: float


@dataclass(frozen=True, slots=True)
class ClearTimer:
    """Clear a timer, if it is set."""

    timer_name: str


@dataclass(frozen=True, slots=True)
class SaveEntry:
    """Save an entry that was made or changed."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class DeleteEntry:
    """Delete an entry that was removed from the record."""

    entry_id: str


@dataclass(frozen=True, slots=True)
class SaveStepVisit:
    """Save the visit of a step that was left."""

    step_visit: StepVisit


@dataclass(frozen=True, slots=True)
class CountHint:
    """Count what became of a hint: for this person alone, and by rule without the person."""

    person: Person
    outcome: HintOutcome


@dataclass(frozen=True, slots=True)
class ShowDialog:
    """Open a form, or the panel behind "More", for this person now."""

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
    | CountHint
    | ShowDialog
)
