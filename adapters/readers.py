"""Who can read a conversation: the company alone, or people outside it too. What is not known counts as the latter."""

import asyncio
import logging
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Table

from adapters.faults import described
from adapters.port import Application, RateLimited, SharedWithOutsiders, Unavailable, Undeliverable
from adapters.shelf import Shelf
from adapters.storage import Transactions
from flows.people import Person, Place

log = logging.getLogger(__name__)

FRESH = 600.0
"""Seconds for which what we found of a conversation is taken as true."""
REMEMBERED = 5.0
"""Seconds of it for which this process does not ask the database: another one may have learnt of guests."""
TRIES, REST, LONGEST_REST = 5, 2.0, 60.0
"""How often a conversation's readers are asked for, and seconds between."""


class At(Protocol):
    """The app in one workspace."""

    @property
    def workspace(self) -> str:
        """Whose it is."""
        ...

    @property
    def bot_user(self) -> str:
        """The app's own id there."""
        ...


T = TypeVar("T", bound=At)


class Readers(ABC, Generic[T]):
    """Finds out who reads a conversation, and tells the application when that is not what it was told before.

    The table has the columns `outsiders` and `known_at`, and a workspace and a conversation as its key.
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
        self._shelf = Shelf(database, table, clock, REMEMBERED)
        self._learning: dict[tuple[str, ...], asyncio.Task[None]] = {}

    @abstractmethod
    async def ask(self, at: T, conversation: str) -> bool:
        """Whether outsiders can read this conversation, asked of the platform.

        Raises:
            Undeliverable, RateLimited, Unavailable: it does not say.

        """

    async def shared(self, at: T, conversation: str) -> bool:
        """Whether outsiders may read this conversation, as far as we know; what is not fresh is found out meanwhile."""
        row = await self._shelf.find(at.workspace, conversation)
        if row is None or self.clock() - row["known_at"] > FRESH:
            self.learn(at, conversation)
            return True
        return bool(row["outsiders"])

    def learn(self, at: T, conversation: str) -> None:
        """Find out in the background, and tell the application."""
        self._begin((at.workspace, conversation), lambda: self._learn(at, conversation))

    def settle(self, at: T, conversation: str) -> None:
        """A talk may have begun while this was found out, and have missed it: tell the application once more."""
        self._begin((at.workspace, conversation, uuid.uuid4().hex), lambda: self._settle(at, conversation))

    async def found(self, at: T, conversation: str) -> bool:
        """Whether outsiders can read this conversation, asked of the platform now; the application is told.

        Raises:
            Undeliverable, RateLimited, Unavailable: it does not say.

        """
        began = self.clock()
        outsiders = await self.ask(at, conversation)
        row = self._shelf.remembered(at.workspace, conversation)
        outsiders = outsiders or (row is not None and row["outsiders"] and row["known_at"] > began)  # who just came
        await self.know(at, conversation, outsiders=outsiders)
        return outsiders

    async def know(self, at: T, conversation: str, *, outsiders: bool) -> None:
        """Keep what is known, and tell the application."""
        now = self.clock()
        await self._shelf.keep(at.workspace, conversation, outsiders=outsiders, known_at=now)
        await self._tell(at, conversation, outsiders=outsiders)

    async def _tell(self, at: T, conversation: str, *, outsiders: bool) -> None:
        place = Place(self.platform, at.workspace, conversation)
        app = Person(self.platform, at.workspace, at.bot_user)
        event_id = f"readers:{conversation}:{uuid.uuid4().hex}"
        await self.application.receive(SharedWithOutsiders(event_id, app, place, outsiders))

    async def close(self) -> None:
        """Break off what is being found out."""
        tasks = list(self._learning.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, key: tuple[str, ...], work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do this in the background, unless it is being done."""

        async def watched() -> None:
            try:
                for _ in range(TRIES - 1):
                    try:
                        return await work()
                    except RateLimited as error:
                        await asyncio.sleep(min(error.retry_after, LONGEST_REST))
                    except Unavailable:
                        await asyncio.sleep(REST)
                await work()
            except (Undeliverable, RateLimited, Unavailable) as error:
                log.info("who reads conversation %s of %s is not known: %s", key[1], key[0], error)
            except Exception as error:  # noqa: BLE001 - nobody waits for it, and it counts as read by outsiders
                log.error("who reads conversation %s of %s is not known: %s", key[1], key[0], described(error))  # noqa: TRY400 - described

        if key not in self._learning:
            task = self._learning[key] = asyncio.create_task(watched())
            task.add_done_callback(lambda _: self._learning.pop(key, None))

    async def _learn(self, at: T, conversation: str) -> None:
        await self.found(at, conversation)

    async def _settle(self, at: T, conversation: str) -> None:
        if (learning := self._learning.get((at.workspace, conversation))) is not None:
            await asyncio.wait([learning])
        row = await self._shelf.find(at.workspace, conversation)
        fresh = row is not None and self.clock() - row["known_at"] <= FRESH
        if row is not None and fresh and not row["outsiders"]:
            await self._tell(at, conversation, outsiders=False)
