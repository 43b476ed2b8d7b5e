"""Delivery of the outbox: ordered in each lane, tried again until the platform takes it or never will."""

import asyncio
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.faults import described
from adapters.port import CardOut, Outgoing, Platform, PostOut, RateLimited, Unavailable, Undeliverable, WhisperOut
from adapters.storage import AGAINST_RULES
from adapters.together import Together
from bot import outbox, store
from bot.clock import POLL, Clock, Wake, wait
from bot.database import Database
from bot.library import Library
from bot.outbox import Letter, Sent, Settled
from bot.transition import step, write
from flows.codec import load_recovery
from flows.effects import Effect
from flows.errors import Unreadable
from flows.events import Arrived, Undelivered
from flows.guide import card
from flows.people import Person
from flows.recovery import Recovery, Version
from flows.why import Mail, Why

log = logging.getLogger(__name__)

LEASE = 30.0
"""Seconds for which a lane is ours."""
TIMEOUT = 0.6 * LEASE
"""Seconds that a platform may take; less than the lease, so that a message is never sent by two."""
MOST_LANES = 32
FIRST_BACKOFF, MOST_BACKOFF = 0.5, 60.0
MOST_DOUBLINGS = 10
TRY_FOR = 86_400.0
"""Seconds for which an unavailable platform is tried."""
MOST_FAULTS = 5
"""Attempts at a message that fails by a fault of ours, before it is given up and the lane goes on."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A leased letter, drawn and ready to send; or the error that kept it from being drawn."""

    letter: Letter
    content: Outgoing | Exception


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending ended.

    `rest`: it was sent, and the lane must wait so many seconds. `everywhere`: the whole workspace must wait. `why`: it
    was given up.
    """

    settled: Settled
    rest: float | None = None
    everywhere: bool = False
    why: Why | None = None


@dataclass(slots=True)
class Delivery:
    """Sends what is in the outbox to the platforms, by their names. `lease`: seconds."""

    database: Database
    library: Library
    platforms: Mapping[str, Platform]
    clock: Clock
    wake: Wake
    lease: float = LEASE
    _sending: set[asyncio.Task[None]] = field(default_factory=set)
    _settling: Together[Sent, bool | None] = field(init=False)

    def __post_init__(self) -> None:
        self._settling = Together(self._settle_sent)

    async def run(self) -> None:
        """Deliver until stopped, or cancelled: then what is under way is broken off and its lanes are given back."""
        try:
            while not self.wake.stopped:
                self.wake.mail.clear()
                if await self.round() < MOST_LANES:
                    await wait(self.wake.mail, POLL)
            await asyncio.gather(*self._sending, return_exceptions=True)
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def round(self) -> int:
        """Lease the lanes that may send now and begin with their first messages; how many those are."""
        room = MOST_LANES - len(self._sending)
        if room <= 0:
            return 0
        token, now = uuid.uuid4().hex, self.clock()
        try:
            parcels = await self.database.run(lambda tx: self._take(tx, token, now, room))
        except DBAPIError as error:
            log.error("the outbox cannot be read: %s; trying again in %s s", described(error), POLL)  # noqa: TRY400 - described
            return 0
        for parcel in parcels:
            task = asyncio.create_task(self._send(parcel, token, now + self.lease))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return len(parcels)

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a message was not settled: %s; it is sent again after its lease", described(error))

    def _take(self, tx: Connection, token: str, now: float, room: int) -> list[Parcel]:
        letters = outbox.lease(tx, now, now + self.lease, token, room)
        return [Parcel(letter, self._drawn(tx, letter)) for letter in letters]

    def _drawn(self, tx: Connection, letter: Letter) -> Outgoing | Exception:
        """What to send. A card is drawn from the state as it is now, so a late one is never an old one."""
        try:
            return self._content(tx, letter, load_recovery(letter.stored))
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - settled like any other failure, so that its lane can go on
            return error

    def _content(self, tx: Connection, letter: Letter, recovery: Recovery) -> Outgoing:
        body, place = letter.body, recovery.place
        if body["kind"] == "post":
            if body["internal"] and recovery.shared:
                raise Undeliverable(Why.OUTSIDERS)
            said = {name: body[name] for name in ("conversation", "thread") if name in body}
            return PostOut(letter.dedup, replace(place, **said), body["text"], inside=body["internal"])
        to = Person(**body["to"])
        if body["kind"] == "whisper":
            return WhisperOut(letter.dedup, place, to, body["text"], body["nudge"], f"{recovery.id}:{to.user}")
        flow = self.library.of(tx, recovery.flow, recovery.flow_version)
        drawn = card(flow, recovery, to, self.library.voice(recovery.language, recovery.timezone))
        return CardOut(f"{recovery.id}:{to.user}", place, to, drawn, recovery.language)

    async def _send(self, parcel: Parcel, token: str, until: float) -> None:
        """Send one, and settle it while the lease holds."""
        letter = parcel.letter
        try:
            if self.clock() > until - TIMEOUT / LEASE * self.lease:
                log.warning("message %s: this process was held up, so another one may send it", letter.id)
                return
            outcome = await self._outcome(parcel)
            more, effects = await self._settled(letter, token, outcome, until)
        except asyncio.CancelledError:
            await self.database.run(lambda tx: outbox.release(tx, letter.lane, token))
            raise
        if more is None:
            log.warning("message %s: the lease was lost while it was sent", letter.id)
        if effects:
            self.wake.after(effects, self.clock())
        if more or len(self._sending) >= MOST_LANES:
            seconds = outcome.settled.ready_at - self.clock()
            asyncio.get_running_loop().call_later(max(0.0, seconds), self.wake.mail.set)

    async def _outcome(self, parcel: Parcel) -> Outcome:
        """Give it to its platform, and say how that ended."""
        letter = parcel.letter
        try:
            async with asyncio.timeout(TIMEOUT / LEASE * self.lease):
                rest = await self.platforms[letter.platform].deliver(_of(parcel))
        except Undeliverable as error:
            return self._dead(letter, error.why, error)
        except RateLimited as error:
            log.info("message %s: %s", letter.id, error)
            ready_at = self.clock() + min(max(error.retry_after, 0.0), TRY_FOR)
            return Outcome(Settled("pending", ready_at, str(error), counted=False), everywhere=error.everywhere)
        except (Unavailable, TimeoutError, OSError, DBAPIError) as error:
            late = self.clock() - letter.at > TRY_FOR
            return self._dead(letter, Why.TOO_LATE, error) if late else self._again(letter, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hold the lane for ever
            if letter.faults + 1 >= MOST_FAULTS:
                return self._dead(letter, Why.FAULT, error)
            return self._again(letter, error, fault=True)
        return Outcome(Settled("sent", self.clock() + rest), rest)

    def _again(self, letter: Letter, error: Exception, *, fault: bool = False) -> Outcome:
        wait_for = min(MOST_BACKOFF, FIRST_BACKOFF * 2 ** min(letter.attempts - 1, MOST_DOUBLINGS))
        problem = described(error)
        log.warning("message %s: %s; trying again in %.1f s", letter.id, problem, wait_for)
        return Outcome(Settled("pending", self.clock() + wait_for, problem, fault=fault))

    def _dead(self, letter: Letter, why: Why, error: Exception) -> Outcome:
        problem = described(error)
        log.error("message %s is given up: %s. See trust-recover outbox.", letter.id, problem)
        return Outcome(Settled("dead", self.clock(), problem), why=why)

    async def _settled(
        self, letter: Letter, token: str, outcome: Outcome, until: float
    ) -> tuple[bool | None, tuple[Effect, ...]]:
        """Store how it ended. Tried for as long as the lane is ours: a post must not be repeated for a short outage."""
        while True:
            now = self.clock()
            try:
                if outcome.rest is not None and letter.dead_at is None:
                    return await self._settling.do(Sent(letter, token, outcome.rest)), ()
                return await self.database.run(partial(self._settle, letter, token, outcome, now))
            except DBAPIError as error:
                if now > until:
                    log.error("message %s will be sent once more: %s", letter.id, described(error))  # noqa: TRY400 - described
                    return None, ()
            await asyncio.sleep(FIRST_BACKOFF)

    async def _settle_sent(self, sent: Sequence[Sent]) -> Sequence[bool | None]:
        now = self.clock()
        return await self.database.run(lambda tx: outbox.settle_sent(tx, sent, now))

    def _settle(
        self, letter: Letter, token: str, outcome: Outcome, now: float, tx: Connection
    ) -> tuple[bool | None, tuple[Effect, ...]]:
        found = self._locked(tx, letter) if outcome.why or letter.dead_at is not None else None
        more = outbox.settle(tx, letter, token, outcome.settled, now)
        if more is None:
            return None, ()
        if outcome.everywhere:
            outbox.pause(tx, letter.workspace, outcome.settled.ready_at)
        if found is None:
            return more, ()
        try:
            news = _news(letter, outcome)
            if news is None:
                return more, ()
            with tx.begin_nested():
                told = step(tx, self.library, found, news, now)
                write(tx, [told], now)
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, AGAINST_RULES):
                raise  # the database is away: all of it is tried again
            log.error("recovery %s was not told about message %s: %s", letter.recovery_id, letter.id, described(error))  # noqa: TRY400 - described
            return more, ()
        return more, told.effects

    def _locked(self, tx: Connection, letter: Letter) -> tuple[Recovery, int] | None:
        """The recovery, locked before its lane as everywhere."""
        try:
            return store.locked_ours(tx, letter.recovery_id)
        except Unreadable as error:
            log.error("message %s: %s", letter.id, error)  # noqa: TRY400 - it says all
            return None


def _of(parcel: Parcel) -> Outgoing:
    if isinstance(parcel.content, Exception):
        raise parcel.content
    return parcel.content


def _news(letter: Letter, outcome: Outcome) -> Undelivered | Arrived | None:
    """What the talk has to know: a message was given up, or has arrived after that."""
    state, body = outcome.settled.state, letter.body
    version = Version(body["version"]) if "version" in body else Version.INTERNAL if body.get("internal") else None
    version = None if body.get("line") else version
    what = Mail(body["kind"]) if body["kind"] != "post" else Mail.SUMMARY if version else Mail.LINE
    to = Person(**body["to"]) if "to" in body else None
    if state == "dead":
        return Undelivered(what, outcome.why or Why.REFUSED, version, to)
    return Arrived(what, version, to) if state == "sent" and letter.dead_at is not None else None
