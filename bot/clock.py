"""Time, as a parameter, and waking who waits for work."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from flows.effects import Effect, SetTimer

Clock = Callable[[], float]
"""Returns epoch seconds, UTC."""

wall: Clock = time.time

POLL = 1.0
"""Seconds after which the loops look for work that another process may have left for them."""


@dataclass(slots=True)
class Wake:
    """Tells the loops of this process that there is work (mail to deliver, a timer set), or that they shall end."""

    mail: asyncio.Event = field(default_factory=asyncio.Event)
    timers: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def stopped(self) -> bool:
        """Whether the loops shall end."""
        return self.ended.is_set()

    def after(self, effects: Iterable[Effect], now: float) -> None:
        """Wake whoever has work from a transition. A timer further off than the next look is seen then."""
        self.mail.set()
        if any(isinstance(effect, SetTimer) and effect.due < now + POLL for effect in effects):
            self.timers.set()

    def stop(self) -> None:
        """Let the loops end once what they have in hand is done."""
        self.ended.set()
        self.mail.set()
        self.timers.set()


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, so long at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # not wait_for: before Python 3.12 it can swallow a cancellation
            await event.wait()
