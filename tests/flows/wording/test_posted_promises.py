"""Which promises a text tells of: those whose words stand in it, and no others."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.state.entries import Commitment, CommitmentState, Entry, Fact, Text, Value
from flows.wording.posted_promises import posted_promises, words_in_text
from tests.conftest import ANA, NOON


def told(text: str, *values: Value, language: str = "en") -> dict[str, str]:
    """The words in which the text tells of each promise, by the number of its value."""
    entries = [Entry(f"e{number}", "field", "step", NOON, ANA, value) for number, value in enumerate(values)]
    return dict(posted_promises(text, entries, language))


def promise(what: str) -> Commitment:
    return Commitment("Ana", what, NOON)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I will send the report by Friday.", "send the report"),
        ("I WILL SEND THE REPORT!", "SEND THE REPORT"),
        ("I will send  the\nreport.", "send the report"),
        ("We send the (report).", ""),
        ("We resend the report.", ""),
        ("Send the reports.", ""),
        ("Send the report-card.", "Send the report"),
        ("", ""),
    ],
)
def test_the_words_as_they_stand_in_the_text(text: str, words: str) -> None:
    assert words_in_text("Send the report.", text, "en") == words


@pytest.mark.parametrize(
    ("what", "text", "language"),
    [
        ("I will call the board", "Ben will call the board.", "en"),
        ("I'll call the board", "• Ben Ito will call the board by Friday.", "en"),
        ("voy a llamar a la junta", "Ben va a llamar a la junta.", "es"),
        ("Call (again) the board…", "I will call (again) the board by Friday.", "en"),
        ("call the board!!", "I will call the board.", "en"),
        ("¡llamar a la junta!", "Voy a llamar a la junta.", "es"),
        ("a credit of 1,5 %", "From me: a credit of 1,5 %, by Friday", "en"),
    ],
)
def test_how_a_promise_was_typed_does_not_matter(what: str, text: str, language: str) -> None:
    assert told(text, promise(what), language=language)


def test_words_that_are_only_a_part_of_another_promise_tell_of_that_one_alone() -> None:
    short, long = promise("send the report"), promise("send the report to the board")
    assert told("I will send the report to the board.", short, long) == {"e1": "send the report to the board"}


def test_both_are_told_if_both_stand_there() -> None:
    short, long = promise("send the report"), promise("send the report to the board")
    assert set(told("I will send the report to the board. And I will send the report to you.", short, long)) == {
        "e0",
        "e1",
    }


@pytest.mark.parametrize("make_note", [Text, Fact])
def test_words_that_are_only_a_part_of_another_note_tell_of_no_promise(make_note: Callable[[str], Value]) -> None:
    note = make_note("you did not send the report in time")
    assert not told("You did not send the report in time. I am sorry.", promise("send the report"), note)


def test_of_two_promises_with_the_same_words_as_many_are_told_as_stand_there() -> None:
    twice = promise("call you"), promise("Call you.")
    assert len(told("• I will call you.", *twice)) == 1
    assert len(told("• I will call you.\n• Ben will call you.", *twice)) == 2


def test_a_dropped_promise_is_not_told() -> None:
    assert not told("I will call you.", Commitment("Ana", "call you", state=CommitmentState.DROPPED))


@pytest.mark.parametrize("what", ["", "...", "🎉", "I will"])
def test_a_promise_without_words_is_not_told(what: str) -> None:
    assert set(told("... 🎉 I did it", promise(what))) == set()


@given(st.text(max_size=60), st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_what_is_told_stands_in_the_text(what: str, text: str, others: list[str]) -> None:
    for words in told(text, promise(what), *map(promise, others)).values():
        assert " ".join(words.split()) in " ".join(text.split())


@given(st.text(min_size=1, max_size=60), st.sampled_from(["en", "es"]))
def test_a_promise_that_stands_alone_is_told_with_every_word(what: str, language: str) -> None:
    words = words_in_text(what, f"— {what} —", language)
    assert not words or words_in_text(what, words, language) == words
