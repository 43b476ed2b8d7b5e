"""The outbox in SQL: leasing queues, storing how sending ended, pausing a workspace, and what operators do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from adapters.shared.storage import per_dialect
from bot.clock import MAX_CLOCK_SKEW_SECONDS
from bot.storage import tables as t
from bot.storage.outbox.messages import Message, dump_message
from bot.storage.tables import IS_FAILED, IS_PENDING
from flows.state.delivery_failure import MessageKind


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to put into the outbox.

    `queue`: the key of its queue, `platform:workspace:conversation` or `platform:workspace:@user`. `idempotency_key`:
    unique among all messages. `queued_at`: epoch seconds. `card_key`: of a card; a newer message with the same key
    makes this one unnecessary.
    """

    queue: str
    recovery_id: str
    idempotency_key: str
    queued_at: float
    content: Message
    card_key: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A leased message, with its recovery as stored at that moment.

    `newest_card_id`: the newest waiting message of the same card. Sending this one makes those up to it unnecessary.
    `failed_at`: when it was given up before, if an operator had it sent again.
    """

    id: int
    queue: str
    recovery_id: str
    idempotency_key: str
    attempts: int
    internal_errors: int
    queued_at: float
    body: dict[str, Any]
    card_key: str | None
    failed_at: float | None
    newest_card_id: int
    recovery_data: Any

    @property
    def platform(self) -> str:
        """The platform that delivers it."""
        return self.queue.partition(":")[0]

    @property
    def workspace(self) -> str:
        """`platform:workspace`, as pauses name it."""
        return _workspace_of(self.queue)


class FailedSummary(NamedTuple):
    """A summary that was given up, and its recovery, both as stored."""

    id: int
    body: Any
    recovery_data: Any


_queue, _out = t.queue.c, t.outbox.c
_NOW: BindParameter[float] = bindparam("now")
_WAITING = select(_out.queue).where(IS_PENDING).distinct()
_PAUSE_OF_QUEUE = (t.pause.c.workspace == _queue.workspace) | (
    (_queue.workspace == "") & _queue.key.like(t.pause.c.workspace + ":%")  # a queue that an early release made
)
_LATEST_BEGINNING: BindParameter[float] = bindparam("latest_beginning")
"""A wait that began later is of a clock that was set back."""
_ENDED_LEASES: BindParameter[list[str]] = bindparam("ended_leases", expanding=True)
_HAS_PAUSE = exists().where(
    _PAUSE_OF_QUEUE, t.pause.c.until > _NOW, func.coalesce(t.pause.c.set_at, 0.0) <= _LATEST_BEGINNING
)
_IS_READY = (_queue.ready_at <= _NOW) | (_queue.ready_set_at > _LATEST_BEGINNING)
_IS_FREE = _queue.lease_token.is_(None) | _queue.lease_token.in_(_ENDED_LEASES)


def _free_queues(waiting: ColumnElement[bool]) -> Select[str]:
    """Queues with messages that may send now, the longest ready first. Queues that others have locked are skipped."""
    return (
        select(_queue.key)
        .where(waiting, _IS_READY, _IS_FREE, ~_HAS_PAUSE)
        .order_by(_queue.ready_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, key_share=True)
    )


_HAS_MESSAGES: dict[str, ColumnElement[bool]] = {
    "sqlite": _queue.key.in_(_WAITING),
    "postgresql": _queue.key == func.any(func.array(_WAITING.scalar_subquery())),  # IN would hash all queues
}
_FREE_QUEUES = {dialect: _free_queues(waiting) for dialect, waiting in _HAS_MESSAGES.items()}
_LEASES = {
    dialect: select(_queue.lease_token).where(waiting, _queue.lease_token.is_not(None)).distinct()
    for dialect, waiting in _HAS_MESSAGES.items()
}
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_HEADS = select(func.min(_out.id)).where(_out.queue.in_(_KEYS), IS_PENDING).group_by(_out.queue)
_later = t.outbox.alias("later")
_NEWEST = (
    select(func.max(_later.c.id))
    .where(
        _later.c.queue == _out.queue, _later.c.state == literal_column("'pending'"), _later.c.card_key == _out.card_key
    )
    .scalar_subquery()
)
_MESSAGES = (
    select(t.outbox, _NEWEST.label("newest"), t.recovery.c.data)
    .join(t.recovery, t.recovery.c.id == _out.recovery_id)
    .where(_out.id.in_(_HEADS))
    .order_by(_out.id)
)
_LEASE = (
    update(t.queue).where(_queue.key.in_(_KEYS)).values(lease_until=bindparam("until"), lease_token=bindparam("by"))
)
_COUNT_ATTEMPT = (
    update(t.outbox).where(_out.id.in_(bindparam("ids", expanding=True))).values(attempts=_out.attempts + 1)
)
_ADD_MESSAGES = insert(t.outbox)
_ADD_QUEUE = per_dialect(lambda insert_: insert_(t.queue).on_conflict_do_nothing())
_PAUSE = per_dialect(
    lambda insert_: (row := insert_(t.pause)).on_conflict_do_update(
        index_elements=("workspace",),
        set_={"until": row.excluded.until, "set_at": row.excluded.set_at},
        where=(row.excluded.until > t.pause.c.until)
        | (t.pause.c.set_at > row.excluded.set_at + MAX_CLOCK_SKEW_SECONDS),
    )
)
_RELEASE = (
    update(t.queue)
    .where(_queue.key == bindparam("of_queue"), _queue.lease_token == bindparam("mine"))
    .values(lease_until=0.0, lease_token=None)
)
_RELEASE_ALL = update(t.queue).where(_queue.lease_token.is_not(None)).values(lease_until=0.0, lease_token=None)
_KIND = _out.body["kind"].as_string()
_LIST = select(
    _out.id,
    _out.state,
    _out.queue,
    _out.recovery_id,
    _out.attempts,
    _out.queued_at,
    _out.last_error,
    _KIND.label("kind"),
).order_by(_out.id)
_FAILED_SUMMARIES = (
    select(_out.id, _out.body, t.recovery.c.data)
    .join(t.recovery, t.recovery.c.id == _out.recovery_id)
    .where(IS_FAILED, MessageKind.SUMMARY.value == _KIND)
    .order_by(_out.id)
)
_RESEND = (
    update(t.outbox)
    .where(IS_FAILED)
    .values(state="pending", attempts=0, internal_errors=0, last_error=None, queued_at=_NOW)
    .returning(_out.id)
)


def add_messages(tx: Connection, messages: Sequence[NewMessage]) -> None:
    """Put messages into the outbox, in order. Queues are created in the order of their keys, to avoid deadlocks."""
    add_queues(tx, {message.queue for message in messages})
    tx.execute(_ADD_MESSAGES, [_columns(message) for message in messages])


def add_queues(tx: Connection, keys: Collection[str]) -> None:
    """Make these queues, where they are not there yet."""
    queues = [
        {"key": key, "workspace": _workspace_of(key), "ready_at": 0.0, "lease_until": 0.0} for key in sorted(keys)
    ]
    tx.execute(_ADD_QUEUE[tx.dialect.name], queues)


def lease_tokens(tx: Connection) -> list[str]:
    """The tokens of the leases that hold queues with messages."""
    return list(tx.execute(_LEASES[tx.dialect.name]).scalars())


def lease_queues(
    tx: Connection, now: float, until: float, token: str, limit: int, ended_leases: Collection[str] = ()
) -> list[OutboxMessage]:
    """Lease free queues and return the first message of each. Queues are locked first, and read after that.

    `ended_leases`: tokens of leases that have ended. `until` is for the release before, which goes by the clock.
    """
    free = {
        "now": now,
        "limit": limit,
        "ended_leases": list(ended_leases),
        "latest_beginning": now + MAX_CLOCK_SKEW_SECONDS,
    }
    keys = list(tx.execute(_FREE_QUEUES[tx.dialect.name], free).scalars())
    if not keys:
        return []
    rows = tx.execute(_MESSAGES, {"keys": keys}).all()
    if not rows:
        return []
    tx.execute(_LEASE, {"keys": [row.queue for row in rows], "until": until, "by": token})
    tx.execute(_COUNT_ATTEMPT, {"ids": [row.id for row in rows]})
    return [
        OutboxMessage(
            id=row.id,
            queue=row.queue,
            recovery_id=row.recovery_id,
            idempotency_key=row.idempotency_key,
            attempts=row.attempts + 1,
            internal_errors=row.internal_errors,
            queued_at=row.queued_at,
            body=row.body,
            card_key=row.card_key,
            failed_at=row.failed_at,
            newest_card_id=row.newest or row.id,
            recovery_data=row.data,
        )
        for row in rows
    ]


def pause_workspace(tx: Connection, workspace: str, until: float, now: float) -> None:
    """Send nothing to a workspace until then; a longer pause stays."""
    tx.execute(_PAUSE[tx.dialect.name], {"workspace": workspace, "until": until, "set_at": now})


def release_queue(tx: Connection, queue: str, token: str) -> None:
    """Release a queue whose lease is still ours, without a result: another process may send at once."""
    tx.execute(_RELEASE, {"of_queue": queue, "mine": token})


def release_all_queues(tx: Connection) -> None:
    """Release every queue. Only where no other process can hold a lease."""
    tx.execute(_RELEASE_ALL)


def list_messages(tx: Connection, *, everything: bool) -> list[dict[str, Any]]:
    """Messages that failed, or all that were not sent, oldest first. Their texts are left out."""
    state = IS_FAILED if not everything else (IS_FAILED | IS_PENDING)
    return [dict(row) for row in tx.execute(_LIST.where(state)).mappings()]


def failed_summaries(tx: Connection, ids: Sequence[int]) -> list[FailedSummary]:
    """The summaries among these messages that failed, or all of them if no id is given, oldest first."""
    statement = _FAILED_SUMMARIES.where(_out.id.in_(ids)) if ids else _FAILED_SUMMARIES
    return [FailedSummary(*row) for row in tx.execute(statement)]


def resend_failed(tx: Connection, ids: Sequence[int], now: float, *, without: Sequence[int] = ()) -> list[int]:
    """Send failed messages again, in their old places; all of them if no id is given. Returns their ids."""
    statement = _RESEND.where(_out.id.in_(ids)) if ids else _RESEND
    return sorted(tx.execute(statement.where(_out.id.not_in(without)), {"now": now}).scalars())


def _columns(message: NewMessage) -> dict[str, Any]:
    return {
        "queue": message.queue,
        "recovery_id": message.recovery_id,
        "idempotency_key": message.idempotency_key,
        "queued_at": message.queued_at,
        "body": dump_message(message.content),
        "card_key": message.card_key,
    }


def _workspace_of(queue: str) -> str:
    """The first two parts of a queue's key: `platform:workspace`."""
    return ":".join(queue.split(":", 2)[:2])
