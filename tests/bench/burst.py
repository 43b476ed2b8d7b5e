"""How soon the first card is with a platform while many people begin."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median
from time import monotonic
from typing import Any, NamedTuple

import aiohttp

from tests.bench.database import delivered
from tests.bench.load import Line
from tests.bench.peer import Listening
from tests.bench.row import Goal, Row
from tests.bench.server import Server
from tests.bench.speed import p99

A_SECOND = 50
SECONDS = 6
MILLISECONDS = 1e3


class Burst(NamedTuple):
    """Seconds from the command to the first card at the platform."""

    p50: float
    p99: float
    last: float

    def rows(self, kind: str) -> Iterator[Row]:
        """The lines of the result. `kind`: platform and database."""
        name = f"command to first card, {A_SECOND} starts a second, {kind}"
        yield Row(f"{name}, p50", self.p50 * MILLISECONDS, "ms")
        yield Row(f"{name}, p99", self.p99 * MILLISECONDS, "ms")
        yield Row(f"{name}, the last", self.last * MILLISECONDS, "ms", Goal("<=", 1000, "ms"))


async def burst(server: Server, api: Listening, users: Sequence[str], start: Callable[[str], bytes]) -> Burst:
    """Somebody begins every fiftieth of a second, whatever the server does meanwhile.

    `api`: the platform, played by a peer. `start`: what it sends when somebody begins.
    """
    began = monotonic()
    async with _lines(server.port) as free:

        async def begin(number: int, user: str) -> None:
            await asyncio.sleep(max(0.0, began + number / A_SECOND - monotonic()))
            line = await free.get()
            await line.send([start(user)])
            free.put_nowait(line)

        await asyncio.gather(*(begin(number, user) for number, user in enumerate(users)))
    await delivered(server.database_url)
    came = (await seen(api))["came"]
    waited = [came[user] - (began + number / A_SECOND) for number, user in enumerate(users)]
    return Burst(median(waited), p99(waited), max(waited))


async def seen(api: Listening) -> dict[str, dict[str, Any]]:
    """What the peer that plays the platform wrote down."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{api.port}/seen") as response:
        counters: dict[str, dict[str, Any]] = await response.json()
        return counters


@asynccontextmanager
async def _lines(port: int) -> AsyncIterator["asyncio.Queue[Line]"]:
    """Connections, as many as the platform would hold."""
    async with AsyncExitStack() as stack:
        free: asyncio.Queue[Line] = asyncio.Queue()
        for _ in range(A_SECOND):
            free.put_nowait(await stack.enter_async_context(Line.open(port)))
        yield free
