"""When the guide speaks by itself: seldom, and never once it is moot."""

import pytest

from flows.screens.reminders import reminder_buttons
from flows.state.effects import ClearTimer, SendPrivateMessage
from flows.state.entries import Commitment, CommitmentState, Fact, Moment
from flows.state.events import ClientWrote, CloseRecovery, HandOver, ResponderWrote, SetQuiet, SnoozeNudge, TimerDue
from flows.state.record_events import RemoveEntry
from tests.conftest import ANA, BEN, NOON
from tests.flows.recovery_driver import HOUR, RecoveryDriver

LISTENING = "Acme: Listening is plenty. A fragment will do for a note."
DUE = "Acme, due within an hour: a fixed export (Ben)"
LATE = "Acme, this promise is late: a fixed export (Ben)"


def promise(due: float | None, state: CommitmentState = CommitmentState.OPEN) -> Commitment:
    return Commitment("Ben", "a fixed export", due, state)


# --- the nudge of a step


def test_a_step_sets_its_nudge_when_it_begins(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    assert driver.set_timers() == {"nudge": 8}


def test_the_first_step_sets_its_nudge_when_the_recovery_begins(driver: RecoveryDriver) -> None:
    assert driver.set_timers() == {"nudge": 5}


def test_the_nudge_speaks_the_words_of_its_step(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    assert driver.ring("nudge") == [LISTENING]


def test_a_nudge_must_be_noticed(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    assert [effect.is_nudge for effect in driver.effects if isinstance(effect, SendPrivateMessage)] == [True]


def test_a_step_nudges_once(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    assert driver.ring("nudge") == []


def test_a_note_after_the_nudge_sets_no_other(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.note("facts", Fact("late"))
    assert driver.set_timers() == {}


def test_a_later_stay_at_the_step_may_nudge_again(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.tap("ready")
    driver.jump("prepare")
    assert driver.ring("nudge") == ["Acme: Whenever you like. One more minute is fine too."]


def test_a_note_postpones_the_nudge(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.later(6)
    driver.note("facts", Fact("late"))
    assert driver.set_timers() == {"nudge": 8}


def test_removing_a_note_postpones_the_nudge(driver: RecoveryDriver) -> None:
    note = driver.note("facts", Fact("late"))
    driver.later(4)
    driver.do(RemoveEntry(ANA, note.id))
    assert driver.set_timers() == {"nudge": 5}


def test_the_client_speaking_postpones_the_nudge(driver: RecoveryDriver) -> None:
    driver.later(4)
    driver.do(ClientWrote("And another thing …"))
    assert driver.set_timers() == {"nudge": 5}


def test_the_responder_speaking_postpones_the_nudge(driver: RecoveryDriver) -> None:
    driver.later(4)
    driver.do(ResponderWrote(ANA))
    assert driver.set_timers() == {"nudge": 5}


def test_the_client_speaking_after_the_nudge_brings_no_second_one(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.do(ClientWrote("And another thing …"))
    assert driver.set_timers() == {}


def test_an_answer_that_stays_postpones_the_nudge(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    driver.tap("no_answer")
    assert driver.set_timers() == {"nudge": 3}


def test_the_end_of_the_recovery_clears_the_nudge(driver: RecoveryDriver) -> None:
    assert ClearTimer("nudge") in driver.do(CloseRecovery(ANA))


def test_a_nudge_that_comes_after_the_end_is_silent(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    assert driver.ring("nudge") == []


def test_the_closing_step_never_nudges(driver: RecoveryDriver) -> None:
    driver.jump("close")
    assert ClearTimer("nudge") in driver.effects


def test_a_nudge_is_told_to_whoever_leads_now(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    driver.do(TimerDue("nudge"))
    assert (driver.private_messages(BEN), driver.private_messages(ANA)) == (
        ["Acme: Whenever you like. One more minute is fine too."],
        [],
    )


@pytest.mark.parametrize("timer", ["nonsense", "", "due:e9", "late:", "update:e9", "follow:never", "follow:"])
def test_a_timer_about_nothing_is_silent(driver: RecoveryDriver, timer: str) -> None:
    driver.do(TimerDue(timer))
    assert driver.effects == ()


# --- two minutes, snooze, quiet


def test_two_minutes_bring_one_reminder_after_two_minutes(driver: RecoveryDriver) -> None:
    driver.tap("two_minutes")
    assert driver.set_timers() == {"nudge": 2}


def test_two_minutes_are_confirmed(driver: RecoveryDriver) -> None:
    driver.tap("two_minutes")
    assert driver.private_messages() == ["No reminders for 2 min. Then one."]


def test_after_two_minutes_the_gate_speaks_its_own_words(driver: RecoveryDriver) -> None:
    driver.tap("two_minutes")
    assert driver.ring("nudge") == ["Acme: No hurry. Start when you are ready."]


def test_two_minutes_are_not_moved_by_a_note(driver: RecoveryDriver) -> None:
    driver.tap("two_minutes")
    driver.later(1)
    driver.note("facts", Fact("late"))
    assert driver.set_timers() == {}


def test_two_minutes_are_forgotten_when_the_recovery_goes_on(driver: RecoveryDriver) -> None:
    driver.taps("two_minutes", "ready")
    assert driver.ring("nudge") == [LISTENING]


def test_after_the_two_minutes_the_step_does_not_nudge_as_well(driver: RecoveryDriver) -> None:
    driver.tap("two_minutes")
    driver.ring("nudge")
    driver.note("facts", Fact("late"))
    assert (driver.set_timers(), driver.ring("nudge")) == ({}, [])


def test_a_snooze_brings_one_reminder_after_its_minutes(driver: RecoveryDriver) -> None:
    driver.do(SnoozeNudge(ANA, 15))
    assert driver.set_timers() == {"nudge": 15}


def test_a_snooze_ends_with_its_own_words(driver: RecoveryDriver) -> None:
    driver.do(SnoozeNudge(ANA, 15))
    assert driver.ring("nudge") == ["Acme: the pause is over. Go on when you are ready."]


def test_a_snooze_reminds_once(driver: RecoveryDriver) -> None:
    driver.do(SnoozeNudge(ANA, 15))
    driver.ring("nudge")
    assert driver.ring("nudge") == []


def test_a_snooze_reminds_even_where_the_step_has_nudged_already(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.do(SnoozeNudge(ANA, 5))
    assert driver.ring("nudge") == ["Acme: the pause is over. Go on when you are ready."]


def test_a_snooze_does_not_let_the_step_nudge_twice(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.do(SnoozeNudge(ANA, 5))
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.do(SetQuiet(ANA, is_quiet=False))
    assert (driver.set_timers(), driver.ring("nudge")) == ({}, [])


def test_a_snooze_is_not_postponed_by_the_client_speaking(driver: RecoveryDriver) -> None:
    driver.do(SnoozeNudge(ANA, 5))
    driver.do(ClientWrote("And another thing …"))
    assert driver.set_timers() == {}


def test_quiet_clears_the_nudge(driver: RecoveryDriver) -> None:
    assert ClearTimer("nudge") in driver.do(SetQuiet(ANA, is_quiet=True))


def test_quiet_says_so(driver: RecoveryDriver) -> None:
    driver.do(SetQuiet(ANA, is_quiet=True))
    assert driver.private_messages() == ["Quiet is on: no reminders in this recovery."]


def test_quiet_lasts_over_the_steps(driver: RecoveryDriver) -> None:
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.tap("ready")
    assert (driver.set_timers(), driver.ring("nudge")) == ({}, [])


def test_quiet_wins_over_a_snooze_and_says_so(driver: RecoveryDriver) -> None:
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.do(SnoozeNudge(ANA, 5))
    assert (driver.set_timers(), driver.private_messages()) == (
        {},
        ["Quiet is on, so no reminder will come. You can turn it off under More."],
    )


def test_quiet_wins_over_the_two_minutes(driver: RecoveryDriver) -> None:
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.tap("two_minutes")
    assert (driver.set_timers(), driver.ring("nudge")) == ({}, [])


def test_quiet_ends_a_snooze_that_was_set(driver: RecoveryDriver) -> None:
    driver.do(SnoozeNudge(ANA, 5))
    driver.do(SetQuiet(ANA, is_quiet=True))
    assert driver.ring("nudge") == []


def test_quiet_off_lets_the_nudge_come_again(driver: RecoveryDriver) -> None:
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.do(SetQuiet(ANA, is_quiet=False))
    assert driver.set_timers() == {"nudge": 5}


def test_quiet_off_brings_no_second_nudge(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.do(SetQuiet(ANA, is_quiet=False))
    assert (driver.set_timers(), driver.ring("nudge")) == ({}, [])


@pytest.mark.parametrize("kind", ["due", "late"])
def test_quiet_silences_promises_too(driver: RecoveryDriver, kind: str) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.later(60)
    assert driver.ring(f"{kind}:{commitment.id}") == []


def test_quiet_silences_the_update(driver: RecoveryDriver) -> None:
    update = driver.note("next_update", Moment(NOON + HOUR))
    driver.do(SetQuiet(ANA, is_quiet=True))
    assert driver.ring(f"update:{update.id}") == []


def test_a_follow_up_is_answered_on_its_reminder(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.ring("follow:month")
    (message,) = (effect for effect in driver.effects if isinstance(effect, SendPrivateMessage))
    buttons = reminder_buttons(driver.flow, driver.recovery, message, driver.localizer)
    assert [button.label for button in buttons] == ["Still a client?", "Trust now (1 none, 5 full)", "Open guide"]
    assert [button.action for button in buttons] == ["open:note:still_client", "open:note:trust_now", "guide"]


def test_quiet_silences_the_follow_up(driver: RecoveryDriver) -> None:
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.do(CloseRecovery(ANA))
    assert driver.ring("follow:week") == []


def test_a_late_promise_is_late_on_record_even_when_quiet(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", promise(NOON + HOUR))
    driver.do(SetQuiet(ANA, is_quiet=True))
    driver.later(60)
    driver.ring(f"late:{commitment.id}")
    assert driver.value(commitment) == promise(NOON + HOUR, CommitmentState.LATE)
