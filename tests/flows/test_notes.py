"""The record: notes made, mended and refused."""

import pytest

from flows.errors import UnknownAction
from flows.input import actions
from flows.screens.panel import more_panel
from flows.screens.plain_text import panel_text
from flows.state.effects import DeleteEntry
from flows.state.entries import Fact, Feeling, Selection, Text
from flows.state.events import AddObserver, ClientWrote, EditEntry, RecordEntry, RemoveEntry
from tests.conftest import ANA, BEN, NOON
from tests.flows.rehearsal import Rehearsal


def test_a_value_of_another_kind_is_not_noted(talk: Rehearsal) -> None:
    talk.do(RecordEntry(ANA, "facts", Feeling("angry")))
    assert (talk.recovery.entries, talk.said()) == (
        (),
        ["That could not be noted: it does not fit this field. Open the form again."],
    )


def test_a_note_in_no_field_is_not_made(talk: Rehearsal) -> None:
    talk.do(RecordEntry(ANA, "nonsense", Text("x")))
    assert talk.recovery.entries == ()


def test_a_talk_that_is_full_says_what_to_do(talk: Rehearsal) -> None:
    for number in range(300):
        talk.note("facts", Fact(f"fact {number}"))
    talk.note("facts", Fact("one too many"))
    assert talk.said() == ["This talk holds 300 notes, the most it can. Remove one first."]


def test_the_id_of_a_removed_note_is_not_given_again(talk: Rehearsal) -> None:
    first = talk.note("frame", Text("A"))
    second = talk.note("frame", Text("B"))
    assert first.id != second.id


def test_editing_keeps_the_time_of_recording(talk: Rehearsal) -> None:
    note = talk.note("facts", Fact("late"))
    talk.later(5)
    talk.do(EditEntry(ANA, note.id, Fact("four days late")))
    assert [(entry.recorded_at, entry.value) for entry in talk.recovery.entries] == [(NOON, Fact("four days late"))]


def test_editing_a_note_that_is_gone_says_so(talk: Rehearsal) -> None:
    talk.do(EditEntry(ANA, "e9", Fact("late")))
    assert talk.said() == ["That note is no longer there. Nothing changed."]


@pytest.mark.parametrize("field", ["setting", "last_straw"])
def test_a_new_pick_replaces_the_one_before(talk: Rehearsal, field: str) -> None:
    known = talk.flow.field(field)
    assert known
    first, second = list(known.options)[:2]
    talk.note(field, Selection((first,)))
    talk.note(field, Selection((second,)))
    assert [entry.value for entry in talk.recovery.entries_of(field)] == [Selection((second,))]


def test_the_clients_last_words_are_held_up_to_the_length_of_a_note(talk: Rehearsal) -> None:
    talk.do(ClientWrote("x" * 2001))
    assert talk.recovery.client_message == "x" * 2000


@pytest.mark.parametrize("field", ["criticism", "offer"])
def test_a_field_of_many_keeps_every_note(talk: Rehearsal, field: str) -> None:
    talk.note(field, Text("A"))
    talk.note(field, Text("B"))
    assert [entry.value for entry in talk.recovery.entries_of(field)] == [Text("A"), Text("B")]


@pytest.mark.parametrize(
    ("field", "options"), [("outcome", ("restored", "improving")), ("outcome", ("wonderful",)), ("cue", ("wonderful",))]
)
def test_a_pick_of_what_is_not_offered_is_not_noted(talk: Rehearsal, field: str, options: tuple[str, ...]) -> None:
    talk.do(RecordEntry(ANA, field, Selection(options)))
    assert talk.recovery.entries == ()


def test_an_edit_to_a_value_of_another_kind_changes_nothing(talk: Rehearsal) -> None:
    note = talk.note("facts", Fact("late"))
    talk.do(EditEntry(ANA, note.id, Text("late")))
    assert talk.value(note) == Fact("late")


def test_removing_a_note_takes_it_off_the_record(talk: Rehearsal) -> None:
    note = talk.note("facts", Fact("late"))
    assert (DeleteEntry(note.id) in talk.do(RemoveEntry(ANA, note.id)), talk.recovery.entries) == (True, ())


def test_removing_a_note_twice_says_so(talk: Rehearsal) -> None:
    note = talk.note("facts", Fact("late"))
    talk.do(RemoveEntry(ANA, note.id))
    talk.do(RemoveEntry(ANA, note.id))
    assert talk.said() == ["That note is no longer there. Nothing changed."]


def test_a_note_knows_its_step_its_time_and_who_made_it(talk: Rehearsal) -> None:
    talk.tap("ready")
    talk.later(2)
    note = talk.note("facts", Fact("late"))
    assert (note.step, note.recorded_at, note.recorded_by) == ("facts", NOON + 120, ANA)


def test_everybody_who_watches_sees_a_new_note(talk: Rehearsal) -> None:
    talk.do(AddObserver(ANA, BEN))
    talk.note("facts", Fact("late"))
    assert talk.shown() == [ANA, BEN]


def take(talk: Rehearsal) -> str:
    """What the button beside the client's words means, as the panel shows it now."""
    rows = (row for group in more_panel(talk.flow, talk.recovery, talk.voice).groups for row in group.rows)
    return next(button.action for row in rows for button in row.buttons if button.action.startswith("take"))


def test_the_words_that_are_taken_are_those_that_were_in_view(talk: Rehearsal) -> None:
    talk.do(ClientWrote("We lost three days."))
    seen = take(talk)
    talk.do(ClientWrote("And our board knows."))
    with pytest.raises(UnknownAction):
        actions.event_from_action(talk.flow, talk.recovery, seen, talk.recovery.card_revision, ANA)
    talk.do(actions.event_from_action(talk.flow, talk.recovery, take(talk), talk.recovery.card_revision, ANA))
    assert [entry.value for entry in talk.recovery.entries_of("facts")] == [Fact("And our board knows.")]


def test_words_that_were_taken_are_not_offered_again(talk: Rehearsal) -> None:
    talk.do(ClientWrote("We lost three days."))
    talk.do(actions.event_from_action(talk.flow, talk.recovery, take(talk), talk.recovery.card_revision, ANA))
    assert "Add as a fact" not in panel_text(more_panel(talk.flow, talk.recovery, talk.voice))
