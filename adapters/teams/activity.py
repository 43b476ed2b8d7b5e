"""An activity of Teams, read once from its JSON: who did something, where, and what. Handlers see only this type."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from adapters.teams.cards.markup import Json
from adapters.teams.payload_fields import (
    InvalidActivity,
    dict_field,
    entities_of,
    id_field,
    is_id,
    member_ids,
    name_field,
    objects_field,
    safe_value,
    text_field,
)
from adapters.teams.service_urls import InvalidServiceUrl, normalize_service_url
from adapters.teams.text.mentions import Mention
from flows.state.local_time.time_zones import find_time_zone

__all__ = ["InvalidActivity", "Mention", "Scope", "TeamsActivity", "parse_activity"]

RECOVER_COMMAND_ID, CHECK_COMMAND_ID = "recoverHere", "checkWords"
"""The actions on a message, as they are named in what Teams sends."""
CHANNEL_SUFFIXES = ("@thread.tacv2", "@thread.skype")
"""The endings of channels' ids."""
BOT_ID_PREFIX = "28:"
"""The ids of apps begin with it, those of people with `29:`."""
_THREAD = ";messageid="
_LANGUAGE = re.compile(r"[a-z]{2,8}")
_HTML_COPY = "text/html"
DIGEST_DIGITS = 32
INVOKE, MESSAGE, INSTALLATION, CONVERSATION_UPDATE = "invoke", "message", "installationUpdate", "conversationUpdate"
"""The types of activities that this app knows."""
CHANNEL_EVENT_PREFIX = "channel"
PASSING_EVENTS = frozenset({"channelcreated", "channelrenamed", "channeldeleted", "teamdeleted", "teamharddeleted"})
"""Events of conversations in which the app need not be used, or that are gone: nothing of them is stored."""


class Scope(StrEnum):
    """What kind of conversation it is."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class TeamsActivity:
    """Something that happened in Teams. A text that the activity does not hold is empty.

    `activity_id`: Teams' own id; an invoke has that of the tapped card, or none. `event_id`: different for each event.
    `conversation`: its id without the thread; of an event of a channel, that channel. `thread`: the id of the thread's
    first message, in channels.
    `user_id`, `bot_id`: Teams' ids; `object_id`: the person's id in Entra. `team_id`: Teams' id, `group_id`: Entra's.
    `is_targeted`: only the app can read it, though it was written in a shared conversation.
    `event_type`: what changed in a conversation, in small letters: Microsoft's documents spell some in two ways.
    `action`: of an installation. `added_ids`, `removed_ids`: members. `value`: the data of an invoke.
    `text_format`: `plain`, `markdown`, `xml` or `html`. `html_copy`: the same text as HTML, which Teams attaches.
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
    text_format: str
    html_copy: str
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
    def is_passing_event(self) -> bool:
        """Whether it tells of a conversation about which nothing is to be stored."""
        return self.type == CONVERSATION_UPDATE and self.event_type in PASSING_EVENTS

    @property
    def is_channel_event(self) -> bool:
        """Whether something happened to one channel, and not to its whole team."""
        return self.event_type.startswith(CHANNEL_EVENT_PREFIX)

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
    sender, conversation = dict_field(body, "from"), dict_field(body, "conversation")
    channel_data = dict_field(body, "channelData")
    tenant = id_field(dict_field(channel_data, "tenant"), "id") or id_field(conversation, "tenantId")
    activity_type, conversation_id = id_field(body, "type"), id_field(conversation, "id")
    if not (activity_type and conversation_id and tenant) or (activity_type == INVOKE and not id_field(sender, "id")):
        raise InvalidActivity
    team, recipient = dict_field(channel_data, "team"), dict_field(body, "recipient")
    event_type = _event_type(channel_data)
    place, thread, channel_kind = _place(conversation_id, dict_field(channel_data, "channel"), event_type)
    return TeamsActivity(
        type=activity_type,
        name=id_field(body, "name"),
        activity_id=id_field(body, "id"),
        event_id=_event_id(body, activity_type, conversation_id),
        tenant=tenant,
        service_url=_service_url(body),
        user_id=id_field(sender, "id"),
        user_name=name_field(sender, "name"),
        object_id=id_field(sender, "aadObjectId"),
        bot_id=id_field(recipient, "id"),
        scope=_scope(conversation, place),
        conversation=place,
        thread=thread,
        team_id=id_field(team, "id"),
        group_id=id_field(team, "aadGroupId"),
        channel_kind=channel_kind,
        event_type=event_type,
        action=id_field(body, "action").lower(),
        language=_language(body),
        timezone=_zone(body),
        text=text_field(body, "text"),
        text_format=text_field(body, "textFormat").lower(),
        html_copy=_html_copy(body),
        mentions=tuple(_mentions(body)),
        is_targeted=recipient.get("isTargeted") is True or _has_targeted_treatment(body),
        added_ids=member_ids(body, "membersAdded"),
        removed_ids=member_ids(body, "membersRemoved"),
        value=safe_value(dict_field(body, "value")),
    )


