"""Corners of the method where an obvious way of doing it would be wrong."""

import pytest

from flows.definition.validation import load_flow
from flows.definition.yaml_source import InvalidFile
from flows.input import actions, form_answers
from flows.input.commands import Command, CommandWord
from flows.input.commands import parse_command as command
from flows.input.form_reader import FormAnswers
from flows.screens.panel import more_panel
from flows.screens.plain_text import panel_text
from flows.state.effects import ClearTimer, PostLineToThread
from flows.state.entries import Commitment, CommitmentState, Fact, Feeling, Level, Moment, Standing, Text
from flows.state.events import CloseRecovery, Event, ReopenRecovery, SnoozeNudge, ThreadReadersChange
from flows.state.record_events import EditEntry, RecordEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from tests.conftest import ANA, NOON
from tests.flows.definition.broken_flows import TEXT
from tests.flows.input.form_helpers import read
from tests.flows.recovery_driver import DAY, RecoveryDriver, begin_recovery

FLOWS = ("trust-recovery", "first-response")


def event(driver: RecoveryDriver, form: str, answers: FormAnswers) -> Event:
    result = read(driver, form, answers)
    assert not isinstance(result, form_answers.FormErrors), result
    return result


def post(driver: RecoveryDriver, version: SummaryVersion) -> None:
    driver.do(PreviewSummary(ANA, version))
    driver.do(PostSummary(ANA, version, driver.recovery.card_revision))


def lines(driver: RecoveryDriver) -> list[PostLineToThread]:
    return [effect for effect in driver.effects if isinstance(effect, PostLineToThread)]


@pytest.mark.parametrize(
    ("zone", "user_text"),
    [
        ("America/Los_Angeles", "9999-12-31T23:59"),
        ("Asia/Tokyo", "253402300799"),
        ("Asia/Tokyo", "0001-01-01T00:00"),
    ],
)
def test_a_time_that_no_calendar_can_show_is_refused(zone: str, user_text: str) -> None:
    assert isinstance(
        read(begin_recovery(timezone=zone), "note:next_update", {"when": user_text}), form_answers.FormErrors
    )


def test_a_compact_date_is_a_date(driver: RecoveryDriver) -> None:
    assert isinstance(event(driver, "note:next_update", {"when": "20270301"}), RecordEntry)


