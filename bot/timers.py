"""Timers. Firing is a transition like any other, so each timer fires exactly once."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError

from adapters.faults import described
from adapters.storage import AGAINST_RULES
from bot import store
from bot.clock import POLL, Clock, Wake, wait
from bot.database import Database
from bot.library import Library
from bot.transition import Done, step, write
from flows.codec import load_recovery
from flows.effects import Effect
from flows.events import TimerDue

log = logging.getLogger(__name__)

LEAST = 0.02
"""Seconds until the next look, when what is due is being fired by another process."""
MOST = 32
"""Recoveries whose timers are fired in one transaction."""
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
        """Fire the timers of some recoveries, if any are due; seconds until there may be more."""
        now = self.clock()
        try:
            fired = await self._fire_some(now)
        except _Broken as broken:
            log.error("%s Its timers wait for %s s.", broken, BROKEN_WAITS)  # noqa: TRY400 - described in the message
            of = broken.recovery
            await self.database.run(lambda tx: store.postpone(tx, of, now, now + BROKEN_WAITS))
            return 0.0
        if fired.effects:
            self.wake.after(fired.effects, now)
        return fired.pause

    async def _fire_some(self, now: float) -> Fired:
        """Many at once; if one of them breaks a rule of the database, one, to find which."""
        try:
            return await self.database.run(lambda tx: self._fire(tx, now, MOST))
        except (*AGAINST_RULES, store.Lost):
            return await self.database.run(lambda tx: self._fire(tx, now, 1))

    def _fire(self, tx: Connection, now: float, most: int) -> Fired:
        rows = {row.id: row for row in store.due_rows(tx, now, most)}
        if not rows:
            due = store.next_due(tx)
            return Fired(POLL if due is None else due - now if due > now else LEAST)
        names: defaultdict[str, list[str]] = defaultdict(list)
        for recovery_id, name in store.take_due(tx, rows, now):
            names[recovery_id].append(name)
        transitions = [one for of, row in rows.items() for one in self._of(tx, row, names[of], now)]
        try:
            if transitions:
                write(tx, transitions, now)
        except (*AGAINST_RULES, store.Lost) as error:
            if most == 1:
                raise _Broken(next(iter(rows)), error) from error
            raise
        return Fired(0.0, [effect for one in transitions for effect in one.effects])

    def _of(self, tx: Connection, row: Row[Any, Any, Any], names: list[str], now: float) -> list[Done]:
        """The transitions of one recovery whose timers are due."""
        transitions: list[Done] = []
        try:
            found = load_recovery(row.data), row.version
            for name in names:
                transitions.append(step(tx, self.library, found, TimerDue(name), now))
                found = transitions[-1].found
        except DBAPIError:
            raise
        except Exception as error:
            raise _Broken(row.id, error) from error
        return transitions


class _Broken(Exception):
    """The timers of this recovery cannot be fired; those of others can."""

    def __init__(self, recovery: str, error: Exception) -> None:
        super().__init__(f"recovery {recovery}: {described(error)}")
        self.recovery = recovery
