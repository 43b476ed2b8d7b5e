"""Who takes part in Teams: a first contact, handing over, watching, tips; and who cannot."""

import json
from pathlib import Path

import pytest

from adapters.shared.storage import with_commit
from bot.storage import tables as t
from bot.storage.outbox import queues
from tests.adapters.teams.card_client import Json, action, field_of, labels
from tests.adapters.teams.fake_connector import BOT, CHANNEL, GROUP, SHARED
from tests.adapters.teams.harness import TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import shown_text
from tests.conftest import SetClock

pytestmark = pytest.mark.usefixtures("at_once")

THREAD = f"{CHANNEL};messageid=1500000000000"
TOO_CLOSE = "Too close to this"
ADD = "add this app for yourself first"
NOBODY = "The app cannot find that person in your company. Choose a colleague."


def mentions(user: TeamsUser, *names: str) -> Json:
    """The entities of a message that mentions the app and these people."""
    people = user.harness.connector.people
    known = [(BOT, "Trust Recover"), *((people[name]["id"], people[name]["name"]) for name in names)]
    return {
        "entities": [
            {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": user, "name": name}}
            for user, name in known
        ]
    }


async def too_close(dana: TeamsUser) -> Json:
    """The form that a tap on the guide brings below it."""
    await dana.tap(TOO_CLOSE, "1 of 8")
    return await dana.guide("Hand over this recovery")


async def watched_by_ben(at: TeamsHarness) -> None:
    """Dana leads a recovery, and Ben watches it."""
    dana = at.user("dana")
    await dana.begin("Acme", THREAD)
    form = (await dana.more("Invite an observer", "1 of 8")).card
    await dana.submit(form, "Invite", {"Who?": "Ben"})
    await at.user("ben").guide("1 of 8", "You are observing.")


async def responder(at: TeamsHarness) -> str:
    (row,) = await at.rows(t.recovery)
    return str(row["responder"])


# --- the first contact


async def test_a_chat_is_opened_once_for_somebody_who_never_talked_to_the_app(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    dialog = await dana.point("Nobody called us")
    await dana.submit_point(dialog, {"Which client?": "Acme"})
    card = await dana.guide("1 of 8", "Acme")
    await dana.type("quiet", THREAD)
    await dana.type("status", THREAD)
    await on_teams.settled()
    assert len(on_teams.connector.sent("create")) == 1
    assert {call.conversation for call in on_teams.connector.sent()} == {dana.chat}
    assert "I am ready" in labels(card)


async def test_who_has_not_added_the_app_is_told_so_for_their_eyes_only_and_once(
    trusted: Path, clock: SetClock
) -> None:
    async with teams_harness(f"sqlite:///{trusted}/room.db", trusted, clock=clock) as at:
        at.connector.closed.add("dana")
        dana = at.user("dana")
        await dana.type("Acme", THREAD)
        await at.settled()
        await dana.type("status", THREAD)
        (notice,) = at.connector.messages_in(THREAD)
        assert notice["only_to"] == dana.id
        assert ADD in at.texts_in(THREAD)[0]
        clock.forward(61)
        await dana.type("status", THREAD)
        assert len(at.connector.messages_in(THREAD)) == 2, "who asks again later is told again"


async def test_where_a_word_cannot_be_shown_to_one_alone_it_tells_the_others_nothing(on_teams: TeamsHarness) -> None:
    on_teams.connector.closed.add("dana")
    on_teams.connector.targets = False
    dana = on_teams.user("dana")
    await dana.type("Quietwater Mills", THREAD)
    await on_teams.settled()
    (message,) = on_teams.texts_in(THREAD)
    assert ADD in message
    (link,) = on_teams.connector.messages_in(THREAD)[0]["attachments"][0]["content"]["actions"]
    assert link["url"].startswith("https://teams.microsoft.com/l/app/")
    everything = str(on_teams.connector.messages_in(THREAD)).lower()
    for word in ("quietwater", "talk", "trust", "angry", "guide", "recover"):
        assert word not in everything, word


@pytest.mark.parametrize("status", [502, 429, 0])
async def test_nobody_is_named_in_public_because_a_private_word_did_not_go_through(
    on_teams: TeamsHarness, status: int
) -> None:
    on_teams.connector.closed.add("dana")
    on_teams.connector.fail("send", status, 1, where=THREAD)
    dana = on_teams.user("dana")
    await dana.type("Acme", THREAD)
    await on_teams.settled()
    assert all(message.get("only_to") == dana.id for message in on_teams.connector.messages_in(THREAD))


@pytest.mark.parametrize("resent", [True, False], ids=["by an operator", "by the next card"])
async def test_after_they_added_the_app_the_guide_is_brought(on_teams: TeamsHarness, *, resent: bool) -> None:
    on_teams.connector.closed.add("dana")
    dana = on_teams.user("dana")
    await dana.type("Acme", THREAD)
    await on_teams.settled()
    assert "failed" in [row["state"] for row in await on_teams.rows(t.outbox)]
    on_teams.connector.closed.clear()
    await dana.send(dana.activity("installationUpdate", action="add"))
    assert any("Acme: 1 of 8" in message for message in on_teams.texts_in(dana.chat)), "home is there at once"
    if resent:
        now = on_teams.parts.delivery.clock()
        again = await on_teams.parts.database.run(with_commit(lambda tx: queues.resend_failed(tx, (), now)))
        assert again
        on_teams.parts.delivery.wake.messages.set()
    else:
        await dana.type("summary", THREAD)
    card = await dana.message("Acme  ", "Say" if resent else "Back to the guide")
    assert "More" in labels(card["attachments"][0]["content"])


# --- handing over


async def test_a_recovery_is_handed_over_with_the_form(on_teams: TeamsHarness) -> None:
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    on_teams.connector.add("gus", CHANNEL, userRole="guest", userPrincipalName="gus_x.example#EXT#@northwind.example")
    await dana.begin("Acme", THREAD)
    form = await too_close(dana)
    offered = [choice["title"] for choice in field_of(form, "Who?")["choices"]]
    assert offered == ["Ben", "Eve"], "the colleagues of the thread, without oneself and the guest"
    reply = await dana.press(form, "Hand over", {"Who?": "Ben"})
    assert "Noted." in shown_text(reply.card), "the form is gone, and no second guide stands in its place"
    dana.answered = {}
    assert "I am ready" in labels(await ben.guide("1 of 8", "Acme"))
    assert any("Dana handed the recovery with Acme over to you." in line for line in await ben.lines())
    watching = await dana.guide("You are observing. Ben leads the recovery.")
    assert labels(watching) == ["Send", "Stop observing", "Avoid ▾"]
    assert any("Ben now leads the recovery with Acme." in line for line in await dana.lines(2))
    await ben.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8", "You are observing.")
    assert await responder(on_teams) == ben.id


async def test_a_recovery_is_handed_over_with_a_mention(on_teams: TeamsHarness) -> None:
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    await dana.begin("Acme", THREAD)
    await dana.type("handover <at>Ben</at>", THREAD, **mentions(dana, "ben"))
    await ben.guide("1 of 8", "Acme")
    assert await responder(on_teams) == ben.id


async def test_a_mention_of_somebody_who_is_no_colleague_hands_nothing_over(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    on_teams.connector.add("gus", CHANNEL, userRole="guest")
    on_teams.connector.add("app", CHANNEL, id="28:another-app")
    on_teams.connector.add("zoe")  # is in no conversation with the app
    await dana.begin("Acme", SHARED)
    for name in ("kim", "gus", "app", "zoe"):
        await dana.type(f"handover <at>{name.capitalize()}</at>", SHARED, **mentions(dana, name))
        notice = f"{name.capitalize()} is not a person of your company. Choose a colleague."
        assert on_teams.texts_in(dana.chat)[-1] == notice
    assert await responder(on_teams) == dana.id


async def test_a_pick_that_the_form_did_not_offer_is_refused_beside_the_field(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", SHARED)
    dialog = (await dana.more("Hand over", "1 of 8")).card
    below = await too_close(dana)
    for forged in ("29:kim", "29:nobody", BOT):
        answers = {field_of(dialog, "Who?")["id"]: forged}
        in_dialog = await dana.invoke("task/submit", {"data": action(dialog, "Hand over")["data"] | answers})
        filled = {"type": "Action.Execute", "verb": "fill", "data": action(below, "Hand over")["data"] | answers}
        in_chat = await dana.invoke("adaptiveCard/action", {"action": filled})
        for again in (in_dialog.card, in_chat.card):
            assert NOBODY in shown_text(again)
            assert field_of(again, "Who?")["choices"], "one can pick again"
    assert await responder(on_teams) == dana.id
    await dana.submit(dialog, "Hand over", {"Who?": "Eve"})
    await on_teams.user("eve").guide("1 of 8")


async def test_a_new_responder_who_has_not_added_the_app_is_told_how_and_the_former_one_too(
    on_teams: TeamsHarness,
) -> None:
    dana = on_teams.user("dana")
    await dana.begin("Acme", THREAD)
    on_teams.connector.closed.add("ben")
    await dana.press(await too_close(dana), "Hand over", {"Who?": "Ben"})
    await on_teams.settled()
    (word,) = on_teams.connector.messages_in(THREAD)
    assert word["only_to"] == "29:ben"
    assert f"Ben: {ADD}" in on_teams.texts_in(THREAD)[0]
    assert any(
        "Ben, who leads the recovery with Acme, could not be reached." in message
        for message in on_teams.texts_in(dana.chat)
    )


# --- watching


async def test_an_observer_sees_each_step_and_sends_tips_and_can_do_nothing_else(on_teams: TeamsHarness) -> None:
    await watched_by_ben(on_teams)
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    mine = await dana.guide("1 of 8", "I am ready")
    assert labels((await ben.press(mine, "I am ready")).card) == ["Send", "Stop observing", "Avoid ▾"]
    notice = "You are observing, so only the person who leads the recovery can do that. You can send a private tip."
    assert notice in await ben.lines(2)
    await dana.tap("I am ready", "1 of 8")
    card = await ben.guide("2 of 8", "You are observing. Dana leads the recovery.")
    assert labels(card) == ["Send", "Stop observing", "Avoid ▾"]
    await ben.fill(
        "Send",
        {"Only the person who leads the recovery can read it": "Ask about <Monday>"},
        "You are observing.",
        "2 of 8",
    )
    tip = (await dana.lines(2))[-1]
    assert tip == "Tip from Ben: Ask about &lt;Monday&gt;"
    (call,) = [call for call in on_teams.connector.sent() if "Monday" in str(call.body)]
    assert call.body["channelData"] == {"notification": {"alert": True}}
    assert any("Your tip was sent." in line for line in await ben.lines(3))


async def test_an_observer_who_was_sent_away_sees_nothing_any_more(on_teams: TeamsHarness) -> None:
    await watched_by_ben(on_teams)
    dana, ben = on_teams.user("dana"), on_teams.user("ben")
    tip = await ben.guide("You are observing.")
    await dana.more("Remove observer", "1 of 8")
    await ben.guide("You no longer observe this recovery.")
    assert all("Acme" not in message for message in on_teams.texts_in(ben.chat) if message.startswith("Trust recovery"))
    refused = await ben.press(tip, "Send", {"Only the person who leads the recovery can read it": "I am still here"})
    assert refused.status == 401
    assert "Only the people in this recovery can do that." in refused.word


async def test_in_a_large_team_there_is_still_somebody_to_pick_from_those_who_are_there_first(
    on_teams: TeamsHarness,
) -> None:
    for number in range(230):
        name = f"a colleague with the number {number:03}"
        on_teams.connector.add(name, GROUP, id=f"29:{number:03}{'x' * 90}")
    dana = on_teams.user("dana")
    await dana.begin("Acme", GROUP)
    form = (await dana.more("Hand over", "1 of 8")).card
    picked = field_of(form, "Who?")
    assert len(picked["choices"]) == 100
    assert len(json.dumps(form, ensure_ascii=False).encode()) < 28_000
