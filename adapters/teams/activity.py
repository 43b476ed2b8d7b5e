"""What Teams tells us, read once: who, where, and what happened. Nothing of it travels on as Teams' own object."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from adapters.teams.text import Json
from flows.errors import TrustRecoverError

CHANNELS = ("@thread.tacv2", "@thread.skype")
"""With which the ids of channels end."""
APP = "28:"
"""With which the ids of apps begin, those of people with 29:."""
_THREAD = ";messageid="
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
DIGITS = 32


class UnreadableActivity(TrustRecoverError):
    """Teams sends no such thing: it has no type, no tenant or no conversation."""


class Scope(StrEnum):
    """What kind of conversation it is."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who was mentioned. `text`: as it stands in the message."""

    user: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened in Teams.

    `conversation`: without its thread. `thread`: id of the thread's first message, in channels. `user`, `bot`: Teams'
    own ids; `object_id`: the person's id in their directory. `targeted`: for the app's eyes only, in a shared place.
    `language`, `timezone`: empty where the activity does not say. `event`: what changed, of a conversation.
    `added`, `removed`: ids of members. `value`: what an invoke brings.
    """

    kind: str
    name: str
    event_id: str
    tenant: str
    service_url: str
    user: str
    user_name: str
    object_id: str
    bot: str
    scope: Scope
    conversation: str
    thread: str
    team: str
    group: str
    channel_kind: str
    event: str
    action: str
    language: str
    timezone: str
    text: str
    mentions: tuple[Mention, ...]
    targeted: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    value: Json = field(repr=False)

    @property
    def menu(self) -> bool:
        """Whether it comes from a message's menu, which is there in any chat, also in those without the app."""
        return self.name.startswith("composeExtension/")

    @property
    def place(self) -> str:
        """The conversation as Teams wants to be answered: with its thread."""
        return threaded(self.conversation, self.thread)


def threaded(conversation: str, thread: str) -> str:
    """The id of a conversation's thread."""
    return f"{conversation}{_THREAD}{thread}" if thread else conversation


def unthreaded(conversation: str) -> str:
    """The conversation that a thread is in."""
    return conversation.partition(_THREAD)[0]


def read(body: Mapping[str, Any]) -> Activity:
    """Read what Teams sent.

    Raises:
        UnreadableActivity: it is none of what Teams sends.

    """
    sender, conversation, channel = _dict(body, "from"), _dict(body, "conversation"), _dict(body, "channelData")
    tenant = _text(_dict(channel, "tenant"), "id") or _text(conversation, "tenantId")
    kind, whole = _text(body, "type"), _text(conversation, "id")
    if not (kind and whole and tenant):
        raise UnreadableActivity
    place, _, thread = whole.partition(_THREAD)
    team, seen_as = _dict(channel, "team"), _dict(body, "recipient")
    targeted = seen_as.get("isTargeted") is True or _treated(body)
    return Activity(
        kind=kind,
        name=_text(body, "name"),
        event_id=_event_id(body, kind, whole),
        tenant=tenant,
        service_url=_text(body, "serviceUrl"),
        user=_text(sender, "id"),
        user_name=_text(sender, "name"),
        object_id=_text(sender, "aadObjectId"),
        bot=_text(seen_as, "id"),
        scope=_scope(conversation, place),
        conversation=place,
        thread=thread,
        team=_text(team, "id"),
        group=_text(team, "aadGroupId"),
        channel_kind=_text(_dict(channel, "channel"), "type"),
        event=_text(channel, "eventType"),
        action=_text(body, "action"),
        language=(_text(body, "locale") or _client(body, "locale")).partition("-")[0].lower(),
        timezone=_zone(body),
        text=_text(body, "text"),
        mentions=tuple(_mentions(body)),
        targeted=targeted,
        added=_ids(body, "membersAdded"),
        removed=_ids(body, "membersRemoved"),
        value=_dict(body, "value"),
    )


def _event_id(body: Mapping[str, Any], kind: str, conversation: str) -> str:
    """What tells it from all others. An invoke's own id is of the card that was tapped, or missing: then it is all."""
    own = _text(body, "id")
    if kind == "message" and own:
        return f"message:{conversation}:{own}"
    digest = sha256(json.dumps(body, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:DIGITS]
    return f"{kind}:{own}:{digest}"


def _scope(conversation: Mapping[str, Any], place: str) -> Scope:
    known = _text(conversation, "conversationType")
    if known in set(Scope):
        return Scope(known)
    if place.endswith(CHANNELS):
        return Scope.CHANNEL
    return Scope.GROUP if conversation.get("isGroup") or place.startswith("19:") else Scope.PERSONAL


def _mentions(body: Mapping[str, Any]) -> list[Mention]:
    found = []
    for entity in _entities(body, "mention"):
        who = _dict(entity, "mentioned")
        if user := _text(who, "id"):
            found.append(Mention(user, _text(who, "name"), _text(entity, "text")))
    return found


def _treated(body: Mapping[str, Any]) -> bool:
    return any(entity.get("treatment") == "targeted" for entity in _entities(body, "activityTreatment"))


def _zone(body: Mapping[str, Any]) -> str:
    zone = _text(body, "localTimezone") or _client(body, "timezone")
    return zone if _ZONE.fullmatch(zone) else ""


def _client(body: Mapping[str, Any], name: str) -> str:
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
