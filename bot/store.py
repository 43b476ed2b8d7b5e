"""What a transition reads and writes, statement by statement. The caller holds the transaction; no HTTP in it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, Update, delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import tables as t
from flows import codec
from flows.events import Event
from flows.people import Person, Place
from flows.recovery import Passage, Recovery
from flows.values import Commitment, Entry, Fact, Feeling, Level, Moment, Picked, Text

RowValues = dict[str, Any]


class Lost(RuntimeError):
    """A recovery's row changed under its lock: a bug, and nothing was written."""


async def locked(tx: AsyncConnection, recovery_id: str, person: Person) -> tuple[Recovery, int] | None:
    """A recovery of this person's workspace and its version, locked until the transaction ends."""
    mine = (t.recovery.c.platform == person.platform) & (t.recovery.c.workspace == person.workspace)
    query = select(t.recovery.c.data, t.recovery.c.version).where(t.recovery.c.id == recovery_id, mine)
    return _loaded((await tx.execute(query.with_for_update())).first())


async def load(tx: AsyncConnection, recovery_id: str) -> Recovery | None:
    """A recovery as it is, unlocked, for drawing. For our own ids only, never one that came from outside."""
    query = select(t.recovery.c.data, t.recovery.c.version).where(t.recovery.c.id == recovery_id)
    found = _loaded((await tx.execute(query)).first())
    return found[0] if found else None


async def in_place(tx: AsyncConnection, place: Place, *, led_by: Person | None = None, open_only: bool) -> list[str]:
    """The ids of the recoveries bound to a place, newest first."""
    c = t.recovery.c
    query = select(c.id).where(c.platform == place.platform, c.workspace == place.workspace)
    query = query.where(c.conversation == place.conversation, c.thread == place.thread)
    if led_by is not None:
        query = query.where(c.responder == led_by.user)
    if open_only:
        query = query.where(c.closed_at.is_(None))
    return list((await tx.execute(query.order_by(c.started_at.desc(), c.id))).scalars())


async def first_time(tx: AsyncConnection, event_id: str, recovery_id: str, now: float) -> bool:
    """Take the event in; False if it was taken in before."""
    row = _insert(tx, t.inbox).values(event_id=event_id, recovery_id=recovery_id, at=now)
    taken = await tx.execute(row.on_conflict_do_nothing().returning(t.inbox.c.event_id))
    return taken.first() is not None


async def add(tx: AsyncConnection, recovery: Recovery) -> bool:
    """Write a new recovery; False if it is there already."""
    place = recovery.place
    values = _columns(recovery) | {
        "id": recovery.id,
        "platform": place.platform,
        "workspace": place.workspace,
        "conversation": place.conversation,
        "thread": place.thread,
        "flow": recovery.flow,
        "flow_version": recovery.flow_version,
        "account": recovery.account,
        "started_at": recovery.started_at,
        "version": 1,
    }
    row = _insert(tx, t.recovery).values(values).on_conflict_do_nothing().returning(t.recovery.c.id)
    return (await tx.execute(row)).first() is not None


async def save(tx: AsyncConnection, recovery: Recovery, version: int) -> None:
    """Write a recovery over the version that it was made from.

    Raises:
        Lost: it is not that version any more.

    """
    mine = (t.recovery.c.id == recovery.id) & (t.recovery.c.version == version)
    written = await tx.execute(update(t.recovery).where(mine).values(_columns(recovery) | {"version": version + 1}))
    if written.rowcount != 1:
        message = f"recovery {recovery.id} is no longer at version {version}"
        raise Lost(message)


async def remember(tx: AsyncConnection, recovery_id: str, number: int, event: Event, now: float) -> None:
    """Keep the event itself: replaying them all gives the same state."""
    body = codec.dump_event(event)
    await tx.execute(insert(t.event).values(recovery_id=recovery_id, number=number, at=now, body=body))


async def history(tx: AsyncConnection, recovery_id: str) -> list[tuple[Event, float]]:
    """Every event of a recovery with its time, in order."""
    query = select(t.event.c.body, t.event.c.at).where(t.event.c.recovery_id == recovery_id).order_by(t.event.c.number)
    return [(codec.load_event(row.body), row.at) for row in await tx.execute(query)]


