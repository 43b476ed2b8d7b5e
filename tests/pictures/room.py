"""The practice room, taken of the real page."""

import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.adapters.web.page_actions import NEXT_WORKING_DAY, at, choose, more, note, noted, say, start, tap
from tests.pictures.folder import PICTURES
from tests.pictures.recovery import DRAFT
from tests.server_process import serving


async def taken(browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder)) as server:
            await wide(browser, server.url)
            await narrow(browser, server.url)
            await words(browser, server.url)


async def wide(browser: Browser, url: str) -> None:
    page = await browser.new_page(
        viewport={"width": 1280, "height": 800}, color_scheme="light", timezone_id="Europe/Madrid"
    )
    await opened(page, f"{url}/room/acme")
    await say(page, "Four days. FOUR. Our board opened the export on Monday and it was empty.", "client")
    await start(page)
    await say(page, "I am here, and I am listening. What happened?")
    await say(page, "Nobody called us back. We looked like fools.", "client")
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    for fact in ("our board opened an empty export on Monday", "nobody called us back"):
        await note(page, text=fact)
        await noted(page, fact)
    await tap(page, "All said")
    await at(page, "3 of 8")
    await choose(page, "ignored")
    await tap(page, "They confirmed")
    await at(page, "4 of 8")
    await settled(page)
    await page.screenshot(path=PICTURES / "practice-room.png")
    await tap(page, "They said yes")
    await at(page, "5 of 8")
    await tap(page, "No, nothing")
    await at(page, "6 of 8")
    await note(page, text="exports went out that nobody had checked")
    await noted(page, "exports went out")
    await tap(page, "Agreed")
    await at(page, "7 of 8")
    await note(page, text="I did not call you back")
    await noted(page, "I did not call you back")
    await tap(page, "Took it in")
    await at(page, "8 of 8")
    await note(page, when="in 2 days", what="send a fixed export")
    await noted(page, "send a fixed export")
    await choose(page, NEXT_WORKING_DAY)
    await tap(page, "Agreed")
    await at(page, "Wrap-up")
    await tap(page, "See the summary")
    await expect(page.locator("[data-instruction]")).to_have_text("Check the summary. Then post it.")
    await settled(page)
    await page.screenshot(path=PICTURES / "summary.png")


async def words(browser: Browser, url: str) -> None:
    """One's own words with a hint, on a phone."""
    page = await browser.new_page(viewport={"width": 390, "height": 700}, color_scheme="light")
    await opened(page, f"{url}/room/caldera")
    await page.locator("#start-client").fill("Caldera")
    await page.locator("#start-client").press("Enter")
    await at(page, "1 of 8")
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    await note(page, text="nobody called us back")
    await noted(page, "nobody called us back")
    await more(page, "Check my words")
    await page.get_by_role("dialog").get_by_role("textbox").fill(DRAFT)
    await page.get_by_role("dialog").get_by_role("button", name="Check", exact=True).click()
    await page.get_by_role("button", name="Use this").wait_for()
    await settled(page)
    await page.screenshot(path=PICTURES / "words.png")


async def narrow(browser: Browser, url: str) -> None:
    page = await browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    await opened(page, f"{url}/room/borg")
    await page.locator("#start-client").fill("Borg")
    await page.locator("#start-client").press("Enter")
    await at(page, "1 of 8")
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    await settled(page)
    await page.screenshot(path=PICTURES / "narrow-dark.png")


async def opened(page: Page, url: str) -> None:
    await page.goto(url)
    await page.wait_for_selector("body[data-live=yes]")


async def settled(page: Page) -> None:
    """No toast and no focus ring in the picture."""
    await page.evaluate("document.activeElement.blur(); document.getElementById('toast').hidden = true")
