"""Two workers that are killed over and over, amid webhooks, timers and sends; then the books must balance."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from adapters.port import ButtonTap, FormSubmission, RequestContext, Role, StoredEvent, ThreadMessage, TypedCommand
from bot.storage import flow_registry
from flows.state.identity import Person, Place
from tests.concurrency import fast_flow
from tests.concurrency.audit import Audit, audit
from tests.concurrency.database_reader import database_reader
from tests.concurrency.fake_platform import Broken, FakePlatform, Reply, Taken, Wait, fake_platform
from tests.concurrency.faults import ClockJumps, Fault
from tests.concurrency.wire_format import PLATFORM, Message
from tests.concurrency.worker import Options
from tests.concurrency.worker_process import Client, Worker, client_of, started

WORKSPACE = "w"
SHARED = 4
"""Conversations, and responders; each pair of them has a recovery, so each lane is shared by four."""
LEASE = 3.0
NUDGE_AFTER = 0.15
"""Seconds."""
LANES = 2 * SHARED
PACE = 0.6
"""Seconds for which somebody waits for the card before they go on."""
SCENES = (
    ("note",),
    ("heard",),
    ("choose:go",),
    ("choose:wait",),
    ("choose:wait", "choose:go"),
    ("preview:internal", "post:internal", "post:internal", "back"),
    ("old",),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a chaos ended. `statuses`: of the two workers, who were let finish.

    `strikes`: those that can repeat what was in flight, as a kill does.
    """

    kills: int
    seconds: float
    refused: int
    tries: int
    statuses: tuple[int, ...]
    books: Audit
    strikes: int = 0
    may_send_early: bool = False

    @property
    def broken(self) -> list[str]:
        """Every promise that was not kept. A kill can repeat what was in flight: one message a lane."""
        ended = [] if not any(self.statuses) else [f"the workers ended with {self.statuses}"]
        promises = self.books.broken((self.kills + self.strikes) * LANES)
        return ended + [one for one in promises if not (self.may_send_early and one.startswith("too_early"))]


@dataclass(slots=True)
class SimulatedRecovery:
    """One recovery and its people, who do this and that until it is over."""

    name: str
    by: Person
    place: Place
    client: Client
    platform: FakePlatform
    luck: random.Random
    recovery: str = ""
    _numbers: Iterator[int] = field(default_factory=count)

    async def live(self, over: asyncio.Event) -> None:
        answer = await self.client.tell(
            TypedCommand(self._id(), self.by, RequestContext(self.place), f"start {fast_flow.ID} {self.name}")
        )
        self.recovery = answer["recovery"]
        while not over.is_set():
            for what in self.luck.choice(SCENES):
                await self._do(self._event(what))
        await self.client.tell(self._event("note"))  # its card is under way when the last one is made
        last = self.luck.choice(("quiet", "stop"))  # either ends all timers
        await self.client.tell(TypedCommand(self._id(), self.by, RequestContext(self.place), last))

    async def _do(self, event: StoredEvent) -> None:
        """Send it, now and then twice at once, and go on when the platform shows a newer card, or does not."""
        before = self._visit()
        await asyncio.gather(*(self.client.tell(event) for _ in range(self.luck.choice((1, 1, 1, 2)))))
        with suppress(TimeoutError):
            await self.platform.until(lambda: self._visit() > before, PACE)

    def _event(self, what: str) -> StoredEvent:
        number = self._id()
        if what == "note":
            return FormSubmission(
                number, self.by, RequestContext(self.place), self.recovery, "note:missed", {"text": f"word {number}"}
            )
        if what == "heard":
            client = Person(PLATFORM, WORKSPACE, "kim", "Kim")
            return ThreadMessage(number, client, self.place, Role.CLIENT, f"And {number}!")
        if what == "old":
            return ButtonTap(number, self.by, self.recovery, 0, "choose:go")
        return ButtonTap(number, self.by, self.recovery, self._visit(), what)

    def _visit(self) -> int:
        card = self.platform.cards.get(f"{self.recovery}:{self.by.user_id}")
        return card.visit if card else 1

    def _id(self) -> str:
        return f"{self.name}-{next(self._numbers)}"


