"""What a transition reads and writes, statement by statement. The caller holds the transaction; no HTTP in it.

The statements are made once: building one anew costs more than sending it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, update

from adapters.shared.storage import per_dialect, upsert
from bot.clock import MAX_CLOCK_SKEW_SECONDS
from bot.storage import people
from bot.storage import tables as t
from flows.engine.timer_names import NUDGE_TIMER
from flows.state import codec
from flows.state.entries import Commitment, Entry, Fact, Feeling, Level, Moment, Selection, Text
from flows.state.events import Event
from flows.state.identity import Person, Place
from flows.state.recovery import Recovery, StepVisit

RowValues = dict[str, Any]


class VersionConflict(RuntimeError):
    """A recovery's row changed under its lock: a bug, and nothing was written."""


_r = t.recovery.c
_OF_WORKSPACE = (_r.platform == bindparam("platform")) & (_r.workspace == bindparam("workspace"))
_LOAD = select(_r.data, _r.version).where(_r.id == bindparam("id"))
_LOCK = _LOAD.with_for_update()
_LOCK_IN_WORKSPACE = _LOAD.where(_OF_WORKSPACE).with_for_update()
_IN_PLACE = (
    select(_r.id, _r.responder)
    .where(_OF_WORKSPACE, _r.conversation == bindparam("conversation"), _r.thread == bindparam("thread"))
    .order_by(_r.started_at.desc(), _r.id)
)
_OPEN_IN_PLACE = _IN_PLACE.where(_r.closed_at.is_(None))
_IN_CONVERSATION = (
    select(_r.id, _r.responder)
    .where(_OF_WORKSPACE, _r.conversation == bindparam("conversation"))
    .order_by(_r.started_at.desc(), _r.id)
)
_OPEN_IN_CONVERSATION = _IN_CONVERSATION.where(_r.closed_at.is_(None))
_LED_BY = (
    select(_r.id)
    .where(_OF_WORKSPACE, _r.responder == bindparam("user_id"))
    .where(exists().where(t.timer.c.recovery_id == _r.id))
)
_CLAIM_EVENT = per_dialect(lambda insert_: insert_(t.inbox).on_conflict_do_nothing().returning(t.inbox.c.event_id))
_ADD = per_dialect(lambda insert_: insert_(t.recovery).on_conflict_do_nothing().returning(_r.id))
_MUTABLE_COLUMNS = ("version", "responder", "conversation", "thread", "step", "first_yes_at", "closed_at", "data")
_SAVE = (
    update(t.recovery)
    .where(_r.id == bindparam("of_id"), _r.version == bindparam("of_version"))
    .values({name: bindparam(name) for name in _MUTABLE_COLUMNS})
)
_HISTORY = (
    select(t.event.c.body, t.event.c.occurred_at).where(t.event.c.recovery_id == bindparam("id")).order_by("number")
)
_DELETE_ENTRY = delete(t.entry).where(t.entry.c.recovery_id == bindparam("of"), t.entry.c.id == bindparam("entry"))
_SAVE_ENTRY = upsert(
    t.entry, ("recovery_id", "id"), *(c.name for c in t.entry.c if c.name not in {"recovery_id", "id"})
)
_SET_TIMER = upsert(t.timer, ("recovery_id", "name"), "due_at", "set_at")
_MY_TIMER = t.timer.c.recovery_id == bindparam("of")
_CLEAR_TIMER = delete(t.timer).where(_MY_TIMER, t.timer.c.name == bindparam("named"))
_DUE = t.timer.c.due_at <= bindparam("now")
_DUE_ROWS = (
    select(_r.id, _r.version, _r.data)
    .join(t.timer, t.timer.c.recovery_id == _r.id)
    .where(_DUE)
    .order_by(t.timer.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(of=t.recovery, skip_locked=True)
)
_POSTPONE = update(t.timer).where(_MY_TIMER, _DUE).values(due_at=bindparam("until"), set_at=bindparam("now"))
_TAKE_DUE_TIMERS = (
    delete(t.timer)
    .where(t.timer.c.recovery_id.in_(bindparam("ids", expanding=True)), _DUE)
    .returning(t.timer.c.recovery_id, t.timer.c.name, t.timer.c.due_at)
)
_RESTART_NUDGES = (
    update(t.timer)
    .where(t.timer.c.set_at > bindparam("latest_beginning"), t.timer.c.name == NUDGE_TIMER)
    .values(due_at=bindparam("now") + (t.timer.c.due_at - t.timer.c.set_at), set_at=bindparam("now"))
)
_NEXT_DUE = select(func.min(t.timer.c.due_at))
_APPEND_EVENTS = insert(t.event)
_SAVE_STEP_VISIT = insert(t.step_visit)


def lock(tx: Connection, recovery_id: str, person: Person) -> tuple[Recovery, int] | None:
    """A recovery of this person's workspace and its version, locked until the transaction ends."""
    mine = {"id": recovery_id, "platform": person.platform, "workspace": person.workspace}
    return _recovery_and_version(tx.execute(_LOCK_IN_WORKSPACE, mine).first())


def lock_internal(tx: Connection, recovery_id: str) -> tuple[Recovery, int] | None:
    """The same for an id of our own, never one that came from outside."""
    return _recovery_and_version(tx.execute(_LOCK, {"id": recovery_id}).first())


def load(tx: Connection, recovery_id: str) -> Recovery | None:
    """A recovery as it is, unlocked, for drawing. For our own ids only, never one that came from outside."""
    recovery_and_version = _recovery_and_version(tx.execute(_LOAD, {"id": recovery_id}).first())
    return recovery_and_version[0] if recovery_and_version else None


def ids_in_place(tx: Connection, place: Place, *, led_by: Person | None = None, open_only: bool) -> list[str]:
    """The ids of the recoveries bound to a place, newest first."""
    here = {name: getattr(place, name) for name in ("platform", "workspace", "conversation", "thread")}
    rows = tx.execute(_OPEN_IN_PLACE if open_only else _IN_PLACE, here)
    return [row.id for row in rows if led_by is None or row.responder == led_by.user_id]


def ids_in_conversation(
    tx: Connection, place: Place, *, led_by: Person | None = None, open_only: bool = True
) -> list[str]:
    """The ids of the recoveries bound to a conversation, whatever the thread, newest first."""
    here = {name: getattr(place, name) for name in ("platform", "workspace", "conversation")}
    rows = tx.execute(_OPEN_IN_CONVERSATION if open_only else _IN_CONVERSATION, here)
    return [row.id for row in rows if led_by is None or row.responder == led_by.user_id]


def ids_led_by(tx: Connection, person: Person) -> list[str]:
    """The ids of the recoveries with timers that this person leads, or led when they were closed."""
    return list(tx.execute(_LED_BY, people.person_key(person)).scalars())


def claim_event(tx: Connection, event_id: str, recovery_id: str, now: float) -> bool:
    """Take the event in; False if it was taken in before."""
    row = {"event_id": event_id, "recovery_id": recovery_id, "received_at": now}
    return tx.execute(_CLAIM_EVENT[tx.dialect.name], row).first() is not None


def insert_recovery(tx: Connection, recovery: Recovery) -> bool:
    """Write a new recovery; False if it is there already."""
    place = recovery.place
    values = _columns(recovery) | {
        "id": recovery.id,
        "platform": place.platform,
        "workspace": place.workspace,
        "flow": recovery.flow,
        "flow_version": recovery.flow_version,
        "account": recovery.account,
        "started_at": recovery.started_at,
        "version": 1,
    }
    return tx.execute(_ADD[tx.dialect.name], values).first() is not None


def update_recoveries(tx: Connection, changes: Sequence[tuple[Recovery, int]]) -> None:
    """Write recoveries, each over the version that it was made from.

    Raises:
        Lost: one is not that version any more.

    """
    rows = [
        {"of_id": recovery.id, "of_version": version, "version": version + 1} | _columns(recovery)
        for recovery, version in changes
    ]
    if tx.execute(_SAVE, rows).rowcount != len(rows):
        message = f"one of these is no longer as it was: {', '.join(recovery.id for recovery, _ in changes)}"
        raise VersionConflict(message)


def append_events(tx: Connection, events: Sequence[tuple[str, int, Event]], now: float) -> None:
    """Keep the events themselves (recovery, number, event): replaying them all gives the same state."""
    rows = [
        {"recovery_id": recovery_id, "number": number, "occurred_at": now, "body": codec.dump_event(event)}
        for recovery_id, number, event in events
    ]
    tx.execute(_APPEND_EVENTS, rows)


def history(tx: Connection, recovery_id: str) -> list[tuple[Event, float]]:
    """Every event of a recovery with its time, in order."""
    return [(codec.load_event(row.body), row.occurred_at) for row in tx.execute(_HISTORY, {"id": recovery_id})]


def save_entry(tx: Connection, recovery_id: str, entry: Entry) -> None:
    """Write an entry, over its earlier self if there is one."""
    values = {
        "recovery_id": recovery_id,
        "id": entry.id,
        "field_id": entry.field_id,
        "kind": entry.value.kind,
        "step": entry.step,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by.user_id,
    }
    tx.execute(_SAVE_ENTRY[tx.dialect.name], values | _entry_columns(entry))


def delete_entry(tx: Connection, recovery_id: str, entry_id: str) -> None:
    """Take an entry away."""
    tx.execute(_DELETE_ENTRY, {"of": recovery_id, "entry": entry_id})


def save_step_visit(tx: Connection, recovery_id: str, visit: StepVisit) -> None:
    """Write how a step was left."""
    tx.execute(_SAVE_STEP_VISIT, visit._asdict() | {"recovery_id": recovery_id})


def set_timer(tx: Connection, recovery_id: str, name: str, due: float, now: float) -> None:
    """Set or move a timer."""
    row = {"recovery_id": recovery_id, "name": name, "due_at": due, "set_at": now}
    tx.execute(_SET_TIMER[tx.dialect.name], row)


def clear_timer(tx: Connection, recovery_id: str, name: str) -> None:
    """Clear a timer, if it is set."""
    tx.execute(_CLEAR_TIMER, {"of": recovery_id, "named": name})


def due_rows(tx: Connection, now: float, most: int) -> list[Row[Any, Any, Any]]:
    """The recoveries whose timers are due longest (id, version, data), locked; others' locks are passed over."""
    return list({row.id: row for row in tx.execute(_DUE_ROWS, {"now": now, "most": most})}.values())


def postpone_timers(tx: Connection, recovery_id: str, now: float, until: float) -> None:
    """Let this recovery's due timers wait."""
    tx.execute(_POSTPONE, {"of": recovery_id, "now": now, "until": until})


def take_due_timers(tx: Connection, recovery_ids: Collection[str], now: float) -> list[tuple[str, str]]:
    """Take away these recoveries' due timers, and return them (recovery, name) in the order of their times."""
    rows = tx.execute(_TAKE_DUE_TIMERS, {"ids": list(recovery_ids), "now": now})
    return [(row.recovery_id, row.name) for row in sorted(rows, key=lambda row: (row.due_at, row.name))]


def restart_nudges(tx: Connection, now: float) -> int:
    """Let the nudges wait as long as they were meant to, from now on, that a clock set which was ahead; their number.

    They stand for a time without an answer. Other timers stand for a promise or a day, and mean the clock on the wall.
    """
    wrong = {"now": now, "latest_beginning": now + MAX_CLOCK_SKEW_SECONDS}
    return tx.execute(_RESTART_NUDGES, wrong).rowcount


def next_due_time(tx: Connection) -> float | None:
    """When the next timer is due."""
    due: float | None = tx.execute(_NEXT_DUE).scalar()
    return due


def _recovery_and_version(row: Row[Any, Any] | None) -> tuple[Recovery, int] | None:
    return (codec.load_recovery(row.data), row.version) if row else None


def _columns(recovery: Recovery) -> RowValues:
    """What of a recovery changes, as columns for SQL beside the whole of it as JSON."""
    return {
        "responder": recovery.responder.user_id,
        "conversation": recovery.place.conversation,
        "thread": recovery.place.thread,
        "step": recovery.step,
        "first_yes_at": recovery.first_yes_at,
        "closed_at": recovery.closed_at,
        "data": codec.dump_recovery(recovery),
    }


_EMPTY: RowValues = dict.fromkeys(column.name for column in t.entry.c if column.nullable)


def _entry_columns(entry: Entry) -> RowValues:
    value = entry.value
    match value:
        case Fact():
            columns: RowValues = {name: getattr(value, name) for name in ("text", "expression", "holder", "standing")}
            columns |= {"our_view": value.our_view or None, "evidence": value.evidence or None}
        case Feeling():
            columns = {"text": value.word, "strength": value.strength, "is_confirmed": value.is_confirmed}
        case Commitment():
            columns = {"text": value.what, "who": value.who, "due_at": value.due_at, "state": value.state}
        case Text():
            columns = {"text": value.text, "is_confirmed": value.is_confirmed}
        case Selection():
            columns = {"text": ",".join(value.options)}
        case Level():
            columns = {"level": value.level}
        case Moment():
            columns = {"due_at": value.time}
    return _EMPTY | columns
