"""The slowest steps with a million stored recoveries, against the slowest with a thousand."""

import asyncio
from contextlib import AsyncExitStack, ExitStack
from statistics import median

from bot.storage import flow_registry
from tests.bench.database import Postgres, postgres
from tests.bench.load import serial
from tests.bench.practice_room import begun, ended
from tests.bench.recovery import gates
from tests.bench.row import Goal, Row
from tests.bench.seed import lead_recovery, multiply
from tests.bench.server import Server, serving
from tests.bench.speed import p99
from tests.bench.steps import Way

FEW, MANY = 1_000, 1_000_000
"""Stored recoveries of ten entries each."""
WARM_UP = 1
ROUNDS = 10
RECOVERIES = 25
"""Recoveries of eight steps in a round, on each database."""
MILLISECONDS = 1e3

Seconds = list[float]


def rows() -> list[Row]:
    """The percentiles of all rounds together: what is rare must not be lost by choosing among rounds.

    Two servers, each on a database of its own in one PostgreSQL; they take turns after each recovery, so that a busy
    moment of the machine meets both.
    """
    way = tuple(gates(flow_registry.load_registry("trust-recovery", None).newest_or_default("")))
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        server.stop_vacuuming()
        few, many = (stack.enter_context(serving(_stored(server, way, count))) for count in (FEW, MANY))
        rounds = [asyncio.run(_round(few, many, way)) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    with_few, with_many = ([second for both in rounds for second in both[which]] for which in (0, 1))
    return [
        _row("p99", p99(with_many), p99(with_few), Goal("<=", 1.2, "x")),
        _row("p50", median(with_many), median(with_few), None),
    ]


def _row(which: str, many: float, few: float, goal: Goal | None) -> Row:
    against = f"{FEW:,} stored: {few * MILLISECONDS:.2f} ms"
    return Row(f"step with {MANY:,} stored, {which}", many * MILLISECONDS, "ms", goal, against, many / few)


def _stored(server: Postgres, way: Way, count: int) -> str:
    """The URL of a database with so many stored recoveries."""
    url = server.database(f"stored_{count}")
    with serving(url) as one:
        recovery_id = asyncio.run(lead_recovery(one, way))
    multiply(url, recovery_id, count)
    return url


async def _round(few: Server, many: Server, way: Way) -> tuple[Seconds, Seconds]:
    async with AsyncExitStack() as stack:
        of_few, of_many = [await stack.enter_async_context(begun(server, RECOVERIES)) for server in (few, many)]
        with_few: Seconds = []
        with_many: Seconds = []
        for one, other in zip(of_few, of_many, strict=True):
            with_few += await serial(few.port, one.taps(way))
            with_many += await serial(many.port, other.taps(way))
        await ended(of_few, way)
        await ended(of_many, way)
    return with_few, with_many
