"""What one tap on the card chooses, and how the phrase follows it."""

import pytest

from flows.screens.chips import fact_chips
from flows.state.entries import Expression, Fact, Feeling, Holder, Moment, Selection
from flows.wording.phrases import phrase
from tests.flows.recovery_driver import HOUR, RecoveryDriver

FACTS = ("You never called us", "The export was empty", "The report was late", "The data was wrong")


def say(driver: RecoveryDriver) -> str:
    return phrase(driver.flow, driver.recovery, driver.now)


def ticked(driver: RecoveryDriver) -> list[str]:
    """The facts that have a tick."""
    rows = fact_chips(driver.flow, driver.recovery, driver.localizer)
    return [chip.label for row in rows for chip in row.chips if chip.is_selected]


@pytest.fixture
def facts(driver: RecoveryDriver) -> list[str]:
    """The client said four things (the ids of their notes), and it is time to give them back."""
    ids = [driver.note("facts", Fact(text)).id for text in FACTS]
    driver.jump("acknowledge")
    return ids


# --- the facts to give back


@pytest.mark.usefixtures("facts")
def test_the_first_fact_and_the_two_newest_are_given_back(driver: RecoveryDriver) -> None:
    assert ticked(driver) == [FACTS[0], FACTS[2], FACTS[3]]
    assert say(driver) == (
        "Let me check I've got this right: we never called you, the report was late, and the data was wrong. "
        "What have I missed?"
    )


def test_each_tick_changes_the_phrase(driver: RecoveryDriver, facts: list[str]) -> None:
    driver.act(f"leave_out:{facts[2]}")
    driver.act(f"leave_out:{facts[3]}")
    assert say(driver) == "Let me check I've got this right: we never called you. What have I missed?"
    driver.act(f"repeat:{facts[1]}")
    assert "we never called you, and the export was empty" in say(driver)


def test_three_are_given_back_at_the_most(driver: RecoveryDriver, facts: list[str]) -> None:
    driver.act(f"repeat:{facts[1]}")
    assert ticked(driver) == [FACTS[1], FACTS[2], FACTS[3]]


def test_without_a_tick_no_fact_is_said(driver: RecoveryDriver, facts: list[str]) -> None:
    for fact in facts:
        driver.act(f"leave_out:{fact}")
    assert ticked(driver) == []
    assert not any(text.casefold() in say(driver).casefold() for text in FACTS)


@pytest.mark.parametrize(
    "fact", [Fact("they hide it", expression=Expression.UNSAID), Fact("we called", holder=Holder.US)]
)
def test_what_the_client_did_not_say_is_not_offered(driver: RecoveryDriver, fact: Fact) -> None:
    driver.note("facts", fact)
    driver.jump("acknowledge")
    assert fact_chips(driver.flow, driver.recovery, driver.localizer) == []


# --- feelings and options


def test_a_feeling_is_in_the_phrase_with_one_tap(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    assert say(driver) == "How has this been for you?"
    assert "( ) let down" in driver.card()
    driver.act("pick:feeling:let_down")
    assert say(driver) == "It sounds like you felt let down."
    driver.act("pick:feeling:ignored")
    assert say(driver) == "It sounds like you felt ignored."
    driver.act("unpick:feeling:ignored")
    assert say(driver) == "How has this been for you?"


def test_a_second_tap_on_a_chip_does_no_harm(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    for _ in range(20):
        driver.act("pick:feeling:ignored")
    assert [entry.value for entry in driver.recovery.entries] == [Feeling("ignored")]


def test_what_they_need_is_chosen_with_taps(driver: RecoveryDriver) -> None:
    driver.jump("repair")
    driver.act("pick:need:time")
    driver.act("pick:need:apology")
    (entry,) = driver.recovery.entries_of("need")
    assert entry.value == Selection(("time", "apology"))
    driver.act("unpick:need:time")
    driver.act("unpick:need:apology")
    assert driver.recovery.entries_of("need") == ()


def test_the_next_update_is_chosen_with_one_tap(driver: RecoveryDriver) -> None:
    driver.jump("resolve")
    assert "( ) Today 17:00" in driver.card()
    driver.act("pick:next_update:today")
    (entry,) = driver.recovery.entries_of("next_update")
    assert entry.value == Moment(driver.now + 9 * HOUR)
