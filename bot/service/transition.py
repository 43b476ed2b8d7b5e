"""The durable half of a transition: the event, the state and every effect become rows in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.storage import outbox, people, recoveries
from bot.storage.flow_registry import FlowRegistry
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.state.effects import (
    ClearTimer,
    DeleteEntry,
    Effect,
    PostLineToThread,
    PostSummaryToThread,
    SaveEntry,
    SaveStepVisit,
    SendPrivateMessage,
    SetTimer,
    ShowCard,
)
from flows.state.events import AddObserver, Event, HandOver, RemoveObserver
from flows.state.identity import Person
from flows.state.recovery import Recovery, SummaryVersion
from flows.wording.localization import Localizer, private_message_text, thread_line_text
from flows.wording.summary import summary_text

Effects = tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class PreparedTransition:
    """A transition that is to be written: what it came to, from which version (0: from nothing), and its mail."""

    recovery: Recovery
    version: int
    event: Event
    effects: Effects
    messages: tuple[dict[str, Any], ...]

    @property
    def locked_recovery(self) -> tuple[Recovery, int]:
        """The recovery and its version after it."""
        return self.recovery, self.version + 1


def advance_locked(
    tx: Connection, registry: FlowRegistry, found: tuple[Recovery, int], event: Event, now: float
) -> PreparedTransition:
    """Advance a locked recovery by an event that comes from ourselves."""
    recovery, version = found
    flow = registry.get_version(tx, recovery.flow, recovery.flow_version)
    after, effects = advance(flow, recovery, event, now)
    return prepare_transition(registry, flow, after, version, event, effects, now)


def prepare_transition(
    registry: FlowRegistry, flow: Flow, recovery: Recovery, version: int, event: Event, effects: Effects, now: float
) -> PreparedTransition:
    """A transition with its mail worded. `version` names it, so that no message of it is ever sent twice."""
    localizer = registry.localizer(recovery.language, recovery.timezone)
    mail = tuple(
        {"recovery_id": recovery.id, "dedup": f"{recovery.id}:{version + 1}:{number}", "at": now}
        | _message_row(flow, recovery, effect, localizer)
        for number, effect in enumerate(effects)
        if isinstance(effect, ShowCard | SendPrivateMessage | PostLineToThread | PostSummaryToThread)
    )
    return PreparedTransition(recovery, version, event, effects, mail)


def save_transitions(tx: Connection, transitions: Sequence[PreparedTransition], now: float) -> None:
    """Write transitions: state, events, records, timers, and mail in its order."""
    if changed := [(one.recovery, one.version) for one in transitions if one.version]:
        recoveries.update_recoveries(tx, changed)
    recoveries.append_events(tx, [(one.recovery.id, one.version + 1, one.event) for one in transitions], now)
    for one in transitions:
        if isinstance(one.event, HandOver | AddObserver | RemoveObserver):
            people.save_observers(tx, one.recovery)
        for effect in one.effects:
            _save_effect(tx, one.recovery.id, effect)
    if mail := [row for one in transitions for row in one.messages]:
        outbox.add_messages(tx, mail)


def _save_effect(tx: Connection, recovery_id: str, effect: Effect) -> None:
    match effect:
        case SaveEntry(entry=entry):
            recoveries.save_entry(tx, recovery_id, entry)
        case DeleteEntry(entry_id=entry_id):
            recoveries.delete_entry(tx, recovery_id, entry_id)
        case SaveStepVisit(step_visit=passage):
            recoveries.save_step_visit(tx, recovery_id, passage)
        case SetTimer(timer_name=name, due_at=due):
            recoveries.set_timer(tx, recovery_id, name, due)
        case ClearTimer(timer_name=name):
            recoveries.clear_timer(tx, recovery_id, name)
        case _:  # mail, or a form that answers the request itself
            pass


def _message_row(
    flow: Flow,
    recovery: Recovery,
    effect: ShowCard | SendPrivateMessage | PostLineToThread | PostSummaryToThread,
    localizer: Localizer,
) -> dict[str, Any]:
    match effect:
        case ShowCard(recipient=to):
            return _person_message(to, {"kind": "card", "to": _person_columns(to)}, card=f"{recovery.id}:{to.user_id}")
        case SendPrivateMessage(recipient=to, is_nudge=nudge):
            text = private_message_text(flow, recovery, effect, localizer)
            return _person_message(
                to, {"kind": "private_message", "to": _person_columns(to), "text": text, "nudge": nudge}
            )
        case PostLineToThread(is_internal=inside):
            return _thread_message(
                recovery,
                {"kind": "post", "text": thread_line_text(effect, localizer), "internal": inside, "line": True},
            )
        case PostSummaryToThread(summary_version=version):
            text = summary_text(flow, recovery, version, localizer)
            internal = version is SummaryVersion.INTERNAL
            return _thread_message(
                recovery, {"kind": "post", "text": text, "internal": internal, "version": version.value}
            )


def _person_message(to: Person, body: dict[str, Any], card: str | None = None) -> dict[str, Any]:
    workspace = f"{to.platform}:{to.workspace}"
    return {"lane": f"{workspace}:@{to.user_id}", "workspace": workspace, "body": body, "card": card}


def _thread_message(recovery: Recovery, body: dict[str, Any]) -> dict[str, Any]:
    place = recovery.place
    workspace = f"{place.platform}:{place.workspace}"
    where = {"conversation": place.conversation, "thread": place.thread}
    return {"lane": f"{workspace}:{place.conversation}", "workspace": workspace, "body": body | where, "card": None}


def _person_columns(person: Person) -> dict[str, str]:
    names = ("platform", "workspace", "user_id", "name")
    return {name: getattr(person, name) for name in names}
