"""What happens to a recovery.

`actor` is the person who did it. `card_revision` is the revision of the card on which a button was tapped. `field_id`,
`gate_id` and `step_id` are ids of the flow. A `timezone` is an IANA name.
"""

from dataclasses import dataclass

from flows.state.delivery_failure import DeliveryFailure, MessageKind
from flows.state.draft_events import CheckDraft, DismissHint, ShowMoreHints, UndoDraft, UseBetterWording
from flows.state.identity import Person, Place
from flows.state.local_time.working_hours import DEFAULT_HOURS, WorkingHours
from flows.state.record_events import (
    ChooseOption,
    EditEntry,
    RecordEntry,
    RemoveEntry,
    RepeatFact,
    RestoreEntry,
    SnoozeReminder,
)
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import DismissSummaryHint, EditSummary, PostSummary, PreviewSummary
from flows.state.words import ClientCue, WordHint


@dataclass(frozen=True, slots=True)
class StartRecovery:
    """A responder starts a recovery. Time zone and working hours are the responder's."""

    recovery_id: str
    actor: Person
    account: str
    place: Place
    language: str
    timezone: str = "UTC"
    has_external_users: bool = False
    working_hours: WorkingHours = DEFAULT_HOURS


@dataclass(frozen=True, slots=True)
class ChooseGate:
    """Tap a gate of the current step."""

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
    """No nudge now, but one after so many minutes."""

    actor: Person
    minutes: int


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Turn off all nudges of this recovery, or turn them on again."""

    actor: Person
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class SetWorkingHours:
    """Change the responder's working hours and time zone. An empty `timezone` keeps the present one."""

    actor: Person
    working_hours: WorkingHours
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Somebody else becomes the responder; the former responder becomes an observer.

    Time zone and working hours are the new responder's. An empty `timezone`, or None, keeps the present one.
    """

    actor: Person
    new_responder: Person
    timezone: str = ""
    working_hours: WorkingHours | None = None


@dataclass(frozen=True, slots=True)
class AddObserver:
    """The responder adds an observer."""

    actor: Person
    observer: Person


@dataclass(frozen=True, slots=True)
class RemoveObserver:
    """An observer leaves, or the responder removes them."""

    actor: Person
    observer: Person


@dataclass(frozen=True, slots=True)
class SendTip:
    """An observer sends a private tip to the responder."""

    actor: Person
    text: str


@dataclass(frozen=True, slots=True)
class ClientWrote:
    """The client wrote in the thread. `author_name`: of who wrote (empty: not known). `cues`: in their words."""

    text: str
    author_name: str = ""
    cues: tuple[ClientCue, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponderWrote:
    """The responder wrote in the account thread. `hint`: on the gravest fault in it, if it has a grave one."""

    actor: Person
    hint: WordHint | None = None


@dataclass(frozen=True, slots=True)
class ThreadReadersChange:
    """External users can read the account thread from now on, or no longer."""

    has_external_users: bool


@dataclass(frozen=True, slots=True)
class ConversationIdChange:
    """The platform gives the conversation of the account thread another id. It is the same conversation."""

    new_conversation: str


@dataclass(frozen=True, slots=True)
class BindThread:
    """The responder makes another thread the account thread. `has_external_users`: external users can read it."""

    actor: Person
    place: Place
    has_external_users: bool


@dataclass(frozen=True, slots=True)
class TimerDue:
    """The time of a timer has come."""

    timer_name: str


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """Somebody asks for a form, or for the panel behind "More". Changes nothing."""

    actor: Person
    dialog_id: str


@dataclass(frozen=True, slots=True)
class RequestCard:
    """The responder asks for their card once more, to have it before their eyes. Changes nothing."""

    actor: Person


@dataclass(frozen=True, slots=True)
class CloseRecovery:
    """Close the recovery, at whatever step it is, and show the summary."""

    actor: Person


@dataclass(frozen=True, slots=True)
class ReopenRecovery:
    """Go on with a closed recovery at the step where it was closed."""

    actor: Person


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A message was given up.

    `summary_version`: of a summary; `posted_at`: when the responder posted it (0: stored by an earlier release).
    `recipient`: of a private message or the card.
    """

    message_kind: MessageKind
    reason: DeliveryFailure
    summary_version: SummaryVersion | None = None
    recipient: Person | None = None
    posted_at: float = 0.0


@dataclass(frozen=True, slots=True)
class DeliverySucceeded:
    """A message that was given up (`DeliveryFailed`, which see) was sent again and delivered."""

    message_kind: MessageKind
    summary_version: SummaryVersion | None = None
    recipient: Person | None = None
    posted_at: float = 0.0


Event = (
    StartRecovery
    | RecordEntry
    | EditEntry
    | RemoveEntry
    | RestoreEntry
    | ChooseOption
    | RepeatFact
    | SnoozeReminder
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
    | ConversationIdChange
    | BindThread
    | TimerDue
    | OpenDialog
    | RequestCard
    | PreviewSummary
    | EditSummary
    | DismissSummaryHint
    | CheckDraft
    | UseBetterWording
    | DismissHint
    | UndoDraft
    | ShowMoreHints
    | PostSummary
    | CloseRecovery
    | ReopenRecovery
    | DeliveryFailed
    | DeliverySucceeded
)
