"""Rewrites the stored JSON, in batches of rows by their keys."""

from collections.abc import Callable, Iterator, Mapping
from time import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects import postgresql

from migrations.plain_names import json_names

BATCH_ROWS = 500

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _table(name: str, *names: str, **types: Any) -> sa.TableClause:  # noqa: ANN401 - types of SQL
    return sa.table(name, *(sa.column(one) for one in names), *(sa.column(one, kind) for one, kind in types.items()))


_recovery = _table("recovery", "id", "platform", "conversation", "thread", "version", "closed_at", data=_JSON)
_event = _table("event", "recovery_id", "number", body=_JSON)
_queue = _table("queue", "key", "workspace", "ready_at", "lease_until", "lease_token")
_outbox = _table(
    "outbox", "id", "queue", "recovery_id", "idempotency_key", "state", "queued_at", "card_key", "sent_at", body=_JSON
)
_item = _table("room_item", "room", "key", "kind", "recipient_id", "created_at", body=_JSON)
_visitor = _table("visitor", "id", "name")


def rewrite(tx: Connection) -> None:
    """Rewrite every recovery, event and message, and have the cards of the practice room and of Teams made anew."""
    _rewrite(tx, _recovery, ("id",), "data", lambda row: json_names.recovery(row.data))
    _rewrite(tx, _event, ("recovery_id", "number"), "body", lambda row: json_names.event(row.body))
    _rewrite_messages(tx)
    tx.execute(sa.update(_item).where(_item.c.kind == "whisper").values(kind="private_message"))
    tx.execute(sa.update(_queue).values(lease_until=0.0, lease_token=None))  # all processes were stopped before
    _renew_cards(tx)
    _renew_teams_cards(tx)


def _rewrite(
    tx: Connection, table: sa.TableClause, keys: tuple[str, ...], column: str, change: Callable[[Row[Any]], object]
) -> None:
    """Put the changed JSON into a column of every row."""
    where = sa.and_(*(table.c[key] == sa.bindparam(f"of_{key}") for key in keys))
    save = sa.update(table).where(where).values({column: sa.bindparam("changed", type_=_JSON)})
    for rows in _batches(tx, sa.select(table), [table.c[key] for key in keys]):
        tx.execute(save, [{f"of_{key}": getattr(row, key) for key in keys} | {"changed": change(row)} for row in rows])


def _rewrite_messages(tx: Connection) -> None:
    """Messages in all states: a failed one may be sent again."""
    query = sa.select(_outbox.c.id, _outbox.c.body, _recovery.c.conversation, _recovery.c.thread).join_from(
        _outbox, _recovery, _recovery.c.id == _outbox.c.recovery_id
    )
    save = sa.update(_outbox).where(_outbox.c.id == sa.bindparam("of_id"))
    save = save.values(body=sa.bindparam("changed", type_=_JSON))
    for rows in _batches(tx, query, [_outbox.c.id]):
        changed = [(row.id, json_names.message(row.body, row.conversation, row.thread)) for row in rows]
        tx.execute(save, [{"of_id": message_id, "changed": body} for message_id, body in changed])


def _renew_cards(tx: Connection) -> None:
    """The practice room keeps cards as they were made: each is replaced by a message that has it made anew.

    A card is always made from the state of its recovery, so nothing is lost. It comes to the room of the recovery's
    account thread; a copy in a room where the recovery began, before it was bound to another one, is outdated and goes.
    """
    query = (
        sa.select(_item.c.room, _item.c.key, _item.c.recipient_id, _item.c.created_at, _visitor.c.name)
        .join_from(_item, _visitor, _visitor.c.id == _item.c.recipient_id, isouter=True)
        .where(_item.c.kind == "card")
    )
    known = set(tx.execute(sa.select(_recovery.c.id)).scalars())
    waiting = sa.select(_outbox.c.card_key).where(_outbox.c.state == "pending", _outbox.c.card_key.is_not(None))
    done = set(tx.execute(waiting).scalars())
    for rows in list(_batches(tx, query, [_item.c.room, _item.c.key])):
        for row in rows:
            card_key = row.key.removeprefix("card:")
            recovery_id = card_key.partition(":")[0]
            if recovery_id in known and card_key not in done:
                done.add(card_key)
                person = {"platform": "web", "workspace": "practice", "user_id": row.recipient_id}
                _send_card(tx, recovery_id, card_key, person | {"name": row.name or ""}, row.created_at)
    tx.execute(sa.delete(_item).where(_item.c.kind == "card"))


def _renew_teams_cards(tx: Connection) -> None:
    """The buttons of cards that were sent to Teams carry the old names and are refused: open recoveries get new cards.

    They are queued now: what waits for longer than a day is given up.
    """
    query = sa.select(_recovery).where(_recovery.c.platform == "teams", _recovery.c.closed_at.is_(None))
    waiting = sa.select(_outbox.c.card_key).where(_outbox.c.state == "pending", _outbox.c.card_key.is_not(None))
    done = set(tx.execute(waiting).scalars())
    for rows in _batches(tx, query, [_recovery.c.id]):
        for row in rows:
            for person in _people(row.data):
                card_key = f"{row.id}:{person['user_id']}"
                if card_key not in done:
                    _send_card(tx, row.id, card_key, person, time())


def _people(state: Any) -> list[dict[str, str]]:  # noqa: ANN401 - JSON
    """Who has a card of a recovery, if its state has the shape of today."""
    people = [state.get("responder"), *state.get("observers", ())] if isinstance(state, dict) else []
    return [one for one in people if isinstance(one, dict) and {"platform", "workspace", "user_id"} <= one.keys()]


def _send_card(tx: Connection, recovery_id: str, card_key: str, person: Mapping[str, object], queued_at: float) -> None:
    workspace = f"{person['platform']}:{person['workspace']}"
    queue = f"{workspace}:@{person['user_id']}"
    if tx.execute(sa.select(_queue.c.key).where(_queue.c.key == queue)).first() is None:
        tx.execute(sa.insert(_queue), {"key": queue, "workspace": workspace, "ready_at": 0.0, "lease_until": 0.0})
    tx.execute(
        sa.insert(_outbox),
        {
            "queue": queue,
            "recovery_id": recovery_id,
            "idempotency_key": f"{card_key}:0005",
            "state": "pending",
            "queued_at": queued_at,
            "body": {"kind": "card", "recipient": person},
            "card_key": card_key,
        },
    )


def _batches(tx: Connection, query: sa.Select[Any], keys: list[sa.ColumnClause[Any]]) -> Iterator[list[Row[Any]]]:
    """The rows in the order of their keys, in batches. Each begins after the last key of the one before."""
    query = query.order_by(*keys).limit(BATCH_ROWS)
    rows = list(tx.execute(query))
    while rows:
        yield rows
        last = [getattr(rows[-1], key.name) for key in keys]
        rows = list(tx.execute(query.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, last)))))
