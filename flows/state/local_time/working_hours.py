"""When somebody works. Outside of these hours the guide sends no nudges."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from flows.limits import MAX_NAME_CHARACTERS
from flows.state.local_time.clock_range import MINUTES_PER_DAY, read_range
from flows.state.local_time.time_zones import time_zone
from flows.state.local_time.week_days import ALL_DAYS, DAYS_PER_WEEK, MIN_DAY_LETTERS, format_days, read_days
from flows.text import fold_text

MAX_HOURS_CHARACTERS = MAX_NAME_CHARACTERS
ALWAYS_PHRASES = {"always", "siempre", "24 / 7", "any time", "anytime", "at any time", "a cualquier hora"}
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\S")
"""A number, a word, or a sign."""
_DASHES = re.compile("-+>?")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Working hours. `days`: Monday is 0. `start` and `end`: minutes after local midnight, `end` up to 1440.

    An `end` that is not after `start` is on the next day: a night shift belongs to the day on which it starts.
    """

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    start: int = 480
    end: int = 1080


DEFAULT_HOURS = WorkingHours()
"""The working hours of whoever chose none: Monday to Friday, 8:00 to 18:00."""
ALL_HOURS = WorkingHours(ALL_DAYS, 0, MINUTES_PER_DAY)


def next_working_time(hours: WorkingHours, timezone: str, now: float) -> float:
    """`now` (epoch seconds) if it is within the working hours, else the time when they begin next.

    A `timezone` that there is not counts as UTC. Working hours without a day hold nothing back.
    """
    zone = time_zone(timezone)
    today = datetime.fromtimestamp(now, zone).date()
    for offset in range(-1, DAYS_PER_WEEK + 1):
        day = today + timedelta(days=offset)
        starts_at, ends_at = _shift(hours, day, zone)
        earliest = max(now, starts_at)
        if day.weekday() in hours.days and earliest < ends_at:
            return earliest
    return now


def parse_hours(text: str) -> WorkingHours | None:
    """The working hours that were typed, such as `9-17`, `8:30-18 mon-sat` or `always`; None if they are not valid.

    Days are in English or Spanish, three letters or more of each name; without any, Monday to Friday. How the times are
    read is told at `read_range`. Nothing is passed over: with a word that is not understood, all is invalid.
    """
    if len(text) > MAX_HOURS_CHARACTERS:
        return None
    tokens = _TOKEN.findall(_DASHES.sub("-", fold_text(text)))
    if " ".join(tokens).strip(" .!") in ALWAYS_PHRASES:
        return ALL_HOURS
    time_range = read_range(tokens)
    if time_range is None:
        return None
    start, end, other_tokens = time_range
    days = read_days(other_tokens)
    return None if days is None else WorkingHours(days or DEFAULT_HOURS.days, start, end)


def format_hours(hours: WorkingHours, language: str) -> str:
    """The working hours in a short line: "Mon–Fri 08:00–18:00"."""
    day_names = format_days(hours.days, "abbreviated", language.replace("-", "_"), "–")
    return f"{day_names} {_format_clock(hours.start)}–{_format_clock(hours.end)}"


def hours_as_typed(hours: WorkingHours) -> str:
    """The working hours in the form that `parse_hours` reads: "08:00-18:00 mon-fri"."""
    if hours == ALL_HOURS:
        return "always"
    days = format_days(hours.days, "wide", "en", "-", MIN_DAY_LETTERS).lower()
    return f"{_format_clock(hours.start)}-{_format_clock(hours.end)} {days}"


def _shift(hours: WorkingHours, day: date, zone: tzinfo) -> tuple[float, float]:
    """Start and end of the work that begins on this day, in epoch seconds.

    Minutes are added to the local time, so that work begins at the same hour before and after daylight saving time.
    """
    midnight = datetime.combine(day, time.min, zone)
    length = (hours.end - hours.start) % MINUTES_PER_DAY or MINUTES_PER_DAY
    start = midnight + timedelta(minutes=hours.start)
    return start.timestamp(), (start + timedelta(minutes=length)).timestamp()


def _format_clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
