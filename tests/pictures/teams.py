"""Teams' cards, dialogs and messages: the adapter's own, drawn by the page of the Agents Playground."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from aiohttp import web
from playwright.async_api import Browser, FloatRect, Locator, Page

from adapters.port import PrivateMessageOut
from adapters.teams.bot.invoke_responses import open_dialog
from adapters.teams.cards.dialogs import form_card, home_card, notice_card, panel_card
from adapters.teams.cards.guide_card import guide_card_json, notification_text
from adapters.teams.cards.markup import Json, split_post
from adapters.teams.cards.message import card_message, html_message
from adapters.teams.cards.words import say
from adapters.teams.delivery import private_message
from flows.screens import forms
from flows.screens.card import guide_card
from flows.screens.draft_panel import draft_panel
from flows.screens.inputs import Form
from flows.screens.panel import more_panel
from flows.screens.reminders import reminder_buttons
from flows.state.effects import SendPrivateMessage
from flows.state.identity import Person
from flows.state.summaries import SummaryVersion
from flows.wording.summaries.documents import summary_document
from tests.adapters.teams.payloads import CHANNEL as THREAD
from tests.adapters.teams.payloads import LINK
from tests.adapters.teams.playground.page import CHANNEL_CHAT, PERSONAL_CHAT, PlaygroundPage, screen
from tests.flows.recovery_driver import RecoveryDriver
from tests.peers.teams.playground import Playground, playground
from tests.peers.teams.team import PERSONAL
from tests.pictures import recovery as t
from tests.pictures.folder import PICTURES

MARGIN = 12
"""Pixels around what is shown."""
WIDE, NARROW = 600, 320
"""Pixels of a card in a chat on a screen and on a phone."""
TIMES = {"guide": "9:11 AM", "observer": "9:11 AM", "summary": "9:30 AM", "posted": "9:31 AM", "nudge": "2:00 PM"}
"""When each message stands there, by the clock of a reader in Madrid."""
FRAME = """
* { font-family: "Liberation Sans", Arial, sans-serif !important }
.fai-OutputCard { width: %dpx; max-width: none !important; box-sizing: border-box }
.fai-OutputCard div:has(> .ac-preview-panel), .ac-preview-panel { width: 100%%; max-width: none }
"""
"""Letters as Teams' own are not to be had here. The width: the page draws every card as a narrow one."""
ALONE = """time => {
    const leaves = [...document.querySelectorAll("span")].filter(one => !one.children.length);
    for (const leaf of leaves) {
        if (/^(\\d+\\/\\d+, )?\\d+:\\d+ [AP]M$/.test(leaf.innerText)) leaf.innerText = time;
        if (!/^(Full width control|Task module)/.test(leaf.innerText)) continue;
        let remark = leaf;
        while (remark.parentElement.innerText === leaf.innerText) remark = remark.parentElement;
        remark.style.visibility = "hidden";
    }
    for (const card of [...document.querySelectorAll(".fai-OutputCard")].slice(0, -1))
        card.parentElement.style.visibility = "hidden";
    document.activeElement.blur();
}"""
"""The last message of a chat alone, without what the page remarks on it, at a time of ours, and nothing in focus."""
DIALOG = """() => {
    document.getElementById("root").style.visibility = "hidden";
    for (const shade of document.querySelectorAll(".fui-DialogSurface__backdrop")) shade.style.background = "none";
    for (const leaf of document.querySelectorAll("[role=dialog] span"))
        if (leaf.innerText === "Your Message Extension App") leaf.innerText = "Trust Recover";
    document.activeElement.blur();
}"""
"""A dialog before nothing, by the app's name."""


@dataclass(slots=True)
class Stand:
    """A Teams with nobody behind it but us. `dialog`: what its menus open."""

    teams: Playground
    screen: PlaygroundPage
    dialog: Json = field(default_factory=dict)

    async def post(self, conversation: str, message: Json) -> None:
        path = f"/_connector/v3/conversations/{quote(conversation, safe='')}/activities"
        await self.teams.ask("POST", path, message)


async def taken(browser: Browser) -> None:
    """Take them, twice as fine as the screen of old, and cut to what is in them."""
    async with standing(browser) as at:
        page = at.screen.page
        await at.screen.go(PERSONAL_CHAT)
        for n, (name, message) in enumerate(messages().items()):
            width = NARROW if name.endswith("narrow") else WIDE
            await page.add_style_tag(content=FRAME % width)
            await at.post(PERSONAL, message)
            await in_chat(page, name, n)
        for name, dialog in dialogs().items():
            at.dialog = dialog
            await in_dialog(page, name)
        await at.screen.go(CHANNEL_CHAT)
        await at.screen.mention(" start Acme")
        [asked] = await at.teams.log.until(lambda entry: entry.to_bot and ";messageid=" in entry.conversation)
        for name, (text, message) in replies().items():
            await at.post(asked.conversation, message)
            await in_thread(page, name, text)


async def in_thread(page: Page, name: str, text: str) -> None:
    """A picture of the last reply, once it is the one with this text."""
    message = page.get_by_role("img", name="Trust Recover").last.locator("xpath=../..")
    await message.get_by_text(text).first.wait_for()
    card = message.locator(".ac-preview-panel")
    await page.evaluate(ALONE, time_of(name))
    await cut(page, name, message, card if await card.count() else message)


