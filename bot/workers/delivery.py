"""Delivery of the outbox: in order within each queue, and tried again until the platform accepts or refuses it."""

import asyncio
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.port import Outgoing, Platform, RateLimited, Unavailable, Undeliverable
from adapters.shared.caching.batching import Batcher
from adapters.shared.safe_logging import safe_description
from adapters.shared.storage import CONSTRAINT_ERRORS, with_commit
from bot.clock import POLL_SECONDS, Clock, Timer, WakeSignals, system_timer, wait
from bot.service.transition import advance_locked, save_transitions
from bot.storage import recoveries
from bot.storage.database import Database
from bot.storage.flow_registry import FlowRegistry
from bot.storage.outbox import queues, results
from bot.storage.outbox.queues import OutboxMessage
from bot.storage.outbox.results import DeliveryResult, SentMessage
from bot.workers.leases import LeaseWatch
from bot.workers.message_content import delivery_failed, delivery_succeeded, outgoing_message
from flows.errors import UnreadableData
from flows.state.delivery_failure import DeliveryFailure
from flows.state.effects import Effect
from flows.state.events import DeliveryFailed, DeliverySucceeded
from flows.state.recovery import Recovery

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""Seconds for which a process holds a queue, by its own timer and by those of the others."""
TIMEOUT_SECONDS = 0.6 * LEASE_SECONDS
"""Seconds that a platform may take; less than the lease, so that two processes never send the same message."""
MAX_QUEUES = 32
FIRST_BACKOFF_SECONDS, MAX_BACKOFF_SECONDS = 0.5, 60.0
MAX_DOUBLINGS = 10
MAX_RETRY_SECONDS = 86_400.0
"""Seconds for which an unavailable platform is tried."""
MAX_INTERNAL_ERRORS = 5
"""Attempts at a message that fails by an error of this program. Then it is given up, and its queue goes on."""


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """A leased message with what is to be sent, or the error that came up while it was made."""

    message: OutboxMessage
    content: Outgoing | Exception


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """How sending ended.

    `rest_seconds`: it was sent, and its queue must wait so long. `pauses_workspace`: all queues of its workspace must
    wait. `failure`: it was given up, for this reason.
    """

    result: DeliveryResult
    rest_seconds: float | None = None
    pauses_workspace: bool = False
    failure: DeliveryFailure | None = None


@dataclass(slots=True)
class Delivery:
    """Sends what is in the outbox to the platforms, by their names.

    `clock`: what is stored. `timer`: how long a lease lasts.
    """

    database: Database
    registry: FlowRegistry
    platforms: Mapping[str, Platform]
    clock: Clock
    wake: WakeSignals
    lease_seconds: float = LEASE_SECONDS
    timer: Timer = system_timer
    _lease_watch: LeaseWatch = field(init=False)
    _send_tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _sent_batches: Batcher[SentMessage, bool | None] = field(init=False)

    def __post_init__(self) -> None:
        self._lease_watch = LeaseWatch(self.lease_seconds, self.timer)
        self._sent_batches = Batcher(self._save_sent)

    async def run(self) -> None:
        """Deliver until stopped or cancelled. If cancelled, sending is broken off and the queues are released."""
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
        """Lease the queues that may send now and start to send their first messages. Returns how many those are."""
        free = MAX_QUEUES - len(self._send_tasks)
        if free <= 0:
            return 0
        token, now, began = uuid.uuid4().hex, self.clock(), self.timer()
        try:
            messages = await self.database.run(lambda tx: self._lease_messages(tx, token, now, free))
        except DBAPIError as error:
            log.error("the outbox cannot be read: %s; trying again in %s s", safe_description(error), POLL_SECONDS)  # noqa: TRY400 - described
            return 0
        for message in messages:
            task = asyncio.create_task(self._send(message, token, began + self.lease_seconds))
            self._send_tasks.add(task)
            task.add_done_callback(self._on_sent)
        return len(messages)

    def _on_sent(self, task: "asyncio.Task[None]") -> None:
        self._send_tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error(
                "the result of a message was not stored: %s; it is sent again after its lease", safe_description(error)
            )

    def _lease_messages(self, tx: Connection, token: str, now: float, limit: int) -> list[PreparedMessage]:
        if self._lease_watch.is_due():
            self._lease_watch.look(queues.lease_tokens(tx))
        ended_leases = self._lease_watch.ended_leases()
        queue_heads = queues.lease_queues(tx, now, now + self.lease_seconds, token, limit, ended_leases)
        messages = [PreparedMessage(message, self._prepare_content(tx, message, now)) for message in queue_heads]
        if messages:
            tx.commit()
        return messages

    def _prepare_content(self, tx: Connection, message: OutboxMessage, now: float) -> Outgoing | Exception:
        try:
            return outgoing_message(tx, self.registry, message, now)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - stored like any other failure, so that its queue can go on
            return error

    async def _send(self, message_to_send: PreparedMessage, token: str, until: float) -> None:
        """Send one message, and store the result while the lease holds. `until`: when the lease ends, by the timer."""
        message = message_to_send.message
        try:
            if self.timer() > until - TIMEOUT_SECONDS / LEASE_SECONDS * self.lease_seconds:
                log.warning("message %s: this process was held up, so another one may send it", message.id)
                return
            outcome = await self._deliver(message_to_send)
            more, effects = await self._save_outcome(message, token, outcome, until)
        except asyncio.CancelledError:
            await self.database.run(with_commit(lambda tx: queues.release_queue(tx, message.queue, token)))
            raise
        if more is None:
            log.warning("message %s: the lease was lost while it was sent", message.id)
        if effects:
            self.wake.notify(effects, self.clock())
        if more or len(self._send_tasks) >= MAX_QUEUES:
            seconds = outcome.result.ready_at - self.clock()
            asyncio.get_running_loop().call_later(min(max(0.0, seconds), MAX_RETRY_SECONDS), self.wake.messages.set)

    async def _deliver(self, message_to_send: PreparedMessage) -> SendOutcome:
        """Give it to its platform. Returns how that ended."""
        message = message_to_send.message
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS / LEASE_SECONDS * self.lease_seconds):
                rest = await self.platforms[message.platform].deliver(_content_of(message_to_send))
        except Undeliverable as error:
            return self._give_up(message, error.reason, error)
        except RateLimited as error:
            log.info("message %s: %s", message.id, error)
            ready_at = self.clock() + min(max(error.retry_after, 0.0), MAX_RETRY_SECONDS)
            return SendOutcome(
                DeliveryResult("pending", ready_at, str(error), counts_as_attempt=False),
                pauses_workspace=error.applies_to_workspace,
            )
        except (Unavailable, TimeoutError, OSError, DBAPIError) as error:
            late = self.clock() - message.queued_at > MAX_RETRY_SECONDS
            return (
                self._give_up(message, DeliveryFailure.TOO_LATE, error) if late else self._retry_later(message, error)
            )
        except Exception as error:  # noqa: BLE001 - an error of this program must not stop the queue for ever
            if message.internal_errors + 1 >= MAX_INTERNAL_ERRORS:
                return self._give_up(message, DeliveryFailure.INTERNAL_ERROR, error)
            return self._retry_later(message, error, is_internal_error=True)
        return SendOutcome(DeliveryResult("sent", self.clock() + rest), rest)

    def _retry_later(self, message: OutboxMessage, error: Exception, *, is_internal_error: bool = False) -> SendOutcome:
        wait_for = min(MAX_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** min(message.attempts - 1, MAX_DOUBLINGS))
        problem = safe_description(error)
        log.warning("message %s: %s; trying again in %.1f s", message.id, problem, wait_for)
        return SendOutcome(
            DeliveryResult("pending", self.clock() + wait_for, problem, is_internal_error=is_internal_error)
        )

    def _give_up(self, message: OutboxMessage, reason: DeliveryFailure, error: Exception) -> SendOutcome:
        problem = safe_description(error)
        log.error("message %s failed: %s. See trust-recover outbox.", message.id, problem)
        return SendOutcome(DeliveryResult("failed", self.clock(), problem), failure=reason)

    async def _save_outcome(
        self, message: OutboxMessage, token: str, outcome: SendOutcome, until: float
    ) -> tuple[bool | None, tuple[Effect, ...]]:
        """Store how it ended. Tried until the lease ends, so that a short outage does not lead to a second post."""
        while True:
            now = self.clock()
            try:
                if outcome.rest_seconds is not None and message.failed_at is None:
                    return await self._sent_batches.submit(SentMessage(message, token, outcome.rest_seconds)), ()
                return await self.database.run(
                    with_commit(partial(self._save_outcome_in, message, token, outcome, now))
                )
            except DBAPIError as error:
                if self.timer() > until:
                    log.error("message %s will be sent a second time: %s", message.id, safe_description(error))  # noqa: TRY400 - described
                    return None, ()
            await asyncio.sleep(FIRST_BACKOFF_SECONDS)

    async def _save_sent(self, messages: Sequence[SentMessage]) -> Sequence[bool | None]:
        now = self.clock()
        return await self.database.run(with_commit(lambda tx: results.save_sent(tx, messages, now)))

    def _save_outcome_in(
        self, message: OutboxMessage, token: str, outcome: SendOutcome, now: float, tx: Connection
    ) -> tuple[bool | None, tuple[Effect, ...]]:
        recovery_and_version = (
            self._lock_recovery(tx, message) if outcome.failure or message.failed_at is not None else None
        )
        more = results.save_result(tx, message, token, outcome.result, now)
        if more is None:
            return None, ()
        if outcome.pauses_workspace:
            queues.pause_workspace(tx, message.workspace, outcome.result.ready_at, now)
        if recovery_and_version is None:
            return more, ()
        try:
            event = _delivery_event(message, outcome)
            if event is None:
                return more, ()
            with tx.begin_nested():
                transition = advance_locked(tx, self.registry, recovery_and_version, event, now)
                save_transitions(tx, [transition], now)
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, CONSTRAINT_ERRORS):
                raise  # the database cannot be reached: all of it is tried again
            problem = safe_description(error)
            log.error("recovery %s does not know about message %s: %s", message.recovery_id, message.id, problem)  # noqa: TRY400 - described
            return more, ()
        return more, transition.effects

    def _lock_recovery(self, tx: Connection, message: OutboxMessage) -> tuple[Recovery, int] | None:
        """The recovery, locked before its queue. The order is the same everywhere, so that there are no deadlocks."""
        try:
            return recoveries.lock_internal(tx, message.recovery_id)
        except UnreadableData as error:
            log.error("message %s: %s", message.id, error)  # noqa: TRY400 - it says all
            return None


def _content_of(message: PreparedMessage) -> Outgoing:
    if isinstance(message.content, Exception):
        raise message.content
    return message.content


def _delivery_event(message: OutboxMessage, outcome: SendOutcome) -> DeliveryFailed | DeliverySucceeded | None:
    """What the recovery has to know: that a message was given up, or has arrived after that."""
    state = outcome.result.state
    if state == "failed":
        return delivery_failed(message, outcome.failure or DeliveryFailure.REFUSED)
    return delivery_succeeded(message) if state == "sent" and message.failed_at is not None else None
