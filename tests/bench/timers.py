"""Ten thousand live recoveries whose timers come due over a minute: how late they fire, and the server's memory."""

import random
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import insert, select

from adapters.web.tables import room_item
from bot.storage import flow_registry
from bot.storage import tables as t
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.engine.timer_names import NUDGE_TIMER
from flows.state.codec import dump_event
from flows.state.events import StartRecovery
from flows.state.identity import Person, Place
from tests.bench.database import connected, postgres
from tests.bench.row import Goal, Row
from tests.bench.server import migrate, serving
from tests.bench.speed import p99
from tests.bench.stored_rows import new_row

LIVE = 10_000
SECONDS_TO_START = 20
"""From the first row to a server that is ready; the first timer is due then."""
SECONDS = 60
"""Over so many, all timers come due."""
SECONDS_TO_END = 120
"""After the last one is due, all must have been delivered."""
SECONDS_BETWEEN_LOOKS = 1.0
MILLISECONDS = 1e3
MEGABYTE = 1e6

Times = dict[str, float]
"""By recovery: epoch seconds."""


class Run(NamedTuple):
    """Seconds by which each firing, and each nudge's arrival, came after its time; and the server's memory in bytes."""

    fired: list[float]
    received: list[float]
    memory: int


def rows() -> list[Row]:
    """One run on each database; every timer counts."""
    flow = flow_registry.load_registry("trust-recovery", None).newest_or_default("")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        sqlite = f"sqlite:///{folder / 'timers.db'}"
        migrate(sqlite)
        urls = {"SQLite": sqlite, "PostgreSQL": stack.enter_context(postgres()).database("timers")}
        return [row for kind, url in urls.items() for row in _rows(kind, _run(url, flow))]


def _rows(kind: str, run: Run) -> list[Row]:
    name, times = f"{LIVE:,} timers, {kind}", {"fired": run.fired, "received": run.received}
    goals = {"fired": Goal("<=", 50, "ms"), "received": None}
    late = [
        Row(f"{name}: {what} late, {which}", of(seconds) * MILLISECONDS, "ms", goals[what] if of is p99 else None)
        for what, seconds in times.items()
        for which, of in (("p50", median), ("p99", p99))
    ]
    return [*late, Row(f"{name}: memory (RSS)", run.memory / MEGABYTE, "MB", Goal("<=", 200, "MB"))]


def _run(database_url: str, flow: Flow) -> Run:
    first = time.time() + SECONDS_TO_START
    due = _seeded(database_url, flow, first)
    with serving(database_url) as server:
        if time.time() > first:
            message = f"The seed and the start took more than {SECONDS_TO_START} s: the first timers were late before."
            raise RuntimeError(message)
        time.sleep(first + SECONDS - time.time())  # looking costs time on the same cores
        received = _received(database_url, until=first + SECONDS + SECONDS_TO_END)
        memory = server.process.memory_info().rss
    fired = _fired(database_url)
    return Run(_late(fired, due), _late(received, due), memory)


def _seeded(database_url: str, flow: Flow, first: float) -> Times:
    """Store the recoveries, begun just now, and their timers; when each is due. They come at random, as people do."""
    chance = random.Random(1)
    due = {f"timer-{number}": first + chance.uniform(0, SECONDS) for number in range(LIVE)}
    now = time.time()
    starts = [_start(recovery_id) for recovery_id in due]
    recoveries = [advance(flow, None, start, now)[0] for start in starts]
    events = [{"recovery_id": e.recovery_id, "number": 1, "occurred_at": now, "body": dump_event(e)} for e in starts]
    timers = [{"recovery_id": recovery_id, "name": NUDGE_TIMER, "due_at": at} for recovery_id, at in due.items()]
    with connected(database_url) as engine, engine.begin() as tx:
        tx.execute(insert(t.recovery), [new_row(recovery) for recovery in recoveries])
        tx.execute(insert(t.event), events)
        tx.execute(insert(t.timer), timers)
    return due


def _start(name: str) -> StartRecovery:
    """Everybody leads a recovery of their own in a place of its own."""
    return StartRecovery(name, Person("web", "practice", name, name), "Acme", Place("web", "practice", name), "en")


def _received(database_url: str, until: float) -> Times:
    """When the practice room had each nudge, by its own clock."""
    c = room_item.c
    with connected(database_url) as engine:
        while True:
            with engine.connect() as tx:
                result = {
                    row.room: row.created_at
                    for row in tx.execute(select(c.room, c.created_at).where(c.kind == "nudge"))
                }
            if len(result) == LIVE:
                return result
            if time.time() > until:
                message = f"Only {len(result):,} of {LIVE:,} nudges arrived."
                raise RuntimeError(message)
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _fired(database_url: str) -> Times:
    """When each firing began: its event's time is the clock just before its transaction."""
    fired = select(t.event.c.recovery_id, t.event.c.occurred_at).where(t.event.c.number == 2)
    with connected(database_url) as engine, engine.connect() as tx:
        return {row.recovery_id: row.occurred_at for row in tx.execute(fired)}


def _late(times: Times, due: Times) -> list[float]:
    assert times.keys() == due.keys()
    return [at - due[recovery_id] for recovery_id, at in times.items()]