async def in_dialog(page: Page, name: str) -> None:
    """A picture of the dialog that a message's menu opens."""
    await page.get_by_role("button", name="Show more information").last.click()
    await page.get_by_role("menuitem", name="Action Command").click()
    await page.get_by_role("textbox", name="Command ID").fill("recoverHere")
    await page.get_by_role("button", name="Create").click()
    dialog = page.get_by_role("dialog").filter(has=page.locator(".ac-adaptiveCard"))
    await dialog.wait_for()
    await page.evaluate(DIALOG)
    await cut(page, name, dialog, dialog)
    await page.evaluate('document.getElementById("root").style.visibility = ""')
    await dialog.get_by_role("button", name="Close", exact=True).first.click()
    await dialog.wait_for(state="detached")


async def in_chat(page: Page, name: str, n: int) -> None:
    """A picture of the message with this number, the last one in the chat."""
    card = page.locator(".fai-OutputCard").nth(n)
    await card.wait_for()
    await page.evaluate(ALONE, time_of(name))
    await cut(page, name, card.locator("xpath=../.."), card)


async def cut(page: Page, name: str, whole: Locator, last: Locator) -> None:
    """The picture from the left and upper edge of one thing to the right and lower edge of another."""
    begin, end = await whole.bounding_box(), await last.bounding_box()
    assert begin
    assert end
    left, top = begin["x"] - MARGIN, begin["y"] - MARGIN
    right, bottom = end["x"] + end["width"] + MARGIN, end["y"] + end["height"] + MARGIN
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    await page.screenshot(path=PICTURES / f"teams-{name}.png", clip=clip)


def time_of(name: str) -> str:
    return TIMES.get(name.partition("-")[0], "9:02 AM")


def messages() -> Mapping[str, Json]:
    """What the chat with the app shows, by the picture's name."""
    facts, four, promised, ended = t.getting_facts(), t.giving_back(), t.promised(), t.ended()
    return {
        "note": card(facts),
        "guide": card(four),
        "guide-narrow": card(four),
        "observer": card(t.observed_recovery(), t.BEN),
        "summary": card(ended),
        "nudge": nudge(promised),
        "home": home(promised),
    }


def nudge(driver: RecoveryDriver) -> Json:
    """What comes before a promise is due, with its buttons."""
    text = t.nudged(driver)
    effect = next(one for one in driver.effects if isinstance(one, SendPrivateMessage) and one.is_nudge)
    buttons = reminder_buttons(driver.flow, driver.recovery, effect, driver.localizer)
    return private_message(PrivateMessageOut("k", THREAD, t.ANA, text, is_nudge=True, buttons=buttons, language="en"))


def home(driver: RecoveryDriver) -> Json:
    """A home, with links to the threads."""
    view = t.at_home(driver)
    links = {row.place: LINK for group in view.groups for row in group.rows if row.place}
    return card_message(home_card(view, "en", links), "Trust recovery")


def dialogs() -> Mapping[str, Json]:
    """What its dialogs show."""
    facts, four, ended = t.getting_facts(), t.giving_back(), t.ended()
    more = more_panel(four.flow, four.recovery, four.localizer)
    checked = t.words_checked()
    words = draft_panel(checked.recovery, checked.localizer)
    assert words
    return {
        "shortcut": form(facts, forms.start_form(facts.localizer, account="Acme", message=t.WROTE)),
        "more": opened_as(more.title, panel_card(more, "en")),
        "words": opened_as(words.title, panel_card(words, "en")),
        "edit": form(
            ended,
            forms.dialog_form(
                ended.flow, ended.recovery, f"summary:{SummaryVersion.CLIENT}", ended.localizer, ended.now
            ),
        ),
    }


def form(driver: RecoveryDriver, asked: Form | None) -> Json:
    assert asked
    return opened_as(asked.title, form_card(asked, "en", driver.recovery.id))


def opened_as(title: str, card: Json) -> Json:
    return open_dialog(title, card).body or {}


def replies() -> Mapping[str, tuple[str, Json]]:
    """What the app says in the thread; of each, a text in it."""
    ended = t.ended()
    (markup,) = split_post(summary_document(ended.flow, ended.recovery, SummaryVersion.CLIENT, ended.localizer))
    add = say("en", "add_app", name="Alex")
    return {
        "posted": ("Thank you for telling me", html_message(markup)),
        "add": (add, card_message(notice_card(add, "en", (say("en", "add"), LINK)), add)),
    }


def card(driver: RecoveryDriver, viewer: Person = t.ANA) -> Json:
    guide = guide_card(driver.flow, driver.recovery, viewer, driver.localizer, driver.now)
    return card_message(guide_card_json(guide, "en", THREAD, LINK), notification_text(guide))


@asynccontextmanager
async def standing(browser: Browser) -> AsyncIterator[Stand]:
    """The playground's page, wide and tall."""

    async def hear(request: web.Request) -> web.Response:
        return web.json_response(stand.dialog if (await request.json())["type"] == "invoke" else {})

    site = web.Application()
    site.router.add_post("/api/messages", hear)
    runner = web.AppRunner(site, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    try:
        async with playground(here) as teams, screen(browser, teams.url, fine=2, tall=2400) as shown:
            stand = Stand(teams, shown)
            yield stand
    finally:
        await runner.cleanup()
