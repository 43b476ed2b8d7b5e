"""The engine: one code path for SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import DatabaseBusy, DatabaseUnusable

if TYPE_CHECKING:
    from sqlalchemy import Connection

SECONDS_FOR_CONNECTION = 60


def url_of(database_url: str) -> URL:
    """The URL with the async driver that we use for its database."""
    url = make_url(database_url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    return url.set(drivername=drivers.get(url.drivername, url.drivername))


def is_sqlite(url: URL) -> bool:
    """Whether this is the embedded database."""
    return url.get_backend_name() == "sqlite"


def create(url: URL) -> AsyncEngine:
    """An engine for this database.

    On SQLite one connection only, so that writers queue in order of arrival, and every transaction takes the write
    lock when it begins: measured in docs/architecture.md. Errors hide the bound values: they hold clients' words.
    """
    if not is_sqlite(url):
        return create_async_engine(url, pool_size=20, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    engine = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=SECONDS_FOR_CONNECTION, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


@contextmanager
def owned(url: URL) -> Iterator[None]:
    """Hold the SQLite file for this process alone; on PostgreSQL, nothing to do.

    Raises:
        DatabaseBusy: another process has it.
        DatabaseUnusable: the folder cannot be made or written.

    """
    if not is_sqlite(url) or url.database in {None, "", ":memory:"}:
        yield
        return
    file = Path(str(url.database))
    lock = FileLock(f"{file}.lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        message = f"Another process uses {file}. Stop it first, or set TRUST_RECOVER_DATABASE_URL to another file."
        raise DatabaseBusy(message) from error
    except OSError as error:
        message = f"{file} cannot be written ({error.strerror}). Choose another TRUST_RECOVER_DATABASE_URL."
        raise DatabaseUnusable(message) from error
    try:
        yield
    finally:
        lock.release()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own adapter class
    driver: SqliteConnection = connection
    driver.isolation_level = None  # we say BEGIN ourselves
    cursor = driver.cursor()
    for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=10000", "foreign_keys=on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _begin_immediate(connection: "Connection") -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
