"""The events that Slack sends and the app uses, with the fields that it uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from adapters.slack.listeners.payload_types import Id, MaybeInvalid, OptionalId, OptionalText, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent:
    """Something happened to a channel."""

    type: Text
    channel: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEvent:
    """Somebody joined or left a channel."""

    type: Text
    channel: Id
    user: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent:
    """Something was written in a channel. `content`: the message as it came."""

    type: Text
    channel: Id
    user: OptionalId = None
    bot_id: OptionalText = None
    subtype: OptionalText = None
    thread_ts: OptionalId = None
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeEvent:
    """Somebody opened the app's home."""

    type: Text
    user: Id
    tab: OptionalText = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedChannelEvent:
    """A channel has another id from now on."""

    type: Text
    old_channel_id: Id
    new_channel_id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedTokens:
    """The ids of people and bots whose tokens were revoked."""

    bot: Annotated[list[Any] | None, MaybeInvalid] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppEvent:
    """Something happened to the installation."""

    type: Text
    tokens: Annotated[RevokedTokens | None, MaybeInvalid] = None


Event = ChannelEvent | MemberEvent | MessageEvent | HomeEvent | MovedChannelEvent | AppEvent
EVENTS: dict[str, type[Event]] = {
    "message": MessageEvent,
    "app_home_opened": HomeEvent,
    "member_joined_channel": MemberEvent,
    "member_left_channel": MemberEvent,
    "channel_shared": ChannelEvent,
    "channel_unshared": ChannelEvent,
    "channel_id_changed": MovedChannelEvent,
    "app_uninstalled": AppEvent,
    "tokens_revoked": AppEvent,
}
"""The events that the app uses, by Slack's name."""
