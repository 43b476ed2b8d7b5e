"""Who takes part on Slack: handing over, watching, tips; and who cannot."""

from math import inf
from typing import Any

import pytest

from bot.storage import tables as t
from tests.adapters.slack.harness import SlackHarness, labels, words_of
from tests.peers.slack.faults import Broken
from tests.peers.slack.sender import Reply

OUTSIDERS: dict[str, dict[str, Any]] = {
    "a guest": {"is_restricted": True},
    "a guest of one channel": {"is_ultra_restricted": True},
    "a stranger": {"is_stranger": True},
    "somebody of another company": {"team_id": "T0ELSEWHERE"},
    "a bot": {"is_bot": True},
}


async def watched_by_omar(at: SlackHarness) -> None:
    """Dana leads a recovery, and Omar watches it."""
    dana = at.user("dana")
    await dana.begin()
    more = await dana.open("More", "1 of 8")
    await dana.submit(await dana.press(more, "Invite an observer"), {"Who?": "omar"})
    await at.user("omar").guide("1 of 8", "You are observing.")


async def handed_to_omar(at: SlackHarness) -> None:
    await at.user("dana").begin()
    await at.user("dana").fill("Too close to this", {"Who?": "omar"}, "1 of 8")
    await at.user("omar").guide("1 of 8")


# --- handing over


async def test_the_new_responder_gets_the_guide_in_their_own_chat(on_slack: SlackHarness) -> None:
    await handed_to_omar(on_slack)
    assert "I am ready" in labels(await on_slack.user("omar").guide("1 of 8"))


async def test_the_former_responders_card_becomes_an_observers(on_slack: SlackHarness) -> None:
    await handed_to_omar(on_slack)
    card = await on_slack.user("dana").guide("You are observing. omar leads the recovery.")
    assert labels(card) == ["Send…", "Stop observing"]


async def test_the_new_responder_is_told_by_name(on_slack: SlackHarness) -> None:
    await handed_to_omar(on_slack)
    omar = on_slack.user("omar")
    (notice,) = await omar.nudges()
    assert notice.startswith(f"<@{omar.id}>")
    assert "dana handed the recovery with Acme over to you." in notice


async def test_the_former_responder_is_told_too(on_slack: SlackHarness) -> None:
    await handed_to_omar(on_slack)
    assert await on_slack.user("dana").lines() == [
        "omar now leads the recovery with Acme. You can observe and send private tips."
    ]


async def test_the_new_responder_goes_on(on_slack: SlackHarness) -> None:
    await handed_to_omar(on_slack)
    await on_slack.user("omar").tap("I am ready", "1 of 8")
    await on_slack.user("dana").guide("2 of 8", "You are observing.")


