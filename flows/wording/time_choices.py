"""Times that are offered with one tap: today 17:00, tomorrow 10:00, Friday noon.

A choice keeps its meaning, not its time: "tomorrow" is counted from the moment of the tap.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from babel.dates import format_datetime

from flows.state.local_time.time_zones import time_zone
from flows.wording.localization import Localizer

CHOICE_MARK = "@"
"""What the answer of a choice begins with, so that it is not taken for something typed."""
NO_DATE = f"{CHOICE_MARK}none"
"""The answer that says that there is no date yet."""
MIN_MINUTES_AHEAD = 30
"""Minutes that a choice must lie ahead to be offered."""
FRIDAY = 4
MAX_DAYS_AHEAD = 6
"""Days for which a weekday's name alone is clear."""


class TimeChoiceId(StrEnum):
    """The choices, in their order."""

    TODAY = "today"
    NEXT_DAY = "next_day"
    FRIDAY = "friday"


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """A time to choose. `epoch_seconds`: what it means now."""

    id: TimeChoiceId
    label: str
    epoch_seconds: float

    @property
    def answer(self) -> str:
        """As it is sent with a form."""
        return f"{CHOICE_MARK}{self.id}"


def time_choices(now: float, localizer: Localizer) -> tuple[TimeChoice, ...]:
    """The times to offer now, the next one first."""
    choices = []
    for choice_id in TimeChoiceId:
        time = _choice_time(choice_id, now, localizer.timezone)
        if time is not None:
            choices.append(TimeChoice(choice_id, _label(time, now, localizer), time.timestamp()))
    return tuple(sorted(choices, key=lambda choice: choice.epoch_seconds))


def choice_time(choice_id: str, now: float, timezone: str) -> float | None:
    """What a choice means now, in epoch seconds; None if it is not offered (any more), or is none of ours."""
    if choice_id not in set(TimeChoiceId):
        return None
    time = _choice_time(TimeChoiceId(choice_id), now, timezone)
    return time.timestamp() if time else None


def _choice_time(choice_id: TimeChoiceId, now: float, timezone: str) -> datetime | None:
    local = datetime.fromtimestamp(now, UTC).astimezone(time_zone(timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match choice_id:
        case TimeChoiceId.TODAY:
            time = midnight.replace(hour=17)
            is_offered = local.weekday() <= FRIDAY
        case TimeChoiceId.NEXT_DAY:
            days = next(days for days in range(1, 4) if (local + timedelta(days)).weekday() <= FRIDAY)
            time = (midnight + timedelta(days)).replace(hour=10)
            is_offered = True
        case TimeChoiceId.FRIDAY:
            days = (FRIDAY - local.weekday()) % 7
            time = (midnight + timedelta(days)).replace(hour=12)
            is_offered = days <= MAX_DAYS_AHEAD
    is_ahead = time.timestamp() >= now + MIN_MINUTES_AHEAD * 60
    return time if is_offered and is_ahead else None


def time_label(epoch_seconds: float, now: float, localizer: Localizer) -> str:
    """A time on a chip: by its weekday within a week from `now`, else by its date."""
    if not 0 <= epoch_seconds - now < MAX_DAYS_AHEAD * 86_400:
        return localizer.format_time(epoch_seconds)
    local = datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(localizer.timezone))
    return _label(local, now, localizer)


def _label(time: datetime, now: float, localizer: Localizer) -> str:
    today = datetime.fromtimestamp(now, UTC).astimezone(time.tzinfo).date()
    clock_time = f"{time:%H:%M}"
    days = (time.date() - today).days
    if days <= 1:
        return localizer.text("time.tomorrow" if days else "time.today", time=clock_time)
    weekday = format_datetime(time, "EEEE", locale=localizer.format_locale)
    return f"{weekday[:1].upper()}{weekday[1:]} {clock_time}"
