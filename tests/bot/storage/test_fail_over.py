"""A standby takes over behind the same name: nothing acknowledged is lost, and the process comes back by itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import monotonic

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import create_engine, select

from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import database
from bot.storage import tables as t
from tests.bot.storage.replication import Name, Pair, name_of, replicated_postgres, socket_path
from tests.bot.storage.test_disk_faults import Client, readiness
from tests.bot.storage.test_postgres_outage import ask, caller, note, start_recovery
from tests.conftest import SetClock, migrated
from tests.server_process import SECONDS_BETWEEN_TRIES

SECONDS_UNTIL_BACK = 30
READ_ONLY = (503, "the database is read-only")


@pytest.fixture
def pair() -> Iterator[Pair]:
    with replicated_postgres() as servers:
        yield servers


@pytest.fixture
async def name(pair: Pair) -> AsyncIterator[Name]:
    async with name_of(socket_path(pair.primary.get_uri())) as open_name:
        yield open_name


@pytest.fixture
async def room(name: Name, clock: SetClock) -> AsyncIterator[Runtime]:
    settings = Settings(database_url=name.url, port=0, _env_file=None)
    await asyncio.to_thread(migrated, settings)
    async with running_application(settings, clock) as parts:
        yield parts


@pytest.fixture
async def client(room: Runtime) -> AsyncIterator[Client]:
    async with TestClient(TestServer(room.web), cookie_jar=CookieJar(unsafe=True)) as test_client:
        await test_client.get("/room/practice")
        yield test_client


async def until_ready(client: Client) -> None:
    async with asyncio.timeout(SECONDS_UNTIL_BACK):
        while (await readiness(client))[0] != 200:  # noqa: ASYNC110 - nothing tells when a server has taken over
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)


async def test_nothing_acknowledged_is_lost_and_it_is_back_by_itself(
    pair: Pair, name: Name, room: Runtime, client: Client
) -> None:
    recovery = await start_recovery(room, client)
    senders = {letter: caller(client) for letter in "abc"}
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for letter, sender in senders.items():
            group.create_task(note(sender, letter, recovery, stop))
        await asyncio.gather(*(sender.answer() for sender in senders.values()))
        await asyncio.to_thread(pair.crash_primary)
        name.target = socket_path(pair.standby.get_uri())
        assert await readiness(client) == READ_ONLY
        await asyncio.gather(*(sender.answer() for sender in senders.values()))
        before = {letter: len(sender.taken) for letter, sender in senders.items()}
        began = monotonic()
        await asyncio.to_thread(pair.promote_standby)
        await until_ready(client)
        async with asyncio.timeout(SECONDS_UNTIL_BACK):
            while any(len(sender.taken) == before[letter] for letter, sender in senders.items()):
                await asyncio.gather(*(sender.answer() for sender in senders.values()))
        stop.set()
    assert monotonic() - began < SECONDS_UNTIL_BACK
    assert {answer for sender in senders.values() for answer in sender.others} <= {(503, "1")}
    acknowledged_facts = sorted(fact for sender in senders.values() for fact in sender.taken)
    assert sorted(await ask(room, select(t.entry.c.text))) == acknowledged_facts


async def test_connections_to_a_server_that_was_demoted_are_given_up(
    pair: Pair, name: Name, room: Runtime, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    recovery = await start_recovery(room, client)
    await asyncio.to_thread(pair.make_primary_read_only)
    async with asyncio.timeout(SECONDS_UNTIL_BACK):
        while await readiness(client) != READ_ONLY:  # noqa: ASYNC110 - a server reloads its settings when it likes
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
    ana = caller(client)
    sending = asyncio.create_task(ana.send("fill", "1", recovery=recovery, form="note:facts", text="late"))
    await ana.answer()
    assert ana.others == [(503, "1")]
    await asyncio.to_thread(pair.promote_standby)
    name.target = socket_path(pair.standby.get_uri())
    await until_ready(client)
    async with asyncio.timeout(SECONDS_UNTIL_BACK):
        await sending
    engine = create_engine(database.driver_url(pair.standby.get_uri()))
    with engine.connect() as tx:
        assert tx.execute(select(t.entry.c.text)).scalars().all() == ["late"]
    engine.dispose()
    assert caplog.text.count("nothing is acknowledged: the database is read-only") == 1
    assert "it can be stored again" in caplog.text
