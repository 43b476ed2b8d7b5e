"""Delivery of the outbox: ordered in each lane, tried again until the platform takes it or never will."""

import asyncio
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.port import (
    CardOut,
    Outgoing,
    Platform,
    PostOut,
    PrivateMessageOut,
    RateLimited,
    Unavailable,
    Undeliverable,
)
from adapters.shared.batching import Batcher
from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import CONSTRAINT_ERRORS, with_commit
from bot.clock import POLL_SECONDS, Clock, WakeSignals, wait
from bot.service.transition import advance_locked, save_transitions
from bot.storage import outbox, recoveries
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from bot.storage.outbox import DeliveryResult, OutboxMessage, SentMessage
from flows.errors import UnreadableData
from flows.screens.card import guide_card
from flows.state.codec import load_recovery
from flows.state.delivery_failure import DeliveryFailure, MessageKind
from flows.state.effects import Effect
from flows.state.events import DeliveryFailed, DeliverySucceeded
from flows.state.identity import Person
from flows.state.recovery import Recovery, SummaryVersion

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""Seconds for which a lane is ours."""
TIMEOUT_SECONDS = 0.6 * LEASE_SECONDS
"""Seconds that a platform may take; less than the lease, so that a message is never sent by two."""
MAX_QUEUES = 32
FIRST_BACKOFF_SECONDS, MAX_BACKOFF_SECONDS = 0.5, 60.0
MAX_DOUBLINGS = 10
MAX_RETRY_SECONDS = 86_400.0
"""Seconds for which an unavailable platform is tried."""
MAX_INTERNAL_ERRORS = 5
"""Attempts at a message that fails by a fault of ours, before it is given up and the lane goes on."""


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """A leased letter, drawn and ready to send; or the error that kept it from being drawn."""

    message: OutboxMessage
    content: Outgoing | Exception


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """How sending ended.

    `rest`: it was sent, and the lane must wait so many seconds. `everywhere`: the whole workspace must wait. `why`: it
    was given up.
    """

    result: DeliveryResult
    rest_seconds: float | None = None
    pauses_workspace: bool = False
    failure: DeliveryFailure | None = None


@dataclass(slots=True)
class Delivery:
    """Sends what is in the outbox to the platforms, by their names. `lease`: seconds."""

    database: Database
    registry: FlowRegistry
    platforms: Mapping[str, Platform]
    clock: Clock
    wake: WakeSignals
    lease_seconds: float = LEASE_SECONDS
    _send_tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _sent_batches: Batcher[SentMessage, bool | None] = field(init=False)

    def __post_init__(self) -> None:
        self._sent_batches = Batcher(self._save_sent)

    async def run(self) -> None:
        """Deliver until stopped, or cancelled: then what is under way is broken off and its lanes are given back."""
        try:
            while not self.wake.is_stopped:
                self.wake.messages.clear()
                if await self.round() < MAX_QUEUES:
                    await wait(self.wake.messages, POLL_SECONDS)
            await asyncio.gather(*self._send_tasks, return_exceptions=True)
        finally:
            for task in self._send_tasks:
                task.cancel()
            await asyncio.gather(*self._send_tasks, return_exceptions=True)

    async def round(self) -> int:
        """Lease the lanes that may send now and begin with their first messages; how many those are."""
        room = MAX_QUEUES - len(self._send_tasks)
        if room <= 0:
            return 0
        token, now = uuid.uuid4().hex, self.clock()
        try:
            parcels = await self.database.run(lambda tx: self._lease_messages(tx, token, now, room))
        except DBAPIError as error:
            log.error("the outbox cannot be read: %s; trying again in %s s", safe_description(error), POLL_SECONDS)  # noqa: TRY400 - described
            return 0
        for parcel in parcels:
            task = asyncio.create_task(self._send(parcel, token, now + self.lease_seconds))
            self._send_tasks.add(task)
            task.add_done_callback(self._on_sent)
        return len(parcels)

    def _on_sent(self, task: "asyncio.Task[None]") -> None:
        self._send_tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a message was not settled: %s; it is sent again after its lease", safe_description(error))

    def _lease_messages(self, tx: Connection, token: str, now: float, room: int) -> list[PreparedMessage]:
        letters = outbox.lease_queues(tx, now, now + self.lease_seconds, token, room)
        messages = [PreparedMessage(letter, self._prepare_content(tx, letter)) for letter in letters]
        if messages:
            tx.commit()
        return messages

    def _prepare_content(self, tx: Connection, letter: OutboxMessage) -> Outgoing | Exception:
        """What to send. A card is drawn from the state as it is now, so a late one is never an old one."""
        try:
            return self._outgoing(tx, letter, load_recovery(letter.recovery_data))
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - settled like any other failure, so that its lane can go on
            return error

    def _outgoing(self, tx: Connection, letter: OutboxMessage, recovery: Recovery) -> Outgoing:
        body, place = letter.body, recovery.place
        if body["kind"] == "post":
            if body["internal"] and recovery.has_external_users:
                raise Undeliverable(DeliveryFailure.EXTERNAL_USERS)
            said = {name: body[name] for name in ("conversation", "thread") if name in body}
            return PostOut(letter.idempotency_key, replace(place, **said), body["text"], is_internal=body["internal"])
        to = Person(**body["to"])
        if body["kind"] == "private_message":
            return PrivateMessageOut(
                letter.idempotency_key, place, to, body["text"], body["nudge"], f"{recovery.id}:{to.user_id}"
            )
        flow = self.registry.get_version(tx, recovery.flow, recovery.flow_version)
        drawn = guide_card(flow, recovery, to, self.registry.localizer(recovery.language, recovery.timezone))
        return CardOut(f"{recovery.id}:{to.user_id}", place, to, drawn, recovery.language)

    async def _send(self, parcel: PreparedMessage, token: str, until: float) -> None:
        """Send one, and settle it while the lease holds."""
        letter = parcel.message
        try:
            if self.clock() > until - TIMEOUT_SECONDS / LEASE_SECONDS * self.lease_seconds:
                log.warning("message %s: this process was held up, so another one may send it", letter.id)
                return
            outcome = await self._deliver(parcel)
            more, effects = await self._save_outcome(letter, token, outcome, until)
        except asyncio.CancelledError:
            await self.database.run(with_commit(lambda tx: outbox.release_queue(tx, letter.queue, token)))
            raise
        if more is None:
            log.warning("message %s: the lease was lost while it was sent", letter.id)
        if effects:
            self.wake.notify(effects, self.clock())
        if more or len(self._send_tasks) >= MAX_QUEUES:
            seconds = outcome.result.ready_at - self.clock()
            asyncio.get_running_loop().call_later(max(0.0, seconds), self.wake.messages.set)

    async def _deliver(self, parcel: PreparedMessage) -> SendOutcome:
        """Give it to its platform, and say how that ended."""
        letter = parcel.message
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS / LEASE_SECONDS * self.lease_seconds):
                rest = await self.platforms[letter.platform].deliver(_content_of(parcel))
        except Undeliverable as error:
            return self._give_up(letter, error.reason, error)
        except RateLimited as error:
            log.info("message %s: %s", letter.id, error)
            ready_at = self.clock() + min(max(error.retry_after, 0.0), MAX_RETRY_SECONDS)
            return SendOutcome(
                DeliveryResult("pending", ready_at, str(error), counts_as_attempt=False),
                pauses_workspace=error.applies_to_workspace,
            )
        except (Unavailable, TimeoutError, OSError, DBAPIError) as error:
            late = self.clock() - letter.queued_at > MAX_RETRY_SECONDS
            return self._give_up(letter, DeliveryFailure.TOO_LATE, error) if late else self._retry_later(letter, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hold the lane for ever
            if letter.internal_errors + 1 >= MAX_INTERNAL_ERRORS:
                return self._give_up(letter, DeliveryFailure.INTERNAL_ERROR, error)
            return self._retry_later(letter, error, fault=True)
        return SendOutcome(DeliveryResult("sent", self.clock() + rest), rest)

    def _retry_later(self, letter: OutboxMessage, error: Exception, *, fault: bool = False) -> SendOutcome:
        wait_for = min(MAX_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** min(letter.attempts - 1, MAX_DOUBLINGS))
        problem = safe_description(error)
        log.warning("message %s: %s; trying again in %.1f s", letter.id, problem, wait_for)
        return SendOutcome(DeliveryResult("pending", self.clock() + wait_for, problem, is_internal_error=fault))

    def _give_up(self, letter: OutboxMessage, why: DeliveryFailure, error: Exception) -> SendOutcome:
        problem = safe_description(error)
        log.error("message %s is given up: %s. See trust-recover outbox.", letter.id, problem)
        return SendOutcome(DeliveryResult("dead", self.clock(), problem), failure=why)

    async def _save_outcome(
        self, letter: OutboxMessage, token: str, outcome: SendOutcome, until: float
    ) -> tuple[bool | None, tuple[Effect, ...]]:
        """Store how it ended. Tried for as long as the lane is ours: a post must not be repeated for a short outage."""
        while True:
            now = self.clock()
            try:
                if outcome.rest_seconds is not None and letter.failed_at is None:
                    return await self._sent_batches.submit(SentMessage(letter, token, outcome.rest_seconds)), ()
                return await self.database.run(with_commit(partial(self._save_outcome_in, letter, token, outcome, now)))
            except DBAPIError as error:
                if now > until:
                    log.error("message %s will be sent once more: %s", letter.id, safe_description(error))  # noqa: TRY400 - described
                    return None, ()
            await asyncio.sleep(FIRST_BACKOFF_SECONDS)

    async def _save_sent(self, sent: Sequence[SentMessage]) -> Sequence[bool | None]:
        now = self.clock()
        return await self.database.run(with_commit(lambda tx: outbox.save_sent(tx, sent, now)))

    def _save_outcome_in(
        self, letter: OutboxMessage, token: str, outcome: SendOutcome, now: float, tx: Connection
    ) -> tuple[bool | None, tuple[Effect, ...]]:
        found = self._lock_recovery(tx, letter) if outcome.failure or letter.failed_at is not None else None
        more = outbox.save_result(tx, letter, token, outcome.result, now)
        if more is None:
            return None, ()
        if outcome.pauses_workspace:
            outbox.pause_workspace(tx, letter.workspace, outcome.result.ready_at)
        if found is None:
            return more, ()
        try:
            news = _delivery_event(letter, outcome)
            if news is None:
                return more, ()
            with tx.begin_nested():
                told = advance_locked(tx, self.registry, found, news, now)
                save_transitions(tx, [told], now)
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, CONSTRAINT_ERRORS):
                raise  # the database is away: all of it is tried again
            problem = safe_description(error)
            log.error("recovery %s was not told about message %s: %s", letter.recovery_id, letter.id, problem)  # noqa: TRY400 - described
            return more, ()
        return more, told.effects

    def _lock_recovery(self, tx: Connection, letter: OutboxMessage) -> tuple[Recovery, int] | None:
        """The recovery, locked before its lane as everywhere."""
        try:
            return recoveries.lock_internal(tx, letter.recovery_id)
        except UnreadableData as error:
            log.error("message %s: %s", letter.id, error)  # noqa: TRY400 - it says all
            return None


def _content_of(parcel: PreparedMessage) -> Outgoing:
    if isinstance(parcel.content, Exception):
        raise parcel.content
    return parcel.content


def _delivery_event(letter: OutboxMessage, outcome: SendOutcome) -> DeliveryFailed | DeliverySucceeded | None:
    """What the talk has to know: a message was given up, or has arrived after that."""
    state, body = outcome.result.state, letter.body
    version = (
        SummaryVersion(body["version"])
        if "version" in body
        else SummaryVersion.INTERNAL
        if body.get("internal")
        else None
    )
    version = None if body.get("line") else version
    what = MessageKind(body["kind"]) if body["kind"] != "post" else MessageKind.SUMMARY if version else MessageKind.LINE
    to = Person(**body["to"]) if "to" in body else None
    if state == "dead":
        return DeliveryFailed(what, outcome.failure or DeliveryFailure.REFUSED, version, to)
    return DeliverySucceeded(what, version, to) if state == "sent" and letter.failed_at is not None else None
