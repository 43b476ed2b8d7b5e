"""The loop that fires timers. Each firing is a transition like any other, so a timer fires exactly once."""

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
"""Seconds until the next round, when another process is firing the timers that are due."""
MAX_RECOVERIES = 32
"""Recoveries whose timers are fired in one transaction."""
RETRY_BROKEN_SECONDS = 600.0
"""Seconds until the timers of a recovery that could not be advanced are tried again."""


@dataclass(frozen=True, slots=True)
class TimerRound:
    """The result of one round: the seconds until the next one, and the effects of the timers that were fired."""

    pause: float
    effects: Sequence[Effect] = ()


@dataclass(frozen=True, slots=True)
class Timers:
    """Fires the timers that are due."""

    database: Database
    registry: FlowRegistry
    clock: Clock
    wake: WakeSignals

    async def run(self) -> None:
        """Fire timers until the loop is told to end."""
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
        """Fire the timers of some recoveries, if any are due, and return the seconds until more may be due."""
        now = self.clock()
        try:
            timer_round = await self._fire_some(now)
        except _BrokenRecovery as error:
            log.error("%s Its timers wait for %s s.", error, RETRY_BROKEN_SECONDS)  # noqa: TRY400 - described in the message
            recovery_id, until = error.recovery_id, now + RETRY_BROKEN_SECONDS
            await self.database.run(with_commit(lambda tx: recoveries.postpone_timers(tx, recovery_id, now, until)))
            return 0.0
        if timer_round.effects:
            self.wake.notify(timer_round.effects, now)
        return timer_round.pause

    async def _fire_some(self, now: float) -> TimerRound:
        """Fire the timers of many recoveries at once; if the database refuses that, of one, to find which it is."""
        try:
            return await self.database.run(lambda tx: self._fire(tx, now, MAX_RECOVERIES))
        except (*CONSTRAINT_ERRORS, recoveries.VersionConflict):
            return await self.database.run(lambda tx: self._fire(tx, now, 1))

    def _fire(self, tx: Connection, now: float, max_recoveries: int) -> TimerRound:
        rows = {row.id: row for row in recoveries.due_rows(tx, now, max_recoveries)}
        if not rows:
            if recoveries.restart_nudges(tx, now):
                tx.commit()
                return TimerRound(0.0)
            due_at = recoveries.next_due_time(tx)
            return TimerRound(POLL_SECONDS if due_at is None else due_at - now if due_at > now else MIN_PAUSE_SECONDS)
        timer_names: defaultdict[str, list[str]] = defaultdict(list)
        for recovery_id, timer_name in recoveries.take_due_timers(tx, rows, now):
            timer_names[recovery_id].append(timer_name)
        transitions = [
            transition
            for recovery_id, row in rows.items()
            for transition in self._transitions_of(tx, row, timer_names[recovery_id], now)
        ]
        try:
            if transitions:
                save_transitions(tx, transitions, now)
        except (*CONSTRAINT_ERRORS, recoveries.VersionConflict) as error:
            if max_recoveries == 1:
                raise _BrokenRecovery(next(iter(rows)), error) from error
            raise
        tx.commit()
        return TimerRound(0.0, [effect for transition in transitions for effect in transition.effects])

    def _transitions_of(
        self, tx: Connection, row: Row[Any, Any, Any], timer_names: list[str], now: float
    ) -> list[PreparedTransition]:
        """The transitions of one recovery whose timers are due."""
        transitions: list[PreparedTransition] = []
        try:
            locked_recovery = load_recovery(row.data), row.version
            for timer_name in timer_names:
                transitions.append(advance_locked(tx, self.registry, locked_recovery, TimerDue(timer_name), now))
                locked_recovery = transitions[-1].locked_recovery
        except DBAPIError:
            raise
        except Exception as error:
            raise _BrokenRecovery(row.id, error) from error
        return transitions


class _BrokenRecovery(Exception):
    """The timers of this recovery cannot be fired; those of other recoveries can."""

    def __init__(self, recovery_id: str, error: Exception) -> None:
        super().__init__(f"recovery {recovery_id}: {safe_description(error)}")
        self.recovery_id = recovery_id
