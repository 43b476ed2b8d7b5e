"""What the tests of several processes stand on: a migrated database, the platform, and recoveries that have begun."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, select, update

from adapters.port import RequestContext, TypedCommand
from adapters.shared.storage import with_commit
from bot.clock import WakeSignals
from bot.service.application import RecoveryApplication
from bot.storage import flow_registry
from bot.storage import tables as t
from bot.storage.database import Database, driver_url, open_database
from bot.storage.outbox import queues
from bot.storage.outbox.messages import LineMessage
from bot.storage.outbox.queues import NewMessage
from bot.workers.delivery import LEASE_SECONDS
from flows.state.identity import Person, Place
from tests.concurrency import fast_flow
from tests.concurrency.database_reader import DatabaseReader, database_reader
from tests.concurrency.fake_platform import FakePlatform, fake_platform
from tests.concurrency.wire_format import PLATFORM
from tests.concurrency.worker import Options
from tests.concurrency.worker_process import Worker
from tests.conftest import SetClock

NUDGE_AFTER = 600.0
"""Seconds: nothing nudges while a test runs, unless its timers are brought forward."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A database for several workers, and what surrounds it."""

    url: str
    folder: Path
    platform: FakePlatform
    reader: DatabaseReader

    def worker(self, name: str, lease: float = LEASE_SECONDS) -> Worker:
        return Worker(Options(name, self.url, self.platform.url, self.folder, lease))

    async def begin(self, threads: Iterable[tuple[Person, Place]], clock: SetClock, apart: float = 0.0) -> list[str]:
        """Begin a recovery in each of these threads, so many seconds apart; their ids. Their cards are not sent."""
        db = Database(driver_url(self.url))
        flows = flow_registry.load_registry(fast_flow.ID, self.folder / "flows")
        db.transact(with_commit(flows.store_sources))
        application = RecoveryApplication(db, flows, clock, WakeSignals())
        ids: list[str] = []
        for number, (by, place) in enumerate(threads):
            answer = await application.receive(
                TypedCommand(f"start-{number}", by, RequestContext(place), f"start {fast_flow.ID} Acme")
            )
            ids.append(answer.recovery_id)
            clock.forward(apart)
        await db.run(with_commit(lambda tx: tx.execute(delete(t.outbox).where(t.outbox.c.recovery_id.in_(ids)))))
        await db.close()
        return ids

    async def bring_timers_forward(self) -> None:
        """Let the first timer be due now, and the others after it as they were."""
        first = (await self.reader.rows(select(func.min(t.timer.c.due_at))))[0][0]
        sooner = update(t.timer).values(due_at=t.timer.c.due_at - (first - time.time()))
        with open_database(driver_url(self.url)) as db:
            await asyncio.to_thread(db.transact, with_commit(lambda tx: tx.execute(sooner)))

    async def posts(self, workspace: str, conversations: int, posts: int) -> list[str]:
        """Put so many posts into the outbox for each of so many conversations, in turn; their keys, in order."""
        by = Person(PLATFORM, workspace, "ana", "Ana")
        places = [Place(PLATFORM, workspace, f"c{number}") for number in range(conversations)]
        ids = await self.begin([(by, place) for place in places], SetClock(time.time()))
        messages = [
            NewMessage(
                f"{PLATFORM}:{workspace}:{place.conversation}",
                recovery,
                f"{recovery}:{number}:0",
                time.time(),
                LineMessage(place.conversation, place.thread, f"post {number}", is_internal=False),
            )
            for number in range(posts)
            for recovery, place in zip(ids, places, strict=True)
        ]
        with open_database(driver_url(self.url)) as db:
            db.transact(with_commit(lambda tx: queues.add_messages(tx, messages)))
        return [message.idempotency_key for message in messages]


@asynccontextmanager
async def environment(url: str, folder: Path) -> AsyncIterator[Environment]:
    """A scenery on this migrated database."""
    fast_flow.write_flow(folder, NUDGE_AFTER)
    async with fake_platform() as at, database_reader(url) as ledger:
        yield Environment(url, folder, at, ledger)
