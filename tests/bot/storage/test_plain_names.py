"""Revision 0005: a database of the release before keeps its data, and its recoveries go on.

`release_before_plain_names.json` holds the rows that the program of the release before wrote itself: four recoveries
with every kind of event, messages that wait, failed or were sent, and timers. Its databases had the same rows on SQLite
and on PostgreSQL. Some messages that were sent are left out.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from sqlalchemy import Engine, MetaData, func, insert, inspect, select, text

from adapters.port import ButtonTap
from adapters.shared.storage import with_commit
from adapters.web.tables import room_item
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import database, migrate, recoveries
from bot.storage import tables as t
from bot.storage.flow_registry import FlowRegistry
from bot.storage.outbox import queues
from bot.storage.outbox.messages import CardMessage, load_message
from flows.engine.advance import advance
from flows.state.events import DeliveryFailed, DeliverySucceeded
from flows.state.recovery import Recovery
from migrations.plain_names import json_names
from migrations.plain_names.names import TABLES
from tests.bot.storage.test_migrations import differences, migrate_to
from tests.conftest import SetClock

RELEASE_BEFORE = json.loads((Path(__file__).parents[1] / "data" / "release_before_plain_names.json").read_text("utf-8"))
ROWS: dict[str, list[dict[str, Any]]] = RELEASE_BEFORE["tables"]
DAY_SECONDS = 86_400.0


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    """A database as the release before left it."""
    engine = database.make_engine(database.driver_url(empty_database_url))
    migrate_to(engine, "0004")
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as tx:
        for table in tables.sorted_tables:
            if table.name in ROWS and table.name != "floor":
                tx.execute(insert(table), ROWS[table.name])
        if tx.dialect.name == "postgresql":
            tx.execute(text("SELECT setval('outbox_id_seq', (SELECT max(id) FROM outbox))"))
    yield engine
    engine.dispose()


@pytest.fixture
def upgraded(engine: Engine) -> Engine:
    """By this revision, and those after it."""
    migrate_to(engine, "head")
    return engine


@pytest.fixture
async def room(upgraded: Engine, empty_database_url: str) -> AsyncIterator[Runtime]:
    """The program of today on it, at the time when the release before was stopped."""
    upgraded.dispose()
    settings = Settings(database_url=empty_database_url, port=0, _env_file=None)
    with database.open_database(database.driver_url(empty_database_url)) as db:
        db.transact(with_commit(queues.release_all_queues))  # the lease that it held has ended
    async with running_application(settings, SetClock(RELEASE_BEFORE["now"] + 60)) as parts:
        yield parts


async def recovery_of(room: Runtime, account: str) -> Recovery:
    (row,) = (row for row in ROWS["recovery"] if row["account"] == account)
    recovery = await room.database.run(lambda tx: recoveries.load(tx, row["id"]))
    assert recovery
    return recovery


async def states(room: Runtime) -> dict[str, int]:
    """How many messages are in each state."""
    query = select(t.outbox.c.state, func.count()).group_by(t.outbox.c.state)
    return await room.database.run(lambda tx: {row[0]: row[1] for row in tx.execute(query)})


async def wait_until_sent(room: Runtime) -> None:
    """Wait until nothing is waiting to be sent. The outbox tells nobody, so this has to look."""
    async with asyncio.timeout(10):
        while (await states(room)).get("pending"):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


def test_the_tables_are_those_of_the_code(upgraded: Engine) -> None:
    with upgraded.connect() as tx:
        assert differences(tx) == []


def test_no_row_is_lost(upgraded: Engine) -> None:
    cards = [row for row in ROWS["room_item"] if row["kind"] == "card"]
    waiting = {row["card"] for row in ROWS["outbox"] if row["state"] == "pending"}
    new_messages = {row["key"].removeprefix("card:") for row in cards} - waiting  # one may lie in two rooms
    more = {"outbox": len(new_messages), "room_item": -len(cards)}
    assert cards
    assert new_messages
    with upgraded.connect() as tx:
        for table, rows in ROWS.items():
            count = tx.execute(text(f"SELECT count(*) FROM {TABLES.get(table, table)}")).scalar()  # noqa: S608 - our own names
            assert count == len(rows) + more.get(table, 0), table


def test_an_open_recovery_in_teams_gets_a_new_card_for_all_whose_old_buttons_are_refused(engine: Engine) -> None:
    """The guides there are messages in people's chats, with buttons by the old names."""
    (acme, *_) = (row for row in ROWS["recovery"] if row["closed_at"] is None)
    dana = {"platform": "teams", "workspace": "tenant", "user": "29:dana", "name": "Dana"}
    ben = dana | {"user": "29:ben", "name": "Ben"}
    in_teams = acme | {"platform": "teams", "workspace": "tenant", "responder": "29:dana"}
    state = acme["data"] | {"responder": dana, "observers": [ben]}
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as tx:
        for row in (in_teams | {"id": "open"}, in_teams | {"id": "over", "closed_at": 1.0}):
            tx.execute(insert(tables.tables["recovery"]), row | {"data": state})
    migrate_to(engine, "head")
    with engine.connect() as tx:
        cards = tx.execute(select(t.outbox).where(t.outbox.c.queue.like("teams:%")).order_by(t.outbox.c.id)).all()
        assert [(card.recovery_id, card.queue, card.card_key, card.state) for card in cards] == [
            ("open", "teams:tenant:@29:dana", "open:29:dana", "pending"),
            ("open", "teams:tenant:@29:ben", "open:29:ben", "pending"),
        ]
        message = load_message(cards[0].body)
        assert isinstance(message, CardMessage)
        assert (message.recipient.user_id, message.recipient.name) == ("29:dana", "Dana")
        queues = tx.execute(select(t.queue.c.key).where(t.queue.c.workspace == "teams:tenant")).scalars().all()
        assert sorted(queues) == ["teams:tenant:@29:ben", "teams:tenant:@29:dana"]


