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

from adapters.storage import each
from bot import tables as t
from bot.tables import DEAD, PENDING


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is ours to send, with its recovery as stored at that moment.

    `newest`: the id up to which messages of the same card are made moot by it.
    """

    id: int
    lane: str
    recovery_id: str
    dedup: str
    attempts: int
    faults: int
    at: float
    body: dict[str, Any]
    card: str | None
    dead_at: float | None
    newest: int
    stored: Any

    @property
    def platform(self) -> str:
        """The platform that delivers it."""
        return self.lane.partition(":")[0]

    @property
    def workspace(self) -> str:
        """`platform:workspace`, as pauses name it."""
        return ":".join(self.lane.split(":", 2)[:2])


@dataclass(frozen=True, slots=True)
class Settled:
    """How sending ended. `ready_at`: when the lane may send again. `counted`: an attempt. `fault`: one of ours."""

    state: str
    ready_at: float
    problem: str | None = None
    counted: bool = True
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the platform has just taken. `rest`: seconds for which its lane must wait now."""

    letter: Letter
    token: str
    rest: float


_lane, _out = t.lane.c, t.outbox.c
_NOW: BindParameter[float] = bindparam("now")
_WAITING = select(_out.lane).where(PENDING).distinct()
_OF_LANE = (t.pause.c.workspace == _lane.workspace) | (
    (_lane.workspace == "") & _lane.key.like(t.pause.c.workspace + ":%")  # a lane that the release before made
)
_PAUSED = exists().where(_OF_LANE, t.pause.c.until > _NOW)


def _free(waiting: ColumnElement[bool]) -> Select[str]:
    """Lanes with mail that may send now, the longest ready first; others' locks are passed over."""
    return (
        select(_lane.key)
        .where(waiting, _lane.ready_at <= _NOW, _lane.lease_until <= _NOW, ~_PAUSED)
        .order_by(_lane.ready_at)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, key_share=True)
    )


_FREE = {
    "sqlite": _free(_lane.key.in_(_WAITING)),
    "postgresql": _free(_lane.key == func.any(func.array(_WAITING.scalar_subquery()))),  # IN would hash all lanes
}
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_HEADS = select(func.min(_out.id)).where(_out.lane.in_(_KEYS), PENDING).group_by(_out.lane)
_later = t.outbox.alias("later")
_NEWEST = (
    select(func.max(_later.c.id))
    .where(_later.c.lane == _out.lane, _later.c.state == literal_column("'pending'"), _later.c.card == _out.card)
    .scalar_subquery()
)
_LETTERS = (
    select(t.outbox, _NEWEST.label("newest"), t.recovery.c.data)
    .join(t.recovery, t.recovery.c.id == _out.recovery_id)
    .where(_out.id.in_(_HEADS))
    .order_by(_out.id)
)
_LEASE = update(t.lane).where(_lane.key.in_(_KEYS)).values(lease_until=bindparam("until"), token=bindparam("by"))
_TRY = update(t.outbox).where(_out.id.in_(bindparam("ids", expanding=True))).values(attempts=_out.attempts + 1)
_SEND = insert(t.outbox)
_ADD_LANE = each(lambda insert_: insert_(t.lane).on_conflict_do_nothing())
_GIVE_BACK = (
    update(t.lane)
    .where(_lane.key == bindparam("of_lane"), _lane.token == bindparam("mine"))
    .values(lease_until=0.0, token=None, ready_at=bindparam("ready_at"))
)
_SETTLE = (
    update(t.outbox)
    .where(_out.lane == bindparam("of_lane"), PENDING, _out.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in ("state", "problem", "attempts", "faults", "settled_at", "dead_at")})
)
_MOOT = (
    update(t.outbox)
    .where(_out.lane == bindparam("of_lane"), PENDING, _out.card == bindparam("of_card"))
    .where(_out.id <= bindparam("newest"))
    .values(state="sent", settled_at=bindparam("settled_at"))
)
_GIVE_BACK_ALL = (
    update(t.lane)
    .where(tuple_(_lane.key, _lane.token).in_(bindparam("mine", expanding=True)))
    .values(lease_until=0.0, token=None, ready_at=bindparam("ready_at"))
    .returning(_lane.key)
)
_SENT = (
    update(t.outbox)
    .where(_out.id.in_(bindparam("ids", expanding=True)), PENDING)
    .values(state="sent", problem=None, settled_at=bindparam("settled_at"))
)
_MORE_IN = select(_out.lane).where(_out.lane.in_(_KEYS), PENDING).distinct()
_MORE = select(exists().where(_out.lane == bindparam("of_lane"), PENDING))
_PAUSE = each(
    lambda insert_: (row := insert_(t.pause)).on_conflict_do_update(
        index_elements=("workspace",),
        set_={"until": row.excluded.until},
        where=row.excluded.until > t.pause.c.until,
    )
)
_RELEASE = (
    update(t.lane)
    .where(_lane.key == bindparam("of_lane"), _lane.token == bindparam("mine"))
    .values(lease_until=0.0, token=None)
)
_RELEASE_ALL = update(t.lane).where(_lane.token.is_not(None)).values(lease_until=0.0, token=None)
_SHOWN = select(
    _out.id,
    _out.state,
    _out.lane,
    _out.recovery_id,
    _out.attempts,
    _out.at,
    _out.problem,
    _out.body["kind"].as_string().label("kind"),
).order_by(_out.id)
_DEAD_AGAIN = (
    update(t.outbox).where(DEAD).values(state="pending", attempts=0, faults=0, problem=None, at=_NOW).returning(_out.id)
)


