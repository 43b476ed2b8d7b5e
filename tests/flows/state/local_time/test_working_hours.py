"""When somebody works: what is typed, how it reads, and when it begins next, wherever they are."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.state.local_time.working_hours import (
    ALL_HOURS,
    DEFAULT_HOURS,
    WorkingHours,
    format_hours,
    hours_as_typed,
    next_working_time,
    parse_hours,
)
from flows.wording.localization import Localizer
from tests.examples import examples

WEEKDAYS = (0, 1, 2, 3, 4)
NIGHT = WorkingHours(WEEKDAYS, 22 * 60, 6 * 60)


def at(local: str, zone: str = "Europe/Madrid") -> float:
    """Epoch seconds of a local time."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()


# --- when they begin


@pytest.mark.parametrize("now", ["2027-01-15T08:00", "2027-01-15T12:30", "2027-01-15T17:59:59.9"])
def test_within_the_hours_it_is_now(now: str) -> None:
    assert next_working_time(DEFAULT_HOURS, "Europe/Madrid", at(now)) == at(now)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2027-01-14T07:59:59.9", "2027-01-14T08:00"),
        ("2027-01-14T00:00", "2027-01-14T08:00"),
        ("2027-01-14T18:00", "2027-01-15T08:00"),
        ("2027-01-14T23:59:59", "2027-01-15T08:00"),
        ("2027-01-15T18:00", "2027-01-18T08:00"),  # a Friday
        ("2027-01-16T12:00", "2027-01-18T08:00"),
        ("2027-01-17T23:00", "2027-01-18T08:00"),
    ],
)
def test_outside_the_hours_it_is_when_they_begin_next(now: str, opening: str) -> None:
    assert next_working_time(DEFAULT_HOURS, "Europe/Madrid", at(now)) == at(opening)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2027-01-14T21:59", "2027-01-14T22:00"),
        ("2027-01-14T22:00", "2027-01-14T22:00"),
        ("2027-01-15T05:59", "2027-01-15T05:59"),
        ("2027-01-15T06:00", "2027-01-15T22:00"),
        ("2027-01-16T05:59", "2027-01-16T05:59"),  # a Saturday: the shift is Friday's
        ("2027-01-16T22:30", "2027-01-18T22:00"),
        ("2027-01-18T03:00", "2027-01-18T22:00"),  # a Monday: the shift would be Sunday's
    ],
)
def test_a_night_shift_belongs_to_the_day_on_which_it_starts(now: str, opening: str) -> None:
    assert next_working_time(NIGHT, "Europe/Madrid", at(now)) == at(opening)


def test_one_day_a_week_comes_again_after_a_week() -> None:
    assert next_working_time(WorkingHours((4,), 480, 1080), "UTC", at("2027-01-15T18:00", "UTC")) == at(
        "2027-01-22T08:00", "UTC"
    )


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2027-03-26T19:00", "2027-03-29T08:00"),  # the clock went forward
        ("2027-10-29T19:00", "2027-11-01T08:00"),  # the clock went back
    ],
)
def test_work_begins_by_the_clock_on_the_wall_over_a_change_of_the_clock(now: str, opening: str) -> None:
    assert next_working_time(DEFAULT_HOURS, "Europe/Madrid", at(now)) == at(opening)


def test_work_that_begins_in_the_hour_that_is_left_out_begins_after_it() -> None:
    early = WorkingHours((6,), 150, 600)
    assert next_working_time(early, "Europe/Madrid", at("2027-03-28T00:00")) == at("2027-03-28T03:30")


def test_work_within_the_hour_that_is_left_out_is_on_another_day() -> None:
    short = WorkingHours((0, 6), 150, 180)
    assert next_working_time(short, "Europe/Madrid", at("2027-03-28T00:00")) == at("2027-03-29T02:30")


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia", "UTC"])
def test_always_is_always(zone: str) -> None:
    begin = datetime(2010, 1, 1, tzinfo=ZoneInfo("UTC"))
    moments = ((begin + timedelta(hours=7 * n, seconds=1)).timestamp() for n in range(4000))
    assert all(next_working_time(ALL_HOURS, zone, moment) == moment for moment in moments)


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "Europe", "\x00"])
def test_an_unknown_zone_is_utc(zone: str) -> None:
    assert next_working_time(DEFAULT_HOURS, zone, at("2027-01-14T18:00", "UTC")) == at("2027-01-15T08:00", "UTC")


def test_hours_without_a_day_hold_nothing_back() -> None:
    assert next_working_time(WorkingHours(()), "UTC", 0.0) == 0.0


