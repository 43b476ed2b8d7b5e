"""The floor of a durable step: its statements, made once, as synchronous SQLAlchemy transactions in threads."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Executable, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage import tables as t
from bot.storage.database import driver_url, make_engine
from bot.storage.outbox.messages import CardMessage, dump_message
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.state.codec import dump_event
from flows.state.identity import Person
from flows.state.recovery import Recovery
from tests.bench.recovery import begun, events
from tests.bench.speed import AT_ONCE, Speed
from tests.bench.stored_rows import changing, new_row

Values = dict[str, Any]

POSTGRES_THREADS = 16
SERIAL = 200
"""Transactions of a round, one at a time."""
EACH = 16
"""Transactions of each chain, with thirty-two chains at once."""

_R = t.recovery.c
_LOCK = select(_R.data, _R.version).where(_R.id == bindparam("of")).with_for_update()
_SAVE = (
    update(t.recovery)
    .where(_R.id == bindparam("of"), _R.version == bindparam("over"))
    .values({name: bindparam(name) for name in ("responder", "step", "first_yes_at", "closed_at", "data", "version")})
)
_EVENT, _STEP_VISIT, _MESSAGE = (insert(table) for table in (t.event, t.step_visit, t.outbox))


class _Inserts(NamedTuple):
    """The statements that know ON CONFLICT, in the database's own dialect."""

    inbox: Executable
    timer: Executable
    queue: Executable


def _inserts(dialect_insert: Callable[..., Any]) -> _Inserts:
    timer = dialect_insert(t.timer)
    return _Inserts(
        dialect_insert(t.inbox).on_conflict_do_nothing().returning(t.inbox.c.event_id),
        timer.on_conflict_do_update(index_elements=("recovery_id", "name"), set_={"due_at": timer.excluded.due_at}),
        dialect_insert(t.queue).on_conflict_do_nothing(),
    )


_INSERTS = {"sqlite": _inserts(sqlite.insert), "postgresql": _inserts(postgresql.insert)}


class _Tap(NamedTuple):
    """What one tap of the recovery writes."""

    columns: Values
    body: Values
    step_visit: Values


@dataclass(frozen=True, slots=True)
class Bare:
    """A database, and the recovery whose steps are written to it."""

    engine: Engine
    threads: ThreadPoolExecutor
    first: Recovery
    taps: tuple[_Tap, ...]

    def round(self) -> Speed:
        """One chain of transactions after the other, then thirty-two chains at once."""
        one = self.threads.submit(self._chain, self._add(), SERIAL).result()
        chains = [self._add() for _ in range(AT_ONCE)]
        began = perf_counter()
        list(self.threads.map(self._chain, chains, [EACH] * AT_ONCE))
        return Speed(median(one), (perf_counter() - began) / (AT_ONCE * EACH))

    def _add(self) -> str:
        """A recovery to begin with, untimed."""
        recovery_id = uuid.uuid4().hex
        with self.engine.begin() as tx:
            tx.execute(insert(t.recovery), new_row(self.first) | {"id": recovery_id})
        return recovery_id

    def _chain(self, recovery_id: str, steps: int) -> list[float]:
        """So many steps of one recovery; the seconds that each took."""
        seconds = []
        for version in range(1, steps + 1):
            tap = self.taps[version % len(self.taps)]
            began = perf_counter()
            with self.engine.begin() as tx:
                _step(tx, recovery_id, version, tap)
            seconds.append(perf_counter() - began)
        return seconds


@contextmanager
def bare(database_url: str, flow: Flow) -> Iterator[Bare]:
    """The floor on this database: one thread on SQLite, which has one writer, and sixteen on PostgreSQL."""
    threads = 1 if database_url.startswith("sqlite") else POSTGRES_THREADS
    engine = make_engine(driver_url(database_url), threads)
    with ThreadPoolExecutor(threads) as pool:
        yield Bare(engine, pool, begun(flow), tuple(_taps(flow)))
    engine.dispose()


def _taps(flow: Flow) -> Iterator[_Tap]:
    recovery = begun(flow)
    for event, now in events(flow):
        recovery, _effects = advance(flow, recovery, event, now)
        *visit, next_step = recovery.step_visits[-1][1:]
        names = ("step", "entered_at", "left_at", "left_by")
        yield _Tap(
            changing(recovery), dump_event(event), dict(zip(names, visit, strict=True)) | {"next_step": next_step}
        )


def _step(tx: Connection, recovery_id: str, version: int, tap: _Tap) -> None:
    """What a step reads and writes."""
    now, event_id, queue = float(version), f"{recovery_id}:{version}", f"web:practice:@{recovery_id}"
    inserts = _INSERTS[tx.dialect.name]
    tx.execute(_LOCK, {"of": recovery_id}).one()
    tx.execute(inserts.inbox, {"event_id": event_id, "recovery_id": recovery_id, "received_at": now}).one()
    tx.execute(_SAVE, tap.columns | {"of": recovery_id, "over": version, "version": version + 1})
    tx.execute(_EVENT, {"recovery_id": recovery_id, "number": version, "occurred_at": now, "body": tap.body})
    tx.execute(_STEP_VISIT, tap.step_visit | {"recovery_id": recovery_id, "number": version})
    tx.execute(inserts.timer, {"recovery_id": recovery_id, "name": "nudge", "due_at": now})
    tx.execute(inserts.queue, {"key": queue, "ready_at": 0.0, "lease_until": 0.0})
    body = dump_message(CardMessage(Person("web", "practice", "ann", "Ann")))
    tx.execute(
        _MESSAGE,
        {"queue": queue, "recovery_id": recovery_id, "idempotency_key": event_id, "queued_at": now, "body": body},
    )
