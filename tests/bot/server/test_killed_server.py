"""The server is killed with SIGKILL around every transition of a recovery: same card, nothing lost, nothing twice."""

import asyncio
import re
import sqlite3
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.server_process import Server, Visitor, serving, visiting
from tests.whole_recovery import SUMMARY, TALK, Do

SECONDS_UNTIL_DELIVERED = 60


@dataclass(frozen=True, slots=True)
class VisibleState:
    """The responder's card as the page showed it."""

    recovery: str
    visit: int
    text: str


async def visible_state(visitor: Visitor, transitions: int, database: Path) -> VisibleState:
    """The card on the page, once all mail of these transitions was delivered."""
    await wait_until_delivered(database, transitions)
    recovery, visit, text = await visitor.card()
    text = re.sub(r"\d+ min|\d\d:\d\d", "TIME", text)  # killing takes time
    return VisibleState(recovery, visit, re.sub(r"Led by \w+( · [^·]+?TIME)( · TIME)?", r"Led by X\1", text))


def rows(database: Path, query: str) -> Sequence[tuple[object, ...]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


async def wait_until_delivered(database: Path, transitions: int) -> None:
    """Wait until nothing is pending. The outbox of another process tells nobody, so this has to look."""
    assert rows(database, "SELECT count(*) FROM event") == [(transitions,)]
    async with asyncio.timeout(SECONDS_UNTIL_DELIVERED):
        while rows(database, "SELECT 1 FROM outbox WHERE state = 'pending'"):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


async def do(visitor: Visitor, step: Do, card: VisibleState | None, event_id: str) -> None:
    fields = dict(step.fields)
    if card:
        fields |= {"recovery": card.recovery, "card_revision": str(card.visit)}
    status, reply = await visitor.post(step.what, event_id=event_id, **fields)
    assert status == 200, reply


async def run_without_kills(folder: Path) -> list[VisibleState]:
    cards: list[VisibleState] = []
    async with serving(folder) as server, visiting(server.url) as visitor:
        for number, step in enumerate(TALK, 1):
            await do(visitor, step, cards[-1] if cards else None, f"t{number}")
            cards.append(await visible_state(visitor, number, folder / "room.db"))
    return cards


async def killed_after(server: Server, visitor: Visitor, step: Do, card: VisibleState | None, number: int) -> None:
    """Kill as soon as the answer is there."""
    await do(visitor, step, card, f"t{number}")
    await server.kill()
    await server.start()


async def killed_during(server: Server, visitor: Visitor, step: Do, card: VisibleState | None, number: int) -> None:
    """Kill while the request is under way, wherever that hits, and send it again as the page does."""
    request = asyncio.create_task(do(visitor, step, card, f"t{number}"))
    killer = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(number % 8 * 0.003, killer.set_result, None)
    await killer
    await server.kill()
    with suppress(aiohttp.ClientError):
        await request
    await server.start()
    await do(visitor, step, card, f"t{number}")


@pytest.mark.parametrize("kill_and_tap", [killed_after, killed_during])
async def test_killed_around_every_transition(kill_and_tap: object, tmp_path: Path) -> None:
    assert callable(kill_and_tap)
    (tmp_path / "calm").mkdir()
    expected_states = await run_without_kills(tmp_path / "calm")
    database = tmp_path / "room.db"
    card: VisibleState | None = None
    async with serving(tmp_path) as server, visiting(server.url) as visitor:
        for number, step in enumerate(TALK, 1):
            await kill_and_tap(server, visitor, step, card, number)
            card = await visible_state(visitor, number, database)
            assert (card.visit, card.text) == (expected_states[number - 1].visit, expected_states[number - 1].text), (
                step
            )
    assert records(database) == records(tmp_path / "calm" / "room.db")
    posts = rows(database, "SELECT json_extract(body, '$.text') FROM room_item WHERE kind = 'message'")
    assert posts == [(SUMMARY,)]
    assert rows(database, "SELECT count(*) FROM outbox WHERE state <> 'sent'") == [(0,)]
    assert not rows(database, "SELECT idempotency_key FROM outbox GROUP BY idempotency_key HAVING count(*) > 1")


def records(database: Path) -> list[Sequence[tuple[object, ...]]]:
    """Everything on record, but for times and ids that differ between two runs."""
    fact = "text, expression, holder, standing, our_view, evidence"
    entry = f"id, field_id, kind, step, {fact}, strength, is_confirmed, who, due_at"
    return [
        rows(database, f"SELECT {entry}, state, level FROM entry ORDER BY id"),  # noqa: S608 - a constant
        rows(database, "SELECT number, step, left_by, next_step FROM step_visit ORDER BY number"),
        rows(database, "SELECT number, json_extract(body, '$.kind') FROM event ORDER BY number"),
        rows(database, "SELECT name FROM timer ORDER BY name"),
        rows(database, "SELECT version, step, account FROM recovery"),
    ]


async def test_a_visitor_who_asks_again_after_a_crash_is_answered(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, visiting(server.url) as visitor:
        event_id = uuid.uuid4().hex
        await do(visitor, TALK[0], None, event_id)
        await server.kill()
        await server.start()
        await do(visitor, TALK[0], None, event_id)
        assert rows(tmp_path / "room.db", "SELECT count(*) FROM recovery") == [(1,)]
