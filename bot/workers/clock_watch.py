"""Notices that the machine's clock was set, and says so."""

import logging
from dataclasses import dataclass, field

from bot.clock import POLL_SECONDS, Clock, Timer, WakeSignals, wait

log = logging.getLogger(__name__)

MIN_JUMP_SECONDS = 1.0
"""Seconds by which the clock must move at once to be called a jump. Corrections by NTP are smaller or slower."""


@dataclass(slots=True)
class ClockWatch:
    """Compares the clock with the timer, which nobody can set."""

    clock: Clock
    timer: Timer
    wake: WakeSignals
    _first_difference: float = field(init=False)
    _last_difference: float = field(init=False)

    def __post_init__(self) -> None:
        self._first_difference = self._last_difference = self._difference()

    @property
    def gained_seconds(self) -> float:
        """By how many seconds more the clock has moved than time has passed since this process started."""
        return self._difference() - self._first_difference

    async def run(self) -> None:
        """Look once a second, until stopped."""
        while not self.wake.is_stopped:
            self.look()
            await wait(self.wake.end, POLL_SECONDS)

    def look(self) -> None:
        """Log a jump since the last look, and wake the loops: what waits may be due."""
        difference = self._difference()
        jump, self._last_difference = difference - self._last_difference, difference
        if abs(jump) < MIN_JUMP_SECONDS:
            return
        if jump < 0:
            log.warning("this machine's clock was set back by %.1f s; waits are counted anew from now on", -jump)
        else:
            log.warning("this machine's clock was set forward by %.1f s; what is due by it now happens at once", jump)
        self.wake.messages.set()
        self.wake.timers.set()

    def _difference(self) -> float:
        return self.clock() - self.timer()
