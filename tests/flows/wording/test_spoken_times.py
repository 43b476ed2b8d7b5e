"""Times that are said aloud: clear on the day on which they are said."""

import pytest

from flows.state.entries import Commitment
from flows.wording.promises import promise_sentence
from flows.wording.spoken_times import spoken_time, written_time
from tests.conftest import NOON
from tests.flows.recovery_driver import DAY, HOUR


@pytest.mark.parametrize(
    ("time", "english", "spanish"),
    [
        (NOON + HOUR, "today at 09:00", "hoy a las 09:00"),
        (NOON - HOUR, "today at 07:00", "hoy a las 07:00"),
        (NOON + 16 * HOUR, "Saturday at 00:00", "el sábado a las 00:00"),
        (NOON + 5 * DAY, "Wednesday at 08:00", "el miércoles a las 08:00"),
        (NOON + 7 * DAY, "Friday 22 January at 08:00", "el viernes 22 de enero a las 08:00"),
        (NOON - DAY, "Thursday 14 January at 08:00", "el jueves 14 de enero a las 08:00"),
    ],
)
def test_a_time_of_today_is_never_a_weekday_alone(time: float, english: str, spanish: str) -> None:
    assert [spoken_time(time, "UTC", language, NOON) for language in ("en", "es")] == [english, spanish]


def test_a_promise_for_today_is_said_as_people_say_it() -> None:
    promise, today = Commitment("Ana", "send it"), spoken_time(NOON + HOUR, "UTC", "en", NOON)
    assert promise_sentence(promise, "Ana", "en", today) == "I will send it by 09:00 today"
    assert promise_sentence(Commitment("Ben", "the report"), "Ana", "en", today) == "Ben: the report, by 09:00 today"


def test_today_is_that_of_the_person() -> None:
    assert spoken_time(NOON + 15.5 * HOUR, "Europe/Madrid", "en", NOON) == "Saturday at 00:30"


def test_an_unknown_zone_is_written_as_utc_and_stops_nothing() -> None:
    assert written_time(0, "Mars/Base", "en").endswith("(UTC)")
