"""An activity of Teams, read once from its JSON: who did something, where, and what. Handlers see only this type."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from adapters.teams.cards.markup import Json
from flows.errors import TrustRecoverError

CHANNEL_SUFFIXES = ("@thread.tacv2", "@thread.skype")
"""The endings of channels' ids."""
BOT_ID_PREFIX = "28:"
"""The ids of apps begin with it, those of people with `29:`."""
_THREAD = ";messageid="
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
DIGEST_DIGITS = 32


class InvalidActivity(TrustRecoverError):
    """Not an activity of Teams: it has no type, no tenant or no conversation."""


class Scope(StrEnum):
    """What kind of conversation it is."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who was mentioned. `text`: the markup of the mention, as it is in the message."""

    user_id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class TeamsActivity:
    """Something that happened in Teams. A text that the activity does not hold is empty.

    `activity_id`: Teams' own id; an invoke has that of the tapped card, or none. `event_id`: different for each event.
    `conversation`: its id without the thread. `thread`: the id of the thread's first message, in channels.
    `user_id`, `bot_id`: Teams' ids; `object_id`: the person's id in Entra. `team_id`: Teams' id, `group_id`: Entra's.
    `is_targeted`: only the app can read it, though it was written in a shared conversation.
    `event_type`: what changed in a conversation. `action`: of an installation. `added_ids`, `removed_ids`: members.
    `value`: the data of an invoke.
    """

    type: str
    name: str
    activity_id: str
    event_id: str
    tenant: str
    service_url: str
    user_id: str
    user_name: str
    object_id: str
    bot_id: str
    scope: Scope
    conversation: str
    thread: str
    team_id: str
    group_id: str
    channel_kind: str
    event_type: str
    action: str
    language: str
    timezone: str
    text: str
    mentions: tuple[Mention, ...]
    is_targeted: bool
    added_ids: tuple[str, ...]
    removed_ids: tuple[str, ...]
    value: Json = field(repr=False)

    @property
    def is_message_menu(self) -> bool:
        """Whether it comes from a message's menu, which is there in any chat, also in those without the app."""
        return self.name.startswith("composeExtension/")

    @property
    def conversation_id(self) -> str:
        """The id to which an answer is sent: the conversation with its thread."""
        return with_thread(self.conversation, self.thread)


def with_thread(conversation: str, thread: str) -> str:
    """The id of a conversation's thread."""
    return f"{conversation}{_THREAD}{thread}" if thread else conversation


def without_thread(conversation: str) -> str:
    """The id of the conversation of a thread."""
    return conversation.partition(_THREAD)[0]


def parse_activity(body: Mapping[str, Any]) -> TeamsActivity:
    """Read an activity from the JSON that Teams sent.

    Raises:
        InvalidActivity: Teams sends no such activity.

    """
    sender, conversation, channel_data = _dict(body, "from"), _dict(body, "conversation"), _dict(body, "channelData")
    tenant = _text(_dict(channel_data, "tenant"), "id") or _text(conversation, "tenantId")
    activity_type, conversation_id = _text(body, "type"), _text(conversation, "id")
    if not (activity_type and conversation_id and tenant):
        raise InvalidActivity
    conversation_without_thread, _, thread = conversation_id.partition(_THREAD)
    team, recipient = _dict(channel_data, "team"), _dict(body, "recipient")
    is_targeted = recipient.get("isTargeted") is True or _has_targeted_treatment(body)
    return TeamsActivity(
        type=activity_type,
        name=_text(body, "name"),
        activity_id=_text(body, "id"),
        event_id=_event_id(body, activity_type, conversation_id),
        tenant=tenant,
        service_url=_text(body, "serviceUrl"),
        user_id=_text(sender, "id"),
        user_name=_text(sender, "name"),
        object_id=_text(sender, "aadObjectId"),
        bot_id=_text(recipient, "id"),
        scope=_scope(conversation, conversation_without_thread),
        conversation=conversation_without_thread,
        thread=thread,
        team_id=_text(team, "id"),
        group_id=_text(team, "aadGroupId"),
        channel_kind=_text(_dict(channel_data, "channel"), "type"),
        event_type=_text(channel_data, "eventType"),
        action=_text(body, "action"),
        language=(_text(body, "locale") or _client_info(body, "locale")).partition("-")[0].lower(),
        timezone=_zone(body),
        text=_text(body, "text"),
        mentions=tuple(_mentions(body)),
        is_targeted=is_targeted,
        added_ids=_ids(body, "membersAdded"),
        removed_ids=_ids(body, "membersRemoved"),
        value=_dict(body, "value"),
    )


def _event_id(body: Mapping[str, Any], activity_type: str, conversation: str) -> str:
    """An id of this event alone. An invoke has the id of the tapped card, or none, so a digest of the body is added."""
    activity_id = _text(body, "id")
    if activity_type == "message" and activity_id:
        return f"message:{conversation}:{activity_id}"
    digest = sha256(json.dumps(body, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:DIGEST_DIGITS]
    return f"{activity_type}:{activity_id}:{digest}"


def _scope(conversation: Mapping[str, Any], conversation_id: str) -> Scope:
    conversation_type = _text(conversation, "conversationType")
    if conversation_type in set(Scope):
        return Scope(conversation_type)
    if conversation_id.endswith(CHANNEL_SUFFIXES):
        return Scope.CHANNEL
    return Scope.GROUP if conversation.get("isGroup") or conversation_id.startswith("19:") else Scope.PERSONAL


def _mentions(body: Mapping[str, Any]) -> list[Mention]:
    mentions = []
    for entity in _entities(body, "mention"):
        person = _dict(entity, "mentioned")
        if user := _text(person, "id"):
            mentions.append(Mention(user, _text(person, "name"), _text(entity, "text")))
    return mentions


def _has_targeted_treatment(body: Mapping[str, Any]) -> bool:
    return any(entity.get("treatment") == "targeted" for entity in _entities(body, "activityTreatment"))


def _zone(body: Mapping[str, Any]) -> str:
    zone = _text(body, "localTimezone") or _client_info(body, "timezone")
    return zone if _ZONE.fullmatch(zone) else ""


def _client_info(body: Mapping[str, Any], name: str) -> str:
    return next((_text(entity, name) for entity in _entities(body, "clientInfo")), "")


def _entities(body: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The entities of this kind. Teams writes the kinds with or without a capital letter."""
    entities = body.get("entities")
    entries = entities if isinstance(entities, list) else []
    return [one for one in entries if isinstance(one, dict) and _text(one, "type").lower() == kind.lower()]


def _ids(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    members = body.get(name)
    return tuple(_text(one, "id") for one in members if isinstance(one, dict)) if isinstance(members, list) else ()


def _dict(body: Mapping[str, Any], name: str) -> Json:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
