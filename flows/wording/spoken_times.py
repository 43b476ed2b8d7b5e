"""Dates and times as people say and write them in a sentence."""

from datetime import UTC, datetime

from babel.dates import format_datetime, get_timezone_location

from flows.state.local_time.time_zones import known_time_zone, time_zone
from flows.wording.languages import match_language

SPOKEN_PATTERNS = {"en": "EEEE d MMMM 'at' HH:mm", "es": "'el' EEEE d 'de' MMMM 'a las' HH:mm"}
SPOKEN_PATTERNS_THIS_WEEK = {"en": "EEEE 'at' HH:mm", "es": "'el' EEEE 'a las' HH:mm"}
SPOKEN_PATTERNS_TODAY = {"en": "'today at' HH:mm", "es": "'hoy a las' HH:mm"}
SECONDS_OF_CLEAR_WEEKDAY = 6 * 86_400
"""For so long before a day, its weekday alone is clear."""
WRITTEN_PATTERNS = {"en": "EEEE d MMMM y, HH:mm", "es": "'el' EEEE d 'de' MMMM 'de' y, HH:mm"}
ZONE_TEXTS = {"en": "{city} time", "es": "hora de {city}"}


def spoken_time(epoch_seconds: float, timezone: str, language: str, now: float) -> str:
    """A time as it can be said at `now`.

    "Today at 16:00", as a weekday alone could be that of the next week; "Tuesday at 16:00" within a week, also for
    tomorrow, as a card can stay in view over midnight; else "Tuesday 1 December at 16:00".
    """
    locale, local = match_language(language), _local(epoch_seconds, timezone)
    is_this_week = 0 <= epoch_seconds - now < SECONDS_OF_CLEAR_WEEKDAY
    patterns = SPOKEN_PATTERNS_THIS_WEEK if is_this_week else SPOKEN_PATTERNS
    if local.date() == _local(now, timezone).date():
        patterns = SPOKEN_PATTERNS_TODAY
    return format_datetime(local, patterns[locale], locale=locale)


def written_time(epoch_seconds: float, timezone: str, language: str) -> str:
    """A time for somebody elsewhere, with its year and zone: "Tuesday 1 December 2026, 16:00 (Madrid time)"."""
    locale = match_language(language)
    text = format_datetime(_local(epoch_seconds, timezone), WRITTEN_PATTERNS[locale], locale=locale)
    return f"{text} ({zone_name(timezone, language)})"


def zone_name(timezone: str, language: str) -> str:
    """A time zone by its city: "Madrid time", "hora de Madrid"; UTC by its name."""
    locale, timezone = match_language(language), known_time_zone(timezone)
    if "/" not in timezone or timezone.startswith("Etc/"):
        return timezone
    city = get_timezone_location(timezone, locale=locale, return_city=True).rpartition("/")[2]
    return ZONE_TEXTS[locale].format(city=city)


def _local(epoch_seconds: float, timezone: str) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(timezone))