def test_a_feeling_that_the_client_denied_is_not_given_back(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    driver.note("feeling", Feeling("ignored"))
    driver.tap("named_another")
    assert "ignored" not in driver.card()


@pytest.mark.parametrize("gate", ["not_yet", "missing_fact"])
def test_a_frame_that_the_client_withdrew_leaves_the_client_safe_summary(driver: RecoveryDriver, gate: str) -> None:
    driver.jump("frame")
    driver.note("frame", Text("Exports fail."))
    driver.tap("agreed")
    driver.jump("frame")
    driver.tap(gate)
    assert "Exports fail." not in driver.summary(SummaryVersion.CLIENT)


def test_other_words_in_an_agreed_frame_need_another_yes(driver: RecoveryDriver) -> None:
    frame = driver.note("frame", Text("Exports fail.", is_confirmed=True))
    driver.do(event(driver, f"edit:{frame.id}", {"text": "Exports fail silently.", "confirmed": "yes"}))
    assert driver.value(frame) == Text("Exports fail silently.", None)


def test_words_edited_during_this_stay_are_kept(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("late"))
    driver.jump("acknowledge")
    words = driver.note("words", Text("a first try"))
    driver.later(1)
    driver.taps("missed_fact", "all_said", "confirmed")
    driver.later(1)
    driver.do(EditEntry(ANA, words.id, Text("my own words")))
    driver.tap("yes")
    assert driver.recovery.entries_of("words")[0].value == Text("my own words", is_confirmed=True)


def test_words_from_before_a_reopening_are_kept(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("late"))
    driver.jump("acknowledge")
    driver.note("words", Text("mine"))
    driver.later(1)
    driver.do(CloseRecovery(ANA))
    driver.do(ReopenRecovery(ANA))
    driver.tap("yes")
    assert driver.recovery.entries_of("words")[0].value == Text("mine", is_confirmed=True)


def test_weighing_a_fact_again_keeps_our_view_and_evidence(driver: RecoveryDriver) -> None:
    fact = driver.note("facts", Fact("late", our_view="V", evidence="E", standing=Standing.DISPUTED))
    driver.do(event(driver, "note:dispute", {"fact": fact.id, "our_view": "", "evidence": "", "standing": "parked"}))
    assert driver.value(fact) == Fact("late", our_view="V", evidence="E", standing=Standing.PARKED)


def test_an_update_moved_into_the_past_clears_its_timer(driver: RecoveryDriver) -> None:
    update = driver.note("next_update", Moment(NOON + DAY))
    driver.do(EditEntry(ANA, update.id, Moment(NOON - 60)))
    assert ClearTimer(f"update:{update.id}") in driver.effects


def test_a_follow_up_of_a_reopened_recovery_is_silent(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.do(ReopenRecovery(ANA))
    assert driver.ring("follow:week") == []


def test_a_snooze_after_the_close_promises_nothing(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.do(SnoozeNudge(ANA, 5))
    assert not driver.set_timers()


def test_a_long_note_without_spaces_is_cut_and_not_lost(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("出" * 130))
    driver.jump("acknowledge")
    assert "出出出" in driver.card().splitlines()[4]


def test_a_closed_recovery_offers_the_fields_of_the_close(driver: RecoveryDriver) -> None:
    driver.jump("facts")
    driver.do(CloseRecovery(ANA))
    assert "[Still a client?]" in panel_text(more_panel(driver.flow, driver.recovery, driver.localizer))


def test_a_promise_that_the_posted_summary_did_not_hold_is_not_told(driver: RecoveryDriver) -> None:
    driver.note("our_part", Text("x"))
    post(driver, SummaryVersion.CLIENT)
    promise = driver.note("commitment", Commitment("Ana", "later"))
    driver.do(EditEntry(ANA, promise.id, Commitment("Ana", "later", None, CommitmentState.KEPT)))
    assert not lines(driver)


def test_a_promise_told_only_inside_is_not_told_to_outsiders(driver: RecoveryDriver) -> None:
    promise = driver.note("commitment", Commitment("Ana", "x"))
    post(driver, SummaryVersion.INTERNAL)
    driver.do(ThreadReadersChange(has_external_users=True))
    driver.do(EditEntry(ANA, promise.id, Commitment("Ana", "x", None, CommitmentState.KEPT)))
    assert not lines(driver)


def test_stop_from_the_panel_of_an_earlier_card_does_no_harm(driver: RecoveryDriver) -> None:
    old = driver.recovery.card_revision
    driver.tap("ready")
    driver.do(actions.event_from_action(driver.flow, driver.recovery, "close", old, ANA, driver.now))
    assert driver.recovery.closed_at is None
    assert driver.private_messages() == [
        "That button belongs to an earlier card, so nothing was changed. The recovery is now at: Get the facts."
    ]


def test_a_level_is_noted_with_its_name(driver: RecoveryDriver) -> None:
    driver.jump("close")
    driver.note("trust_now", Level(4))
    assert "- Trust now (1 none, 5 full): 4 of 5" in driver.card()


def test_the_one_entry_of_a_field_can_be_replaced_when_the_record_is_full(driver: RecoveryDriver) -> None:
    driver.note("frame", Text("A"))
    for number in range(299):
        driver.note("facts", Fact(str(number)))
    driver.do(RecordEntry(ANA, "frame", Text("B")))
    assert driver.recovery.entries_of("frame")[0].value == Text("B")


@pytest.mark.parametrize("name", ["Stop & Shop", "Hours Ltd", "Summary Corp", "Quiet GmbH & Co. KG"])
def test_an_account_whose_first_word_is_ours_is_an_account(name: str) -> None:
    assert command(name, FLOWS) == Command(CommandWord.START, name)


@pytest.mark.parametrize("user_text", ["start\tAcme", "start\u00a0Acme", "  start   Acme "])
def test_any_space_parts_the_words_of_a_command(user_text: str) -> None:
    assert command(user_text, FLOWS) == Command(CommandWord.START, "Acme")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("languages: [en, es]", "languages: [en, es, en]"),
        ('          private: {en: "Private", es: "En privado"}', '          fields: {en: "Private"}'),
    ],
)
def test_a_flow_with_a_hidden_fault_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(InvalidFile):
        load_flow(TEXT.replace(old, new), "mine.yaml")


def test_one_mistyped_step_is_one_problem() -> None:
    broken = TEXT.replace("to: acknowledge, confirms: feeling", "to: acknowlege, confirms: feeling")
    assert broken != TEXT
    with pytest.raises(InvalidFile) as refused:
        load_flow(broken, "mine.yaml")
    assert [problem.remedy for problem in refused.value.problems] == ["Did you mean “acknowledge”?"]
