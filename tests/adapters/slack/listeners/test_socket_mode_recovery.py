"""A recovery over Socket Mode: connections come and go, and nothing is lost or done twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import tables as t
from tests.adapters.slack.harness import SlackHarness, again, slack_harness
from tests.peers.slack import events
from tests.peers.slack.sockets import Sockets

APP_TOKEN = "xapp-1-A0TRUSTRECOVER-123-made-up-for-these-tests"


@pytest.fixture
async def on_sockets(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    url = f"sqlite:///{tmp_path}/room.db"
    async with slack_harness(url, slack_signing_secret=None, slack_app_token=APP_TOKEN) as at:
        at.sender().sockets = at.shim.sockets
        await connected(at.shim.sockets, 1)
        yield at


async def connected(sockets: Sockets, count: int) -> None:
    """So many connections were opened so far."""
    await sockets.open.until(lambda _: True, count)


async def test_a_recovery_goes_from_the_command_to_the_thread(on_sockets: SlackHarness) -> None:
    dana = on_sockets.user("dana")
    message = await dana.ready_to_post()
    await dana.tap("Post internal version", "Acme (internal)")
    assert len(await dana.thread("acct-acme", message["ts"])) == 1


async def test_a_form_is_answered_down_the_same_connection(on_sockets: SlackHarness) -> None:
    dana = on_sockets.user("dana")
    await dana.begin()
    await dana.tap("I am ready", "1 of 8")
    form = await dana.open("Add…", "2 of 8")
    again(form, await dana.submit(form, {"What happened": "It was late."}))
    await dana.guide("2 of 8", "It was late.")


@pytest.mark.parametrize("farewell", [True, False], ids=["refreshed", "lost"])
async def test_a_recovery_goes_on_over_a_new_connection(on_sockets: SlackHarness, *, farewell: bool) -> None:
    dana, sockets = on_sockets.user("dana"), on_sockets.shim.sockets
    await dana.begin()
    await sockets.end(farewell=farewell)
    await connected(sockets, 2)
    await dana.tap("I am ready", "1 of 8")
    await sockets.end(farewell=farewell)
    await connected(sockets, 3)
    await dana.fill("Add…", {"What happened": "It was late."}, "2 of 8")
    await dana.guide("2 of 8", "It was late.")
    assert [row["text"] for row in await on_sockets.rows(t.entry)] == ["It was late."]


async def test_a_command_that_comes_again_starts_one_recovery(on_sockets: SlackHarness) -> None:
    dana, sockets = on_sockets.user("dana"), on_sockets.shim.sockets
    first = await dana.type("Acme")
    await sockets.end(farewell=False)
    await connected(sockets, 2)
    second = await dana.sender.post(first.payload, first.payload, retry=1)
    assert second.json == first.json
    await dana.guide("1 of 8")
    assert len(await on_sockets.rows(t.recovery)) == 1


async def test_an_event_that_comes_again_is_heard_once(on_sockets: SlackHarness) -> None:
    dana, sockets = on_sockets.user("dana"), on_sockets.shim.sockets
    message = await dana.begin_in_thread()
    before = len(await on_sockets.rows(t.event))
    wrote = events.message(message["channel"], dana.id, "Hello", thread_ts=message["ts"])
    await dana.sender.event(wrote, event_id="Ev0LOST")
    await sockets.end(farewell=False)
    await connected(sockets, 2)
    await dana.sender.event(wrote, event_id="Ev0LOST", retry=1)
    assert len(await on_sockets.rows(t.event)) == before + 1
