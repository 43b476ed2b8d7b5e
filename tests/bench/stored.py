"""A stored transition, against a bare SQLAlchemy transaction of the very same statements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Executable, event, func, select

from adapters.port import ButtonTap, RequestContext, TypedCommand
from adapters.shared.storage import with_commit
from bot.clock import WakeSignals, system_clock
from bot.service.application import RecoveryApplication
from bot.storage import migrate
from bot.storage import tables as t
from bot.storage.database import Database, driver_url
from bot.storage.flow_registry import FlowRegistry
from flows.state.identity import Place
from tests.bench.recovery import ann, gates
from tests.bench.row import Goal, Row

Values = dict[str, Any]
Rows = list[Values]

WARM_UP = 10
RECOVERIES = 50


@dataclass(slots=True)
class Recorder:
    """Keeps the statements of one transaction, to be executed again elsewhere."""

    statements: list[tuple[Executable, Rows | Values | None]] = field(default_factory=list)

    def listen(self, database: Database) -> None:
        """Record what this database executes."""
        event.listen(database.engine, "before_execute", self._keep)

    def replay(self, tx: Connection) -> None:
        """The same statements as objects, already built: only SQLAlchemy and the database are at work."""
        for statement, parameters in self.statements:
            result = tx.execute(statement, parameters)
            if result.returns_rows:
                result.first()
        tx.commit()

    def _keep(
        self, _connection: Connection, statement: Executable, several: Rows, one: Values, _options: object
    ) -> None:
        self.statements.append((statement, several or one or None))


async def rows(library: FlowRegistry, folder: Path) -> list[Row]:
    """Each transition runs once through `receive` and at once again, bare, on a database of the same content."""
    async with _database(library, folder / "ours.db") as ours, _database(library, folder / "bare.db") as bare:
        recorder = Recorder()
        recorder.listen(ours)
        conversation = RecoveryApplication(ours, library, system_clock, WakeSignals())
        pairs = [
            pair
            for number in range(WARM_UP + RECOVERIES)
            for pair in await _time_recovery(conversation, f"talk-{number}", recorder, bare)
        ]
        assert ours.transact(_size) == bare.transact(_size)
    timed = pairs[len(pairs) * WARM_UP // (WARM_UP + RECOVERIES) :]
    stored, floor = (median(figures) * 1e3 for figures in zip(*timed, strict=True))
    against = f"bare SQLAlchemy transaction: {floor:.2f} ms"
    return [Row("stored transition, p50", stored, "ms", Goal("<=", 2, "x"), against, stored / floor)]


async def _time_recovery(
    conversation: RecoveryApplication, name: str, recorder: Recorder, bare: Database
) -> list[tuple[float, float]]:
    """Seconds of each transition of one recovery, ours and bare. The start is not timed."""
    scene = RequestContext(Place("web", "practice", name))
    recorder.statements.clear()
    answer = await conversation.receive(TypedCommand(name, ann(), scene, "Acme"))
    await bare.run(recorder.replay)
    flow = conversation.registry.newest_or_default("")
    pairs = []
    for visit, gate in enumerate(gates(flow), 1):
        tap = ButtonTap(f"{name}-{visit}", ann(), answer.recovery_id, visit, f"choose:{gate}")
        recorder.statements.clear()
        began = perf_counter()
        await conversation.receive(tap)
        half = perf_counter()
        await bare.run(recorder.replay)
        pairs.append((half - began, perf_counter() - half))
    return pairs


@asynccontextmanager
async def _database(library: FlowRegistry, file: Path) -> AsyncIterator[Database]:
    database = Database(driver_url(f"sqlite:///{file}"))
    try:
        migrate.upgrade(database)
        database.transact(with_commit(library.store_sources))
        yield database
    finally:
        await database.close()


def _size(tx: Connection) -> list[int]:
    """Rows in each table: the bare transactions must have written what ours did."""
    return [tx.execute(select(func.count()).select_from(table)).scalar_one() for table in t.metadata.sorted_tables]
