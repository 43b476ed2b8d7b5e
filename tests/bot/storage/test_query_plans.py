"""Nothing that is done every day reads a whole table, however full it is: asked of the databases' own planners."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, Delete, Engine, Insert, Select, Update, event

from adapters.port import Outgoing, PrivateMessageOut, Undeliverable
from adapters.shared.storage import with_commit
from adapters.web import rooms, visitors
from adapters.web.delivery import WebPlatform
from bot.server.bootstrap import Runtime
from bot.storage import accounts, people, queries, recoveries
from bot.storage import tables as t
from bot.storage.outbox import queues, results
from bot.workers import housekeeping
from flows.state.delivery_failure import DeliveryFailure
from flows.state.identity import Place
from tests.application_harness import fire_due_timers
from tests.bot.storage.full_database import fill
from tests.bot.storage.test_postgres_outage import wait_until_delivered
from tests.conftest import SetClock
from tests.server_process import Visitor

MODULES = (recoveries, people, queries, accounts, queues, results, housekeeping, rooms, visitors)
PARTS = {"_WAITING", "_HEADS", "_OLD", "_OLD_SENT", "_OLD_FAILED", "_WITHOUT_DATE", "_VISIBLE"}
"""Only other statements are made of them."""
RARE = {"_RELEASE_ALL", "_LIST", "_RESEND", "_FAILED_SUMMARIES"}
"""At the start of a process with SQLite; when an operator asks."""
SMALL = {"pause", "compatibility", "flow_source", "alembic_version"}
OF_FEW_ROWS = {"ix_outbox_head", "ix_outbox_failed"}
"""Indexes of what waits and of what was given up: all of such an index may be read."""


@dataclass(slots=True)
class StatementRecorder:
    """What the driver was given to run, and which statements of ours that was."""

    ran: dict[str, tuple[Any, int]] = field(default_factory=dict)
    ours: set[int] = field(default_factory=set)

    def hear(self, _tx: object, _cursor: object, text: str, values: Any, context: Any, many: bool) -> None:  # noqa: ANN401, FBT001 - SQLAlchemy's event
        which = id(getattr(context, "invoked_statement", None))
        self.ours.add(which)
        if text.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            self.ran.setdefault(text, (values[0] if many else values, which))


@contextmanager
def recorded_statements(engine: Engine) -> Iterator[StatementRecorder]:
    recorder = StatementRecorder()
    event.listen(engine, "before_cursor_execute", recorder.hear)
    yield recorder
    event.remove(engine, "before_cursor_execute", recorder.hear)


def statements(module: ModuleType, dialect: str) -> Iterator[tuple[str, object]]:
    """The module's own statements by name, as they are on this database."""
    for name, value in vars(module).items():
        statement = value.get(dialect) if isinstance(value, dict) else value
        if isinstance(statement, Select | Insert | Update | Delete) and name not in PARTS | RARE:
            yield f"{module.__name__}.{name}", statement


