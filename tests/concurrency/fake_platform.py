"""A fake chat platform at the edge: it keeps a record of what it took, and refuses or hangs as a test asks it to."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.concurrency.wire_format import MESSAGE, Message

PATIENCE = 60.0
"""Seconds after which what a test waits for will not come."""


@dataclass(frozen=True, slots=True)
class Taken:
    """200."""


@dataclass(frozen=True, slots=True)
class Wait:
    """429: wait so many seconds with this conversation, or with the whole workspace."""

    seconds: float
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """500."""


Reply = Taken | Wait | Broken
Rule = Callable[[Message], Awaitable[Reply]]
"""How a message is answered. It may take its time: the platform hangs for so long."""


async def take_all(_message: Message) -> Reply:
    return Taken()


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message that was taken, and when."""

    message: Message
    at: float


@dataclass(frozen=True, slots=True)
class Pause:
    """A 429: what must wait (a lane or a workspace), from when until when."""

    scope: str
    at: float
    until: float


@dataclass(slots=True)
class FakePlatform:
    """What it showed, in order; cards as they stand; each 429; and what came before the time of one was over."""

    rule: Rule = take_all
    shown: list[ReceivedMessage] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    too_early: list[Message] = field(default_factory=list)
    cards: dict[str, Message] = field(default_factory=dict)
    url: str = ""
    _until: dict[str, float] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until something came that makes this true."""
        async with asyncio.timeout(seconds):
            while not true():
                await self._news.wait()

    async def until_more(self, messages: int) -> None:
        """Wait until it has shown so many more."""
        enough = len(self.shown) + messages
        await self.until(lambda: len(self.shown) >= enough)

    def keys(self, lane: str = "") -> list[str]:
        """The keys of whispers and posts in the order in which they were shown (of one lane)."""
        of_lane = (one.message for one in self.shown if not lane or one.message.lane == lane)
        return [message.key for message in of_lane if message.kind != "card"]

    async def receive(self, request: web.Request) -> web.Response:
        message = MESSAGE.validate_python(await request.json())
        if time.time() < max(self._until.get(scope, 0.0) for scope in (message.lane, message.workspace)):
            self.too_early.append(message)
        reply = await self.rule(message)
        answer = self._answer(message, reply)
        self._tell()
        return answer

    def _tell(self) -> None:
        """Wake everybody who waits, and let them wait for the next news with another event."""
        self._news.set()
        self._news = asyncio.Event()

    def _answer(self, message: Message, reply: Reply) -> web.Response:
        now = time.time()
        match reply:
            case Taken():
                self.shown.append(ReceivedMessage(message, now))
                if message.kind == "card":
                    self.cards[message.key] = message
                return web.json_response({})
            case Wait(seconds=seconds, everywhere=everywhere):
                scope = message.workspace if everywhere else message.lane
                self.pauses.append(Pause(scope, now, now + seconds))
                self._until[scope] = max(now + seconds, self._until.get(scope, 0.0))
                headers = {"Retry-After": f"{seconds}"}
                return web.json_response({"everywhere": everywhere}, status=429, headers=headers)
            case Broken():
                return web.json_response({}, status=500)


@asynccontextmanager
async def fake_platform() -> AsyncIterator[FakePlatform]:
    """A platform that listens until the end of the block."""
    platform = FakePlatform()
    app = web.Application()
    app.router.add_post("/show", platform.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    platform.url = f"http://127.0.0.1:{runner.addresses[0][1]}/show"
    try:
        yield platform
    finally:
        await runner.cleanup()
