"""Timers. Firing is a transition like any other, so each timer fires exactly once."""

import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import store
from bot.clock import Clock, Wake, wait
from bot.library import Library
from bot.transition import apply
from flows.codec import load_recovery
from flows.engine import advance
from flows.errors import Unreadable
from flows.events import TimerDue
from flows.source import BrokenFlow

log = logging.getLogger(__name__)

POLL = 1.0
UNREADABLE_WAITS = 600.0


@dataclass(frozen=True, slots=True)
class Timers:
    """Fires what is due."""

    engine: AsyncEngine
    library: Library
    clock: Clock
    wake: Wake

    async def run(self) -> None:
        """Fire timers until stopped."""
        while not self.wake.stopped:
            self.wake.timers.clear()
            try:
                pause = await self.fire()
            except SQLAlchemyError:
                log.exception("timers cannot be read; trying again in %s s", POLL)
                pause = POLL
            if pause > 0:
                await wait(self.wake.timers, min(POLL, pause))

    async def fire(self) -> float:
        """Fire the timers of one recovery, if any are due; seconds until there may be more."""
        now = self.clock()
        async with self.engine.begin() as tx:
            row = await store.due_row(tx, now)
            if row is None:
                due = await store.next_due(tx)
                return POLL if due is None else max(0.001, due - now)
            try:
                recovery, version = load_recovery(row.data), row.version
                flow = await self.library.of(tx, recovery.flow, recovery.flow_version)
            except (Unreadable, BrokenFlow) as error:
                log.error("recovery %s: %s Its timers wait for %s s.", row.id, error, UNREADABLE_WAITS)  # noqa: TRY400 - a traceback adds nothing
                await store.postpone(tx, row.id, now, now + UNREADABLE_WAITS)
                return 0.0
            for name in await store.take_due(tx, recovery.id, now):
                event = TimerDue(name)
                recovery, effects = advance(flow, recovery, event, now)
                await store.save(tx, recovery, version)
                version += 1
                await store.remember(tx, recovery.id, version, event, now)
                await apply(tx, flow, recovery, version, effects, self.library, now)
        self.wake.all()
        return 0.0
