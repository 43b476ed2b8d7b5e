"""The durable half of a transition: the event, the state and every effect become rows in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot import outbox, people, store
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
from flows.events import Event, HandOver, ObserverJoins, ObserverLeaves
from flows.flow import Flow
from flows.people import Person
from flows.recovery import Recovery, Version
from flows.summary import summary
from flows.voice import Voice, line_text, whisper_text

Effects = tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A transition that is to be written: what it came to, from which version (0: from nothing), and its mail."""

    recovery: Recovery
    version: int
    event: Event
    effects: Effects
    mail: tuple[dict[str, Any], ...]

    @property
    def found(self) -> tuple[Recovery, int]:
        """The recovery and its version after it."""
        return self.recovery, self.version + 1


def step(tx: Connection, library: Library, found: tuple[Recovery, int], event: Event, now: float) -> Done:
    """Advance a locked recovery by an event that comes from ourselves."""
    recovery, version = found
    flow = library.of(tx, recovery.flow, recovery.flow_version)
    after, effects = advance(flow, recovery, event, now)
    return done(library, flow, after, version, event, effects, now)


def done(
    library: Library, flow: Flow, recovery: Recovery, version: int, event: Event, effects: Effects, now: float
) -> Done:
    """A transition with its mail worded. `version` names it, so that no message of it is ever sent twice."""
    voice = library.voice(recovery.language, recovery.timezone)
    mail = tuple(
        {"recovery_id": recovery.id, "dedup": f"{recovery.id}:{version + 1}:{number}", "at": now}
        | _mail(flow, recovery, effect, voice)
        for number, effect in enumerate(effects)
        if isinstance(effect, ShowCard | Whisper | PostLineToThread | PostSummaryToThread)
    )
    return Done(recovery, version, event, effects, mail)


def write(tx: Connection, transitions: Sequence[Done], now: float) -> None:
    """Write transitions: state, events, records, timers, and mail in its order."""
    if changed := [(one.recovery, one.version) for one in transitions if one.version]:
        store.save(tx, changed)
    store.remember(tx, [(one.recovery.id, one.version + 1, one.event) for one in transitions], now)
    for one in transitions:
        if isinstance(one.event, HandOver | ObserverJoins | ObserverLeaves):
            people.observe(tx, one.recovery)
        for effect in one.effects:
            _keep(tx, one.recovery.id, effect)
    if mail := [row for one in transitions for row in one.mail]:
        outbox.send(tx, mail)


def _keep(tx: Connection, recovery_id: str, effect: Effect) -> None:
    match effect:
        case Recorded(entry=entry):
            store.put_entry(tx, recovery_id, entry)
        case Unrecorded(entry=entry_id):
            store.drop_entry(tx, recovery_id, entry_id)
        case Passed(passage=passage):
            store.add_passage(tx, recovery_id, passage)
        case SetTimer(name=name, due=due):
            store.set_timer(tx, recovery_id, name, due)
        case ClearTimer(name=name):
            store.clear_timer(tx, recovery_id, name)
        case _:  # mail, or a form that answers the request itself
            pass


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
        case PostLineToThread(inside=inside):
            return _to_thread(
                recovery, {"kind": "post", "text": line_text(effect, voice), "internal": inside, "line": True}
            )
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
    where = {"conversation": place.conversation, "thread": place.thread}
    return {"lane": f"{workspace}:{place.conversation}", "workspace": workspace, "body": body | where, "card": None}


def _person(person: Person) -> dict[str, str]:
    names = ("platform", "workspace", "user", "name")
    return {name: getattr(person, name) for name in names}
