"""What can become of the application while somebody waits for an answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from adapters.port import Answer, Incoming
from bot.service.application import RecoveryApplication

Receive = Callable[[RecoveryApplication, Incoming], Awaitable[Answer]]


@dataclass(slots=True)
class ApplicationFault:
    """What becomes of the application: it goes on as ever, it breaks, or it never ends."""

    receive: Receive
    error: Exception | None = None
    endless: bool = False
    broke_off: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, conversation: RecoveryApplication, incoming: Incoming) -> Answer:
        if self.error is not None:
            raise self.error
        if self.endless:
            try:
                await asyncio.Event().wait()
            finally:
                self.broke_off.set()
        return await self.receive(conversation, incoming)
