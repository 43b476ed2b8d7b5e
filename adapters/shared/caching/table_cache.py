"""A cache of rows by primary key. Reads and writes of several callers share a transaction."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cachetools import TTLCache
from sqlalchemy import BindParameter, Connection, Table, bindparam, select, tuple_
from sqlalchemy.exc import DBAPIError

from adapters.shared.caching.batching import Batcher
from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import Transactions, upsert

log = logging.getLogger(__name__)

MAX_CACHED_ROWS = 50_000

Key = tuple[str, ...]
Row = Mapping[str, Any]


class TableCache:
    """The cache of one table. `seconds`: for how long a row is kept, though another process may have changed it."""

    def __init__(self, database: Transactions, table: Table, clock: Callable[[], float], seconds: float) -> None:
        self._database = database
        self._names = tuple(column.name for column in table.primary_key)
        keys: BindParameter[list[Key]] = bindparam("wanted", expanding=True)
        self._find = select(table).where(tuple_(*table.primary_key).in_(keys))
        self._save = upsert(table, self._names, *(column.name for column in table.c if column.name not in self._names))
        self._rows: TTLCache[Key, Row] = TTLCache(MAX_CACHED_ROWS, seconds, SteadyClock(clock))
        self._find_batches = Batcher(self._find_all)
        self._save_batches = Batcher(self._save_all)
        self._save_tasks: set[asyncio.Task[None]] = set()

    async def find(self, *key: str) -> Row | None:
        """The row with this key."""
        row = self._rows.get(key)
        if row is None and (row := await self._find_batches.submit(key)) is not None:
            row = self._rows.setdefault(key, row)  # a row that was written meanwhile is newer
        return row

    def find_in_memory(self, *key: str) -> Row | None:
        """The row with this key, if it is in memory."""
        return self._rows.get(key)

    async def save(self, *key: str, **values: Any) -> None:  # noqa: ANN401 - columns
        """Write a row, in place of one with the same key."""
        row = dict(zip(self._names, key, strict=True)) | values
        await self._save_batches.submit(row)
        self._rows[key] = row

    def save_later(self, *key: str, **values: Any) -> None:  # noqa: ANN401 - columns
        """Change a row in memory and write it soon. What a crash loses is asked of the platform again."""
        row = {**self._rows.get(key, {}), **dict(zip(self._names, key, strict=True)), **values}
        self._rows[key] = row
        task = asyncio.create_task(self._save_quietly(row))
        self._save_tasks.add(task)
        task.add_done_callback(self._save_tasks.discard)

    async def close(self) -> None:
        """Wait until all rows are written."""
        await asyncio.gather(*self._save_tasks)

    async def _save_quietly(self, row: Row) -> None:
        try:
            await self._save_batches.submit(row)
        except DBAPIError as error:
            log.info("not stored, so the platform is asked again: %s", safe_description(error))

    def forget(self, *key: str) -> None:
        """Remove a row from memory: it is read again the next time."""
        self._rows.pop(key, None)

    def forget_all(self) -> None:
        """Remove all rows from memory."""
        self._rows.clear()

    def _key(self, row: Mapping[Any, Any]) -> Key:
        return tuple(row[name] for name in self._names)

    async def _find_all(self, keys: Sequence[Key]) -> Sequence[Row | None]:
        def work(tx: Connection) -> dict[Key, Row]:
            rows = tx.execute(self._find, {"wanted": list(set(keys))}).mappings().all()
            return {self._key(row): dict(row) for row in rows}

        rows_by_key = await self._database.run(work)
        return [rows_by_key.get(key) for key in keys]

    async def _save_all(self, rows: Sequence[Row]) -> Sequence[None]:
        sorted_rows = sorted(rows, key=self._key)  # the same order in all processes prevents deadlocks

        def work(tx: Connection) -> None:
            tx.execute(self._save[tx.dialect.name], [dict(row) for row in sorted_rows])
            tx.commit()

        await self._database.run(work)
        return [None] * len(rows)
