"""Dialogs and the card's own inputs in use: nothing typed is lost; and the guide stays where people look."""

import pytest

from adapters.teams.directory import tables
from bot.storage import tables as t
from tests.adapters.teams.card_client import field_of, inputs, labels
from tests.adapters.teams.fake_connector import CHANNEL
from tests.adapters.teams.harness import TeamsHarness, TeamsUser
from tests.adapters.teams.payloads import shown_text

pytestmark = pytest.mark.usefixtures("at_once")

THREAD = f"{CHANNEL};messageid=1500000000000"
LABEL = "What happened"
MOVED = "Your guide is now further down, below this message."


async def at_the_facts(at: TeamsHarness) -> TeamsUser:
    dana = at.user("dana")
    await dana.begin("Acme", THREAD)
    await dana.tap("I am ready", "1 of 8")
    return dana


async def facts(at: TeamsHarness) -> list[str]:
    return [row["text"] for row in await at.rows(t.entry)]


# --- dialogs


async def test_a_form_comes_again_with_its_faults_and_with_what_was_typed(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    await dana.more("8 Handle the problem", "2 of 8")
    form = (await dana.more("Promise", "8 of 8")).card
    answers = {"Who": "Ana", "Does what": "", "or type it": "2020-01-01T10:00"}
    again = (await dana.submit(form, "Add", answers)).card
    card_text = shown_text(again)
    assert "Who: Ana" in card_text
    assert "2020-01-01T10:00" in card_text
    assert "Please fill this in." in card_text
    assert await on_teams.rows(t.entry) == []
    corrections = {"Does what": "a new export", "or type it": "2099-01-01T10:00"}
    await dana.submit(again, "Add", corrections)
    (row,) = await on_teams.rows(t.entry)
    assert (row["who"], row["text"]) == ("Ana", "a new export")


async def test_an_entry_is_edited_from_more(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    await dana.fill("Add", {LABEL: "the export was late"}, "2 of 8")
    form = (await dana.more("Edit", "2 of 8", beside="the export was late")).card
    assert field_of(form, LABEL)["value"] == "the export was late"
    again = (await dana.submit(form, "Update", {LABEL: "x" * 3000})).card
    assert "Shorten it or split it." in shown_text(again)
    assert field_of(again, LABEL)["value"] == "x" * 3000
    reply = await dana.submit(again, "Update", {LABEL: "the export was empty"})
    assert reply.body == {}, "the dialog closes"
    assert await facts(on_teams) == ["the export was empty"]
    await dana.message("2 of 8", "the export was empty")


async def test_more_stays_open_after_a_tap_and_shows_the_change(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    await dana.fill("Add", {LABEL: "the export was late"}, "2 of 8")
    more = await dana.open("More", "2 of 8")
    removed = (await dana.submit(more, "Remove", beside="the export was late")).card
    assert "Removed: the export was late\nUndo" in shown_text(removed)
    quiet = (await dana.submit(removed, "Quiet: no reminders")).card
    assert "Turn reminders on again" in shown_text(quiet)
    assert await facts(on_teams) == []
    moved = (await dana.submit(quiet, "6 Frame the problem")).card
    assert shown_text(moved).startswith("6 of 8 · Frame the problem")
    assert "1 Be prepared" in labels(moved), "one can go on there"
    await dana.message("6 of 8")


async def test_a_form_that_is_seldom_filled_alone_comes_again_empty(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    form = (await dana.more(LABEL, "2 of 8")).card
    again = (await dana.submit(form, "Add", {LABEL: "one"})).card
    (first,) = [one["id"] for one in inputs(form) if one["label"] == LABEL]
    (second,) = [one["id"] for one in inputs(again) if one["label"] == LABEL]
    assert "value" not in field_of(again, LABEL)
    assert first != second, "or Teams would keep in it what was typed before"
    await dana.submit(again, "Add", {LABEL: "two"})
    assert sorted(await facts(on_teams)) == ["one", "two"]


# --- what is typed on the card itself


async def test_a_note_that_was_typed_but_not_sent_is_filed_before_a_tap(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    card = await dana.fill("All said", {LABEL: "the export was late"}, "2 of 8")
    assert "3 of 8" in shown_text(card)
    assert await facts(on_teams) == ["the export was late"]
    await dana.message("3 of 8")


async def test_an_unsent_note_with_a_fault_is_shown_with_it_and_the_tap_is_not_done(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    card = await dana.fill("All said", {LABEL: "x" * 3000}, "2 of 8")
    assert "2 of 8" in shown_text(card)
    assert "Shorten it or split it." in shown_text(card)
    assert field_of(card, LABEL)["value"] == "x" * 3000
    assert await facts(on_teams) == []
    card = await dana.fill("All said", {LABEL: "late"}, "2 of 8")
    assert "3 of 8" in shown_text(card)
    assert await facts(on_teams) == ["late"]


async def test_what_was_noted_already_is_not_noted_again_by_the_next_tap(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    card = await dana.fill("Add", {LABEL: "late"}, "2 of 8")
    assert "value" not in field_of(card, LABEL), "the field comes up empty"
    await dana.tap("All said", "2 of 8", "late")
    assert await facts(on_teams) == ["late"]


async def test_an_empty_note_is_told_so_beside_its_field(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    card = await dana.fill("Add", {LABEL: " "}, "2 of 8")
    assert "Please fill this in." in shown_text(card)
    assert await facts(on_teams) == []


async def test_more_leaves_alone_what_is_typed_on_the_card(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    card = await dana.guide("2 of 8")
    reply = await dana.press(card, "More", {LABEL: "not finished"})
    assert reply.body["task"]["value"]["title"] == "More · Acme"
    assert await facts(on_teams) == []


async def test_a_tap_on_an_old_card_is_answered_with_the_card_of_today(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    old = await dana.guide("2 of 8")
    await dana.tap("All said", "2 of 8")
    card = (await dana.press(old, "All said")).card
    assert "3 of 8" in shown_text(card)
    assert "That button belongs to an earlier card, so nothing was changed." in (await dana.lines(2))[1]


# --- the guide stays where people look


async def test_the_guide_moves_down_when_too_much_stands_below_it(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    await on_teams.settled()
    (guide,) = [one["id"] for one in on_teams.connector.messages_in(dana.chat) if "attachments" in one]
    for word in ("quiet", "quiet off"):
        await dana.type(word)
    await on_teams.settled()
    await dana.fill("Add", {LABEL: "late"}, "2 of 8")
    await on_teams.settled()
    assert [one["id"] for one in on_teams.connector.messages_in(dana.chat) if "attachments" in one] == [guide], (
        "two are few"
    )
    await dana.type("quiet")
    await on_teams.settled()
    await dana.tap("All said", "2 of 8")
    await on_teams.settled()
    old, new = [message for message in on_teams.texts_in(dana.chat) if message == MOVED or "of 8" in message]
    assert old == MOVED
    assert "3 of 8" in new
    assert on_teams.texts_in(dana.chat)[-1] == new
    (row,) = await on_teams.rows(tables.card_position)
    assert (row["activity"], row["messages_below"]) == ([*on_teams.connector.messages[dana.chat]][-1], 0)


async def test_questions_and_their_answers_push_the_guide_up_as_well(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    await on_teams.settled()
    for _ in range(2):
        await dana.type("status")
    await dana.tap("All said", "2 of 8")
    await on_teams.settled()
    assert MOVED in on_teams.texts_in(dana.chat)
    assert "3 of 8" in on_teams.texts_in(dana.chat)[-1]


async def test_a_guide_that_was_deleted_is_sent_anew(on_teams: TeamsHarness) -> None:
    dana = await at_the_facts(on_teams)
    await on_teams.settled()
    (guide,) = [one["id"] for one in on_teams.connector.messages_in(dana.chat) if "attachments" in one]
    card = await dana.guide("2 of 8")
    del on_teams.connector.messages[dana.chat][guide]
    await dana.press(card, "All said")
    await dana.message("3 of 8")
    await on_teams.settled()
    assert sum("of 8" in message for message in on_teams.texts_in(dana.chat)) == 1
    await dana.more("Back", "3 of 8")
    await dana.message("2 of 8")
    await on_teams.settled()
    assert sum("of 8" in message for message in on_teams.texts_in(dana.chat)) == 1, "and edited in place from then on"
