"""The application with a platform of our own at its edge, and mail that goes out when a test says so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut
from bot.clock import WakeSignals
from bot.service.application import RecoveryApplication
from bot.settings import Settings
from bot.storage import database
from bot.storage import tables as t
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from bot.workers.delivery import Delivery
from bot.workers.timers import Timers
from flows.state.identity import Person, Place
from tests.application_harness import ApplicationHarness, ResponderSession
from tests.conftest import SetClock, migrated

DeliverBehavior = Callable[[Outgoing], Awaitable[float]]


async def accept(_outgoing: Outgoing) -> float:
    """Take everything, and need no rest."""
    return 0.0


@dataclass(slots=True)
class RecordingPlatform:
    """A platform that keeps what it takes. Its manner may raise, hang, or ask for a rest."""

    behaviour: DeliverBehavior = accept
    attempts: list[Outgoing] = field(default_factory=list)
    deliveries: list[Outgoing] = field(default_factory=list)

    async def deliver(self, outgoing: Outgoing) -> float:
        self.attempts.append(outgoing)
        rest = await self.behaviour(outgoing)
        self.deliveries.append(outgoing)
        return rest

    def posts(self) -> list[str]:
        """What everybody in a thread can read."""
        return [out.text for out in self.deliveries if isinstance(out, PostOut)]

    def private_texts(self) -> list[str]:
        """The lines that people were told."""
        return [out.text for out in self.deliveries if isinstance(out, PrivateMessageOut)]

    def cards(self) -> list[CardOut]:
        return [out for out in self.deliveries if isinstance(out, CardOut)]


@dataclass(slots=True)
class DeliveryHarness:
    """A harness whose outbox is emptied by hand."""

    application: ApplicationHarness
    recorder: RecordingPlatform
    delivery: Delivery
    platform: str

    @property
    def clock(self) -> SetClock:
        return self.application.clock

    async def begin(
        self, account: str = "Acme", workspace: str = "north", conversation: str = "accounts"
    ) -> ResponderSession:
        """Ana begins a recovery in a thread of its own. What is posted to one conversation shares a lane."""
        thread = str(len(self.application.sessions))
        by = Person(self.platform, workspace, "ana", "Ana")
        session = ResponderSession(self.application, by, Place(self.platform, workspace, conversation, thread))
        self.application.sessions.append(session)
        await session.start(account)
        return session

    async def closed(
        self, account: str = "Acme", workspace: str = "north", conversation: str = "accounts"
    ) -> ResponderSession:
        """A recovery at its end: `post:internal` posts its summary."""
        session = await self.begin(account, workspace, conversation)
        await session.note("our_part", text=f"we forgot {account}")
        await session.tap("close")
        return session

    async def posting(self) -> ResponderSession:
        """A recovery whose internal summary is on its way to the thread, and nothing else but the card."""
        session = await self.closed()
        await self.deliver()
        await session.tap("post:internal")
        return session

    async def deliver(self, by: Delivery | None = None) -> None:
        """Send all that can be sent by now: the loop's own rounds, without its waiting."""
        delivery = by or self.delivery
        while await delivery.round():
            await asyncio.gather(*delivery._send_tasks, return_exceptions=True)  # noqa: SLF001 - run() waits by the clock on the wall, not by ours

    async def messages(self, *states: str) -> list[Row[Any]]:
        """The messages in these states, oldest first."""
        query = select(t.outbox).where(t.outbox.c.state.in_(states)).order_by(t.outbox.c.id)
        return await self.application.database.run(lambda tx: list(tx.execute(query)))

    async def queue(self, key: str) -> Row[Any]:
        query = select(t.queue).where(t.queue.c.key == f"{self.platform}:{key}")
        return await self.application.database.run(lambda tx: tx.execute(query).one())

    def another(self, lease: float = 30.0) -> Delivery:
        """Another process's delivery to the same platform."""
        of = self.delivery
        return Delivery(of.database, of.registry, of.platforms, of.clock, WakeSignals(), lease, of.timer)


@asynccontextmanager
async def delivery_harness(
    url: str, registry: FlowRegistry, clock: SetClock, platform: str = "test"
) -> AsyncIterator[DeliveryHarness]:
    """A harness on a database that is brought up to date."""
    migrated(Settings(database_url=url, _env_file=None))
    db = Database(database.driver_url(url))
    wake, recorder = WakeSignals(), RecordingPlatform()
    application = ApplicationHarness(
        db, RecoveryApplication(db, registry, clock, wake), Timers(db, registry, clock, wake), clock
    )
    try:
        yield DeliveryHarness(
            application, recorder, Delivery(db, registry, {platform: recorder}, clock, wake, timer=clock), platform
        )
    finally:
        await db.close()
