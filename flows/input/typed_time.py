"""Times as people type them: "tue 4pm", "mañana a las 10", "in 2 hours", "friday noon".

The time of day is read here, and a date of the calendar by dateparser, which alone would take "friday 12" for the 12th
and "tomorrow 10" for the time of now. A day without a time means the end of its working day. What is not certain is not
guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from dateparser import parse as parse_date

from flows.limits import MAX_NAME_CHARACTERS
from flows.state.local_time.time_zones import time_zone
from flows.text import fold_text
from flows.wording.languages import SHARED_LANGUAGES, match_language

END_OF_DAY = time(17)
"""The time of a day that is named without one."""
MAX_DAYS_BACK = 90
"""A day and month that are gone for fewer days are meant as they stand, not for the next year."""
FIRST_MORNING_HOUR = 7
"""An hour before it is one of the afternoon, unless it is typed with "am" or a zero: "at 4", "a las 4 y media"."""
HOURS_A_DAY, MINUTES_AN_HOUR, NOON = 24, 60, 12

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "un": 1,
    "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "diez": 10,
}  # fmt: skip
_NUMBER_WORDS = "|".join(_NUMBERS)
_FILLERS = re.compile(
    r"\b(?:by|before|on|until|til|till|at the latest|latest|no later than|for|around|about|el|la|para|antes del?|hasta"
    r"|a mas tardar|sobre|next|this|coming|proxim[oa]|que viene|este|esta)\b"
)
_REPLACEMENTS = (
    (re.compile(r"\b([ap])\.? ?m\b\.?"), r"\1m"),
    (re.compile(r"\b(?:tmrw|tmr|tomorow|tommorow|tomorrow)\b"), "tomorrow"),
    (re.compile(r"\bday after tomorrow\b|\bpasado manana\b"), "+2days"),
    (re.compile(r"\b(?:half an hour|media hora)\b"), "30 min"),
    (re.compile(r"\b(?:an?|one|una?) hour and a half\b|\b(?:una )?hora y media\b"), "90 min"),
    (re.compile(r"\bmidday\b|\b(?:al? )?medio ?dia\b|\bnoon\b"), "12:00"),
    (
        re.compile(
            r"\b(?:eod|eob|cob|end of (?:the )?(?:business )?day|close of business|(?:al )?fin(?:al)? del dia)\b"
        ),
        "17:00",
    ),
    (re.compile(r"\btonight\b|\besta noche\b"), "today 20:00"),
    (re.compile(r"\b(?:this afternoon|esta tarde)\b"), "today 17:00"),
    (re.compile(r"\b(?:this morning|esta manana)\b"), "today 12:00"),
    (re.compile(r"\b(?:in the )?morning\b|\bpor la manana\b"), "10:00"),
    (re.compile(r"\b(?:in the )?afternoon\b|\bpor la tarde\b"), "17:00"),
    (re.compile(r"\b(?:in the )?evening\b|\bpor la noche\b"), "20:00"),
)
_HALF = r"(?:\s*(?P<half>am|pm|de la manana|de la tarde|de la noche))"
_AT = r"(?:(?:at|a las?|las|@)\s*)"
_CLOCK = r"(?:h|hs|hrs|horas|o'?clock)"
_DAY_ENDS = (
    "today tomorrow hoy manana mon tue tues wed thu thur thurs fri sat sun day lun mie jue vie sab dom unes artes oles"
    " eves rnes bado ingo"
)
_BEHIND_DAY = "|".join(rf"(?<={end})" for end in _DAY_ENDS.split())
_CLOCK_TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w){_AT}?(?P<hour>\d{{1,2}})[:.h](?P<minute>\d{{2}}){_HALF}?\s*{_CLOCK}?(?![\d./])",
        rf"(?<!\w){_AT}?(?P<hour>\d{{1,2}}){_HALF}(?!\w)",
        rf"(?<!\w){_AT}(?P<hour>\d{{1,2}})(?:\s+y\s+(?P<words>media|cuarto))?(?:\s*{_CLOCK})?(?![\d:/])",
        rf"\b(?P<hour>\d{{1,2}})\s*{_CLOCK}\b",
        rf"(?:{_BEHIND_DAY})\s+(?P<hour>\d{{1,2}})$",
        r"^(?P<hour>\d{2})(?P<minute>\d{2})$",
    )
)
_SPAN = re.compile(
    rf"^(?:in|within|en|dentro de)\s+(?P<count>\d{{1,3}}|{_NUMBER_WORDS})\s*"
    r"(?P<unit>min(?:ute|uto)?s?|m|h|hs|hours?|horas?|hrs?|days?|dias?|weeks?|semanas?)$"
)
_BARE_SPAN = re.compile(r"^(?P<count>\d{1,3})\s*(?P<unit>min(?:ute|uto)?s?|hours?|horas?)$")
_SHORT_DATE = re.compile(r"^(\d{1,2})[/.-](\d{1,2})(?:[/.-]\d{2,4})?$")
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}")
_LEFT_OUT = re.compile(r"\s*(?:…|\.{3})")
"""Begins a text whose day was left out: "… 16:30"."""
_YEAR = re.compile(r"\d{4}|[/.-]\d{1,2}[/.-]\d{2}$")
_WEEKDAYS = re.compile(
    r"^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom)[a-z]*\.?$|^(?:martes|miercoles)$"
)
_MONTH_WORD = re.compile(r"^mar(?:ch|zo)$")
_TODAY = frozenset({"", "today", "hoy"})
_TOMORROW = frozenset({"tomorrow", "manana"})
_WEEKDAY_NUMBERS = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "lun": 0, "mar": 1, "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6,
}  # fmt: skip


class TimeProblem(StrEnum):
    """Why a typed time is no time: it is not understood, or it can mean two days."""

    UNCLEAR = "unclear"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class _Clock:
    """Now, where the person is."""

    local: datetime

    def at(self, day: datetime, clock_time: time) -> datetime:
        """A time on that day. Where clocks are put forward over it, the time after."""
        return datetime.combine(day.date(), clock_time, self.local.tzinfo)


def parse_typed_time(text: str, now: float, timezone: str, language: str) -> float | TimeProblem:
    """The time that was meant, in epoch seconds; it may be in the past. Else what is wrong with the text.

    `language`: of the person; the other languages of ours are understood too. A time alone, or a weekday, is the next
    one. "4/5" is the 4th of May in Spanish and can be two days in English.
    """
    if len(text) > MAX_NAME_CHARACTERS or _LEFT_OUT.match(text):
        return TimeProblem.UNCLEAR
    clock = _Clock(datetime.fromtimestamp(now, UTC).astimezone(time_zone(timezone)))
    words = _normalize(text)
    try:
        return _meaning(words, clock, language)
    except (ValueError, OverflowError):  # a day or a year that no calendar has
        return TimeProblem.UNCLEAR


def _meaning(words: str, clock: _Clock, language: str) -> float | TimeProblem:
    if _ISO_DATE.match(words):  # what is right in this form was read before
        return TimeProblem.UNCLEAR
    if (span := _SPAN.match(words) or _BARE_SPAN.match(words)) is not None:
        return _after_span(span, clock).timestamp()
    clock_time, words = _take_clock_time(words)
    if isinstance(clock_time, TimeProblem):
        return clock_time
    day_words = " ".join(_FILLERS.sub(" ", words).replace(",", " ").split()).strip(" .-")
    if clock_time is None and not day_words:
        return TimeProblem.UNCLEAR
    time_of_day = clock_time or END_OF_DAY
    day = _day(day_words, time_of_day, clock, language)
    return day if isinstance(day, TimeProblem) else clock.at(day, time_of_day).timestamp()


def _normalize(text: str) -> str:
    """Small letters without accents, one space between words, and one way to say the same."""
    words = " ".join(fold_text(text).split()).strip(" .,;!?¡¿")
    for pattern, replacement in _REPLACEMENTS:
        words = pattern.sub(replacement, words)
    return words


def _after_span(span: "re.Match[str]", clock: _Clock) -> datetime:
    """So many minutes or hours from now; so many days from now at the end of that day."""
    count_text, unit = span["count"], span["unit"]
    count = int(count_text) if count_text.isdecimal() else _NUMBERS[count_text]
    if unit.startswith("m"):
        return _later(clock, timedelta(minutes=count))
    if unit.startswith("h"):
        return _later(clock, timedelta(hours=count))
    days = count * 7 if unit.startswith(("w", "s")) else count
    return clock.at(clock.local + timedelta(days), END_OF_DAY)


def _later(clock: _Clock, span: timedelta) -> datetime:
    """So much later in real time, also over a change of the clocks."""
    return (clock.local.astimezone(UTC) + span).astimezone(clock.local.tzinfo)


def _take_clock_time(words: str) -> tuple[time | TimeProblem | None, str]:
    """The time of day in the text, and the text without it."""
    for pattern in _CLOCK_TIMES:
        match = pattern.search(words)
        if match is not None:
            return _clock_time(match), f"{words[: match.start()]} {words[match.end() :]}"
    return None, words


def _clock_time(match: "re.Match[str]") -> time | TimeProblem:
    parts = match.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    minute = {"media": 30, "cuarto": 15}.get(parts.get("words") or "", minute)
    half = parts.get("half") or ""
    if half in {"pm", "de la tarde", "de la noche"} and hour < NOON:
        hour += NOON
    elif half == "am" and hour == NOON:
        hour = 0
    elif not half and 0 < hour < FIRST_MORNING_HOUR and not parts["hour"].startswith("0"):
        hour += NOON
    is_time = hour < HOURS_A_DAY and minute < MINUTES_AN_HOUR
    return time(hour, minute) if is_time else TimeProblem.UNCLEAR


def _day(words: str, time_of_day: time, clock: _Clock, language: str) -> datetime | TimeProblem:
    """Which day is meant. A weekday is the next one on which the time is still to come."""
    if words in _TODAY:
        is_over = not words and clock.at(clock.local, time_of_day) <= clock.local
        return clock.local + timedelta(days=is_over)
    if words in _TOMORROW:
        return clock.local + timedelta(1)
    if words == "+2days":
        return clock.local + timedelta(2)
    if _WEEKDAYS.match(words) and not _MONTH_WORD.match(words):
        number = _WEEKDAY_NUMBERS[words[:3]]
        days = (number - clock.local.weekday()) % 7
        is_over = days == 0 and clock.at(clock.local, time_of_day) <= clock.local
        return clock.local + timedelta(days + 7 * is_over)
    return _date(words, clock, language)


def _date(words: str, clock: _Clock, language: str) -> datetime | TimeProblem:
    """A day of the calendar, as dateparser reads it."""
    language = match_language(language)
    short_date = _SHORT_DATE.match(words)
    if short_date is None and not (any(c.isdigit() for c in words) and any(c.isalpha() or c in "-/." for c in words)):
        return TimeProblem.UNCLEAR
    if short_date and language == "en" and short_date[1] != short_date[2] and _can_be_month(*short_date.groups()):
        return TimeProblem.AMBIGUOUS
    is_month_first = short_date is not None and language == "en" and int(short_date[2]) > NOON
    settings = {
        "DATE_ORDER": "MDY" if is_month_first else "DMY",
        "RELATIVE_BASE": clock.local.replace(tzinfo=None),
        "PREFER_DATES_FROM": "current_period",
        "REQUIRE_PARTS": ["day", "month"],
        "TIMEZONE": "UTC",
    }
    languages = [language, *(other for other in SHARED_LANGUAGES if other != language)]
    order = [[one] for one in languages]
    days = (parse_date(words, languages=one, settings=settings) for one in order)
    day: datetime | None = next(filter(None, days), None)
    if day is None:
        return TimeProblem.UNCLEAR
    is_over = day.date() < clock.local.date() - timedelta(MAX_DAYS_BACK)
    if is_over and not _YEAR.search(words):
        return day.replace(year=day.year + 1)
    return day


def _can_be_month(first: str, second: str) -> bool:
    return int(first) <= NOON and int(second) <= NOON
