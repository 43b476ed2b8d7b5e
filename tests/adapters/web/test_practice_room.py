"""The room around the talk: who sees what, lost connections, outsiders, narrow windows, hostile text."""

import asyncio
import sqlite3
import urllib.request

import pytest
from playwright.async_api import Page, expect

from tests.adapters.web.conftest import Open
from tests.adapters.web.page_actions import at, more, note, noted, post, say, start, tap
from tests.adapters.web.page_checks import barriers
from tests.server_process import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")
"""They share a browser, which belongs to one event loop."""

HOSTILE = '<img src=x onerror="alert(1)"> <!channel> &lt;b&gt; {{7*7}} *bold* \u202ebidi\u202c \u200b 😡'


async def invited(visit: Open) -> tuple[Page, Page]:
    """A responder in a talk, and a second visitor who was let in to watch it."""
    responder = await visit()
    await start(responder)
    lead = await visit()
    await more(responder, "Invite an observer")
    name = await lead.locator("#me .me-name").inner_text()
    await responder.locator("dialog select[name=person]").select_option(label=name.splitlines()[-1].strip())
    await responder.locator("dialog").get_by_role("button", name="Invite").click()
    return responder, lead


async def test_another_participant_sees_the_thread_and_not_the_guide(visit: Open) -> None:
    responder = await visit()
    colleague = await visit()
    await start(responder)
    await say(responder, "We are furious", "client")
    await expect(colleague.locator("#thread")).to_contain_text("We are furious")
    await expect(colleague.locator("article.card")).to_have_count(0)
    await colleague.reload()
    await expect(colleague.locator("#thread")).to_contain_text("We are furious")
    await expect(colleague.locator("article.card")).to_have_count(0)
    assert "Trust recovery" not in await colleague.content()


async def test_an_observer_sees_the_guide_without_buttons_and_sends_a_tip(visit: Open) -> None:
    responder, lead = await invited(visit)
    await at(lead, "1 of 8")
    await expect(lead.locator("article.card .card-foot button, article.card header button")).to_have_text(
        ["Stop observing1"]
    )
    await tap(responder, "I am ready")
    await at(lead, "2 of 8")
    await note(lead, text="ask about the board")
    await expect(responder.locator("#lines")).to_contain_text("ask about the board")
    await expect(lead.locator("#lines")).not_to_contain_text("ask about the board")


async def test_an_observer_can_leave(visit: Open) -> None:
    responder, lead = await invited(visit)
    await tap(lead, "Stop observing")
    await expect(lead.locator("article.card")).to_contain_text("You no longer observe this recovery.")
    await expect(lead.locator("#start")).to_be_visible()
    await tap(responder, "More")
    await expect(responder.get_by_role("button", name="Remove observer")).to_have_count(0)


async def test_who_no_longer_watches_has_nothing_of_the_talk_left(visit: Open) -> None:
    responder, lead = await invited(visit)
    await at(lead, "1 of 8")
    await more(responder, "Remove observer")
    await expect(lead.locator("article.card")).to_contain_text("You no longer observe this recovery.")
    await expect(lead.locator("article.card")).not_to_contain_text("Acme")
    await lead.reload()
    await expect(lead.locator("article.card")).not_to_contain_text("Acme")


async def test_handing_over_moves_the_buttons(visit: Open) -> None:
    responder, lead = await invited(visit)
    await at(lead, "1 of 8")
    await tap(responder, "Too close to this")
    await responder.locator("dialog select[name=person]").select_option(index=1)
    await responder.locator("dialog").get_by_role("button", name="Hand over").click()
    await expect(lead.get_by_role("button", name="I am ready")).to_be_visible()
    await expect(responder.get_by_role("button", name="I am ready")).to_have_count(0)
    await tap(lead, "I am ready")
    await at(responder, "2 of 8")


async def test_a_shared_thread_gets_only_the_client_safe_summary(visit: Open) -> None:
    page = await visit()
    is_external = await visit()
    await page.locator("#shared").check()
    await expect(is_external.locator("#shared")).to_be_checked()
    await start(page)
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    await note(page, text="nobody called back")
    await noted(page, "nobody called back")
    await more(page, "7 Handle the feelings")
    await at(page, "7 of 8")
    await note(page, text="I did not check the export")
    await noted(page, "I did not check the export")
    await expect(is_external.locator("#thread li")).to_have_count(0)
    await more(page, "End the recovery")
    card = page.locator("article.card")
    await expect(card).to_contain_text("only the client version can be posted")
    await expect(card).not_to_contain_text("nobody called back")
    await expect(card.get_by_role("button", name="Post internal version…")).to_have_count(0)
    await expect(is_external.locator("#thread li")).to_have_count(0)
    await post(page, "Post client version")
    posted = is_external.locator("#thread li")
    await expect(posted).to_contain_text("I did not check the export")
    await expect(posted).not_to_contain_text("nobody called back")
    assert "recovery" not in (await posted.inner_text()).lower()


