"""Time zones by name, however a platform or a person writes it: IANA, Windows, or hours from UTC."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

UTC_NAME = "UTC"
MAX_ZONE_CHARACTERS = 64
MAX_OFFSET_HOURS = 14
CACHED_NAMES = 1024
NAMES_OF_NO_PLACE = frozenset({"factory", "localtime", "posixrules"})
"""Files in a folder of time zones that mean the zone of this machine, or none."""
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-])(\d{1,2})(?::?(\d\d))?")
"""Hours and minutes from UTC: "UTC+05:30", "gmt-3", "+0200"."""


@lru_cache(CACHED_NAMES)
def find_time_zone(name: str) -> str:
    """The name by which a time zone is stored and shown; empty if there is no such zone.

    It is the IANA name ("Europe/Madrid"), also for the name that Windows uses ("W. Europe Standard Time") and in any
    case; or "UTC+05:30" for a fixed distance from UTC.
    """
    name = name.strip()
    if not name or len(name) > MAX_ZONE_CHARACTERS or name.casefold() in NAMES_OF_NO_PLACE:
        return ""
    iana_name = _iana_names().get(name.casefold().replace(" ", "_"), name)
    if _zone(iana_name):
        return iana_name
    return _offset_name(name) or _windows_names().get(name.casefold(), "")


def known_time_zone(name: str) -> str:
    """The same, or "UTC" if there is no such zone."""
    return find_time_zone(name) or UTC_NAME


def time_zone(name: str) -> tzinfo:
    """The time zone of this name; UTC if there is no such zone."""
    known_name = known_time_zone(name)
    return _zone(known_name) or _fixed_zone(known_name) or UTC


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not in the database, not a possible name, or the name of a folder
        return None


def _offset_name(name: str) -> str:
    zone = _fixed_zone(name)
    return zone.tzname(None) or "" if zone else ""


def _fixed_zone(name: str) -> tzinfo | None:
    match = _OFFSET.fullmatch(name.casefold().replace("−", "-"))
    if match is None:
        return None
    sign, hours, minutes = -1 if match[1] == "-" else 1, int(match[2]), int(match[3] or 0)
    if minutes >= 60 or hours * 60 + minutes > MAX_OFFSET_HOURS * 60:  # noqa: PLR2004 - minutes of an hour
        return None
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


@cache
def _iana_names() -> dict[str, str]:
    """The names that CLDR knows, by the name in small letters."""
    return {name.casefold(): name for name in (UTC_NAME, *get_global("zone_territories"), *get_global("zone_aliases"))}


@cache
def _windows_names() -> dict[str, str]:
    """The IANA name for each name that Windows uses, by the name in small letters."""
    return {name.casefold(): iana_name for name, iana_name in get_global("windows_zone_mapping").items()}
