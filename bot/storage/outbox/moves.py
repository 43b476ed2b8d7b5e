"""Messages to a conversation that has another id from now on, in SQL."""

from sqlalchemy import Connection, bindparam, select, update

from bot.storage import tables as t
from bot.storage.outbox.queues import add_queues
from bot.storage.tables import IS_FAILED, IS_PENDING
from flows.state.identity import Place

_queue, _out = t.queue.c, t.outbox.c
_LOCK = select(_queue.lease_token).where(_queue.key == bindparam("key")).with_for_update()
_MESSAGES = (
    select(_out.id, _out.body, _out.state)
    .where(_out.queue == bindparam("key"), IS_PENDING | IS_FAILED)
    .order_by(_out.id)
)
_MOVE = (
    update(t.outbox)
    .where(_out.id == bindparam("of_id"))
    .values(queue=bindparam("new_queue"), body=bindparam("new_body"))
)


def move_messages(tx: Connection, place: Place, new_conversation: str) -> None:
    """Let the messages that wait, and those that were given up, go to the new id.

    One that is being sent just now stays where it is: its result is stored under the old queue.
    """
    old_queue = f"{place.platform}:{place.workspace}:{place.conversation}"
    new_queue = f"{place.platform}:{place.workspace}:{new_conversation}"
    queue = tx.execute(_LOCK, {"key": old_queue}).first()
    if queue is None:
        return
    rows = tx.execute(_MESSAGES, {"key": old_queue}).all()
    pending_ids = [row.id for row in rows if row.state == "pending"]
    sending_id = pending_ids[0] if queue.lease_token is not None and pending_ids else None
    moves = [
        {"of_id": row.id, "new_queue": new_queue, "new_body": row.body | {"conversation": new_conversation}}
        for row in rows
        if row.id != sending_id
    ]
    if moves:
        add_queues(tx, [new_queue])
        tx.execute(_MOVE, moves)
