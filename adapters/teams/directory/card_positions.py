"""Where each guide stands in its chat, and how many messages came below it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.exc import DBAPIError

from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import Transactions
from adapters.shared.table_cache import Row, TableCache
from adapters.teams.directory.tables import card_position as table

log = logging.getLogger(__name__)

CACHE_SECONDS = 0.0
"""Seconds: it is looked up each time. Another process may have moved a guide, and Teams does not tell."""
MAX_MESSAGES_BELOW = 2
"""Messages below a guide; with one more, nobody would find it without scrolling, and it moves down."""

_COUNT_BELOW = (
    update(table)
    .where(table.c.workspace == bindparam("of"), table.c.chat == bindparam("here"))
    .values(messages_below=table.c.messages_below + bindparam("count"))
)


@dataclass(slots=True)
class CardPositions:
    """The guides of all chats."""

    database: Transactions
    clock: Callable[[], float]
    _cache: TableCache = field(init=False)

    def __post_init__(self) -> None:
        self._cache = TableCache(self.database, table, self.clock, CACHE_SECONDS)

    async def find(self, key: str) -> Row | None:
        """Where the guide with this key stands: `chat`, `activity`, `messages_below`."""
        return await self._cache.find(key)

    async def save(self, key: str, workspace: str, chat: str, activity: str) -> None:
        """It stands there now, and nothing below it."""
        await self._cache.save(key, workspace=workspace, chat=chat, activity=activity, messages_below=0)

    async def count_messages_below(self, workspace: str, chat: str, count: int = 1) -> None:
        """So many messages came into this chat."""

        def work(tx: Connection) -> None:
            tx.execute(_COUNT_BELOW, {"of": workspace, "here": chat, "count": count})
            tx.commit()

        try:
            await self.database.run(work)
        except DBAPIError as error:  # they were brought all the same: nobody need be told that this did not work
            log.info("messages below a guide were not counted: %s", safe_description(error))
