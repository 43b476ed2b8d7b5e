"""Timers. Firing is a transition like any other, so each timer fires exactly once."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError

from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import CONSTRAINT_ERRORS, with_commit
from bot.clock import POLL_SECONDS, Clock, WakeSignals, wait
from bot.service.transition import PreparedTransition, advance_locked, save_transitions
from bot.storage import recoveries
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from flows.state.codec import load_recovery
from flows.state.effects import Effect
from flows.state.events import TimerDue

log = logging.getLogger(__name__)

MIN_PAUSE_SECONDS = 0.02
"""Seconds until the next look, when what is due is being fired by another process."""
MAX_RECOVERIES = 32
"""Recoveries whose timers are fired in one transaction."""
RETRY_BROKEN_SECONDS = 600.0
"""Seconds until the timers of a recovery that could not be advanced are tried again."""


@dataclass(frozen=True, slots=True)
class TimerRound:
    """One look at the timers: how long to wait for the next, and what was done in this one."""

    pause: float
    effects: Sequence[Effect] = ()


@dataclass(frozen=True, slots=True)
class Timers:
    """Fires what is due."""

    database: Database
    registry: FlowRegistry
    clock: Clock
    wake: WakeSignals

    async def run(self) -> None:
        """Fire timers until stopped."""
        while not self.wake.is_stopped:
            self.wake.timers.clear()
            try:
                pause = await self.fire()
            except DBAPIError as error:
                log.error("timers cannot be fired: %s; trying again in %s s", safe_description(error), POLL_SECONDS)  # noqa: TRY400 - described
                pause = POLL_SECONDS
            if pause > 0:
                await wait(self.wake.timers, min(POLL_SECONDS, pause))

    async def fire(self) -> float:
        """Fire the timers of some recoveries, if any are due; seconds until there may be more."""
        now = self.clock()
        try:
            fired = await self._fire_some(now)
        except _BrokenRecovery as broken:
            log.error("%s Its timers wait for %s s.", broken, RETRY_BROKEN_SECONDS)  # noqa: TRY400 - described in the message
            of = broken.recovery_id
            until = now + RETRY_BROKEN_SECONDS
            await self.database.run(with_commit(lambda tx: recoveries.postpone_timers(tx, of, now, until)))
            return 0.0
        if fired.effects:
            self.wake.notify(fired.effects, now)
        return fired.pause

    async def _fire_some(self, now: float) -> TimerRound:
        """Many at once; if one of them breaks a rule of the database, one, to find which."""
        try:
            return await self.database.run(lambda tx: self._fire(tx, now, MAX_RECOVERIES))
        except (*CONSTRAINT_ERRORS, recoveries.VersionConflict):
            return await self.database.run(lambda tx: self._fire(tx, now, 1))

    def _fire(self, tx: Connection, now: float, most: int) -> TimerRound:
        rows = {row.id: row for row in recoveries.due_rows(tx, now, most)}
        if not rows:
            due = recoveries.next_due_time(tx)
            return TimerRound(POLL_SECONDS if due is None else due - now if due > now else MIN_PAUSE_SECONDS)
        names: defaultdict[str, list[str]] = defaultdict(list)
        for recovery_id, name in recoveries.take_due_timers(tx, rows, now):
            names[recovery_id].append(name)
        transitions = [one for of, row in rows.items() for one in self._transitions_of(tx, row, names[of], now)]
        try:
            if transitions:
                save_transitions(tx, transitions, now)
        except (*CONSTRAINT_ERRORS, recoveries.VersionConflict) as error:
            if most == 1:
                raise _BrokenRecovery(next(iter(rows)), error) from error
            raise
        tx.commit()
        return TimerRound(0.0, [effect for one in transitions for effect in one.effects])

    def _transitions_of(
        self, tx: Connection, row: Row[Any, Any, Any], names: list[str], now: float
    ) -> list[PreparedTransition]:
        """The transitions of one recovery whose timers are due."""
        transitions: list[PreparedTransition] = []
        try:
            found = load_recovery(row.data), row.version
            for name in names:
                transitions.append(advance_locked(tx, self.registry, found, TimerDue(name), now))
                found = transitions[-1].locked_recovery
        except DBAPIError:
            raise
        except Exception as error:
            raise _BrokenRecovery(row.id, error) from error
        return transitions


class _BrokenRecovery(Exception):
    """The timers of this recovery cannot be fired; those of others can."""

    def __init__(self, recovery: str, error: Exception) -> None:
        super().__init__(f"recovery {recovery}: {safe_description(error)}")
        self.recovery_id = recovery
