"""What Teams tells us, read once: who, where, and what happened. Nothing of it travels on as Teams' own object."""

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
"""With which the ids of channels end."""
BOT_ID_PREFIX = "28:"
"""With which the ids of apps begin, those of people with 29:."""
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
    """Somebody who was mentioned. `text`: as it stands in the message."""

    user_id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class TeamsActivity:
    """Something that happened in Teams.

    `activity_id`: Teams' own, empty for some; `event_id`: what tells it from all others.
    `conversation`: without its thread. `thread`: id of the thread's first message, in channels. `user`, `bot`: Teams'
    own ids; `object_id`: the person's id in their directory. `targeted`: for the app's eyes only, in a shared place.
    `language`, `timezone`: empty where the activity does not say. `event`: what changed, of a conversation.
    `added`, `removed`: ids of members. `value`: what an invoke brings.
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
        """The conversation as Teams wants to be answered: with its thread."""
        return with_thread(self.conversation, self.thread)


def with_thread(conversation: str, thread: str) -> str:
    """The id of a conversation's thread."""
    return f"{conversation}{_THREAD}{thread}" if thread else conversation


def without_thread(conversation: str) -> str:
    """The conversation that a thread is in."""
    return conversation.partition(_THREAD)[0]


def parse_activity(body: Mapping[str, Any]) -> TeamsActivity:
    """Read what Teams sent.

    Raises:
        UnreadableActivity: it is none of what Teams sends.

    """
    sender, conversation, channel = _dict(body, "from"), _dict(body, "conversation"), _dict(body, "channelData")
    tenant = _text(_dict(channel, "tenant"), "id") or _text(conversation, "tenantId")
    kind, whole = _text(body, "type"), _text(conversation, "id")
    if not (kind and whole and tenant):
        raise InvalidActivity
    place, _, thread = whole.partition(_THREAD)
    team, seen_as = _dict(channel, "team"), _dict(body, "recipient")
    targeted = seen_as.get("isTargeted") is True or _has_targeted_treatment(body)
    return TeamsActivity(
        type=kind,
        name=_text(body, "name"),
        activity_id=_text(body, "id"),
        event_id=_event_id(body, kind, whole),
        tenant=tenant,
        service_url=_text(body, "serviceUrl"),
        user_id=_text(sender, "id"),
        user_name=_text(sender, "name"),
        object_id=_text(sender, "aadObjectId"),
        bot_id=_text(seen_as, "id"),
        scope=_scope(conversation, place),
        conversation=place,
        thread=thread,
        team_id=_text(team, "id"),
        group_id=_text(team, "aadGroupId"),
        channel_kind=_text(_dict(channel, "channel"), "type"),
        event_type=_text(channel, "eventType"),
        action=_text(body, "action"),
        language=(_text(body, "locale") or _client_info(body, "locale")).partition("-")[0].lower(),
        timezone=_zone(body),
        text=_text(body, "text"),
        mentions=tuple(_mentions(body)),
        is_targeted=targeted,
        added_ids=_ids(body, "membersAdded"),
        removed_ids=_ids(body, "membersRemoved"),
        value=_dict(body, "value"),
    )


def _event_id(body: Mapping[str, Any], kind: str, conversation: str) -> str:
    """What tells it from all others. An invoke's own id is of the card that was tapped, or missing: then it is all."""
    own = _text(body, "id")
    if kind == "message" and own:
        return f"message:{conversation}:{own}"
    digest = sha256(json.dumps(body, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:DIGEST_DIGITS]
    return f"{kind}:{own}:{digest}"


def _scope(conversation: Mapping[str, Any], place: str) -> Scope:
    known = _text(conversation, "conversationType")
    if known in set(Scope):
        return Scope(known)
    if place.endswith(CHANNEL_SUFFIXES):
        return Scope.CHANNEL
    return Scope.GROUP if conversation.get("isGroup") or place.startswith("19:") else Scope.PERSONAL


def _mentions(body: Mapping[str, Any]) -> list[Mention]:
    found = []
    for entity in _entities(body, "mention"):
        who = _dict(entity, "mentioned")
        if user := _text(who, "id"):
            found.append(Mention(user, _text(who, "name"), _text(entity, "text")))
    return found


def _has_targeted_treatment(body: Mapping[str, Any]) -> bool:
    return any(entity.get("treatment") == "targeted" for entity in _entities(body, "activityTreatment"))


def _zone(body: Mapping[str, Any]) -> str:
    zone = _text(body, "localTimezone") or _client_info(body, "timezone")
    return zone if _ZONE.fullmatch(zone) else ""


def _client_info(body: Mapping[str, Any], name: str) -> str:
    return next((_text(entity, name) for entity in _entities(body, "clientInfo")), "")


def _entities(body: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """Of this kind; Teams writes the kinds with a capital letter or without."""
    entities = body.get("entities")
    found = entities if isinstance(entities, list) else []
    return [one for one in found if isinstance(one, dict) and _text(one, "type").lower() == kind.lower()]


def _ids(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    members = body.get(name)
    return tuple(_text(one, "id") for one in members if isinstance(one, dict)) if isinstance(members, list) else ()


def _dict(body: Mapping[str, Any], name: str) -> Json:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
