"""The database's tables, brought up to date or checked."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseTooNew, DatabaseTooOld, DatabaseUnusable
from bot.storage import tables as t
from bot.storage.database import Database

MIGRATION_LOCK = 7_301_947_205
"""The advisory lock that keeps two migrations of one PostgreSQL database apart."""


def upgrade(database: Database) -> None:
    """Apply every migration that is missing.

    Raises:
        DatabaseTooNew: a newer release wrote this database.
        DatabaseUnusable: it cannot be opened or written.

    """
    _transact(database, _upgrade, "opened or written: {}. Check the path, the disk and the rights")


def check_revision(database: Database) -> None:
    """See that this release can work with the database as it is: its own tables, or those of a release that says so.

    Raises:
        DatabaseTooNew, DatabaseTooOld, DatabaseUnusable: it is not.

    """
    _transact(database, require_usable_revision, "opened: {}")


def require_usable_revision(tx: Connection) -> None:
    """The same, within a transaction.

    Raises:
        DatabaseTooNew, DatabaseTooOld: it is not.

    """
    current, head, supported = _revisions(tx)
    if current == head:
        return
    if current is None or current in supported:
        raise DatabaseTooOld
    if (
        not inspect(tx).has_table(t.compatibility.name)
        or tx.execute(select(t.compatibility.c.oldest_revision)).scalar() not in supported
    ):
        raise DatabaseTooNew


def _transact(database: Database, work: Callable[[Connection], None], problem: str) -> None:
    try:
        database.transact(work)
    except DBAPIError as error:
        message = f"The database cannot be {problem.format(error.orig)}."
        raise DatabaseUnusable(message) from error


def _upgrade(tx: Connection) -> None:
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL statement_timeout = 0")
        tx.exec_driver_sql("SET LOCAL lock_timeout = 0")
        tx.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        tx.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")  # who waits for a table makes everybody else wait
    current, head, supported = _revisions(tx)
    if current is not None and current not in supported:
        require_usable_revision(tx)
    elif current != head:
        command.upgrade(_config(tx), "head")
        tx.commit()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["connection"] = connection
    return config


def _revisions(connection: Connection) -> tuple[str | None, str | None, frozenset[str]]:
    """The database's revision, this release's, and all that this release knows."""
    return MigrationContext.configure(connection).get_current_revision(), *_known_revisions()


@cache
def _known_revisions() -> tuple[str | None, frozenset[str]]:
    script = ScriptDirectory(str(files("migrations")))
    return script.get_current_head(), frozenset(revision.revision for revision in script.walk_revisions())
