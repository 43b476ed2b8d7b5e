"""The payloads that Slack sends and the app answers, with the fields that the app uses.

What an answer cannot be given without is required. Everything else is None if it has another shape than documented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, WrapValidator
from pydantic_core.core_schema import ValidatorFunctionWrapHandler


def _none_if_invalid(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    try:
        return validate(value)
    except ValidationError:
        return None


def _without_half_characters(value: object) -> object:
    """A text as it can be stored: half of a surrogate pair becomes U+FFFD."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _as_reference(value: object) -> object:
    """Slack gives the id alone in some payloads, and an object with the id in others."""
    return {"id": value} if isinstance(value, str) else value


MAX_EPOCH_SECONDS = 1e11
MaybeInvalid = WrapValidator(_none_if_invalid)
Id = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]
Text = Annotated[str, BeforeValidator(_without_half_characters)]
OptionalId = Annotated[Id | None, MaybeInvalid]
OptionalText = Annotated[Text | None, MaybeInvalid]
OptionalFlag = Annotated[bool | None, MaybeInvalid]
OptionalTime = Annotated[Annotated[float, Field(ge=0, le=MAX_EPOCH_SECONDS)] | None, MaybeInvalid]


@dataclass(frozen=True, slots=True)
class Reference:
    """A team, an organisation, a channel or a person, as far as a payload names them."""

    id: OptionalId = None
    team_id: OptionalId = None
    enterprise_id: OptionalId = None


@dataclass(frozen=True, slots=True)
class ReferenceWithId:
    """A channel or a person without whom there is no answer."""

    id: Id
    team_id: OptionalId = None


@dataclass(frozen=True, slots=True)
class Authorization:
    """The installation for which an event came."""

    team_id: OptionalId = None
    enterprise_id: OptionalId = None
    is_enterprise_install: OptionalFlag = None


OptionalReference = Annotated[Reference | None, BeforeValidator(_as_reference), MaybeInvalid]
RequiredReference = Annotated[ReferenceWithId, BeforeValidator(_as_reference)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What every payload may have: where it comes from, and how to answer it later."""

    type: OptionalText = None
    api_app_id: OptionalId = None
    enterprise: OptionalReference = None
    enterprise_id: OptionalId = None
    team: OptionalReference = None
    team_id: OptionalId = None
    is_enterprise_install: OptionalFlag = None
    response_url: OptionalText = None
    trigger_id: OptionalId = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A modal or a home tab. `state`, `blocks`: as they came."""

    id: OptionalId = None
    type: OptionalId = None
    callback_id: OptionalText = None
    hash: OptionalId = None
    private_metadata: OptionalText = None
    app_installed_team_id: OptionalId = None
    team_id: OptionalId = None
    state: Any = None
    blocks: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedView(View):
    """A modal that was submitted."""

    id: Id
    callback_id: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashCommand(Payload):
    """Somebody typed a command."""

    command: Text
    user_id: Id
    channel_id: Id
    trigger_id: Id
    text: OptionalText = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An entry of a menu."""

    value: OptionalText = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonText:
    """What stands on a button."""

    text: OptionalText = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionElement:
    """What was tapped."""

    action_id: Text
    text: Annotated[ButtonText | None, MaybeInvalid] = None
    block_id: OptionalText = None
    value: OptionalText = None
    selected_option: Annotated[Option | None, MaybeInvalid] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TappedMessage:
    """The message that a button stands in. `blocks`: as they came."""

    ts: Id
    text: OptionalText = None
    blocks: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockActions(Payload):
    """Somebody tapped a button or chose from a menu. Slack sends one action at a time."""

    user: RequiredReference
    trigger_id: Id
    actions: Annotated[list[ActionElement], Field(min_length=1)]
    view: Annotated[View | None, MaybeInvalid] = None
    channel: OptionalReference = None
    message: Annotated[TappedMessage | None, MaybeInvalid] = None

    @property
    def value(self) -> str:
        """The value of the button, or of the chosen entry."""
        element = self.actions[0]
        return (element.selected_option.value if element.selected_option else element.value) or ""

    @property
    def label(self) -> str:
        """What stands on the button."""
        text = self.actions[0].text
        return (text.text if text else None) or ""

    @property
    def view_type(self) -> str:
        """The type of the view that the button stands in; empty for a message."""
        return (self.view.type if self.view else None) or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSubmission(Payload):
    """Somebody submitted a modal."""

    user: RequiredReference
    view: SubmittedView


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTimes:
    """When a message was written, and in which thread: Slack's ids of both."""

    ts: Id
    thread_ts: OptionalId = None
    user: OptionalId = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageShortcut(Payload):
    """Somebody chose a shortcut in a message's menu. `content`: the message as it came."""

    user: RequiredReference
    trigger_id: Id
    callback_id: Text
    channel: RequiredReference
    message: MessageTimes
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlVerification(Payload):
    """Slack asks whether the address is ours."""

    challenge: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCallback(Payload):
    """An event. `event_time`: in epoch seconds."""

    event_id: Id
    event: Any
    event_time: OptionalTime = None
    authorizations: Annotated[list[Authorization] | None, MaybeInvalid] = None


@dataclass(frozen=True, slots=True)
class OtherPayload:
    """A payload that the app has no use for. `kind`: Slack's name for it."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitNotice(Payload):
    """Slack holds back events of a workspace. `minute_rate_limited`: when that began, in epoch seconds."""

    minute_rate_limited: OptionalTime = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTarget(Payload):
    """By what the sender of a payload that was not understood, or that failed, can be answered."""

    command: OptionalText = None
    user_id: OptionalId = None
    user: OptionalReference = None
    view: Annotated[View | None, MaybeInvalid] = None
    event: Any = None


ReadPayload = SlashCommand | BlockActions | ViewSubmission | MessageShortcut | UrlVerification | EventCallback
