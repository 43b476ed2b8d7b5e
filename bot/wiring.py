"""The one place that wires everything."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.web import live
from adapters.web.pages import Pages
from adapters.web.platform import PracticeRoom
from adapters.web.rooms import Rooms
from adapters.web.routes import Routes
from adapters.web.shown import Shown
from adapters.web.visitors import PLATFORM, Visitors
from bot import database, http, library, migrate, store
from bot.clock import Clock, Wake, wall
from bot.conversation import Conversation
from bot.delivery import TIMEOUT, Delivery
from bot.library import Library
from bot.settings import Settings
from bot.timers import Timers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wired:
    """The running application's parts."""

    engine: AsyncEngine
    library: Library
    conversation: Conversation
    delivery: Delivery
    timers: Timers
    web: web.Application


@asynccontextmanager
async def wired(settings: Settings, clock: Clock = wall) -> AsyncIterator[Wired]:
    """Everything, ready to serve; its loops run until the end of the block.

    Raises:
        TrustRecoverError: something that the operator must mend first; the message says what.

    """
    flows = library.read(settings.default_flow, settings.flows)
    url = database.url_of(settings.database_url)
    async with AsyncExitStack() as stack:
        stack.enter_context(database.owned(url))
        engine = database.create(url)
        stack.push_async_callback(engine.dispose)
        await _prepare(engine, flows, embedded=database.is_sqlite(url))
        wake = Wake()
        conversation = Conversation(engine, flows, clock, wake)
        rooms = Rooms(engine, clock)
        delivery = Delivery(engine, flows, {PLATFORM: PracticeRoom(rooms)}, clock, wake)
        timers = Timers(engine, flows, clock, wake)
        pages = Pages()
        token = settings.access_token.get_secret_value() if settings.access_token else ""
        routes = Routes(conversation, rooms, Visitors(engine, token), pages, Shown(pages))
        app = http.application(settings, routes.table())
        app[live.sockets] = set()
        app.on_shutdown.append(live.close_all)
        loops = [asyncio.create_task(loop) for loop in (delivery.run(), timers.run())]
        for loop in loops:
            loop.add_done_callback(_ended)
        stack.push_async_callback(_stop, wake, loops)
        yield Wired(engine, flows, conversation, delivery, timers, app)


async def _prepare(engine: AsyncEngine, flows: Library, *, embedded: bool) -> None:
    await (migrate.upgrade(engine) if embedded else migrate.check(engine))
    async with engine.begin() as tx:
        await flows.keep(tx)
        if embedded:  # this process owns the file, so a lease can only be one that a crash left behind
            await store.release_leases(tx)


def _ended(loop: "asyncio.Task[None]") -> None:
    if not loop.cancelled() and (error := loop.exception()):
        log.critical("a loop of this process broke; restart it", exc_info=error)


async def _stop(wake: Wake, loops: list["asyncio.Task[None]"]) -> None:
    """Let the loops finish what they have in hand: a transaction broken off would leave its connection hanging."""
    wake.stop()
    _, stuck = await asyncio.wait(loops, timeout=TIMEOUT)
    for loop in stuck:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
