"""The client's answers, the first "yes", and what is given back."""

import pytest

from flows.definition.validation import load_flow
from flows.state.effects import SaveEntry
from flows.state.entries import Expression, Fact, Feeling, Holder, Selection, Text
from flows.state.events import SkipStep
from tests.conftest import ANA, NOON
from tests.flows.broken_flows import TEXT
from tests.flows.rehearsal import Rehearsal, begin


def words(talk: Rehearsal) -> Text:
    (entry,) = talk.recovery.entries_of("words")
    assert isinstance(entry.value, Text)
    return entry.value


def test_a_confirmed_feeling_says_so(talk: Rehearsal) -> None:
    talk.jump("feelings")
    feeling = talk.note("feeling", Feeling("ignored", 3))
    talk.tap("confirmed")
    assert talk.value(feeling) == Feeling("ignored", 3, is_confirmed=True)


def test_a_feeling_that_the_client_corrects_is_denied(talk: Rehearsal) -> None:
    talk.jump("feelings")
    feeling = talk.note("feeling", Feeling("ignored", 3))
    talk.tap("named_another")
    assert talk.value(feeling) == Feeling("ignored", 3, is_confirmed=False)


def test_only_the_newest_feeling_is_confirmed(talk: Rehearsal) -> None:
    talk.jump("feelings")
    first = talk.note("feeling", Feeling("ignored"))
    talk.note("feeling", Feeling("angry"))
    talk.tap("confirmed")
    assert talk.value(first) == Feeling("ignored")


def test_no_answer_yet_leaves_the_feeling_open(talk: Rehearsal) -> None:
    talk.jump("feelings")
    feeling = talk.note("feeling", Feeling("ignored"))
    talk.tap("no_answer")
    assert talk.value(feeling) == Feeling("ignored", is_confirmed=None)


def test_confirming_without_a_feeling_on_record_records_none(talk: Rehearsal) -> None:
    talk.jump("feelings")
    talk.tap("confirmed")
    assert talk.recovery.entries == ()


def test_an_answered_feeling_is_recorded(talk: Rehearsal) -> None:
    talk.jump("feelings")
    feeling = talk.note("feeling", Feeling("ignored"))
    talk.tap("confirmed")
    assert [e.entry.id for e in talk.effects if isinstance(e, SaveEntry)] == [feeling.id]


def test_an_agreed_frame_says_so(talk: Rehearsal) -> None:
    talk.jump("frame")
    frame = talk.note("frame", Text("Reports reach you late."))
    talk.tap("agreed")
    assert talk.value(frame) == Text("Reports reach you late.", is_confirmed=True)


def test_a_frame_is_not_agreed_by_writing_it_down(talk: Rehearsal) -> None:
    talk.jump("frame")
    frame = talk.note("frame", Text("Reports reach you late."))
    assert talk.value(frame) == Text("Reports reach you late.", is_confirmed=None)


def test_a_new_frame_replaces_the_one_before(talk: Rehearsal) -> None:
    talk.note("frame", Text("A"))
    talk.note("frame", Text("B"))
    assert [entry.value for entry in talk.recovery.entries_of("frame")] == [Text("B")]


def test_the_yes_has_its_moment(talk: Rehearsal) -> None:
    talk.jump("acknowledge")
    talk.later(4)
    talk.tap("yes")
    assert talk.recovery.first_yes_at == NOON + 240


def test_a_second_yes_does_not_move_the_moment_of_the_first(talk: Rehearsal) -> None:
    talk.jump("acknowledge")
    talk.tap("yes")
    talk.later(10)
    talk.jump("acknowledge")
    talk.tap("yes")
    assert talk.recovery.first_yes_at == NOON


@pytest.mark.parametrize("gate", ["missed_fact", "missed_feeling"])
def test_a_not_quite_is_no_yes(talk: Rehearsal, gate: str) -> None:
    talk.jump("acknowledge")
    talk.tap(gate)
    assert talk.recovery.first_yes_at is None


