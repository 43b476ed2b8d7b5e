"""Replicas on one PostgreSQL are restarted one after the other, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Engine, create_engine, text

from adapters.port import Outgoing, RequestContext, TypedCommand
from adapters.web.delivery import WebPlatform
from bot.server import bootstrap
from bot.server.bootstrap import running_application
from bot.settings import Settings
from bot.storage import database
from bot.storage.flow_registry import FlowRegistry
from tests.bot.delivery_harness import delivery_harness
from tests.conftest import ANA, THREAD, SetClock, migrated
from tests.server_process import SECONDS_BETWEEN_TRIES, SECONDS_OF_PATIENCE, Caller, Server

CLIENTS = 3
ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@dataclass(frozen=True, slots=True)
class Records:
    """What is in the database that the replicas share."""

    engine: Engine

    def ask(self, sql: str, **values: str) -> Sequence[Any]:
        with self.engine.connect() as connection:
            return connection.execute(text(sql), values).scalars().all()

    async def wait_until_delivered(self) -> None:
        """Wait until all mail is sent. Another process's outbox tells nobody, so this has to look."""
        async with asyncio.timeout(SECONDS_OF_PATIENCE):
            while self.ask("SELECT 1 FROM outbox WHERE state <> 'sent'"):  # noqa: ASYNC110 - see above
                await asyncio.sleep(SECONDS_BETWEEN_TRIES)


@pytest.fixture
def records(room_settings: Settings) -> Iterator[Records]:
    migrated(room_settings)
    engine = create_engine(database.driver_url(room_settings.database_url), isolation_level="AUTOCOMMIT")
    yield Records(engine)
    engine.dispose()


@pytest.fixture
async def replicas(records: Records, database_url: str, tmp_path: Path) -> AsyncIterator[list[Server]]:
    assert records.ask("SELECT count(*) FROM recovery") == [0]
    servers = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        servers.append(Server(tmp_path / name, {"TRUST_RECOVER_DATABASE_URL": database_url}))
    await asyncio.gather(*(server.start() for server in servers))
    yield servers
    await asyncio.gather(*(server.stop() for server in servers))


@dataclass(slots=True)
class Responder:
    """Somebody who notes, hears and moves without a rest in a room of their own, and posts a summary in the end."""

    caller: Caller
    records: Records
    recovery: str = ""
    rounds: int = 0

    async def lead(self, stop: asyncio.Event) -> None:
        room, call = self.caller.room, self.caller.send
        await call("say", f"{room} start", text="/trust-recover Acme", **{"as": "responder"})
        (self.recovery,) = self.records.ask("SELECT id FROM recovery WHERE conversation = :room", room=room)
        for number in count(1):
            await call(
                "fill", f"{room} fact {number}", recovery=self.recovery, form="note:facts", text=f"fact {number}"
            )
            await call("say", f"{room} said {number}", text=f"said {number}", **{"as": "client"})
            await self.tap(number, "jump:feelings" if number % 2 else "jump:facts")
            self.rounds = number
            if stop.is_set():
                break
        await self.tap(self.rounds + 1, "close")
        await self.tap(self.rounds + 2, "post:client")

    async def tap(self, visit: int, action: str) -> None:
        """Every tap moves the recovery on by one visit if it is applied once: otherwise the next one is stale."""
        event_id = f"{self.caller.room} tap {visit}"
        await self.caller.send("tap", event_id, recovery=self.recovery, card_revision=str(visit), action=action)


async def under_load(responders: Sequence[Responder], by: Sequence[Server]) -> None:
    """Wait until everybody was served again, and each of these replicas has served somebody."""
    before = [len(responder.caller.taken) for responder in responders]
    requests_by_server = {server.url: sum(responder.caller.by[server.url] for responder in responders) for server in by}
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        while any(
            len(responder.caller.taken) == least for responder, least in zip(responders, before, strict=True)
        ) or any(
            sum(responder.caller.by[url] for responder in responders) == least
            for url, least in requests_by_server.items()
        ):
            await asyncio.gather(*(responder.caller.answer() for responder in responders))