async def put_entry(tx: AsyncConnection, recovery_id: str, entry: Entry) -> None:
    """Write an entry, over its earlier self if there is one."""
    values = {
        "recovery_id": recovery_id,
        "id": entry.id,
        "field": entry.field,
        "kind": entry.value.kind,
        "step": entry.step,
        "at": entry.at,
        "by_user": entry.by.user,
    } | _entry_columns(entry)
    row = _insert(tx, t.entry).values(values)
    keys = ("recovery_id", "id")
    await tx.execute(row.on_conflict_do_update(index_elements=keys, set_=_without(values, keys)))


async def drop_entry(tx: AsyncConnection, recovery_id: str, entry_id: str) -> None:
    """Take an entry away."""
    await tx.execute(delete(t.entry).where(t.entry.c.recovery_id == recovery_id, t.entry.c.id == entry_id))


async def add_passage(tx: AsyncConnection, recovery_id: str, passage: Passage) -> None:
    """Write how a step was left."""
    values = passage._asdict() | {"recovery_id": recovery_id, "to_step": passage.to}
    await tx.execute(insert(t.passage).values(_without(values, ("to",))))


async def set_timer(tx: AsyncConnection, recovery_id: str, name: str, due: float) -> None:
    """Set or move a timer."""
    row = _insert(tx, t.timer).values(recovery_id=recovery_id, name=name, due_at=due)
    keys = ("recovery_id", "name")
    await tx.execute(row.on_conflict_do_update(index_elements=keys, set_={"due_at": row.excluded.due_at}))


async def clear_timer(tx: AsyncConnection, recovery_id: str, name: str) -> None:
    """Clear a timer, if it is set."""
    await tx.execute(delete(t.timer).where(t.timer.c.recovery_id == recovery_id, t.timer.c.name == name))


async def due_row(tx: AsyncConnection, now: float) -> Row[Any, Any, Any] | None:
    """The recovery whose timer is due longest (id, version, data), locked; others' locks are passed over."""
    query = (
        select(t.recovery.c.id, t.recovery.c.version, t.recovery.c.data)
        .join(t.timer, t.timer.c.recovery_id == t.recovery.c.id)
        .where(t.timer.c.due_at <= now)
        .order_by(t.timer.c.due_at)
        .limit(1)
        .with_for_update(of=t.recovery, skip_locked=True)
    )
    return (await tx.execute(query)).first()


async def postpone(tx: AsyncConnection, recovery_id: str, now: float, until: float) -> None:
    """Let this recovery's due timers wait."""
    mine = (t.timer.c.recovery_id == recovery_id) & (t.timer.c.due_at <= now)
    await tx.execute(update(t.timer).where(mine).values(due_at=until))


async def take_due(tx: AsyncConnection, recovery_id: str, now: float) -> list[str]:
    """Take away this recovery's due timers, and return their names in the order of their times."""
    mine = (t.timer.c.recovery_id == recovery_id) & (t.timer.c.due_at <= now)
    taken = await tx.execute(delete(t.timer).where(mine).returning(t.timer.c.name, t.timer.c.due_at))
    return [row.name for row in sorted(taken, key=lambda row: (row.due_at, row.name))]


async def next_due(tx: AsyncConnection) -> float | None:
    """When the next timer is due."""
    due: float | None = (await tx.execute(select(func.min(t.timer.c.due_at)))).scalar()
    return due


async def send(tx: AsyncConnection, recovery_id: str, now: float, mail: Sequence[tuple[str, str, RowValues]]) -> None:
    """Put messages into the outbox: `(lane, dedup key, body)` each, in order."""
    lanes = [{"key": key, "ready_at": 0.0, "lease_until": 0.0} for key in sorted({lane for lane, _, _ in mail})]
    await tx.execute(_insert(tx, t.lane).values(lanes).on_conflict_do_nothing())
    rows = [
        {"lane": lane, "recovery_id": recovery_id, "dedup": dedup, "at": now, "body": body}
        for lane, dedup, body in mail
    ]
    await tx.execute(insert(t.outbox).values(rows))


