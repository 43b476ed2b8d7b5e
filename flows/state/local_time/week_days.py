"""Days of the week, as people write them and as they are shown: "mon-fri", "lunes a viernes", "weekends"."""

from functools import cache
from itertools import groupby
from typing import Literal

from babel.dates import get_day_names

from flows.text import fold_text

DAYS_PER_WEEK = 7
MIN_DAY_LETTERS = 3
"""Letters of a day's name that must be typed: "mon", "lun"."""
INPUT_LANGUAGES = ("en", "es")
"""The languages in which days can be typed."""
ALL_DAYS = tuple(range(DAYS_PER_WEEK))
WORK_DAYS = (0, 1, 2, 3, 4)
GROUPS = {"weekday": WORK_DAYS, "workday": WORK_DAYS, "laborable": WORK_DAYS, "weekend": (5, 6), "daily": ALL_DAYS}
"""Words for several days. A plural has an s."""
PHRASES = {
    "business days": "weekday",
    "working days": "weekday",
    "week days": "weekday",
    "dias laborables": "weekday",
    "entre semana": "weekday",
    "fines de semana": "weekend",
    "fin de semana": "weekend",
    "week ends": "weekend",
    "every day": "daily",
    "everyday": "daily",
    "each day": "daily",
    "all days": "daily",
    "all week": "daily",
    "7 days a week": "daily",
    "todos los dias": "daily",
    "toda la semana": "daily",
    "cada dia": "daily",
    "a diario": "daily",
    "m - f": "mon - fri",
    "l - v": "lun - vie",
}
"""Several words, and the one word that is read for them."""
RANGE_WORDS = {"-", "to", "thru", "through", "till", "until", "a", "al", "hasta"}
IGNORED_WORDS = {"from", "on", "in", "at", "de", "del", "desde", "el", "los", "las", "la", "the", "every", "each"} | {
    "and", "y", "e", "&", ",", ".", ";", ":", "(", ")", "!", "?", "only", "solo", "hours", "horas", "horario"
}  # fmt: skip
"""Words and signs beside days and times that change nothing."""


def read_days(tokens: list[str]) -> tuple[int, ...] | None:
    """The days of these tokens; None if one of them is no day. Without a day it is empty."""
    words = [word for word in _replace_phrases(tokens) if word not in IGNORED_WORDS]
    days: set[int] = set()
    while words:
        first = words.pop(0)
        group = GROUPS.get(first.removesuffix("s"))
        if group:
            days |= set(group)
            continue
        first_day = last_day = _day(first)
        if words and words[0] in RANGE_WORDS:
            last_day = _day(words[1]) if len(words) > 1 else None
            del words[:2]
        if first_day is None or last_day is None:
            return None
        days |= {(first_day + offset) % DAYS_PER_WEEK for offset in range((last_day - first_day) % DAYS_PER_WEEK + 1)}
    return tuple(sorted(days))


def format_days(
    days: tuple[int, ...],
    width: Literal["abbreviated", "wide"],
    locale: str,
    dash: str,
    max_letters: int | None = None,
) -> str:
    """The days, with consecutive days as a range: "Mon–Fri, Sun"."""
    names = {day: name[:max_letters] for day, name in get_day_names(width, locale=locale).items()}
    runs = [[day for _, day in run] for _, run in groupby(enumerate(days), lambda place: place[1] - place[0])]
    return ", ".join(names[run[0]] if len(run) == 1 else f"{names[run[0]]}{dash}{names[run[-1]]}" for run in runs)


def _replace_phrases(tokens: list[str]) -> list[str]:
    text = f" {' '.join(tokens)} "
    for phrase, word in PHRASES.items():
        text = text.replace(f" {phrase} ", f" {word} ")
    return text.split()


def _day(name: str) -> int | None:
    if len(name) < MIN_DAY_LETTERS:
        return None
    names = (name, name.removesuffix("s")) if len(name) > MIN_DAY_LETTERS else (name,)  # "mondays"
    return next((day for day, day_name in _day_names() if day_name.startswith(names)), None)


@cache
def _day_names() -> tuple[tuple[int, str], ...]:
    days_by_language = (get_day_names("wide", locale=language).items() for language in INPUT_LANGUAGES)
    return tuple((day, fold_text(name)) for names in days_by_language for day, name in names)
