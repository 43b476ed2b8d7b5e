"""Delivery of the outbox: ordered in each lane, tried again until the platform takes it."""

import asyncio
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.port import CardOut, Outgoing, Platform, PostOut, Undeliverable, WhisperOut
from bot import store
from bot.clock import Clock, Wake, wait
from bot.library import Library
from flows.guide import card
from flows.people import Person
from flows.recovery import Recovery

log = logging.getLogger(__name__)

LEASE = 30.0
"""Seconds for which a lane is ours."""
TIMEOUT = 0.6 * LEASE
"""Seconds that a platform may take; less than the lease, so that a message is never sent by two."""
POLL = 1.0
MOST_LANES = 32
MOST_BACKOFF = 60.0
MOST_DOUBLINGS = 10


@dataclass(slots=True)
class Delivery:
    """Sends what is in the outbox to the platforms, by their names."""

    engine: AsyncEngine
    library: Library
    platforms: Mapping[str, Platform]
    clock: Clock
    wake: Wake
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Deliver until stopped; what is under way is finished."""
        while not self.wake.stopped:
            self.wake.mail.clear()
            if not await self._round():
                await wait(self.wake.mail, POLL)
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _round(self) -> bool:
        """Lease lanes and start sending; whether there was anything."""
        room = MOST_LANES - len(self._sending)
        if room <= 0:
            return False
        token, now = uuid.uuid4().hex, self.clock()
        try:
            async with self.engine.begin() as tx:
                rows = await store.lease(tx, now, now + LEASE, token, room)
        except SQLAlchemyError:
            log.exception("the outbox cannot be read; trying again in %s s", POLL)
            return False
        for row in rows:
            task = asyncio.create_task(self._send(row, token))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return bool(rows)

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a message could not be settled; its lane is free again after the lease", exc_info=error)
        self.wake.mail.set()

    async def _send(self, row: Row[Any], token: str) -> None:
        problem, state, ready_at = None, "sent", self.clock()
        try:
            outgoing = await self._drawn(row)
            async with asyncio.timeout(TIMEOUT):
                await self.platforms[_platform(row)].deliver(outgoing)
        except Undeliverable as error:
            problem, state = str(error), "dead"
            log.warning("message %s will not be delivered: %s", row.id, error)
        except Exception as error:  # noqa: BLE001 - whatever a platform raises means: try again later
            wait_for = min(MOST_BACKOFF, 0.25 * 2 ** min(row.attempts, MOST_DOUBLINGS))
            problem, state, ready_at = type(error).__name__, "", self.clock() + wait_for
            log.warning("message %s: %s; trying again in %.1f s", row.id, type(error).__name__, wait_for)
        async with self.engine.begin() as tx:
            if not await store.settle(tx, row, token, ready_at=ready_at, state=state, problem=problem):
                log.warning("message %s: the lease was lost while it was sent", row.id)

    async def _drawn(self, row: Row[Any]) -> Outgoing:
        """What to send. A card is drawn from the state as it is now, so a late one is never an old one."""
        body: dict[str, Any] = row.body
        async with self.engine.begin() as tx:
            recovery = await store.load(tx, row.recovery_id)
            if recovery is None:
                raise Undeliverable
            flow = await self.library.of(tx, recovery.flow, recovery.flow_version)
        if body["kind"] == "post":
            return self._post(row, recovery)
        to = Person(**body["to"])
        if body["kind"] == "whisper":
            return WhisperOut(row.dedup, recovery.place, to, body["text"], body["nudge"])
        voice = self.library.voice(recovery.language, recovery.timezone)
        drawn = card(flow, recovery, to, voice)
        return CardOut(f"{recovery.id}:{to.user}", recovery.place, to, drawn, recovery.language)

    def _post(self, row: Row[Any], recovery: Recovery) -> PostOut:
        """A post. An internal one stays inside if outsiders came to read the thread after it was tapped."""
        if row.body["internal"] and recovery.shared:
            message = "Outsiders read the thread now, so the internal summary was not posted."
            raise Undeliverable(message)
        return PostOut(row.dedup, recovery.place, row.body["text"])


def _platform(row: Row[Any]) -> str:
    name: str = row.lane.partition(":")[0]
    return name
