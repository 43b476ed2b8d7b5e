"""What Slack sends, read once at the border: a payload that the app answers has a type, every other one a name."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from adapters.slack.listeners.event_types import EVENTS, MessageEvent
from adapters.slack.listeners.payload_types import (
    BlockActions,
    EventCallback,
    MessageShortcut,
    OtherPayload,
    RateLimitNotice,
    ReadPayload,
    ReplyTarget,
    SlashCommand,
    UrlVerification,
    ViewSubmission,
)
from flows.errors import TrustRecoverError

Json = dict[str, Any]
_T = TypeVar("_T")
_KIND = re.compile(r"[a-z][a-z_.]{0,59}")
UNNAMED_KIND = "request of an unknown kind"
COMMAND_KIND, EVENT_KIND = "command", "event_callback"


class PayloadNotUnderstood(TrustRecoverError):
    """A payload does not have the shape that Slack documents. Sending it again would not help."""

    def __init__(self, kind: str, place: str) -> None:
        """`kind`: of the payload. `place`: the names of the fields that lead to the one that is not as documented."""
        super().__init__(f"a {kind} is not as Slack documents it, at “{place}”")
        self.kind = kind


_KINDS: dict[str, type[ReadPayload | RateLimitNotice]] = {
    "block_actions": BlockActions,
    "view_submission": ViewSubmission,
    "message_action": MessageShortcut,
    "url_verification": UrlVerification,
    EVENT_KIND: EventCallback,
    "app_rate_limited": RateLimitNotice,
}
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def read_payload(body: object) -> ReadPayload | OtherPayload | RateLimitNotice:
    """The payload of a request.

    Raises:
        PayloadNotUnderstood: it is of a kind that the app answers, and not as Slack documents that kind.

    """
    if not isinstance(body, dict):
        raise PayloadNotUnderstood(UNNAMED_KIND, "the whole of it")
    kind = payload_kind(body)
    if _is_command(body):
        return _read(SlashCommand, kind, body)
    payload_type = _KINDS.get(kind)
    if payload_type is None:
        return OtherPayload(kind)
    if payload_type is MessageShortcut:
        body = body | {"content": body.get("message")}
    payload = _read(payload_type, kind, body)
    return _with_event(payload) if isinstance(payload, EventCallback) else payload


def payload_kind(body: object) -> str:
    """Slack's name for the kind of a payload. It is safe to be logged."""
    if not isinstance(body, dict):
        return UNNAMED_KIND
    return COMMAND_KIND if _is_command(body) else loggable_kind(body.get("type"))


def event_kind(event: object) -> str:
    """Slack's name for an event. It is safe to be logged."""
    return loggable_kind(event.get("type") if isinstance(event, dict) else getattr(event, "type", None))


def reply_target(body: object) -> ReplyTarget:
    """By what the sender of any request can be answered; nothing of it is required."""
    fields = body if isinstance(body, dict) else {}
    return _read(ReplyTarget, UNNAMED_KIND, fields)


def routing_body(payload: ReadPayload) -> Json:
    """What Bolt needs to know in order to find the listener and the installation."""
    excluded_fields: dict[str, Any] = {
        "content": True,
        "text": True,
        "message": True,
        "view": {"state", "blocks", "private_metadata"},
    }
    if isinstance(payload, EventCallback):
        excluded_fields |= {"event": {"content"}}
    fields: Json = _adapter(type(payload)).dump_python(payload, exclude_none=True, exclude=excluded_fields)
    if isinstance(payload, ViewSubmission):
        fields["view"]["type"] = "modal"  # Bolt fails on a view without a type, and on one of a workflow's step
    return fields


def _with_event(callback: EventCallback) -> EventCallback | OtherPayload:
    kind = event_kind(callback.event)
    event_type = EVENTS.get(kind)
    if event_type is None:
        return OtherPayload(kind)
    fields = callback.event | ({"content": callback.event} if event_type is MessageEvent else {})
    return replace(callback, event=_read(event_type, kind, fields))


def _read(payload_type: type[_T], kind: str, fields: Mapping[str, object]) -> _T:
    try:
        payload: _T = _adapter(payload_type).validate_python(fields)
    except ValidationError as error:
        place = ".".join(str(name) for name in error.errors(include_input=False, include_url=False)[0]["loc"])
        raise PayloadNotUnderstood(kind, place) from None  # pydantic's own message shows what was sent
    return payload


def _adapter(payload_type: type[Any]) -> TypeAdapter[Any]:
    adapter = _ADAPTERS.get(payload_type)
    if adapter is None:
        adapter = _ADAPTERS[payload_type] = TypeAdapter(payload_type)
    return adapter


def _is_command(body: Mapping[str, object]) -> bool:
    return "command" in body and "type" not in body


def loggable_kind(kind: object) -> str:
    """A name that Slack gives to a kind of request, as it can be logged."""
    return kind if isinstance(kind, str) and _KIND.fullmatch(kind) else UNNAMED_KIND
