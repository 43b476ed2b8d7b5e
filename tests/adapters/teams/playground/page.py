"""The playground's page, as somebody uses it who sees nothing else: reads, types, taps."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, Locator, Page, Route, ViewportSize, WebSocket, expect

from tests.adapters.teams.card_client import Given
from tests.peers.slack.waiting import Arrivals
from tests.peers.teams.team import BOT_NAME, CHANNEL_NAME, TEAM_NAME

PATIENCE = 60_000
WIDE = 1500
"""Narrower, the page hides the list of chats."""
_EXPECTED = ("Failed to load resource", "cdn.harness.net", "cdn.office.net")
"""The page asks other hosts for fonts and animations, which is not let through. How soon it complains differs."""
_DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(slots=True)
class PlaygroundPage:
    """Alex's Teams. `faults`: what went wrong in the page itself. `frames`: what it was told."""

    page: Page
    faults: list[str] = field(default_factory=list)
    frames: Arrivals[str] = field(default_factory=Arrivals)

    async def go(self, chat: str) -> None:
        """Open a chat or a channel."""
        await self.page.get_by_role("treeitem", name=chat, exact=True).click()

    async def mention(self, text: str) -> None:
        """Begin a post in the channel that calls the app by its name."""
        await self.page.get_by_role("textbox").first.click()
        await self.page.keyboard.type(f"@{BOT_NAME[:2]}")
        await self.page.get_by_role("menuitem", name=BOT_NAME).click()
        await self.page.keyboard.type(text)
        await self.page.get_by_role("button", name="Post", exact=True).click()

    def card(self) -> Locator:
        """The last card in the chat."""
        return self.page.locator(".ac-preview-panel").last

    async def sees(self, *texts: str) -> None:
        """The last card shows all of these texts."""
        for text in texts:
            await expect(self.card()).to_contain_text(text)

    async def fill(self, answers: Mapping[str, Given]) -> None:
        """Fill in the card's inputs by label."""
        for label, value in answers.items():
            named = re.compile(rf"^{re.escape(label)}")
            card, words = self.card(), str(value)
            box = card.get_by_role("textbox", name=named).or_(card.get_by_role("combobox", name=named))
            one = box.or_(card.get_by_role("radio", name=words, exact=True)).first
            await one.click()
            match await one.get_attribute("role") or await one.get_attribute("type"):
                case "combobox":
                    await self.page.get_by_role("option", name=words, exact=True).click()
                case "radio":
                    pass
                case _:  # keys, for the page does not notice a value that is set; they replace what is there
                    await self.page.keyboard.press("ControlOrMeta+A")
                    await self.page.keyboard.type(words)

    async def press(self, label: str) -> None:
        """Tap a button that changes nothing yet: it opens something, or asks back."""
        await self.card().get_by_role("button", name=label, exact=True).click()

    async def tap(self, label: str, answers: Mapping[str, Given] | None = None, *, see: str) -> None:
        """Fill in the card, tap one of its buttons and see what the card shows then.

        Returns when the card was brought as well as answered: that draws it once more, and empties its inputs.
        """
        await self.fill(answers or {})
        before = len([frame for frame in self.frames if _updates(frame)])
        await self.press(label)
        await self.sees(see)
        await self.frames.until(_updates, before + 1)
        await self.page.evaluate(_DRAWN)


CHANNEL_CHAT = f"{TEAM_NAME} - {CHANNEL_NAME}"
PERSONAL_CHAT = "Personal Chat"


def _updates(frame: str) -> bool:
    """Whether a message is changed in its place."""
    return '"updateMessage"' in frame


@asynccontextmanager
async def screen(browser: Browser, url: str, *, tall: int = 1100, fine: int = 1) -> AsyncIterator[PlaygroundPage]:
    """The page, opened; `tall` pixels, and `fine` times as many. What was said before it was opened is not shown."""
    size: ViewportSize = {"width": WIDE, "height": tall}
    page = await browser.new_page(viewport=size, device_scale_factor=fine, color_scheme="light")
    page.set_default_timeout(PATIENCE)
    playground_page = PlaygroundPage(page)

    async def stays(route: Route) -> None:
        if route.request.url.startswith(url):
            await route.continue_()
        else:
            await route.abort()

    def note(kind: str, text: str) -> None:
        if kind == "error" and not any(known in text for known in _EXPECTED):
            playground_page.faults.append(text)

    def hear(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: playground_page.frames.add(str(frame)))

    page.on("websocket", hear)
    page.on("pageerror", lambda error: playground_page.faults.append(str(error)))
    page.on("console", lambda message: note(message.type, message.text))
    await page.route("**/*", stays)
    await page.goto(url)
    await page.get_by_role("treeitem", name=PERSONAL_CHAT).wait_for()
    try:
        yield playground_page
    finally:
        await page.close()
