"""Bringing the database's tables up to date."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import DatabaseTooNew, DatabaseTooOld, DatabaseUnusable


async def upgrade(engine: AsyncEngine) -> None:
    """Apply every migration that is missing.

    Raises:
        DatabaseTooNew: a newer release wrote this database.
        DatabaseUnusable: it cannot be opened or written.

    """
    try:
        async with engine.begin() as tx:
            await tx.run_sync(_upgrade)
    except DBAPIError as error:
        message = f"The database cannot be opened or written: {error.orig}. Check the path, the disk and the rights."
        raise DatabaseUnusable(message) from error


async def check(engine: AsyncEngine) -> None:
    """See that the database is just as this release needs it.

    Raises:
        DatabaseTooNew, DatabaseTooOld, DatabaseUnusable: it is not.

    """
    try:
        async with engine.begin() as tx:
            current, head = await tx.run_sync(_revisions)
    except DBAPIError as error:
        message = f"The database cannot be opened: {error.orig}."
        raise DatabaseUnusable(message) from error
    if current != head:
        raise DatabaseTooOld


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    current, head = _revisions(connection)
    if current != head:
        command.upgrade(_config(connection), "head")


def _revisions(connection: Connection) -> tuple[str | None, str | None]:
    script = ScriptDirectory.from_config(_config(connection))
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None:
        try:
            script.get_revision(current)
        except CommandError as error:
            raise DatabaseTooNew from error
    return current, script.get_current_head()
