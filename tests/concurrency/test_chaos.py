"""Nothing is lost while two workers are killed over and over: the short form of `python -m tests.concurrency`."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.bot.conftest import OwnPostgres, _own_server, own_postgres
from tests.bot.storage.replication import name_of, replicated_postgres, socket_path
from tests.concurrency.chaos import chaos
from tests.concurrency.faults import ClockJumps, FailOver, Fault, ReadOnlyServer, full_disk, read_only_file
from tests.conftest import migrated

__all__ = ["_own_server", "own_postgres"]

KILLS = 9


@pytest.fixture
def room_url(room_settings: Settings) -> str:
    migrated(room_settings)
    return room_settings.database_url


def logs(folder: Path) -> str:
    """What all workers said."""
    return "".join(log.read_text("utf-8") for log in folder.glob("*.log"))


async def test_nothing_is_lost_or_repeated_while_the_clocks_of_two_workers_are_set_to_and_fro(
    room_url: str, tmp_path: Path
) -> None:
    outcome = await chaos(room_url, tmp_path, 0, 9, ClockJumps(random.Random(9)), strikes=8)
    assert outcome.books.fired
    assert outcome.books.duplicates == 0
    assert outcome.broken == []
    assert "this machine's clock was set" in logs(tmp_path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", [full_disk, read_only_file])
async def test_nothing_is_lost_while_the_file_cannot_be_written_for_moments(
    room_url: str, tmp_path: Path, fault: Callable[[], Fault]
) -> None:
    outcome = await chaos(room_url, tmp_path, 0, 9, fault(), strikes=2)
    assert outcome.broken == []
    assert "nothing can be stored, and nothing is acknowledged" in logs(tmp_path)


async def test_nothing_is_lost_while_the_server_is_read_only_for_moments(
    own_postgres: OwnPostgres, tmp_path: Path
) -> None:
    migrated(Settings(database_url=own_postgres.url, port=0, _env_file=None))
    outcome = await chaos(own_postgres.url, tmp_path, 0, 9, ReadOnlyServer(own_postgres.server), strikes=2)
    assert outcome.broken == []
    assert "nothing is acknowledged: the database is read-only" in logs(tmp_path)


async def test_nothing_is_lost_when_a_standby_takes_over(tmp_path: Path) -> None:
    with replicated_postgres() as pair:
        async with name_of(socket_path(pair.primary.get_uri())) as name:
            await asyncio.to_thread(migrated, Settings(database_url=name.url, port=0, _env_file=None))
            outcome = await chaos(name.url, tmp_path, 0, 9, FailOver(pair, name), strikes=1)
    assert outcome.broken == []


async def test_the_books_balance_after_nine_kills(room_settings: Settings, tmp_path: Path) -> None:
    migrated(room_settings)
    outcome = await chaos(room_settings.database_url, tmp_path, KILLS, seed=9)
    assert outcome.kills == KILLS
    assert outcome.books.fired, "no timer fired, so nothing is told about timers"
    assert outcome.broken == []
