"""What happens to a recovery. `by` is who did it; `visit` the card that a tapped button belonged to."""

from dataclasses import dataclass

from flows.state.delivery_failure import DeliveryFailure, MessageKind
from flows.state.entries import Value
from flows.state.identity import Person, Place
from flows.state.recovery import SummaryVersion
from flows.state.working_hours import DEFAULT_HOURS, WorkingHours


@dataclass(frozen=True, slots=True)
class StartRecovery:
    """A responder begins. `recovery` is the new id; `timezone` (an IANA name) and `hours` are the responder's."""

    recovery_id: str
    actor: Person
    account: str
    place: Place
    language: str
    timezone: str = "UTC"
    has_external_users: bool = False
    working_hours: WorkingHours = DEFAULT_HOURS


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """Keep a new entry."""

    actor: Person
    field_id: str
    value: Value


@dataclass(frozen=True, slots=True)
class EditEntry:
    """Put another value in place of an entry's."""

    actor: Person
    entry_id: str
    value: Value


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Take an entry off the record."""

    actor: Person
    entry_id: str


@dataclass(frozen=True, slots=True)
class ChooseGate:
    """Choose a gate of the current step."""

    actor: Person
    gate_id: str
    card_revision: int


@dataclass(frozen=True, slots=True)
class GoBack:
    """Return to the step before this one."""

    actor: Person
    card_revision: int


@dataclass(frozen=True, slots=True)
class SkipStep:
    """Go to the next step in the flow's order."""

    actor: Person
    card_revision: int


@dataclass(frozen=True, slots=True)
class JumpToStep:
    """Go to any step."""

    actor: Person
    step_id: str
    card_revision: int


@dataclass(frozen=True, slots=True)
class SnoozeNudge:
    """Silence now, one reminder after so many minutes."""

    actor: Person
    minutes: int


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Silence all nudges of this recovery, or let them come again."""

    actor: Person
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class SetWorkingHours:
    """The responder's working hours are these from now on. An empty `timezone` (an IANA name) keeps the one before."""

    actor: Person
    working_hours: WorkingHours
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Somebody else takes the talk; who had it goes on as an observer.

    `timezone` (an IANA name) and `hours` are the new responder's; empty and None keep the ones before.
    """

    actor: Person
    new_responder: Person
    timezone: str = ""
    working_hours: WorkingHours | None = None


@dataclass(frozen=True, slots=True)
class AddObserver:
    """The responder lets somebody watch."""

    actor: Person
    observer: Person


@dataclass(frozen=True, slots=True)
class RemoveObserver:
    """An observer goes, or is sent."""

    actor: Person
    observer: Person


@dataclass(frozen=True, slots=True)
class SendTip:
    """An observer's private word to the responder."""

    actor: Person
    text: str


@dataclass(frozen=True, slots=True)
class ClientWrote:
    """The client wrote in the account thread."""

    text: str


@dataclass(frozen=True, slots=True)
class ResponderWrote:
    """The responder wrote in the account thread."""

    actor: Person


@dataclass(frozen=True, slots=True)
class ThreadReadersChange:
    """People outside the company can read the account thread from now on, or no longer."""

    has_external_users: bool


@dataclass(frozen=True, slots=True)
class BindThread:
    """The responder names another account thread. `shared`: people outside the company can read it."""

    actor: Person
    place: Place
    has_external_users: bool


@dataclass(frozen=True, slots=True)
class TimerDue:
    """A timer that was set has come."""

    timer_name: str


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """Somebody asks for a form (or the panel behind "More"). Changes nothing."""

    actor: Person
    dialog_id: str


@dataclass(frozen=True, slots=True)
class PreviewSummary:
    """Show a summary on the responder's card."""

    actor: Person
    summary_version: SummaryVersion


@dataclass(frozen=True, slots=True)
class EditSummary:
    """The responder's own wording of a summary. An empty text brings back the one built from the record."""

    actor: Person
    summary_version: SummaryVersion
    text: str


@dataclass(frozen=True, slots=True)
class PostSummary:
    """Post a summary to the account thread."""

    actor: Person
    summary_version: SummaryVersion
    card_revision: int


@dataclass(frozen=True, slots=True)
class CloseRecovery:
    """End the talk, from wherever it is, and show the summary."""

    actor: Person


@dataclass(frozen=True, slots=True)
class ReopenRecovery:
    """Go on with a closed talk where it ended."""

    actor: Person


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """Something will not arrive. `version`: of a summary; `to`: whom a whisper or the card was for."""

    message_kind: MessageKind
    reason: DeliveryFailure
    summary_version: SummaryVersion | None = None
    recipient: Person | None = None


@dataclass(frozen=True, slots=True)
class DeliverySucceeded:
    """What was `Undelivered` was sent again, and arrived."""

    message_kind: MessageKind
    summary_version: SummaryVersion | None = None
    recipient: Person | None = None


Event = (
    StartRecovery
    | RecordEntry
    | EditEntry
    | RemoveEntry
    | ChooseGate
    | GoBack
    | SkipStep
    | JumpToStep
    | SnoozeNudge
    | SetQuiet
    | SetWorkingHours
    | HandOver
    | AddObserver
    | RemoveObserver
    | SendTip
    | ClientWrote
    | ResponderWrote
    | ThreadReadersChange
    | BindThread
    | TimerDue
    | OpenDialog
    | PreviewSummary
    | EditSummary
    | PostSummary
    | CloseRecovery
    | ReopenRecovery
    | DeliveryFailed
    | DeliverySucceeded
)
