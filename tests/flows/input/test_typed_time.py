"""Times as people type them, in English and Spanish, on a Tuesday afternoon in Madrid."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.input.typed_time import TimeProblem, parse_typed_time

MADRID = "Europe/Madrid"
NOW = datetime(2026, 12, 1, 14, 20, tzinfo=ZoneInfo(MADRID)).timestamp()
ENGLISH = """
tue 4pm | Tue 01 Dec 2026 16:00
tue 10am | Tue 08 Dec 2026 10:00
in 2 hours | Tue 01 Dec 2026 16:20
friday noon | Fri 04 Dec 2026 12:00
fri 12 | Fri 04 Dec 2026 12:00
next monday 9:30 | Mon 07 Dec 2026 09:30
17:00 | Tue 01 Dec 2026 17:00
5pm | Tue 01 Dec 2026 17:00
13:00 | Wed 02 Dec 2026 13:00
today 17 | Tue 01 Dec 2026 17:00
eod | Tue 01 Dec 2026 17:00
24 nov 16:00 | Tue 24 Nov 2026 16:00
24/11 16:00 | Tue 24 Nov 2026 16:00
4/5 10:00 | ambiguous
12/24 10:00 | Thu 24 Dec 2026 10:00
tomorrow | Wed 02 Dec 2026 17:00
tomorrow 10 | Wed 02 Dec 2026 10:00
tomorrow at 10am | Wed 02 Dec 2026 10:00
thursday | Thu 03 Dec 2026 17:00
in two days | Thu 03 Dec 2026 17:00
monday morning | Mon 07 Dec 2026 10:00
end of week | unclear
… 16:30 | unclear
dec 4 4pm | Fri 04 Dec 2026 16:00
4 dec | Fri 04 Dec 2026 17:00
4pm tuesday | Tue 01 Dec 2026 16:00
tonight | Tue 01 Dec 2026 20:00
in an hour | Tue 01 Dec 2026 15:20
in half an hour | Tue 01 Dec 2026 14:50
next week | unclear
half past four | unclear
friday 12:00 | Fri 04 Dec 2026 12:00
noon | Wed 02 Dec 2026 12:00
wed 9 | Wed 02 Dec 2026 09:00
9 | unclear
asap | unclear
fri 4 dec 15h | Fri 04 Dec 2026 15:00
on friday at 3 pm | Fri 04 Dec 2026 15:00
this afternoon | Tue 01 Dec 2026 17:00
in 30 min | Tue 01 Dec 2026 14:50
tmrw 10am | Wed 02 Dec 2026 10:00
tomorrow noon | Wed 02 Dec 2026 12:00
1530 | Tue 01 Dec 2026 15:30
4.30pm | Tue 01 Dec 2026 16:30
friday eod | Fri 04 Dec 2026 17:00
by friday 5pm | Fri 04 Dec 2026 17:00
before noon | Wed 02 Dec 2026 12:00
day after tomorrow 9am | Thu 03 Dec 2026 09:00
march 3 | Wed 03 Mar 2027 17:00
Mar 3 10:00 | Wed 03 Mar 2027 10:00
soon | unclear
25:00 | unclear
friday, 4pm | Fri 04 Dec 2026 16:00
Fri. 4 p.m. | Fri 04 Dec 2026 16:00
4th of december 10am | Fri 04 Dec 2026 10:00
december 4th | Fri 04 Dec 2026 17:00
10 a.m. tomorrow | Wed 02 Dec 2026 10:00
in 90 minutes | Tue 01 Dec 2026 15:50
2 hours | Tue 01 Dec 2026 16:20
20 jan | Wed 20 Jan 2027 17:00
january 2027 | unclear
at 4 | Tue 01 Dec 2026 16:00
@ 9am | Wed 02 Dec 2026 09:00
by tomorrow 5pm | Wed 02 Dec 2026 17:00
before friday | Fri 04 Dec 2026 17:00
monday 8h | Mon 07 Dec 2026 08:00
tuesday at noon | Tue 08 Dec 2026 12:00
Thursday 11.15 | Thu 03 Dec 2026 11:15
thu 11:15 | Thu 03 Dec 2026 11:15
sunday | Sun 06 Dec 2026 17:00
sat 10am | Sat 05 Dec 2026 10:00
next friday at 3 | Fri 04 Dec 2026 15:00
this friday 3pm | Fri 04 Dec 2026 15:00
12/12 9:00 | Sat 12 Dec 2026 09:00
31 dec | Thu 31 Dec 2026 17:00
1st of january 9am | Fri 01 Jan 2027 09:00
in 1 hour | Tue 01 Dec 2026 15:20
in three hours | Tue 01 Dec 2026 17:20
within 2 days | Thu 03 Dec 2026 17:00
in a week | Tue 08 Dec 2026 17:00
in 45 m | Tue 01 Dec 2026 15:05
tomorrow morning | Wed 02 Dec 2026 10:00
tomorrow evening | Wed 02 Dec 2026 20:00
end of day friday | Fri 04 Dec 2026 17:00
wednesday at 4 o'clock | Wed 02 Dec 2026 16:00
00:30 | Wed 02 Dec 2026 00:30
at 07:00 | Wed 02 Dec 2026 07:00
noon tomorrow | Wed 02 Dec 2026 12:00
friday 5 pm latest | Fri 04 Dec 2026 17:00
"""
SPANISH = """
mañana a las 10 | Wed 02 Dec 2026 10:00
mar 16:00 | Tue 01 Dec 2026 16:00
martes 16h | Tue 01 Dec 2026 16:00
el viernes al mediodía | Fri 04 Dec 2026 12:00
pasado mañana | Thu 03 Dec 2026 17:00
pasado mañana a las 9 | Thu 03 Dec 2026 09:00
en dos horas | Tue 01 Dec 2026 16:20
en 2 horas | Tue 01 Dec 2026 16:20
lunes 9:30h | Mon 07 Dec 2026 09:30
mañana | Wed 02 Dec 2026 17:00
hoy a las 17 | Tue 01 Dec 2026 17:00
24/11 16:00 | Tue 24 Nov 2026 16:00
4/5 10:00 | Tue 04 May 2027 10:00
el 4 de diciembre a las 16:00 | Fri 04 Dec 2026 16:00
viernes 12 | Fri 04 Dec 2026 12:00
manana 10 | Wed 02 Dec 2026 10:00
a las 5 de la tarde | Tue 01 Dec 2026 17:00
mañana por la mañana | Wed 02 Dec 2026 10:00
mañana por la tarde | Wed 02 Dec 2026 17:00
esta tarde | Tue 01 Dec 2026 17:00
dentro de 3 días | Fri 04 Dec 2026 17:00
el lunes que viene a las 9 | Mon 07 Dec 2026 09:00
17:00 | Tue 01 Dec 2026 17:00
mie 10:00 | Wed 02 Dec 2026 10:00
miércoles a las 10 de la mañana | Wed 02 Dec 2026 10:00
en media hora | Tue 01 Dec 2026 14:50
viernes a mediodia | Fri 04 Dec 2026 12:00
a las 4 y media | Tue 01 Dec 2026 16:30
el próximo jueves a las 11 | Thu 03 Dec 2026 11:00
en una hora | Tue 01 Dec 2026 15:20
15 de enero | Fri 15 Jan 2027 17:00
3 de marzo 10h | Wed 03 Mar 2027 10:00
lo antes posible | unclear
mañana 16.30 | Wed 02 Dec 2026 16:30
el sábado | Sat 05 Dec 2026 17:00
hoy | Tue 01 Dec 2026 17:00
en tres días | Fri 04 Dec 2026 17:00
a la 1 | Wed 02 Dec 2026 13:00
antes del viernes | Fri 04 Dec 2026 17:00
para el viernes a las 12 | Fri 04 Dec 2026 12:00
jueves 11 hs | Thu 03 Dec 2026 11:00
tomorrow at 10 | Wed 02 Dec 2026 10:00
a las 7 | Wed 02 Dec 2026 07:00
mañana al mediodía | Wed 02 Dec 2026 12:00
hoy al final del día | Tue 01 Dec 2026 17:00
viernes por la tarde | Fri 04 Dec 2026 17:00
el jueves a las 10h | Thu 03 Dec 2026 10:00
jueves 10:30 | Thu 03 Dec 2026 10:30
lunes por la mañana | Mon 07 Dec 2026 10:00
domingo | Sun 06 Dec 2026 17:00
sáb 10 | Sat 05 Dec 2026 10:00
en una semana | Tue 08 Dec 2026 17:00
dentro de dos días | Thu 03 Dec 2026 17:00
en 45 minutos | Tue 01 Dec 2026 15:05
una hora y media | Tue 01 Dec 2026 15:50
en hora y media | Tue 01 Dec 2026 15:50
el 24 de diciembre | Thu 24 Dec 2026 17:00
24 dic 10:00 | Thu 24 Dec 2026 10:00
1 de enero a las 9 | Fri 01 Jan 2027 09:00
31/12 | Thu 31 Dec 2026 17:00
12/12 9:00 | Sat 12 Dec 2026 09:00
a las 9 de la noche | Tue 01 Dec 2026 21:00
a las 10 de la mañana | Wed 02 Dec 2026 10:00
esta noche | Tue 01 Dec 2026 20:00
mañana temprano | unclear
la semana que viene | unclear
hasta el viernes a las 14 | Fri 04 Dec 2026 14:00
a más tardar el jueves a las 12 | Thu 03 Dec 2026 12:00
este viernes a las 15:00 | Fri 04 Dec 2026 15:00
miércoles | Wed 02 Dec 2026 17:00
mié 16h | Wed 02 Dec 2026 16:00
pasado mañana a las 16 | Thu 03 Dec 2026 16:00
hoy 18:00 | Tue 01 Dec 2026 18:00
a las 18 | Tue 01 Dec 2026 18:00
mañana a las 8 y media | Wed 02 Dec 2026 08:30
a las 5 y cuarto | Tue 01 Dec 2026 17:15
sobre las 17 | Tue 01 Dec 2026 17:00
antes de las 18h | Tue 01 Dec 2026 18:00
mañana 9h | Wed 02 Dec 2026 09:00
el martes que viene a las 10 | Tue 08 Dec 2026 10:00
mediodía | Wed 02 Dec 2026 12:00
dentro de una hora | Tue 01 Dec 2026 15:20
sin prisa | unclear
cuanto antes | unclear
00:30 | Wed 02 Dec 2026 00:30
a las 07:00 | Wed 02 Dec 2026 07:00
tomorrow 10 | Wed 02 Dec 2026 10:00
fri 4pm | Fri 04 Dec 2026 16:00
"""
ROWS = [
    pytest.param(language, *line.split(" | "), id=f"{language}-{line}")
    for language, table in (("en", ENGLISH), ("es", SPANISH))
    for line in table.strip().splitlines()
]


def parse(text: str, language: str, now: float = NOW, zone: str = MADRID) -> str:
    """What was meant, as day and time, or the problem."""
    time = parse_typed_time(text, now, zone, language)
    if isinstance(time, TimeProblem):
        return time
    return f"{datetime.fromtimestamp(time, ZoneInfo(zone)):%a %d %b %Y %H:%M}"


@pytest.mark.parametrize(("language", "text", "meaning"), ROWS)
def test_a_typed_time_means_what_people_mean_by_it(language: str, text: str, meaning: str) -> None:
    assert parse(text, language) == meaning


def test_a_time_is_meant_in_the_persons_zone() -> None:
    assert parse("tomorrow 10", "en", zone="Asia/Tokyo") == "Wed 02 Dec 2026 10:00"
    assert parse("17:00", "en", zone="America/New_York") == "Tue 01 Dec 2026 17:00"


def test_hours_from_now_are_counted_over_a_change_of_the_clocks() -> None:
    before_change = datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo(MADRID)).timestamp()
    assert parse_typed_time("in 2 hours", before_change, MADRID, "en") == before_change + 7200


def test_a_time_that_the_clocks_leap_over_is_still_a_time() -> None:
    evening = datetime(2027, 3, 27, 20, 0, tzinfo=ZoneInfo(MADRID)).timestamp()
    assert isinstance(parse_typed_time("tomorrow 02:30", evening, MADRID, "en"), float)


def test_a_long_text_is_no_time() -> None:
    assert parse("tomorrow 10 " * 20, "en") == TimeProblem.UNCLEAR


WORDS = st.sampled_from([*ENGLISH.split(), *SPANISH.split(), "29 feb", "31/2", "0", "99", "@", "::", "24:00", "12am"])


@given(st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=90), st.sampled_from(["en", "es", "xx"]))
def test_whatever_is_typed_is_a_time_or_a_problem(text: str, language: str) -> None:
    time = parse_typed_time(text, NOW, MADRID, language)
    assert isinstance(time, TimeProblem) or abs(time - NOW) < 8000 * 366 * 86400