def test_columns_keep_what_was_in_them(upgraded: Engine) -> None:
    entries = {(row["recovery_id"], row["id"]): row for row in ROWS["entry"]}
    messages = {row["dedup"]: row for row in ROWS["outbox"]}
    with upgraded.connect() as tx:
        for entry in tx.execute(select(t.entry)):
            old = entries[entry.recovery_id, entry.id]
            now = (entry.field_id, entry.recorded_at, entry.recorded_by, entry.expression, entry.is_confirmed)
            assert now == (old["field"], old["at"], old["by_user"], old["told"], old["confirmed"])
        for message in tx.execute(select(t.outbox).where(t.outbox.c.idempotency_key.in_(messages))):
            old = messages[message.idempotency_key]
            assert (message.id, message.queue, message.card_key) == (old["id"], old["lane"], old["card"])
            assert message.state == {"dead": "failed"}.get(old["state"], old["state"])
            times = (message.queued_at, message.sent_at, message.failed_at)
            assert times == (old["at"], old["settled_at"], old["dead_at"])
            assert load_message(message.body)


def test_every_event_can_be_read_and_all_of_them_give_the_same_state(upgraded: Engine, shipped: FlowRegistry) -> None:
    with upgraded.connect() as tx:
        for row in ROWS["recovery"]:
            flow = shipped.get_version(tx, row["flow"], row["flow_version"])
            replayed = None
            for event, now in recoveries.history(tx, row["id"]):
                replayed, _ = advance(flow, replayed, event, now)
            stored = recoveries.load(tx, row["id"])
            assert replayed is not None
            assert stored is not None
            # What that release did not keep (who wrote, what was posted) cannot come out of its events.
            assert _course(replayed) == _course(stored)


def _course(recovery: Recovery) -> tuple[object, ...]:
    """What is on record of a recovery, and how far it came."""
    notes = [(entry.id, entry.field_id, entry.step, entry.recorded_at) for entry in recovery.entries]
    people = (recovery.responder, recovery.observers)
    return recovery.step, recovery.closed_at, notes, recovery.step_visits, people, recovery.first_yes_at


