"""A signed command and a signed tap through the whole Slack adapter, beside Bolt's empty acknowledgement in this run.

And how soon the first card is with Slack while fifty people begin every second. Slack's Web API is a peer that answers
at once, so that only our own time is counted.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bot.storage import flow_registry
from tests.bench import slack
from tests.bench.burst import A_SECOND, MILLISECONDS, SECONDS, Burst, burst, seen
from tests.bench.database import delivered, postgres
from tests.bench.load import Line, serial
from tests.bench.peer import Listening, listening
from tests.bench.recovery import gates
from tests.bench.row import Goal, Row
from tests.bench.server import Server, migrate, serving
from tests.bench.speed import best

WARM_UP = 1
ROUNDS = 6
ACKS = 150
RECOVERIES = 20
WATCHED = 4
"""Of the recoveries: each tap waits for the last one's card."""


class Times(NamedTuple):
    """Medians in seconds: of somebody's first command, of one that starts a recovery, of a tap that moves it on.

    `alone`: of a tap with nothing else under way; the next one comes when the last one's card is with Slack.
    """

    first: float
    command: float
    tap: float
    alone: float


@dataclass(frozen=True, slots=True)
class Kind:
    """Our server on one kind of database, and the Web API that it calls."""

    name: str
    server: Server
    api: Listening


def rows() -> list[Row]:
    """Rounds in which all take turns; then the burst, once for each database."""
    way = tuple(gates(flow_registry.load_registry("trust-recovery", None).newest_or_default("")))
    with ExitStack() as stack:
        bolt = stack.enter_context(listening("bolt_ack.py", slack.SECRET, "default"))
        kinds = tuple(_kinds(stack))
        acks: list[tuple[float, ...]] = []
        ours: dict[str, list[tuple[float, ...]]] = {kind.name: [] for kind in kinds}
        for number in range(WARM_UP + ROUNDS):
            acks.append((median(asyncio.run(serial(bolt.port, [slack.command()] * ACKS))),))
            for kind in kinds:
                ours[kind.name].append(asyncio.run(_round(kind, way, f"R{number}")))
        (ack,) = best(acks[WARM_UP:])
        result = [Row(f"empty ack, p50: {bolt.name} default", ack * MILLISECONDS, "ms")]
        for kind in kinds:
            times = Times._make(best(ours[kind.name][WARM_UP:]))
            result += _rows(kind.name, times, asyncio.run(_burst(kind)), ack)
        return result


def _kinds(stack: ExitStack) -> Iterator[Kind]:
    folder = stack.enter_context(TemporaryDirectory())
    server = stack.enter_context(postgres())
    for name, url in {
        "SQLite": f"sqlite:///{Path(folder)}/slack.db",
        "PostgreSQL": server.database("slack"),
    }.items():
        api = stack.enter_context(listening("slack_api.py", ""))
        migrate(url)
        settings = {
            "SLACK_SIGNING_SECRET": slack.SECRET,
            "SLACK_BOT_TOKEN": slack.TOKEN,
            "SLACK_API_URL": f"http://127.0.0.1:{api.port}/api/",
        }
        yield Kind(name, stack.enter_context(serving(url, settings)), api)


async def _round(kind: Kind, way: Sequence[str], name: str) -> Times:
    """Commands one by one, then every recovery's taps one by one; nothing else is under way when either begins."""
    users = [f"U{name}{number}" for number in range(RECOVERIES)]
    first = await serial(kind.server.port, [slack.command(user, "status") for user in users])
    commands = await serial(kind.server.port, [slack.command(user) for user in users])
    await delivered(kind.server.database_url)
    guides = (await seen(kind.api))["guides"]
    taps = [
        [slack.tap(user, guides[user].partition("|")[0], visit, f"choose:{gate}") for visit, gate in enumerate(way, 1)]
        for user in users
    ]
    seconds = await serial(kind.server.port, list(chain.from_iterable(taps[WATCHED:])))
    await delivered(kind.server.database_url)
    alone: list[float] = []
    async with Line.open(kind.server.port) as line:
        for tap in chain.from_iterable(taps[:WATCHED]):
            alone += await line.send([tap])
            await delivered(kind.server.database_url)
    return Times(median(first), median(commands), median(seconds), median(alone))


async def _burst(kind: Kind) -> Burst:
    users = [f"UBURST{number}" for number in range(A_SECOND * SECONDS)]
    return await burst(kind.server, kind.api, users, slack.command)


def _rows(kind: str, times: Times, first_cards: Burst, ack: float) -> list[Row]:
    against = f"Bolt's empty ack: {ack * MILLISECONDS:.2f} ms"
    goal = Goal("<=", 0.35, "x")
    return [
        Row(f"Slack command, somebody's first, {kind}, p50", times.first * MILLISECONDS, "ms"),
        Row(f"Slack command, {kind}, p50", times.command * MILLISECONDS, "ms", goal, against, times.command / ack),
        Row(f"Slack tap, {kind}, p50", times.tap * MILLISECONDS, "ms", goal, against, times.tap / ack),
        Row(
            f"Slack tap, {kind}, p50, nothing else under way",
            times.alone * MILLISECONDS,
            "ms",
            goal,
            against,
            times.alone / ack,
        ),
        *first_cards.rows(kind),
    ]
