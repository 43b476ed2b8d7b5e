"""When the guide speaks by itself: seldom, and never once it is moot."""

import pytest

from flows.state.effects import ClearTimer, SendPrivateMessage
from flows.state.entries import Commitment, CommitmentState, Fact, Moment
from flows.state.events import (
    ClientWrote,
    CloseRecovery,
    HandOver,
    RemoveEntry,
    ResponderWrote,
    SetQuiet,
    SnoozeNudge,
    TimerDue,
)
from tests.conftest import ANA, BEN, NOON
from tests.flows.rehearsal import HOUR, Rehearsal

LISTENING = "Listening is plenty. A fragment will do for a note."
DUE = "Due within the hour: Ben: a fixed export"
LATE = "This promise is late: Ben: a fixed export"


def promise(due: float | None, state: CommitmentState = CommitmentState.OPEN) -> Commitment:
    return Commitment("Ben", "a fixed export", due, state)


# --- the nudge of a step


def test_a_step_sets_its_nudge_when_it_begins(talk: Rehearsal) -> None:
    talk.tap("ready")
    assert talk.set_timers() == {"nudge": 8}


def test_the_first_step_sets_its_nudge_when_the_talk_begins(talk: Rehearsal) -> None:
    assert talk.set_timers() == {"nudge": 5}


def test_the_nudge_speaks_the_words_of_its_step(talk: Rehearsal) -> None:
    talk.tap("ready")
    assert talk.ring("nudge") == [LISTENING]


def test_a_nudge_must_be_noticed(talk: Rehearsal) -> None:
    talk.ring("nudge")
    assert [effect.is_nudge for effect in talk.effects if isinstance(effect, SendPrivateMessage)] == [True]


def test_a_step_nudges_once(talk: Rehearsal) -> None:
    talk.ring("nudge")
    assert talk.ring("nudge") == []


def test_a_note_after_the_nudge_sets_no_other(talk: Rehearsal) -> None:
    talk.ring("nudge")
    talk.note("facts", Fact("late"))
    assert talk.set_timers() == {}


def test_a_later_stay_at_the_step_may_nudge_again(talk: Rehearsal) -> None:
    talk.ring("nudge")
    talk.tap("ready")
    talk.jump("prepare")
    assert talk.ring("nudge") == ["Whenever you like. One more minute is fine too."]


def test_a_note_postpones_the_nudge(talk: Rehearsal) -> None:
    talk.tap("ready")
    talk.later(6)
    talk.note("facts", Fact("late"))
    assert talk.set_timers() == {"nudge": 8}


def test_removing_a_note_postpones_the_nudge(talk: Rehearsal) -> None:
    note = talk.note("facts", Fact("late"))
    talk.later(4)
    talk.do(RemoveEntry(ANA, note.id))
    assert talk.set_timers() == {"nudge": 5}


def test_the_client_speaking_postpones_the_nudge(talk: Rehearsal) -> None:
    talk.later(4)
    talk.do(ClientWrote("And another thing …"))
    assert talk.set_timers() == {"nudge": 5}


def test_the_responder_speaking_postpones_the_nudge(talk: Rehearsal) -> None:
    talk.later(4)
    talk.do(ResponderWrote(ANA))
    assert talk.set_timers() == {"nudge": 5}


def test_the_client_speaking_after_the_nudge_brings_no_second_one(talk: Rehearsal) -> None:
    talk.ring("nudge")
    talk.do(ClientWrote("And another thing …"))
    assert talk.set_timers() == {}


def test_an_answer_that_stays_postpones_the_nudge(talk: Rehearsal) -> None:
    talk.jump("feelings")
    talk.tap("no_answer")
    assert talk.set_timers() == {"nudge": 3}


def test_the_end_of_the_talk_clears_the_nudge(talk: Rehearsal) -> None:
    assert ClearTimer("nudge") in talk.do(CloseRecovery(ANA))


def test_a_nudge_that_comes_after_the_end_is_silent(talk: Rehearsal) -> None:
    talk.do(CloseRecovery(ANA))
    assert talk.ring("nudge") == []


def test_the_closing_step_never_nudges(talk: Rehearsal) -> None:
    talk.jump("close")
    assert ClearTimer("nudge") in talk.effects


def test_a_nudge_is_told_to_whoever_leads_now(talk: Rehearsal) -> None:
    talk.do(HandOver(ANA, BEN))
    talk.do(TimerDue("nudge"))
    assert (talk.said(BEN), talk.said(ANA)) == (["Whenever you like. One more minute is fine too."], [])


@pytest.mark.parametrize("timer", ["nonsense", "", "due:e9", "late:", "update:e9", "follow:never", "follow:"])
def test_a_timer_about_nothing_is_silent(talk: Rehearsal, timer: str) -> None:
    talk.do(TimerDue(timer))
    assert talk.effects == ()


# --- two minutes, snooze, quiet


def test_two_minutes_bring_one_reminder_after_two_minutes(talk: Rehearsal) -> None:
    talk.tap("two_minutes")
    assert talk.set_timers() == {"nudge": 2}


def test_two_minutes_are_confirmed(talk: Rehearsal) -> None:
    talk.tap("two_minutes")
    assert talk.said() == ["Silent for 2 min. One reminder then."]


