"""Several processes on one database: nothing is lost, nothing happens twice, and order is kept."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, Row, create_engine, select
from sqlalchemy.exc import OperationalError

from adapters.port import ButtonTap, RequestContext, StoredEvent, TypedCommand
from bot.settings import Settings
from bot.storage import tables as t
from bot.storage.database import driver_url, is_sqlite
from flows.state.identity import Person, Place
from tests.concurrency import fast_flow
from tests.concurrency.database_reader import FIRED, MAIL, DatabaseReader, count
from tests.concurrency.environment import Environment, environment
from tests.concurrency.fake_platform import PATIENCE, Broken, FakePlatform, Reply, Rule, Taken, Wait
from tests.concurrency.wire_format import PLATFORM, Json, Message
from tests.concurrency.worker_process import BETWEEN_LOOKS, Client, Worker, client_of, started
from tests.conftest import SetClock, migrated

AT_ONCE = 32
SHORT_LEASE = 3.0
"""Seconds until another worker takes over from one that is dead or stands still."""
HEIRS_LEASE = 15.0
"""Seconds: it waits so long before it takes over, and three fifths of it are the time to look while it sends."""


@pytest.fixture
async def scenery(room_settings: Settings, tmp_path: Path) -> AsyncIterator[Environment]:
    migrated(room_settings)
    async with environment(room_settings.database_url, tmp_path) as open_environment:
        yield open_environment


async def to_each(client: Client, incoming: StoredEvent) -> list[Json]:
    """Send an event to each worker, so many times at once."""
    copies = [client.tell(incoming, worker) for worker in client.workers for _ in range(AT_ONCE)]
    return await asyncio.gather(*copies)


async def test_an_event_that_comes_32_times_at_once_to_each_of_two_processes_happens_once(scenery: Environment) -> None:
    ana = Person(PLATFORM, "w", "ana", "Ana")
    one, other = scenery.worker("one"), scenery.worker("other")
    async with started(one, other), client_of(one, other) as client:
        begun = await to_each(
            client, TypedCommand("start", ana, RequestContext(Place(PLATFORM, "w", "c")), f"start {fast_flow.ID} Acme")
        )
        (recovery,) = {answer["recovery"] for answer in begun}
        await to_each(client, ButtonTap("tap", ana, recovery, 1, "choose:go"))
    assert [row.version for row in await scenery.reader.rows(select(t.recovery))] == [2]
    assert [row.step for row in await scenery.reader.rows(select(t.step_visit))] == ["listen"]
    assert await scenery.reader.count(select(t.event)) == 2
    assert await scenery.reader.count(select(t.inbox)) == 2


async def test_300_timers_fire_300_times_though_a_worker_is_killed_amid_them(scenery: Environment) -> None:
    people = [Person(PLATFORM, "w", f"p{number}") for number in range(20)]
    threads = [(people[number % 20], Place(PLATFORM, "w", "c", f"t{number}")) for number in range(300)]
    ledger, at = scenery.reader, scenery.platform
    await scenery.begin(threads, SetClock(time.time()), apart=0.01)
    one, other = scenery.worker("one", SHORT_LEASE), scenery.worker("other", SHORT_LEASE)
    async with started(one, other):
        await scenery.bring_timers_forward()
        await ledger.until(lambda tx: count(tx, FIRED) >= 50)
        await one.kill()
        assert await ledger.count(FIRED) < 300, "killed too late to matter"
        await one.start()
        await ledger.until_quiet()
    keys = [row.idempotency_key for row in await ledger.rows(MAIL)]
    assert await ledger.count(FIRED) == 300
    assert {row.version for row in await ledger.rows(select(t.recovery))} == {2}
    assert len(keys) == 300
    assert set(at.keys()) == set(keys)
    assert len(at.keys()) - 300 <= len(people), "more was repeated than a kill can leave in flight: one a lane"


def in_order(keys: Sequence[str]) -> list[str]:
    """The keys by their first time."""
    return list(dict.fromkeys(keys))


@dataclass(frozen=True, slots=True)
class Deadly:
    """Kills the worker that sends one of these messages while it waits; then takes the message, or drops it."""

    taken: dict[str, bool]
    workers: dict[str, Worker]
    restarts: asyncio.TaskGroup

    async def __call__(self, message: Message) -> Reply:
        taken = self.taken.pop(message.key, None)
        if taken is None:
            return Taken()
        sender = self.workers[message.worker]
        await sender.kill()
        self.restarts.create_task(sender.start())
        return Taken() if taken else Broken()


async def test_a_lane_loses_nothing_and_keeps_its_order_though_workers_are_killed_as_they_post(
    scenery: Environment,
) -> None:
    keys = await scenery.posts("w", conversations=1, posts=200)
    workers = {name: scenery.worker(name, SHORT_LEASE) for name in ("one", "other")}
    async with started(*workers.values()), asyncio.TaskGroup() as restarts:
        scenery.platform.rule = Deadly({keys[60]: True, keys[130]: False}, workers, restarts)
        await scenery.reader.until_no_mail()
    assert in_order(scenery.platform.keys()) == keys
    assert (Counter(scenery.platform.keys()) - Counter(keys)).total() <= 2, "a kill can repeat one post of a lane"
    assert {row.state for row in await scenery.reader.rows(MAIL)} == {"sent"}


@dataclass(slots=True)
class Strict:
    """Refuses the first try of every post: its conversation has to wait."""

    seconds: Iterator[float] = field(default_factory=lambda: cycle((0.05, 0.1, 0.15, 0.3, 0.05)))
    refused: set[str] = field(default_factory=set)

    async def __call__(self, message: Message) -> Reply:
        if message.key in self.refused:
            return Taken()
        self.refused.add(message.key)
        return Wait(next(self.seconds))


@dataclass(slots=True)
class Overrun:
    """Waits until every conversation has a post under way, and refuses the last one for the whole workspace.

    The others are taken once that is on disk: from then on nothing may come until the time is over.
    """

    ledger: DatabaseReader
    conversations: int
    left: int
    waits: asyncio.TaskGroup
    seconds: Iterator[float] = field(default_factory=lambda: cycle((0.05, 0.1, 0.2)))
    under_way: int = 0
    known: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, message: Message) -> Reply:
        if not self.left:
            return Taken()
        known = self.known
        self.under_way += 1
        if self.under_way < self.conversations:
            await known.wait()
            return Taken()
        self.under_way, self.left, self.known = 0, self.left - 1, asyncio.Event()
        self.waits.create_task(self._let_go(message.workspace, known))
        return Wait(next(self.seconds), everywhere=True)

    async def _let_go(self, workspace: str, known: asyncio.Event) -> None:
        paused = select(t.pause).where(t.pause.c.workspace == workspace, t.pause.c.until > time.time())
        await self.ledger.until(lambda tx: count(tx, paused))
        known.set()


@dataclass(frozen=True, slots=True)
class ByWorkspace:
    """A rule for each workspace."""

    rules: dict[str, Rule]

    async def __call__(self, message: Message) -> Reply:
        return await self.rules[message.workspace](message)


async def test_400_refusals_lose_nothing_and_nothing_comes_before_its_time(scenery: Environment) -> None:
    at, ledger = scenery.platform, scenery.reader
    strict = await scenery.posts("strict", conversations=19, posts=20)
    overrun = await scenery.posts("overrun", conversations=8, posts=20)
    async with asyncio.TaskGroup() as waits:
        rules: dict[str, Rule] = {"chat:strict": Strict(), "chat:overrun": Overrun(ledger, 8, 20, waits)}
        at.rule = ByWorkspace(rules)
        async with started(scenery.worker("one"), scenery.worker("other")):
            await ledger.until_no_mail()
    assert len(at.pauses) == 400
    assert sum(pause.scope == "chat:overrun" for pause in at.pauses) == 20
    assert at.too_early == []
    assert Counter(at.keys()) == Counter(strict + overrun)
    mail = await ledger.rows(MAIL)
    assert {(row.state, row.attempts) for row in mail} == {("sent", 1)}
    for lane in {row.queue for row in mail}:
        assert at.keys(lane) == [row.idempotency_key for row in mail if row.queue == lane]
    assert went_on_meanwhile(at), "the other workspace stood still too"


def went_on_meanwhile(at: FakePlatform) -> bool:
    """Whether a workspace got something while another one had to wait."""
    whole = [pause for pause in at.pauses if pause.scope == "chat:overrun"]
    others = [delivery.at for delivery in at.shown if delivery.message.workspace != "chat:overrun"]
    return any(pause.at < moment < pause.until for pause in whole for moment in others)


@dataclass(frozen=True, slots=True)
class Gate:
    """A post that the platform does not answer until the gate is opened."""

    came: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def arrival(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.came.wait()


@dataclass(frozen=True, slots=True)
class Gated:
    """Holds some posts of some workers."""

    gates: dict[tuple[str, str], Gate]

    async def __call__(self, message: Message) -> Reply:
        gate = self.gates.get((message.worker, message.key))
        if gate:
            gate.came.set()
            await gate.opened.wait()
        return Taken()


def nothing_is_locked(url: str) -> bool:
    """Whether nobody is in the middle of a transaction that writes."""
    embedded = is_sqlite(driver_url(url))
    engine = create_engine(driver_url(url), poolclass=NullPool, connect_args={"timeout": 0} if embedded else {})
    lock = "BEGIN IMMEDIATE" if embedded else "LOCK TABLE queue, outbox, recovery IN EXCLUSIVE MODE NOWAIT"
    try:
        with engine.connect() as tx:
            tx.exec_driver_sql(lock)
    except OperationalError:
        return False
    return True


async def stand_still(worker: Worker, url: str) -> None:
    """Stop a worker where it holds no lock: here it is the lease that matters, not the database's own timeouts."""
    await worker.pause()
    while not await asyncio.to_thread(nothing_is_locked, url):
        worker.go_on()
        await worker.pause()