def send(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put messages into the outbox, in order. Lanes are made in the order of their keys, so that nobody deadlocks."""
    lanes = [
        {"key": key, "workspace": workspace, "ready_at": 0.0, "lease_until": 0.0}
        for key, workspace in sorted({(row["lane"], row["workspace"]) for row in rows})
    ]
    tx.execute(_ADD_LANE[tx.dialect.name], lanes)
    tx.execute(_SEND, [{name: row[name] for name in row if name != "workspace"} for row in rows])


def lease(tx: Connection, now: float, until: float, token: str, most: int) -> list[Letter]:
    """Lease free lanes and return the first message of each. Lanes are locked first, then read afresh."""
    keys = list(tx.execute(_FREE[tx.dialect.name], {"now": now, "most": most}).scalars())
    if not keys:
        return []
    rows = tx.execute(_LETTERS, {"keys": keys}).all()
    if not rows:
        return []
    tx.execute(_LEASE, {"keys": [row.lane for row in rows], "until": until, "by": token})
    tx.execute(_TRY, {"ids": [row.id for row in rows]})
    return [
        Letter(
            id=row.id,
            lane=row.lane,
            recovery_id=row.recovery_id,
            dedup=row.dedup,
            attempts=row.attempts + 1,
            faults=row.faults,
            at=row.at,
            body=row.body,
            card=row.card,
            dead_at=row.dead_at,
            newest=row.newest or row.id,
            stored=row.data,
        )
        for row in rows
    ]


def settle(tx: Connection, letter: Letter, token: str, how: Settled, now: float) -> bool | None:
    """Give a lane back and mark its message; whether the lane has more. None: the lease was lost, nothing changed."""
    mine = {"of_lane": letter.lane, "mine": token, "ready_at": how.ready_at}
    if tx.execute(_GIVE_BACK, mine).rowcount != 1:
        return None
    values = {
        "of_lane": letter.lane,
        "of_id": letter.id,
        "state": how.state,
        "problem": how.problem,
        "attempts": letter.attempts if how.counted else letter.attempts - 1,
        "faults": letter.faults + how.fault,
        "settled_at": now if how.state == "sent" else None,
        "dead_at": now if how.state == "dead" else letter.dead_at,
    }
    tx.execute(_SETTLE, values)
    if how.state == "sent":
        _make_moot(tx, letter, now)
    return bool(tx.execute(_MORE, {"of_lane": letter.lane}).scalar())


def settle_sent(tx: Connection, sent: Sequence[Sent], now: float) -> list[bool | None]:
    """Settle messages that were just sent, all at once: of each, what `settle` would return."""
    kept: set[str] = set()
    for rest in sorted({one.rest for one in sent}):
        mine = [(one.letter.lane, one.token) for one in sent if one.rest == rest]
        kept.update(tx.execute(_GIVE_BACK_ALL, {"mine": mine, "ready_at": now + rest}).scalars())
    ours = [one.letter for one in sent if one.letter.lane in kept]
    if not ours:
        return [None for _ in sent]
    tx.execute(_SENT, {"ids": [letter.id for letter in ours], "settled_at": now})
    for letter in ours:
        _make_moot(tx, letter, now)
    more = set(tx.execute(_MORE_IN, {"keys": list(kept)}).scalars())
    return [one.letter.lane in more if one.letter.lane in kept else None for one in sent]


def _make_moot(tx: Connection, letter: Letter, now: float) -> None:
    """Mark the later cards that this one was drawn as new as."""
    if letter.newest > letter.id:
        moot = {"of_lane": letter.lane, "newest": letter.newest, "of_card": letter.card, "settled_at": now}
        tx.execute(_MOOT, moot)


def pause(tx: Connection, workspace: str, until: float) -> None:
    """Send nothing to a workspace until then; a longer pause stays."""
    tx.execute(_PAUSE[tx.dialect.name], {"workspace": workspace, "until": until})


def release(tx: Connection, lane: str, token: str) -> None:
    """Give back a lane that is still ours, without a result: another process may send at once."""
    tx.execute(_RELEASE, {"of_lane": lane, "mine": token})


def release_all(tx: Connection) -> None:
    """Give back every lane: only where no other process can hold one."""
    tx.execute(_RELEASE_ALL)


def shown(tx: Connection, *, everything: bool) -> list[dict[str, Any]]:
    """Messages that are dead, or all that were not sent, oldest first. What they say is left out."""
    state = DEAD if not everything else (DEAD | PENDING)
    return [dict(row) for row in tx.execute(_SHOWN.where(state)).mappings()]


def resend(tx: Connection, ids: Sequence[int], now: float) -> list[int]:
    """Let dead messages be sent again, in their old places (all of them if no id is given); the ids that were dead."""
    chosen = _DEAD_AGAIN.where(_out.id.in_(ids)) if ids else _DEAD_AGAIN
    return sorted(tx.execute(chosen, {"now": now}).scalars())
