"""When somebody works. Outside of these hours the guide sends no nudges."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

MINUTES_PER_DAY = 1440
DAYS_PER_WEEK = 7
NOON_HOUR = 12
MIN_DAY_LETTERS = 3
"""Letters of a day's name that must be typed: "mon", "lun"."""
INPUT_LANGUAGES = ("en", "es")
"""The languages in which days can be typed."""

_TIMES = re.compile(r"(\d{1,2})(?:[:.](\d\d))?([ap]m)?-(\d{1,2})(?:[:.](\d\d))?([ap]m)?")


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
ALL_HOURS = WorkingHours(tuple(range(DAYS_PER_WEEK)), 0, MINUTES_PER_DAY)


def next_working_time(hours: WorkingHours, timezone: str, now: float) -> float:
    """`now` (epoch seconds) if it is within the working hours, else the time when they begin next.

    `timezone` is an IANA name; an unknown name counts as UTC. Working hours without a day hold nothing back.
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


def time_zone(timezone: str) -> tzinfo:
    """The time zone of this IANA name; UTC for an unknown name."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):  # not in the database, not a possible name, or the name of a folder
        return UTC


def parse_hours(text: str) -> WorkingHours | None:
    """The working hours that were typed, such as `9-17`, `8:30-18 mon-sat` or `always`; None if they are not valid.

    Days are in English or Spanish, three letters or more of each name; without any, Monday to Friday.
    """
    normalized_text = _normalize(text)
    if normalized_text in {"always", "siempre"}:
        return ALL_HOURS
    time_words = [word for word in normalized_text.split() if word[0].isdigit()]
    day_words = [word for word in normalized_text.split() if not word[0].isdigit()]
    match = _TIMES.fullmatch(time_words[0]) if len(time_words) == 1 else None
    if match is None:
        return None
    start, end = _minutes_after_midnight(*match.group(1, 2, 3)), _minutes_after_midnight(*match.group(4, 5, 6))
    days = _parse_days(",".join(day_words)) if day_words else DEFAULT_HOURS.days
    if start is None or end is None or days is None or start in {end, MINUTES_PER_DAY}:
        return None
    return WorkingHours(days, start, end)


def format_hours(hours: WorkingHours, language: str) -> str:
    """The working hours in a short line: "Mon–Fri 08:00–18:00"."""
    day_names = _day_runs(hours, "abbreviated", language.replace("-", "_"), "–")
    return f"{day_names} {_format_clock(hours.start)}–{_format_clock(hours.end)}"


def hours_as_typed(hours: WorkingHours) -> str:
    """The working hours in the form that `parse_hours` reads: "08:00-18:00 mon-fri"."""
    if hours == ALL_HOURS:
        return "always"
    days = _day_runs(hours, "wide", "en", "-", MIN_DAY_LETTERS).lower()
    return f"{_format_clock(hours.start)}-{_format_clock(hours.end)} {days}"


def _shift(hours: WorkingHours, day: date, zone: tzinfo) -> tuple[float, float]:
    """Start and end of the work that begins on this day, in epoch seconds.

    Minutes are added to the local time, so that work begins at the same hour before and after daylight saving time.
    """
    midnight = datetime.combine(day, time.min, zone)
    length = (hours.end - hours.start) % MINUTES_PER_DAY or MINUTES_PER_DAY
    start = midnight + timedelta(minutes=hours.start)
    return start.timestamp(), (start + timedelta(minutes=length)).timestamp()


def _normalize(text: str) -> str:
    """The text in small letters without accents, with one kind of dash, and no space around dashes and commas."""
    characters = unicodedata.normalize("NFKD", text.casefold())
    without_accents = "".join(character for character in characters if not unicodedata.combining(character))
    return re.sub(r"\s*([-–—,])\s*", lambda match: "," if match[1] == "," else "-", without_accents).strip()


def _minutes_after_midnight(hour: str, minute: str | None, half_of_day: str | None) -> int | None:
    """Minutes after midnight; None if there is no such time. `half_of_day` is `am`, `pm` or None."""
    hours, minutes = int(hour), int(minute or 0)
    if half_of_day and not 1 <= hours <= NOON_HOUR:
        return None
    if half_of_day:
        hours = hours % NOON_HOUR + (NOON_HOUR if half_of_day == "pm" else 0)
    total = hours * 60 + minutes
    return total if total <= MINUTES_PER_DAY and minutes < 60 else None  # noqa: PLR2004 - minutes of an hour


def _parse_days(text: str) -> tuple[int, ...] | None:
    days: set[int] = set()
    for part in text.split(","):
        first_name, separator, last_name = part.partition("-")
        first_day, last_day = _parse_day(first_name), _parse_day(last_name if separator else first_name)
        if first_day is None or last_day is None:
            return None
        days |= {(first_day + offset) % DAYS_PER_WEEK for offset in range((last_day - first_day) % DAYS_PER_WEEK + 1)}
    return tuple(sorted(days))


def _parse_day(name: str) -> int | None:
    if len(name) < MIN_DAY_LETTERS:
        return None
    return next((day for day, day_name in _day_names() if day_name.startswith(name)), None)


@cache
def _day_names() -> tuple[tuple[int, str], ...]:
    days_by_language = (get_day_names("wide", locale=language).items() for language in INPUT_LANGUAGES)
    return tuple((day, _normalize(name)) for names in days_by_language for day, name in names)


def _day_runs(
    hours: WorkingHours, width: Literal["abbreviated", "wide"], locale: str, dash: str, max_letters: int | None = None
) -> str:
    """The days, with consecutive days as a range: "Mon–Fri, Sun"."""
    names = {day: name[:max_letters] for day, name in get_day_names(width, locale=locale).items()}
    runs = [[day for _, day in run] for _, run in groupby(enumerate(hours.days), lambda place: place[1] - place[0])]
    return ", ".join(names[run[0]] if len(run) == 1 else f"{names[run[0]]}{dash}{names[run[-1]]}" for run in runs)


def _format_clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