async def test_what_waited_is_delivered_and_every_card_is_seen_again(room: Runtime) -> None:
    await wait_until_sent(room)
    failed_rows = [row for row in ROWS["outbox"] if row["state"] == "dead"]
    assert (await states(room))["failed"] == len(failed_rows)
    query = select(room_item.c.key).where(room_item.c.kind == "card")
    cards = await room.database.run(lambda tx: set(tx.execute(query).scalars()))
    assert cards == {row["key"] for row in ROWS["room_item"] if row["kind"] == "card"}
    async with TestServer(room.web) as server, ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        session.cookie_jar.update_cookies({"trust_recover": "secret of ana"}, server.make_url("/"))
        async with session.get(server.make_url("/room/acme")) as response:
            page = await response.text()
    assert response.status == 200
    acme = await recovery_of(room, "Acme")
    assert f'data-recovery="{acme.id}" data-card-revision="{acme.card_revision}"' in page


async def test_a_recovery_goes_on_where_it_was(room: Runtime) -> None:
    before = await recovery_of(room, "Cord")
    assert before.step == "feelings"
    tap = ButtonTap("a tap of today", before.responder, before.id, before.card_revision, "choose:confirmed")
    assert (await room.application.receive(tap)).notice == ""
    after = await recovery_of(room, "Cord")
    assert (after.step, after.entries) == ("acknowledge", before.entries)


async def test_timers_of_the_release_before_fire(room: Runtime) -> None:
    clock = room.timers.clock
    assert isinstance(clock, SetClock)
    await wait_until_sent(room)
    clock.forward(7 * DAY_SECONDS)
    while not await room.timers.fire():
        continue
    await wait_until_sent(room)
    query = select(t.entry.c.state).where(t.entry.c.kind == "commitment")
    assert "late" in await room.database.run(lambda tx: tx.execute(query).scalars().all())


async def test_a_failed_message_of_the_release_before_is_sent_again_and_arrives(room: Runtime) -> None:
    await wait_until_sent(room)
    now = RELEASE_BEFORE["now"]
    again = await room.database.run(with_commit(lambda tx: queues.resend_failed(tx, (), now)))
    assert again
    room.delivery.wake.messages.set()
    await wait_until_sent(room)
    bolt = await recovery_of(room, "Bolt")
    kinds = [type(event) for event, _ in await room.database.run(lambda tx: recoveries.history(tx, bolt.id))]
    assert kinds[-1] in {DeliverySucceeded, DeliveryFailed}


def test_the_release_before_refuses_to_start_with_a_clear_word(upgraded: Engine) -> None:
    """It knows 0001 to 0004, and takes another revision only if the table `floor` names one of these.

    Without such a table it says: "The database was written by a newer release."
    """
    with upgraded.connect() as tx:
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalar() not in {
            "0001",
            "0002",
            "0003",
            "0004",
        }
        assert not inspect(tx).has_table("floor")


def test_this_release_works_with_it(upgraded: Engine, empty_database_url: str) -> None:
    upgraded.dispose()
    with database.open_database(database.driver_url(empty_database_url)) as db:
        migrate.check_revision(db)


# --- shapes that are not in that database

HELLO = {"blocks": [{"kind": "paragraph", "text": "Hello", "empty_lines_above": 0}]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"line": True, "internal": True}, {"kind": "line", "is_internal": True, "text": "Hello"}),
        ({"line": True, "internal": False}, {"kind": "line", "is_internal": False, "text": "Hello"}),
        ({"internal": False}, {"kind": "line", "is_internal": False, "text": "Hello"}),
        ({"internal": True}, {"kind": "summary", "summary_version": "internal", "document": HELLO}),
        ({"internal": False, "version": "client"}, {"kind": "summary", "summary_version": "client", "document": HELLO}),
    ],
)
def test_posts_of_all_ages_become_lines_and_summaries(old: dict[str, Any], new: dict[str, Any]) -> None:
    body = json_names.message({"kind": "post", "text": "Hello", **old}, "accounts", "1")
    assert body == new | {"conversation": "accounts", "thread": "1"}
    assert load_message(body)


def test_a_post_keeps_the_place_that_it_names() -> None:
    old = {"kind": "post", "text": "Hello", "internal": False, "line": True, "conversation": "old", "thread": "2"}
    assert json_names.message(old, "new", "3")["conversation"] == "old"


@pytest.mark.parametrize("data", [{"kind": "something newer", "event": {}}, {"number": 1}])
def test_what_is_not_known_is_left_as_it_is(data: dict[str, Any]) -> None:
    assert json_names.event(data) == data
    assert json_names.message(data, "", "") == data
