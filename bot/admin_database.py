"""The database, for the operator's commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot import settings
from bot.errors import DatabaseUnusable
from bot.storage import database, migrate
from bot.storage.database import Database


@contextmanager
def open_existing_database() -> Iterator[Database]:
    """The database as it is. On SQLite a server may have it open: a short transaction beside it does no harm.

    Raises:
        TrustRecoverError: there is none, or it cannot be used.

    """
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