@ON_POSTGRES
async def test_a_rolling_restart_under_load_loses_and_repeats_nothing(replicas: list[Server], records: Records) -> None:
    urls = [server.url for server in replicas]
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        responders = []
        for number in range(CLIENTS):
            session = await stack.enter_async_context(aiohttp.ClientSession())
            caller = Caller(session, urls, f"room-{number}")
            async with session.get(f"{urls[0]}/room/{caller.room}") as page:
                assert page.status == 200
            responders.append(Responder(caller, records))
        async with asyncio.TaskGroup() as group:
            for responder in responders:
                group.create_task(responder.lead(stop))
            for server in replicas:
                others = [other for other in replicas if other is not server]
                await under_load(responders, replicas)
                assert await server.stop() == 0
                await under_load(responders, others)
                await server.start()
            await under_load(responders, replicas)
            stop.set()
    await records.wait_until_delivered()
    assert {answer for responder in responders for answer in responder.caller.others} <= {(503, "1")}
    event_ids = [event_id.split(":")[3] for event_id in records.ask("SELECT event_id FROM inbox")]
    assert sorted(event_ids) == sorted(event_id for responder in responders for event_id in responder.caller.taken)
    for responder in responders:
        kept_once(responder, records)
    sent_count = records.ask("SELECT count(*) FROM outbox WHERE body ->> 'kind' = 'private_message'")
    assert records.ask("SELECT count(*) FROM room_item WHERE kind IN ('private_message', 'nudge')") == sent_count


def kept_once(responder: Responder, records: Records) -> None:
    """Every fact, word and step of this recovery is on record once, and its summary is in the room once."""
    numbers = range(1, responder.rounds + 1)
    facts = records.ask("SELECT text FROM entry WHERE recovery_id = :id", id=responder.recovery)
    assert sorted(facts) == sorted(f"fact {number}" for number in numbers)
    words = "SELECT body ->> 'text' FROM room_item WHERE kind = 'message' AND room = :room AND body ->> 'role' = "
    assert sorted(records.ask(f"{words} 'client'", room=responder.caller.room)) == sorted(f"said {n}" for n in numbers)
    assert len(records.ask(f"{words} 'guide'", room=responder.caller.room)) == 1
    left_by = records.ask("SELECT number FROM step_visit WHERE recovery_id = :id", id=responder.recovery)
    assert len(left_by) == responder.rounds + 1


# --- what a slow platform holds when the process is told to stop


async def test_what_the_platform_takes_in_time_is_settled_before_the_process_ends(
    room_settings: Settings, database_url: str, shipped: FlowRegistry, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated(room_settings)
    holds = asyncio.Event()
    async with running_application(room_settings, clock) as room:

        async def slow(_platform: WebPlatform, _outgoing: Outgoing) -> float:
            holds.set()
            await room.delivery.wake.end.wait()
            return 0.0

        monkeypatch.setattr(WebPlatform, "deliver", slow)
        await room.application.receive(TypedCommand("start", ANA, RequestContext(THREAD), "Acme"))
        await holds.wait()
    async with delivery_harness(database_url, shipped, clock, "web") as post:
        assert [row.attempts for row in await post.messages("sent")] == [1]
        assert await post.messages("pending", "failed") == []


async def test_what_the_platform_still_holds_is_given_back_at_once_and_sent_by_another(
    room_settings: Settings, database_url: str, shipped: FlowRegistry, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated(room_settings)
    holds = asyncio.Event()

    async def hang(_platform: WebPlatform, _outgoing: Outgoing) -> float:
        holds.set()
        await asyncio.Event().wait()
        return 0.0

    monkeypatch.setattr(bootstrap, "FINISH_SECONDS", 0.01)
    monkeypatch.setattr(WebPlatform, "deliver", hang)
    async with running_application(room_settings, clock) as room:
        await room.application.receive(TypedCommand("start", ANA, RequestContext(THREAD), "Acme"))
        await holds.wait()
    async with delivery_harness(database_url, shipped, clock, "web") as post:
        lane = await post.queue("practice:@ana")
        assert (lane.lease_until, lane.lease_token) == (0, None)
        await post.deliver()
        assert len(post.recorder.cards()) == 1
        assert await post.messages("pending", "failed") == []
