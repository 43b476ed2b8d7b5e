"""The outbox in SQL: leasing lanes, settling what was sent, pausing a workspace, and what operators do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
    tuple_,
    update,
)

from adapters.shared.storage import per_dialect
from bot.storage import tables as t
from bot.storage.tables import IS_FAILED, IS_PENDING


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message that is ours to send, with its recovery as stored at that moment.

    `newest`: the id up to which messages of the same card are made moot by it.
    """

    id: int
    queue: str
    recovery_id: str
    idempotency_key: str
    attempts: int
    internal_errors: int
    queued_at: float
    body: dict[str, Any]
    card: str | None
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
        return ":".join(self.queue.split(":", 2)[:2])


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """How sending ended. `ready_at`: when the lane may send again. `counted`: an attempt. `fault`: one of ours."""

    state: str
    ready_at: float
    last_error: str | None = None
    counts_as_attempt: bool = True
    is_internal_error: bool = False


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that the platform has just taken. `rest`: seconds for which its lane must wait now."""

    message: OutboxMessage
    token: str
    rest_seconds: float


_queue, _out = t.queue.c, t.outbox.c
_NOW: BindParameter[float] = bindparam("now")
_WAITING = select(_out.lane).where(IS_PENDING).distinct()
_PAUSE_OF_QUEUE = (t.pause.c.workspace == _queue.workspace) | (
    (_queue.workspace == "") & _queue.key.like(t.pause.c.workspace + ":%")  # a lane that the release before made
)
_PAUSED = exists().where(_PAUSE_OF_QUEUE, t.pause.c.until > _NOW)


def _free_queues(waiting: ColumnElement[bool]) -> Select[str]:
    """Lanes with mail that may send now, the longest ready first; others' locks are passed over."""
    return (
        select(_queue.key)
        .where(waiting, _queue.ready_at <= _NOW, _queue.lease_until <= _NOW, ~_PAUSED)
        .order_by(_queue.ready_at)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, key_share=True)
    )


_FREE_QUEUES = {
    "sqlite": _free_queues(_queue.key.in_(_WAITING)),
    "postgresql": _free_queues(
        _queue.key == func.any(func.array(_WAITING.scalar_subquery()))
    ),  # IN would hash all lanes
}
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_HEADS = select(func.min(_out.id)).where(_out.lane.in_(_KEYS), IS_PENDING).group_by(_out.lane)
_later = t.outbox.alias("later")
_NEWEST = (
    select(func.max(_later.c.id))
    .where(_later.c.lane == _out.lane, _later.c.state == literal_column("'pending'"), _later.c.card == _out.card)
    .scalar_subquery()
)
_MESSAGES = (
    select(t.outbox, _NEWEST.label("newest"), t.recovery.c.data)
    .join(t.recovery, t.recovery.c.id == _out.recovery_id)
    .where(_out.id.in_(_HEADS))
    .order_by(_out.id)
)
_LEASE = update(t.queue).where(_queue.key.in_(_KEYS)).values(lease_until=bindparam("until"), token=bindparam("by"))
_COUNT_ATTEMPT = (
    update(t.outbox).where(_out.id.in_(bindparam("ids", expanding=True))).values(attempts=_out.attempts + 1)
)
_ADD_MESSAGES = insert(t.outbox)
_ADD_QUEUE = per_dialect(lambda insert_: insert_(t.queue).on_conflict_do_nothing())
_RELEASE_WITH_RESULT = (
    update(t.queue)
    .where(_queue.key == bindparam("of_lane"), _queue.token == bindparam("mine"))
    .values(lease_until=0.0, token=None, ready_at=bindparam("ready_at"))
)
_SAVE_RESULT = (
    update(t.outbox)
    .where(_out.lane == bindparam("of_lane"), IS_PENDING, _out.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in ("state", "problem", "attempts", "faults", "settled_at", "dead_at")})
)
_SUPERSEDE = (
    update(t.outbox)
    .where(_out.lane == bindparam("of_lane"), IS_PENDING, _out.card == bindparam("of_card"))
    .where(_out.id <= bindparam("newest"))
    .values(state="sent", settled_at=bindparam("settled_at"))
)
_RELEASE_SENT = (
    update(t.queue)
    .where(tuple_(_queue.key, _queue.token).in_(bindparam("mine", expanding=True)))
    .values(lease_until=0.0, token=None, ready_at=bindparam("ready_at"))
    .returning(_queue.key)
)
_SAVE_SENT = (
    update(t.outbox)
    .where(_out.id.in_(bindparam("ids", expanding=True)), IS_PENDING)
    .values(state="sent", problem=None, settled_at=bindparam("settled_at"))
)
_MORE_IN = select(_out.lane).where(_out.lane.in_(_KEYS), IS_PENDING).distinct()
_MORE = select(exists().where(_out.lane == bindparam("of_lane"), IS_PENDING))
_PAUSE = per_dialect(
    lambda insert_: (row := insert_(t.pause)).on_conflict_do_update(
        index_elements=("workspace",),
        set_={"until": row.excluded.until},
        where=row.excluded.until > t.pause.c.until,
    )
)
_RELEASE = (
    update(t.queue)
    .where(_queue.key == bindparam("of_lane"), _queue.token == bindparam("mine"))
    .values(lease_until=0.0, token=None)
)
_RELEASE_ALL = update(t.queue).where(_queue.token.is_not(None)).values(lease_until=0.0, token=None)
_LIST = select(
    _out.id,
    _out.state,
    _out.lane,
    _out.recovery_id,
    _out.attempts,
    _out.at,
    _out.problem,
    _out.body["kind"].as_string().label("kind"),
).order_by(_out.id)
_RESEND = (
    update(t.outbox)
    .where(IS_FAILED)
    .values(state="pending", attempts=0, faults=0, problem=None, at=_NOW)
    .returning(_out.id)
)


