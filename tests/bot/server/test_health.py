"""What a load balancer is told: alive as long as the process runs, ready only if the database is."""

import asyncio
import threading
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, event, text

from bot.errors import DatabaseTooNew
from bot.server import health
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import database, migrate
from bot.workers.timers import Timers
from tests.bot.conftest import OwnPostgres
from tests.conftest import SetClock, migrated

Client = TestClient[web.Request, web.Application]
ALIVE, READY = health.LIVENESS_PATH, health.READINESS_PATH
WORDS = "they lied to us"


@pytest.fixture
async def client(room: Runtime) -> AsyncIterator[Client]:
    async with TestClient(TestServer(room.web)) as test_client:
        yield test_client


async def get_health(client: Client, path: str, **headers: str) -> tuple[int, str]:
    async with client.get(path, headers=headers) as response:
        return response.status, (await response.text()).strip()


async def run(room: Runtime, sql: str) -> str:
    """Run a statement; what it returns, if it does."""

    def work(tx: Connection) -> str:
        result = tx.execute(text(sql))
        answer = str(result.scalar()) if result.returns_rows else ""
        tx.commit()
        return answer

    return await room.database.run(work)


async def migrated_to(room: Runtime, revision: str, oldest: str) -> None:
    """Make the database say that this revision wrote it, for releases from `oldest` on."""
    await run(room, f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - our own words
    await run(room, f"UPDATE compatibility SET oldest_revision = '{oldest}'")  # noqa: S608 - our own words


@pytest.mark.parametrize(("path", "expected_text"), [(ALIVE, "ok"), (READY, "ready")])
async def test_a_healthy_process_says_so_to_any_host_name(client: Client, path: str, expected_text: str) -> None:
    assert await get_health(client, path) == (200, expected_text)
    assert await get_health(client, path, Host="10.0.0.7:8080") == (200, expected_text)


async def test_a_process_that_stops_is_alive_but_not_ready(room: Runtime, client: Client) -> None:
    room.health.is_stopping = True
    assert await get_health(client, READY) == (503, "stopping")
    assert await get_health(client, ALIVE) == (200, "ok")


async def test_a_process_whose_database_stopped_is_alive_but_not_ready_until_it_is_back(
    own_postgres: OwnPostgres, mortal: Runtime
) -> None:
    async with TestClient(TestServer(mortal.web)) as client:
        assert await get_health(client, READY) == (200, "ready")
        await asyncio.to_thread(own_postgres.stop)
        assert await get_health(client, READY) == (503, "the database cannot be reached (OperationalError)")
        assert await get_health(client, ALIVE) == (200, "ok")
        await asyncio.to_thread(own_postgres.start)
        assert await get_health(client, READY) == (200, "ready")


async def test_a_database_that_does_not_answer_is_not_waited_for(
    mortal: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "DATABASE_TIMEOUT_SECONDS", 0.1)
    async with TestClient(TestServer(mortal.web)) as client:
        with mortal.database.engine.connect() as other_connection:
            other_connection.execute(text("LOCK TABLE alembic_version"))
            assert await get_health(client, READY) == (503, "the database did not answer within 0.1 s")
            assert await get_health(client, ALIVE) == (200, "ok")
        monkeypatch.undo()
        assert await get_health(client, READY) == (200, "ready")


async def test_a_process_with_much_to_do_is_ready(own_postgres: OwnPostgres, clock: SetClock) -> None:
    settings = Settings(database_url=own_postgres.url, database_connections=1, port=0, _env_file=None)
    migrated(settings)
    go_on = threading.Event()
    async with running_application(settings, clock) as room, TestClient(TestServer(room.web)) as client:
        busy = [asyncio.create_task(room.database.run(lambda _tx: go_on.wait())) for _ in range(10)]
        assert await get_health(client, READY) == (200, "ready")
        go_on.set()
        assert await asyncio.gather(*busy) == [True] * 10


async def test_a_request_that_no_connection_is_free_for_is_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await get_health(client, READY) == (200, "ready")
    monkeypatch.setattr(database, "MAX_WAIT_SECONDS", 0.0)
    async with client.get("/room/practice") as page:
        assert (page.status, page.headers.get("Retry-After")) == (503, "1")


async def test_a_process_of_which_a_part_broke_is_to_end(
    room_settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    migrated(room_settings)

    async def fire(_timers: Timers) -> float:
        raise KeyError(WORDS)

    monkeypatch.setattr(Timers, "fire", fire)
    failure = asyncio.Event()
    async with running_application(room_settings, clock, failure.set):
        await failure.wait()
    assert "a background loop of this process failed: KeyError" in caplog.text
    assert WORDS not in caplog.text


async def test_a_process_before_whose_time_the_database_was_made_is_not_ready(room: Runtime, client: Client) -> None:
    head = await run(room, "SELECT version_num FROM alembic_version")
    await migrated_to(room, "0004", "0004")
    status, answer = await get_health(client, READY)
    assert (status, "trust-recover migrate" in answer) == (503, True)
    await migrated_to(room, head, head)
    assert await get_health(client, READY) == (200, "ready")


async def test_it_is_not_ready_on_an_empty_database(room: Runtime, client: Client) -> None:
    await run(room, "DELETE FROM alembic_version")
    status, answer = await get_health(client, READY)
    assert (status, "trust-recover migrate" in answer) == (503, True)


async def test_it_stays_ready_when_the_next_release_migrates(room: Runtime, client: Client) -> None:
    head = await run(room, "SELECT version_num FROM alembic_version")
    await migrated_to(room, "9999", head)
    assert await get_health(client, READY) == (200, "ready")


async def test_it_starts_beside_the_next_release_and_leaves_its_tables_alone(room: Runtime) -> None:
    head = await run(room, "SELECT version_num FROM alembic_version")
    await migrated_to(room, "9999", head)
    for start in (migrate.upgrade, migrate.check_revision):
        await asyncio.to_thread(start, room.database)
    assert await run(room, "SELECT version_num FROM alembic_version") == "9999"


async def test_it_is_not_ready_when_a_release_migrates_that_leaves_it_behind(room: Runtime, client: Client) -> None:
    await migrated_to(room, "9999", "9998")
    status, answer = await get_health(client, READY)
    assert (status, "newer release" in answer) == (503, True)
    for start in (migrate.upgrade, migrate.check_revision):
        with pytest.raises(DatabaseTooNew):
            await asyncio.to_thread(start, room.database)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_asks_a_hundred_times_does_not_keep_the_disk_busy(room: Runtime, client: Client) -> None:
    """Anybody may ask, without a token."""
    rows: list[str] = []

    def count(_tx: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO inbox"):
            rows.append(statement)

    event.listen(room.database.engine, "before_cursor_execute", count)
    began = monotonic()
    answers = [await get_health(client, READY) for _ in range(100)]
    assert answers == [(200, "ready")] * 100
    assert 1 <= len(rows) <= 1 + (monotonic() - began) / health.PROBE_SECONDS
