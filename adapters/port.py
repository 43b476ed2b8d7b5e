"""The port between platforms and the application: what comes in, what goes out, one method each way.

A feature is a flow, a card or an effect; it never adds a method here.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from flows.errors import TrustRecoverError
from flows.input.form_reader import FormAnswers
from flows.screens.elements import Button, Card, Confirmation, HomeView, Panel
from flows.screens.inputs import Form
from flows.state.delivery_failure import DeliveryFailure
from flows.state.identity import Person, Place
from flows.wording.document import Document


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Where somebody acts, and how to speak to them. `has_external_users`: external users can read the place.

    A place without a conversation is one where no account team reads, such as somebody's chat with the app.
    """

    place: Place
    language: str = "en"
    timezone: str = "UTC"
    has_external_users: bool = False


class Surface(StrEnum):
    """From which of our screens a request comes."""

    CARD = "card"
    PANEL = "panel"
    """The dialog that "More" opened."""
    HOME = "home"


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """Somebody typed `/trust-recover` and this text. `mentioned_person`: whom the text names, if it names anybody.

    `is_linked_place`: the context's place is not where they typed, but where a link in the text leads. `is_chat`: they
    typed the text alone, into their chat with the app, where "hello" is no client.
    """

    event_id: str
    actor: Person
    context: RequestContext
    text: str
    mentioned_person: Person | None = None
    is_linked_place: bool = False
    is_chat: bool = False


@dataclass(frozen=True, slots=True)
class StartRequest:
    """Somebody asks for the form that starts a recovery. `message`: the text of the message that they point at."""

    actor: Person
    context: RequestContext
    message: str = ""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Somebody wants hints on a message that they point at. `is_own_message`: whether they wrote it."""

    event_id: str
    actor: Person
    context: RequestContext
    message: str
    is_own_message: bool


@dataclass(frozen=True, slots=True)
class HomeRequest:
    """Somebody looks at their home: their recoveries, promises and settings."""

    actor: Person
    context: RequestContext


@dataclass(frozen=True, slots=True)
class ButtonTap:
    """Somebody tapped a button of ours.

    `recovery_id`: empty for a button that is of no recovery; such a tap needs a `context`, and so does one on the home.
    `action`: as it stands in the button. `is_confirmed`: False where the platform cannot ask back by itself: if the
    button has a question, nothing is done yet, and the answer's dialog is that question. `wants_card`: answer with the
    recovery's card as it is then.
    """

    event_id: str
    actor: Person
    recovery_id: str
    card_revision: int
    action: str
    surface: Surface = Surface.CARD
    is_confirmed: bool = True
    context: RequestContext | None = None
    wants_card: bool = False


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """Somebody sent a form. `recovery_id`: empty if the form is of no recovery. `form_id`: as it stands in the form.

    `wants_card`: as for a tap.
    """

    event_id: str
    actor: Person
    context: RequestContext
    recovery_id: str
    form_id: str
    answers: FormAnswers
    surface: Surface = Surface.CARD
    wants_card: bool = False


class Role(StrEnum):
    """Who wrote in an account thread."""

    CLIENT = "client"
    RESPONDER = "responder"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """Somebody wrote in a place."""

    event_id: str
    author: Person
    place: Place
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class ReadersChange:
    """External users can read this conversation from now on, or no longer."""

    event_id: str
    actor: Person
    place: Place
    has_external_users: bool


@dataclass(frozen=True, slots=True)
class ConversationMove:
    """A conversation has another id from now on. `place`: the conversation by its old id."""

    event_id: str
    actor: Person
    place: Place
    new_conversation: str


StoredEvent = (
    CheckRequest | TypedCommand | ButtonTap | FormSubmission | ThreadMessage | ReadersChange | ConversationMove
)
"""What is taken in once, by its `event_id`."""
Incoming = StoredEvent | StartRequest | HomeRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """What the very request is answered with.

    `dialog`: something to open now. `next_view`: what the screen from which the request came shows now: the panel after
    a tap in it, the home after a tap on it or after the settings were saved, the same form after errors, the same form
    empty where people seldom send only one; None: the dialog closes, or there is nothing to show.
    `errors`: what is wrong with a form, by input name. `notice`: a line for this person.
    `language`: in which the answer speaks, where that is not the platform's. `card`: the recovery's card, if it was
    asked for. `place`: where the recovery's account team talks.
    `is_refused`: this person has no part in the recovery, and nothing was done.
    """

    dialog: Form | Panel | Confirmation | None = None
    next_view: Form | Panel | HomeView | None = None
    recovery_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    language: str = ""
    card: Card | None = None
    place: Place | None = None
    is_refused: bool = False


class Application(Protocol):
    """What a platform calls. When it returns, everything that must last is on disk: acknowledge then."""

    async def receive(self, incoming: Incoming) -> Answer:
        """Take in what happened. The same `event_id` is applied once, however often it comes."""
        ...


def card_key(recovery_id: str, user_id: str) -> str:
    """The key of a person's card of a recovery: a platform edits the message that it sent with the same key."""
    return f"{recovery_id}:{user_id}"


@dataclass(frozen=True, slots=True)
class CardOut:
    """Show this person the card, in place of the one they have of this recovery."""

    key: str
    place: Place
    recipient: Person
    card: Card
    language: str


@dataclass(frozen=True, slots=True)
class PrivateMessageOut:
    """A line that only one person sees; a nudge must be noticed. `card_key`: of the card that the line belongs to.

    `buttons`: taps on the recovery `recovery_id`, which are valid at any revision of its card. `language`: of the text.
    """

    key: str
    place: Place
    recipient: Person
    text: str
    is_nudge: bool
    card_key: str = ""
    buttons: tuple[Button, ...] = ()
    recovery_id: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class PostOut:
    """A message for everybody in the place. `is_internal`: no external user may read it."""

    key: str
    place: Place
    document: Document
    is_internal: bool = False

    @property
    def text(self) -> str:
        """The message as plain text."""
        return self.document.text


Outgoing = CardOut | PrivateMessageOut | PostOut


class Undeliverable(TrustRecoverError):
    """The platform refuses this message for good."""

    def __init__(self, reason: DeliveryFailure, detail: str = "") -> None:
        """Say why, for the responder, and in the platform's own words, for the operator's list and log."""
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason


class Unavailable(TrustRecoverError):
    """The platform cannot be reached or takes no message now. It is tried again for a day, at growing intervals."""


class RateLimited(TrustRecoverError):
    """The platform asks us to wait. This does not count as an attempt; the message is sent when the time is over."""

    def __init__(self, retry_after: float, *, everywhere: bool = False) -> None:
        """Wait `retry_after` seconds with this conversation, or with everything in its workspace."""
        super().__init__(f"The platform asks to wait {retry_after:g} s.")
        self.retry_after = retry_after
        self.applies_to_workspace = everywhere


class Platform(Protocol):
    """What the application calls to reach people."""

    async def deliver(self, outgoing: Outgoing) -> float:
        """Deliver this, and return for how many seconds its conversation must then rest.

        A second time with the same `key` must not show it twice, where the platform allows that.

        Raises:
            Undeliverable, RateLimited, Unavailable: as they say. Any other exception is a fault of ours.

        """
        ...
