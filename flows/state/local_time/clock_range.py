"""From when to when, as people write it: "9-17", "9am - 5:30pm", "de 9 a 18", "0900-1700", "9 to 5"."""

from dataclasses import dataclass

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 1440
NOON_HOUR = 12
MORNING_STARTS = range(5, 13)
"""Hours at which a day's work begins that is typed without am or pm, and that cannot last until the next morning."""
AFTERNOON_ENDS = range(1, 9)
"""Hours from 1 pm to 8 pm, as typed on a clock of twelve hours."""
HALVES = {"am", "pm"}
NAMED_TIMES = {"noon": "12", "midday": "12", "mediodia": "12"}
MIDNIGHTS = {"midnight", "medianoche"}
RANGE_WORDS = {"-", "to", "till", "til", "until", "a", "al", "hasta"}
BETWEEN_WORDS = {"between": "and", "entre": "y"}
"""Words before a range, with the word that then stands within it."""
ARTICLES = {"la", "las"}
HOUR_WORDS = {"h", "hs", "hr", "hrs", "hour", "hours", "hora", "horas"}
MAX_HOUR_DIGITS = 2
MAX_DIGITS = 4
"""Digits of a time without a separator: "0900"."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time as it was typed. `half`: `am`, `pm` or empty. `has_leading_zero`: written as on a clock of 24 hours."""

    hour: int
    minute: int = 0
    half: str = ""
    has_leading_zero: bool = False

    @property
    def is_of_twelve_hours(self) -> bool:
        """Whether it can be meant for the morning or for the afternoon."""
        return 1 <= self.hour <= NOON_HOUR and not self.half and not self.has_leading_zero

    def minutes(self, half: str = "") -> int:
        """Minutes after midnight, in this half of the day or in the one that was typed."""
        half = half or self.half
        hour = self.hour % NOON_HOUR + (NOON_HOUR if half == "pm" else 0) if half else self.hour
        return hour * MINUTES_PER_HOUR + self.minute


def read_range(tokens: list[str]) -> tuple[int, int, list[str]] | None:
    """Start and end in minutes after midnight, with all tokens that are not of the range; None if there is no range.

    What is missing is supplied like this:
    - `am` or `pm` at one end only: the other end is the nearest that makes a range of less than twelve hours
      (`9-5pm`: 9 to 17, `9am-5`: 9 to 17, `1-5pm`: 13 to 17, `10pm-6`: 22 to 6).
    - Neither: hours are of a day of 24 hours, but from 5 … 12 to an earlier or the same 1 … 8 is until the afternoon
      (`9-5`: 9 to 17; `22-6` is a night shift). An end with a leading zero is always of 24 hours (`09:00-05:00`).
    """
    first = next((i for i, token in enumerate(tokens) if token[0].isdigit() or token in {*NAMED_TIMES, *MIDNIGHTS}), -1)
    if first < 0:
        return None
    before, rest = tokens[:first], tokens[first:]
    start = _read_time(rest)
    if start is None or not _take_link(before, rest):
        return None
    is_midnight = rest[0] in MIDNIGHTS
    end = _read_time(rest)
    if end is None:
        return None
    start_minutes, end_minutes = _minutes_of(start, end)
    if is_midnight:
        end_minutes = MINUTES_PER_DAY
    if max(start_minutes, end_minutes) > MINUTES_PER_DAY or start_minutes in {end_minutes, MINUTES_PER_DAY}:
        return None
    return start_minutes, end_minutes, before + rest


def _take_link(before: list[str], rest: list[str]) -> bool:
    """Take away what links the two times: "to", or "between … and". False if there is no such link, or no end."""
    link = rest.pop(0) if rest else ""
    opening = next((word for word in before if BETWEEN_WORDS.get(word) == link), None)
    if opening:
        before.remove(opening)
    while rest and rest[0] in ARTICLES:
        del rest[0]
    return bool(rest) and (link in RANGE_WORDS or opening is not None)


def _minutes_of(start: ClockTime, end: ClockTime) -> tuple[int, int]:
    if end.half and start.is_of_twelve_hours:
        half = end.half if start.minutes(end.half) < end.minutes() else _other_half(end.half)
        return start.minutes(half), end.minutes()
    if start.half and end.is_of_twelve_hours:
        half = start.half if end.minutes(start.half) > start.minutes() else _other_half(start.half)
        return start.minutes(), end.minutes(half)
    is_until_afternoon = (
        start.hour in MORNING_STARTS
        and end.hour in AFTERNOON_ENDS
        and end.is_of_twelve_hours
        and not start.half
        and end.minutes() <= start.minutes()
    )
    return start.minutes(), end.minutes("pm" if is_until_afternoon else "")


def _other_half(half: str) -> str:
    return "am" if half == "pm" else "pm"


def _read_time(tokens: list[str]) -> ClockTime | None:
    """The time with which the tokens begin. They are taken away."""
    word = tokens.pop(0)
    digits = "0" if word in MIDNIGHTS else NAMED_TIMES.get(word, word)
    if not digits.isdecimal() or len(digits) > MAX_DIGITS:
        return None
    has_separator = len(tokens) > 1 and tokens[0] in {":", ".", "h"} and tokens[1].isdecimal()
    if len(digits) > MAX_HOUR_DIGITS:
        hour, minute = int(digits[:-2]), int(digits[-2:])
    elif has_separator and len(tokens[1]) == MAX_HOUR_DIGITS:
        hour, minute = int(digits), int(tokens[1])
        del tokens[:2]
    else:
        hour, minute = int(digits), 0
    if tokens and tokens[0] in HOUR_WORDS:
        del tokens[0]
    half = _read_half(tokens)
    if minute >= MINUTES_PER_HOUR or (half and not 1 <= hour <= NOON_HOUR):
        return None
    return ClockTime(hour, minute, half, has_leading_zero=digits.startswith("0"))


def _read_half(tokens: list[str]) -> str:
    """`am` or `pm` if the tokens begin with it, also in the form `a.m.`. It is taken away."""
    if tokens and tokens[0] in HALVES:
        return tokens.pop(0)
    letters = [sign for sign in tokens[:4] if sign != "."]
    half = "".join(letters[:2])
    if half not in HALVES or len(letters[0]) != 1:
        return ""
    del tokens[: tokens.index("m") + 1]
    if tokens and tokens[0] == ".":
        del tokens[0]
    return half
