"""Reminders that come by themselves can be answered where they stand; guide and thread are one tap away."""

from collections.abc import AsyncIterator
from math import inf
from pathlib import Path

import pytest

from adapters.slack.blocks.elements import ANY_REVISION, SlackButtonCodec
from adapters.slack.blocks.messages import private_message_blocks
from bot.storage import tables as t
from flows.screens.elements import Button, ButtonKind
from tests.adapters.parity.slack_driver import SlackDriver, in_slack
from tests.adapters.slack.harness import SlackUser, labels, words_of
from tests.conftest import SetClock
from tests.peers.slack.faults import ErrorReply
from tests.peers.slack.forms import elements
from tests.peers.slack.team import Json

FRIDAY_TEN = 1_800_007_200.0
HOUR = 3600


@pytest.fixture
async def driver(tmp_path: Path) -> AsyncIterator[SlackDriver]:
    async with in_slack(tmp_path, SetClock(FRIDAY_TEN), "dana", "kim") as driver:
        yield driver


async def reminded(driver: SlackDriver) -> tuple[SlackUser, Json]:
    """Somebody promised something, and it is due within the hour; the reminder as it stands in their chat."""
    dana = driver.seats["dana"].user
    await dana.begin()
    await dana.more("8 Handle the problem", "1 of 8")
    form = await dana.open("Add…", "8 of 8")
    await dana.submit(form, {"Does what": "send the export", "By when: from a calendar": int(FRIDAY_TEN) + HOUR + 1200})
    await dana.guide("8 of 8", "send the export")
    (recovery,), (entry,) = await driver.at.rows(t.recovery), await driver.at.rows(t.entry)
    buttons = (
        Button("Done", f"kept:{entry['id']}"),
        Button("Move", f"open:edit:{entry['id']}", ButtonKind.OPENS_DIALOG),
        Button("Open guide", "guide", ButtonKind.OPENS_GUIDE),
    )
    link = {(recovery["id"], "guide"): "https://northwind.slack.com/archives/D1/p1"}
    codec = SlackButtonCodec(recovery["id"], ANY_REVISION, "en", link)
    guide = await dana.guide("8 of 8")
    blocks = private_message_blocks("Due within an hour.", dana.id, buttons, codec)
    message = {"ts": guide["ts"], "channel": guide["channel"], "text": "Due", "blocks": blocks}
    return dana, message


async def test_a_reminder_is_marked_done_where_it_stands_and_then_has_no_buttons(driver: SlackDriver) -> None:
    dana, reminder = await reminded(driver)
    assert (await dana.sender.press("dana", reminder, "Done")).status == 200
    assert [row["state"] for row in await driver.at.rows(t.entry)] == ["kept"]
    await dana.shim.wait_for(
        "chat.update",
        1,
        lambda call: labels(call.arguments) == [] and "You tapped “Done”." in words_of(call.arguments["blocks"]),
    )


async def test_done_counts_though_slack_does_not_take_the_buttons_away(driver: SlackDriver) -> None:
    dana, reminder = await reminded(driver)
    dana.shim.fail("chat.update", ErrorReply("cant_update_message"), inf)
    assert (await dana.sender.press("dana", reminder, "Done")).status == 200
    assert [row["state"] for row in await driver.at.rows(t.entry)] == ["kept"]


async def test_home_leads_to_guide_and_thread(driver: SlackDriver) -> None:
    dana = driver.seats["dana"].user
    message = await dana.begin_in_thread()
    guide = await dana.guide("1 of 8")
    home = await dana.home("Acme")
    links = {e["text"]["text"]: e["url"] for _, e in elements(home["blocks"]) if "url" in e}
    assert links["Open guide"].endswith(f"{guide['channel']}/p{guide['ts'].replace('.', '')}")
    assert links["Thread"].endswith(f"{message['channel']}/p{message['ts'].replace('.', '')}")
    assert labels(home)[:3] == ["Open guide", "Thread", "More"]


async def test_home_comes_without_links_where_slack_tells_no_address(driver: SlackDriver) -> None:
    driver.at.shim.fail("chat.getPermalink", ErrorReply("missing_scope"), inf)
    dana = driver.seats["dana"].user
    await dana.begin_in_thread()
    assert labels(await dana.home("Acme"))[0] == "More"
