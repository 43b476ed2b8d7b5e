"""What an operator asks of the outbox, beside a running server or without one. No message's text is ever shown."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from babel.dates import format_timedelta
from sqlalchemy.exc import DBAPIError

from adapters.shared.crypto import Keys
from adapters.shared.storage import with_commit
from adapters.slack.directory.installations import StoredInstallations
from bot import settings
from bot.clock import system_clock
from bot.errors import BadSettings, DatabaseUnusable, NoFailedMessages
from bot.storage import database, migrate, outbox
from bot.storage.database import Database

COLUMN_TITLES = ("number", "state", "age", "tries", "kind", "lane", "recovery", "problem")


def message_table(*, everything: bool) -> list[str]:
    """The messages that were given up, or all that were not sent: a table's lines.

    Raises:
        TrustRecoverError: the database cannot be used.

    """
    with _database() as db:
        rows = db.transact(lambda tx: outbox.list_messages(tx, everything=everything))
    if not rows:
        return ["Nothing is waiting." if everything else "No message was given up."]
    lines = [COLUMN_TITLES, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def resend_messages(ids: Sequence[int]) -> list[str]:
    """Let these messages be sent again, or all that were given up: what was done, in words.

    Raises:
        NothingToSend: none of them was given up.
        TrustRecoverError: the database cannot be used.

    """
    with _database() as db:
        again = db.transact(with_commit(lambda tx: outbox.resend_failed(tx, ids, system_clock())))
    if not again and ids:
        raise NoFailedMessages
    lines = [f"Message {number} will be sent again." for number in again] or ["No message was given up."]
    return lines + [f"Message {number} was not given up." for number in ids if number not in again]


def rotate_keys() -> str:
    """Encrypt the stored tokens with the newest key: what was done, in words.

    Raises:
        TrustRecoverError: a token cannot be read, or the database cannot be used.

    """
    given = settings.load_settings().encryption_keys
    if not given:
        message = "There are no keys. Set TRUST_RECOVER_ENCRYPTION_KEYS: the new one first, then those in use."
        raise BadSettings(message)
    keys = Keys([key.get_secret_value() for key in given])
    with _database() as db:
        count = asyncio.run(StoredInstallations(db, keys, system_clock).encrypt_again())
    return f"{count} tokens are encrypted with the newest key."


@contextmanager
def _database() -> Iterator[Database]:
    """The database as it is. On SQLite a server may have it open: a moment beside it does no harm."""
    url = database.driver_url(settings.load_settings().database_url)
    if database.is_sqlite(url) and not Path(str(url.database)).exists():
        message = f"There is no database at {url.database}. Set TRUST_RECOVER_DATABASE_URL."
        raise DatabaseUnusable(message)
    with database.open_database(url) as db:
        migrate.check_revision(db)
        try:
            yield db
        except DBAPIError as error:
            message = f"The database cannot be used: {error.orig}."
            raise DatabaseUnusable(message) from error


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    age = format_timedelta(system_clock() - row["at"], granularity="second", threshold=1.2, format="short", locale="en")
    return (
        str(row["id"]),
        row["state"],
        age,
        str(row["attempts"]),
        row["kind"],
        row["lane"],
        row["recovery_id"],
        row["problem"] or "",
    )