@dataclass(slots=True)
class Killer:
    """Kills workers, until it has killed often enough."""

    platform: FakePlatform
    luck: random.Random
    left: int

    async def haunt(self, worker: Worker) -> None:
        """Kill this worker whenever the platform has got some more, and start it again."""
        while self.left > 0:
            await self.platform.until_more(self.luck.randint(5, 60))
            await asyncio.sleep(self.luck.uniform(0.0, 0.03))  # so that it hits anywhere
            if self.left <= 0:
                return
            self.left -= 1
            await worker.kill()
            await worker.start()


@dataclass(frozen=True, slots=True)
class Mood:
    """A platform that takes its time, and refuses now and then."""

    luck: random.Random

    async def __call__(self, _message: Message) -> Reply:
        await asyncio.sleep(self.luck.uniform(0.0, 0.03))
        random_number = self.luck.random()
        if random_number < 0.04:
            return Wait(self.luck.uniform(0.05, 0.2))
        return Broken() if random_number < 0.05 else Taken()


def recoveries(client: Client, at: FakePlatform, seed: int) -> list[SimulatedRecovery]:
    return [
        SimulatedRecovery(
            name=f"t{lead}{where}",
            by=Person(PLATFORM, WORKSPACE, f"p{lead}", f"P{lead}"),
            place=Place(PLATFORM, WORKSPACE, f"c{where}", f"t{lead}{where}"),
            client=client,
            platform=at,
            luck=random.Random(f"{seed}{lead}{where}"),
        )
        for lead in range(SHARED)
        for where in range(SHARED)
    ]


async def strike(fault: Fault, workers: Sequence[Worker], at: FakePlatform, luck: random.Random, strikes: int) -> None:
    """Let it happen so often, each time after the platform has got some more."""
    for _ in range(strikes):
        await at.until_more(luck.randint(5, 40))
        await fault.strike(workers)
    await at.until_more(1)
    await fault.end(workers)


async def chaos(
    database_url: str, folder: Path, kills: int, seed: int, fault: Fault | None = None, strikes: int = 0
) -> Outcome:
    """Kill and strike so often, let all become quiet, and count. The database is migrated, the folder empty."""
    began = time.monotonic()
    flows = fast_flow.write_flow(folder, NUDGE_AFTER)
    rnd = random.Random(seed)
    async with AsyncExitStack() as stack:
        at = await stack.enter_async_context(fake_platform())
        at.rule = Mood(rnd)
        workers = [Worker(Options(name, database_url, at.url, folder, LEASE)) for name in "ab"]
        await stack.enter_async_context(started(*workers))
        client = await stack.enter_async_context(client_of(*workers))
        ledger = await stack.enter_async_context(database_reader(database_url))
        over = asyncio.Event()
        async with asyncio.TaskGroup() as living:
            for recovery in recoveries(client, at, seed):
                living.create_task(recovery.live(over))
            killer = Killer(at, rnd, kills)
            troubles = [killer.haunt(worker) for worker in workers]
            if fault is not None:
                troubles.append(strike(fault, workers, at, rnd, strikes))
            await asyncio.gather(*troubles)
            over.set()
        await ledger.until_quiet()
        statuses = tuple(await asyncio.gather(*(worker.stop() for worker in workers)))
        flows_read = flow_registry.load_registry(fast_flow.ID, flows)
        books = await ledger.read(lambda tx: audit(tx, flows_read, at, client.acknowledged))
        seconds = time.monotonic() - began
        return Outcome(
            kills - killer.left,
            seconds,
            len(at.pauses),
            client.tries,
            statuses,
            books,
            0 if isinstance(fault, ClockJumps) else strikes,  # a clock that is set repeats nothing
            fault is not None and fault.may_send_early,
        )
