"""Durable steps at a running server: one at a time, thirty-two at once, and each watched until its card is there."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain
from time import perf_counter
from typing import NamedTuple

from aiohttp import ClientWebSocketResponse

from tests.bench.database import delivered
from tests.bench.load import Batch, Line, at_once, serial
from tests.bench.practice_room import PracticeRecovery, begun, ended
from tests.bench.server import Server
from tests.bench.speed import AT_ONCE

Way = Sequence[str]
"""The gates that lead through the recovery, one for each step."""


class Burst(NamedTuple):
    """Thirty-two at once: all the seconds divided by all steps, until the last reply, and until the last new card."""

    replied: float
    shown: float


class StepTimes(NamedTuple):
    """One step with nothing else under way: seconds until its reply, and until the page has the new card."""

    reply: float
    card: float


async def one_by_one(server: Server, way: Way, recoveries: int) -> list[float]:
    """Seconds of each step. The next one follows at once, while the last one's card is still being delivered."""
    async with begun(server, recoveries) as prepared:
        requests = list(chain.from_iterable(recovery.taps(way) for recovery in prepared))
        seconds = await serial(server.port, requests)
        await ended(prepared, way)
    return seconds


async def thirty_two(servers: Sequence[Server], way: Way, recoveries_each: int) -> Burst:
    """Thirty-two connections, spread over these servers of one database; each leads so many recoveries, one by one."""
    async with prepared_lines(servers, way, recoveries_each) as lines:
        began = perf_counter()
        replied = await at_once(lines)
        await delivered(servers[0].database_url)
        shown = (perf_counter() - began) / sum(len(taps) for _, taps in lines)
    return Burst(replied, shown)


@asynccontextmanager
async def prepared_lines(servers: Sequence[Server], way: Way, recoveries_each: int) -> AsyncIterator[list[Batch]]:
    """What thirty-two connections will send, and where; afterwards, see that all of it was taken."""
    share = AT_ONCE // len(servers)
    async with AsyncExitStack() as stack:
        prepared = [await stack.enter_async_context(begun(server, share * recoveries_each)) for server in servers]
        yield [
            (server.port, [tap for recovery in recoveries[line::share] for tap in recovery.taps(way)])
            for server, recoveries in zip(servers, prepared, strict=True)
            for line in range(share)
        ]
        for recoveries in prepared:
            await ended(recoveries, way)


async def watch_steps(server: Server, way: Way, recoveries: int) -> list[StepTimes]:
    """Each step of so many recoveries; the next one begins when the last one's card is there."""
    async with begun(server, recoveries) as prepared:
        result = [step for recovery in prepared async for step in _watch(recovery, way)]
        await ended(prepared, way)
    return result


async def _watch(recovery: PracticeRecovery, way: Way) -> AsyncIterator[StepTimes]:
    url, visitor = recovery.server.url, recovery.visitor
    live = visitor.session.ws_connect(f"{url}/room/{visitor.room}/live?after=0", origin=url)
    async with Line.open(recovery.server.port) as line, live as page:
        await _event(page, "live")
        for visit, tap in enumerate(recovery.taps(way), 2):
            began = perf_counter()
            reply = asyncio.create_task(line.send([tap]))
            shown = ""
            while f'data-card-revision="{visit}"' not in shown:
                shown = await _event(page, "card")
            card = perf_counter() - began
            yield StepTimes((await reply)[0], card)


async def _event(page: ClientWebSocketResponse, kind: str) -> str:
    """The HTML of the next event of this kind."""
    while True:
        event = json.loads(await page.receive_str(timeout=10))
        if event["kind"] == kind:
            return str(event.get("html", ""))
