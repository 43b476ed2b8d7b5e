"""Dates and times as people say them."""

from datetime import UTC, datetime

from babel.dates import format_datetime

from flows.state.time_zones import time_zone
from flows.wording.languages import match_language

PATTERNS = {"en": "EEEE d MMMM 'at' HH:mm", "es": "'el' EEEE d 'de' MMMM 'a las' HH:mm"}


def spoken_time(epoch_seconds: float, timezone: str, language: str) -> str:
    """A time as it can be said: "Tuesday 1 December at 16:00", "el martes 1 de diciembre a las 16:00"."""
    local = datetime.fromtimestamp(epoch_seconds, UTC).astimezone(time_zone(timezone))
    locale = match_language(language)
    return format_datetime(local, PATTERNS[locale], locale=locale)
