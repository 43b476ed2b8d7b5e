"""What happens to a recovery. `by` is who did it; `visit` the card that a tapped button belonged to."""

from dataclasses import dataclass

from flows.hours import USUAL, Hours
from flows.people import Person, Place
from flows.recovery import Version
from flows.values import Value
from flows.why import Mail, Why


@dataclass(frozen=True, slots=True)
class Start:
    """A responder begins. `recovery` is the new id; `timezone` (an IANA name) and `hours` are the responder's."""

    recovery: str
    by: Person
    account: str
    place: Place
    language: str
    timezone: str = "UTC"
    shared: bool = False
    hours: Hours = USUAL


@dataclass(frozen=True, slots=True)
class Record:
    """Keep a new entry."""

    by: Person
    field: str
    value: Value


@dataclass(frozen=True, slots=True)
class Edit:
    """Put another value in place of an entry's."""

    by: Person
    entry: str
    value: Value


@dataclass(frozen=True, slots=True)
class Remove:
    """Take an entry off the record."""

    by: Person
    entry: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose a gate of the current step."""

    by: Person
    gate: str
    visit: int


@dataclass(frozen=True, slots=True)
class Back:
    """Return to the step before this one."""

    by: Person
    visit: int


@dataclass(frozen=True, slots=True)
class Skip:
    """Go to the next step in the flow's order."""

    by: Person
    visit: int


@dataclass(frozen=True, slots=True)
class Jump:
    """Go to any step."""

    by: Person
    step: str
    visit: int


@dataclass(frozen=True, slots=True)
class Snooze:
    """Silence now, one reminder after so many minutes."""

    by: Person
    minutes: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Silence all nudges of this recovery, or let them come again."""

    by: Person
    on: bool


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The responder's working hours are these from now on. An empty `timezone` (an IANA name) keeps the one before."""

    by: Person
    hours: Hours
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Somebody else takes the talk; who had it goes on as an observer.

    `timezone` (an IANA name) and `hours` are the new responder's; empty and None keep the ones before.
    """

    by: Person
    to: Person
    timezone: str = ""
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class ObserverJoins:
    """The responder lets somebody watch."""

    by: Person
    who: Person


@dataclass(frozen=True, slots=True)
class ObserverLeaves:
    """An observer goes, or is sent."""

    by: Person
    who: Person


@dataclass(frozen=True, slots=True)
class Tip:
    """An observer's private word to the responder."""

    by: Person
    text: str


@dataclass(frozen=True, slots=True)
class ClientSpoke:
    """The client wrote in the account thread."""

    text: str


@dataclass(frozen=True, slots=True)
class ResponderSpoke:
    """The responder wrote in the account thread."""

    by: Person


@dataclass(frozen=True, slots=True)
class ThreadShared:
    """People outside the company can read the account thread from now on, or no longer."""

    outsiders: bool


@dataclass(frozen=True, slots=True)
class Bind:
    """The responder names another account thread. `shared`: people outside the company can read it."""

    by: Person
    place: Place
    shared: bool


@dataclass(frozen=True, slots=True)
class TimerDue:
    """A timer that was set has come."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Somebody asks for a form (or the panel behind "More"). Changes nothing."""

    by: Person
    form: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Show a summary on the responder's card."""

    by: Person
    version: Version


@dataclass(frozen=True, slots=True)
class EditSummary:
    """The responder's own wording of a summary. An empty text brings back the one built from the record."""

    by: Person
    version: Version
    text: str


@dataclass(frozen=True, slots=True)
class PostSummary:
    """Post a summary to the account thread."""

    by: Person
    version: Version
    visit: int


@dataclass(frozen=True, slots=True)
class Close:
    """End the talk, from wherever it is, and show the summary."""

    by: Person


@dataclass(frozen=True, slots=True)
class Reopen:
    """Go on with a closed talk where it ended."""

    by: Person


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Something will not arrive. `version`: of a summary; `to`: whom a whisper or the card was for."""

    what: Mail
    why: Why
    version: Version | None = None
    to: Person | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was `Undelivered` was sent again, and arrived."""

    what: Mail
    version: Version | None = None
    to: Person | None = None


Event = (
    Start
    | Record
    | Edit
    | Remove
    | Choose
    | Back
    | Skip
    | Jump
    | Snooze
    | Quiet
    | WorkingHours
    | HandOver
    | ObserverJoins
    | ObserverLeaves
    | Tip
    | ClientSpoke
    | ResponderSpoke
    | ThreadShared
    | Bind
    | TimerDue
    | OpenForm
    | Preview
    | EditSummary
    | PostSummary
    | Close
    | Reopen
    | Undelivered
    | Arrived
)
