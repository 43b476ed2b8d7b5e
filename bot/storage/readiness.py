"""Whether the database can take what is acknowledged: its revision, and a row that is really written."""

from sqlalchemy import Connection, delete, func, insert, select

from bot.errors import DatabaseUnusable
from bot.storage import migrate
from bot.storage import tables as t
from bot.storage.problems import READ_ONLY

PROBE_ID = "trust-recover:can-this-be-stored"
PROBE_CHARACTERS = 64_000
"""Characters of the row that is written: as much as a large request needs."""
_IS_READ_ONLY = select(func.current_setting("transaction_read_only"))
_PROBE = insert(t.inbox).values(event_id=PROBE_ID, recovery_id=" " * PROBE_CHARACTERS, received_at=0.0)
_DELETE_PROBE = delete(t.inbox).where(t.inbox.c.event_id == PROBE_ID)


def require_ready(tx: Connection, *, must_write: bool) -> None:
    """See that events can be stored now.

    `must_write`: a row is written into the table into which every event goes, and deleted. A file can be read long
    after its disk is full.

    Raises:
        DatabaseTooNew, DatabaseTooOld: the tables are not those of this release.
        DatabaseUnusable: the server can only be read.
        DBAPIError: nothing can be stored.

    """
    migrate.require_usable_revision(tx)
    if tx.dialect.name == "postgresql" and tx.execute(_IS_READ_ONLY).scalar_one() == "on":
        raise DatabaseUnusable(READ_ONLY)
    if not must_write:
        return
    tx.execute(_DELETE_PROBE)
    tx.execute(_PROBE)
    tx.execute(_DELETE_PROBE)
    tx.commit()
