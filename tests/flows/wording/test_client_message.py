"""Whatever people typed, the client reads a message from a person: whole sentences, each with one mark at its end."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.state.entries import Commitment, CommitmentState, Text
from flows.state.events import ClientWrote
from flows.state.summaries import SummaryVersion
from flows.wording.promises import promise_sentence
from tests.conftest import NOON
from tests.flows.recovery_driver import DAY, begin_recovery

CLIENT = SummaryVersion.CLIENT
FIELDS = {"trust-recovery": ("our_part", "frame", "commitment"), "first-response": ("owned", "owned", "pledge")}
MARKS = st.sampled_from(["", ".", "..", "!!!", "?", "…", ",", ";", ":", " .", "\n", "-", "• ", "“", "”", '"', "¿", "¡"])
WORDS = st.one_of(
    st.sampled_from(
        ["send it", "SEND IT NOW", "I will call", "the report", "Llamarle", "voy a enviarlo", "1.5 %", "{who}"]
    ),
    st.text(min_size=1, max_size=20).filter(lambda text: any(map(str.isalnum, text))),
)
TYPED = st.tuples(MARKS, WORDS, MARKS, WORDS, MARKS).map("".join)
BROKEN = re.compile(r"\.\.|,,|[,;:]\.|[!?…]\.|\s[.,]|^• *[.:]|: *\.|^\W*$")
"""Marks side by side, a mark after a blank, a line without words."""


@given(
    st.sampled_from(sorted(FIELDS)),
    st.sampled_from(["en", "es"]),
    TYPED,
    TYPED,
    TYPED,
    st.sampled_from([None, NOON + DAY]),
)
def test_every_line_is_a_clean_sentence(
    flow: str, language: str, part: str, who: str, what: str, due: float | None
) -> None:
    driver = begin_recovery(flow, language, timezone="Europe/Madrid")
    part_field, frame_field, promise_field = FIELDS[flow]
    driver.note(part_field, Text(part))
    driver.note(frame_field, Text(part, is_confirmed=True))
    driver.note(promise_field, Commitment(who, what, due))
    driver.note(promise_field, Commitment(who, what, due, CommitmentState.KEPT))
    lines = [line for line in driver.summary(CLIENT).split("\n") if line]
    typed = f"{part} {who} {what}"
    for line in lines:
        for broken in BROKEN.findall(line):
            assert broken in typed, line
        assert line[-1] in ".,:?!" or line == "Ana" or line.startswith(("• Done: ", "• Hecho: ")), line


@pytest.mark.parametrize(
    ("language", "who", "what", "sentence"),
    [
        ("en", "me", "SEND the report", "I will send the report by noon"),
        ("en", "me", "- send the report", "I will send the report by noon"),
        ("en", "me", "“send the report.”", "I will send the report by noon"),
        ("en", "me", "call, then mail", "I will call, then mail by noon"),
        ("en", "me", "send the report?", "I will send the report by noon"),
        ("en", "me", "do it again", "I will do it again by noon"),
        ("en", "we", "never let you wait", "we will never let you wait by noon"),
        ("en", "Ben", "personally check it", "Ben will personally check it by noon"),
        ("en", "Ben.", "I'm going to check it", "Ben will check it by noon"),
        ("en", "Ben", "HTTP 500 is mended", "Ben: HTTP 500 is mended, by noon"),
        ("en", "we", "the report", "from us: the report, by noon"),
        ("es", "mí", "ir a verle", "voy a ir a verle para noon"),
        ("es", "Ben", "¿Enviarlo?", "Ben va a enviarlo para noon"),
        ("es", "Ben", "primer informe", "Ben: primer informe, para noon"),
        ("es", "Ben", "Taller con su equipo", "Ben: Taller con su equipo, para noon"),
    ],
)
def test_how_a_promise_is_said(language: str, who: str, what: str, sentence: str) -> None:
    spoken = promise_sentence(Commitment(who, what), "Ana", language, "noon")
    assert spoken.casefold() == sentence.casefold()
    assert spoken.partition(":")[0] == sentence.partition(":")[0]


@pytest.mark.parametrize(
    ("language", "part"), [("en", "I'm sorry that I did not check"), ("es", "Siento no haber llamado")]
)
def test_nobody_apologizes_twice(language: str, part: str) -> None:
    driver = begin_recovery(language=language)
    driver.note("our_part", Text(part))
    assert f"{part}." in driver.summary(CLIENT).splitlines()


@pytest.mark.parametrize("what", ["...", "“”", "?!", "- "])
def test_a_promise_without_a_word_is_left_out(what: str) -> None:
    driver = begin_recovery()
    before = driver.summary(CLIENT)
    driver.note("commitment", Commitment("Ana", what))
    assert driver.summary(CLIENT) == before


def test_the_client_is_greeted_by_name() -> None:
    driver = begin_recovery()
    driver.do(ClientWrote("You never call.", "Kim Larsen"))
    assert driver.summary(CLIENT).startswith("Hello Kim")


def test_what_we_own_is_written_without_shouting_and_without_doubled_marks() -> None:
    driver = begin_recovery()
    driver.note("our_part", Text("WE FORGOT YOU!! NOBODY CALLED.."))
    assert "\nWe forgot you! Nobody called. I am sorry.\n" in driver.summary(CLIENT)
