"""A disk that is full or read-only: a clear error, nothing acknowledged, and all goes on when it is mended."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.server.bootstrap import Runtime, running_application
from bot.server.health import READINESS_PATH
from bot.settings import Settings
from tests.conftest import SetClock

ROOM_BYTES = 50_000
"""Room for the beginning of a database's log, and not for its tables."""
Client = TestClient[web.Request, web.Application]


def visitor_of(room: Runtime) -> Client:
    return TestClient(TestServer(room.web), cookie_jar=CookieJar(unsafe=True))


async def readiness(client: Client) -> tuple[int, str]:
    async with client.get(READINESS_PATH) as response:
        return response.status, (await response.text()).strip()


async def post_form(client: Client, what: str, **fields: str) -> tuple[int, str]:
    headers = {"Origin": f"http://{client.host}:{client.port}"}
    async with client.post(f"/room/practice/{what}", data=fields, headers=headers) as response:
        return response.status, str((await response.json())["notice"] or "")


def pragma(room: Runtime, order: str) -> None:
    """Outside any transaction: a read-only database begins none."""
    driver = room.database.engine.raw_connection()
    driver.cursor().execute(f"PRAGMA {order}")
    driver.close()


@pytest.mark.parametrize(
    ("break_statement", "mend_statement", "expected_text"),
    [
        ("max_page_count=1", "max_page_count=1073741823", "the disk is full"),
        ("query_only=on", "query_only=off", "the database file cannot be written"),
    ],
)
async def test_what_cannot_be_stored_is_not_acknowledged(
    tmp_path: Path,
    clock: SetClock,
    caplog: pytest.LogCaptureFixture,
    break_statement: str,
    mend_statement: str,
    expected_text: str,
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/room.db", port=0, _env_file=None)
    async with running_application(settings, clock) as room, visitor_of(room) as client:
        await client.get("/room/practice")
        long = "/trust-recover " + "x" * 100
        pragma(room, break_statement)
        for number in range(40):  # the last free pages of the file must be used up first
            status, notice = await post_form(
                client, "say", event_id=f"f{number}", text="word " * 700, **{"as": "client"}
            )
            if status != 200:
                break
        assert status == 503
        assert expected_text in notice
        for _ in range(2):
            assert await readiness(client) == (503, expected_text)
        status, _ = await post_form(client, "say", event_id="s", text=long, **{"as": "responder"})
        pragma(room, mend_statement)
        status, notice = await post_form(client, "say", event_id="s", text=long, **{"as": "responder"})
        assert status == 200, notice
        assert await readiness(client) == (200, "ready")
    assert caplog.text.count(f"nothing can be stored, and nothing is acknowledged: {expected_text}") == 1
    assert caplog.text.count("it can be stored again") == 1
    with sqlite3.connect(tmp_path / "room.db") as database:
        assert database.execute("SELECT count(*) FROM recovery").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("break_statement", "expected_text"),
    [("max_page_count=1", "the disk is full"), ("query_only=on", "the database file cannot be written")],
)
async def test_a_process_that_serves_nobody_is_not_called_ready(
    tmp_path: Path, clock: SetClock, break_statement: str, expected_text: str
) -> None:
    """The load balancer hears of it before a person loses a tap by it."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/room.db", port=0, _env_file=None)
    async with running_application(settings, clock) as room, visitor_of(room) as client:
        pragma(room, break_statement)
        assert await readiness(client) == (503, expected_text)


def test_a_file_system_without_room_is_told_when_the_program_starts(tmp_path: Path) -> None:
    limit_file_sizes = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM_BYTES}, {ROOM_BYTES}))"
    program = (sys.executable, "-c", f"{limit_file_sizes}; from bot.cli import main; main()")
    done = subprocess.run(
        (*program, "serve", "--port", "0", "--database-url", f"sqlite:///{tmp_path}/room.db"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "cannot be opened or written" in done.stderr
