"""A person's home in Teams: what they have to do with, in their chat with the app."""

import pytest

from bot.storage import tables as t
from tests.adapters.teams.card_client import Given, Json
from tests.adapters.teams.fake_connector import CHANNEL, GROUP
from tests.adapters.teams.harness import TeamsHarness, TeamsUser
from tests.adapters.teams.payloads import shown_text

pytestmark = pytest.mark.usefixtures("at_once")

THREAD = f"{CHANNEL};messageid=1500000000000"
SOON, LATER = "2099-11-24", "2099-11-25"


async def home(user: TeamsUser) -> Json:
    """What the word “home” brings."""
    seen = len(user.harness.connector.messages_in(user.chat))
    await user.type("home")
    cards: list[Json] = [
        one["content"]
        for message in user.harness.connector.messages_in(user.chat)[seen:]
        for one in message.get("attachments", ())
        if "Settings" in shown_text(one["content"])
    ]
    assert len(cards) == 1
    return cards[0]


async def with_a_promise(dana: TeamsUser, what: str = "send a fixed export", when: str = SOON) -> None:
    """Dana leads a recovery in which something was promised."""
    promise: dict[str, Given] = {"Who": "Ana", "Does what": what, "or type it": f"{when}T10:00"}
    if "8 of 8" in shown_text(dana.answered):
        dialog = await dana.open("Another…", "8 of 8")
        await dana.submit(dialog, "Add", promise)
        return
    await dana.begin("Acme", THREAD)
    await dana.more("8 Handle the problem", "1 of 8")
    await dana.fill("Add", promise, "8 of 8")


async def test_it_shows_the_recoveries_that_one_leads_and_watches(on_teams: TeamsHarness) -> None:
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    await ben.type("help")
    await dana.begin("Acme", THREAD)
    await dana.begin("Borg", GROUP)
    await dana.tap("I am ready", "1 of 8", "Borg")
    await dana.submit((await dana.more("Invite an observer", "Borg")).card, "Invite", {"Who?": "Ben"})
    home_text = shown_text(await home(dana))
    assert "Borg: 2 of 8 · Get the facts" in home_text
    assert "Acme: 1 of 8 · Be prepared" in home_text
    home_text = shown_text(await home(ben))
    assert "Borg: 2 of 8 · Get the facts, led by Dana" in home_text
    assert "Acme" not in home_text


async def test_promises_stand_by_due_date_and_are_marked_kept_on_it(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await with_a_promise(dana, "the later one", LATER)
    await with_a_promise(dana, "the sooner one", SOON)
    card = await home(dana)
    home_text = shown_text(card)
    assert home_text.index("the sooner one (Acme, open)") < home_text.index("the later one (Acme, open)")
    after = (await dana.press(card, "Kept", beside="the sooner one")).card
    assert "the sooner one" not in shown_text(after)
    assert "the later one (Acme, open)" in shown_text(after)
    assert "You have no open recovery." not in shown_text(after), "it is home still, and no guide"
    states = {row["text"]: row["state"] for row in await on_teams.rows(t.entry)}
    assert states == {"the sooner one": "kept", "the later one": "open"}
    again = (await dana.press(card, "Kept", beside="the sooner one")).card
    assert shown_text(again) == shown_text(after), "an old home does no harm"


async def test_a_recovery_begins_from_home(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    form = (await dana.press(await home(dana), "Start a recovery")).card
    again = (await dana.submit(form, "Start", {"Which client?": " "})).card
    assert "Please fill this in." in shown_text(again)
    done = (await dana.submit(again, "Start", {"Which client?": "Acme"})).card
    assert "Your guide for Acme is open." in shown_text(done)
    await dana.guide("1 of 8", "Acme")


async def test_more_opens_from_home(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    reply = await dana.press(await home(dana), "More", beside="Acme: 1 of 8")
    assert reply.body["task"]["value"]["title"] == "More · Acme"


async def test_the_settings_change_the_language_and_the_hours(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    card = await home(dana)
    form = (await dana.press(card, "Change")).card
    again = (
        await dana.submit(form, "Save", {"Language of the guide": "Español", "When reminders may come": "9-25"})
    ).card
    assert "Write working hours like this: 9-17 mon-fri. Or write: always." in shown_text(again)
    assert "When reminders may come: 9-25" in shown_text(again)
    assert "Language of the guide: Español" in shown_text(again), "what was picked is still picked"
    reply = await dana.submit(again, "Save", {"When reminders may come": "8-16 mon-thu"})
    assert reply.body == {}, "the dialog closes"
    await dana.type("home")
    assert "Idioma de la guía: español" in on_teams.texts_in(dana.chat)[-1]
    assert "lun–jue 08:00–16:00" in on_teams.texts_in(dana.chat)[-1]
    (row,) = await on_teams.rows(t.person)
    assert (row["language"], row["working_hours"]) == ("es", [[0, 1, 2, 3], 480, 960])
    await dana.type("start Acme")
    await dana.guide("1 de 8", "Respira")


async def test_home_in_a_channel_is_shown_in_the_chat(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.type("Home", THREAD)
    assert "You have no open recovery." in on_teams.texts_in(dana.chat)[-1]
    assert on_teams.texts_in(THREAD) == []
