"""What nobody asks for any more is cleared away by its age; what was said and promised stays."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, event, func, insert, select

from adapters.shared.storage import with_commit
from bot.clock import Timer, WakeSignals
from bot.storage import tables as t
from bot.workers.clock_watch import ClockWatch
from bot.workers.housekeeping import BATCH_ROWS, SECONDS_PER_DAY, Housekeeping, Retention
from tests.application_harness import ResponderSession
from tests.bot.delivery_harness import DeliveryHarness

KEEP = Retention(inbox_days=7, sent_days=30, failed_days=90)
RECORD = ("recovery", "entry", "step_visit", "event", "timer", "person", "queue")


@pytest.fixture
async def session(post: DeliveryHarness) -> ResponderSession:
    """A recovery of long ago, with a promise, all delivered; its inbox and outbox are emptied."""
    session = await post.closed()
    await session.note("commitment", who="Ana", what="call", when="@none")
    await post.deliver()
    post.clock.forward(1000 * SECONDS_PER_DAY)
    await post.application.database.run(
        with_commit(lambda tx: (tx.execute(delete(t.outbox)), tx.execute(delete(t.inbox))))
    )
    return session


def housekeeping_of(post: DeliveryHarness, timer: Timer | None = None) -> Housekeeping:
    wake = WakeSignals()
    watch = ClockWatch(post.clock, timer or post.clock, wake)
    return Housekeeping(post.application.database, KEEP, post.clock, wake, watch)


@pytest.fixture
def housekeeping(post: DeliveryHarness) -> Housekeeping:
    return housekeeping_of(post)


def message(session: ResponderSession, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a row's values
    row = {"queue": "test:north:@ana", "recovery_id": session.id, "idempotency_key": name, "queued_at": 0.0, "body": {}}
    return row | {"state": "sent", "sent_at": None, "failed_at": None} | more


async def fill(post: DeliveryHarness, table: Table, rows: list[dict[str, Any]]) -> None:
    await post.application.database.run(with_commit(lambda tx: tx.execute(insert(table), rows)))


async def left(post: DeliveryHarness) -> list[str]:
    """The messages that are still there."""
    query = select(t.outbox.c.idempotency_key).order_by(t.outbox.c.idempotency_key)
    return await post.application.database.run(lambda tx: list(tx.execute(query).scalars()))


async def counts(post: DeliveryHarness, *tables: str) -> dict[str, int]:
    def work(tx: Connection) -> dict[str, int]:
        return {
            name: tx.execute(select(func.count()).select_from(t.metadata.tables[name])).scalar_one() for name in tables
        }

    return await post.application.database.run(work)


async def test_messages_are_kept_as_long_as_the_settings_say(
    post: DeliveryHarness, session: ResponderSession, housekeeping: Housekeeping
) -> None:
    now = post.clock.now
    ages = {"sent": KEEP.sent_days * SECONDS_PER_DAY, "failed": KEEP.failed_days * SECONDS_PER_DAY}
    rows = [
        message(session, "sent old", sent_at=now - ages["sent"] - 1),
        message(session, "sent young", sent_at=now - ages["sent"] + 1),
        message(session, "failed old", state="failed", failed_at=now - ages["failed"] - 1),
        message(session, "failed young", state="failed", failed_at=now - ages["failed"] + 1),
        message(session, "pending old", state="pending"),
        message(session, "pending again", state="pending", failed_at=1.0),
    ]
    await fill(post, t.outbox, rows)
    assert await housekeeping.round() == 2
    assert await left(post) == ["failed young", "pending again", "pending old", "sent young"]


async def test_messages_that_the_release_before_sent_count_from_when_they_were_written(
    post: DeliveryHarness, session: ResponderSession, housekeeping: Housekeeping
) -> None:
    edge = post.clock.now - KEEP.sent_days * SECONDS_PER_DAY
    await fill(
        post, t.outbox, [message(session, "old", queued_at=edge - 1), message(session, "young", queued_at=edge + 1)]
    )
    await housekeeping.round()
    assert await left(post) == ["young"]


async def test_an_event_is_known_as_long_as_the_settings_say(
    post: DeliveryHarness, session: ResponderSession, housekeeping: Housekeeping
) -> None:
    edge = post.clock.now - KEEP.inbox_days * SECONDS_PER_DAY
    rows = [
        {"event_id": name, "recovery_id": session.id, "received_at": at}
        for name, at in (("old", edge - 1), ("new", edge + 1))
    ]
    await fill(post, t.inbox, rows)
    await housekeeping.round()
    query = select(t.inbox.c.event_id)
    assert await post.application.database.run(lambda tx: list(tx.execute(query).scalars())) == ["new"]


async def test_what_was_said_and_promised_stays(
    post: DeliveryHarness, session: ResponderSession, housekeeping: Housekeeping
) -> None:
    before = await counts(post, *RECORD)
    assert all(before.values())
    await fill(post, t.outbox, [message(session, "old", sent_at=0.0)])
    assert await housekeeping.round() == 1
    assert await counts(post, *RECORD) == before


@pytest.fixture
def batches(post: DeliveryHarness) -> Iterator[list[int]]:
    """How many rows each statement took away."""
    counts: list[int] = []

    def count(_tx: object, cursor: Any, statement: str, *_: object) -> None:  # noqa: ANN401 - a DBAPI's cursor
        if statement.startswith("DELETE"):
            counts.append(cursor.rowcount)

    event.listen(post.application.database.engine, "after_cursor_execute", count)
    yield counts
    event.remove(post.application.database.engine, "after_cursor_execute", count)


async def test_it_goes_in_small_batches_so_that_nobody_waits_long(
    post: DeliveryHarness, session: ResponderSession, housekeeping: Housekeeping, batches: list[int]
) -> None:
    sent_rows = [message(session, f"s{n}", sent_at=0.0) for n in range(1207)]
    dead = [message(session, f"d{n}", state="failed", failed_at=0.0) for n in range(700)]
    await fill(post, t.outbox, sent_rows + dead)
    await fill(post, t.inbox, [{"event_id": str(n), "recovery_id": session.id, "received_at": 0.0} for n in range(600)])
    batches.clear()
    assert await housekeeping.round() == sum(batches) == 1207 + 700 + 600
    assert max(batches) <= 500
    assert await counts(post, "outbox", "inbox") == {"outbox": 0, "inbox": 0}


async def test_two_processes_that_clear_at_once_take_each_row_once(
    post: DeliveryHarness, session: ResponderSession, housekeeping: Housekeeping
) -> None:
    await fill(post, t.outbox, [message(session, str(n), sent_at=0.0) for n in range(BATCH_ROWS + 1)])
    other = housekeeping_of(post)
    assert sum(await asyncio.gather(housekeeping.round(), other.round())) == BATCH_ROWS + 1
    assert await left(post) == []


async def test_a_process_that_stops_begins_no_other_batch(
    post: DeliveryHarness, session: ResponderSession, housekeeping: Housekeeping
) -> None:
    await fill(post, t.outbox, [message(session, str(n), sent_at=0.0) for n in range(BATCH_ROWS + 1)])
    housekeeping.wake.stop()
    assert await housekeeping.round() == 0
    assert len(await left(post)) == BATCH_ROWS + 1
