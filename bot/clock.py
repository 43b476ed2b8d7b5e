"""Time, as a parameter, and waking who waits for work."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Clock = Callable[[], float]
"""Returns epoch seconds, UTC."""

wall: Clock = time.time


@dataclass(slots=True)
class Wake:
    """Tells the loops of this process that there is work (mail to deliver, a timer set), or that they shall end."""

    mail: asyncio.Event = field(default_factory=asyncio.Event)
    timers: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: bool = False

    def all(self) -> None:
        """Wake everybody."""
        self.mail.set()
        self.timers.set()

    def stop(self) -> None:
        """Let the loops end once what they have in hand is done."""
        self.stopped = True
        self.all()


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, so long at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # not wait_for: before Python 3.12 it can swallow a cancellation
            await event.wait()
