"""The one place that makes all parts of the application and connects them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from sqlalchemy import Connection

from adapters.port import Platform
from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.safe_logging import safe_description
from adapters.web.delivery import WebPlatform
from adapters.web.rooms import Rooms
from adapters.web.visitors import PLATFORM
from bot.clock import Clock, Timer, WakeSignals, system_clock, system_timer
from bot.server import web_app
from bot.server.health import Health
from bot.server.platforms import PlatformSetup
from bot.server.practice_room import practice_room
from bot.server.watchdog import LoopWatchdog
from bot.service.application import RecoveryApplication
from bot.settings import Settings
from bot.storage import database, flow_registry, migrate, sqlite_file
from bot.storage.coach_rules import load_coach
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from bot.storage.outbox import queues
from bot.workers.clock_watch import ClockWatch
from bot.workers.delivery import Delivery
from bot.workers.housekeeping import Housekeeping, Retention
from bot.workers.timers import Timers

log = logging.getLogger(__name__)

MAX_CLOCK_DIFFERENCE_SECONDS = 1.0
"""Seconds by which the clocks of this machine and of the database may differ before a warning is logged."""
FINISH_SECONDS = 12.0
"""Seconds in which the loops may finish what they are doing when the program stops."""


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
    settings: Settings,
    clock: Clock = system_clock,
    on_loop_failure: Callable[[], None] | None = None,
    timer: Timer | None = None,
) -> AsyncIterator[Runtime]:
    """The application, ready to serve. Its loops run until the end of the block.

    `on_loop_failure` is called if one of the loops ends by itself. `timer`: the system's; or one that follows
    the clock, if that is not the system's.

    Raises:
        TrustRecoverError: something that the operator must correct first; the message says what.

    """
    flows = flow_registry.load_registry(settings.default_flow, settings.flows)
    flows.coach = load_coach(settings.coach)
    url = database.driver_url(settings.database_url)
    async with AsyncExitStack() as stack:
        stack.enter_context(sqlite_file.exclusive_file(url))
        db = Database(url, settings.database_connections)
        stack.push_async_callback(db.close)
        await asyncio.to_thread(_prepare, db, flows, clock)
        wake = WakeSignals()
        application = RecoveryApplication(db, flows, clock, wake)
        rooms = Rooms(db, clock)
        setups = await _platform_setups(stack, settings, db, application, clock)
        platforms: dict[str, Platform] = {PLATFORM: WebPlatform(rooms)}
        for setup in setups:
            platforms |= setup.platforms
        timer = timer or (system_timer if clock is system_clock else SteadyClock(clock, lambda: 0.0))
        clock_watch = ClockWatch(clock, timer, wake)
        delivery = Delivery(db, flows, platforms, clock, wake, timer=timer)
        timers = Timers(db, flows, clock, wake)
        retention = Retention(settings.keep_inbox_days, settings.keep_sent_days, settings.keep_failed_days)
        housekeeping = Housekeeping(db, retention, clock, wake, clock_watch)
        health = Health(db)
        room_setup = await practice_room(settings, db, rooms, application, clock)
        routes = [*room_setup.routes, *(route for setup in setups for route in setup.routes)]
        verified_paths = {path for setup in setups for path in setup.verified_paths}
        app = web_app.web_application(settings, health, routes, verified_paths)
        app.on_shutdown.append(room_setup.open_pages.close_all)
        loops = [asyncio.create_task(loop.run()) for loop in (delivery, timers, housekeeping, clock_watch)]
        for loop in loops:
            loop.add_done_callback(partial(_on_loop_end, wake, on_loop_failure))
        stack.push_async_callback(_stop, wake, loops)
        await stack.enter_async_context(LoopWatchdog())
        yield Runtime(db, flows, application, delivery, timers, housekeeping, health, app)


async def _platform_setups(
    stack: AsyncExitStack, settings: Settings, db: Database, application: RecoveryApplication, clock: Clock
) -> list[PlatformSetup]:
    """The platforms that the settings name.

    Their libraries take up to half a second to import, so only the libraries that are used are imported.
    """
    setups = []
    if settings.uses_slack:
        from bot.server.slack import slack_setup  # noqa: PLC0415 - imported only where it is used

        setups.append(await stack.enter_async_context(slack_setup(settings, db, application, clock)))
    if settings.uses_teams:
        from bot.server.teams import teams_setup  # noqa: PLC0415 - imported only where it is used

        setups.append(await stack.enter_async_context(teams_setup(settings, db, application, clock)))
    return setups


def _prepare(db: Database, flows: FlowRegistry, clock: Clock) -> None:
    """Bring the tables up to date (SQLite) or check them (PostgreSQL), and store the flows."""
    (migrate.upgrade if db.is_embedded else migrate.check_revision)(db)

    def start(tx: Connection) -> float:
        flows.store_sources(tx)
        if db.is_embedded:  # only this process uses the file: a lease in it was left by a crash
            queues.release_all_queues(tx)
        difference = database.clock_difference(tx, clock())
        tx.commit()
        return difference

    difference = migrate.transact_or_explain(db, start)
    if abs(difference) > MAX_CLOCK_DIFFERENCE_SECONDS:
        log.warning("this machine's clock is %.1f s ahead of the database's: timers go by it", difference)


def _on_loop_end(wake: WakeSignals, on_loop_failure: Callable[[], None] | None, loop: "asyncio.Task[None]") -> None:
    """Report a loop that ended by itself. Its work is no longer done, so the whole process should end."""
    if loop.cancelled() or wake.is_stopped:
        return
    log.critical(
        "a background loop of this process failed: %s", safe_description(loop.exception() or RuntimeError("it ended"))
    )
    if on_loop_failure is not None:
        on_loop_failure()


async def _stop(wake: WakeSignals, loops: list["asyncio.Task[None]"]) -> None:
    """Let the loops finish what they are doing, and cancel what takes too long; cancelled work releases its queues."""
    wake.stop()
    _, unfinished_loops = await asyncio.wait(loops, timeout=FINISH_SECONDS)
    for loop in unfinished_loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
