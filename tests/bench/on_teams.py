"""Signed taps and mentions through the whole Teams adapter, beside the bare bot of Microsoft's SDK in this run.

And how soon the first card is with Teams while fifty people begin every second. Teams' connector is a peer that answers
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
from typing import Any, NamedTuple

import aiohttp

from bot.storage import flow_registry
from tests.adapters.teams import card_client
from tests.adapters.teams.fake_microsoft import APP_ID, ISSUER
from tests.bench import teams
from tests.bench.burst import A_SECOND, MILLISECONDS, SECONDS, Burst, burst, seen
from tests.bench.database import delivered, postgres
from tests.bench.load import Line, serial
from tests.bench.peer import Listening, listening
from tests.bench.recovery import gates
from tests.bench.row import Goal, Row
from tests.bench.server import Server, migrate, serving
from tests.bench.speed import best
from tests.bench.teams import Company, Json, Microsoft

WARM_UP = 1
ROUNDS = 6
ECHOES = 150
RECOVERIES = 20
WATCHED = 8
"""Of the recoveries: each tap waits for the last one's card."""
START = "start Acme"
GOAL, GOAL_BESIDE_BARE = Goal("<=", 6, "ms"), Goal("<=", 0.75, "x")


class Times(NamedTuple):
    """Medians in seconds: of somebody's first mention, of one that starts a recovery, of a tap that moves it on.

    `alone`: of a tap with nothing else under way; the next one comes when the last one's card is with Teams.
    """

    first: float
    mention: float
    tap: float
    alone: float


@dataclass(frozen=True, slots=True)
class Kind:
    """Our server on one kind of database, the connector that it calls, and the company whose Teams that is."""

    name: str
    server: Server
    api: Listening
    company: Company


def rows() -> list[Row]:
    """Rounds in which all take turns; then the burst, once for each database."""
    way = tuple(gates(flow_registry.load_registry("trust-recovery", None).newest_or_default("")))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        microsoft = stack.enter_context(teams.signing(folder))
        bare = stack.enter_context(listening("teams_echo.py", "", APP_ID, ISSUER, microsoft.keys_url))
        kinds = tuple(_kinds(stack, folder, microsoft))
        taps = asyncio.run(_taps(kinds[0], way))
        echo = kinds[0].company.tap("29:bench", taps[0])
        echoes: list[tuple[float, ...]] = []
        ours: dict[str, list[tuple[float, ...]]] = {kind.name: [] for kind in kinds}
        for number in range(WARM_UP + ROUNDS):
            echoes.append((median(asyncio.run(serial(bare.port, [echo] * ECHOES))),))
            for kind in kinds:
                ours[kind.name].append(asyncio.run(_round(kind, taps, f"R{number}")))
        (floor,) = best(echoes[WARM_UP:])
        result = [Row(f"bare bot, p50: {bare.name}", floor * MILLISECONDS, "ms")]
        for kind in kinds:
            times = Times._make(best(ours[kind.name][WARM_UP:]))
            result += _rows(kind.name, times, asyncio.run(_burst(kind)), floor)
        return result


def _kinds(stack: ExitStack, folder: Path, microsoft: Microsoft) -> Iterator[Kind]:
    server = stack.enter_context(postgres())
    for name, url in {"SQLite": f"sqlite:///{folder}/teams.db", "PostgreSQL": server.database("teams")}.items():
        api = stack.enter_context(listening("teams_api.py", ""))
        migrate(url)
        yield Kind(name, stack.enter_context(serving(url, microsoft.settings)), api, microsoft.company(api.port))


async def _taps(kind: Kind, way: Sequence[str]) -> list[Json]:
    """What each tap of a recovery that leads on sends, inputs and all: read off the cards of such a recovery."""
    user, result = "29:learner", list[Json]()
    await serial(kind.server.port, [kind.company.mention(user, START)])
    await delivered(kind.server.database_url)
    card = (await seen(kind.api))["guides"][user]
    async with aiohttp.ClientSession(kind.server.url, headers={"Authorization": kind.company.proof}) as session:
        for gate in way:
            button = next(part for part in card_client.parts(card) if _leads_on(part, gate))
            result.append(card_client.sent(card, button, {}))
            body = kind.company.tap(user, result[-1]).partition(b"\r\n\r\n")[2]
            async with session.post(teams.PATH, data=body, headers={"Content-Type": "application/json"}) as response:
                card = (await response.json())["value"]
    return result


def _leads_on(part: Json, gate: str) -> bool:
    return bool(part["type"] == "Action.Execute" and part["data"].get("action") == f"choose:{gate}")


async def _round(kind: Kind, taps: Sequence[Json], name: str) -> Times:
    """Mentions one by one, then every recovery's taps one by one; nothing else is under way when either begins."""
    port, company = kind.server.port, kind.company
    users = [f"29:{name}-{number}" for number in range(RECOVERIES)]
    first = await serial(port, [company.mention(user, "status") for user in users])
    mentions = await serial(port, [company.mention(user, START) for user in users])
    await delivered(kind.server.database_url)
    recoveries = {user: _recovery(card) for user, card in (await seen(kind.api))["guides"].items()}
    sent = [[company.tap(user, data | {"recovery": recoveries[user]}) for data in taps] for user in users]
    seconds = await serial(port, list(chain.from_iterable(sent[WATCHED:])))
    await delivered(kind.server.database_url)
    alone: list[float] = []
    async with Line.open(port) as line:
        for tap in chain.from_iterable(zip(*sent[:WATCHED], strict=True)):  # by turns, for a chat rests after a card
            alone += await line.send([tap])
            await delivered(kind.server.database_url)
    return Times(median(first), median(mentions), median(seconds), median(alone))


async def _burst(kind: Kind) -> Burst:
    users = [f"29:burst-{number}" for number in range(A_SECOND * SECONDS)]
    return await burst(kind.server, kind.api, users, lambda user: kind.company.mention(user, START))


def _recovery(card: dict[str, Any]) -> str:
    return next(str(part["data"]["recovery"]) for part in card_client.parts(card) if "recovery" in part.get("data", ()))


def _rows(kind: str, times: Times, first_cards: Burst, floor: float) -> list[Row]:
    against = f"bare bot: {floor * MILLISECONDS:.2f} ms"
    tap, alone = f"Teams tap, {kind}, p50", f"Teams tap, {kind}, p50, nothing else under way"
    return [
        Row(f"Teams mention, somebody's first, {kind}, p50", times.first * MILLISECONDS, "ms"),
        Row(f"Teams mention that starts a talk, {kind}, p50", times.mention * MILLISECONDS, "ms"),
        Row(tap, times.tap * MILLISECONDS, "ms", GOAL),
        Row(tap, times.tap * MILLISECONDS, "ms", GOAL_BESIDE_BARE, against, times.tap / floor),
        Row(alone, times.alone * MILLISECONDS, "ms", GOAL),
        Row(alone, times.alone * MILLISECONDS, "ms", GOAL_BESIDE_BARE, against, times.alone / floor),
        *first_cards.rows(f"Teams, {kind}"),
    ]
