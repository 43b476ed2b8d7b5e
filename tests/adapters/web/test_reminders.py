"""A reminder in the room: its words and its buttons are in view, whatever the screen."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import text

from adapters.port import PrivateMessageOut
from adapters.web.delivery import WebPlatform
from adapters.web.rooms import Rooms
from flows.screens.elements import Button
from flows.state.identity import Person, Place
from tests.adapters.web.page_actions import at, say, start
from tests.adapters.web.page_checks import LOW, PHONE, barriers
from tests.adapters.web.sign_in_harness import serving_room

LABELS = ("Done", "Move", "Remind me in 15 min", "Open guide")
WORDS = "Acme: due within an hour: send the corrected report of last month (Ana)"


@pytest.mark.asyncio(loop_scope="session")
async def test_a_reminder_is_read_and_answered_on_any_screen(tmp_path: Path, browser: Browser) -> None:
    async with serving_room(tmp_path, token="") as room:
        page = await browser.new_page()
        await page.goto(f"{room.http.url}/room/practice")
        await page.wait_for_selector("body[data-live=yes]")
        await start(page)
        recovery, responder = await room.parts.database.run(
            lambda tx: tx.execute(text("SELECT id, responder FROM recovery")).one()
        )
        place, to = Place("web", "practice", "practice"), Person("web", "practice", responder)
        buttons = tuple(Button(label, label) for label in LABELS)
        message = PrivateMessageOut("n1", place, to, WORDS, is_nudge=True, buttons=buttons, recovery_id=recovery)
        await WebPlatform(Rooms(room.parts.database)).deliver(message)
        await say(page, "/trust-recover stop")  # there is least room where a summary is in view
        await at(page, "Summary")
        await page.reload()
        reminder = page.get_by_role("log", name="Private messages").get_by_role("listitem")
        await expect(reminder.get_by_role("button")).to_have_text(list(LABELS))
        for width, height in (PHONE, LOW):
            await page.set_viewport_size({"width": width, "height": height})
            box = await reminder.locator(".text").bounding_box()
            assert box
            assert box["width"] > 150, width
            for part in (reminder.locator(".text"), reminder.get_by_role("button", name="Open guide")):
                await expect(part).to_be_in_viewport(ratio=0.99)
        assert await barriers(page) == []
        await page.close()
