"""The responder's working hours hold back what the guide says by itself, and lose none of it."""

import pytest

from flows.state import codec
from flows.state.effects import ClearTimer, SaveEntry, SendPrivateMessage, SetTimer, ShowCard
from flows.state.entries import Commitment, CommitmentState, Fact, Moment
from flows.state.events import (
    AddObserver,
    CloseRecovery,
    HandOver,
    ReopenRecovery,
    ResponderWrote,
    SetQuiet,
    SetWorkingHours,
    SnoozeNudge,
    StartRecovery,
)
from flows.state.local_time.working_hours import ALL_HOURS, DEFAULT_HOURS, WorkingHours
from flows.state.record_events import EditEntry, RemoveEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary, PostSummary, PreviewSummary
from tests.conftest import ANA, BEN, NOON, THREAD
from tests.flows.recovery_driver import DAY, HOUR, RecoveryDriver, begin_recovery

LISTENING = "Acme: Listening is plenty. A fragment will do for a note."
BREATHING = "Acme: Whenever you like. One more minute is fine too."
DUE = "Acme, due within an hour: a fixed export (Ben)"
LATE = "Acme, this promise is late: a fixed export (Ben)"
UPDATE = (
    "You promised Acme an update for Fri 15 Jan 2027, 21:00. No news? Say: “I have no news yet, and I'm still on it.”"
)
EVENING = NOON + 12 * HOUR
"""Friday, 20:00 UTC."""
MONDAY = NOON + 3 * DAY
"""Monday, 8:00 UTC."""
AUCKLAND = "Pacific/Auckland"
"""Thirteen hours ahead of UTC in January."""


def promise(due: float, state: CommitmentState = CommitmentState.OPEN) -> Commitment:
    return Commitment("Ben", "a fixed export", due, state)


@pytest.fixture
def evening() -> RecoveryDriver:
    """A recovery that began on a Friday at 8:00, and it is 20:00: nobody has touched it since."""
    driver = begin_recovery()
    driver.tap("ready")
    driver.now = EVENING
    return driver


def held(driver: RecoveryDriver, timer: str) -> bool:
    """Whether this timer, and nothing else, came of the last event, for Monday morning."""
    return driver.effects == (SetTimer(timer, MONDAY),)


# --- what comes by itself


def test_the_nudge_of_a_step_waits_for_the_working_hours(evening: RecoveryDriver) -> None:
    evening.ring("nudge")
    assert held(evening, "nudge")


def test_a_nudge_that_waited_is_spoken_when_they_begin(evening: RecoveryDriver) -> None:
    evening.ring("nudge")
    evening.now = MONDAY
    assert evening.ring("nudge") == [LISTENING]


def test_a_nudge_that_waited_is_spoken_once(evening: RecoveryDriver) -> None:
    evening.ring("nudge")
    evening.now = MONDAY
    evening.ring("nudge")
    assert (evening.ring("nudge"), evening.effects) == ([], ())


def test_a_nudge_that_waited_is_moot_once_the_recovery_is_closed(evening: RecoveryDriver) -> None:
    evening.ring("nudge")
    evening.do(CloseRecovery(ANA))
    evening.now = MONDAY
    assert (evening.ring("nudge"), evening.effects) == ([], ())


def test_a_nudge_that_waits_is_cleared_where_the_next_step_has_none(evening: RecoveryDriver) -> None:
    evening.ring("nudge")
    assert ClearTimer("nudge") in evening.jump("close")


def test_a_nudge_that_waits_gives_way_to_a_snooze(evening: RecoveryDriver) -> None:
    evening.ring("nudge")
    evening.do(SnoozeNudge(ANA, 5))
    assert evening.set_timers() == {"nudge": 5}


