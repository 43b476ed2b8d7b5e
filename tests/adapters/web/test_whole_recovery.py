"""A talk from start to posted summary, in the browser."""

import sqlite3
from collections.abc import Sequence

import pytest
from playwright.async_api import Page, expect

from tests.adapters.web.conftest import Open
from tests.adapters.web.page_actions import NEXT_WORKING_DAY, at, choose, more, note, noted, post, say, start, tap
from tests.server_process import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")
"""They share a browser, which belongs to one event loop."""


def rows(server: Server, query: str) -> Sequence[tuple[object, ...]]:
    with sqlite3.connect(f"file:{server.folder}/room.db?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


async def test_the_whole_talk(visit: Open, server: Server) -> None:
    page = await visit()
    await say(page, "Four days. FOUR. And nobody told us.", "client")
    await start(page)
    await note(page, text="Kim, answers to the board")
    await noted(page, "Kim, answers to the board")
    await tap(page, "I am ready")

    await at(page, "2 of 8")
    await note(page, text="the export was empty on Monday")
    await noted(page, "the export was empty on Monday")
    await note(page, text="nobody called back")
    await noted(page, "nobody called back")
    await tap(page, "All said")

    await at(page, "3 of 8")
    await choose(page, "ignored")
    await expect(page.locator("article.card blockquote")).to_have_text("It sounds like you felt ignored.")
    await tap(page, "They confirmed")

    await at(page, "4 of 8")
    await expect(page.locator("article.card blockquote")).to_contain_text(
        "the export was empty on Monday, nobody called back, and you felt ignored"
    )
    await tap(page, "Fact missing")
    await at(page, "2 of 8")
    await note(page, text="the board saw it")
    await noted(page, "the board saw it")
    await tap(page, "All said")
    await at(page, "3 of 8")
    await tap(page, "They confirmed")
    await at(page, "4 of 8")
    await tap(page, "Feeling missing")
    await at(page, "3 of 8")
    await note(page, word="embarrassed", strength="2")
    await noted(page, "embarrassed")
    await tap(page, "They confirmed")
    await at(page, "4 of 8")
    await tap(page, "They said yes")

    await at(page, "5 of 8")
    await dispute(page)
    await tap(page, "Settled or parked")

    await at(page, "6 of 8")
    await note(page, text="Exports can fail without a word to you")
    await noted(page, "Exports can fail without a word to you")
    await tap(page, "Agreed")

    await at(page, "7 of 8")
    await note(page, text="I did not check the export")
    await noted(page, "I did not check the export")
    await choose(page, "Time")
    await tap(page, "Took it in")

    await at(page, "8 of 8")
    await note(page, who="Ana", when="2099-11-27T16:00", what="send a fixed export")
    await noted(page, "send a fixed export")
    await choose(page, NEXT_WORKING_DAY)
    await tap(page, "Agreed")

    await at(page, "Wrap-up")
    await choose(page, "Improving")
    await tap(page, "See the summary")

    await edit_and_post(page)
    await check_record(server)


async def dispute(page: Page) -> None:
    await tap(page, "Yes, one detail")
    form = page.locator("dialog form")
    picked = form.locator("[name=fact]")
    if await picked.first.get_attribute("type") == "radio":
        await form.locator("label:has([name=fact])", has_text="nobody called back").click()
    else:
        await picked.select_option(label="nobody called back")
    await form.locator("label:has([name=standing][value=parked])").click()
    await form.locator("[name=our_view]").fill("we called once")
    await form.locator("[name=evidence]").fill("call log")
    await form.locator("[name=evidence]").press("Enter")
    await expect(form).to_have_count(0)
    await noted(page, "parked")


async def edit_and_post(page: Page) -> None:
    card = page.locator("article.card")
    await expect(card).to_contain_text("nobody called back (parked; our view: we called once; evidence: call log)")
    await tap(page, "Edit")
    box = page.locator("dialog textarea[name=text]")
    await box.fill((await box.input_value()).replace("Facts", "What we heard"))
    await page.locator("dialog").get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("What we heard")
    await expect(page.locator("#thread li")).to_have_count(1)  # nothing was posted but what the client wrote
    await post(page, "Post internal version")
    posted = page.locator("#thread li[data-role=guide]")
    await expect(posted).to_contain_text("What we heard")
    await expect(posted).to_contain_text("Ana: send a fixed export")
    await expect(card).to_contain_text("Posted. Now keep what you promised.")
    await expect(posted).to_have_count(1)


async def check_record(server: Server) -> None:
    assert rows(server, "SELECT text, standing, our_view FROM entry WHERE field_id = 'facts' ORDER BY recorded_at") == [
        ("the export was empty on Monday", "held", None),
        ("nobody called back", "parked", "we called once"),
        ("the board saw it", "held", None),
    ]
    assert rows(
        server, "SELECT text, strength, is_confirmed FROM entry WHERE kind = 'feeling' ORDER BY recorded_at"
    ) == [
        ("ignored", 2, 1),
        ("embarrassed", 2, 1),
    ]
    assert rows(server, "SELECT who, text, state, due_at > 4000000000 FROM entry WHERE kind = 'commitment'") == [
        ("Ana", "send a fixed export", "open", 1)
    ]
    assert rows(server, "SELECT text FROM entry WHERE field_id = 'outcome'") == [("improving",)]
    assert rows(server, "SELECT left_by FROM step_visit WHERE step = 'acknowledge' ORDER BY number") == [
        ("missed_fact",),
        ("missed_feeling",),
        ("yes",),
    ]
    [(yes, closed)] = rows(server, "SELECT first_yes_at > started_at, closed_at > first_yes_at FROM recovery")
    assert (yes, closed) == (1, 1)


async def test_without_a_note_one_tap_a_step_is_enough(visit: Open, server: Server) -> None:
    page = await visit()
    await start(page)
    for number in range(1, 9):
        await at(page, f"{number} of 8")
        await page.locator("article.card .button.main").click()
    await at(page, "Wrap-up")
    await tap(page, "See the summary")
    await post(page, "Post internal version")
    posted = page.locator("#thread li[data-role=guide]")
    await expect(posted).to_contain_text("Trust recovery: Acme (internal)")
    assert rows(server, "SELECT count(*) FROM entry") == [(0,)]
    assert rows(server, "SELECT count(*) FROM step_visit") == [(9,)]


async def test_a_note_is_corrected_and_removed(visit: Open, server: Server) -> None:
    page = await visit()
    await start(page)
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    await note(page, text="the export was emtpy")
    await page.locator("article.card .notes summary").click()
    await page.locator("article.card .notes button", has_text="emtpy").click()
    await page.locator("dialog [name=text]").fill("the export was empty")
    await page.locator("dialog [name=text]").press("Enter")
    await noted(page, "the export was empty")
    await more(page, "Remove")
    await expect(page.locator("article.card .notes")).to_have_count(0)
    assert rows(server, "SELECT count(*) FROM entry") == [(0,)]
    await page.locator("dialog[open]").get_by_role("button", name="Undo").click()  # where it was removed
    await noted(page, "the export was empty")
    assert rows(server, "SELECT count(*) FROM entry") == [(1,)]


async def test_the_other_flow_runs_on_the_same_page(visit: Open) -> None:
    page = await visit()
    await say(page, "/trust-recover start first-response Acme")
    await at(page, "1 of 5")
    await tap(page, "They have finished")
    await at(page, "2 of 5")


async def test_a_mistyped_command_is_answered_with_the_nearest(visit: Open) -> None:
    page = await visit()
    await say(page, "/trust-recover statsu")
    await expect(page.locator("#toast")).to_contain_text("Did you mean “status”?")