QUARTER = 15 * 60
ZONES = st.sampled_from(["UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
OFF_THE_CHANGE = st.sampled_from([0, 15, *range(4 * 60, 24 * 60, 15)])
"""Minutes when no clock is changed."""
HOURS = st.builds(
    WorkingHours,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    OFF_THE_CHANGE,
    OFF_THE_CHANGE,
).filter(lambda hours: hours.start != hours.end)


def works(hours: WorkingHours, zone: str, moment: float) -> bool:
    """Whether the clock on the wall says so."""
    local = datetime.fromtimestamp(moment, ZoneInfo(zone))
    minute, today = local.hour * 60 + local.minute, local.weekday()
    if hours.start < hours.end:
        return today in hours.days and hours.start <= minute < hours.end
    late = today in hours.days and minute >= hours.start
    return late or ((today - 1) % 7 in hours.days and minute < hours.end)


@examples(200)
@given(hours=HOURS, zone=ZONES, quarters=st.integers(1_999_000, 2_034_000))
def test_it_is_the_first_moment_at_which_the_clock_on_the_wall_says_so(
    hours: WorkingHours, zone: str, quarters: int
) -> None:
    moment = quarters * QUARTER
    while not works(hours, zone, moment):
        moment += QUARTER
    assert next_working_time(hours, zone, quarters * QUARTER) == moment


# --- what is typed


@pytest.mark.parametrize(
    ("user_text", "hours"),
    [
        ("9-17", WorkingHours(WEEKDAYS, 540, 1020)),
        ("  9 - 17 ", WorkingHours(WEEKDAYS, 540, 1020)),
        ("09:00–17:00", WorkingHours(WEEKDAYS, 540, 1020)),
        ("8:30-18 mon-sat", WorkingHours((0, 1, 2, 3, 4, 5), 510, 1080)),
        ("8.30-18 MON-SAT", WorkingHours((0, 1, 2, 3, 4, 5), 510, 1080)),
        ("mon-sat 8:30-18", WorkingHours((0, 1, 2, 3, 4, 5), 510, 1080)),
        ("22-6 mon,wed,fri", WorkingHours((0, 2, 4), 1320, 360)),
        ("22-6 mon, wed, fri", WorkingHours((0, 2, 4), 1320, 360)),
        ("22-6 fri wed mon", WorkingHours((0, 2, 4), 1320, 360)),
        ("9-17 lun-vie", WorkingHours(WEEKDAYS, 540, 1020)),
        ("9-17 Mié,sáb", WorkingHours((2, 5), 540, 1020)),
        ("9-17 mie,sab", WorkingHours((2, 5), 540, 1020)),
        ("9-17 Monday - Friday", WorkingHours(WEEKDAYS, 540, 1020)),
        ("9-17 lunes-viernes", WorkingHours(WEEKDAYS, 540, 1020)),
        ("9-17 sat-mon", WorkingHours((0, 5, 6), 540, 1020)),
        ("9-17 tue", WorkingHours((1,), 540, 1020)),
        ("9-17 mar", WorkingHours((1,), 540, 1020)),
        ("0-24 sun", WorkingHours((6,), 0, 1440)),
        ("22-0", WorkingHours(WEEKDAYS, 1320, 0)),
        ("9am-5:30pm", WorkingHours(WEEKDAYS, 540, 1050)),
        ("12pm-12am", WorkingHours(WEEKDAYS, 720, 0)),
        ("always", ALL_HOURS),
        ("ALWAYS ", ALL_HOURS),
        ("siempre", ALL_HOURS),
        ("0-24 mon-sun", ALL_HOURS),
    ],
)
def test_hours_are_understood(user_text: str, hours: WorkingHours) -> None:
    assert parse_hours(user_text) == hours


@pytest.mark.parametrize(
    "user_text",
    [
        "",
        "Ltd",
        "24",
        "9",
        "mon-fri",
        "9-25",
        "9-24:30",
        "9:60-17",
        "24-6",
        "9-9",
        "9-17 foo",
        "9-17 mo",
        "9-17 mon-",
        "9-17 always",
        "9-17 10-18",
        "-9-17",
        "9-17-18",
        "13pm-5pm",
        "0am-5pm",
        "never",
        "9–17 mon–🦄",
    ],
)
def test_what_is_no_hours_is_not_taken_for_them(user_text: str) -> None:
    assert parse_hours(user_text) is None


# --- how they read


@pytest.mark.parametrize(
    ("hours", "language", "line"),
    [
        (DEFAULT_HOURS, "en", "Mon–Fri 08:00–18:00"),
        (DEFAULT_HOURS, "es", "lun–vie 08:00–18:00"),
        (NIGHT, "en", "Mon–Fri 22:00–06:00"),
        (WorkingHours((0, 2, 4), 510, 1440), "en", "Mon, Wed, Fri 08:30–24:00"),
        (WorkingHours((0, 2, 5, 6), 0, 60), "es", "lun, mié, sáb–dom 00:00–01:00"),
        (ALL_HOURS, "en", "at any time"),
        (ALL_HOURS, "es", "a cualquier hora"),
    ],
)
def test_hours_read_as_a_short_line(localizer: Localizer, hours: WorkingHours, language: str, line: str) -> None:
    assert Localizer(localizer.catalog, language).format_hours(hours) == line


@examples(100)
@given(hours=HOURS, language=st.sampled_from(["en", "es"]))
def test_what_is_shown_can_be_typed(hours: WorkingHours, language: str) -> None:
    assert parse_hours(format_hours(hours, language)) == hours


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_command_says_what_they_are_and_how_to_change_them(localizer: Localizer, language: str) -> None:
    help_text = Localizer(localizer.catalog, language).text("command.hours", hours="HOURS", timezone="ZONE")
    assert "HOURS (ZONE)" in help_text
    examples = re.findall(r"/trust-recover hours ([\w-]+(?: \w{3}-\w{3})?)", help_text)
    assert [parse_hours(hours) for hours in examples] == [WorkingHours(WEEKDAYS, 540, 1020), ALL_HOURS]


@pytest.mark.parametrize("zone", ["", "Mars/Base"])
def test_times_are_shown_in_utc_where_the_zone_is_unknown(localizer: Localizer, zone: str) -> None:
    assert Localizer(localizer.catalog, "en", zone).local_iso_time(at("2027-01-15T08:00", "UTC")) == "2027-01-15T08:00"


@pytest.mark.parametrize(
    "user_text", ["always", "9-17", "8:30-18 mon-sat", "22-6 mon,wed,sun", "9-10 sat-mon", "7-15 tue"]
)
def test_hours_are_written_as_they_could_be_typed(user_text: str) -> None:
    hours = parse_hours(user_text)
    assert hours
    assert parse_hours(hours_as_typed(hours)) == hours
