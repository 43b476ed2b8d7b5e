"""Timers. Firing is a transition like any other, so each timer fires exactly once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot import store
from bot.clock import POLL, Clock, Wake, wait
from bot.database import Database
from bot.faults import described
from bot.library import Library
from bot.transition import take
from flows.codec import load_recovery
from flows.effects import Effect
from flows.events import TimerDue

log = logging.getLogger(__name__)

BROKEN_WAITS = 600.0
"""Seconds until the timers of a recovery that could not be advanced are tried again."""


@dataclass(frozen=True, slots=True)
class Fired:
    """One look at the timers: how long to wait for the next, and what was done in this one."""

    pause: float
    effects: Sequence[Effect] = ()


@dataclass(frozen=True, slots=True)
class Timers:
    """Fires what is due."""

    database: Database
    library: Library
    clock: Clock
    wake: Wake

    async def run(self) -> None:
        """Fire timers until stopped."""
        while not self.wake.stopped:
            self.wake.timers.clear()
            try:
                pause = await self.fire()
            except DBAPIError as error:
                log.error("timers cannot be fired: %s; trying again in %s s", described(error), POLL)  # noqa: TRY400 - described
                pause = POLL
            if pause > 0:
                await wait(self.wake.timers, min(POLL, pause))

    async def fire(self) -> float:
        """Fire the timers of one recovery, if any are due; seconds until there may be more."""
        now = self.clock()
        try:
            fired = await self.database.run(lambda tx: self._fire(tx, now))
        except _Broken as broken:
            log.error("%s Its timers wait for %s s.", broken, BROKEN_WAITS)  # noqa: TRY400 - described in the message
            of = broken.recovery
            await self.database.run(lambda tx: store.postpone(tx, of, now, now + BROKEN_WAITS))
            return 0.0
        if fired.effects:
            self.wake.after(fired.effects, now)
        return fired.pause

    def _fire(self, tx: Connection, now: float) -> Fired:
        row = store.due_row(tx, now)
        if row is None:
            due = store.next_due(tx)
            return Fired(POLL if due is None else max(0.001, due - now))
        done: list[Effect] = []
        try:
            found = load_recovery(row.data), row.version
            for name in store.take_due(tx, row.id, now):
                recovery, version, effects = take(tx, self.library, found, TimerDue(name), now)
                found = recovery, version
                done += effects
        except DBAPIError:
            raise
        except Exception as error:
            raise _Broken(row.id, error) from error
        return Fired(0.0, done)


class _Broken(Exception):
    """The timers of this recovery cannot be fired; those of others can."""

    def __init__(self, recovery: str, error: Exception) -> None:
        super().__init__(f"recovery {recovery}: {described(error)}")
        self.recovery = recovery
