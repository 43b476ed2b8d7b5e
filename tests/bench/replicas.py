"""Two replicas on one PostgreSQL against one: the ratio of their throughputs, and what limits them."""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from time import perf_counter
from typing import NamedTuple

import psutil

from bot.storage import flow_registry
from tests.bench.database import postgres
from tests.bench.load import at_once
from tests.bench.recovery import gates
from tests.bench.row import Row
from tests.bench.server import Server, serving
from tests.bench.speed import AT_ONCE
from tests.bench.steps import Way, prepared_lines

WARM_UP = 1
ROUNDS = 4
RECOVERIES_EACH = 3
"""Recoveries of eight steps on each of thirty-two connections."""
FULL = 0.9
"""A core, or an interpreter, that is busy for so much of the time is what the others wait for."""
CORES = psutil.cpu_count() or 1


class Burst(NamedTuple):
    """`each`: all the seconds divided by all steps. `busy`: processor seconds per second, by who spent them."""

    each: float
    busy: dict[str, float]


def rows() -> list[Row]:
    """The best round of each. They take turns; the second replica runs only while two are measured.

    There is no goal: on a machine whose cores are busy with one replica, the second one has nothing to run on.
    """
    way = tuple(gates(flow_registry.load_registry("trust-recovery", None).newest_or_default("")))
    one, two = [], []
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        url = server.database("replicas")
        first = stack.enter_context(serving(url))
        for _ in range(WARM_UP + ROUNDS):
            one.append(asyncio.run(_burst((first,), server.process, way)))
            with serving(url) as second:
                two.append(asyncio.run(_burst((first, second), server.process, way)))
    alone, both = min(one[WARM_UP:]), min(two[WARM_UP:])
    name, against = f"two replicas, {AT_ONCE} at once, PostgreSQL", f"one replica: {1 / alone.each:.0f}/s"
    return [
        Row(name, 1 / both.each, "/s", None, against, alone.each / both.each),
        Row("one replica: processors", sum(alone.busy.values()), f"of {CORES} cores", None, _limit(alone.busy, 1)),
        Row("two replicas: processors", sum(both.busy.values()), f"of {CORES} cores", None, _limit(both.busy, 2)),
    ]


async def _burst(replicas: tuple[Server, ...], database: psutil.Process, way: Way) -> Burst:
    async with prepared_lines(replicas, way, RECOVERIES_EACH) as lines:
        before, began = _spent(replicas, database), perf_counter()
        each = await at_once(lines)
        after, seconds = _spent(replicas, database), perf_counter() - began
    return Burst(each, {name: (after[name] - before[name]) / seconds for name in before})


def _spent(replicas: tuple[Server, ...], database: psutil.Process) -> dict[str, float]:
    """Processor seconds, by who spent them; what is left over was spent by other programs of this machine."""
    spent = {
        "client": _seconds(psutil.Process()),
        "replicas": sum(_seconds(replica.process) for replica in replicas),
        "PostgreSQL": sum(map(_seconds, (database, *database.children(recursive=True)))),
    }
    machine = psutil.cpu_times()
    return spent | {"others": sum(machine) - machine.idle - machine.iowait - sum(spent.values())}


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _limit(busy: Mapping[str, float], replicas: int) -> str:
    """Who was busy, and what that means."""
    shares = ", ".join(f"{name} {cores:.2f}" for name, cores in busy.items())
    if sum(busy.values()) >= FULL * CORES:
        return f"{shares}: limited by the machine's cores"
    if busy["replicas"] >= FULL * replicas:
        return f"{shares}: limited by one interpreter for each replica"
    return f"{shares}: limited by waiting for the database"
