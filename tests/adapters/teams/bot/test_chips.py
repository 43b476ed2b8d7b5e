"""Choices on the guide: one tap each, and what is typed beside them stays."""

from pathlib import Path

import pytest

from bot.storage import tables as t
from tests.adapters.teams.card_client import Given, Json, action, inputs, labels
from tests.adapters.teams.fake_connector import CHANNEL
from tests.adapters.teams.harness import TeamsHarness, TeamsUser, teams_harness
from tests.adapters.teams.payloads import shown_text

pytestmark = pytest.mark.usefixtures("at_once")

THREAD = f"{CHANNEL};messageid=1500000000000"
OWN_WORD = "Feeling: in your own words"


async def at_step(at: TeamsHarness, step: str) -> TeamsUser:
    dana = at.user("dana")
    await dana.begin("Acme", THREAD)
    await dana.more(step, "1 of 8")
    return dana


def typed(card: Json) -> list[str]:
    return [str(one["value"]) for one in inputs(card) if one["type"] == "Input.Text" and one.get("value")]


async def test_a_feeling_is_chosen_with_one_tap_and_changes_the_phrase(on_teams: TeamsHarness) -> None:
    dana = await at_step(on_teams, "3 Find the feelings")
    card = await dana.tap("○ let down", "3 of 8")
    assert "“It sounds like you felt let down.”" in shown_text(card)
    assert "◉ let down" in labels(card)
    assert [row["text"] for row in await on_teams.rows(t.entry)] == ["let_down"]
    card = await dana.tap("○ angry", "3 of 8", "◉ let down")
    assert "“It sounds like you felt angry.”" in shown_text(card)
    assert "○ let down" in labels(card)
    card = await dana.tap("◉ angry", "3 of 8", "◉ angry")
    assert "How has this been for you?" in shown_text(card)


async def test_what_is_typed_beside_a_chip_is_kept_on_the_card_and_noted_by_the_next_button(
    on_teams: TeamsHarness,
) -> None:
    dana = await at_step(on_teams, "8 Handle the problem")
    chip = next(label for label in labels(await dana.guide("8 of 8")) if label.startswith("○"))
    card = await dana.fill(chip, {"Does what": "send a checked export", "or type it": "2099-01-02T10:00"}, "8 of 8")
    assert chip.replace("○", "◉") in labels(card)
    assert "send a checked export" in typed(card)
    assert "2099-01-02T10:00" in typed(card)
    await on_teams.settled()
    dana.answered = {}
    brought = await dana.guide("8 of 8", chip.replace("○", "◉"))
    assert typed(brought) == typed(card), "the message that follows the tap does not empty it"
    assert [row["field_id"] for row in await on_teams.rows(t.entry)] == ["next_update"]
    await dana.tap("Agreed", "8 of 8")
    assert sorted(row["text"] for row in await on_teams.rows(t.entry) if row["field_id"] == "commitment") == [
        "send a checked export"
    ]
    await on_teams.settled()
    dana.answered = {}
    await dana.more("8 Handle the problem", "Wrap-up")
    assert "send a checked export" not in typed(await dana.guide("8 of 8")), "what was noted is typed no longer"


async def test_a_fact_is_given_back_or_left_out_with_a_tap_on_its_line(on_teams: TeamsHarness) -> None:
    dana = await at_step(on_teams, "2 Get the facts")
    for fact in ("the export was empty", "nobody called"):
        await dana.fill("Add", {"What happened": fact}, "2 of 8")
    dana.answered = {}
    await dana.more("4 Let them know you got it", "2 of 8", "nobody called")
    card = await dana.guide("4 of 8", "☑ the export was empty", "☑ nobody called")
    card = await dana.tap("☑ nobody called", "4 of 8")
    assert "☐ nobody called" in shown_text(card)
    assert "nobody called" not in shown_text(card).partition("They said yes")[0]


# --- taps


class TapCounter:
    """Somebody who taps, and counts: a field to type into is a tap, and so is opening a list and choosing from it."""

    def __init__(self, user: TeamsUser) -> None:
        """Count what this person does."""
        self.user = user
        self.count = 0

    async def tap(self, label: str, *texts: str, answers: dict[str, Given] | None = None) -> Json:
        card = await self.user.guide(*texts)
        self.count += 1 + sum(2 if _is_list(card, name) else 1 for name in answers or {})
        one = action(card, label)
        if one["type"] == "Action.Execute" and "Yes: " in label:
            self.count += 1  # the button that asks back
        self.user.answered = (await self.user.press(card, label, answers)).card
        return self.user.answered


def _is_list(card: Json, label: str) -> bool:
    return any(one["type"] == "Input.ChoiceSet" and one.get("label") == label for one in inputs(card))


async def counting(at: TeamsHarness) -> TapCounter:
    """The client reads the thread: its version is the one to post."""
    at.connector.add("gus", CHANNEL, userRole="guest")
    dana = at.user("dana")
    await dana.begin("Acme", THREAD)
    return TapCounter(dana)


async def finish(at: TeamsHarness, taps: TapCounter) -> None:
    await taps.tap("See the summary", "Wrap-up")
    await taps.tap("Yes: Post client version", "Check the summary. Then post it.")
    await at.settled()
    assert len(at.connector.messages_in(THREAD)) == 1


async def test_a_talk_without_notes_takes_11_taps_at_most(trusted: Path) -> None:
    async with teams_harness(f"sqlite:///{trusted}/taps.db", trusted) as at:
        taps = await counting(at)
        gates = ("I am ready", "All said", "They confirmed", "They said yes", "No, nothing", "Agreed")
        for number, gate in enumerate((*gates, "Took it in", "Agreed"), 1):
            await taps.tap(gate, f"{number} of 8")
        await finish(at, taps)
        assert taps.count <= 11, taps.count


async def test_a_talk_with_notes_takes_24_taps_at_most(trusted: Path) -> None:
    async with teams_harness(f"sqlite:///{trusted}/taps.db", trusted) as at:
        taps = await counting(at)
        await taps.tap("I am ready", "1 of 8")
        label = "What happened"
        await taps.tap("Add", "2 of 8", answers={label: "the export was empty"})
        await taps.tap("All said", "2 of 8", "Noted (1)", answers={label: "nobody called"})
        await taps.tap("○ let down", "3 of 8")
        await taps.tap("They confirmed", "3 of 8", "◉ let down")
        await taps.tap("They said yes", "4 of 8", "nobody called")
        await taps.tap("No, nothing", "5 of 8")
        await taps.tap("Agreed", "6 of 8", answers={"The problem": "Exports fail without a word."})
        await taps.tap("Took it in", "7 of 8")
        update = next(one for one in labels(await taps.user.guide("8 of 8")) if one.startswith("○"))
        await taps.tap(update, "8 of 8")
        promise: dict[str, Given] = {"Does what": "send a checked export", "or type it": "2099-01-02T10:00"}
        await taps.tap("Agreed", "8 of 8", answers=promise)
        await taps.tap("○ Improving", "Wrap-up")
        await finish(at, taps)
        assert taps.count <= 24, taps.count
        notes = sorted(row["field_id"] for row in await at.rows(t.entry))
        assert notes == ["commitment", "facts", "facts", "feeling", "frame", "next_update", "outcome"]
