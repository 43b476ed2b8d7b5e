"""The whole of it as Alex sees it, in a browser: typed, tapped and read on the page of the playground."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from adapters.teams import delivery
from tests.adapters.teams.playground.harness import playground_harness
from tests.adapters.teams.playground.page import CHANNEL_CHAT, PATIENCE, PERSONAL_CHAT, screen
from tests.browser import launched

expect.set_options(timeout=PATIENCE)


async def test_alex_types_a_mention_taps_through_all_steps_and_reads_the_summary_in_the_thread(
    trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "REST_SECONDS", 0.0)  # the playground takes any number of messages
    async with playground_harness(trusted) as at, async_playwright() as playwright:
        browser = await launched(playwright)
        async with screen(browser, at.teams.url) as alex:
            await alex.go(CHANNEL_CHAT)
            await alex.mention(" start Acme")
            await at.teams.page.until(lambda entry: "is open. Only you can see it" in entry.text)
            await alex.go(PERSONAL_CHAT)
            await alex.sees("1 of 8", "Breathe.")
            await alex.tap("Add", {"Contact": "Megan"}, see="Noted (1)")
            await alex.press("Noted (1) ▾")
            await alex.sees("Megan")
            await alex.tap("I am ready", see="2 of 8")
            fact = "the *export* was <b>empty"
            await alex.tap("Add", {"What happened": fact}, see="Noted (1)")
            await alex.press("Noted (1) ▾")
            await alex.sees(fact)
            await alex.tap("All said", see="3 of 8")
            await alex.press("…")
            await alex.tap(
                "Add",
                {"Feeling: in your own words": "ignored", "How strong it is": "very"},
                see="It sounds like you felt ignored.",
            )
            await alex.tap("They confirmed", see="4 of 8")
            await alex.sees("and you felt ignored.")
            await alex.tap("They said yes", see="5 of 8")
            await alex.tap("No, nothing", see="6 of 8")
            # Not sent with “Add”: a tap takes what was typed along.
            await alex.tap("Agreed", {"The problem": "Exports fail *silently*"}, see="7 of 8")
            await alex.tap("Took it in", {"Our part": "I did not call back"}, see="8 of 8")
            promise = {"Who": "Alex", "Does what": "send a checked export", "or type it": "2099-11-24T10:00"}
            await alex.tap("Add", promise, see="send a checked export")
            await alex.tap("Agreed", see="Wrap-up")
            await alex.tap("See the summary", see="Check the summary. Then post it.")
            await alex.sees(
                "exports fail *silently*",
                "Alex will send a checked export",
                "It will be posted in the thread in the channel.",
            )
            await alex.press("Post client version")
            await alex.sees("People outside your company can read this thread.")
            await alex.tap("Yes: Post client version", see="Posted. Now keep what you promised.")
            await alex.go(CHANNEL_CHAT)
            thread = alex.page.locator("body")
            await expect(thread).to_contain_text("Hello")
            await expect(thread).to_contain_text("exports fail *silently*")
            await expect(thread).not_to_contain_text("ignored")
            assert not alex.faults
        await browser.close()
