"""A disk that is full or read-only: a clear error, nothing acknowledged, and all goes on when it is mended."""

import sqlite3
from pathlib import Path

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from tests.conftest import SetClock

Client = TestClient[web.Request, web.Application]


def visitor_of(room: Runtime) -> Client:
    return TestClient(TestServer(room.web), cookie_jar=CookieJar(unsafe=True))


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
    tmp_path: Path, clock: SetClock, break_statement: str, mend_statement: str, expected_text: str
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
        status, _ = await post_form(client, "say", event_id="s", text=long, **{"as": "responder"})
        pragma(room, mend_statement)
        status, notice = await post_form(client, "say", event_id="s", text=long, **{"as": "responder"})
        assert status == 200, notice
    with sqlite3.connect(tmp_path / "room.db") as database:
        assert database.execute("SELECT count(*) FROM recovery").fetchall() == [(1,)]
