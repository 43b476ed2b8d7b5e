"""The clock, as a parameter, and the signals that wake the background loops."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from flows.state.effects import Effect, SetTimer

Clock = Callable[[], float]
"""Returns epoch seconds, UTC."""

system_clock: Clock = time.time

Timer = Callable[[], float]
"""Returns seconds since some moment. Nobody can set it, so it measures how long something takes."""

_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)  # Linux's; it also goes on while the machine sleeps


def system_timer() -> float:
    """The seconds since the machine was started, where the system tells them; else the monotonic clock."""
    return time.monotonic() if _BOOT_CLOCK is None else time.clock_gettime(_BOOT_CLOCK)


MAX_CLOCK_SKEW_SECONDS = 5.0
"""Seconds by which clocks of machines may differ. A wait that began later than that from now was set by a clock that
has been set back since, or that is wrong: it counts no more."""

POLL_SECONDS = 1.0
"""Seconds after which the loops look for work that another process may have left for them."""


@dataclass(slots=True)
class WakeSignals:
    """Tells the loops of this process that there is work (a message, a timer), or that they should end."""

    messages: asyncio.Event = field(default_factory=asyncio.Event)
    timers: asyncio.Event = field(default_factory=asyncio.Event)
    end: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_stopped(self) -> bool:
        """Whether the loops should end."""
        return self.end.is_set()

    def notify(self, effects: Iterable[Effect], now: float) -> None:
        """Wake the loops that have work after a transition. A timer that is due later is found by polling."""
        self.messages.set()
        if any(isinstance(effect, SetTimer) and effect.due_at < now + POLL_SECONDS for effect in effects):
            self.timers.set()

    def stop(self) -> None:
        """Let the loops end as soon as they have finished what they are doing."""
        self.end.set()
        self.messages.set()
        self.timers.set()


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # not wait_for: before Python 3.12 it can swallow a cancellation
            await event.wait()
