"""What was promised for a time: commitments, updates, and the questions after the close."""

from dataclasses import replace

import pytest

from flows.state.effects import ClearTimer, PostLineToThread, SaveEntry, SetTimer
from flows.state.entries import Commitment, CommitmentState, Moment
from flows.state.events import ClientWrote, CloseRecovery, ReopenRecovery
from flows.state.record_events import EditEntry, RecordEntry, RemoveEntry
from tests.conftest import ANA, NOON
from tests.flows.recovery_driver import DAY, HOUR, RecoveryDriver

LISTENING = "Acme: Listening is plenty. A fragment will do for a note."
DUE = "Acme, due within an hour: a fixed export (Ben)"
LATE = "Acme, this promise is late: a fixed export (Ben)"


def promise(due: float | None, state: CommitmentState = CommitmentState.OPEN) -> Commitment:
    return Commitment("Ben", "a fixed export.", due, state)


# --- promises


def test_a_promise_is_nudged_an_hour_before_and_when_it_is_due(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    assert driver.set_timers() == {f"due:{commitment.id}": 23 * 60, f"late:{commitment.id}": 24 * 60, "nudge": 5}


def test_a_promise_within_the_hour_is_nudged_when_it_is_due_only(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR / 2))
    assert driver.set_timers() == {f"late:{commitment.id}": 30, "nudge": 5}


def test_a_promise_without_a_date_is_not_nudged(driver: RecoveryDriver) -> None:
    driver.note("commitment", promise(None))
    assert driver.set_timers() == {"nudge": 5}


