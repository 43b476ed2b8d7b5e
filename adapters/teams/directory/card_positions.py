"""The position of each guide in its chat: the message, and how many messages came below it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.exc import DBAPIError

from adapters.shared.caching.table_cache import Row, TableCache
from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import Transactions
from adapters.teams.directory.tables import card_position as table

log = logging.getLogger(__name__)

CACHE_SECONDS = 0.0
"""Zero seconds: it is read from the database each time, for another process may have moved the guide."""
MAX_MESSAGES_BELOW = 2
"""With more messages below it, people would have to scroll to see the guide, so it is sent anew at the end."""

_COUNT_BELOW = (
    update(table)
    .where(table.c.workspace == bindparam("of"), table.c.chat == bindparam("here"))
    .values(messages_below=table.c.messages_below + bindparam("count"))
)


@dataclass(slots=True)
class CardPositions:
    """The positions of all guides."""

    database: Transactions
    clock: Callable[[], float]
    _cache: TableCache = field(init=False)

    def __post_init__(self) -> None:
        self._cache = TableCache(self.database, table, self.clock, CACHE_SECONDS)

    async def find(self, key: str) -> Row | None:
        """The position of the guide with this key, as a row with `chat`, `activity` and `messages_below`."""
        return await self._cache.find(key)

    async def save(self, key: str, workspace: str, chat: str, activity: str) -> None:
        """Store that the guide is in this message now, and that nothing is below it."""
        await self._cache.save(key, workspace=workspace, chat=chat, activity=activity, messages_below=0)

    async def count_messages_below(self, workspace: str, chat: str, count: int = 1) -> None:
        """Count so many new messages in this chat."""

        def work(tx: Connection) -> None:
            tx.execute(_COUNT_BELOW, {"of": workspace, "here": chat, "count": count})
            tx.commit()

        try:
            await self.database.run(work)
        except DBAPIError as error:  # the messages are delivered all the same, so this is no error for anybody
            log.info("messages below a guide were not counted: %s", safe_description(error))