async def lease(tx: AsyncConnection, now: float, until: float, token: str, most: int) -> list[Row[Any]]:
    """Lease free lanes and return the first message of each. Lanes are locked first, then read afresh."""
    waits = t.outbox.c.state == "pending"
    free = (t.lane.c.ready_at <= now) & (t.lane.c.lease_until <= now)
    mail = exists().where(t.outbox.c.lane == t.lane.c.key, waits)
    lanes: Select[Any] = select(t.lane.c.key).where(free, mail).order_by(t.lane.c.ready_at).limit(most)
    keys = list((await tx.execute(lanes.with_for_update(skip_locked=True))).scalars())
    if not keys:
        return []
    heads = select(func.min(t.outbox.c.id)).where(t.outbox.c.lane.in_(keys), waits).group_by(t.outbox.c.lane)
    rows = list(await tx.execute(select(t.outbox).where(t.outbox.c.id.in_(heads))))
    if rows:
        leased = t.lane.c.key.in_([row.lane for row in rows])
        await tx.execute(update(t.lane).where(leased).values(lease_until=until, token=token))
        tried = t.outbox.c.id.in_([row.id for row in rows])
        await tx.execute(update(t.outbox).where(tried).values(attempts=t.outbox.c.attempts + 1))
    return rows


async def settle(
    tx: AsyncConnection, row: Row[Any], token: str, *, ready_at: float, state: str = "", problem: str | None = None
) -> bool:
    """Give a lane back, and mark its message unless it is to be tried again. False: the lease was lost meanwhile."""
    mine: Update = update(t.lane).where(t.lane.c.key == row.lane, t.lane.c.token == token)
    kept = await tx.execute(mine.values(lease_until=0.0, token=None, ready_at=ready_at))
    if kept.rowcount != 1:
        return False
    values = {"problem": problem} | ({"state": state} if state else {})
    await tx.execute(update(t.outbox).where(t.outbox.c.id == row.id).values(values))
    return True


async def release_leases(tx: AsyncConnection) -> None:
    """Give back every lane: only where no other process can hold one."""
    await tx.execute(update(t.lane).where(t.lane.c.token.is_not(None)).values(lease_until=0.0, token=None))


def _loaded(row: Row[Any, Any] | None) -> tuple[Recovery, int] | None:
    return (codec.load_recovery(row.data), row.version) if row else None


def _columns(recovery: Recovery) -> RowValues:
    """What of a recovery changes, as columns for SQL beside the whole of it as JSON."""
    return {
        "responder": recovery.responder.user,
        "step": recovery.step,
        "first_yes_at": recovery.first_yes_at,
        "closed_at": recovery.closed_at,
        "data": codec.dump_recovery(recovery),
    }


_EMPTY: RowValues = dict.fromkeys(
    ("text", "told", "holder", "standing", "our_view", "evidence", "strength", "confirmed", "who", "due_at", "state"),
) | {"level": None}


def _entry_columns(entry: Entry) -> RowValues:
    value = entry.value
    match value:
        case Fact():
            found: RowValues = {name: getattr(value, name) for name in ("text", "told", "holder", "standing")}
            found |= {"our_view": value.our_view or None, "evidence": value.evidence or None}
        case Feeling():
            found = {"text": value.word, "strength": value.strength, "confirmed": value.confirmed}
        case Commitment():
            found = {"text": value.what, "who": value.who, "due_at": value.due, "state": value.state}
        case Text():
            found = {"text": value.text, "confirmed": value.confirmed}
        case Picked():
            found = {"text": ",".join(value.options)}
        case Level():
            found = {"level": value.level}
        case Moment():
            found = {"due_at": value.at}
    return _EMPTY | found


def _without(values: RowValues, keys: tuple[str, ...]) -> RowValues:
    return {name: value for name, value in values.items() if name not in keys}


def _insert(tx: AsyncConnection, table: Any) -> Any:  # noqa: ANN401 - the two dialects' inserts share no base that has ON CONFLICT
    return (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(table)
