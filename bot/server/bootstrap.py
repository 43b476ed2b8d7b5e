"""The one place that wires everything."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from sqlalchemy import Connection

from adapters.port import Platform
from adapters.shared.safe_logging import safe_description
from adapters.web import live_updates
from adapters.web.delivery import WebPlatform
from adapters.web.pages import Pages
from adapters.web.rendering import RoomRendering
from adapters.web.rooms import Rooms
from adapters.web.routes import WebRoutes
from adapters.web.visitors import PLATFORM, Visitors
from bot.clock import Clock, WakeSignals, system_clock
from bot.server import web_app
from bot.server.health import Health
from bot.server.platforms import PlatformSetup
from bot.service.application import RecoveryApplication
from bot.settings import Settings
from bot.storage import database, flow_registry, migrate, outbox
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from bot.workers.delivery import Delivery
from bot.workers.housekeeping import Housekeeping, RetentionDays
from bot.workers.timers import Timers

log = logging.getLogger(__name__)

MAX_CLOCK_DIFFERENCE_SECONDS = 1.0
"""Seconds by which this machine's clock and the database's may differ before we say so."""
FINISH_SECONDS = 12.0
"""For what the loops have in hand when they are told to stop."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The running application's parts."""

    database: Database
    registry: FlowRegistry
    application: RecoveryApplication
    delivery: Delivery
    timers: Timers
    housekeeping: Housekeeping
    health: Health
    web: web.Application


@asynccontextmanager
async def running_application(
    settings: Settings, clock: Clock = system_clock, broken: Callable[[], None] | None = None
) -> AsyncIterator[Runtime]:
    """Everything, ready to serve; its loops run until the end of the block. `broken` is called if one of them ends.

    Raises:
        TrustRecoverError: something that the operator must mend first; the message says what.

    """
    flows = flow_registry.load_registry(settings.default_flow, settings.flows)
    url = database.driver_url(settings.database_url)
    async with AsyncExitStack() as stack:
        stack.enter_context(database.exclusive_file(url))
        db = Database(url, settings.database_connections)
        stack.push_async_callback(db.close)
        await asyncio.to_thread(_prepare, db, flows, clock)
        wake = WakeSignals()
        conversation = RecoveryApplication(db, flows, clock, wake)
        rooms = Rooms(db, clock)
        brought = await _platform_setups(stack, settings, db, conversation, clock)
        platforms: dict[str, Platform] = {PLATFORM: WebPlatform(rooms)}
        for one in brought:
            platforms |= one.platforms
        delivery = Delivery(db, flows, platforms, clock, wake)
        timers = Timers(db, flows, clock, wake)
        keep = RetentionDays(settings.keep_inbox_days, settings.keep_sent_days, settings.keep_failed_days)
        housekeeping = Housekeeping(db, keep, clock, wake)
        health = Health(db)
        pages = Pages()
        token = settings.access_token.get_secret_value() if settings.access_token else ""
        routes = WebRoutes(conversation, rooms, Visitors(db, token), pages, RoomRendering(pages))
        all_routes = [*routes.table(), *(route for one in brought for route in one.routes)]
        app = web_app.web_application(
            settings, health, all_routes, {path for one in brought for path in one.verified_paths}
        )
        app[live_updates.open_sockets_key] = set()
        app.on_shutdown.append(live_updates.close_all)
        loops = [asyncio.create_task(loop.run()) for loop in (delivery, timers, housekeeping)]
        for loop in loops:
            loop.add_done_callback(partial(_on_loop_end, wake, broken))
        stack.push_async_callback(_stop, wake, loops)
        yield Runtime(db, flows, conversation, delivery, timers, housekeeping, health, app)


async def _platform_setups(
    stack: AsyncExitStack, settings: Settings, db: Database, conversation: RecoveryApplication, clock: Clock
) -> list[PlatformSetup]:
    """The platforms that are set up. Their libraries take up to half a second that nobody else need wait for."""
    brought = []
    if settings.uses_slack:
        from bot.server.slack import slack_setup  # noqa: PLC0415 - as said

        brought.append(await stack.enter_async_context(slack_setup(settings, db, conversation, clock)))
    if settings.uses_teams:
        from bot.server.teams import teams_setup  # noqa: PLC0415 - as said

        brought.append(await stack.enter_async_context(teams_setup(settings, db, conversation, clock)))
    return brought


def _prepare(db: Database, flows: FlowRegistry, clock: Clock) -> None:
    (migrate.upgrade if db.is_embedded else migrate.check_revision)(db)

    def start(tx: Connection) -> float:
        flows.store_sources(tx)
        if db.is_embedded:  # this process owns the file, so a lease can only be one that a crash left behind
            outbox.release_all_queues(tx)
        difference = database.clock_difference(tx, clock())
        tx.commit()
        return difference

    ahead = db.transact(start)
    if abs(ahead) > MAX_CLOCK_DIFFERENCE_SECONDS:
        log.warning("this machine's clock is %.1f s ahead of the database's: timers and leases go by it", ahead)


def _on_loop_end(wake: WakeSignals, broken: Callable[[], None] | None, loop: "asyncio.Task[None]") -> None:
    """A loop that ends by itself leaves work undone: better no process than half a one."""
    if loop.cancelled() or wake.is_stopped:
        return
    log.critical("a loop of this process broke: %s", safe_description(loop.exception() or RuntimeError("it ended")))
    if broken is not None:
        broken()


async def _stop(wake: WakeSignals, loops: list["asyncio.Task[None]"]) -> None:
    """Let the loops finish what they have in hand, and break off what takes too long: its lanes are given back."""
    wake.stop()
    _, stuck = await asyncio.wait(loops, timeout=FINISH_SECONDS)
    for loop in stuck:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
