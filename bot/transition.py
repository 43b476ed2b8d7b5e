"""The durable half of a transition: the event, the state and every effect become rows in one transaction."""

from typing import Any

from sqlalchemy import Connection

from bot import store
from bot.library import Library
from flows.effects import (
    ClearTimer,
    Effect,
    Passed,
    PostLineToThread,
    PostSummaryToThread,
    Recorded,
    SetTimer,
    ShowCard,
    Unrecorded,
    Whisper,
)
from flows.engine import advance
from flows.events import Event
from flows.flow import Flow
from flows.people import Person
from flows.recovery import Recovery, Version
from flows.summary import summary
from flows.voice import Voice, line_text, whisper_text

Effects = tuple[Effect, ...]


def take(
    tx: Connection, library: Library, found: tuple[Recovery, int], event: Event, now: float
) -> tuple[Recovery, int, Effects]:
    """Advance a locked recovery by an event that comes from ourselves, and write what follows.

    Returns the recovery and its version as they are now, and the effects.
    """
    recovery, version = found
    flow = library.of(tx, recovery.flow, recovery.flow_version)
    after, effects = advance(flow, recovery, event, now)
    write(tx, library, flow, after, version, event, effects, now)
    return after, version + 1, effects


def write(
    tx: Connection,
    library: Library,
    flow: Flow,
    recovery: Recovery,
    version: int,
    event: Event,
    effects: Effects,
    now: float,
) -> None:
    """Write a transition over the version that it was made from."""
    store.save(tx, recovery, version)
    record(tx, library, flow, recovery, version + 1, event, effects, now)


def record(
    tx: Connection,
    library: Library,
    flow: Flow,
    recovery: Recovery,
    version: int,
    event: Event,
    effects: Effects,
    now: float,
) -> None:
    """Write the event that led to this version, and its effects: records, timers, and mail in its order.

    `version` names the transition, so that no message of it is ever sent twice.
    """
    store.remember(tx, recovery.id, version, event, now)
    voice = library.voice(recovery.language, recovery.timezone)
    mail: list[dict[str, Any]] = []
    for number, effect in enumerate(effects):
        match effect:
            case Recorded(entry=entry):
                store.put_entry(tx, recovery.id, entry)
            case Unrecorded(entry=entry_id):
                store.drop_entry(tx, recovery.id, entry_id)
            case Passed(passage=passage):
                store.add_passage(tx, recovery.id, passage)
            case SetTimer(name=name, due=due):
                store.set_timer(tx, recovery.id, name, due)
            case ClearTimer(name=name):
                store.clear_timer(tx, recovery.id, name)
            case ShowCard() | Whisper() | PostLineToThread() | PostSummaryToThread():
                row = {"recovery_id": recovery.id, "dedup": f"{recovery.id}:{version}:{number}", "at": now}
                mail.append(row | _mail(flow, recovery, effect, voice))
            case _:  # a form answers the request itself
                continue
    if mail:
        store.send(tx, mail)


def _mail(
    flow: Flow,
    recovery: Recovery,
    effect: ShowCard | Whisper | PostLineToThread | PostSummaryToThread,
    voice: Voice,
) -> dict[str, Any]:
    match effect:
        case ShowCard(to=to):
            return _to_person(to, {"kind": "card", "to": _person(to)}, card=f"{recovery.id}:{to.user}")
        case Whisper(to=to, nudge=nudge):
            text = whisper_text(flow, recovery, effect, voice)
            return _to_person(to, {"kind": "whisper", "to": _person(to), "text": text, "nudge": nudge})
        case PostLineToThread():
            return _to_thread(recovery, {"kind": "post", "text": line_text(effect, voice), "internal": False})
        case PostSummaryToThread(version=version):
            text = summary(flow, recovery, version, voice)
            internal = version is Version.INTERNAL
            return _to_thread(recovery, {"kind": "post", "text": text, "internal": internal, "version": version.value})


def _to_person(to: Person, body: dict[str, Any], card: str | None = None) -> dict[str, Any]:
    workspace = f"{to.platform}:{to.workspace}"
    return {"lane": f"{workspace}:@{to.user}", "workspace": workspace, "body": body, "card": card}


def _to_thread(recovery: Recovery, body: dict[str, Any]) -> dict[str, Any]:
    place = recovery.place
    workspace = f"{place.platform}:{place.workspace}"
    return {"lane": f"{workspace}:{place.conversation}", "workspace": workspace, "body": body, "card": None}


def _person(person: Person) -> dict[str, str]:
    names = ("platform", "workspace", "user", "name")
    return {name: getattr(person, name) for name in names}