async def test_the_command_without_a_name_asks_whom(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    await dana.type("handover")
    await dana.submit(dana.opened(), {"Who?": "omar"})
    await on_slack.user("omar").guide("1 of 8")


async def by_modal(at: SlackHarness) -> Reply:
    return await at.user("dana").fill("Too close to this", {"Who?": "kim"}, "1 of 8")


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_the_modal_takes_no(on_slack: SlackHarness, who: str) -> None:
    on_slack.amend_user("kim", **OUTSIDERS[who])
    await on_slack.user("dana").begin()
    reply = await by_modal(on_slack)
    notice = {"person~0": "kim is not a person of your company. Choose a colleague."}
    assert reply.json == {"response_action": "errors", "errors": notice}


@pytest.mark.parametrize("who", ["a guest", "a bot"])
async def test_the_command_takes_no(on_slack: SlackHarness, who: str) -> None:
    on_slack.amend_user("kim", **OUTSIDERS[who])
    dana = on_slack.user("dana")
    await dana.begin()
    reply = await dana.type(f"handover <@{on_slack.user('kim').id}|kim>")
    assert "kim is not a person of your company." in words_of(reply.json)
    (recovery,) = await on_slack.rows(t.recovery)
    assert recovery["responder"] == dana.id


# --- watching


async def test_an_observer_sees_each_step_and_can_tap_nothing_but_the_tip(on_slack: SlackHarness) -> None:
    await watched_by_omar(on_slack)
    await on_slack.user("dana").tap("I am ready", "1 of 8")
    card = await on_slack.user("omar").guide("2 of 8", "You are observing. dana leads the recovery.")
    assert labels(card) == ["Send…", "Stop observing"]


async def test_a_tip_reaches_the_responder_as_a_nudge_beside_the_guide(on_slack: SlackHarness) -> None:
    await watched_by_omar(on_slack)
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    await omar.fill(
        "Send…", {"Only the person who leads the recovery can read it": "Ask about <Monday>"}, "You are observing."
    )
    guide = await dana.guide("1 of 8")
    (tip,) = await dana.nudges()
    assert tip == f"<@{dana.id}>\nTip from omar: Ask about <Monday>"
    (nudge,) = await on_slack.shim.wait_for("chat.postMessage", 1, lambda call: "Monday" in str(call.arguments))
    assert (nudge.arguments["channel"], nudge.arguments["thread_ts"]) == (guide["channel"], guide["ts"])


async def test_who_sent_a_tip_is_told_so(on_slack: SlackHarness) -> None:
    await watched_by_omar(on_slack)
    omar = on_slack.user("omar")
    await omar.fill("Send…", {"Only the person who leads the recovery can read it": "Slower"}, "You are observing.")
    assert "Your tip was sent." in await omar.lines(2)


async def test_an_observer_who_taps_a_responders_button_is_refused(on_slack: SlackHarness) -> None:
    await watched_by_omar(on_slack)
    card = await on_slack.user("dana").guide("1 of 8")
    await on_slack.sender().press("omar", card, "I am ready")
    notice = "You are observing, so only the person who leads the recovery can do that. You can send a private tip."
    assert notice in await on_slack.user("omar").lines(2)


async def test_somebody_else_who_taps_a_button_is_refused(on_slack: SlackHarness) -> None:
    omar = on_slack.user("omar")
    card = await on_slack.user("dana").begin() | {"channel": await omar.workspace.direct("omar")}
    await omar.sender.press("omar", card, "I am ready")
    assert "Only the people in this recovery can do that." in (await omar.lines())[0]


async def test_an_observer_who_was_sent_away_sees_nothing_any_more(on_slack: SlackHarness) -> None:
    await watched_by_omar(on_slack)
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    await dana.press(await dana.open("More", "1 of 8"), "Remove observer")
    gone = await omar.guide("You no longer observe this recovery.")
    assert "Acme" not in words_of(gone)
    await dana.tap("I am ready", "1 of 8")
    await dana.guide("2 of 8")
    assert len(await omar.workspace.received("omar")) == 1
    assert "Acme" not in words_of((await omar.workspace.received("omar"))[0])


async def test_who_was_sent_away_cannot_open_the_recovery(on_slack: SlackHarness) -> None:
    await watched_by_omar(on_slack)
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    card = await omar.guide("You are observing.")
    await dana.press(await dana.open("More", "1 of 8"), "Remove observer")
    await omar.guide("You no longer observe this recovery.")
    await omar.sender.press("omar", card, "Send…")
    assert "Only the people in this recovery can do that." in (await omar.lines(2))[1]
    assert on_slack.shim.of("views.open")[-1].arguments["view"]["callback_id"] == "panel"


INACTIVE: dict[str, dict[str, Any]] = {
    "a deactivated account": {"deleted": True},
    "a deactivated account that Slack calls restricted no more": {"deleted": True, "is_restricted": False},
    "somebody who did not accept the invitation yet": {"is_invited_user": True},
}


@pytest.mark.parametrize("account", INACTIVE)
async def test_nobody_hands_over_to_an_account_that_is_not_in_use(on_slack: SlackHarness, account: str) -> None:
    dana, kim = on_slack.user("dana"), on_slack.user("kim")
    await dana.begin()
    on_slack.amend_user("kim", **INACTIVE[account])
    reply = await dana.fill("Too close to this", {"Who?": "kim"}, "1 of 8")
    sentence = "The account of kim is not in use, so nothing would reach them. Choose another colleague."
    assert reply.json["errors"] == {"person~0": sentence}
    assert sentence in words_of((await dana.type(f"handover <@{kim.id}|kim>")).json)
    assert [row["responder"] for row in await on_slack.rows(t.recovery)] == [dana.id]


async def test_an_account_that_was_deactivated_since_slack_was_last_asked_is_refused(on_slack: SlackHarness) -> None:
    dana, kim = on_slack.user("dana"), on_slack.user("kim")
    await dana.begin()
    await kim.type("help")
    on_slack.amend_user("kim", deleted=True)
    assert "The account of kim is not in use" in words_of((await dana.type(f"handover <@{kim.id}|kim>")).json)


async def test_nobody_invites_a_deactivated_account_to_observe(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    on_slack.amend_user("kim", deleted=True)
    more = await dana.open("More", "1 of 8")
    reply = await dana.submit(await dana.press(more, "Invite an observer"), {"Who?": "kim"})
    assert "is not in use" in reply.json["errors"]["person~0"]
    assert await on_slack.rows(t.observer) == []


async def test_a_colleague_is_handed_the_recovery_while_slack_does_not_answer(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    await dana.begin()
    await omar.type("help")
    on_slack.shim.fail("users.info", Broken(), inf)
    await dana.type(f"handover <@{omar.id}|omar>")
    assert [row["responder"] for row in await on_slack.rows(t.recovery)] == [omar.id]


@pytest.mark.parametrize("id_", ["USLACKBOT", "U0BOTNORTHWIND", "U0NOBODY"])
async def test_nobody_hands_over_to_slackbot_to_the_app_or_to_nobody(on_slack: SlackHarness, id_: str) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    words = words_of((await dana.type(f"handover <@{id_}>")).json)
    assert "Choose a colleague." in words
    assert [row["responder"] for row in await on_slack.rows(t.recovery)] == [dana.id]
