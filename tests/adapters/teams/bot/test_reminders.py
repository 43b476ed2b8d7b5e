"""Reminders in the chat: their buttons, and what stands in their place after a tap."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.teams.card_client import Json, labels
from tests.adapters.teams.fake_connector import CHANNEL
from tests.adapters.teams.harness import TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import shown_text
from tests.conftest import NOON, SetClock

pytestmark = pytest.mark.usefixtures("at_once")

THREAD = f"{CHANNEL};messageid=1500000000000"
HOUR, DAY = 3600.0, 86_400.0
DUE = "2027-01-20T10:00"
"""A Wednesday, five days and two hours after the start."""


@pytest.fixture
async def on_the_day(trusted: Path) -> AsyncIterator[tuple[TeamsHarness, TeamsUser, SetClock]]:
    """Dana promised something for 10 o'clock, and it is time to be reminded of it."""
    clock = SetClock(NOON)
    async with teams_harness(f"sqlite:///{trusted}/reminders.db", trusted, clock=clock) as at:
        dana = at.user("dana")
        await dana.type("hours always")
        await dana.begin("Acme", THREAD)
        await dana.more("8 Handle the problem", "1 of 8")
        await dana.fill("Add", {"Does what": "send a checked export", "or type it": DUE}, "8 of 8")
        await dana.tap("Agreed", "8 of 8")
        await at.settled()
        yield at, dana, clock


async def reminder(at: TeamsHarness, dana: TeamsUser, clock: SetClock) -> Json:
    clock.now += 5 * DAY + HOUR
    await at.parts.timers.fire()
    card: Json = (await dana.message("Done", "Move", "send a checked export"))["attachments"][0]["content"]
    return card


async def test_a_reminder_and_home_bring_the_guide_to_the_end_of_the_chat(
    on_the_day: tuple[TeamsHarness, TeamsUser, SetClock],
) -> None:
    at, dana, _ = on_the_day
    reply = await dana.press(await reminder(*on_the_day), "Open guide")
    assert reply.word == "Your guide is now further down, below this message."
    await at.settled()
    assert "Wrap-up" in at.texts_in(dana.chat)[-1]
    await dana.type("home")
    home = next(text for text in reversed(at.texts_in(dana.chat)) if "My open recoveries" in text)
    assert "late: send a checked export" in home or "Acme" in home
    card = (await dana.message("My open recoveries"))["attachments"][0]["content"]
    assert labels(card)[:3] == ["Open guide", "Thread", "More"]
    after = (await dana.press(card, "Open guide")).card
    assert "My open recoveries" in shown_text(after)
    await at.settled()
    assert "Wrap-up" in at.texts_in(dana.chat)[-1]
