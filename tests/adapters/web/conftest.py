"""Pages of the real room in a real browser: one browser for all tests, and for each a server and windows of its own."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser import launched
from tests.server_process import Server, serving

expect.set_options(timeout=60_000)  # a loaded machine is slow, not wrong

Open = Callable[..., Coroutine[Any, Any, Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await launched(playwright)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, server: Server) -> AsyncIterator[Open]:
    """Opens the room as one more visitor. A fault on any page fails the test."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_room(room: str = "practice", **options: Any) -> Page:  # noqa: ANN401 - Playwright's own options
        context = await browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: _note(faults, message.type, message.text))
        page.on("request", lambda request: _stays(faults, request.url, server.url))
        await page.goto(f"{server.url}/room/{room}")
        await page.wait_for_selector("body[data-live=yes]")
        return page

    yield open_room
    for context in contexts:
        await context.close()
    assert not faults


def _note(faults: list[str], kind: str, text: str) -> None:
    expected = "status of 422" in text or "status of 503" in text or "ERR_CONNECTION" in text or "WebSocket" in text
    if kind in {"error", "warning"} and not expected:
        faults.append(text)


def _stays(faults: list[str], url: str, home: str) -> None:
    if not url.startswith((home, home.replace("http", "ws"), "data:")):
        faults.append(f"asked another host: {url}")
