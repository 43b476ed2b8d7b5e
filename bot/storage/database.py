"""The database: one code path for SQLite and PostgreSQL, and transactions that do not block the event loop."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from threading import Lock
from time import monotonic
from typing import Any, TypeVar, cast

from psycopg import Connection as PostgresConnection
from pydantic_core import from_json, to_json
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, func, make_url, select
from sqlalchemy.exc import DBAPIError, OperationalError

from adapters.shared.safe_logging import safe_description
from bot.settings import DEFAULT_CONNECTIONS
from bot.storage.problems import READ_ONLY_STATE, ProblemLog
from bot.storage.sqlite_file import DatabaseFileChange, OpenFile, save_copy

log = logging.getLogger(__name__)

T = TypeVar("T")

HEALTH_CONNECTIONS = 1
"""One connection is kept for the health check, so that load alone does not look like a database that is down."""
MAX_WAIT_SECONDS = 10.0
"""Seconds after which work that waits for a connection is refused: by then, the caller has asked again."""
MAX_TRIES = 3
RETRYABLE_STATES = {"40001", "40P01"}
"""PostgreSQL's codes for transactions that conflicted and may be tried again: serialization failure, deadlock."""
POSTGRES_OPTIONS = {
    "client_encoding": "utf8",
    "target_session_attrs": "read-write",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "options": "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=10s",
}
"""How we speak to PostgreSQL: in UTF-8, and to a server that can be written, never to a standby. How long it may keep
us waiting, and how long we may keep its locks when this process is stopped midway."""


class Database:
    """Runs transactions in threads of its own.

    Synchronous SQLAlchemy in a thread took 1.2 ms for a transition's statements on SQLite where the asynchronous
    drivers took 3.5 ms, and 1.6 to 2.0 ms on PostgreSQL where they took 3.3 ms (same machine, same hour).
    """

    def __init__(self, url: URL, connections: int = DEFAULT_CONNECTIONS) -> None:
        self.is_embedded = is_sqlite(url)
        size = 1 if self.is_embedded else connections
        self.problems = ProblemLog()
        self._file = OpenFile()
        self._rescue_lock, self._is_rescued = Lock(), False
        self.engine = make_engine(url, size, self._file)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="database")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and return its result. What `work` wrote is kept only if it called `commit`.

        The commit is the last thing that `work` does with the connection. Without one, the transaction is rolled back.
        `work` runs again if the connection was lost or transactions conflicted. That is safe: an event is accepted
        only once, and a lease is bound to its token.

        Raises:
            DBAPIError: the transaction was not committed, or it is not known whether it was.

        """
        queued_at = monotonic()

        def transact_in_time() -> T:
            if monotonic() - queued_at > MAX_WAIT_SECONDS:
                raise OperationalError(None, None, TimeoutError(f"no connection was free for {MAX_WAIT_SECONDS:g} s"))
            return self.transact(work)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transact_in_time)

    def transact(self, work: Callable[[Connection], T]) -> T:
        """Do the same as `run` in the calling thread, for programs without an event loop."""
        for _ in range(MAX_TRIES - 1):
            try:
                return self._once(work)
            except DBAPIError as error:
                if not _may_retry(error):
                    raise
                log.info("trying again: %s", safe_description(error))
        return self._once(work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        try:
            self._file.check()
            with self.engine.connect() as tx:
                result = work(tx)
                has_committed = not tx.in_transaction()
            self._file.check()  # again: what was committed to a file that is no longer there is lost
        except DBAPIError as error:
            self.problems.failure(error)
            if isinstance(error.orig, DatabaseFileChange):
                self._rescue()
            raise
        self.problems.success(is_stored=has_committed)
        return result

    def _rescue(self) -> None:
        """Save what was acknowledged, once: when this process ends, a file that was deleted is gone."""
        with self._rescue_lock:
            if self._is_rescued:
                return
            self._is_rescued = True
            connection = self.engine.raw_connection()
            try:
                save_copy(cast("SqliteConnection", connection.driver_connection), self._file.path)
            finally:
                connection.close()

    async def close(self) -> None:
        """Wait for the running transactions, and close all connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self.engine.dispose()


def driver_url(database_url: str) -> URL:
    """The URL with the driver that is used for its database."""
    url = make_url(database_url)
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    return url.set(drivername=drivers.get(url.drivername, url.drivername))


def is_sqlite(url: URL) -> bool:
    """Whether this is the embedded database."""
    return url.get_backend_name() == "sqlite"


def make_engine(url: URL, connections: int = DEFAULT_CONNECTIONS, file: OpenFile | None = None) -> Engine:
    """An engine for this database. `file`: learns which SQLite file is opened.

    On SQLite one connection only, so that writers queue in order of arrival, and every transaction takes the write
    lock when it begins: measured in docs/architecture.md. Errors hide the bound values: they hold clients' words.
    """
    options: dict[str, Any] = {
        "max_overflow": 0,
        "hide_parameters": True,
        "json_serializer": _dump_json,
        "json_deserializer": from_json,
    }
    if not is_sqlite(url):
        defaults = {name: value for name, value in POSTGRES_OPTIONS.items() if name not in url.query}
        engine = create_engine(url, pool_size=connections + HEALTH_CONNECTIONS, connect_args=defaults, **options)
        event.listen(engine, "connect", _prepare_postgres)
        event.listen(engine, "handle_error", _give_up_read_only_connections)
        return engine
    engine = create_engine(url, pool_size=1, connect_args={"check_same_thread": False}, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    if file is not None:
        event.listen(engine, "connect", lambda connection, _record: file.remember(connection))
    event.listen(engine, "begin", _begin_immediate)
    return engine


@contextmanager
def open_database(url: URL) -> Iterator[Database]:
    """The database for a program without an event loop, closed after the block."""
    opened_database = Database(url, 1)
    try:
        yield opened_database
    finally:
        opened_database.engine.dispose()


def clock_difference(tx: Connection, now: float) -> float:
    """Seconds by which this machine's clock is ahead of the database's; 0 on SQLite, which has none of its own."""
    if tx.dialect.name == "sqlite":
        return 0.0
    database_now = tx.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one()
    return now - float(database_now)


def _may_retry(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in RETRYABLE_STATES


def _give_up_read_only_connections(context: ExceptionContext) -> None:
    """Drop all connections when one leads to a server that has become a standby: new ones may lead to its successor."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY_STATE:
        context.is_disconnect = True


def _dump_json(value: object) -> str:
    return to_json(value).decode()


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # `_begin_immediate` begins the transactions
    cursor = connection.cursor()
    for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=10000", "foreign_keys=on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _prepare_postgres(connection: PostgresConnection, _record: object) -> None:
    """Prepare no statements where a pooler stands between, which gives each transaction any server connection.

    There a name of a prepared statement may mean another one's: PgBouncer 1.18 ran statements with the wrong values.
    The sign of a pooler is that the server process is not the one that was announced.
    """
    row = connection.execute("SELECT pg_backend_pid()", prepare=False).fetchone()
    connection.rollback()
    if row != (connection.info.backend_pid,):
        connection.prepare_threshold = None


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
