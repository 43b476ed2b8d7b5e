"""Installing the app as an administrator does: in a browser, over Slack's page of consent."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from adapters.slack.directory import tables
from adapters.slack.install.oauth import COOKIE
from tests.adapters.slack.harness import SlackHarness, listening_socket, slack_harness
from tests.browser import launched
from tests.peers.slack.team import App

PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Browser:
    """An administrator's browser."""

    context: BrowserContext
    page: Page
    url: str
    pictures: Path

    async def at_consent(self) -> None:
        """Begin, until Slack asks who one is."""
        await self.page.goto(f"{self.url}/slack/install")
        await self.page.get_by_role("link", name="Add to Slack").click()
        await expect(self.page).to_have_url(re.compile("/oauth/v2/authorize"))

    async def install(self) -> str:
        """Consent as Dana; the address that Slack sent the browser back to."""
        await self.at_consent()
        await self.page.get_by_role("button", name="dana").click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text("Trust Recover is installed")
        await expect(self.page.get_by_text("Northwind")).to_be_visible()
        return self.page.url

    async def too_wide(self, name: str) -> list[str]:
        """At which widths the page has to be scrolled sideways; a picture of each is kept."""
        result = []
        for width in (1000, 360):
            await self.page.set_viewport_size({"width": width, "height": 800})
            await self.page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
            if await self.page.evaluate("document.documentElement.scrollWidth") > width:
                result.append(f"{name} at {width}")
        return result


@pytest.fixture
async def new(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """The product, installed nowhere yet, at the address that Slack knows."""
    listener = listening_socket()
    address = f"http://localhost:{listener.getsockname()[1]}"
    app = App(signing_secret="0123456789abcdef" * 2, redirect_uri=f"{address}/slack/oauth_redirect")
    async with slack_harness(f"sqlite:///{tmp_path}/room.db", app=app, listener=listener, installed=False) as at:
        yield at


@pytest.fixture
async def browser(new: SlackHarness, tmp_path: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await launched(playwright)
        context = await running.new_context(viewport={"width": 1000, "height": 800})
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
        yield Browser(context, page, new.url.replace("127.0.0.1", "localhost"), tmp_path)
        await running.close()
        assert not faults


async def test_it_is_installed_and_answers_there(new: SlackHarness, browser: Browser) -> None:
    await browser.install()
    (row,) = await new.rows(tables.installation)
    assert (row["workspace"], row["name"]) == ("T0NORTHWIND", "Northwind")
    assert "xoxb" not in row["bot_token"]
    await new.user("dana").begin()


async def test_the_same_way_back_works_once(new: SlackHarness, browser: Browser) -> None:
    back = await browser.install()
    answer = await browser.page.goto(back)
    assert answer is not None
    assert answer.status == 400
    assert len(new.shim.of("oauth.v2.access")) == 1


async def test_another_browser_cannot_finish_what_this_one_began(new: SlackHarness, browser: Browser) -> None:
    await browser.at_consent()
    await browser.context.clear_cookies(name=COOKIE)
    await browser.page.get_by_role("button", name="dana").click()
    await expect(browser.page).to_have_url(re.compile("/slack/oauth_redirect"))
    await expect(browser.page.get_by_role("heading", level=1)).to_have_text(
        "The installation was started in another browser"
    )
    assert await new.rows(tables.installation) == []
    assert new.shim.of("oauth.v2.access") == []


async def test_the_pages_fit_a_window_of_any_width(browser: Browser) -> None:
    page = browser.page
    await page.goto(f"{browser.url}/slack/install")
    too_wide = await browser.too_wide("install")
    back = await browser.install()
    too_wide += await browser.too_wide("installed")
    await page.goto(back)
    too_wide += await browser.too_wide("refused")
    assert too_wide == []
