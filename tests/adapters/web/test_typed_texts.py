"""What people type in the practice room: a command is one however it is typed, and is never posted in the thread."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.web.sign_in_harness import Room, serving_room
from tests.server_process import Visitor


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with serving_room(tmp_path, token="") as running:
        yield running


@pytest.fixture
async def visitor(room: Room) -> Visitor:
    return await room.visitor()


async def test_a_command_is_known_however_it_is_typed_and_posted_nowhere(room: Room, visitor: Visitor) -> None:
    for text in (
        "/trust-recover\tstatus",
        "/Trust-Recover\u00a0status.",
        "\u200b/trust-recover “status”",
        "／trust-recover status",
    ):
        _, reply = await visitor.say(text)
        assert "You lead no recovery here." in str(reply), text
    assert await room.count("room_item WHERE kind = 'message'") == 0
    await visitor.say("/trust-recover start “Acme”.\nHe is furious.")
    assert await room.count("recovery WHERE account = 'Acme'") == 1


@pytest.mark.parametrize("text", ["status Acme", "hours nine to five", "stop now", "sttaus Acme", "hours 25-99"])
async def test_what_is_not_understood_begins_nothing_and_stays_in_its_input(
    room: Room, visitor: Visitor, text: str
) -> None:
    _, reply = await visitor.say(f"/trust-recover {text}")
    assert f"/trust-recover start {text}" in str(reply)
    assert await room.count("recovery") == 0


async def test_a_command_has_a_limit_too(room: Room, visitor: Visitor) -> None:
    for text, limit in (
        ("/trust-recover hours 9" + " " * 24_000 + "x", "4,000"),
        ("/trust-recover " + "x" * 2_000, "1,000"),
    ):
        status, reply = await visitor.say(text)
        assert (status, limit in str(reply)) == (422, True)
    assert await room.count("recovery") == 0


async def test_a_name_leaves_no_direction_open(room: Room, visitor: Visitor) -> None:
    await visitor.post("me", name="Ana\u202e\u0007", timezone="W. Europe Standard Time", language="en")
    page = await visitor.enter()
    assert "Ana\u202e\u202c" in page
    assert "\u0007" not in page
    assert await room.count("visitor WHERE timezone = 'Europe/Berlin'") == 1


@pytest.mark.parametrize(
    "text",
    [
        "start Acme",
        "trust-recover Acme",
        "/Trust-Recover Acme",
        "/trust-recover\u00a0Acme",
        "Trust\u2011Recover start Acme",
        "/ trust-recover Acme",
        "/trust recover Acme",
        "/start Acme",
    ],
)
async def test_a_start_is_one_however_it_is_written(room: Room, visitor: Visitor, text: str) -> None:
    await visitor.say(text)
    assert await room.count("recovery WHERE account = 'Acme'") == 1
    assert await room.count("room_item WHERE kind = 'message'") == 0


@pytest.mark.parametrize("text", ["start over", "Start?", "I trust Acme", "start with the facts", "Stop", "Help"])
async def test_what_people_say_is_no_command(room: Room, visitor: Visitor, text: str) -> None:
    await visitor.say(text)
    assert await room.count("room_item WHERE kind = 'message'") == 1
    assert await room.count("recovery") == 0
