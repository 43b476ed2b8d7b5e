"""A durable step over HTTP, and from the click to the new card, beside those who only acknowledge."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bot.storage import flow_registry
from flows.definition.model import Flow
from tests.bench import slack
from tests.bench.bare import Bare, bare
from tests.bench.database import postgres
from tests.bench.load import at_once, serial
from tests.bench.peer import Listening, listening
from tests.bench.recovery import gates
from tests.bench.row import Goal, Row
from tests.bench.server import Server, migrate, serving
from tests.bench.speed import AT_ONCE, Speed, best
from tests.bench.steps import Way, one_by_one, thirty_two, watch_steps

WARM_UP = 1
ROUNDS = 6
ACKS = 150
"""Requests to a peer, one at a time."""
ACKS_EACH = 64
"""Requests to a peer on each of thirty-two connections."""
RECOVERIES = 20
"""Recoveries of eight steps, one step at a time."""
RECOVERIES_EACH = 2
"""Recoveries of eight steps on each of thirty-two connections."""
RECOVERIES_WATCHED = 6
"""Recoveries of eight steps, each watched until its card is there."""
MILLISECONDS = 1e3
DEFAULT, EARLY = "default", "process_before_response"


class Ours(NamedTuple):
    """Our server, in seconds.

    `p50` and `each`: as in `Speed`. `shown`: as `each`, until the last new card. `alone` and `card`: medians until the
    reply and until the page has the new card, with nothing else under way.
    """

    p50: float
    each: float
    shown: float
    alone: float
    card: float


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of database: our server on one of them, and bare transactions on another."""

    name: str
    server: Server
    floor: Bare


class Round(NamedTuple):
    """Everybody's figures: the peers that only acknowledge by their arguments, the others by kind of database."""

    acks: Mapping[str, Speed]
    ours: Mapping[str, Ours]
    floors: Mapping[str, Speed]


def rows() -> list[Row]:
    """The best of several rounds for everybody: what disturbs a round can only make it slower.

    In each round all take turns, so that a busy moment of the machine meets them all.
    """
    flow = flow_registry.load_registry("trust-recovery", None).newest_or_default("")
    way = tuple(gates(flow))
    with ExitStack() as stack:
        peers = {"": stack.enter_context(listening("http_floor.py", slack.SECRET))}
        for when in (DEFAULT, EARLY):
            peers[when] = stack.enter_context(listening("bolt_ack.py", slack.SECRET, when))
        kinds = tuple(_kinds(stack, flow))
        rounds = [asyncio.run(_round(peers, kinds, way)) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
        names = {when: f"{peer.name} {when}".strip() for when, peer in peers.items()}
    return [*_ack_rows(_best(rounds), names), *(row for kind in kinds for row in _rows(_best(rounds), kind.name))]


def _kinds(stack: ExitStack, flow: Flow) -> Iterator[Kind]:
    folder = stack.enter_context(TemporaryDirectory())
    server = stack.enter_context(postgres())
    urls = {
        "SQLite": tuple(f"sqlite:///{Path(folder) / name}.db" for name in ("ours", "bare")),
        "PostgreSQL": tuple(server.database(name) for name in ("ours", "bare")),
    }
    for name, (ours, bare_) in urls.items():
        migrate(bare_)
        yield Kind(name, stack.enter_context(serving(ours)), stack.enter_context(bare(bare_, flow)))


async def _round(peers: Mapping[str, Listening], kinds: tuple[Kind, ...], way: Way) -> Round:
    return Round(
        {when: await _acknowledged(peer.port) for when, peer in peers.items()},
        {kind.name: await _ours(kind.server, way) for kind in kinds},
        {kind.name: kind.floor.round() for kind in kinds},
    )


async def _acknowledged(port: int) -> Speed:
    request = slack.command()
    one = await serial(port, [request] * ACKS)
    return Speed(median(one), await at_once([(port, [request] * ACKS_EACH)] * AT_ONCE))


async def _ours(server: Server, way: Way) -> Ours:
    one = await one_by_one(server, way, RECOVERIES)
    burst = await thirty_two([server], way, RECOVERIES_EACH)
    alone, card = zip(*await watch_steps(server, way, RECOVERIES_WATCHED), strict=True)
    return Ours(median(one), burst.replied, burst.shown, median(alone), median(card))


def _best(rounds: list[Round]) -> Round:
    first = rounds[0]
    return Round(
        {name: Speed._make(best([each.acks[name] for each in rounds])) for name in first.acks},
        {name: Ours._make(best([each.ours[name] for each in rounds])) for name in first.ours},
        {name: Speed._make(best([each.floors[name] for each in rounds])) for name in first.floors},
    )


def _ack_rows(result: Round, names: Mapping[str, str]) -> Iterator[Row]:
    """Figures to compare with."""
    for when, speed in result.acks.items():
        yield Row(f"empty ack, p50: {names[when]}", speed.p50 * MILLISECONDS, "ms")
        yield Row(f"empty ack, 32 at once: {names[when]}", 1 / speed.each, "/s")


def _rows(result: Round, kind: str) -> Iterator[Row]:
    """Ours on one kind of database."""
    ours, floor, bolt = result.ours[kind], result.floors[kind], result.acks[DEFAULT]
    step, milliseconds = f"step over HTTP, {kind}", ours.p50 * MILLISECONDS
    yield Row(f"bare transaction, p50, {kind}", floor.p50 * MILLISECONDS, "ms")
    yield Row(f"bare transaction, 32 at once, {kind}", 1 / floor.each, "/s")
    yield Row(f"{step}, p50", milliseconds, "ms", Goal("<=", 2.5, "ms"))
    against = f"Bolt's empty ack: {bolt.p50 * MILLISECONDS:.2f} ms"
    yield Row(f"{step}, p50", milliseconds, "ms", Goal("<=", 0.25, "x"), against, ours.p50 / bolt.p50)
    yield Row(f"{step}, p50, nothing else under way", ours.alone * MILLISECONDS, "ms")
    both = floor.each + min(result.acks[when].each for when in (DEFAULT, EARLY))
    against = f"bare transaction and Bolt's faster ack: {1 / both:.0f}/s"
    yield Row(f"{step}, 32 at once", 1 / ours.each, "/s", Goal(">=", 0.65, "x"), against, both / ours.each)
    yield Row(f"{step}, 32 at once, until the last card", 1 / ours.shown, "/s")
    yield Row(f"click to new card, p50, {kind}", ours.card * MILLISECONDS, "ms", Goal("<=", 10, "ms"))
