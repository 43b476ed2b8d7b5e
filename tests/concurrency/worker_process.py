"""Workers in processes of their own: started, killed, stopped and let go on; and a client who insists on an answer.

They are forked from a process that has imported everything already: a worker is there again in a moment.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import aiohttp
import psutil

from adapters.port import StoredEvent
from tests.concurrency import wire_format
from tests.concurrency.fake_platform import PATIENCE
from tests.concurrency.wire_format import Json
from tests.concurrency.worker import Options, work
from tests.server_process import FORKS

BETWEEN_LOOKS = 0.01
BETWEEN_TRIES = 0.05


@dataclass(slots=True)
class Worker:
    """A worker, which gets a new port at each start."""

    options: Options
    url: str = ""
    _process: ForkServerProcess | None = None
    _line: Connection | None = None

    async def start(self) -> None:
        await asyncio.to_thread(self._start)

    async def kill(self) -> None:
        """SIGKILL: no farewell."""
        self._send(signal.SIGKILL)
        await self._gone()

    async def pause(self) -> None:
        """SIGSTOP, and wait until it stands still. Nothing but its status tells when."""
        seen = psutil.Process(self._send(signal.SIGSTOP))
        while seen.status() != psutil.STATUS_STOPPED:  # noqa: ASYNC110 - see above
            await asyncio.sleep(BETWEEN_LOOKS)

    def go_on(self) -> None:
        """SIGCONT: it knows nothing of the time between."""
        self._send(signal.SIGCONT)

    async def stop(self) -> int:
        """Let it finish what it has in hand; its exit status, 0 if it does not run."""
        if self._process is None:
            return 0
        self.go_on()
        return await self._gone()

    async def pragma(self, order: str) -> None:
        """Change SQLite's connection of this worker."""
        url = self.url.replace("/event", "/pragma")
        async with aiohttp.ClientSession() as session, session.post(url, data=order) as response:
            assert response.status == 200

    def log(self) -> str:
        return self.options.log.read_text("utf-8")

    def _start(self) -> None:
        self._line, theirs = FORKS.Pipe()
        self._process = FORKS.Process(target=work, args=(self.options, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.url = f"http://127.0.0.1:{self._line.recv()}/event"

    def _send(self, number: signal.Signals) -> int:
        assert self._process
        assert self._process.pid
        assert self._process.is_alive(), f"{self.options.name} ended by itself:\n{self.log()[-2000:]}"
        os.kill(self._process.pid, number)
        return self._process.pid

    async def _gone(self) -> int:
        process, line = self._process, self._line
        assert process
        assert line
        self._process = None
        line.close()
        await asyncio.to_thread(process.join)
        status = process.exitcode or 0
        process.close()
        return status


@asynccontextmanager
async def started(*workers: Worker) -> AsyncIterator[None]:
    """These workers, all of them at work until the end of the block."""
    try:
        async with asyncio.TaskGroup() as group:
            for worker in workers:
                group.create_task(worker.start())
        yield
    finally:
        await asyncio.gather(*(worker.stop() for worker in workers))


@dataclass(slots=True)
class Client:
    """Sends events as Slack does: the same one again, to whichever worker, until one of them says 200."""

    session: aiohttp.ClientSession
    workers: Sequence[Worker]
    luck: random.Random = field(default_factory=lambda: random.Random(8))
    acknowledged: set[str] = field(default_factory=set)
    tries: int = 0

    async def tell(self, incoming: StoredEvent, worker: Worker | None = None) -> Json:
        """Send it until it is acknowledged (by this worker); the answer."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self.tries += 1
                answer = await self._once(incoming, worker or self.luck.choice(self.workers))
                if answer is not None:
                    self.acknowledged.add(incoming.event_id)
                    return answer
                await asyncio.sleep(BETWEEN_TRIES)  # whoever sends webhooks waits before the next try

    async def _once(self, incoming: StoredEvent, worker: Worker) -> Json | None:
        try:
            async with self.session.post(worker.url, json=wire_format.dump(incoming)) as response:
                assert response.status in {200, 503}, f"{response.status} for {incoming}"
                answer: Json = await response.json()
                return answer if response.status == 200 else None
        except aiohttp.ClientError:
            return None


@asynccontextmanager
async def client_of(*workers: Worker) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Client(session, workers)
