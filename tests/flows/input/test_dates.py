"""What a typed date means, in the time zone of the recovery."""

import pytest

from flows.state.entries import Commitment
from tests.conftest import NOON
from tests.flows.input.form_helpers import due, edited, faults, utc
from tests.flows.recovery_driver import HOUR, RecoveryDriver, begin_recovery

# --- dates


@pytest.mark.parametrize(
    "user_text",
    ["2026-02-30", "2027-02-30T10:00", "2027-13-01", "2027-01-20T25:00", "asap", "-1", "1e9"],
)
def test_a_date_that_does_not_exist_is_refused(driver: RecoveryDriver, user_text: str) -> None:
    wanted = f"“{user_text}” is not clear as a time. Write it like this: tue 4pm, tomorrow 10:00, in 2 hours."
    assert faults(driver, "note:next_update", {"when": user_text}) == {"when": wanted}


@pytest.mark.parametrize("user_text", ["9" * 30, "9" * 5000, "²"])
def test_a_number_that_is_no_time_is_refused(driver: RecoveryDriver, user_text: str) -> None:
    assert list(faults(driver, "note:next_update", {"when": user_text})) == ["when"]


def test_a_long_answer_is_not_repeated_at_length(driver: RecoveryDriver) -> None:
    assert len(faults(driver, "note:next_update", {"when": "x" * 10_000})["when"]) < 200


def test_a_date_that_does_not_exist_is_refused_in_a_promise_too(driver: RecoveryDriver) -> None:
    filled = {"who": "Ben", "what": "x", "when": "2026-02-30"}
    assert list(faults(driver, "note:commitment", filled)) == ["when"]


def test_a_date_in_the_past_is_refused_and_read_back(driver: RecoveryDriver) -> None:
    assert faults(driver, "note:next_update", {"when": "2026-01-16T08:00"}) == {
        "when": "Fri 16 Jan 2026, 08:00 is in the past. Pick a later time."
    }


def test_a_time_that_has_just_passed_is_refused(driver: RecoveryDriver) -> None:
    assert list(faults(driver, "note:next_update", {"when": str(int(NOON - 1))})) == ["when"]


def test_a_time_can_be_given_in_epoch_seconds(driver: RecoveryDriver) -> None:
    assert due(driver, "1800003600") == NOON + HOUR


def test_epoch_seconds_are_the_same_in_every_zone() -> None:
    assert due(begin_recovery(timezone="Asia/Tokyo"), "1800003600") == NOON + HOUR


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("UTC", "2027-03-01T16:00"),
        ("Europe/Madrid", "2027-03-01T15:00"),
        ("America/Los_Angeles", "2027-03-02T00:00"),
        ("Asia/Kolkata", "2027-03-01T10:30"),
        ("Pacific/Auckland", "2027-03-01T03:00"),
    ],
)
def test_a_local_time_is_one_of_the_recoveries_zone(zone: str, at: str) -> None:
    assert due(begin_recovery(timezone=zone), "2027-03-01T16:00") == utc(at)


@pytest.mark.parametrize("user_text", ["2027-03-01T16:00+09:00", "2027-03-01T07:00Z", "2027-03-01T07:00+00:00"])
def test_a_time_with_its_own_zone_keeps_it(user_text: str) -> None:
    assert due(begin_recovery(timezone="Europe/Madrid"), user_text) == utc("2027-03-01T07:00")


@pytest.mark.parametrize("day", ["2027-03-01", "20270301", "1 march 2027", "1 mar"])
def test_a_day_alone_means_the_end_of_its_work_in_the_zone(day: str) -> None:
    assert due(begin_recovery(timezone="Europe/Madrid"), day) == utc("2027-03-01T16:00")


def test_a_date_that_can_be_two_days_is_asked_about(driver: RecoveryDriver) -> None:
    assert faults(driver, "note:next_update", {"when": "4/5 10:00"}) == {
        "when": "“4/5 10:00” can mean two days. Write the month as a word, like this: 4 May 10:00."
    }


@pytest.mark.parametrize(
    ("user_text", "at"),
    [
        ("2027-03-28T01:59", "2027-03-28T00:59"),  # the clock goes from 2 to 3 on this night
        ("2027-03-28T03:00", "2027-03-28T01:00"),
        ("2027-03-28T02:30", "2027-03-28T01:30"),  # there is no such time; half past three is meant
        ("2027-10-31T01:30", "2027-10-30T23:30"),  # the clock goes from 3 back to 2
        ("2027-10-31T02:30", "2027-10-31T00:30"),  # comes twice; the first is meant
        ("2027-10-31T03:30", "2027-10-31T02:30"),
    ],
)
def test_the_nights_when_clocks_change_are_counted_rightly(user_text: str, at: str) -> None:
    assert due(begin_recovery(timezone="Europe/Madrid"), user_text) == utc(at)


def test_a_time_that_comes_twice_is_kept_when_nothing_is_changed() -> None:
    driver = begin_recovery(timezone="Europe/Madrid")
    second = utc("2027-10-31T01:30")
    commitment = driver.note("commitment", Commitment("Ben", "x", second))
    filled = {"who": "Ben", "what": "y", "when": driver.localizer.local_iso_time(second)}
    assert edited(driver, commitment.id, filled) == Commitment("Ben", "y", second)


def test_a_time_reads_back_as_it_was_typed() -> None:
    driver = begin_recovery(timezone="America/Los_Angeles")
    assert driver.localizer.local_iso_time(due(driver, "2027-07-01T09:15")) == "2027-07-01T09:15"