def _event_type(channel_data: Mapping[str, Any]) -> str:
    """What changed; empty for an event of a channel that does not say which: it would be taken for the General one."""
    event_type = id_field(channel_data, "eventType").lower()
    has_channel = bool(id_field(dict_field(channel_data, "channel"), "id"))
    return event_type if has_channel or not event_type.startswith(CHANNEL_EVENT_PREFIX) else ""


def _place(conversation_id: str, channel: Mapping[str, Any], event_type: str) -> tuple[str, str, str]:
    """The conversation, the thread and the kind of the channel.

    An event of a channel names the team in `conversation.id`, whose General channel has the same id, and the channel in
    `channelData.channel.id`.
    """
    channel_id, kind = id_field(channel, "id"), id_field(channel, "type")
    if event_type.startswith(CHANNEL_EVENT_PREFIX):
        return channel_id, "", kind
    conversation, _, thread = conversation_id.partition(_THREAD)
    return conversation, thread, kind if channel_id in {"", conversation} else ""


def _service_url(body: Mapping[str, Any]) -> str:
    try:
        return normalize_service_url(text_field(body, "serviceUrl"))
    except InvalidServiceUrl:
        raise InvalidActivity from None


def _event_id(body: Mapping[str, Any], activity_type: str, conversation: str) -> str:
    """An id of this event alone. An invoke has the id of the tapped card, or none, so a digest of the body is added."""
    activity_id = id_field(body, "id")
    if activity_type == MESSAGE and activity_id:
        return f"message:{conversation}:{activity_id}"
    digest = sha256(json.dumps(body, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:DIGEST_DIGITS]
    return f"{activity_type}:{activity_id}:{digest}"


def _scope(conversation: Mapping[str, Any], conversation_id: str) -> Scope:
    conversation_type = text_field(conversation, "conversationType")
    if conversation_type in set(Scope):
        return Scope(conversation_type)
    if conversation_id.endswith(CHANNEL_SUFFIXES):
        return Scope.CHANNEL
    return Scope.GROUP if conversation.get("isGroup") or conversation_id.startswith("19:") else Scope.PERSONAL


def _mentions(body: Mapping[str, Any]) -> list[Mention]:
    """The mentions, in their order; one whose person cannot be read has an empty `user_id`, so that none is shifted."""
    mentions = []
    for entity in entities_of(body, "mention"):
        person = dict_field(entity, "mentioned")
        user_id = person.get("id")
        mentions.append(
            Mention(str(user_id) if is_id(user_id) else "", name_field(person, "name"), text_field(entity, "text"))
        )
    return mentions


def _has_targeted_treatment(body: Mapping[str, Any]) -> bool:
    return any(entity.get("treatment") == "targeted" for entity in entities_of(body, "activityTreatment"))


def _html_copy(body: Mapping[str, Any]) -> str:
    attachments = objects_field(body, "attachments")
    return next((text_field(one, "content") for one in attachments if one.get("contentType") == _HTML_COPY), "")


def _language(body: Mapping[str, Any]) -> str:
    language = (text_field(body, "locale") or _client_info(body, "locale")).partition("-")[0].lower()
    return language if _LANGUAGE.fullmatch(language) else ""


def _zone(body: Mapping[str, Any]) -> str:
    zone = text_field(body, "localTimezone") or _client_info(body, "timezone")
    return find_time_zone(zone)


def _client_info(body: Mapping[str, Any], name: str) -> str:
    return next((text_field(entity, name) for entity in entities_of(body, "clientInfo")), "")
