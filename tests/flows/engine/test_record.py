"""The record: notes made, mended and refused."""

import pytest

from flows.errors import UnknownAction
from flows.input import actions
from flows.screens.panel import more_panel
from flows.screens.plain_text import panel_text
from flows.state.effects import DeleteEntry
from flows.state.entries import Fact, Feeling, Selection, Text
from flows.state.events import AddObserver, ClientWrote
from flows.state.record_events import EditEntry, RecordEntry, RemoveEntry
from tests.conftest import ANA, BEN, NOON
from tests.flows.recovery_driver import RecoveryDriver


def test_a_value_of_another_kind_is_not_noted(driver: RecoveryDriver) -> None:
    driver.do(RecordEntry(ANA, "facts", Feeling("angry")))
    assert (driver.recovery.entries, driver.private_messages()) == (
        (),
        ["Not saved: this does not fit the field. Open the form again and correct it."],
    )


def test_a_note_in_no_field_is_not_made(driver: RecoveryDriver) -> None:
    driver.do(RecordEntry(ANA, "nonsense", Text("x")))
    assert driver.recovery.entries == ()


def test_a_recovery_that_is_full_says_what_to_do(driver: RecoveryDriver) -> None:
    for number in range(300):
        driver.note("facts", Fact(f"fact {number}"))
    driver.note("facts", Fact("one too many"))
    assert driver.private_messages() == [
        "Not saved: this recovery already has 300 notes, the maximum. Remove one first."
    ]


def test_the_id_of_a_removed_note_is_not_given_again(driver: RecoveryDriver) -> None:
    first = driver.note("frame", Text("A"))
    second = driver.note("frame", Text("B"))
    assert first.id != second.id


def test_editing_keeps_the_time_of_recording(driver: RecoveryDriver) -> None:
    note = driver.note("facts", Fact("late"))
    driver.later(5)
    driver.do(EditEntry(ANA, note.id, Fact("four days late")))
    assert [(entry.recorded_at, entry.value) for entry in driver.recovery.entries] == [(NOON, Fact("four days late"))]


def test_editing_a_note_that_is_gone_says_so(driver: RecoveryDriver) -> None:
    driver.do(EditEntry(ANA, "e9", Fact("late")))
    assert driver.private_messages() == ["That note no longer exists, so nothing was changed."]


@pytest.mark.parametrize("field", ["setting", "last_straw"])
def test_a_new_pick_replaces_the_one_before(driver: RecoveryDriver, field: str) -> None:
    known = driver.flow.field(field)
    assert known
    first, second = list(known.options)[:2]
    driver.note(field, Selection((first,)))
    driver.note(field, Selection((second,)))
    assert [entry.value for entry in driver.recovery.entries_of(field)] == [Selection((second,))]


def test_the_clients_last_words_are_held_up_to_the_length_of_a_note(driver: RecoveryDriver) -> None:
    driver.do(ClientWrote("x" * 2001))
    assert driver.recovery.client_message == "x" * 2000


@pytest.mark.parametrize("field", ["criticism", "offer"])
def test_a_field_of_many_keeps_every_note(driver: RecoveryDriver, field: str) -> None:
    driver.note(field, Text("A"))
    driver.note(field, Text("B"))
    assert [entry.value for entry in driver.recovery.entries_of(field)] == [Text("A"), Text("B")]


@pytest.mark.parametrize(
    ("field", "options"), [("outcome", ("restored", "improving")), ("outcome", ("wonderful",)), ("cue", ("wonderful",))]
)
def test_a_pick_of_what_is_not_offered_is_not_noted(
    driver: RecoveryDriver, field: str, options: tuple[str, ...]
) -> None:
    driver.do(RecordEntry(ANA, field, Selection(options)))
    assert driver.recovery.entries == ()


def test_an_edit_to_a_value_of_another_kind_changes_nothing(driver: RecoveryDriver) -> None:
    note = driver.note("facts", Fact("late"))
    driver.do(EditEntry(ANA, note.id, Text("late")))
    assert driver.value(note) == Fact("late")


def test_removing_a_note_takes_it_off_the_record(driver: RecoveryDriver) -> None:
    note = driver.note("facts", Fact("late"))
    assert (DeleteEntry(note.id) in driver.do(RemoveEntry(ANA, note.id)), driver.recovery.entries) == (True, ())


def test_removing_a_note_twice_says_so(driver: RecoveryDriver) -> None:
    note = driver.note("facts", Fact("late"))
    driver.do(RemoveEntry(ANA, note.id))
    driver.do(RemoveEntry(ANA, note.id))
    assert driver.private_messages() == ["That note no longer exists, so nothing was changed."]


def test_a_note_knows_its_step_its_time_and_who_made_it(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.later(2)
    note = driver.note("facts", Fact("late"))
    assert (note.step, note.recorded_at, note.recorded_by) == ("facts", NOON + 120, ANA)


def test_everybody_who_watches_sees_a_new_note(driver: RecoveryDriver) -> None:
    driver.do(AddObserver(ANA, BEN))
    driver.note("facts", Fact("late"))
    assert driver.card_recipients() == [ANA, BEN]


def take(driver: RecoveryDriver) -> str:
    """What the button beside the client's words means, as the panel shows it now."""
    rows = (row for group in more_panel(driver.flow, driver.recovery, driver.localizer).groups for row in group.rows)
    return next(button.action for row in rows for button in row.buttons if button.action.startswith("take"))


def test_the_words_that_are_taken_are_those_that_were_in_view(driver: RecoveryDriver) -> None:
    driver.do(ClientWrote("We lost three days."))
    seen = take(driver)
    driver.do(ClientWrote("And our board knows."))
    for action in (seen, take(driver)):
        driver.do(
            actions.event_from_action(
                driver.flow, driver.recovery, action, driver.recovery.card_revision, ANA, driver.now
            )
        )
    facts = [entry.value for entry in driver.recovery.entries_of("facts")]
    assert facts == [Fact("We lost three days."), Fact("And our board knows.")]
    with pytest.raises(UnknownAction):
        actions.event_from_action(driver.flow, driver.recovery, seen, driver.recovery.card_revision, ANA, driver.now)


def test_words_that_were_taken_are_not_offered_again(driver: RecoveryDriver) -> None:
    driver.do(ClientWrote("We lost three days."))
    driver.do(
        actions.event_from_action(
            driver.flow, driver.recovery, take(driver), driver.recovery.card_revision, ANA, driver.now
        )
    )
    assert "Add as a fact" not in panel_text(more_panel(driver.flow, driver.recovery, driver.localizer))
