"""What people type on Slack, with everything that phones and copying add to it; and the names that Slack tells."""

import pytest

from bot.storage import tables as t
from flows.limits import MAX_COMMAND_CHARACTERS
from tests.adapters.slack.harness import SlackHarness, words_of
from tests.peers.slack.team import Json

OVERRIDE, POP = "\u202e", "\u202c"


def line(reply: Json) -> str:
    """What the command's answer says, without the link below."""
    return words_of(reply["blocks"][0])


@pytest.mark.parametrize(
    "text", ["status Acme", "Hours nine to five", "hours 25-99", "QUIET please", "handover bob", "stop now.", "help me"]
)
async def test_what_is_not_understood_begins_nothing(on_slack: SlackHarness, text: str) -> None:
    reply = line((await on_slack.user("dana").type(text)).json)
    assert "was not understood, so nothing was done" in reply
    assert f"/trust-recover start {text}" in reply
    assert await on_slack.rows(t.recovery) == []


@pytest.mark.parametrize(
    "text",
    [
        "Start: “Acme”.",
        "start\u00a0Acme",
        "ｓｔａｒｔ　Acme",
        "/trust-recover start Acme",
        "Acme\nI need help here\n",
        "'Acme'",
    ],
)
async def test_noise_around_the_client_is_not_the_client(on_slack: SlackHarness, text: str) -> None:
    dana = on_slack.user("dana")
    await dana.type(text)
    await dana.guide("1 of 8", "Acme")
    assert [row["account"] for row in await on_slack.rows(t.recovery)] == ["Acme"]


async def test_a_command_of_thousands_of_characters_is_answered_with_the_limit(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    for text in ("hours 9" + " " * 24_000 + "x", " ".join(f"<@U{number:09}|a>" for number in range(4_000))):
        answer = await dana.type(text)
        assert answer.status == 200
        assert f"the maximum is {MAX_COMMAND_CHARACTERS:,}" in line(answer.json)
    assert await on_slack.rows(t.recovery) == []


async def test_a_display_name_leaves_no_direction_open(on_slack: SlackHarness) -> None:
    dana, omar = on_slack.user("dana"), on_slack.user("omar")
    on_slack.amend_user("dana", profile={"display_name": f"Dana{OVERRIDE}\n\x1b"})
    await dana.begin("Acme")
    await dana.type(f"handover <@{omar.id}|omar>")
    await omar.guide("1 of 8", "Acme")
    (row,) = await on_slack.rows(t.recovery)
    (observer,) = row["data"]["observers"]
    assert observer["name"] == f"Dana{OVERRIDE}{POP}"


@pytest.mark.parametrize("locale", ["ja-JP", "fj-FJ", "qps-ploc", "", "xx"])
async def test_a_language_that_the_guide_does_not_speak_is_english_throughout(
    on_slack: SlackHarness, locale: str
) -> None:
    on_slack.amend_user("dana", locale=locale, tz="Mars/Base")
    reply = line((await on_slack.user("dana").type("hours 9-5")).json)
    assert "Reminders may come: Mon–Fri 09:00–17:00 (UTC)." in reply
