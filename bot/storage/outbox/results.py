"""What became of sent messages, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, exists, select, tuple_, update

from bot.storage import tables as t
from bot.storage.outbox.queues import OutboxMessage
from bot.storage.tables import IS_PENDING


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """How sending ended.

    `ready_at`: when the queue may send again, in epoch seconds. `is_internal_error`: an error of this program.
    """

    state: str
    ready_at: float
    last_error: str | None = None
    counts_as_attempt: bool = True
    is_internal_error: bool = False


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that the platform has just accepted. `rest_seconds`: for how long its queue must wait now."""

    message: OutboxMessage
    token: str
    rest_seconds: float


_queue, _out = t.queue.c, t.outbox.c
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_RELEASE_WITH_RESULT = (
    update(t.queue)
    .where(_queue.key == bindparam("of_queue"), _queue.lease_token == bindparam("mine"))
    .values(lease_until=0.0, lease_token=None, ready_at=bindparam("ready_at"), ready_set_at=bindparam("set_at"))
)
_RESULT_COLUMNS = ("state", "last_error", "attempts", "internal_errors", "sent_at", "failed_at")
_SAVE_RESULT = (
    update(t.outbox)
    .where(_out.queue == bindparam("of_queue"), IS_PENDING, _out.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in _RESULT_COLUMNS})
)
_SUPERSEDE = (
    update(t.outbox)
    .where(_out.queue == bindparam("of_queue"), IS_PENDING, _out.card_key == bindparam("of_card"))
    .where(_out.id <= bindparam("newest"))
    .values(state="sent", sent_at=bindparam("sent_at"))
)
_RELEASE_SENT = (
    update(t.queue)
    .where(tuple_(_queue.key, _queue.lease_token).in_(bindparam("mine", expanding=True)))
    .values(lease_until=0.0, lease_token=None, ready_at=bindparam("ready_at"), ready_set_at=bindparam("set_at"))
    .returning(_queue.key)
)
_SAVE_SENT = (
    update(t.outbox)
    .where(_out.id.in_(bindparam("ids", expanding=True)), IS_PENDING)
    .values(state="sent", last_error=None, sent_at=bindparam("sent_at"))
)
_MORE_IN = select(_out.queue).where(_out.queue.in_(_KEYS), IS_PENDING).distinct()
_MORE = select(exists().where(_out.queue == bindparam("of_queue"), IS_PENDING))


def save_result(tx: Connection, message: OutboxMessage, token: str, how: DeliveryResult, now: float) -> bool | None:
    """Release a queue and store what became of its message. Returns whether the queue has more messages.

    None: the lease was lost, and nothing was changed.
    """
    mine = {"of_queue": message.queue, "mine": token, "ready_at": how.ready_at, "set_at": now}
    if tx.execute(_RELEASE_WITH_RESULT, mine).rowcount != 1:
        return None
    values = {
        "of_queue": message.queue,
        "of_id": message.id,
        "state": how.state,
        "last_error": how.last_error,
        "attempts": message.attempts if how.counts_as_attempt else message.attempts - 1,
        "internal_errors": message.internal_errors + how.is_internal_error,
        "sent_at": now if how.state == "sent" else None,
        "failed_at": now if how.state == "failed" else message.failed_at,
    }
    tx.execute(_SAVE_RESULT, values)
    if how.state == "sent":
        _supersede_cards(tx, message, now)
    return bool(tx.execute(_MORE, {"of_queue": message.queue}).scalar())


def save_sent(tx: Connection, messages: Sequence[SentMessage], now: float) -> list[bool | None]:
    """Store that messages were sent, all at once. Returns for each what `save_result` would return."""
    own_queues: set[str] = set()
    for rest in sorted({one.rest_seconds for one in messages}):
        mine = [(one.message.queue, one.token) for one in messages if one.rest_seconds == rest]
        own_queues.update(tx.execute(_RELEASE_SENT, {"mine": mine, "ready_at": now + rest, "set_at": now}).scalars())
    ours = [one.message for one in messages if one.message.queue in own_queues]
    if not ours:
        return [None for _ in messages]
    tx.execute(_SAVE_SENT, {"ids": [message.id for message in ours], "sent_at": now})
    for message in ours:
        _supersede_cards(tx, message, now)
    more = set(tx.execute(_MORE_IN, {"keys": list(own_queues)}).scalars())
    return [one.message.queue in more if one.message.queue in own_queues else None for one in messages]


def _supersede_cards(tx: Connection, message: OutboxMessage, now: float) -> None:
    """Mark the later messages of the same card as sent: the card that was sent is as new as they are."""
    if message.newest_card_id > message.id:
        parameters = {
            "of_queue": message.queue,
            "newest": message.newest_card_id,
            "of_card": message.card_key,
            "sent_at": now,
        }
        tx.execute(_SUPERSEDE, parameters)
