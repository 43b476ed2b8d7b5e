"""What a transaction wrote is kept if its work said so, and only then."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, func, insert, select

from adapters.shared.storage import with_commit
from bot.settings import Settings
from bot.storage import tables as t
from bot.storage.database import Database, driver_url
from tests.conftest import migrated


class WorkError(Exception):
    """What the work of a test raises."""


@pytest.fixture
async def database(room_settings: Settings) -> AsyncIterator[Database]:
    migrated(room_settings)
    test_database = Database(driver_url(room_settings.database_url))
    yield test_database
    await test_database.close()


def write_pause(tx: Connection) -> str:
    tx.execute(insert(t.pause), {"workspace": "test:north", "until": 1.0})
    return "written"


async def paused_workspaces(database: Database) -> int:
    return await database.run(lambda tx: tx.execute(select(func.count()).select_from(t.pause)).scalar_one())


async def test_work_that_commits_is_kept(database: Database) -> None:
    def work(tx: Connection) -> str:
        result = write_pause(tx)
        tx.commit()
        return result

    assert await database.run(work) == "written"
    assert await paused_workspaces(database) == 1


async def test_work_with_a_commit_added_is_kept(database: Database) -> None:
    assert await database.run(with_commit(write_pause)) == "written"
    assert await paused_workspaces(database) == 1


async def test_work_that_does_not_commit_leaves_no_trace(database: Database) -> None:
    assert await database.run(write_pause) == "written"
    assert await paused_workspaces(database) == 0


@pytest.mark.parametrize("is_committing", [False, True])
async def test_work_that_raises_after_writing_leaves_no_trace(database: Database, *, is_committing: bool) -> None:
    def work(tx: Connection) -> None:
        write_pause(tx)
        raise WorkError

    with pytest.raises(WorkError):
        await database.run(with_commit(work) if is_committing else work)
    assert await paused_workspaces(database) == 0


async def test_the_same_holds_without_an_event_loop(database: Database) -> None:
    database.transact(write_pause)
    assert await paused_workspaces(database) == 0
    database.transact(with_commit(write_pause))
    assert await paused_workspaces(database) == 1
