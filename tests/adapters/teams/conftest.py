"""A harness with Teams: on SQLite, or on both databases where that matters."""

import shutil
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest

from adapters.teams import delivery
from adapters.teams.connector import rate_limit
from bot.settings import Settings
from bot.storage import flow_registry
from flows.definition import validation
from tests.adapters.teams.fake_microsoft import trust_login_server
from tests.adapters.teams.harness import TeamsHarness, teams_harness
from tests.conftest import migrated

_load = cache(validation.load_flow)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the login's certificate will be, which is trusted."""
    trust_login_server(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, to be copied: making them takes longer than most tests."""
    database_file = tmp_path_factory.mktemp("empty") / "room.db"
    migrated(Settings(database_url=f"sqlite:///{database_file}", _env_file=None))
    return database_file


@pytest.fixture
async def on_teams(trusted: Path, empty: Path) -> AsyncIterator[TeamsHarness]:
    shutil.copyfile(empty, trusted / "room.db")
    async with teams_harness(f"sqlite:///{trusted}/room.db", trusted) as harness:
        yield harness


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message waits for the one before it, and the flows are read from their files once for all tests."""
    monkeypatch.setattr(flow_registry, "load_flow", _load)
    monkeypatch.setattr(delivery, "REST_SECONDS", 0.0)
    monkeypatch.setattr(delivery, "POST_REST_SECONDS", 0.0)
    monkeypatch.setattr(rate_limit, "RATE_WINDOWS", ())
