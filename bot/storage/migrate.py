"""The database's tables, brought up to date or checked."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseTooNew, DatabaseTooOld, DatabaseUnusable
from bot.storage import tables as t
from bot.storage.database import Database
from bot.storage.problems import storage_problem

T = TypeVar("T")

MIGRATION_LOCK = 7_301_947_205
"""The advisory lock that keeps two migrations of one PostgreSQL database apart."""
_POOLER = (
    " A pooler such as PgBouncer is between the server and PostgreSQL. Name PostgreSQL itself in"
    " TRUST_RECOVER_DATABASE_URL: each process has a pool of its own. Or tell PgBouncer:"
    " ignore_startup_parameters = options."
)


def upgrade(database: Database) -> None:
    """Apply every migration that is missing.

    Raises:
        DatabaseTooNew: a newer release wrote this database.
        DatabaseUnusable: it cannot be opened or written.

    """
    advice = "the path, the disk and the rights" if database.is_embedded else "the URL, the network and the rights"
    transact_or_explain(database, _upgrade, f"opened or written: {{}}. Check {advice}")


def check_revision(database: Database) -> None:
    """See that this release can work with the database as it is: its own tables, or those of a release that says so.

    Raises:
        DatabaseTooNew, DatabaseTooOld, DatabaseUnusable: it is not.

    """
    transact_or_explain(database, _check_revision, "opened: {}")


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


def transact_or_explain(
    database: Database, work: Callable[[Connection], T], problem: str = "opened or written: {}"
) -> T:
    """Run a transaction at the start of a program, where an error is a sentence for the operator.

    Raises:
        DatabaseUnusable: the database cannot be used; what to do about it, if that is known.

    """
    try:
        return database.transact(work)
    except DBAPIError as error:
        message = f"The database cannot be {problem.format(_first_line(error))}.{_remedy(error)}"
        raise DatabaseUnusable(message) from error


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().split("\n", 1)[0].rstrip(".")


def _remedy(error: DBAPIError) -> str:
    text = str(error.orig)
    if "unsupported startup parameter" in text:
        return _POOLER
    problem = storage_problem(error)
    return f" {problem[0].upper()}{problem[1:]}." if problem else ""


def _check_revision(tx: Connection) -> None:
    _require_utf8(tx)
    require_usable_revision(tx)


def _require_utf8(tx: Connection) -> None:
    """See that the database can hold every letter.

    Raises:
        DatabaseUnusable: it cannot.

    """
    if tx.dialect.name != "postgresql":
        return
    encoding = tx.execute(select(func.current_setting("server_encoding"))).scalar_one()
    if encoding != "UTF8":
        message = (
            f"The database's encoding is {encoding}, and it must be UTF8: not all that people write can be stored. "
            "Create another one, and name it in TRUST_RECOVER_DATABASE_URL: "
            "CREATE DATABASE trust_recover ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;"
        )
        raise DatabaseUnusable(message)


def _upgrade(tx: Connection) -> None:
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL statement_timeout = 0")
        tx.exec_driver_sql("SET LOCAL lock_timeout = 0")
        tx.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        tx.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")  # who waits for a table makes everybody else wait
        _require_utf8(tx)
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