async def say(worker: Worker, words: str) -> None:
    """Wait until this is in the worker's log. A file tells nobody, so this has to look."""
    async with asyncio.timeout(PATIENCE):
        while words not in worker.log():  # noqa: ASYNC110 - see above
            await asyncio.sleep(BETWEEN_LOOKS)


async def books(ledger: DatabaseReader) -> list[Row[Any]]:
    """Everything that a settlement could change."""
    return [row for table in (t.queue, t.outbox, t.pause) for row in await ledger.rows(select(table))]


async def test_a_worker_that_stood_still_until_its_lease_was_over_does_no_harm(scenery: Environment) -> None:
    at, ledger = scenery.platform, scenery.reader
    keys = await scenery.posts("w", conversations=1, posts=6)
    first, later = Gate(), Gate()
    at.rule = Gated({("late", keys[0]): first, ("heir", keys[3]): later})
    late, heir = scenery.worker("late", SHORT_LEASE), scenery.worker("heir", HEIRS_LEASE)
    async with started(late):
        await first.arrival()
        await stand_still(late, scenery.url)
        async with started(heir):
            await later.arrival()
            before = await books(ledger)
            first.opened.set()
            await at.until(lambda: at.keys().count(keys[0]) == 2)
            late.go_on()
            await say(late, "the lease was lost while it was sent")
            assert await books(ledger) == before
            later.opened.set()
            await ledger.until_no_mail()
    assert in_order(at.keys()) == keys
    assert Counter(at.keys()) - Counter(keys) == Counter({keys[0]: 1})
    assert {row.state for row in await ledger.rows(MAIL)} == {"sent"}
