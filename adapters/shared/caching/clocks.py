"""How long ago something was, by a clock that somebody may set."""

from collections.abc import Callable
from time import monotonic

MAX_SKEW_SECONDS = 5.0
"""Seconds by which clocks of machines may differ. What was looked up later than that from now, a wrong clock dated."""
MIN_JUMP_SECONDS = 1.0
"""Seconds by which a clock must fall behind at once to have been set back."""


def is_fresh(fetched_at: float, now: float, max_age_seconds: float) -> bool:
    """Whether something was looked up not long ago; what was looked up in the future is not to be trusted."""
    return -MAX_SKEW_SECONDS <= now - fetched_at <= max_age_seconds


class SteadyClock:
    """A clock for ages and pauses within this process: it follows another one, but never goes back.

    When the other clock is set back, it goes on by the time that has passed.
    """

    def __init__(self, clock: Callable[[], float], timer: Callable[[], float] = monotonic) -> None:
        self._clock, self._timer = clock, timer
        self._last_time, self._last_timer = clock(), timer()
        self._now = self._last_time

    def __call__(self) -> float:
        """Epoch seconds, unless the clock was set back since this one was made."""
        time, timer = self._clock(), self._timer()
        step, elapsed = time - self._last_time, timer - self._last_timer
        self._now += elapsed if step < elapsed - MIN_JUMP_SECONDS else max(step, 0.0)
        self._last_time, self._last_timer = time, timer
        return self._now
