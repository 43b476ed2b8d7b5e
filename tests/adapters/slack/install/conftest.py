"""What these tests stand on: a migrated database, as one process or two see it, and keys."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.shared.crypto import Keys
from adapters.slack.directory.installations import Installation, StoredInstallations
from bot.settings import Settings
from bot.storage.database import Database, driver_url
from tests.conftest import NOON, SetClock, migrated

KEY = "the key of these tests, long enough for us"
TOKEN = "xoxb-token-of-{}"


@pytest.fixture
async def database(room_settings: Settings) -> AsyncIterator[Database]:
    await asyncio.to_thread(migrated, room_settings)
    result = Database(driver_url(room_settings.database_url), 2)
    yield result
    await result.close()


@pytest.fixture
async def other_process(database: Database, room_settings: Settings) -> AsyncIterator[Database]:
    """The same database, as another process has it open."""
    assert database
    result = Database(driver_url(room_settings.database_url), 2)
    yield result
    await result.close()


@pytest.fixture
def keys() -> Keys:
    return Keys([KEY])


@pytest.fixture
def installations(database: Database, keys: Keys, clock: SetClock) -> StoredInstallations:
    return StoredInstallations(database, keys, clock)


def installed(workspace: str, enterprise: str = "") -> Installation:
    org = workspace == enterprise
    return Installation(
        workspace=workspace,
        enterprise=enterprise,
        team="" if org else workspace,
        name=f"The people of {workspace}",
        bot_user="U0BOT",
        bot_token=TOKEN.format(workspace),
        scopes=("commands", "chat:write"),
        installed_by="U1",
        installed_at=NOON,
    )
