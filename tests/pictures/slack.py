"""Slack's messages, modals and home tab: the adapter's own blocks, drawn by a library, in a frame of ours."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

from babel.dates import format_timedelta
from playwright.async_api import Browser

from adapters.slack.blocks.card import card_blocks
from adapters.slack.blocks.elements import ANY_REVISION, SlackButtonCodec
from adapters.slack.blocks.home import home_view
from adapters.slack.blocks.messages import post_blocks, private_message_blocks
from adapters.slack.blocks.modals import form_view, panel_view
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.directory.installations import Installation
from adapters.slack.listeners.context import SlackContext, private_response
from flows.screens import forms
from flows.screens.card import guide_card
from flows.screens.draft_panel import draft_panel
from flows.screens.elements import Panel
from flows.screens.inputs import Form
from flows.screens.panel import more_panel
from flows.screens.reminders import reminder_buttons
from flows.state.effects import SendPrivateMessage
from flows.state.identity import Person
from flows.state.summaries import SummaryVersion
from flows.wording.summaries.documents import summary_document
from tests.flows.recovery_driver import RecoveryDriver
from tests.peers.slack.render import Payload, pages
from tests.pictures import recovery as t
from tests.pictures.folder import PICTURES

LINK = "https://northwind.slack.com/archives/D0ANA/p1799999000000100"
"""Where the guides and the threads are; nobody taps on a picture."""
MARGIN = 12
"""Pixels around what is shown."""
TIME = "at this time"
TIMES = {
    "command": "9:00 AM",
    "guide": "9:11 AM",
    "observer": "9:11 AM",
    "summary": "9:30 AM",
    "posted": "9:31 AM",
    "nudge": "2:00 PM",
}
"""When each message stands there, by the clock of a reader in Madrid."""
_COUNTED_TIME = re.compile(r"<!date\^(\d+)\^([^|>]*)\|[^>]*>")
_CLOCK_COLON = re.compile(r"(?<=\d):(?=\d\d)")
RATIO_SIGN = "\u2236"
"""Looks like a colon: between two colons the library looks for an emoji, also between those of two times of day."""


async def taken(browser: Browser) -> None:
    """Take them, twice as fine as the screen of old, and cut to what is in them."""
    cards = payloads()
    page = await browser.new_page(viewport={"width": 680, "height": 600}, device_scale_factor=2, color_scheme="light")
    pictures = pages([_with_clock_times(card) for card in cards.values()], t.USERS, t.CHANNELS, TIME)
    for name, html in zip(cards, pictures, strict=True):
        await page.set_content(html.replace(TIME, TIMES.get(name, "9:02 AM")))
        box = await page.locator("main").bounding_box()
        assert box
        await page.screenshot(
            path=PICTURES / f"slack-{name}.png",
            full_page=True,
            clip={
                "x": box["x"] - MARGIN,
                "y": box["y"] - MARGIN,
                "width": box["width"] + 2 * MARGIN,
                "height": box["height"] + 2 * MARGIN,
            },
        )


def payloads() -> Mapping[str, Payload]:
    """What Slack is sent, by the picture's name."""
    facts, four, promised, ended = t.getting_facts(), t.giving_back(), t.promised(), t.ended()
    (post,) = post_blocks(summary_document(ended.flow, ended.recovery, SummaryVersion.CLIENT, ended.localizer))
    return {
        "command": answer_to_command(four),
        "guide": card(four),
        "note": form(facts, forms.note_form(facts.flow, facts.recovery, "facts", facts.localizer, facts.now)),
        "more": panel_view(more_panel(four.flow, four.recovery, four.localizer), "en", seal),
        "words": panel_view(words_panel(), "en", seal),
        "summary": card(ended),
        "posted": post,
        "nudge": nudge(promised),
        "home": home_tab(promised),
        "shortcut": form(facts, forms.start_form(facts.localizer, account="Acme", message=t.WROTE)),
        "observer": card(t.observed_recovery(), t.BEN),
    }


def words_panel() -> Panel:
    """What Ana wants to say, with a hint."""
    driver = t.words_checked()
    panel = draft_panel(driver.recovery, driver.localizer)
    assert panel
    return panel


def card(driver: RecoveryDriver, viewer: Person = t.ANA) -> list[Json]:
    view = guide_card(driver.flow, driver.recovery, viewer, driver.localizer, driver.now)
    return _with_counted_times(card_blocks(view, "en", driver.recovery.place), driver.now)


def _with_counted_times(blocks: list[Json], now: float) -> list[Json]:
    """The blocks as they look at `now`: the library counts times from today on."""

    def ago(match: re.Match[str]) -> str:
        return match[2].replace(
            "{ago}", format_timedelta(timedelta(seconds=int(match[1]) - now), add_direction=True, locale="en")
        )

    counted_blocks: list[Json] = json.loads(_COUNTED_TIME.sub(ago, json.dumps(blocks, ensure_ascii=False)))
    return counted_blocks


def _with_clock_times(payload: Payload) -> Payload:
    drawable_payload: Payload = json.loads(_CLOCK_COLON.sub(RATIO_SIGN, json.dumps(payload, ensure_ascii=False)))
    return drawable_payload


def form(driver: RecoveryDriver, asked: Form | None) -> Json:
    assert asked
    return form_view(asked, driver.recovery.id, "en", seal)


def answer_to_command(driver: RecoveryDriver) -> list[Json]:
    """What only the person sees who typed the command."""
    at = Installation("T0NORTH", "", "T0NORTH", "Northwind", "U0APP", "", (), "", 0)
    context = cast("SlackContext", SimpleNamespace(api_url="https://slack.com/api/"))
    link = SlackContext.guide_link(context, at, "A0TRUST", "en")
    answer = private_response(driver.localizer.text("command.started", account=driver.recovery.account), *link)
    blocks: list[Json] = json.loads(answer.body)["blocks"]
    return blocks


def nudge(driver: RecoveryDriver) -> list[Json]:
    """An hour before the first promise is due, with its buttons."""
    text = t.nudged(driver)
    effect = next(one for one in driver.effects if isinstance(one, SendPrivateMessage) and one.is_nudge)
    buttons = reminder_buttons(driver.flow, driver.recovery, effect, driver.localizer)
    links = {(driver.recovery.id, button.action): LINK for button in buttons}
    codec = SlackButtonCodec(driver.recovery.id, ANY_REVISION, "en", links)
    return private_message_blocks(text, t.ANA.user_id, buttons, codec)


def home_tab(driver: RecoveryDriver) -> Json:
    """A home, with links to the guides and the threads."""
    view = t.at_home(driver)
    rows = (row for group in view.groups for row in group.rows)
    links = {(row.recovery_id, button.action): LINK for row in rows for button in row.buttons}
    return home_view(view, "en", links)


def seal(meaning: Json) -> str:
    return json.dumps(meaning)
