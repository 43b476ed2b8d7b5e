"""Who can read a channel: the company alone, or people outside it too. What is not known counts as the latter."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from adapters.faults import described
from adapters.port import Application, RateLimited, SharedWithOutsiders, Unavailable
from adapters.slack.api import Api, Refused, Reply
from adapters.slack.installations import Installation
from adapters.slack.people import PLATFORM, People
from adapters.slack.shelf import Shelf
from adapters.slack.tables import channel as table
from adapters.storage import Transactions
from flows.people import Person, Place

log = logging.getLogger(__name__)

FRESH = 600.0
"""Seconds for which what we found of a channel is taken as true."""
REMEMBERED = 5.0
"""Seconds of it for which this process does not ask the database: another one may have learnt of guests."""
MOST_MEMBERS = 200
"""Members whom we look up one by one; a larger channel counts as one with guests."""
AT_ONCE = 5
TRIES, REST, LONGEST_REST = 5, 2.0, 60.0
"""How often a channel's readers are asked for, and seconds between."""


@dataclass(slots=True)
class Channels:
    """Finds out who reads a channel, and tells the application when that is not what it was told before."""

    database: Transactions
    api: Api
    people: People
    application: Application
    clock: Callable[[], float]
    _shelf: Shelf = field(init=False)
    _learning: dict[tuple[str, ...], "asyncio.Task[None]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.database, table, self.clock, REMEMBERED)

    async def shared(self, at: Installation, channel: str) -> bool:
        """Whether outsiders may read this channel, as far as we know; what is not fresh is found out meanwhile."""
        row = await self._shelf.find(at.workspace, channel)
        if row is None or self.clock() - row["known_at"] > FRESH:
            self.learn(at, channel)
            return True
        return bool(row["outsiders"])

    def learn(self, at: Installation, channel: str) -> None:
        """Find out in the background, and tell the application."""
        self._begin((at.workspace, channel), lambda: self._learn(at, channel))

    def settle(self, at: Installation, channel: str) -> None:
        """A talk may have begun while this was found out, and have missed it: tell the application once more."""
        self._begin((at.workspace, channel, uuid.uuid4().hex), lambda: self._settle(at, channel))

    async def found(self, at: Installation, channel: str) -> bool:
        """Whether outsiders can read this channel, asked of Slack now; the application is told.

        Raises:
            Refused, RateLimited, Unavailable: Slack does not say.

        """
        began = self.clock()
        outsiders = await self._outsiders(at, channel)
        row = self._shelf.remembered(at.workspace, channel)
        outsiders = outsiders or (row is not None and row["outsiders"] and row["known_at"] > began)  # who just came
        await self.know(at, channel, outsiders=outsiders)
        return outsiders

    async def know(self, at: Installation, channel: str, *, outsiders: bool) -> None:
        """Keep what is known, and tell the application."""
        now = self.clock()
        await self._shelf.keep(at.workspace, channel, outsiders=outsiders, known_at=now)
        await self._tell(at, channel, outsiders=outsiders)

    async def _tell(self, at: Installation, channel: str, *, outsiders: bool) -> None:
        place = Place(PLATFORM, at.workspace, channel)
        app = Person(PLATFORM, at.workspace, at.bot_user)
        event_id = f"readers:{channel}:{uuid.uuid4().hex}"
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
            except (Refused, RateLimited, Unavailable) as error:
                log.info("who reads channel %s of %s is not known: %s", key[1], key[0], error)
            except Exception as error:  # noqa: BLE001 - nobody waits for it, and the channel counts as read by outsiders
                log.error("who reads channel %s of %s is not known: %s", key[1], key[0], described(error))  # noqa: TRY400 - described

        if key not in self._learning:
            task = self._learning[key] = asyncio.create_task(watched())
            task.add_done_callback(lambda _: self._learning.pop(key, None))

    async def _learn(self, at: Installation, channel: str) -> None:
        await self.found(at, channel)

    async def _settle(self, at: Installation, channel: str) -> None:
        if (learning := self._learning.get((at.workspace, channel))) is not None:
            await asyncio.wait([learning])
        row = await self._shelf.find(at.workspace, channel)
        fresh = row is not None and self.clock() - row["known_at"] <= FRESH
        if row is not None and fresh and not row["outsiders"]:
            await self._tell(at, channel, outsiders=False)

    async def _outsiders(self, at: Installation, channel: str) -> bool:
        info = (await self.api.call(at.bot_token, "conversations.info", channel=channel))["channel"]
        return _connected(info) or await self._has_guests(at, channel)

    async def _has_guests(self, at: Installation, channel: str) -> bool:
        reply = await self.api.call(at.bot_token, "conversations.members", channel=channel, limit=MOST_MEMBERS)
        if (reply.get("response_metadata") or {}).get("next_cursor"):
            return True
        members = [member for member in reply["members"] if member != at.bot_user]
        turn = asyncio.Semaphore(AT_ONCE)

        async def outsider(user_id: str) -> bool:
            async with turn:
                return (await self.people.user(at, user_id)).outsider

        try:
            async with asyncio.TaskGroup() as asking:  # the first refusal stops the others
                asked = [asking.create_task(outsider(member)) for member in members]
        except* (Refused, RateLimited, Unavailable) as errors:
            raise errors.exceptions[0] from None
        return any(task.result() for task in asked)


def _connected(info: Reply) -> bool:
    """Whether the channel is, or is about to be, shared with another company (Slack Connect)."""
    shared_beyond = info.get("is_shared") and not info.get("is_org_shared")
    return bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared") or shared_beyond)
