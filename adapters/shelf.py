"""Rows by their keys: remembered by this process, and read and written together with whatever else is asked for."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cachetools import TTLCache
from sqlalchemy import BindParameter, Connection, Table, bindparam, select, tuple_
from sqlalchemy.exc import DBAPIError

from adapters.faults import described
from adapters.storage import Transactions, upsert
from adapters.together import Together

log = logging.getLogger(__name__)

MOST_REMEMBERED = 50_000

Key = tuple[str, ...]
Row = Mapping[str, Any]


class Shelf:
    """One table. `seconds`: for how long a row is remembered, though another process may have changed it."""

    def __init__(self, database: Transactions, table: Table, clock: Callable[[], float], seconds: float) -> None:
        self._database = database
        self._names = tuple(column.name for column in table.primary_key)
        wanted: BindParameter[list[Key]] = bindparam("wanted", expanding=True)
        self._find = select(table).where(tuple_(*table.primary_key).in_(wanted))
        self._keep = upsert(table, self._names, *(column.name for column in table.c if column.name not in self._names))
        self._known: TTLCache[Key, Row] = TTLCache(MOST_REMEMBERED, seconds, clock)
        self._finding = Together(self._find_all)
        self._keeping = Together(self._keep_all)
        self._writing: set[asyncio.Task[None]] = set()

    async def find(self, *key: str) -> Row | None:
        """The row with this key."""
        found = self._known.get(key)
        if found is None and (found := await self._finding.do(key)) is not None:
            found = self._known.setdefault(key, found)  # what was kept meanwhile is newer
        return found

    def remembered(self, *key: str) -> Row | None:
        """The same, if nobody need be asked."""
        return self._known.get(key)

    async def keep(self, *key: str, **values: Any) -> None:  # noqa: ANN401 - columns
        """Write a row, over the one that is there."""
        row = dict(zip(self._names, key, strict=True)) | values
        await self._keeping.do(row)
        self._known[key] = row

    def note(self, *key: str, **values: Any) -> None:  # noqa: ANN401 - columns
        """Remember a row, over what is known of it, and write it soon: what a crash loses is asked for again."""
        row = {**self._known.get(key, {}), **dict(zip(self._names, key, strict=True)), **values}
        self._known[key] = row
        task = asyncio.create_task(self._written(row))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing)

    async def _written(self, row: Row) -> None:
        try:
            await self._keeping.do(row)
        except DBAPIError as error:
            log.info("not noted, and asked of the platform again: %s", described(error))

    def forget(self, *key: str) -> None:
        """Ask the database the next time."""
        self._known.pop(key, None)

    def forget_all(self) -> None:
        """The same, for all rows."""
        self._known.clear()

    def _key(self, row: Mapping[Any, Any]) -> Key:
        return tuple(row[name] for name in self._names)

    async def _find_all(self, keys: Sequence[Key]) -> Sequence[Row | None]:
        def work(tx: Connection) -> dict[Key, Row]:
            rows = tx.execute(self._find, {"wanted": list(set(keys))}).mappings().all()
            return {self._key(row): dict(row) for row in rows}

        found = await self._database.run(work)
        return [found.get(key) for key in keys]

    async def _keep_all(self, rows: Sequence[Row]) -> Sequence[None]:
        in_one_order = sorted(rows, key=self._key)  # so that nobody deadlocks

        def work(tx: Connection) -> None:
            tx.execute(self._keep[tx.dialect.name], [dict(row) for row in in_one_order])

        await self._database.run(work)
        return [None] * len(rows)