def add_messages(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put messages into the outbox, in order. Lanes are made in the order of their keys, so that nobody deadlocks."""
    lanes = [
        {"key": key, "workspace": workspace, "ready_at": 0.0, "lease_until": 0.0}
        for key, workspace in sorted({(row["lane"], row["workspace"]) for row in rows})
    ]
    tx.execute(_ADD_QUEUE[tx.dialect.name], lanes)
    tx.execute(_ADD_MESSAGES, [{name: row[name] for name in row if name != "workspace"} for row in rows])


def lease_queues(tx: Connection, now: float, until: float, token: str, most: int) -> list[OutboxMessage]:
    """Lease free lanes and return the first message of each. Lanes are locked first, then read afresh."""
    keys = list(tx.execute(_FREE_QUEUES[tx.dialect.name], {"now": now, "most": most}).scalars())
    if not keys:
        return []
    rows = tx.execute(_MESSAGES, {"keys": keys}).all()
    if not rows:
        return []
    tx.execute(_LEASE, {"keys": [row.lane for row in rows], "until": until, "by": token})
    tx.execute(_COUNT_ATTEMPT, {"ids": [row.id for row in rows]})
    return [
        OutboxMessage(
            id=row.id,
            queue=row.lane,
            recovery_id=row.recovery_id,
            idempotency_key=row.dedup,
            attempts=row.attempts + 1,
            internal_errors=row.faults,
            queued_at=row.at,
            body=row.body,
            card=row.card,
            failed_at=row.dead_at,
            newest_card_id=row.newest or row.id,
            recovery_data=row.data,
        )
        for row in rows
    ]


def save_result(tx: Connection, letter: OutboxMessage, token: str, how: DeliveryResult, now: float) -> bool | None:
    """Give a lane back and mark its message; whether the lane has more. None: the lease was lost, nothing changed."""
    mine = {"of_lane": letter.queue, "mine": token, "ready_at": how.ready_at}
    if tx.execute(_RELEASE_WITH_RESULT, mine).rowcount != 1:
        return None
    values = {
        "of_lane": letter.queue,
        "of_id": letter.id,
        "state": how.state,
        "problem": how.last_error,
        "attempts": letter.attempts if how.counts_as_attempt else letter.attempts - 1,
        "faults": letter.internal_errors + how.is_internal_error,
        "settled_at": now if how.state == "sent" else None,
        "dead_at": now if how.state == "dead" else letter.failed_at,
    }
    tx.execute(_SAVE_RESULT, values)
    if how.state == "sent":
        _supersede_cards(tx, letter, now)
    return bool(tx.execute(_MORE, {"of_lane": letter.queue}).scalar())


def save_sent(tx: Connection, sent: Sequence[SentMessage], now: float) -> list[bool | None]:
    """Settle messages that were just sent, all at once: of each, what `settle` would return."""
    kept: set[str] = set()
    for rest in sorted({one.rest_seconds for one in sent}):
        mine = [(one.message.queue, one.token) for one in sent if one.rest_seconds == rest]
        kept.update(tx.execute(_RELEASE_SENT, {"mine": mine, "ready_at": now + rest}).scalars())
    ours = [one.message for one in sent if one.message.queue in kept]
    if not ours:
        return [None for _ in sent]
    tx.execute(_SAVE_SENT, {"ids": [letter.id for letter in ours], "settled_at": now})
    for letter in ours:
        _supersede_cards(tx, letter, now)
    more = set(tx.execute(_MORE_IN, {"keys": list(kept)}).scalars())
    return [one.message.queue in more if one.message.queue in kept else None for one in sent]


def _supersede_cards(tx: Connection, letter: OutboxMessage, now: float) -> None:
    """Mark the later cards that this one was drawn as new as."""
    if letter.newest_card_id > letter.id:
        moot = {"of_lane": letter.queue, "newest": letter.newest_card_id, "of_card": letter.card, "settled_at": now}
        tx.execute(_SUPERSEDE, moot)


def pause_workspace(tx: Connection, workspace: str, until: float) -> None:
    """Send nothing to a workspace until then; a longer pause stays."""
    tx.execute(_PAUSE[tx.dialect.name], {"workspace": workspace, "until": until})


def release_queue(tx: Connection, lane: str, token: str) -> None:
    """Give back a lane that is still ours, without a result: another process may send at once."""
    tx.execute(_RELEASE, {"of_lane": lane, "mine": token})


def release_all_queues(tx: Connection) -> None:
    """Give back every lane: only where no other process can hold one."""
    tx.execute(_RELEASE_ALL)


def list_messages(tx: Connection, *, everything: bool) -> list[dict[str, Any]]:
    """Messages that are dead, or all that were not sent, oldest first. What they say is left out."""
    state = IS_FAILED if not everything else (IS_FAILED | IS_PENDING)
    return [dict(row) for row in tx.execute(_LIST.where(state)).mappings()]


def resend_failed(tx: Connection, ids: Sequence[int], now: float) -> list[int]:
    """Let dead messages be sent again, in their old places (all of them if no id is given); the ids that were dead."""
    chosen = _RESEND.where(_out.id.in_(ids)) if ids else _RESEND
    return sorted(tx.execute(chosen, {"now": now}).scalars())
