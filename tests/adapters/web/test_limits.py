"""The limits of one person in the practice room, each with an answer, and what a page shows however much was said."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from adapters.web import rooms, routes
from adapters.web.live_updates import CloseCode
from adapters.web.open_pages import MAX_PAGES
from adapters.web.posted_fields import MAX_DIGITS, parse_number
from adapters.web.rooms import RoomItem
from flows.screens.card_codec import dump_card
from flows.screens.elements import Card
from tests.adapters.web.sign_in_harness import Room, is_let_in, serving_room
from tests.examples import examples
from tests.server_process import Visitor

LIVE = "/room/practice/live"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with serving_room(tmp_path, token="") as running:
        yield running


@pytest.fixture
async def visitor(room: Room) -> Visitor:
    return await room.visitor()


async def cards_on_page(visitor: Visitor) -> list[str]:
    return re.findall(r'<article class="card" id="card-(\w+)"', await visitor.enter())


async def delivered_cards(room: Room, count: int) -> None:
    async with asyncio.timeout(20):
        while await room.count("room_item WHERE kind = 'card'") < count:  # noqa: ASYNC110 - delivery tells nobody
            await asyncio.sleep(0.01)


async def test_the_guide_is_on_the_page_however_much_was_said_since(room: Room, visitor: Visitor) -> None:
    await visitor.say("/trust-recover Acme")
    await delivered_cards(room, 1)
    own_rooms = rooms.Rooms(room.parts.database)
    for number in range(0, 600, 100):
        await asyncio.gather(
            *(
                own_rooms.put(RoomItem("practice", f"m{n}", "message", {"role": "client", "text": f"word {n}"}))
                for n in range(number, number + 100)
            )
        )
    assert len(await cards_on_page(visitor)) == 1
    page = await visitor.enter()
    assert "word 599" in page
    assert "word 50<" not in page


async def test_every_open_guide_is_on_the_page(room: Room, visitor: Visitor) -> None:
    (me,) = re.findall(r'data-person="(\w+)"', await visitor.enter())
    own_rooms = rooms.Rooms(room.parts.database)
    for number in range(8):
        body = {"card": dump_card(Card(f"r{number}", 1, "Acme", (), is_open=number < 4)), "language": "en"}
        await own_rooms.put(RoomItem("practice", f"card:r{number}", "card", body, me))
    assert await cards_on_page(visitor) == ["r7", "r6", "r5", "r3", "r2", "r1", "r0"]


async def test_a_page_that_missed_more_than_is_read_at_once_gets_all_of_it(room: Room, visitor: Visitor) -> None:
    own_rooms = rooms.Rooms(room.parts.database)
    count = rooms.MAX_ITEMS + 20
    puts = (
        own_rooms.put(RoomItem("practice", f"m{n}", "message", {"role": "client", "text": "x"})) for n in range(count)
    )
    await asyncio.gather(*puts)
    keys = []
    async with visitor.session.ws_connect(f"{room.http.url}{LIVE}?after=0", origin=room.http.url) as page:
        while (event := await page.receive_json())["kind"] != "live":
            keys.append(event["key"])
    assert len(set(keys)) == len(keys) == count + 1  # and one about the room


# --- numbers


@pytest.mark.parametrize(
    "after", ["9" * 5_000, "-1", "1e3", "²", "٣", "0x1", " 1", "1_0", "", "9" * (MAX_DIGITS + 1), "\ud800"]
)
async def test_what_is_no_number_is_refused_and_leaves_nothing_behind(room: Room, visitor: Visitor, after: str) -> None:
    query = {"after": after.encode("utf-8", "surrogatepass").decode("latin-1")}
    headers = {"Origin": room.http.url, "Upgrade": "websocket", "Connection": "Upgrade"}
    async with visitor.session.get(f"{room.http.url}{LIVE}", params=query, headers=headers) as response:
        assert response.status == 400
    status, _ = await visitor.post(
        "tap", recovery="r", card_revision=after.encode(errors="replace").decode(), action="x"
    )
    assert status == 400


@given(st.text(max_size=20) | st.integers().map(str))
@examples(200)
def test_a_number_is_digits_and_not_too_many(text: str) -> None:
    is_number = re.fullmatch(r"[0-9]{1,15}", text, re.ASCII) is not None and not text.endswith("\n")
    try:
        assert (parse_number("after", text) == int(text)) is is_number
    except web.HTTPBadRequest:
        assert not is_number


# --- how much of everything


async def test_too_many_pages_of_one_person_are_told_so(room: Room, visitor: Visitor) -> None:
    async with AsyncExitStack() as stack:
        connect = visitor.session.ws_connect
        for _ in range(MAX_PAGES):
            page = await stack.enter_async_context(connect(f"{room.http.url}{LIVE}", origin=room.http.url))
            await page.receive_json()
        one_too_many = await stack.enter_async_context(connect(f"{room.http.url}{LIVE}", origin=room.http.url))
        await one_too_many.receive()
        assert one_too_many.close_code == CloseCode.TOO_MANY_PAGES
        other = room.browser()
        assert await is_let_in(other)
        page = await stack.enter_async_context(other.ws_connect(LIVE))
        assert (await page.receive_json())["kind"] == "room"


async def test_a_person_has_only_so_many_rooms(room: Room, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MAX_ROOMS", 5)
    for number in range(4):
        visitor.room = f"room-{number}"
        await visitor.enter()
    async with visitor.session.get(f"{room.http.url}/room/one-more") as response:
        page = await response.text()
        assert response.status == 403
    assert "as many rooms as one person may have" in page
    assert 'href="/room/room-3"' in page
    visitor.room = "one-more"
    assert (await visitor.say("hello"))[0] == 403
    visitor.room = "room-3"
    assert (await visitor.say("hello"))[0] == 200
    assert await room.count("room") == 5


async def test_new_people_come_only_so_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MAX_NEWCOMERS", 5)
    monkeypatch.setattr(routes, "NEWCOMER_SECONDS", 1_000.0)
    async with serving_room(tmp_path, token="") as room:
        for _ in range(5):
            assert await is_let_in(room.browser())
        async with room.browser(**{"Accept-Language": "es"}).get("/room/practice") as response:
            assert response.status == 429
            assert "demasiadas personas" in await response.text()
            assert int(response.headers["Retry-After"]) > 900
        assert await is_let_in(room.browsers[0])
        assert await room.count("visitor") == 5


LONG = "x" * 200_000


@pytest.mark.parametrize(
    ("what", "fields", "status"),
    [
        ("tap", {"recovery": "r", "card_revision": "1", "action": "choose:" + "x" * 1_000}, 400),
        ("tap", {"recovery": "r", "card_revision": "1", "action": "choose:" + LONG}, 413),
        ("tap", {"recovery": "r" * 500, "card_revision": "1", "action": "back"}, 400),
        ("fill", {"recovery": "r" * 500, "form": "note:facts", "text": "x"}, 400),
        ("fill", {"recovery": "r", "form": "note:" + LONG, "text": "x"}, 400),
        ("fill", {"recovery": "r", "form": "note:facts", "x" * 500: "x"}, 400),
        ("fill", {"recovery": "r", "form": "note:facts", **{f"f{n}": "" for n in range(200)}}, 400),
        ("say", {"as": "client", "text": LONG}, 422),
        ("say", {"as": "client", "text": "/trust-recover hours 9" + " " * 24_000 + "x"}, 422),
        ("say", {"as": LONG, "text": "x"}, 400),
        ("say", {"as": "client", "text": LONG * 2}, 413),
        ("share", {"has_external_users": LONG}, 413),
        ("me", {"name": "x" * 41, "timezone": "", "language": "en"}, 422),
        ("me", {"name": "", "timezone": "x" * 500, "language": "en"}, 400),
    ],
)
async def test_what_is_longer_than_any_page_sends_is_refused(
    visitor: Visitor, what: str, fields: dict[str, str], status: int
) -> None:
    assert (await visitor.post(what, **fields))[0] == status


async def test_an_event_id_that_is_too_long_is_refused(visitor: Visitor) -> None:
    assert (await visitor.post("share", event_id="x" * 81, has_external_users="on"))[0] == 400


async def test_a_name_closes_the_writing_direction_that_it_opens(visitor: Visitor) -> None:
    await visitor.post("me", name="\u202eeve", timezone="", language="en")
    assert "\u202eeve\u202c" in await visitor.enter()


async def test_what_is_posted_in_another_way_is_refused(room: Room, visitor: Visitor) -> None:
    for options in ({"json": {"text": "x"}}, {"data": aiohttp.FormData({"text": "x"}, default_to_multipart=True)}):
        headers = {"Origin": room.http.url}
        async with visitor.session.post(f"{room.http.url}/room/practice/say", headers=headers, **options) as response:
            assert response.status == 415
