"""The grammar of actions and form ids reads what it writes, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.action_ids import MAX_CHARACTERS, Action, ActionKind, FormId, FormKind, decode_action, decode_form_id
from flows.errors import UnknownAction, UnknownForm

SUBJECTS = st.text(max_size=40)


@given(st.sampled_from(ActionKind), SUBJECTS)
def test_an_action_comes_back_as_it_was(kind: ActionKind, subject: str) -> None:
    assert decode_action(Action(kind, subject).encode()) == Action(kind, subject)


@given(st.sampled_from(FormKind), SUBJECTS)
def test_a_form_id_comes_back_as_it_was(kind: FormKind, subject: str) -> None:
    assert decode_form_id(FormId(kind, subject).encode()) == FormId(kind, subject)


def test_an_action_that_opens_a_form_holds_the_whole_id_of_the_form() -> None:
    action = Action(ActionKind.OPEN, FormId(FormKind.NOTE, "facts").encode())
    assert action.encode() == "open:note:facts"
    assert decode_form_id(decode_action("open:note:facts").subject) == FormId(FormKind.NOTE, "facts")


def test_a_kind_without_a_subject_stands_alone() -> None:
    assert (Action(ActionKind.BACK).encode(), FormId(FormKind.START).encode()) == ("back", "start")
    assert decode_form_id("start:") == FormId(FormKind.START)


@pytest.mark.parametrize("text", ["", ":", "fly", "fly:away", "Back", " back", "note:facts"])
def test_what_is_no_action_is_refused(text: str) -> None:
    with pytest.raises(UnknownAction):
        decode_action(text)


@pytest.mark.parametrize("text", ["", ":", "fly", "Note:facts", "open:note:facts"])
def test_what_is_no_form_id_is_refused(text: str) -> None:
    with pytest.raises(UnknownForm):
        decode_form_id(text)


def test_what_is_longer_than_any_button_of_ours_is_refused() -> None:
    """On some platforms it may have hundreds of kilobytes, and would be stored."""
    longest = "x" * (MAX_CHARACTERS - len("choose:"))
    assert decode_action(f"choose:{longest}").subject == longest
    for text in (f"choose:{longest}x", "choose:" + "x" * 900_000):
        with pytest.raises(UnknownAction):
            decode_action(text)
    with pytest.raises(UnknownForm):
        decode_form_id("note:" + "x" * 900_000)
