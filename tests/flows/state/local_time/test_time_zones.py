"""Names of time zones, as platforms and people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.state.local_time.time_zones import find_time_zone, known_time_zone, time_zone
from flows.wording.localization import Localizer


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Europe/Madrid", "Europe/Madrid"),
        ("europe/madrid", "Europe/Madrid"),
        (" America/new york ", "America/New_York"),
        ("America/Buenos_Aires", "America/Buenos_Aires"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("romance standard time", "Europe/Paris"),
        ("GMT+2", "UTC+02:00"),
        ("utc-3", "UTC-03:00"),
        ("+0530", "UTC+05:30"),
        ("UTC+05:30", "UTC+05:30"),
        ("Etc/GMT+2", "Etc/GMT+2"),
        ("utc", "UTC"),
        ("UTC+0", "UTC"),
    ],
)
def test_a_zone_is_known_by_each_of_its_names(name: str, shown: str) -> None:
    assert find_time_zone(name) == shown
    assert find_time_zone(shown) == shown


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "Europe", "../etc/passwd", "\x00", "localtime", "UTC+15", "+1:75", "\ud800"]
)
def test_what_is_no_zone_is_named_utc(localizer: Localizer, name: str) -> None:
    assert find_time_zone(name) == ""
    assert known_time_zone(name) == "UTC"
    assert Localizer(localizer.catalog, "en", name).timezone == "UTC"


@pytest.mark.parametrize(("name", "same"), [("GMT+2", "Etc/GMT-2"), ("W. Europe Standard Time", "Europe/Berlin")])
def test_the_time_is_that_of_the_zone(name: str, same: str) -> None:
    noon = datetime(2027, 1, 15, 12, tzinfo=UTC)
    assert noon.astimezone(time_zone(name)).hour == noon.astimezone(ZoneInfo(same)).hour


@given(st.text(max_size=80))
def test_any_text_is_a_zone_or_utc(text: str) -> None:
    shown = known_time_zone(text)
    assert known_time_zone(shown) == shown
    assert datetime.fromtimestamp(0, time_zone(text)) == datetime.fromtimestamp(0, time_zone(shown))
