"""The client's answers, the first "yes", and what is given back."""

import pytest

from flows.definition.validation import load_flow
from flows.state.effects import SaveEntry
from flows.state.entries import Expression, Fact, Feeling, Holder, Selection, Text
from flows.state.events import SkipStep
from tests.conftest import ANA, NOON
from tests.flows.definition.broken_flows import TEXT
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery


def words(driver: RecoveryDriver) -> Text:
    (entry,) = driver.recovery.entries_of("words")
    assert isinstance(entry.value, Text)
    return entry.value


def test_a_confirmed_feeling_says_so(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    feeling = driver.note("feeling", Feeling("ignored", 3))
    driver.tap("confirmed")
    assert driver.value(feeling) == Feeling("ignored", 3, is_confirmed=True)


def test_a_feeling_that_the_client_corrects_is_denied(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    feeling = driver.note("feeling", Feeling("ignored", 3))
    driver.tap("named_another")
    assert driver.value(feeling) == Feeling("ignored", 3, is_confirmed=False)


def test_only_the_newest_feeling_is_confirmed(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    first = driver.note("feeling", Feeling("ignored"))
    driver.note("feeling", Feeling("angry"))
    driver.tap("confirmed")
    assert driver.value(first) == Feeling("ignored")


def test_no_answer_yet_leaves_the_feeling_open(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    feeling = driver.note("feeling", Feeling("ignored"))
    driver.tap("no_answer")
    assert driver.value(feeling) == Feeling("ignored", is_confirmed=None)


def test_confirming_without_a_feeling_on_record_records_none(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    driver.tap("confirmed")
    assert driver.recovery.entries == ()


def test_an_answered_feeling_is_recorded(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    feeling = driver.note("feeling", Feeling("ignored"))
    driver.tap("confirmed")
    assert [e.entry.id for e in driver.effects if isinstance(e, SaveEntry)] == [feeling.id]


def test_an_agreed_frame_says_so(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    frame = driver.note("frame", Text("Reports reach you late."))
    driver.tap("agreed")
    assert driver.value(frame) == Text("Reports reach you late.", is_confirmed=True)


def test_a_frame_is_not_agreed_by_writing_it_down(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    frame = driver.note("frame", Text("Reports reach you late."))
    assert driver.value(frame) == Text("Reports reach you late.", is_confirmed=None)


def test_a_new_frame_replaces_the_one_before(driver: RecoveryDriver) -> None:
    driver.note("frame", Text("A"))
    driver.note("frame", Text("B"))
    assert [entry.value for entry in driver.recovery.entries_of("frame")] == [Text("B")]


def test_the_yes_has_its_moment(driver: RecoveryDriver) -> None:
    driver.jump("acknowledge")
    driver.later(4)
    driver.tap("yes")
    assert driver.recovery.first_yes_at == NOON + 240


def test_a_second_yes_does_not_move_the_moment_of_the_first(driver: RecoveryDriver) -> None:
    driver.jump("acknowledge")
    driver.tap("yes")
    driver.later(10)
    driver.jump("acknowledge")
    driver.tap("yes")
    assert driver.recovery.first_yes_at == NOON


@pytest.mark.parametrize("gate", ["missed_fact", "missed_feeling"])
def test_a_not_quite_is_no_yes(driver: RecoveryDriver, gate: str) -> None:
    driver.jump("acknowledge")
    driver.tap(gate)
    assert driver.recovery.first_yes_at is None


def test_an_agreed_frame_is_not_the_first_yes(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    driver.tap("agreed")
    assert driver.recovery.first_yes_at is None


def test_skipping_step_four_is_no_yes(driver: RecoveryDriver) -> None:
    driver.jump("acknowledge")
    driver.do(SkipStep(ANA, driver.recovery.card_revision))
    assert driver.recovery.first_yes_at is None


def test_the_phrase_is_never_recorded_by_itself(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("the export was empty"))
    driver.jump("acknowledge")
    driver.tap("yes")
    assert driver.recovery.entries_of("words") == ()


def test_a_flow_can_keep_the_phrase_that_the_client_said_yes_to() -> None:
    driver = begin_recovery()
    driver.flow = load_flow(
        TEXT.replace("to: dispute, confirms: words", "to: dispute, keeps: words, confirms: words"), "changed.yaml"
    )
    driver.note("facts", Fact("the export was empty"))
    driver.jump("acknowledge")
    driver.tap("yes")
    assert "the export was empty" in words(driver).text
    assert words(driver).is_confirmed


def test_the_responders_own_words_are_kept_instead_of_the_phrase(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("the export was empty"))
    driver.jump("acknowledge")
    driver.note("words", Text("Empty on Monday, and nobody called."))
    driver.tap("yes")
    assert words(driver) == Text("Empty on Monday, and nobody called.", is_confirmed=True)


def test_facts_and_the_feeling_are_given_back_in_one_sentence(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("The export was empty."))
    driver.note("facts", Fact("nobody called."))
    driver.note("feeling", Feeling("let_down"))
    driver.jump("acknowledge")
    line = "the export was empty, nobody called, and you felt let down. What have I missed?"
    assert line in driver.card()


@pytest.mark.parametrize(
    "fact",
    [
        Fact("we never told them", Expression.UNSAID),
        Fact("a gut feeling", Expression.UNSAYABLE),
        Fact("our log", holder=Holder.US),
    ],
)
def test_what_the_client_did_not_say_is_not_given_back_as_theirs(driver: RecoveryDriver, fact: Fact) -> None:
    driver.note("facts", fact)
    driver.jump("acknowledge")
    assert "Let me tell you what I heard." in driver.card()


def test_braces_in_a_note_are_only_text(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("{feeling} and {account}"))
    driver.jump("acknowledge")
    assert "{feeling} and {account}" in driver.card()


def test_a_long_note_is_cut_in_the_phrase(driver: RecoveryDriver) -> None:
    driver.note("our_part", Text("word " * 100))
    driver.jump("repair")
    sentence = next(line for line in driver.card().splitlines() if line.startswith("Say: "))
    assert len(sentence) < 250


def test_a_long_note_stays_whole_on_record(driver: RecoveryDriver) -> None:
    note = driver.note("our_part", Text("word " * 100))
    assert driver.value(note) == Text("word " * 100)


def test_a_picked_option_is_said_in_the_language_of_the_recovery() -> None:
    driver = begin_recovery(language="es")
    driver.flow = load_flow(TEXT.replace("esto: {frame}", "esto: {last_straw}", 1), "changed.yaml")
    driver.note("last_straw", Selection(("us_alone",)))
    driver.jump("frame")
    assert "se resume en esto: Solo por nosotros." in driver.card()
