"""The one place that wires everything."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from sqlalchemy import Connection

from adapters.faults import described
from adapters.port import Platform
from adapters.web import live
from adapters.web.pages import Pages
from adapters.web.platform import PracticeRoom
from adapters.web.rooms import Rooms
from adapters.web.routes import Routes
from adapters.web.shown import Shown
from adapters.web.visitors import PLATFORM, Visitors
from bot import database, http, library, migrate, outbox
from bot.clock import Clock, Wake, wall
from bot.conversation import Conversation
from bot.database import Database
from bot.delivery import Delivery
from bot.health import Health
from bot.housekeeping import Housekeeping, Keep
from bot.library import Library
from bot.platforms import Brought
from bot.settings import Settings
from bot.timers import Timers

log = logging.getLogger(__name__)

MOST_AHEAD = 1.0
"""Seconds by which this machine's clock and the database's may differ before we say so."""
SECONDS_TO_FINISH = 12.0
"""For what the loops have in hand when they are told to stop."""


@dataclass(frozen=True, slots=True)
class Wired:
    """The running application's parts."""

    database: Database
    library: Library
    conversation: Conversation
    delivery: Delivery
    timers: Timers
    housekeeping: Housekeeping
    health: Health
    web: web.Application


@asynccontextmanager
async def wired(
    settings: Settings, clock: Clock = wall, broken: Callable[[], None] | None = None
) -> AsyncIterator[Wired]:
    """Everything, ready to serve; its loops run until the end of the block. `broken` is called if one of them ends.

    Raises:
        TrustRecoverError: something that the operator must mend first; the message says what.

    """
    flows = library.read(settings.default_flow, settings.flows)
    url = database.url_of(settings.database_url)
    async with AsyncExitStack() as stack:
        stack.enter_context(database.owned(url))
        db = Database(url, settings.database_connections)
        stack.push_async_callback(db.close)
        await asyncio.to_thread(_prepare, db, flows, clock)
        wake = Wake()
        conversation = Conversation(db, flows, clock, wake)
        rooms = Rooms(db, clock)
        brought = await _brought(stack, settings, db, conversation, clock)
        platforms: dict[str, Platform] = {PLATFORM: PracticeRoom(rooms)}
        for one in brought:
            platforms |= one.platforms
        delivery = Delivery(db, flows, platforms, clock, wake)
        timers = Timers(db, flows, clock, wake)
        keep = Keep(settings.keep_inbox_days, settings.keep_sent_days, settings.keep_dead_days)
        housekeeping = Housekeeping(db, keep, clock, wake)
        health = Health(db)
        pages = Pages()
        token = settings.access_token.get_secret_value() if settings.access_token else ""
        routes = Routes(conversation, rooms, Visitors(db, token), pages, Shown(pages))
        all_routes = [*routes.table(), *(route for one in brought for route in one.routes)]
        app = http.application(settings, health, all_routes, {path for one in brought for path in one.signed})
        app[live.sockets] = set()
        app.on_shutdown.append(live.close_all)
        loops = [asyncio.create_task(loop.run()) for loop in (delivery, timers, housekeeping)]
        for loop in loops:
            loop.add_done_callback(partial(_ended, wake, broken))
        stack.push_async_callback(_stop, wake, loops)
        yield Wired(db, flows, conversation, delivery, timers, housekeeping, health, app)


async def _brought(
    stack: AsyncExitStack, settings: Settings, db: Database, conversation: Conversation, clock: Clock
) -> list[Brought]:
    """The platforms that are set up. Their libraries take up to half a second that nobody else need wait for."""
    brought = []
    if settings.slack:
        from bot.slack import on_slack  # noqa: PLC0415 - as said

        brought.append(await stack.enter_async_context(on_slack(settings, db, conversation, clock)))
    if settings.teams:
        from bot.teams import on_teams  # noqa: PLC0415 - as said

        brought.append(await stack.enter_async_context(on_teams(settings, db, conversation, clock)))
    return brought


def _prepare(db: Database, flows: Library, clock: Clock) -> None:
    (migrate.upgrade if db.embedded else migrate.check)(db)

    def start(tx: Connection) -> float:
        flows.keep(tx)
        if db.embedded:  # this process owns the file, so a lease can only be one that a crash left behind
            outbox.release_all(tx)
        return database.clock_ahead(tx, clock())

    ahead = db.transact(start)
    if abs(ahead) > MOST_AHEAD:
        log.warning("this machine's clock is %.1f s ahead of the database's: timers and leases go by it", ahead)


def _ended(wake: Wake, broken: Callable[[], None] | None, loop: "asyncio.Task[None]") -> None:
    """A loop that ends by itself leaves work undone: better no process than half a one."""
    if loop.cancelled() or wake.stopped:
        return
    log.critical("a loop of this process broke: %s", described(loop.exception() or RuntimeError("it ended")))
    if broken is not None:
        broken()


async def _stop(wake: Wake, loops: list["asyncio.Task[None]"]) -> None:
    """Let the loops finish what they have in hand, and break off what takes too long: its lanes are given back."""
    wake.stop()
    _, stuck = await asyncio.wait(loops, timeout=SECONDS_TO_FINISH)
    for loop in stuck:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