def test_a_nudge_in_the_working_hours_is_not_held(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.now = NOON + 9 * HOUR
    assert driver.ring("nudge") == [LISTENING]


def test_who_works_always_is_always_nudged() -> None:
    driver = begin_recovery(hours=ALL_HOURS)
    driver.tap("ready")
    driver.now = EVENING
    assert driver.ring("nudge") == [LISTENING]


def test_the_hours_are_those_of_the_responders_time_zone() -> None:
    driver = begin_recovery(timezone="America/New_York")  # 3:00 there
    driver.later(31)
    driver.ring("nudge")
    assert driver.effects == (SetTimer("nudge", NOON + 5 * HOUR),)


def test_a_promise_is_not_called_to_mind_at_night(evening: RecoveryDriver) -> None:
    commitment = evening.note("commitment", promise(EVENING + 2 * HOUR))
    evening.later(60)
    evening.ring(f"due:{commitment.id}")
    assert held(evening, f"due:{commitment.id}")


def test_a_promise_that_is_still_to_come_when_work_begins_is_called_to_mind_then(evening: RecoveryDriver) -> None:
    commitment = evening.note("commitment", promise(MONDAY + HOUR / 2))
    evening.now = MONDAY - HOUR / 2
    evening.ring(f"due:{commitment.id}")
    evening.now = MONDAY
    assert evening.ring(f"due:{commitment.id}") == [DUE]


def test_a_promise_that_is_over_is_no_longer_called_to_mind(evening: RecoveryDriver) -> None:
    commitment = evening.note("commitment", promise(MONDAY))
    evening.now = MONDAY - HOUR
    evening.ring(f"due:{commitment.id}")
    evening.now = MONDAY
    assert (evening.ring(f"due:{commitment.id}"), evening.ring(f"late:{commitment.id}")) == ([], [LATE])


def test_an_update_waits_for_the_working_hours(evening: RecoveryDriver) -> None:
    update = evening.note("next_update", Moment(EVENING + HOUR))
    evening.later(60)
    evening.ring(f"update:{update.id}")
    assert held(evening, f"update:{update.id}")
    evening.now = MONDAY
    assert evening.ring(f"update:{update.id}") == [UPDATE]


def test_an_update_that_waited_is_moot_once_it_was_removed(evening: RecoveryDriver) -> None:
    update = evening.note("next_update", Moment(EVENING + HOUR))
    evening.later(60)
    evening.ring(f"update:{update.id}")
    assert ClearTimer(f"update:{update.id}") in evening.do(RemoveEntry(ANA, update.id))
    evening.now = MONDAY
    assert evening.ring(f"update:{update.id}") == []


def test_a_follow_up_waits_for_the_working_hours(evening: RecoveryDriver) -> None:
    evening.do(CloseRecovery(ANA))
    evening.later(7 * 24 * 60)
    evening.ring("follow:week")
    assert evening.effects == (SetTimer("follow:week", MONDAY + 7 * DAY),)
    evening.now = MONDAY + 7 * DAY
    assert evening.ring("follow:week") == ["Acme: A week on: still a client? How is their trust now?"]


def test_a_follow_up_that_waited_is_moot_once_the_recovery_is_open_again(evening: RecoveryDriver) -> None:
    evening.do(CloseRecovery(ANA))
    evening.later(7 * 24 * 60)
    evening.ring("follow:week")
    assert ClearTimer("follow:week") in evening.do(ReopenRecovery(ANA))
    assert evening.recovery.deferred_timers == ()


def test_what_waited_speaks_spanish() -> None:
    driver = begin_recovery(language="es", timezone="Europe/Madrid")
    update = driver.note("next_update", Moment(NOON + DAY))
    driver.later(24 * 60)
    driver.ring(f"update:{update.id}")
    driver.now = MONDAY
    (text,) = driver.ring(f"update:{update.id}")
    assert text.startswith("Prometiste noticias a Acme para el sáb 16 ene 2027, 09:00. ¿No hay novedades? Di: “")


def test_what_waits_over_a_change_of_the_clock_comes_at_eight() -> None:
    driver = begin_recovery(timezone="Europe/Madrid")
    saturday = NOON + 71 * DAY  # 2027-03-27 8:00 UTC; in the night the clock goes forward
    update = driver.note("next_update", Moment(saturday))
    driver.now = saturday
    driver.ring(f"update:{update.id}")
    assert driver.effects == (SetTimer(f"update:{update.id}", saturday + 2 * DAY - 2 * HOUR),)


def test_a_night_shift_is_nudged_at_night() -> None:
    driver = begin_recovery(hours=WorkingHours((4,), 22 * 60, 6 * 60))
    driver.tap("ready")
    driver.now = NOON + 21 * HOUR  # Saturday, 5:00
    assert driver.ring("nudge") == [LISTENING]


# --- what is late


def late_at_night(driver: RecoveryDriver) -> str:
    """A promise turned late outside the hours; its timer."""
    commitment = driver.note("commitment", promise(EVENING + HOUR))
    driver.later(60)
    timer = f"late:{commitment.id}"
    driver.ring(timer)
    return timer


def test_a_late_promise_is_late_at_its_time(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    late = promise(EVENING + HOUR, CommitmentState.LATE)
    assert [effect.entry.value for effect in evening.effects if isinstance(effect, SaveEntry)] == [late]
    assert ShowCard(ANA) in evening.effects
    assert SetTimer(timer, MONDAY) in evening.effects


def test_a_late_promise_is_told_when_work_begins(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    assert evening.private_messages() == []
    evening.now = MONDAY
    assert evening.ring(timer) == [LATE]


def test_a_late_promise_that_waited_is_told_once(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.now = MONDAY
    evening.ring(timer)
    assert evening.ring(timer) == []


def test_telling_a_late_promise_changes_nothing_on_record(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.now = MONDAY
    evening.ring(timer)
    assert not [effect for effect in evening.effects if isinstance(effect, SaveEntry | ShowCard)]


@pytest.mark.parametrize("state", [CommitmentState.KEPT, CommitmentState.DROPPED, CommitmentState.LATE])
def test_a_late_promise_that_somebody_saw_meanwhile_is_not_told(
    evening: RecoveryDriver, state: CommitmentState
) -> None:
    timer = late_at_night(evening)
    evening.do(EditEntry(ANA, timer.removeprefix("late:"), promise(EVENING + HOUR, state)))
    assert ClearTimer(timer) in evening.effects
    evening.now = MONDAY
    assert evening.ring(timer) == []


def test_a_late_promise_with_a_later_date_is_told_when_it_is_late_again(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.do(EditEntry(ANA, timer.removeprefix("late:"), promise(MONDAY + HOUR, CommitmentState.LATE)))
    evening.now = MONDAY
    assert evening.ring(timer) == []
    evening.later(60)
    assert (evening.ring(timer), evening.ring(timer)) == ([LATE], [])


# --- somebody who is there anyway


@pytest.mark.parametrize("after", [29, 29.9])
def test_who_moved_on_less_than_half_an_hour_ago_is_nudged(evening: RecoveryDriver, after: float) -> None:
    evening.jump("prepare")
    evening.later(after)
    assert evening.ring("nudge") == [BREATHING]


def test_who_moved_on_half_an_hour_ago_is_not_nudged(evening: RecoveryDriver) -> None:
    evening.jump("prepare")
    evening.later(30)
    evening.ring("nudge")
    assert held(evening, "nudge")


def test_who_noted_something_is_nudged(evening: RecoveryDriver) -> None:
    evening.note("facts", Fact("late"))
    evening.later(8)
    assert evening.ring("nudge") == [LISTENING]


def test_who_changed_an_older_note_is_nudged(evening: RecoveryDriver) -> None:
    evening.now = NOON
    first = evening.note("facts", Fact("late"))
    evening.note("facts", Fact("again"))
    evening.now = EVENING
    evening.do(EditEntry(ANA, first.id, Fact("late, twice")))
    evening.later(8)
    assert evening.ring("nudge") == [LISTENING]


def test_who_wrote_in_the_thread_is_nudged(evening: RecoveryDriver) -> None:
    evening.do(ResponderWrote(ANA))
    evening.later(8)
    assert evening.ring("nudge") == [LISTENING]


def test_who_wrote_in_the_thread_after_the_close_is_there(evening: RecoveryDriver) -> None:
    commitment = evening.note("commitment", promise(EVENING + 2 * HOUR))
    evening.do(CloseRecovery(ANA))
    evening.later(50)
    evening.do(ResponderWrote(ANA))
    evening.later(10)
    assert evening.ring(f"due:{commitment.id}") == [DUE]


def test_a_promise_that_turns_late_is_nothing_that_the_responder_did(evening: RecoveryDriver) -> None:
    late_at_night(evening)
    evening.ring("nudge")
    assert held(evening, "nudge")


# --- what was asked for


def test_a_snooze_ends_at_any_hour(evening: RecoveryDriver) -> None:
    evening.do(SnoozeNudge(ANA, 60))
    evening.later(60)
    assert evening.ring("nudge") == ["Acme: the pause is over. Go on when you are ready."]


def test_two_minutes_end_at_any_hour(evening: RecoveryDriver) -> None:
    evening.jump("prepare")
    evening.tap("two_minutes")
    evening.later(31)
    assert evening.ring("nudge") == ["Acme: No hurry. Start when you are ready."]


def test_a_tip_and_a_hand_over_come_at_any_hour(evening: RecoveryDriver) -> None:
    evening.do(HandOver(ANA, BEN))
    assert [
        effect.is_nudge
        for effect in evening.effects
        if isinstance(effect, SendPrivateMessage) and effect.recipient == BEN
    ] == [True]


# --- quiet


def test_quiet_loses_what_comes_at_night(evening: RecoveryDriver) -> None:
    update = evening.note("next_update", Moment(EVENING + HOUR))
    evening.do(SetQuiet(ANA, is_quiet=True))
    evening.later(60)
    assert (evening.ring(f"update:{update.id}"), evening.effects) == ([], ())


def test_quiet_silences_what_waited(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.do(SetQuiet(ANA, is_quiet=True))
    evening.now = MONDAY
    assert (evening.ring(timer), evening.effects) == ([], ())


def test_quiet_clears_the_nudge_that_waits(evening: RecoveryDriver) -> None:
    evening.ring("nudge")
    assert ClearTimer("nudge") in evening.do(SetQuiet(ANA, is_quiet=True))


# --- other hours, another person


def test_other_hours_are_kept(evening: RecoveryDriver) -> None:
    evening.do(SetWorkingHours(ANA, ALL_HOURS, "Europe/Madrid"))
    assert (evening.recovery.working_hours, evening.recovery.timezone) == (ALL_HOURS, "Europe/Madrid")


def test_other_hours_keep_the_time_zone_if_they_name_none(evening: RecoveryDriver) -> None:
    evening.do(SetWorkingHours(ANA, ALL_HOURS))
    assert evening.recovery.timezone == "UTC"


def test_other_hours_show_nothing(evening: RecoveryDriver) -> None:
    evening.do(SetWorkingHours(ANA, ALL_HOURS))
    assert (evening.private_messages(), evening.card_recipients()) == ([], [])


def test_the_same_hours_again_change_nothing(evening: RecoveryDriver) -> None:
    before = evening.recovery
    assert (evening.do(SetWorkingHours(ANA, DEFAULT_HOURS, "UTC")), evening.recovery is before) == ((), True)


def test_another_time_zone_shows_the_card_with_its_times(evening: RecoveryDriver) -> None:
    evening.do(AddObserver(ANA, BEN))
    evening.do(SetWorkingHours(ANA, DEFAULT_HOURS, "Europe/Madrid"))
    assert evening.card_recipients() == [ANA, BEN]


def test_a_summary_that_was_read_in_another_time_zone_is_read_again_before_it_is_posted(
    evening: RecoveryDriver,
) -> None:
    evening.do(EditSummary(ANA, SummaryVersion.CLIENT, "We call you."))
    evening.do(PreviewSummary(ANA, SummaryVersion.CLIENT))
    visit = evening.recovery.card_revision
    evening.do(SetWorkingHours(ANA, DEFAULT_HOURS, "Europe/Madrid"))
    evening.do(PostSummary(ANA, SummaryVersion.CLIENT, visit))
    assert evening.recovery.versions_in_thread == ()


def test_other_hours_let_go_at_once_of_what_waited(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.do(SetWorkingHours(ANA, ALL_HOURS))
    assert evening.set_timers() == {timer: 0, "nudge": 8}
    assert evening.ring(timer) == [LATE]


def test_what_waits_moves_with_the_hours(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.later(30)
    evening.do(SetWorkingHours(ANA, WorkingHours((5,), 600, 720)))
    assert SetTimer(timer, NOON + DAY + 2 * HOUR) in evening.effects


def test_other_hours_bring_back_nothing_that_is_moot(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.do(RemoveEntry(ANA, timer.removeprefix("late:")))
    evening.do(SetWorkingHours(ANA, ALL_HOURS))
    assert evening.set_timers() == {"nudge": 8}


def test_a_hand_over_brings_the_hours_of_who_leads_now(evening: RecoveryDriver) -> None:
    evening.do(HandOver(ANA, BEN, AUCKLAND, ALL_HOURS))
    assert (evening.recovery.timezone, evening.recovery.working_hours) == (AUCKLAND, ALL_HOURS)


def test_a_hand_over_without_hours_keeps_those_of_the_recovery() -> None:
    driver = begin_recovery(timezone="Europe/Madrid", hours=ALL_HOURS)
    driver.do(HandOver(ANA, BEN))
    assert (driver.recovery.timezone, driver.recovery.working_hours) == ("Europe/Madrid", ALL_HOURS)


def test_who_takes_over_is_nudged_in_their_own_day() -> None:
    driver = begin_recovery()
    driver.now = NOON + 2 * DAY + 15 * HOUR  # Sunday night here, Monday noon in Auckland
    driver.do(HandOver(ANA, BEN, AUCKLAND))
    driver.later(31)
    driver.ring("nudge")
    assert driver.private_messages(BEN) == [BREATHING]


def test_who_takes_over_is_not_nudged_in_their_night(driver: RecoveryDriver) -> None:
    driver.now = NOON + 9 * HOUR  # Friday, 17:00 here, Saturday morning in Auckland
    driver.do(HandOver(ANA, BEN, AUCKLAND))
    driver.later(31)
    driver.ring("nudge")
    assert driver.effects == (SetTimer("nudge", NOON + 2 * DAY + 11 * HOUR),)  # Monday, 8:00 there


def test_that_one_was_there_until_just_now_does_not_count_for_who_takes_over(evening: RecoveryDriver) -> None:
    evening.note("facts", Fact("late"))
    evening.do(ResponderWrote(ANA))
    evening.later(1)
    evening.do(HandOver(ANA, BEN))
    evening.later(8)
    evening.ring("nudge")
    assert held(evening, "nudge")


def test_what_waited_is_told_at_once_to_somebody_who_is_at_work(evening: RecoveryDriver) -> None:
    timer = late_at_night(evening)
    evening.now = NOON + 2 * DAY + 15 * HOUR
    evening.do(HandOver(ANA, BEN, AUCKLAND))
    assert evening.set_timers()[timer] == 0
    evening.ring(timer)
    assert evening.private_messages(BEN) == [LATE]


def test_a_hand_over_begins_the_wait_for_a_nudge_again(driver: RecoveryDriver) -> None:
    driver.later(4)
    driver.do(HandOver(ANA, BEN))
    assert driver.set_timers() == {"nudge": 5}


def test_a_hand_over_after_the_nudge_brings_no_second_one(driver: RecoveryDriver) -> None:
    driver.ring("nudge")
    driver.do(HandOver(ANA, BEN))
    assert driver.set_timers() == {}


# --- what is stored


@pytest.mark.parametrize("hours", [DEFAULT_HOURS, WorkingHours((0, 5), 1320, 360)])
def test_hours_are_stored_with_the_recovery(evening: RecoveryDriver, hours: WorkingHours) -> None:
    evening.do(HandOver(ANA, BEN, AUCKLAND, hours))
    evening.do(ResponderWrote(BEN))
    evening.ring("follow:week")
    assert codec.load_recovery(codec.dump_recovery(evening.recovery)) == evening.recovery


def test_a_recovery_from_before_there_were_hours_has_the_usual_ones(driver: RecoveryDriver) -> None:
    stored = codec.dump_recovery(driver.recovery)
    for name in ("working_hours", "responder_since", "responder_wrote_at", "deferred_timers", "unreachable_people"):
        del stored[name]
    assert codec.load_recovery(stored) == driver.recovery


def test_a_start_from_before_there_were_hours_has_the_usual_ones() -> None:
    start = StartRecovery("r", ANA, "Acme", THREAD, "en")
    stored = codec.dump_event(start)
    del stored["event"]["working_hours"]
    assert codec.load_event(stored) == start


def test_a_hand_over_from_before_there_were_hours_keeps_those_of_the_recovery() -> None:
    stored = codec.dump_event(HandOver(ANA, BEN))
    del stored["event"]["working_hours"], stored["event"]["timezone"]
    assert codec.load_event(stored) == HandOver(ANA, BEN)


def test_working_hours_are_stored() -> None:
    event = SetWorkingHours(ANA, WorkingHours((0, 6), 1320, 360), AUCKLAND)
    assert codec.load_event(codec.dump_event(event)) == event
