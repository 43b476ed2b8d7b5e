"""A talk from start to posted summary: by keyboard alone, everything found by its role and name, every card checked."""

import re
import sqlite3
from collections.abc import Sequence

import pytest
from playwright.async_api import expect

from tests.adapters.web.conftest import Open
from tests.adapters.web.keyboard_user import KeyboardUser
from tests.adapters.web.page_actions import NEXT_WORKING_DAY, at, noted
from tests.adapters.web.page_checks import check
from tests.server_process import Server
from tests.talks.clients import CLIENTS

pytestmark = pytest.mark.asyncio(loop_scope="session")
"""They share a browser, which belongs to one event loop."""

CLIENT = CLIENTS["long"]
BACK, BOARD = CLIENT.facts


def rows(server: Server, query: str) -> Sequence[tuple[object, ...]]:
    with sqlite3.connect(f"file:{server.folder}/room.db?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


async def test_the_whole_talk_by_keyboard_and_by_names(visit: Open, server: Server) -> None:
    page = await visit(timezone_id="Europe/Madrid")
    user = KeyboardUser(page)
    await check(page, "before the start")
    await start(user)
    await listen(user)
    await find_feelings(user)
    await give_back(user)
    await dispute(user)
    await agree(user)
    await promise(user)
    await post(user)
    check_record(server)


async def start(user: KeyboardUser) -> None:
    await user.type("The client's name", CLIENT.account, user.page.get_by_role("region", name="Your guide"))
    await user.press("Enter")
    await at(user.page, "1 of 8")
    await expect(user.page.get_by_role("article", name=CLIENT.account)).to_be_visible()
    await user.hears("1 of 8 · Be prepared. Breathe.", "I'm here to listen.")
    await user.press("n")
    await user.page.keyboard.type("Kim, answers to the board")
    await user.press("Enter")
    await noted(user.page, "Kim, answers to the board")
    await check(user.page, "step 1")
    await user.press("/")
    await user.press("Backspace")
    await user.page.keyboard.type(CLIENT.messages[0])
    await user.press("Enter")


async def listen(user: KeyboardUser) -> None:
    """The client's message comes to the card; one press notes it."""
    page, card = user.page, user.card
    take = card.get_by_role("button", name="Note it")
    await expect(take).to_have_accessible_description(re.compile("^Client You never called me back!"))
    await user.press("Alt+1")
    await at(page, "2 of 8")
    await user.hears("2 of 8 · Get the facts. Ask, then listen.", "Walk me through what happened.")
    await check(page, "step 2, with the client's message")
    await user.tap("Note it")
    await expect(take).to_have_count(0)
    await user.press("n")
    for fact in CLIENT.facts:
        await page.keyboard.type(fact)
        await user.press("Enter")
        await noted(page, fact)
        await expect(card.get_by_role("textbox", name="What happened")).to_be_focused()
    await user.hears("What else should I know?")
    await expect(card.locator("details[open]")).to_have_count(0)
    await user.reach(card.locator("summary", has_text="Noted (3)"))
    await user.press("Enter")
    await check(page, "step 2, with its notes", may_scroll=True)
    await user.press("Alt+1")


async def find_feelings(user: KeyboardUser) -> None:
    await at(user.page, "3 of 8")
    await user.hears("3 of 8 · Find the feelings.", "How has this been for you?")
    await user.toggle("let down")
    await user.hears("It sounds like you felt let down.")
    await check(user.page, "step 3")
    await user.press("Alt+1")


async def give_back(user: KeyboardUser) -> None:
    """Facts are ticked; the client misses a fact, then a feeling, then says yes."""
    page = user.page
    await at(page, "4 of 8")
    await user.hears("4 of 8 · Let them know you got it.", "you had to face your board with nothing")
    await user.toggle(BOARD, is_pressed=False)
    await user.hears("we never called you back, and you felt let down. What have I missed?")
    await user.toggle(BOARD)
    await check(page, "step 4")
    await expect(page.get_by_role("article")).to_match_aria_snapshot(STEP_FOUR)
    await user.press("Alt+2")
    await at(page, "2 of 8")
    await user.press("n")
    await page.keyboard.type("the board saw it")
    await user.press("Enter")
    await noted(page, "the board saw it")
    for step, key in ((2, "Alt+1"), (3, "Alt+1"), (4, "Alt+3"), (3, "Alt+1"), (4, "Alt+1")):
        await at(page, f"{step} of 8")
        await user.press(key)


STEP_FOUR = """
- article "Northwind Textiles":
  - heading "Northwind Textiles" [level=3]
  - paragraph: /4 of 8 · Let them know you got it/
  - button "More"
  - list "Steps"
  - paragraph: "Give it back: their facts, their feeling."
  - figure "Say":
    - blockquote: /we never called you back/
  - group "Facts to give back":
    - list:
      - listitem:
        - button "You never called me back!" [pressed]
      - listitem:
        - button "I had to face my board with nothing." [pressed]
  - group: Avoid
  - group "Northwind Textiles":
    - button "They said yes"
    - button "Fact missing"
    - button "Feeling missing"
"""
"""What a screen reader makes of the card."""


async def dispute(user: KeyboardUser) -> None:
    page = user.page
    await at(page, "5 of 8")
    await user.hears("5 of 8 · Dispute the facts.")
    await check(page, "step 5")
    await user.tap("Yes, one detail")
    await expect(page.get_by_role("dialog", name="A fact worth disputing")).to_be_visible()
    await check(page, "a fact worth disputing", may_scroll=True)
    await user.pick("Which fact", "the board saw it")
    await user.choose("parked", "Status")
    await user.type("Our view", "we called once", user.dialog)
    await user.type("Evidence", "call log", user.dialog)
    await user.press("Enter")
    await noted(page, "parked")
    await user.press("Alt+1")


async def agree(user: KeyboardUser) -> None:
    page = user.page
    await at(page, "6 of 8")
    await check(page, "step 6")
    await user.press("n")
    await page.keyboard.type(CLIENT.frame)
    await user.press("Enter")
    await user.hears("So it comes down to this: reports reach you late, and nobody warns you.")
    await user.press("Alt+1")
    await at(page, "7 of 8")
    await check(page, "step 7")
    await user.press("n")
    await page.keyboard.type(CLIENT.our_part)
    await user.press("Enter")
    await user.hears("I'm sorry. I did not tell you about the delay.")
    await user.toggle("Time")
    await user.press("Alt+1")


async def promise(user: KeyboardUser) -> None:
    """Without a date it is asked about, at the field; with one, it is read back."""
    page, card = user.page, user.card
    await at(page, "8 of 8")
    await check(page, "step 8")
    await user.type("Who", "Ana")
    await user.type("Does what", "send a fixed export")
    await user.press("Enter")
    when = card.get_by_role("textbox", name="By when")
    await expect(when).to_be_focused()
    await expect(when).to_have_accessible_description(re.compile("^By when. Choose a time"))
    await expect(when).to_have_attribute("aria-invalid", "true")
    await expect(card.locator("[data-error]:visible")).to_be_in_viewport()
    await check(page, "step 8, without a date", may_scroll=True)
    await page.keyboard.type("27 nov 2099 16:00")
    await user.press("Enter")
    await user.hears("Ana will send a fixed export by Friday 27 November at 16:00.")
    updates = card.get_by_role("group", name="Next update")
    await user.reach(updates.get_by_role("button", name=NEXT_WORKING_DAY))
    await user.press("Space")
    await expect(updates.get_by_role("button", name=NEXT_WORKING_DAY, pressed=True)).to_be_focused()
    await check(page, "step 8, with a promise")
    await user.press("Alt+m")
    await expect(user.dialog).to_be_visible()
    await check(page, "More", may_scroll=True)
    await expect(user.dialog.locator("[aria-current=step]")).to_have_accessible_name("8 Handle the problem")
    await user.press("Escape")
    await expect(card.get_by_role("button", name="More")).to_be_focused()
    await user.press("Alt+1")


async def post(user: KeyboardUser) -> None:
    page, card = user.page, user.card
    await at(page, "Wrap-up")
    await user.hears("Wrap-up", "Thank you for being so straight with me.")
    await user.toggle("Improving")
    await check(page, "wrap-up")
    await user.press("Alt+1")
    await at(page, "Summary")
    await user.hears("Check the summary. Then post it.")
    await expect(card).to_contain_text("Ana will send a fixed export")
    await check(page, "the client version")
    await user.tap("Post internal version…")
    await expect(card).to_contain_text("the board saw it (parked; our view: we called once; evidence: call log)")
    await check(page, "the internal version")
    await user.tap("Edit")
    await check(page, "the text to edit", may_scroll=True)
    text = user.dialog.get_by_role("textbox")
    await expect(text).to_be_focused()
    await page.keyboard.type("What we heard\n\n")
    await user.press("Control+Enter")
    await expect(card).to_contain_text("What we heard")
    await user.tap("Post client version…")
    await expect(card).to_contain_text("Ana will send a fixed export")
    await user.press("Alt+1")
    await user.hears("Posted. Now keep what you promised.")
    posted = page.get_by_role("region", name="Account thread").get_by_role("listitem")
    await expect(posted).to_have_count(2)  # what the client wrote, and one message to them
    await expect(posted.last).to_contain_text("Ana will send a fixed export")
    await expect(posted.last).not_to_contain_text("What we heard")
    await check(page, "after posting")


def check_record(server: Server) -> None:
    assert rows(server, "SELECT text, standing, our_view FROM entry WHERE field_id = 'facts' ORDER BY recorded_at") == [
        (CLIENT.messages[0], "held", None),
        (BACK, "held", None),
        (BOARD, "held", None),
        ("the board saw it", "parked", "we called once"),
    ]
    feelings = rows(server, "SELECT text, strength, is_confirmed FROM entry WHERE kind = 'feeling'")
    assert feelings == [("let_down", 2, 1)]
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
