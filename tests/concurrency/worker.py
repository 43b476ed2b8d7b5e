"""One of several processes on one database: everything but the practice room, in whose place stands the fake platform.

It takes no lock file, so that two can share an SQLite file too.
"""

import asyncio
import logging
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
from aiohttp import web
from sqlalchemy.exc import DBAPIError

from adapters.port import Outgoing, RateLimited, Unavailable, Undeliverable
from bot.clock import WakeSignals, system_clock, system_timer
from bot.service.application import RecoveryApplication
from bot.storage import database, flow_registry
from bot.storage.database import Database
from bot.workers.clock_watch import ClockWatch
from bot.workers.delivery import LEASE_SECONDS, Delivery
from bot.workers.housekeeping import Housekeeping, Retention
from bot.workers.timers import Timers
from flows.state.delivery_failure import DeliveryFailure
from tests.concurrency import fast_flow, wire_format

log = logging.getLogger(__name__)

TOO_MANY, CLIENT_ERROR, SERVER_ERROR = 429, 400, 500


@dataclass(frozen=True, slots=True)
class Options:
    """`folder`: where its log is, and the flows. `lease`: seconds for which a lane is ours."""

    name: str
    database_url: str
    platform_url: str
    folder: Path
    lease: float = LEASE_SECONDS

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def clock_file(self) -> Path:
        """Holds by how many seconds its clock is wrong."""
        return self.folder / f"{self.name}.clock"


class WrongClock:
    """A clock that a test sets while the worker runs."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_RDONLY | os.O_CREAT)

    def __call__(self) -> float:
        offset = os.pread(self._file, 8, 0)
        return system_clock() + (struct.unpack("d", offset)[0] if len(offset) == 8 else 0.0)


@dataclass(frozen=True, slots=True)
class Edge:
    """The adapter of the fake platform (`adapters.port.Platform`)."""

    session: aiohttp.ClientSession
    options: Options

    async def deliver(self, outgoing: Outgoing) -> float:
        body = wire_format.MESSAGE.dump_python(wire_format.message(outgoing, self.options.name), mode="json")
        try:
            async with self.session.post(self.options.platform_url, json=body) as response:
                await self._judge(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(type(error).__name__) from error
        return 0.0

    async def _judge(self, response: aiohttp.ClientResponse) -> None:
        if response.status == TOO_MANY:
            everywhere = (await response.json())["everywhere"]
            raise RateLimited(float(response.headers["Retry-After"]), everywhere=everywhere)
        if response.status >= SERVER_ERROR:
            raise Unavailable(str(response.status))
        if response.status >= CLIENT_ERROR:
            raise Undeliverable(DeliveryFailure.REFUSED, f"HTTP {response.status}")


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Takes events in, and acknowledges them once they are on disk."""

    conversation: RecoveryApplication
    database: Database

    async def pragma(self, request: web.Request) -> web.Response:
        """Break SQLite's file, or mend it: outside any transaction, because a read-only database begins none."""
        await asyncio.to_thread(self._pragma, await request.text())
        return web.Response()

    def _pragma(self, order: str) -> None:
        driver = self.database.engine.raw_connection()
        driver.cursor().execute(f"PRAGMA {order}")
        driver.close()

    async def receive(self, request: web.Request) -> web.Response:
        try:
            answer = await self.conversation.receive(wire_format.load(await request.json()))
        except DBAPIError as error:
            log.warning("answered with 503: %s", error.orig)
            return web.json_response({}, status=503)
        return web.json_response({"recovery": answer.recovery_id, "notice": answer.notice, "faults": answer.errors})


@asynccontextmanager
async def running(options: Options) -> AsyncIterator[Webhooks]:
    """The application with its loops, until the end of the block."""
    db = Database(database.driver_url(options.database_url))
    flows = flow_registry.load_registry(fast_flow.ID, options.folder / "flows")
    await asyncio.to_thread(db.transact, flows.store_sources)
    wake, clock = WakeSignals(), WrongClock(options.clock_file)
    timeout = aiohttp.ClientTimeout(total=None)  # delivery has its own
    async with aiohttp.ClientSession(timeout=timeout) as session:
        delivery = Delivery(db, flows, {wire_format.PLATFORM: Edge(session, options)}, clock, wake, options.lease)
        watch = ClockWatch(clock, system_timer, wake)
        housekeeping = Housekeeping(db, Retention(7, 30, 90), clock, wake, watch)
        timers = Timers(db, flows, clock, wake)
        loops = [asyncio.create_task(loop.run()) for loop in (delivery, timers, housekeeping, watch)]
        for loop in loops:
            loop.add_done_callback(partial(_ended, wake))
        yield Webhooks(RecoveryApplication(db, flows, clock, wake), db)
        wake.stop()
        await asyncio.gather(*loops)
    await db.close()


def _ended(wake: WakeSignals, loop: "asyncio.Task[None]") -> None:
    """No worker rather than half of one, as in the application itself."""
    if not wake.is_stopped:
        log.critical("a loop broke", exc_info=loop.exception())
        os._exit(1)


async def serve(options: Options, starter: Connection) -> None:
    """Send the port to who started it, and serve until that one closes the connection, or is no more."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(starter.fileno(), ended.set)
    async with running(options) as webhooks:
        app = web.Application()
        app.router.add_post("/event", webhooks.receive)
        app.router.add_post("/pragma", webhooks.pragma)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        starter.send(runner.addresses[0][1])
        await ended.wait()
        await runner.cleanup()


def work(options: Options, starter: Connection) -> None:
    """A process of its own begins here."""
    logging.basicConfig(filename=options.log, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(serve(options, starter))
    except Exception:
        log.exception("the worker broke")
        raise