def test_a_promise_is_called_to_mind_before_it_is_due(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    assert driver.ring(f"due:{commitment.id}") == [DUE]


def test_a_promise_that_is_called_to_mind_stays_open(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    driver.ring(f"due:{commitment.id}")
    assert driver.value(commitment) == promise(NOON + DAY)


def test_a_late_promise_is_told(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.later(60)
    assert driver.ring(f"late:{commitment.id}") == [LATE]


def test_a_late_promise_is_late_on_record(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.later(60)
    driver.ring(f"late:{commitment.id}")
    assert [effect.entry.value for effect in driver.effects if isinstance(effect, SaveEntry)] == [
        promise(NOON + HOUR, CommitmentState.LATE)
    ]


def test_a_late_promise_is_told_once(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.later(60)
    driver.ring(f"late:{commitment.id}")
    assert driver.ring(f"late:{commitment.id}") == []


def test_a_late_timer_that_comes_too_early_is_silent(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.later(59)
    assert (driver.ring(f"late:{commitment.id}"), driver.value(commitment)) == ([], promise(NOON + HOUR))


@pytest.mark.parametrize("state", [CommitmentState.KEPT, CommitmentState.DROPPED])
@pytest.mark.parametrize("kind", ["due", "late"])
def test_a_promise_that_is_settled_is_not_nudged(driver: RecoveryDriver, kind: str, state: CommitmentState) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.do(EditEntry(ANA, commitment.id, promise(NOON + HOUR, state)))
    driver.later(60)
    assert driver.ring(f"{kind}:{commitment.id}") == []


@pytest.mark.parametrize("state", [CommitmentState.KEPT, CommitmentState.DROPPED])
def test_settling_a_promise_clears_its_timers(driver: RecoveryDriver, state: CommitmentState) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    driver.do(EditEntry(ANA, commitment.id, promise(NOON + DAY, state)))
    assert {ClearTimer(f"due:{commitment.id}"), ClearTimer(f"late:{commitment.id}")} <= set(driver.effects)


def test_another_date_moves_both_timers(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    driver.do(EditEntry(ANA, commitment.id, promise(NOON + 2 * DAY)))
    assert driver.set_timers() == {f"due:{commitment.id}": 47 * 60, f"late:{commitment.id}": 48 * 60, "nudge": 5}


def test_an_earlier_date_within_the_hour_clears_the_first_timer(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    driver.do(EditEntry(ANA, commitment.id, promise(NOON + HOUR / 2)))
    assert ClearTimer(f"due:{commitment.id}") in driver.effects


def test_taking_the_date_away_clears_both_timers(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    driver.do(EditEntry(ANA, commitment.id, promise(None)))
    assert {ClearTimer(f"due:{commitment.id}"), ClearTimer(f"late:{commitment.id}")} <= set(driver.effects)


def test_a_late_promise_with_a_later_date_is_open_again(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR, CommitmentState.LATE))
    driver.do(EditEntry(ANA, commitment.id, promise(NOON + DAY, CommitmentState.LATE)))
    assert driver.value(commitment) == promise(NOON + DAY)


def test_a_late_promise_with_a_later_date_is_nudged_again(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR, CommitmentState.LATE))
    driver.do(EditEntry(ANA, commitment.id, promise(NOON + DAY, CommitmentState.LATE)))
    assert driver.set_timers() == {f"due:{commitment.id}": 23 * 60, f"late:{commitment.id}": 24 * 60, "nudge": 5}


def test_removing_a_promise_clears_its_timers(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    driver.do(RemoveEntry(ANA, commitment.id))
    assert {ClearTimer(f"due:{commitment.id}"), ClearTimer(f"late:{commitment.id}")} <= set(driver.effects)


def test_the_timer_of_a_removed_promise_is_silent(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.do(RemoveEntry(ANA, commitment.id))
    driver.later(60)
    assert driver.ring(f"late:{commitment.id}") == []


def test_promises_are_nudged_after_the_recovery_is_closed(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + DAY))
    driver.do(CloseRecovery(ANA))
    assert driver.ring(f"due:{commitment.id}") == [DUE]


def test_a_late_promise_is_not_told_to_the_thread(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.later(60)
    driver.ring(f"late:{commitment.id}")
    assert not [effect for effect in driver.effects if isinstance(effect, PostLineToThread)]


# --- the next update


def test_the_next_update_is_nudged_at_its_time(driver: RecoveryDriver) -> None:
    update = driver.note("next_update", Moment(NOON + DAY))
    assert SetTimer(f"update:{update.id}", NOON + DAY) in driver.effects


def test_the_next_update_is_due_even_if_there_is_no_news(driver: RecoveryDriver) -> None:
    update = driver.note("next_update", Moment(NOON + DAY))
    (text,) = driver.ring(f"update:{update.id}")
    assert text.startswith("You promised Acme an update for Sat 16 Jan 2027, 08:00. No news? Say: “")


def test_another_time_moves_the_update(driver: RecoveryDriver) -> None:
    update = driver.note("next_update", Moment(NOON + DAY))
    driver.do(EditEntry(ANA, update.id, Moment(NOON + 2 * DAY)))
    assert SetTimer(f"update:{update.id}", NOON + 2 * DAY) in driver.effects


def test_a_new_update_clears_the_one_it_replaces(driver: RecoveryDriver) -> None:
    first = driver.note("next_update", Moment(NOON + DAY))
    driver.do(RecordEntry(ANA, "next_update", Moment(NOON + 2 * DAY)))
    assert ClearTimer(f"update:{first.id}") in driver.effects


def test_removing_the_update_clears_its_timer(driver: RecoveryDriver) -> None:
    update = driver.note("next_update", Moment(NOON + DAY))
    assert ClearTimer(f"update:{update.id}") in driver.do(RemoveEntry(ANA, update.id))


def test_an_update_that_was_noted_after_its_time_sets_no_timer(driver: RecoveryDriver) -> None:
    driver.note("next_update", Moment(NOON - HOUR))
    assert driver.set_timers() == {"nudge": 5}


# --- after the close


def test_the_outcome_is_asked_again_after_seven_and_thirty_days(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    assert driver.set_timers() == {"follow:week": 7 * 24 * 60, "follow:month": 30 * 24 * 60}


@pytest.mark.parametrize(
    ("timer", "asked"),
    [
        ("follow:week", "Acme: A week on: still a client? How is their trust now?"),
        ("follow:month", "Acme: A month on: still a client? How is their trust now?"),
    ],
)
def test_a_follow_up_asks_for_the_client_and_the_trust(driver: RecoveryDriver, timer: str, asked: str) -> None:
    driver.do(CloseRecovery(ANA))
    assert driver.ring(timer) == [asked]


def test_reopening_clears_the_follow_ups(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    assert {ClearTimer("follow:week"), ClearTimer("follow:month")} <= set(driver.do(ReopenRecovery(ANA)))


def test_closing_again_counts_the_days_anew(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.do(ReopenRecovery(ANA))
    driver.later(100)
    driver.do(CloseRecovery(ANA))
    assert driver.set_timers() == {"follow:week": 7 * 24 * 60, "follow:month": 30 * 24 * 60}


def test_a_reopened_recovery_nudges_again(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.do(CloseRecovery(ANA))
    driver.do(ReopenRecovery(ANA))
    assert driver.set_timers() == {"nudge": 5}


def test_the_client_speaking_after_the_close_says_only_who_reads_there(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    before = driver.recovery
    driver.do(ClientWrote("Thank you.", "Kim"))
    assert driver.recovery == replace(before, client_wrote_at=driver.now, client_name="Kim")
    assert driver.effects == ()
