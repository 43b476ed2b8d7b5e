"""What the database says, read beside the workers and without a lock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, Row, Select, create_engine, func, select

from bot.storage import tables as t
from bot.storage.database import driver_url
from bot.storage.tables import IS_PENDING
from tests.concurrency.fake_platform import PATIENCE

T = TypeVar("T")

BETWEEN_LOOKS = 0.02
FIRED = select(t.event).where(t.event.c.body["kind"].as_string() == "TimerDue")
WAITING = select(t.outbox).where(IS_PENDING)
MAIL = select(t.outbox).order_by(t.outbox.c.id)


@dataclass(frozen=True, slots=True)
class DatabaseReader:
    """Looks into the workers' database."""

    engine: Engine

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._read, work)

    async def rows(self, query: Select[Any]) -> list[Row[Any]]:
        return await self.read(lambda tx: list(tx.execute(query).all()))

    async def count(self, query: Select[Any]) -> int:
        return await self.read(lambda tx: count(tx, query))

    async def until(self, true: Callable[[Connection], object]) -> None:
        """Wait until this is so. The database of other processes tells nobody, so this has to look."""
        async with asyncio.timeout(PATIENCE):
            while not await self.read(true):  # noqa: ASYNC110 - see above
                await asyncio.sleep(BETWEEN_LOOKS)

    async def until_no_mail(self) -> None:
        """Wait until there is no mail to send."""
        await self.until(lambda tx: not count(tx, WAITING))

    async def until_quiet(self) -> None:
        """Wait until there is no mail to send and no timer to fire."""
        await self.until(lambda tx: not count(tx, WAITING) and not count(tx, select(t.timer)))

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self.engine.connect() as tx:
            return work(tx)


def count(tx: Connection, query: Select[Any]) -> int:
    return tx.execute(select(func.count()).select_from(query.subquery())).scalar_one()


@asynccontextmanager
async def database_reader(database_url: str) -> AsyncIterator[DatabaseReader]:
    """Without a pool: each look is in a thread, and takes SQLite's plain BEGIN, which locks out no writer."""
    engine = create_engine(driver_url(database_url), poolclass=NullPool)
    yield DatabaseReader(engine)
    engine.dispose()