def test_after_two_minutes_the_gate_speaks_its_own_words(talk: Rehearsal) -> None:
    talk.tap("two_minutes")
    assert talk.ring("nudge") == ["No hurry. Start when you are ready."]


def test_two_minutes_are_not_moved_by_a_note(talk: Rehearsal) -> None:
    talk.tap("two_minutes")
    talk.later(1)
    talk.note("facts", Fact("late"))
    assert talk.set_timers() == {}


def test_two_minutes_are_forgotten_when_the_talk_goes_on(talk: Rehearsal) -> None:
    talk.taps("two_minutes", "ready")
    assert talk.ring("nudge") == [LISTENING]


def test_after_the_two_minutes_the_step_does_not_nudge_as_well(talk: Rehearsal) -> None:
    talk.tap("two_minutes")
    talk.ring("nudge")
    talk.note("facts", Fact("late"))
    assert (talk.set_timers(), talk.ring("nudge")) == ({}, [])


def test_a_snooze_brings_one_reminder_after_its_minutes(talk: Rehearsal) -> None:
    talk.do(SnoozeNudge(ANA, 15))
    assert talk.set_timers() == {"nudge": 15}


def test_a_snooze_ends_with_its_own_words(talk: Rehearsal) -> None:
    talk.do(SnoozeNudge(ANA, 15))
    assert talk.ring("nudge") == ["Time is up. Ready when you are."]


def test_a_snooze_reminds_once(talk: Rehearsal) -> None:
    talk.do(SnoozeNudge(ANA, 15))
    talk.ring("nudge")
    assert talk.ring("nudge") == []


def test_a_snooze_reminds_even_where_the_step_has_nudged_already(talk: Rehearsal) -> None:
    talk.ring("nudge")
    talk.do(SnoozeNudge(ANA, 5))
    assert talk.ring("nudge") == ["Time is up. Ready when you are."]


def test_a_snooze_does_not_let_the_step_nudge_twice(talk: Rehearsal) -> None:
    talk.ring("nudge")
    talk.do(SnoozeNudge(ANA, 5))
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.do(SetQuiet(ANA, is_quiet=False))
    assert (talk.set_timers(), talk.ring("nudge")) == ({}, [])


def test_a_snooze_is_not_postponed_by_the_client_speaking(talk: Rehearsal) -> None:
    talk.do(SnoozeNudge(ANA, 5))
    talk.do(ClientWrote("And another thing …"))
    assert talk.set_timers() == {}


def test_quiet_clears_the_nudge(talk: Rehearsal) -> None:
    assert ClearTimer("nudge") in talk.do(SetQuiet(ANA, is_quiet=True))


def test_quiet_says_so(talk: Rehearsal) -> None:
    talk.do(SetQuiet(ANA, is_quiet=True))
    assert talk.said() == ["Quiet: no nudges in this talk."]


def test_quiet_lasts_over_the_steps(talk: Rehearsal) -> None:
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.tap("ready")
    assert (talk.set_timers(), talk.ring("nudge")) == ({}, [])


def test_quiet_wins_over_a_snooze_and_says_so(talk: Rehearsal) -> None:
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.do(SnoozeNudge(ANA, 5))
    assert (talk.set_timers(), talk.said()) == (
        {},
        ["Quiet is on, so no reminder will come. Turn it off under More."],
    )


def test_quiet_wins_over_the_two_minutes(talk: Rehearsal) -> None:
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.tap("two_minutes")
    assert (talk.set_timers(), talk.ring("nudge")) == ({}, [])


def test_quiet_ends_a_snooze_that_was_set(talk: Rehearsal) -> None:
    talk.do(SnoozeNudge(ANA, 5))
    talk.do(SetQuiet(ANA, is_quiet=True))
    assert talk.ring("nudge") == []


def test_quiet_off_lets_the_nudge_come_again(talk: Rehearsal) -> None:
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.do(SetQuiet(ANA, is_quiet=False))
    assert talk.set_timers() == {"nudge": 5}


def test_quiet_off_brings_no_second_nudge(talk: Rehearsal) -> None:
    talk.ring("nudge")
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.do(SetQuiet(ANA, is_quiet=False))
    assert (talk.set_timers(), talk.ring("nudge")) == ({}, [])


@pytest.mark.parametrize("kind", ["due", "late"])
def test_quiet_silences_promises_too(talk: Rehearsal, kind: str) -> None:
    made = talk.note("commitment", promise(NOON + HOUR))
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.later(60)
    assert talk.ring(f"{kind}:{made.id}") == []


def test_quiet_silences_the_update(talk: Rehearsal) -> None:
    update = talk.note("next_update", Moment(NOON + HOUR))
    talk.do(SetQuiet(ANA, is_quiet=True))
    assert talk.ring(f"update:{update.id}") == []


def test_quiet_silences_the_follow_up(talk: Rehearsal) -> None:
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.do(CloseRecovery(ANA))
    assert talk.ring("follow:week") == []


def test_a_late_promise_is_late_on_record_even_when_quiet(talk: Rehearsal) -> None:
    made = talk.note("commitment", promise(NOON + HOUR))
    talk.do(SetQuiet(ANA, is_quiet=True))
    talk.later(60)
    talk.ring(f"late:{made.id}")
    assert talk.value(made) == promise(NOON + HOUR, CommitmentState.LATE)
