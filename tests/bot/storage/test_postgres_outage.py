"""PostgreSQL goes away and comes back: nothing is acknowledged that is not stored, and no restart is needed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import count
from typing import Any

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.exc import DBAPIError

from adapters.web import tables as room_tables
from adapters.web.rooms import Rooms
from bot.server.bootstrap import Runtime
from bot.storage import tables as t
from tests.bot.conftest import OwnPostgres
from tests.bot.storage.test_disk_faults import Client
from tests.conftest import SetClock
from tests.server_process import SECONDS_BETWEEN_TRIES, SECONDS_OF_PATIENCE, Caller


@pytest.fixture
async def client(mortal: Runtime) -> AsyncIterator[Client]:
    async with TestClient(TestServer(mortal.web), cookie_jar=CookieJar(unsafe=True)) as test_client:
        async with test_client.get("/room/practice") as page:
            assert page.status == 200
        yield test_client


def caller(client: Client) -> Caller:
    return Caller(client.session, [f"http://{client.host}:{client.port}"])


async def note(sender: Caller, name: str, recovery: str, stop: asyncio.Event) -> None:
    """Note one fact after the other."""
    for number in count():
        if stop.is_set():
            return
        fact = f"{name} {number}"
        await sender.send("fill", fact, recovery=recovery, form="note:facts", text=fact)


async def ask(room: Runtime, query: Select[Any]) -> Sequence[Any]:
    return await room.database.run(lambda tx: tx.execute(query).scalars().all())


async def wait_until_delivered(room: Runtime, which: ColumnElement[bool] | None = None) -> None:
    """Wait until this mail, or all of it, is sent. The outbox tells nobody, so this has to look."""
    waiting = select(t.outbox.c.id).where(t.outbox.c.state == "pending", *([] if which is None else [which]))
    await until_none(room, waiting)


async def until_none(room: Runtime, query: Select[Any]) -> None:
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        while await ask(room, query):  # noqa: ASYNC110 - the database of a running application tells nobody
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)


async def start_recovery(room: Runtime, client: Client) -> str:
    """A recovery whose responder asked for two minutes."""
    ana = caller(client)
    await ana.send("say", "start", text="/trust-recover Acme", **{"as": "responder"})
    (recovery,) = await ask(room, select(t.recovery.c.id))
    await ana.send("tap", "wait", recovery=recovery, card_revision="1", action="choose:two_minutes")
    return str(recovery)


async def test_everything_goes_on_by_itself_and_nothing_was_lost_or_taken_twice(
    own_postgres: OwnPostgres, mortal: Runtime, client: Client, clock: SetClock
) -> None:
    senders = {name: caller(client) for name in "abcde"}
    recovery = await start_recovery(mortal, client)
    stop = asyncio.Event()

    async def all_answered() -> None:
        await asyncio.gather(*(sender.answer() for sender in senders.values()))

    async with asyncio.TaskGroup() as group:
        for name, sender in senders.items():
            group.create_task(note(sender, name, recovery, stop))
        await all_answered()
        await asyncio.to_thread(own_postgres.stop)
        clock.forward(120)
        for _ in range(3):
            await all_answered()
        async with client.get("/room/practice") as page:
            assert (page.status, page.headers["Retry-After"]) == (503, "1")
        before = {name: len(sender.taken) for name, sender in senders.items()}
        await asyncio.to_thread(own_postgres.start)
        while any(len(sender.taken) == before[name] for name, sender in senders.items()):
            await all_answered()
        stop.set()
    assert {answer for sender in senders.values() for answer in sender.others} == {(503, "1")}
    assert all(sender.others for sender in senders.values())
    acknowledged_facts = sorted(fact for sender in senders.values() for fact in sender.taken)
    assert sorted(await ask(mortal, select(t.entry.c.text))) == acknowledged_facts
    events = select(func.count()).where(t.event.c.body["kind"].as_string() == "RecordEntry")
    assert await ask(mortal, events) == [len(acknowledged_facts)]
    await until_none(mortal, select(t.timer.c.name).where(t.timer.c.due_at <= clock.now))
    await wait_until_delivered(mortal)
    assert await ask(mortal, select(t.outbox.c.id).where(t.outbox.c.state != "sent")) == []
    nudges = select(room_tables.room_item.c.body["text"].as_string()).where(room_tables.room_item.c.kind == "nudge")
    assert await ask(mortal, nudges) == ["Acme: No hurry. Start when you are ready."]


async def test_connections_that_died_while_idle_are_not_noticed(mortal: Runtime, client: Client) -> None:
    recovery = await start_recovery(mortal, client)
    mortal.delivery.wake.stop()  # its loops would meet the dead connections before the requests do
    senders = [caller(client) for _ in range(10)]

    async def all_note(what: str) -> None:
        notes = {f"{what} {number}": sender for number, sender in enumerate(senders)}
        await asyncio.gather(
            *(s.send("fill", n, recovery=recovery, form="note:facts", text=n) for n, s in notes.items())
        )

    await all_note("before")
    all_others = text(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with mortal.database.engine.connect() as tx:
        assert tx.execute(all_others).scalar_one() >= 1
    await all_note("after")
    assert [sender.others for sender in senders] == [[]] * len(senders)


async def test_a_page_that_is_open_is_told_what_came_after_the_outage(
    own_postgres: OwnPostgres, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, looked_in_vain = Rooms.after, asyncio.Event()

    async def watched(rooms: Rooms, *args: Any) -> Any:  # noqa: ANN401 - passed on
        try:
            return await look(rooms, *args)
        except DBAPIError:
            looked_in_vain.set()
            raise

    monkeypatch.setattr(Rooms, "after", watched)
    caught_up = asyncio.Event()
    page = asyncio.create_task(seen_on_page(client, "are you there?", caught_up))
    await caught_up.wait()
    await asyncio.to_thread(own_postgres.stop)
    await looked_in_vain.wait()
    await asyncio.to_thread(own_postgres.start)
    await caller(client).send("say", "ask", text="are you there?", **{"as": "client"})
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        await page


async def seen_on_page(client: Client, words: str, caught_up: asyncio.Event) -> None:
    """A page as the browser has it: it connects again when its line is closed, until it shows these words."""
    origin = {"Origin": f"http://{client.host}:{client.port}"}
    while True:
        async with client.ws_connect("/room/practice/live?after=0", headers=origin) as line:
            async for message in line:
                data = message.json()
                if data["kind"] == "live":
                    caught_up.set()
                if words in data.get("html", ""):
                    return
        await asyncio.sleep(SECONDS_BETWEEN_TRIES)
