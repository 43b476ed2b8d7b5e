"""Stored recoveries by the million: the rows of one real recovery, copied inside PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    column,
    insert,
    literal,
    select,
    table,
    text,
    true,
)
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from bot.storage import tables as t
from tests.bench.database import connected
from tests.bench.load import serial
from tests.bench.practice_room import begun, ended
from tests.bench.server import Server
from tests.bench.steps import Way

NOTES = 9
"""Facts of the recovery. With the words that the client said yes to, a recovery has ten entries."""
MOST = 2
"""Passages, events and messages of the recovery that are copied, of each: all of them would need more than 20 GB."""
WAITING = 4
"""Of so many recoveries one has a timer, due in a month."""
SECONDS_UNTIL_DUE = 30 * 86_400
_SEED = table("seed", column("id", String), column("number", Integer))
_MAKE_SEED = (
    "CREATE TEMPORARY TABLE seed AS SELECT id, row_number() OVER (ORDER BY id)::int AS number"
    " FROM (SELECT md5(n::text) AS id FROM generate_series(1, :count) AS n) AS ids ORDER BY id"
)


async def lead_recovery(server: Server, way: Way) -> str:
    """Lead a recovery with ten entries to its close; the id of its recovery."""
    async with begun(server, 1) as (one,):
        first, *others = one.taps(way)
        await serial(server.port, [first])
        for number in range(NOTES):
            note = {"text": f"The export was empty on Monday, for the {number}. time.", "expression": "said"}
            status, reply = await one.visitor.post("fill", recovery=one.recovery, form="note:facts", **note)
            assert status == 200, reply
        await serial(server.port, others)
        await ended([one], way)
        return one.recovery


def multiply(database_url: str, recovery_id: str, count: int) -> None:
    """Store so many copies of this recovery under new ids. Their state, as JSON, stays as it is: nothing reads it here.

    The practice room's own tables are left as they are: it stands for a platform, which keeps its own.
    """
    with connected(database_url) as engine, engine.begin() as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))  # foreign keys hold by construction
        tx.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        tx.execute(text(_MAKE_SEED), {"count": count})
        tx.execute(text("ANALYZE seed"))
        with _without_indexes(tx, (t.entry, t.step_visit, t.event, t.inbox, t.outbox)):
            for copies in _copies(recovery_id):
                tx.execute(copies)
        tx.execute(text("ANALYZE"))
    with connected(database_url) as engine, engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))


@contextmanager
def _without_indexes(tx: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Make the indexes of these tables anew when their rows are there: four times as quick as row by row."""
    constraints = [constraint for table in tables for constraint in table.constraints]
    keys = [key for key in constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
    indexes = [index for table in tables for index in table.indexes]
    for key in keys:
        tx.execute(DropConstraint(key))
    for index in indexes:
        tx.execute(DropIndex(index))
    yield
    for key in keys:
        tx.execute(AddConstraint(key))
    for index in indexes:
        tx.execute(CreateIndex(index))


def _copies(recovery_id: str) -> Iterator[Insert]:
    """A statement for each table, in the order of their foreign keys."""
    new, queue = _SEED.c.id, literal("web:practice:@") + _SEED.c.id
    events, inbox, outbox = t.event.c, t.inbox.c, t.outbox.c
    of = {table: table.c.recovery_id == recovery_id for table in (t.entry, t.step_visit, t.event, t.inbox, t.outbox)}
    sent = select(outbox.id).where(of[t.outbox]).order_by(outbox.id).limit(MOST)
    taken = select(inbox.event_id).where(of[t.inbox]).order_by(inbox.received_at).limit(MOST)
    queues = select(outbox.queue).where(of[t.outbox])
    yield _copied(t.recovery, t.recovery.c.id == recovery_id, id=new, conversation=new, responder=new)
    yield _copied(t.entry, of[t.entry], recovery_id=new)
    yield _copied(t.step_visit, of[t.step_visit] & (t.step_visit.c.number <= MOST), recovery_id=new)
    yield _copied(t.event, of[t.event] & (events.number <= MOST), recovery_id=new)
    yield _copied(t.inbox, inbox.event_id.in_(taken), event_id=new + inbox.event_id, recovery_id=new)
    yield _copied(t.queue, t.queue.c.key.in_(queues), key=queue)
    yield _copied(
        t.outbox, outbox.id.in_(sent), idempotency_key=new + outbox.idempotency_key, queue=queue, recovery_id=new
    )
    due = literal(time() + SECONDS_UNTIL_DUE) + _SEED.c.number
    timers = select(new, literal("nudge"), due).where(_SEED.c.number % WAITING == 0)
    yield insert(t.timer).from_select(["recovery_id", "name", "due_at"], timers)


def _copied(table: Table, which: ColumnElement[bool], **changed: ColumnElement[Any]) -> Insert:
    """These rows of a table, once for each new id; the database numbers them itself where it numbers rows."""
    columns = [column for column in table.c if column is not table.autoincrement_column]
    values = [changed.get(column.name, column) for column in columns]
    rows = select(*values).select_from(_SEED.join(table, true())).where(which)
    return insert(table).from_select([column.name for column in columns], rows)