async def test_who_is_asked_back_before_posting_to_outsiders_can_say_no(visit: Open) -> None:
    page = await visit()
    await page.locator("#shared").check()
    await start(page)
    await more(page, "7 Handle the feelings")
    await at(page, "7 of 8")
    await note(page, text="I did not check the export")
    await noted(page, "I did not check the export")
    await more(page, "End the recovery")
    async with page.expect_event("dialog") as asked:
        page.once("dialog", lambda question: question.dismiss())
        await tap(page, "Post client version")
    assert "People outside your company can read this thread" in (await asked.value).message
    await page.get_by_role("button", name="Post client version").wait_for()
    await say(page, "still here")
    await expect(page.locator("#thread li")).to_have_count(1)


async def test_an_internal_preview_cannot_be_posted_once_the_thread_is_shared(visit: Open) -> None:
    page = await visit()
    await start(page)
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    await note(page, text="nobody called back")
    await noted(page, "nobody called back")
    await more(page, "End the recovery")
    await expect(page.locator("article.card")).to_contain_text("nobody called back")
    await page.locator("#shared").check()
    await expect(page.locator("article.card")).not_to_contain_text("nobody called back")
    await expect(page.get_by_role("button", name="Post internal version")).to_have_count(0)


async def test_a_lost_server_loses_nothing_and_repeats_nothing(visit: Open, server: Server) -> None:
    page = await visit()
    other = await visit()
    await start(page)
    await server.kill()
    await expect(page.locator("body[data-live=no]")).to_be_attached()
    await page.fill("#message", "said while the server was down")
    await page.press("#message", "Enter")
    await page.locator("article.card").get_by_role("button", name="I am ready").click()
    await server.start()
    await at(page, "2 of 8")
    for who in (page, other):
        await expect(who.locator("#thread li", has_text="said while the server was down")).to_have_count(1)
    await note(page, text="nobody called back")
    await noted(page, "nobody called back")
    with sqlite3.connect(f"file:{server.folder}/room.db?mode=ro", uri=True) as database:
        assert database.execute("SELECT count(*) FROM entry").fetchall() == [(1,)]
        assert database.execute("SELECT count(*) FROM step_visit").fetchall() == [(1,)]


async def test_hostile_text_is_text_everywhere(visit: Open) -> None:
    page = await visit()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await say(page, HOSTILE, "client")
    await start(page, HOSTILE)
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    await note(page, text=HOSTILE)
    await noted(page, HOSTILE.replace("\u200b", "").split(" \u202e")[0])
    await more(page, "3 Find the feelings")
    await at(page, "3 of 8")
    await note(page, word="<i>odd</i>", strength="1")
    await noted(page, "<i>odd</i>")
    await tap(page, "More")
    await expect(page.locator("dialog[open]")).to_contain_text("<i>odd</i>")
    await page.keyboard.press("Escape")
    await more(page, "End the recovery")
    await post(page, "Post internal version")
    await expect(page.locator("#thread li[data-role=guide]")).to_contain_text("<i>odd</i>")
    assert await page.locator("img[src=x]").count() == 0
    assert await page.locator("#thread i, article.card i").count() == 0
    assert len(dialogs) == 1  # the question before posting


async def test_a_fact_of_100_kb_is_refused_and_stays_in_the_field(visit: Open) -> None:
    page = await visit()
    await start(page)
    await tap(page, "I am ready")
    await at(page, "2 of 8")
    long = "x" * 100_000
    await note(page, text=long)
    field = page.locator("article.card form.ask [name=text]")
    await expect(page.locator("article.card [data-error]:visible")).to_contain_text("the maximum is 2,000")
    assert len(await field.input_value()) == len(long)
    await field.fill("x")
    await field.press("Enter")
    await noted(page, "x")


async def test_a_commitment_without_a_date_is_asked_about_at_the_field(visit: Open) -> None:
    page = await visit()
    await start(page)
    await more(page, "8 Handle the problem")
    await at(page, "8 of 8")
    await note(page, what="a fixed export")
    await expect(page.locator("article.card [data-error]:visible")).to_contain_text("By when?")
    await expect(page.locator("article.card [name=what]")).to_have_value("a fixed export")


@pytest.mark.parametrize("width", [360, 768])
async def test_nothing_is_wider_than_a_narrow_window(visit: Open, width: int) -> None:
    page = await visit("a-room-with-a-name-as-long-as-it-may-be", viewport={"width": width, "height": 740})
    narrow = await page.locator(".views [data-show=thread]").is_visible()
    if narrow:
        await page.locator(".views [data-show=thread]").click()
    await page.fill("#message", "/trust-recover " + "Long" * 25)
    await page.press("#message", "Enter")
    if narrow:
        await page.locator(".views [data-show=guide]").click()
    await at(page, "1 of 8")
    for step in range(1, 9):
        await at(page, f"{step} of 8")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, step
        assert await page.evaluate("document.querySelector('.panes').getBoundingClientRect().right") <= width, step
        main = page.locator("article.card .button.main")
        await expect(main).to_be_in_viewport()
        await main.click()
    assert await barriers(page) == []


async def test_the_policy_forbids_all_that_is_not_ours(server: Server) -> None:
    def headers() -> dict[str, str]:
        with urllib.request.urlopen(f"{server.url}/room/practice") as response:  # noqa: S310 - our own server
            return dict(response.headers)

    policy = (await asyncio.to_thread(headers))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
