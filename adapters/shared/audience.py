"""Whether external users can read a conversation. Where that is not known, they count as readers."""

import asyncio
import logging
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Table

from adapters.port import Application, RateLimited, ReadersChange, Unavailable, Undeliverable
from adapters.shared.caching.clocks import is_fresh
from adapters.shared.caching.table_cache import TableCache
from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import Transactions
from flows.state.identity import Person, Place

log = logging.getLogger(__name__)

FRESH_SECONDS = 600.0
"""Seconds for which a stored answer of the platform is taken as true."""
CACHE_SECONDS = 5.0
"""Seconds for which this process does not read the row again: another process may have stored a new answer."""
MAX_TRIES, RETRY_SECONDS, MAX_RETRY_SECONDS = 5, 2.0, 60.0
"""How often the platform is asked in a row, and seconds between two tries."""


class AppInstallation(Protocol):
    """The app in one workspace."""

    @property
    def workspace(self) -> str:
        """The key of the workspace."""
        ...

    @property
    def bot_user(self) -> str:
        """The app's own id there."""
        ...


T = TypeVar("T", bound=AppInstallation)


class Audience(ABC, Generic[T]):
    """Asks the platform who can read a conversation, stores the answer, and tells the application.

    The key of the table is a workspace and a conversation; its columns are `has_external_users` and `fetched_at`.
    """

    def __init__(
        self,
        platform: str,
        database: Transactions,
        table: Table,
        application: Application,
        clock: Callable[[], float],
    ) -> None:
        self.platform = platform
        self.application = application
        self.clock = clock
        self._cache = TableCache(database, table, clock, CACHE_SECONDS)
        self._tasks: dict[tuple[str, ...], asyncio.Task[None]] = {}

    @abstractmethod
    async def has_external_users_now(self, installation: T, conversation: str) -> bool:
        """Whether external users can read this conversation: the platform is asked.

        Raises:
            Undeliverable, RateLimited, Unavailable: the platform does not say.

        """

    async def has_external_users(self, installation: T, conversation: str) -> bool:
        """Whether external users may read this conversation. Without a fresh answer: True; the platform is asked."""
        row = await self._cache.find(installation.workspace, conversation)
        if row is None or not is_fresh(row["fetched_at"], self.clock(), FRESH_SECONDS):
            self.refresh(installation, conversation)
            return True
        return bool(row["has_external_users"])

    def refresh(self, installation: T, conversation: str) -> None:
        """Ask the platform in the background, and tell the application."""
        self._start_task((installation.workspace, conversation), lambda: self._refresh(installation, conversation))

    def confirm(self, installation: T, conversation: str) -> None:
        """Tell the application once more: a recovery may have started while the platform was asked, and missed it."""
        self._start_task(
            (installation.workspace, conversation, uuid.uuid4().hex), lambda: self._confirm(installation, conversation)
        )

    async def look_up(self, installation: T, conversation: str) -> bool:
        """Ask the platform now whether external users can read this conversation, and tell the application.

        Raises:
            Undeliverable, RateLimited, Unavailable: the platform does not say.

        """
        began = self.clock()
        has_external_users = await self.has_external_users_now(installation, conversation)
        row = self._cache.find_in_memory(installation.workspace, conversation)
        has_external_users = has_external_users or (
            row is not None and row["has_external_users"] and row["fetched_at"] > began
        )  # somebody joined while the platform was asked
        await self.save(installation, conversation, has_external_users=has_external_users)
        return has_external_users

    async def save(self, installation: T, conversation: str, *, has_external_users: bool) -> None:
        """Store an answer, and tell the application."""
        now = self.clock()
        await self._cache.save(
            installation.workspace, conversation, has_external_users=has_external_users, fetched_at=now
        )
        await self._notify(installation, conversation, has_external_users=has_external_users)

    async def _notify(self, installation: T, conversation: str, *, has_external_users: bool) -> None:
        place = Place(self.platform, installation.workspace, conversation)
        app = Person(self.platform, installation.workspace, installation.bot_user)
        event_id = f"readers:{conversation}:{uuid.uuid4().hex}"
        await self.application.receive(ReadersChange(event_id, app, place, has_external_users))

    async def close(self) -> None:
        """Stop all lookups in the background."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start_task(self, key: tuple[str, ...], work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do this in the background, unless a task with this key is running."""

        async def run_with_retries() -> None:
            try:
                for _ in range(MAX_TRIES - 1):
                    try:
                        return await work()
                    except RateLimited as error:
                        await asyncio.sleep(min(error.retry_after, MAX_RETRY_SECONDS))
                    except Unavailable:
                        await asyncio.sleep(RETRY_SECONDS)
                await work()
            except (Undeliverable, RateLimited, Unavailable) as error:
                log.info("who reads conversation %s of %s is not known: %s", key[1], key[0], error)
            except Exception as error:  # noqa: BLE001 - nobody waits for it, and external users count as readers
                log.error("who reads conversation %s of %s is not known: %s", key[1], key[0], safe_description(error))  # noqa: TRY400 - described

        if key not in self._tasks:
            task = self._tasks[key] = asyncio.create_task(run_with_retries())
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _refresh(self, installation: T, conversation: str) -> None:
        await self.look_up(installation, conversation)

    async def _confirm(self, installation: T, conversation: str) -> None:
        if (learning := self._tasks.get((installation.workspace, conversation))) is not None:
            await asyncio.wait([learning])
        row = await self._cache.find(installation.workspace, conversation)
        fresh = row is not None and is_fresh(row["fetched_at"], self.clock(), FRESH_SECONDS)
        if row is not None and fresh and not row["has_external_users"]:
            await self._notify(installation, conversation, has_external_users=False)
