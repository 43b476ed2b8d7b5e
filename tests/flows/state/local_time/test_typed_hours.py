"""Working hours as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.state.local_time.working_hours import WorkingHours, format_hours, parse_hours
from tests.examples import examples

NOON = 12 * 60


@pytest.mark.parametrize(
    ("line", "user_texts"),
    [
        (
            "Mon–Fri 09:00–17:00",
            (
                "9-5|9 to 5|9am-5pm|9 a.m. – 5 p.m.|9 A.M.-5 P.M.|9h-17h|9 h - 17 h|0900-1700|900-1700"
                "|from 9 to 17|9 — 17|9-17.|9-17!|９－１７|９：００〜１７：００|9-5pm|9am-5|between 9 and 5"
                "|weekdays 9-5|M-F 9-5|9-17 on week days|mon-fri 9-17|9-17 Mon-Fri|9-17 Mon - Fri"
                "|9 to 17 mon thru fri|9 am to 5 pm Monday to Friday|9–17 lun–vie"
                "|de 9 a 17 de lunes a viernes|lunes a viernes de 9 a 17|L-V 9-17"
                "|entre semana de 9 a 17|9->17|9 till 5|entre las 9 y las 17|desde las 9 hasta las 17"
            ),
        ),
        ("Mon–Fri 09:00–17:30", "9:00–17:30|9h-17h30|9.00-17.30|9-5:30|0900-1730|9am to 5:30pm"),
        ("Mon–Fri 22:00–06:00", "22-6|10pm-6am|10pm-6|10 p.m. to 6 a.m.|22:00-06:00|2200-0600"),
        ("Mon–Fri 09:00–05:00", "09:00-05:00|0900-0500|9-05"),
        ("Mon–Fri 13:00–17:00", "1pm-5pm|1-5pm|1pm-5|13-17"),
        ("Mon–Fri 12:00–20:00", "12-8|noon-8pm|12pm-8pm|mediodía a 20"),
        ("Mon–Fri 08:00–24:00", "8am to midnight|8-24|de 8 a medianoche"),
        ("Mon–Fri 00:00–08:00", "midnight-8|0-8|12am-8am"),
        ("Mon–Fri 07:00–15:00", "7-3|7am-3pm|7-15"),
        (
            "Sat–Sun 10:00–14:00",
            "weekends 10-14|10-2 weekend|fines de semana 10-14|sat and sun 10-14|sábados y domingos 10-14",
        ),
        ("Mon–Sun 09:00–17:00", "every day 9-17|9-17 daily|todos los días 9-17|9-5 7 days a week|cada día de 9 a 17"),
        ("Mon, Wed, Fri 09:00–17:00", "9-17 mon, wed and fri|Mondays, Wednesdays and Fridays 9-5|(mon wed fri) 9-17"),
        ("Mon–Sun 00:00–24:00", "always|siempre|24/7|any time|at any time.|A cualquier hora|ALWAYS!"),
    ],
)
def test_hours_are_understood_as_they_are_written(line: str, user_texts: str) -> None:
    read = {text: parse_hours(text) for text in user_texts.split("|")}
    assert {text: hours and format_hours(hours, "en") for text, hours in read.items()} == dict.fromkeys(read, line)


@pytest.mark.parametrize(
    "user_text",
    [
        "nine to five",
        "9 17",
        "9..17",
        "9-9",
        "12-12",
        "9-12, 14-18",
        "mon 9-17 tue 10-18",
        "9-17 UTC",
        "9-17 or so",
        "9-17 every day except sunday",
        "not 9-17",
        "9 to",
        "9 and 17",
        "25-3",
        "99999-3",
        "9-17pm",
        "0pm-5pm",
        "9-17 " + "mon " * 30,
        "9" + " " * 24_000 + "x",
    ],
)
def test_what_is_not_wholly_understood_is_refused(user_text: str) -> None:
    assert parse_hours(user_text) is None


@examples(300)
@given(start=st.integers(1, 12), end=st.integers(1, 12), dash=st.sampled_from(["-", " to ", "–", " a ", " - "]))
def test_plain_hours_of_a_day_are_no_night_shift(start: int, end: int, dash: str) -> None:
    hours = parse_hours(f"{start}{dash}{end}")
    if 5 <= start <= 12 and end <= 8 and end <= start:
        assert hours
        assert (hours.start, hours.end) == (start * 60, end * 60 + NOON)
    elif start != end:
        assert hours
        assert (hours.start, hours.end) == (start * 60, end * 60)
    else:
        assert hours is None


@examples(300)
@given(
    start=st.integers(0, 23),
    end=st.integers(0, 23),
    minute=st.sampled_from([0, 15, 45]),
    form=st.sampled_from(
        ["{h:02}:{m:02}", "{h:02}{m:02}", "{h:02}h{m:02}", "{h12}:{m:02}{half}", "{h12}:{m:02} {half}."]
    ),
)
def test_a_time_means_the_same_in_every_form(start: int, end: int, minute: int, form: str) -> None:
    def write(hour: int) -> str:
        return form.format(h=hour, m=minute, h12=hour % 12 or 12, half="p.m" if hour >= 12 else "a.m")

    hours = parse_hours(f"{write(start)} - {write(end)}")
    wanted = WorkingHours(start=start * 60 + minute, end=end * 60 + minute)
    assert hours == (None if start == end else wanted)


@given(st.text(max_size=100))
def test_any_text_is_hours_or_none(text: str) -> None:
    hours = parse_hours(text)
    assert hours is None or parse_hours(format_hours(hours, "en")) == hours