@pytest.fixture
async def everyday(room: Runtime, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> StatementRecorder:
    """What is run on a full database by people, timers, delivery and housekeeping: each of our statements."""
    await room.database.run(with_commit(lambda tx: fill(tx, clock.now)))
    await room.database.run(with_commit(lambda tx: tx.exec_driver_sql("ANALYZE")))
    monkeypatch.setattr(WebPlatform, "deliver", refusing_lines(WebPlatform.deliver))
    with recorded_statements(room.database.engine) as recorder:
        await a_day(room, clock)
    dialect = room.database.engine.dialect.name
    own = {name: id(statement) for module in MODULES for name, statement in statements(module, dialect)}
    assert [name for name, statement in own.items() if statement not in recorder.ours] == []
    return recorder


Deliver = Callable[[WebPlatform, Outgoing], Awaitable[float]]


def refusing_lines(deliver: Deliver) -> Deliver:
    """The practice room refuses nothing by itself."""

    async def refusing(platform: WebPlatform, outgoing: Outgoing) -> float:
        if isinstance(outgoing, PrivateMessageOut):
            raise Undeliverable(DeliveryFailure.CHAT_CLOSED)
        return await deliver(platform, outgoing)

    return refusing


async def a_day(room: Runtime, clock: SetClock) -> None:
    async with TestClient(TestServer(room.web), cookie_jar=CookieJar(unsafe=True)) as client:
        ana = Visitor(client.session, f"http://{client.host}:{client.port}")
        await ana.enter()
        for text in ("Acme", "status", "hours", "hours 9-17", "quiet on", "quiet off"):
            await post_form(ana, "say", text=f"/trust-recover {text}", **{"as": "responder"})
        here = Place("web", "practice", ana.room)
        (mine,) = await room.database.run(lambda tx: recoveries.ids_in_place(tx, here, open_only=False))
        await post_form(ana, "tap", recovery=mine, card_revision="1", action="choose:ready")
        await post_form(ana, "fill", recovery=mine, form="note:facts", text="late")
        await post_form(ana, "tap", recovery=mine, card_revision="2", action="remove:e1")
        for role in ("client", "responder"):
            await post_form(ana, "say", text="late again", **{"as": role})
        await post_form(ana, "share", has_external_users="on")
        await post_form(ana, "me", name="Anna", timezone="Europe/Madrid", language="en")
        await ana.enter()
    recovery = await room.database.run(lambda tx: recoveries.load(tx, mine))
    assert recovery
    ana_key = recovery.responder
    clock.forward(3600)
    await fire_due_timers(room.database, room.timers, clock)
    await wait_until_delivered(room, t.outbox.c.recovery_id == mine)
    await room.housekeeping.round()
    await rooms.Rooms(room.database).after(ana.room, 0, ana_key.user_id)
    for seldom in (
        lambda tx: recoveries.load(tx, mine),
        lambda tx: recoveries.postpone_timers(tx, mine, clock.now, clock.now),
        lambda tx: recoveries.restart_nudges(tx, clock.now),
        lambda tx: recoveries.history(tx, mine),
        lambda tx: recoveries.ids_in_conversation(tx, here),
        lambda tx: queries.led_recoveries(tx, ana_key),
        lambda tx: queries.watched_recoveries(tx, ana_key),
        lambda tx: queries.open_commitments(tx, ana_key),
        lambda tx: people.save_language(tx, ana_key, "Europe/Madrid", "en"),
        lambda tx: people.save_observers(tx, replace(recovery, observers=(ana_key,))),
        lambda tx: accounts.account_at(tx, replace(here, thread="1")),
        lambda tx: accounts.move_conversation(tx, replace(here, conversation="gone"), "here"),
        lambda tx: queues.pause_workspace(tx, "web:elsewhere", clock.now, clock.now),
        lambda tx: queues.release_queue(tx, "web:practice:@u1", "mine"),
    ):
        await room.database.run(seldom)


async def post_form(visitor: Visitor, what: str, **fields: str) -> None:
    status, reply = await visitor.post(what, **fields)
    assert (status, reply["errors"]) == (200, {}), reply


def whole_tables(tx: Connection, text: str, values: Any, *, often: bool) -> set[str]:  # noqa: ANN401 - a driver's parameters
    """The tables, or the indexes of many rows, that this statement would read from end to end."""
    if tx.dialect.name == "sqlite":
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        scans = [re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$", row.detail) for row in plan]
        return {scan[1] for scan in scans if scan and scan[1] != "CONSTANT" and scan[2] not in OF_FEW_ROWS}
    plans = [tx.exec_driver_sql(f"EXPLAIN {text}", values)]
    if often:
        plans.append(tx.exec_driver_sql(generic_plan_query(text)))
    return {scan[1] for plan in plans for row in plan if (scan := re.search(r"Seq Scan on (\w+)", row[0]))}


def generic_plan_query(text: str) -> str:
    """To explain a statement as it may be planned once the driver has prepared it: for any values."""
    places: dict[str, int] = {}
    dollars = re.sub(r"%\((\w+)\)s", lambda name: f"${places.setdefault(name[1], len(places) + 1)}", text)
    return f"EXPLAIN (GENERIC_PLAN) {dollars}"


async def test_no_statement_of_everyday_reads_a_whole_table(room: Runtime, everyday: StatementRecorder) -> None:
    seldom = {id(scans) for _, scans in statements(housekeeping, room.database.engine.dialect.name)}

    def full_scans(tx: Connection) -> list[str]:
        return [
            f"{table}: {' '.join(text.split())}"
            for text, (values, which) in everyday.ran.items()
            for table in whole_tables(tx, text, values, often=which not in seldom) - SMALL
        ]

    scans = await room.database.run(full_scans)
    assert not scans, "\n".join(scans)
