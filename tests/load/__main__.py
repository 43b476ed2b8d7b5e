"""How long an honest person waits, alone and beside attackers, in turns; fails if the p99 more than doubles.

The attackers run beside the server on the same machine, with a lower priority: elsewhere they would take no time of it.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp

from tests.server_process import Server, Visitor, serving

TOKEN = "a-token-for-this-test-only"
ROUNDS, ROUND_SECONDS = 5, 12.0
"""Long enough for the server to close all slow and idle connections once, and for these to come back."""
WARM_UP_SECONDS = 1.0
MAX_RATIO = 2.0


async def main() -> int:
    """Measure and tell; 1 if an honest person waits too long."""
    with TemporaryDirectory() as folder:
        async with (
            serving(Path(folder), TRUST_RECOVER_ACCESS_TOKEN=TOKEN) as server,
            aiohttp.ClientSession() as session,
        ):
            async with session.post(
                f"{server.url}/login", data={"token": TOKEN}, headers={"Origin": server.url}
            ) as reply:
                assert reply.status == 200, reply.status
            return await _measure(server, session)


async def _measure(server: Server, session: aiohttp.ClientSession) -> int:
    await _round(server, session, "warm-up", WARM_UP_SECONDS)
    alone, attacked, count = [], [], Counter[str]()
    for number in range(ROUNDS):
        alone.append(await _round(server, session, f"alone-{number}"))
        async with _attack(server.port, count):
            attacked.append(await _round(server, session, f"attacked-{number}"))
    p50s, p99s = _ratios(alone, attacked, 50), _ratios(alone, attacked, 99)
    for what, number in sorted(count.items()):
        print(f"{what:32} {number}")
    print(f"requests                         {sum(map(len, alone))} alone, {sum(map(len, attacked))} attacked")
    for name, values, ratios in (("p50", 50, p50s), ("p99", 99, p99s)):
        times = [1000 * median(_percentile(seconds, values) for seconds in rounds) for rounds in (alone, attacked)]
        rounds_text = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        print(
            f"{name}: alone {times[0]:.1f} ms, attacked {times[1]:.1f} ms, ratio {median(ratios):.2f} ({rounds_text})"
        )
    is_good = median(p99s) <= MAX_RATIO
    print("good" if is_good else f"NO: the p99 must not be more than {MAX_RATIO:g} times as long")
    return 0 if is_good else 1


async def _round(
    server: Server, session: aiohttp.ClientSession, room: str, round_seconds: float = ROUND_SECONDS
) -> Sequence[float]:
    """The seconds of each request of somebody who writes in a room of their own."""
    visitor = Visitor(session, server.url, room)
    await visitor.enter()
    seconds: list[float] = []
    ends_at = perf_counter() + round_seconds
    while (began := perf_counter()) < ends_at:
        status, _ = await visitor.say("a message")
        seconds.append(perf_counter() - began)
        assert status == 200, status
    return seconds


@asynccontextmanager
async def _attack(port: int, count: Counter[str]) -> AsyncIterator[None]:
    """Attackers, until the end of the block; what they did is added to `count`."""
    process = await asyncio.create_subprocess_exec(
        *("nice", sys.executable, "-m", "tests.load.attack", str(port)), stdin=PIPE, stdout=PIPE
    )
    assert process.stdin
    assert process.stdout
    try:
        assert await process.stdout.readline() == b"ready\n"
        began = perf_counter()
        yield
        count["seconds of attack"] += round(perf_counter() - began)
        process.stdin.write(b"enough\n")
        count.update(json.loads(await process.stdout.readline()))
    finally:
        process.kill()
        await process.wait()


def _ratios(alone: Sequence[Sequence[float]], attacked: Sequence[Sequence[float]], percent: int) -> list[float]:
    """How many times as long it takes beside attackers, by round."""
    return [_percentile(b, percent) / _percentile(a, percent) for a, b in zip(alone, attacked, strict=True)]


def _percentile(seconds: Sequence[float], percent: int) -> float:
    return quantiles(seconds, n=100)[percent - 1]


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
