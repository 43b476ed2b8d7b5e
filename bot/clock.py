"""Time, as a parameter, and waking who waits for work."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from flows.state.effects import Effect, SetTimer

Clock = Callable[[], float]
"""Returns epoch seconds, UTC."""

system_clock: Clock = time.time

POLL_SECONDS = 1.0
"""Seconds after which the loops look for work that another process may have left for them."""


@dataclass(slots=True)
class WakeSignals:
    """Tells the loops of this process that there is work (mail to deliver, a timer set), or that they shall end."""

    messages: asyncio.Event = field(default_factory=asyncio.Event)
    timers: asyncio.Event = field(default_factory=asyncio.Event)
    end: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_stopped(self) -> bool:
        """Whether the loops shall end."""
        return self.end.is_set()

    def notify(self, effects: Iterable[Effect], now: float) -> None:
        """Wake whoever has work from a transition. A timer further off than the next look is seen then."""
        self.messages.set()
        if any(isinstance(effect, SetTimer) and effect.due_at < now + POLL_SECONDS for effect in effects):
            self.timers.set()

    def stop(self) -> None:
        """Let the loops end once what they have in hand is done."""
        self.end.set()
        self.messages.set()
        self.timers.set()


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, so long at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # not wait_for: before Python 3.12 it can swallow a cancellation
            await event.wait()
