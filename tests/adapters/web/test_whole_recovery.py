"""The shortest talk, a corrected note, the other flow and a mistyped command, in the browser."""

import sqlite3
from collections.abc import Sequence

import pytest
from playwright.async_api import expect

from tests.adapters.web.conftest import Open
from tests.adapters.web.page_actions import at, more, note, noted, post, say, start, tap
from tests.server_process import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")
"""They share a browser, which belongs to one event loop."""


def rows(server: Server, query: str) -> Sequence[tuple[object, ...]]:
    with sqlite3.connect(f"file:{server.folder}/room.db?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


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
