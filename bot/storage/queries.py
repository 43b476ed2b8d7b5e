"""What is on a person's home, looked up: the recoveries that they lead or observe, and the promises."""

from sqlalchemy import Connection, bindparam, select

from bot.storage import tables as t
from bot.storage.people import person_key
from flows.screens.home import OpenCommitment
from flows.state import codec
from flows.state.entries import Commitment, CommitmentState
from flows.state.identity import Person
from flows.state.recovery import Recovery

MAX_ROWS = 50
"""At most so many recoveries and promises of one person are looked up."""

_r = t.recovery.c
_OF_WORKSPACE = (_r.platform == bindparam("platform")) & (_r.workspace == bindparam("workspace"))
_IS_MINE = _OF_WORKSPACE & (_r.responder == bindparam("user_id"))
_LEADING = select(_r.data).where(_IS_MINE, _r.closed_at.is_(None)).order_by(_r.started_at.desc(), _r.id).limit(MAX_ROWS)
_WATCHING = (
    select(_r.data)
    .join(t.observer, t.observer.c.recovery_id == _r.id)
    .where(t.observer.c.platform == bindparam("platform"), t.observer.c.workspace == bindparam("workspace"))
    .where(t.observer.c.user_id == bindparam("user_id"), _r.closed_at.is_(None))
    .order_by(_r.started_at.desc(), _r.id)
    .limit(MAX_ROWS)
)
_OPEN_COMMITMENTS = (
    select(_r.id, _r.account, t.entry.c.id.label("entry"), *(t.entry.c[n] for n in ("who", "text", "due_at", "state")))
    .join(t.entry, t.entry.c.recovery_id == _r.id)
    .where(_IS_MINE, t.entry.c.kind == "commitment", t.entry.c.state.in_(("open", "late")))
    .order_by(t.entry.c.due_at.is_(None), t.entry.c.due_at, t.entry.c.recorded_at)
    .limit(MAX_ROWS)
)


def led_recoveries(tx: Connection, person: Person) -> list[Recovery]:
    """The open recoveries that this person leads, newest first."""
    return [codec.load_recovery(row.data) for row in tx.execute(_LEADING, person_key(person))]


def watched_recoveries(tx: Connection, person: Person) -> list[Recovery]:
    """The open recoveries that this person observes, newest first."""
    return [codec.load_recovery(row.data) for row in tx.execute(_WATCHING, person_key(person))]


def open_commitments(tx: Connection, person: Person) -> list[OpenCommitment]:
    """The promises that are open or late in this person's recoveries, open or closed, by due date."""
    return [
        OpenCommitment(
            row.id, row.account, row.entry, Commitment(row.who, row.text, row.due_at, CommitmentState(row.state))
        )
        for row in tx.execute(_OPEN_COMMITMENTS, person_key(person))
    ]
