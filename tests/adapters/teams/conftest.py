"""An office with Teams: on SQLite, or on both databases where that matters."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.teams import platform
from tests.adapters.teams.office import Office, office


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the login's certificate will be, which is trusted."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "login.pem"))
    return tmp_path


@pytest.fixture
async def on_teams(trusted: Path) -> AsyncIterator[Office]:
    async with office(f"sqlite:///{trusted}/room.db", trusted) as found:
        yield found


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message waits for the one before it."""
    monkeypatch.setattr(platform, "REST", 0.0)
    monkeypatch.setattr(platform, "REST_OF_POSTS", 0.0)
