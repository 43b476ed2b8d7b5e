"""What a person on a call finds on the card at once."""

from typing import TypeVar

from flows.screens.card import guide_card
from flows.screens.elements import ClientMessage, Elapsed, InlineForm, NoteList, TextLine
from flows.screens.forms import dialog_form
from flows.screens.inputs import Form, TextInput
from flows.state.entries import Commitment, Fact, Text
from flows.state.events import AddObserver, ClientWrote
from tests.conftest import ANA, BEN
from tests.flows.recovery_driver import DAY, RecoveryDriver

Kind = TypeVar("Kind")


def elements(driver: RecoveryDriver, kind: type[Kind]) -> list[Kind]:
    card = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
    return [element for element in card.elements if isinstance(element, kind)]


def form(driver: RecoveryDriver, form_id: str) -> Form:
    result = dialog_form(driver.flow, driver.recovery, form_id, driver.localizer, driver.now)
    assert result
    return result


def test_what_the_client_writes_is_on_the_card_and_one_tap_notes_it(driver: RecoveryDriver) -> None:
    driver.jump("facts")
    driver.do(ClientWrote("You never called me back!", "Kim"))
    (message,) = elements(driver, ClientMessage)
    assert message.text == "You never called me back!"
    driver.act(message.button.action)
    assert [entry.value for entry in driver.recovery.entries] == [Fact("You never called me back!")]
    assert elements(driver, ClientMessage) == []


def test_it_is_on_the_card_at_any_step_at_which_it_comes(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    driver.later(1)
    driver.do(ClientWrote("And another thing", "Kim"))
    assert [one.text for one in elements(driver, ClientMessage)] == ["And another thing"]


def test_the_times_since_the_start_and_since_the_client_wrote_are_there(driver: RecoveryDriver) -> None:
    started = driver.now
    driver.later(5)
    driver.do(ClientWrote("Well?", "Kim"))
    (elapsed,) = elements(driver, Elapsed)
    assert [mark.epoch_seconds for mark in elapsed.marks] == [started, driver.now]


def test_disputing_begins_with_one_question(driver: RecoveryDriver) -> None:
    driver.jump("dispute")
    assert "Anything to dispute?" in [line.text for line in elements(driver, TextLine)]


def test_who_promises_is_the_responder_unless_somebody_else_is_typed(driver: RecoveryDriver) -> None:
    driver.jump("resolve")
    (inline_form,) = elements(driver, InlineForm)
    assert [one.value for one in inline_form.form.inputs if isinstance(one, TextInput)] == ["Ana", ""]


def test_a_note_stands_once_and_is_updated(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    assert [one.form.submit_label for one in elements(driver, InlineForm)] == ["Add"]
    driver.note("frame", Text("exports fail without a word"))
    assert elements(driver, InlineForm) == []
    assert [note.text for one in elements(driver, NoteList) for note in one.notes] == [
        "exports fail without a word (not confirmed yet)"
    ]
    assert form(driver, "note:frame").submit_label == "Update"


def test_what_is_chosen_by_a_chip_is_not_listed_again(driver: RecoveryDriver) -> None:
    driver.jump("repair")
    driver.act("pick:need:time")
    assert elements(driver, NoteList) == []


def test_options_that_are_seldom_needed_fold(driver: RecoveryDriver) -> None:
    for form_id, names in {"note:facts": {"expression", "holder"}, "note:feeling": {"strength"}}.items():
        assert {one.name for one in form(driver, form_id).inputs if one.is_secondary} == names


def test_a_promise_is_shown_with_its_time(driver: RecoveryDriver) -> None:
    driver.jump("resolve")
    driver.note("commitment", Commitment("Ana", "send the export", driver.now + DAY))
    assert "Ana: send the export, by Sat 16 Jan 2027, 08:00" in driver.card()


def test_an_observer_can_leave_by_the_card(driver: RecoveryDriver) -> None:
    driver.do(AddObserver(ANA, BEN))
    assert "[Stop observing]" in driver.card(BEN)
