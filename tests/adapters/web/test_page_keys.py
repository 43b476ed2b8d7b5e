"""Keys, clicks and reloads on the page: what is meant once happens once, and nothing that was typed is lost."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.adapters.web.conftest import Open
from tests.adapters.web.page_actions import NEXT_WORKING_DAY, at, choose, more, noted, say, start, tap

pytestmark = pytest.mark.asyncio(loop_scope="session")
"""They share a browser, which belongs to one event loop."""


async def held(page: Page, key: str) -> None:
    """Hold a key until it has repeated often."""
    for _ in range(20):
        await page.keyboard.down(key)
    await page.keyboard.up(key)


async def test_a_command_typed_on_the_fresh_page_starts_a_recovery(visit: Open) -> None:
    page = await visit()
    await page.keyboard.type("/ho")
    await expect(page.locator("#commands button:visible")).to_contain_text("/trust-recover hours")
    await page.fill("#message", "")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.type("/trust-recover Acme\n")
    await at(page, "1 of 8")
    await expect(page.locator("#thread li")).to_have_count(0)


async def test_what_is_typed_after_choosing_who_speaks_goes_into_the_message(visit: Open) -> None:
    page = await visit()
    await page.locator("#composer label[data-role=colleague]").click()
    await page.keyboard.type("nobody called\n")
    await expect(page.locator("#thread li[data-role=colleague]")).to_contain_text("nobody called")
    await page.locator("#composer [name=as][value=colleague]").focus()  # by keyboard
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.type("/start")
    await expect(page.locator("#message")).to_have_value("/start")
    await page.locator("#composer [name=as][value=responder]").focus()
    await page.keyboard.type(" no one")
    await expect(page.locator("#message")).to_have_value("/startno one")  # a space chooses, as on any radio button


async def test_a_key_that_is_held_does_one_thing_once(visit: Open) -> None:
    page = await visit()
    await start(page)
    await page.keyboard.down("Alt")
    await held(page, "1")
    await page.keyboard.up("Alt")
    await at(page, "2 of 8")
    await page.fill("article.card .ask [name=text]", "nobody called back")
    await page.focus("article.card .ask [name=text]")
    await held(page, "Enter")
    await noted(page, "nobody called back")
    await expect(page.locator("article.card [data-error]:visible")).to_have_count(0)
    await page.locator("article.card .main").focus()
    await held(page, "Enter")
    await at(page, "3 of 8")
    chip = page.locator("article.card .chip", has_text="ignored")
    await chip.focus()
    await held(page, "Enter")
    await expect(chip).to_have_attribute("aria-pressed", "true")
    await expect(chip).to_be_focused()
    await page.locator("article.card .main").dblclick()
    await at(page, "4 of 8")
    await page.fill("#message", "I am here")
    await page.focus("#message")
    await held(page, "Enter")
    await expect(page.locator("#thread li")).to_have_count(1)
    await at(page, "4 of 8")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("Alt+m")  # the same key on every card
    await expect(page.locator("dialog[open] [aria-current=step]")).to_have_text("4 Let them know you got it")
    await page.keyboard.press("Escape")
    labels = await page.locator("article.card button:has(kbd)").all_inner_texts()
    assert [label.split("\n")[-1] for label in labels] == ["M", "1", "2", "3"]


async def test_a_reload_loses_nothing_that_was_half_typed(visit: Open) -> None:
    page = await visit(timezone_id="America/Los_Angeles")
    await page.fill("#start-client", "Ac")
    await page.reload()
    await expect(page.locator("#start-client")).to_have_value("Ac")
    await page.fill("#start-client", "Acme")
    await page.press("#start-client", "Enter")
    await at(page, "1 of 8")
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    await page.fill("article.card .ask [name=text]", "nobody ca")
    await say(page, "Well?", "client")
    shown = await page.locator("#thread time").inner_text()
    local = await page.evaluate("new Date().toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'})")
    assert re.fullmatch(r"\d\d:\d\d", shown)
    assert shown[:2] == local[:2] or shown[3:] >= "59"
    await page.reload()
    await expect(page.locator("article.card .ask [name=text]")).to_have_value("nobody ca")
    await expect(page.locator("#thread time")).to_have_text(shown)
    await page.press("article.card .ask [name=text]", "Enter")
    await noted(page, "nobody ca")
    await page.reload()
    await expect(page.locator("article.card .ask [name=text]")).to_have_value("")


async def test_a_half_typed_summary_is_kept_though_the_record_changes(visit: Open) -> None:
    page = await visit()
    await start(page)
    await more(page, "8 Handle the problem")
    await at(page, "8 of 8")
    await more(page, "Internal version")
    await tap(page, "Edit")
    text = page.locator("dialog textarea")
    await text.fill("In my own words.")
    await page.keyboard.press("Escape")
    await tap(page, "Back to the guide")
    await choose(page, NEXT_WORKING_DAY)
    await page.reload()
    await more(page, "Internal version")
    await tap(page, "Edit")
    await expect(text).to_have_value("In my own words.")
    await text.press("Control+Enter")
    summary = page.locator("article.card .plain")
    await expect(summary).to_contain_text("In my own words.")
    await expect(summary).to_contain_text("Next update")  # it is new, not deleted


async def test_the_form_that_starts_comes_back_after_a_recovery(visit: Open) -> None:
    page = await visit()
    await start(page)
    await expect(page.locator("#start")).to_be_hidden()
    await more(page, "End the recovery")
    await expect(page.locator("#start")).to_be_visible()
    await page.fill("#start-client", "Borg")
    await page.press("#start-client", "Enter")
    await expect(page.locator("article.card").first).to_contain_text("Borg")
    await expect(page.locator("#start")).to_be_hidden()


async def test_a_time_is_chosen_typed_or_picked_in_a_calendar(visit: Open) -> None:
    page = await visit(timezone_id="Europe/Madrid")
    await start(page)
    await more(page, "8 Handle the problem")
    await at(page, "8 of 8")
    form = page.locator("article.card form.ask")
    when, what = form.locator("[name=when]"), form.locator("[name=what]")
    await what.fill("call Ana")
    await form.get_by_role("button", name=NEXT_WORKING_DAY).click()
    await expect(when).to_have_value(NEXT_WORKING_DAY)
    await page.reload()  # what is chosen is kept like what is typed
    await expect(when).to_have_value(NEXT_WORKING_DAY)
    await what.press("Enter")
    await noted(page, "call Ana")
    await expect(page.locator("article.card .notes")).to_contain_text("10:00")
    await more(page, "Promise")
    form = page.locator("dialog form")
    await form.locator("[name=what]").fill("send the report")
    await form.locator("[data-calendar]").evaluate(
        "field => { field.value = '2099-11-27T16:00'; field.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    await expect(form.locator("[name=when]")).to_have_value("2099-11-27 16:00")
    await form.locator("[name=what]").press("Enter")
    await noted(page, "27 Nov 2099, 16:00")
    await expect(page.locator("article.card .notes li")).to_have_count(2)
