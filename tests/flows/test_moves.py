"""Back, skip and jump, and buttons of earlier cards."""

from collections.abc import Callable

import pytest

from flows.screens.panel import more_panel
from flows.state.entries import Fact, Feeling, Text
from flows.state.events import (
    ChooseGate,
    CloseRecovery,
    EditSummary,
    Event,
    GoBack,
    HandOver,
    JumpToStep,
    PostSummary,
    PreviewSummary,
    ReopenRecovery,
    SkipStep,
    ThreadReadersChange,
)
from flows.state.recovery import SummaryVersion
from tests.conftest import ANA, BEN
from tests.flows.rehearsal import Rehearsal, begin


def test_back_returns_to_the_step_before(talk: Rehearsal) -> None:
    talk.taps("ready", "all_said")
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert talk.recovery.step == "facts"


def test_back_twice_undoes_two_moves(talk: Rehearsal) -> None:
    talk.taps("ready", "all_said")
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert talk.recovery.step == "prepare"


def test_back_after_a_jump_returns_to_where_it_began(talk: Rehearsal) -> None:
    talk.jump("repair")
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert talk.recovery.step == "prepare"


def test_back_after_going_on_again_undoes_the_newest_move(talk: Rehearsal) -> None:
    talk.taps("ready", "all_said")
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    talk.jump("frame")
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert talk.recovery.step == "facts"


def test_back_at_the_beginning_stays(talk: Rehearsal) -> None:
    before = talk.recovery
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert talk.recovery == before


def test_back_is_not_offered_at_the_beginning(talk: Rehearsal) -> None:
    groups = more_panel(talk.flow, talk.recovery, talk.voice).groups
    assert "back" not in {button.action for group in groups for row in group.rows for button in row.buttons}


def test_back_keeps_what_was_noted(talk: Rehearsal) -> None:
    talk.tap("ready")
    talk.note("facts", Fact("late"))
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert [entry.value for entry in talk.recovery.entries] == [Fact("late")]


def test_skip_goes_to_the_next_step_in_order(talk: Rehearsal) -> None:
    talk.jump("acknowledge")
    talk.do(SkipStep(ANA, talk.recovery.card_revision))
    assert talk.recovery.step == "dispute"


def test_skip_answers_nothing_for_the_client(talk: Rehearsal) -> None:
    talk.jump("feelings")
    feeling = talk.note("feeling", Feeling("ignored"))
    talk.do(SkipStep(ANA, talk.recovery.card_revision))
    assert talk.value(feeling) == Feeling("ignored", is_confirmed=None)


def test_skip_at_the_close_stays(talk: Rehearsal) -> None:
    talk.jump("close")
    before = talk.recovery
    talk.do(SkipStep(ANA, talk.recovery.card_revision))
    assert talk.recovery == before


@pytest.mark.parametrize("step", ["prepare", "facts", "feelings", "acknowledge", "dispute", "frame", "repair", "close"])
def test_a_jump_reaches_any_step(talk: Rehearsal, step: str) -> None:
    talk.jump("resolve")
    talk.jump(step)
    assert talk.recovery.step == step


def test_a_jump_to_where_the_talk_is_leaves_no_passage(talk: Rehearsal) -> None:
    talk.jump("prepare")
    assert talk.recovery.step_visits == ()


@pytest.mark.parametrize("step", ["nowhere", "end", ""])
def test_a_jump_to_no_step_changes_nothing(talk: Rehearsal, step: str) -> None:
    before = talk.recovery
    talk.jump(step)
    assert talk.recovery == before


STALE: dict[str, Callable[[int], Event]] = {
    "gate": lambda visit: ChooseGate(ANA, "all_said", visit),
    "back": lambda visit: GoBack(ANA, visit),
    "skip": lambda visit: SkipStep(ANA, visit),
    "jump": lambda visit: JumpToStep(ANA, "repair", visit),
    "post": lambda visit: PostSummary(ANA, SummaryVersion.CLIENT, visit),
}


@pytest.mark.parametrize("button", STALE)
@pytest.mark.parametrize("off", [-1, 1])
def test_a_button_of_another_card_changes_nothing(talk: Rehearsal, button: str, off: int) -> None:
    talk.tap("ready")
    before = talk.recovery
    talk.do(STALE[button](talk.recovery.card_revision + off))
    assert talk.recovery == before


@pytest.mark.parametrize("button", STALE)
def test_a_button_of_an_earlier_card_is_told_where_the_talk_is(talk: Rehearsal, button: str) -> None:
    talk.tap("ready")
    talk.do(STALE[button](talk.recovery.card_revision - 1))
    assert talk.said() == ["That button was from an earlier card. The talk is at: Get the facts."]


def test_a_stale_button_is_told_in_the_language_of_the_talk() -> None:
    talk = begin(language="es")
    talk.tap("ready")
    talk.do(GoBack(ANA, talk.recovery.card_revision - 1))
    assert talk.said() == ["Ese botón era de una tarjeta anterior. La conversación está en: Reúne los hechos."]


def test_a_stale_button_shows_the_card_again(talk: Rehearsal) -> None:
    talk.do(ChooseGate(ANA, "ready", 0))
    assert talk.shown() == [ANA]


def test_a_gate_is_stale_while_a_summary_is_in_view(talk: Rehearsal) -> None:
    talk.do(PreviewSummary(ANA, SummaryVersion.INTERNAL))
    talk.tap("ready")
    assert talk.recovery.step == "prepare"


def test_a_gate_tapped_twice_moves_once(talk: Rehearsal) -> None:
    tap = ChooseGate(ANA, "ready", talk.recovery.card_revision)
    talk.do(tap)
    talk.do(tap)
    assert [passage.step for passage in talk.recovery.step_visits] == ["prepare"]


def test_a_note_does_not_make_the_buttons_stale(talk: Rehearsal) -> None:
    visit = talk.recovery.card_revision
    talk.note("contact", Text("Kim"))
    talk.do(ChooseGate(ANA, "ready", visit))
    assert talk.recovery.step == "facts"


EVERY_CARD: list[Callable[[Rehearsal], Event]] = [
    lambda talk: ChooseGate(talk.recovery.responder, "ready", talk.recovery.card_revision),
    lambda talk: SkipStep(talk.recovery.responder, talk.recovery.card_revision),
    lambda talk: JumpToStep(talk.recovery.responder, "repair", talk.recovery.card_revision),
    lambda talk: GoBack(talk.recovery.responder, talk.recovery.card_revision),
    lambda talk: PreviewSummary(talk.recovery.responder, SummaryVersion.CLIENT),
    lambda talk: GoBack(talk.recovery.responder, talk.recovery.card_revision),
    lambda talk: EditSummary(talk.recovery.responder, SummaryVersion.INTERNAL, "Ours."),
    lambda talk: PostSummary(talk.recovery.responder, SummaryVersion.INTERNAL, talk.recovery.card_revision),
    lambda _: ThreadReadersChange(has_external_users=True),
    lambda talk: CloseRecovery(talk.recovery.responder),
    lambda talk: ReopenRecovery(talk.recovery.responder),
    lambda talk: HandOver(talk.recovery.responder, BEN),
]
"""Everything that gives buttons another meaning, one after the other."""


def test_no_card_has_the_number_of_an_earlier_one(talk: Rehearsal) -> None:
    numbers = [talk.recovery.card_revision]
    for happens in EVERY_CARD:
        talk.do(happens(talk))
        numbers.append(talk.recovery.card_revision)
    assert numbers == sorted(set(numbers))
