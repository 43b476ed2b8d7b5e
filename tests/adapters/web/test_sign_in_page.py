"""Signing in and out, and coming by a link of another site, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, expect

from adapters.web.open_pages import MAX_PAGES
from tests.adapters.web.page_actions import at, say, start
from tests.adapters.web.page_checks import barriers
from tests.adapters.web.sign_in_harness import TOKEN
from tests.server_process import Server, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
"""They share a browser, which belongs to one event loop."""


@pytest_asyncio.fixture(loop_scope="session")
async def private_server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, TRUST_RECOVER_ACCESS_TOKEN=TOKEN) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    opened_context = await browser.new_context(viewport={"width": 1280, "height": 800})
    opened_context.set_default_timeout(60_000)
    yield opened_context
    await opened_context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def other_site() -> AsyncIterator[web.AppRunner]:
    """A page of another site, with a link to wherever its address says: 127.0.0.1 is not localhost."""

    async def page(request: web.Request) -> web.Response:
        link = f'<a href="{request.query["to"]}">The room</a>'
        return web.Response(text=link, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner
    await runner.cleanup()


async def by_link(page: Page, other_site: web.AppRunner, url: str) -> None:
    await page.goto(f"http://127.0.0.1:{other_site.addresses[0][1]}/?to={url}")
    await page.get_by_role("link", name="The room").click()
    await page.wait_for_selector("body[data-live=yes]")


async def sign_in(page: Page, url: str) -> None:
    await page.goto(url)
    await page.get_by_label("Access token").fill(TOKEN)
    await page.get_by_role("button", name="Enter").click()
    await page.wait_for_selector("body[data-live=yes]")


async def own_id(page: Page) -> str:
    return next(cookie["value"] for cookie in await page.context.cookies() if cookie["name"] == "trust_recover")


async def test_a_link_of_another_site_leads_to_the_room_as_oneself(
    server: Server, context: BrowserContext, other_site: web.AppRunner
) -> None:
    page = await context.new_page()
    await page.goto(f"{server.url}/room/practice")
    await page.wait_for_selector("body[data-live=yes]")
    await start(page)
    before = await own_id(page)
    await by_link(page, other_site, f"{server.url}/room/practice")
    await at(page, "1 of 8")
    assert await own_id(page) == before


async def test_a_cookie_of_an_earlier_release_that_a_link_does_not_send_is_kept(
    server: Server, context: BrowserContext, other_site: web.AppRunner
) -> None:
    page = await context.new_page()
    await page.goto(f"{server.url}/room/practice")
    await page.wait_for_selector("body[data-live=yes]")
    await start(page)
    before = await own_id(page)
    await context.add_cookies(
        [{"name": "trust_recover", "value": before, "url": server.url, "httpOnly": True, "sameSite": "Strict"}]
    )
    await by_link(page, other_site, f"{server.url}/room/practice")
    await at(page, "1 of 8")
    assert await own_id(page) == before


async def test_a_link_of_another_site_lets_a_newcomer_in(
    server: Server, context: BrowserContext, other_site: web.AppRunner
) -> None:
    page = await context.new_page()
    await by_link(page, other_site, f"{server.url}/room/practice")
    assert await own_id(page)


async def test_signing_out_closes_every_page_of_the_browser(private_server: Server, context: BrowserContext) -> None:
    page, other_page = await context.new_page(), await context.new_page()
    await sign_in(page, f"{private_server.url}/room/acme")
    assert page.url == f"{private_server.url}/room/acme"
    await other_page.goto(f"{private_server.url}/room/acme")
    await other_page.wait_for_selector("body[data-live=yes]")
    await start(page)
    await page.fill("#message", "a draft that nobody else shall see")
    await page.locator("#me").click()
    page.once("dialog", lambda question: question.accept())
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("status")).to_have_text("You are signed out.")
    assert await barriers(page) == []
    await other_page.wait_for_url("**/login?room=acme")
    assert await page.evaluate("sessionStorage.length") == 0
    await page.go_back()
    await expect(page.get_by_label("Access token")).to_be_visible()
    await sign_in(page, f"{private_server.url}/room/acme")
    await expect(page.locator("article.card")).to_have_count(0)


async def test_who_does_not_mean_it_stays_signed_in(private_server: Server, context: BrowserContext) -> None:
    page = await context.new_page()
    await sign_in(page, private_server.url)
    await page.locator("#me").click()
    page.once("dialog", lambda question: question.dismiss())
    await page.get_by_role("button", name="Sign out").click()
    await page.keyboard.press("Escape")
    await say(page, "still here")
    await expect(page.locator("#thread li")).to_have_count(1)


@pytest.mark.parametrize(
    ("locale", "wrong", "many"), [("en-US", "not the token", "too many"), ("es-ES", "no es la", "demasiadas")]
)
async def test_who_guesses_is_told_to_wait(
    private_server: Server, browser: Browser, locale: str, wrong: str, many: str
) -> None:
    page = await browser.new_page(locale=locale, color_scheme="dark", reduced_motion="reduce")
    await page.goto(f"{private_server.url}/room/practice")
    assert await barriers(page) == []
    for _ in range(12):
        await page.locator("#token").fill("a wrong token")
        await page.locator("button[type=submit]").click()
        await page.locator("[role=alert]").wait_for()
        if many in await page.locator("[role=alert]").inner_text():
            break
        await expect(page.locator("[role=alert]")).to_contain_text(wrong)
    await expect(page.locator("[role=alert]")).to_contain_text(many)
    assert await barriers(page) == []
    await page.close()


async def test_a_page_too_many_says_so(server: Server, context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto(f"{server.url}/room/practice")
    await page.wait_for_selector("body[data-live=yes]")
    url = server.url.replace("http", "ws")
    await page.evaluate(
        """([url, count]) => Promise.all(Array.from({length: count}, () => new Promise((resolve) => {
             const socket = new WebSocket(url);
             socket.onmessage = resolve;
             window.sockets = [...(window.sockets || []), socket];
           })))""",
        [f"{url}/room/practice/live", MAX_PAGES - 1],
    )
    one_too_many = await context.new_page()
    await one_too_many.goto(f"{server.url}/room/practice")
    await expect(one_too_many.locator("#status")).to_contain_text("too many pages open")
    await page.close()
    await one_too_many.wait_for_selector("body[data-live=yes]")
    await expect(one_too_many.locator("#status")).to_have_text("")
