"""The SQLite file: private, and never acknowledged into when it is no longer where it was."""

import logging
import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import OperationalError

from bot.errors import DatabaseUnusable
from bot.server import bootstrap
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import database, sqlite_file
from bot.storage import tables as t
from bot.storage.database import Database
from tests.bot.storage.test_disk_faults import Client, post_form, readiness, visitor_of
from tests.conftest import SetClock, migrated
from tests.server_process import run

START = {"event_id": "s", "text": "/trust-recover Acme", "as": "responder"}


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: mode(file) for file in folder.iterdir()}


@pytest.fixture
def generous_umask() -> Iterator[None]:
    """As on most systems, or worse: what is made is readable by everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "of ours" / "room.db"


@pytest.fixture
async def room(file: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Runtime]:
    """At its end it does not try for 12 seconds to store results in a file that is gone."""
    monkeypatch.setattr(bootstrap, "FINISH_SECONDS", 0.1)
    settings = Settings(database_url=f"sqlite:///{file}", port=0, _env_file=None)
    async with running_application(settings, clock) as parts:
        yield parts


@pytest.fixture
async def client(room: Runtime) -> AsyncIterator[Client]:
    async with visitor_of(room) as test_client:
        await test_client.get("/room/practice")
        yield test_client


# --- who can read it


@pytest.mark.usefixtures("generous_umask")
async def test_what_is_made_can_be_read_by_its_owner_only(file: Path, clock: SetClock) -> None:
    settings = Settings(database_url=f"sqlite:///{file}", port=0, _env_file=None)
    async with running_application(settings, clock) as room, visitor_of(room) as client:
        await client.get("/room/practice")
        all_modes = modes(file.parent)
    assert {"room.db", "room.db-wal", "room.db-shm", "room.db.lock"} <= set(all_modes)
    assert set(all_modes.values()) == {0o600}
    assert {mode(folder) for folder in (file.parent, file.parent.parent)} == {0o700}


@pytest.mark.usefixtures("generous_umask")
def test_migrate_makes_a_private_file_too(tmp_path: Path) -> None:
    assert run(tmp_path / "new", "migrate").returncode == 0
    assert modes(tmp_path / "new")["room.db"] == 0o600
    assert mode(tmp_path / "new") == 0o700


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o666, 0o600), (0o604, 0o600), (0o640, 0o640)])
def test_a_file_that_everybody_can_read_becomes_private_and_one_for_a_group_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, before: int, after: int
) -> None:
    file = tmp_path / "room.db"
    url = f"sqlite:///{file}"
    migrated(Settings(database_url=url, _env_file=None))
    Path(f"{file}-wal").touch()
    for one in (file, Path(f"{file}-wal")):
        one.chmod(before)
    with sqlite_file.exclusive_file(database.driver_url(url)):
        assert (mode(file), mode(Path(f"{file}-wal"))) == (after, after)
    assert ("could be read by every user" in caplog.text) is (before != after)


def test_a_file_that_is_no_database_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("a letter to everybody")
    file.chmod(0o644)
    with sqlite_file.exclusive_file(database.driver_url(f"sqlite:///{file}")):
        assert mode(file) == 0o644


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with (
        pytest.raises(DatabaseUnusable, match="is a folder"),
        sqlite_file.exclusive_file(database.driver_url(f"sqlite:///{tmp_path}")),
    ):
        pass


# --- where it is


def delete(file: Path) -> None:
    file.unlink()


def move(file: Path) -> None:
    file.rename(f"{file}.old")


def move_back(file: Path) -> None:
    Path(f"{file}.old").rename(file)


def put_back(file: Path) -> None:
    Path(f"{file}.rescued").rename(file)


def replace(file: Path) -> None:
    copy = Path(f"{file}.copy")
    copy.write_bytes(file.read_bytes())
    copy.rename(file)


def delete_its_log(file: Path) -> None:
    Path(f"{file}-wal").unlink()


def delete_all(file: Path) -> None:
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()


CHANGES = [delete, move, replace, delete_its_log, delete_all]


@pytest.mark.parametrize("change", CHANGES)
async def test_nothing_is_acknowledged_once_the_file_is_gone_or_another(
    file: Path, client: Client, caplog: pytest.LogCaptureFixture, change: Callable[[Path], None]
) -> None:
    assert (await post_form(client, "say", **START))[0] == 200
    assert await readiness(client) == (200, "ready")
    change(file)
    for number in range(3):
        status, notice = await post_form(client, "say", **START | {"event_id": f"later {number}"})
        assert (status, "the database file cannot be written" in notice) == (503, True)
    async with client.get("/room/practice") as page:
        assert page.status == 503
    status, reason = await readiness(client)
    assert status == 503
    assert str(file) in reason
    critical = [record.getMessage() for record in caplog.records if record.levelno == logging.CRITICAL]
    assert [str(file) in message for message in critical] == [True, True]
    assert "saved as" in critical[1]
    saved = Path(f"{file}.rescued")
    assert mode(saved) == 0o600
    with sqlite3.connect(saved) as database:
        assert database.execute("SELECT count(*) FROM recovery").fetchall() == [(1,)]


async def test_a_file_that_is_moved_back_is_used_again(
    file: Path, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    move(file)
    assert (await post_form(client, "say", **START))[0] == 503
    move_back(file)
    assert await readiness(client) == (200, "ready")
    assert (await post_form(client, "say", **START))[0] == 200
    assert "it can be stored again" in caplog.text
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT count(*) FROM recovery").fetchall() == [(1,)]


async def test_what_was_acknowledged_is_there_again_when_the_copy_is_put_in_the_place_of_the_file(
    file: Path, clock: SetClock
) -> None:
    settings = Settings(database_url=f"sqlite:///{file}", port=0, _env_file=None)
    async with running_application(settings, clock) as room, visitor_of(room) as client:
        await client.get("/room/practice")
        assert (await post_form(client, "say", **START))[0] == 200
        delete_all(file)
        assert (await readiness(client))[0] == 503
    put_back(file)
    async with running_application(settings, clock) as room, visitor_of(room) as client:
        await client.get("/room/practice")
        assert await readiness(client) == (200, "ready")
        assert await room.database.run(lambda tx: tx.execute(select(t.recovery.c.account)).scalars().all()) == ["Acme"]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_committed_while_the_file_disappears_is_not_acknowledged(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    file = tmp_path / "room.db"
    url = f"sqlite:///{file}"
    migrated(Settings(database_url=url, _env_file=None))
    db = Database(database.driver_url(url))
    row = {"event_id": "e", "recovery_id": "r", "received_at": 0.0}

    def work(tx: Connection) -> None:
        tx.execute(insert(t.inbox), row)
        change(file)
        tx.commit()

    db.transact(lambda tx: tx.execute(select(t.inbox)).all())
    with pytest.raises(OperationalError, match="while it was in use"):
        db.transact(work)
    db.engine.dispose()