def test_an_agreed_frame_is_not_the_first_yes(talk: Rehearsal) -> None:
    talk.jump("frame")
    talk.tap("agreed")
    assert talk.recovery.first_yes_at is None


def test_skipping_step_four_is_no_yes(talk: Rehearsal) -> None:
    talk.jump("acknowledge")
    talk.do(SkipStep(ANA, talk.recovery.card_revision))
    assert talk.recovery.first_yes_at is None


def test_the_phrase_that_the_client_said_yes_to_is_kept_as_the_words(talk: Rehearsal) -> None:
    talk.note("facts", Fact("the export was empty"))
    talk.jump("acknowledge")
    talk.tap("yes")
    kept = "I want to be sure I have it: the export was empty. What have I missed?"
    assert words(talk) == Text(kept, is_confirmed=True)


def test_the_responders_own_words_are_kept_instead_of_the_phrase(talk: Rehearsal) -> None:
    talk.note("facts", Fact("the export was empty"))
    talk.jump("acknowledge")
    talk.note("words", Text("Empty on Monday, and nobody called."))
    talk.tap("yes")
    assert words(talk) == Text("Empty on Monday, and nobody called.", is_confirmed=True)


def test_words_of_an_earlier_try_give_way_to_the_phrase_that_got_the_yes(talk: Rehearsal) -> None:
    talk.note("facts", Fact("the export was empty"))
    talk.jump("acknowledge")
    talk.note("words", Text("Something was empty."))
    talk.later(1)
    talk.taps("missed_fact", "all_said", "confirmed")
    talk.tap("yes")
    assert words(talk).text == "I want to be sure I have it: the export was empty. What have I missed?"


def test_a_phrase_that_was_filled_with_nothing_is_not_kept(talk: Rehearsal) -> None:
    talk.jump("acknowledge")
    talk.tap("yes")
    assert talk.recovery.entries_of("words") == ()


def test_facts_and_the_feeling_are_given_back_in_one_sentence(talk: Rehearsal) -> None:
    talk.note("facts", Fact("The export was empty."))
    talk.note("facts", Fact("nobody called."))
    talk.note("feeling", Feeling("let_down"))
    talk.jump("acknowledge")
    said = "I want to be sure I have it: The export was empty, nobody called, and that left you feeling let down."
    assert said in talk.card()


@pytest.mark.parametrize(
    "fact",
    [
        Fact("we never told them", Expression.UNSAID),
        Fact("a gut feeling", Expression.UNSAYABLE),
        Fact("our log", holder=Holder.US),
    ],
)
def test_what_the_client_did_not_say_is_not_given_back_as_theirs(talk: Rehearsal, fact: Fact) -> None:
    talk.note("facts", fact)
    talk.jump("acknowledge")
    assert "Let me tell you what I heard." in talk.card()


def test_braces_in_a_note_are_only_text(talk: Rehearsal) -> None:
    talk.note("facts", Fact("{feeling} and {account}"))
    talk.jump("acknowledge")
    assert "I want to be sure I have it: {feeling} and {account}. What have I missed?" in talk.card()


def test_a_long_note_is_cut_in_the_phrase(talk: Rehearsal) -> None:
    talk.note("our_part", Text("word " * 100))
    talk.jump("repair")
    said = next(line for line in talk.card().splitlines() if line.startswith("Say: "))
    assert len(said) < 250


def test_a_long_note_stays_whole_on_record(talk: Rehearsal) -> None:
    note = talk.note("our_part", Text("word " * 100))
    assert talk.value(note) == Text("word " * 100)


def test_a_picked_option_is_said_in_the_language_of_the_talk() -> None:
    talk = begin(language="es")
    talk.flow = load_flow(TEXT.replace("este: {frame}", "este: {last_straw}"), "changed.yaml")
    talk.note("last_straw", Selection(("us_alone",)))
    talk.jump("frame")
    assert "el problema de fondo es este: Solo por nosotros." in talk.card()
