"""A stored transition, against a bare SQLAlchemy transaction of the very same statements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Executable, event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.port import Scene, Tapped, Typed
from bot import database, migrate
from bot import tables as t
from bot.clock import Wake, wall
from bot.conversation import Conversation
from bot.library import Library
from flows.people import Place
from tests.bench.row import Goal, Row
from tests.bench.talk import ann, gates

Values = dict[str, Any]
Rows = list[Values]

WARM_UP = 10
TALKS = 50


@dataclass(slots=True)
class Recorder:
    """Keeps the statements of one transaction, to be executed again elsewhere."""

    statements: list[tuple[Executable, Rows | Values | None]] = field(default_factory=list)

    def listen(self, engine: AsyncEngine) -> None:
        """Record what this engine executes."""
        event.listen(engine.sync_engine, "before_execute", self._keep)

    async def replay(self, engine: AsyncEngine) -> None:
        """The same statements as objects, already built: only SQLAlchemy and the database are at work."""
        async with engine.begin() as tx:
            for statement, parameters in self.statements:
                result = await tx.execute(statement, parameters)
                if result.returns_rows:
                    result.first()

    def _keep(
        self, _connection: Connection, statement: Executable, several: Rows, one: Values, _options: object
    ) -> None:
        self.statements.append((statement, several or one or None))


async def rows(library: Library, folder: Path) -> list[Row]:
    """Each transition runs once through `receive` and at once again, bare, on a database of the same content."""
    async with _database(library, folder / "ours.db") as ours, _database(library, folder / "bare.db") as bare:
        recorder = Recorder()
        recorder.listen(ours)
        conversation = Conversation(ours, library, wall, Wake())
        pairs = [
            pair
            for number in range(WARM_UP + TALKS)
            for pair in await _talk(conversation, f"talk-{number}", recorder, bare)
        ]
        assert await _size(ours) == await _size(bare)
    timed = pairs[len(pairs) * WARM_UP // (WARM_UP + TALKS) :]
    stored, floor = (median(figures) * 1e3 for figures in zip(*timed, strict=True))
    against = f"bare SQLAlchemy transaction: {floor:.2f} ms"
    return [Row("stored transition, p50", stored, "ms", Goal("<=", 2, "x"), against, stored / floor)]


async def _talk(
    conversation: Conversation, name: str, recorder: Recorder, bare: AsyncEngine
) -> list[tuple[float, float]]:
    """Seconds of each transition of one talk, ours and bare. The start is not timed."""
    scene = Scene(Place("web", "practice", name))
    recorder.statements.clear()
    answer = await conversation.receive(Typed(name, ann(), scene, "Acme"))
    await recorder.replay(bare)
    flow = conversation.library.start("")
    pairs = []
    for visit, gate in enumerate(gates(flow), 1):
        tap = Tapped(f"{name}-{visit}", ann(), answer.recovery, visit, f"choose:{gate}")
        recorder.statements.clear()
        began = perf_counter()
        await conversation.receive(tap)
        half = perf_counter()
        await recorder.replay(bare)
        pairs.append((half - began, perf_counter() - half))
    return pairs


@asynccontextmanager
async def _database(library: Library, file: Path) -> AsyncIterator[AsyncEngine]:
    engine = database.create(database.url_of(f"sqlite:///{file}"))
    try:
        await migrate.upgrade(engine)
        async with engine.begin() as tx:
            await library.keep(tx)
        yield engine
    finally:
        await engine.dispose()


async def _size(engine: AsyncEngine) -> list[int]:
    """Rows in each table: the bare transactions must have written what ours did."""
    async with engine.begin() as tx:
        return [
            (await tx.execute(select(func.count()).select_from(table))).scalar_one()
            for table in t.metadata.sorted_tables
        ]
