"""Where each gate leads, as method.md says, and how a talk begins."""

import pytest

from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.input.actions import event_from_action
from flows.screens.card import guide_card
from flows.screens.elements import Button, ButtonRow
from flows.screens.panel import more_panel
from flows.state.effects import SaveStepVisit, ShowCard, ShowDialog
from flows.state.entries import Commitment, Fact
from flows.state.events import ClientWrote, CloseRecovery, Event, OpenDialog, PreviewSummary, StartRecovery
from flows.state.recovery import SummaryVersion
from tests.conftest import ANA, NOON, THREAD
from tests.flows.rehearsal import Rehearsal, begin

METHOD = [
    ("prepare", "ready", "facts"),
    ("prepare", "two_minutes", "prepare"),
    ("prepare", "too_close", "prepare"),
    ("facts", "all_said", "feelings"),
    ("feelings", "confirmed", "acknowledge"),
    ("feelings", "named_another", "acknowledge"),
    ("feelings", "no_answer", "feelings"),
    ("acknowledge", "yes", "dispute"),
    ("acknowledge", "missed_fact", "facts"),
    ("acknowledge", "missed_feeling", "feelings"),
    ("dispute", "nothing", "frame"),
    ("dispute", "settled", "frame"),
    ("frame", "agreed", "repair"),
    ("frame", "not_yet", "dispute"),
    ("frame", "missing_fact", "facts"),
    ("repair", "done", "resolve"),
    ("repair", "still_hot", "feelings"),
    ("resolve", "agreed", "close"),
    ("resolve", "leaving", "close"),
]
"""Step, gate and where it leads, as method.md says."""

BY_TAPS_ALONE = ("ready", "all_said", "confirmed", "yes", "nothing", "agreed", "done", "agreed", "finish")


def buttons(talk: Rehearsal) -> list[Button]:
    shown = guide_card(talk.flow, talk.recovery, ANA, talk.voice)
    return [button for element in shown.elements if isinstance(element, ButtonRow) for button in element.buttons]


def test_the_eight_steps_come_in_the_order_of_the_method(flow: Flow) -> None:
    assert flow.numbered_steps == (
        "prepare",
        "facts",
        "feelings",
        "acknowledge",
        "dispute",
        "frame",
        "repair",
        "resolve",
    )


@pytest.mark.parametrize(("step", "gate", "to"), METHOD)
def test_a_gate_leads_where_the_method_says(talk: Rehearsal, step: str, gate: str, to: str) -> None:
    talk.jump(step)
    talk.tap(gate)
    assert (talk.recovery.step, talk.recovery.closed_at) == (to, None)


def test_no_gate_is_there_that_the_method_does_not_have(flow: Flow) -> None:
    found = {(step, gate) for step in flow.numbered_steps for gate in flow.steps[step].gates}
    assert found == {(step, gate) for step, gate, _ in METHOD}


def test_one_tap_a_step_leads_to_the_end_without_a_single_note(talk: Rehearsal) -> None:
    talk.taps(*BY_TAPS_ALONE)
    assert talk.recovery.closed_at == NOON


def test_the_first_tap_of_each_step_is_the_main_button(talk: Rehearsal) -> None:
    main = []
    for gate in BY_TAPS_ALONE:
        main += [button.action for button in buttons(talk) if button.is_main]
        talk.tap(gate)
    assert main == [f"choose:{gate}" for gate in BY_TAPS_ALONE]


def test_leaving_a_step_is_noted_with_its_times_and_its_gate(talk: Rehearsal) -> None:
    talk.later(3)
    talk.tap("ready")
    passed = next(effect.step_visit for effect in talk.effects if isinstance(effect, SaveStepVisit))
    assert passed == (1, "prepare", NOON, NOON + 180, "ready", "facts")


def test_both_loops_back_from_step_four_come_to_step_four_again(talk: Rehearsal) -> None:
    talk.taps("ready", "all_said", "confirmed", "missed_fact", "all_said", "confirmed", "missed_feeling", "confirmed")
    assert talk.recovery.step == "acknowledge"


def test_a_gate_of_another_step_changes_nothing(talk: Rehearsal) -> None:
    before = talk.recovery
    talk.tap("all_said")
    assert talk.recovery == before


def test_a_gate_of_another_step_is_answered_with_where_the_talk_is(talk: Rehearsal) -> None:
    talk.tap("all_said")
    assert talk.said() == ["That button was from an earlier card. The talk is at: Be prepared."]


def test_an_answer_that_stays_shows_the_next_trap(talk: Rehearsal) -> None:
    talk.jump("feelings")
    talk.tap("no_answer")
    assert "“I know how you feel.”" in talk.card()


def test_a_second_stay_at_a_step_shows_the_next_trap(talk: Rehearsal) -> None:
    talk.jump("acknowledge")
    talk.taps("missed_feeling", "confirmed")
    assert "Avoid: A “but” behind it." in talk.card()


def test_being_too_close_opens_the_hand_over(talk: Rehearsal) -> None:
    assert ShowDialog(ANA, "hand_over") in talk.tap("too_close")


def test_another_feeling_opens_the_form_to_note_it(talk: Rehearsal) -> None:
    talk.jump("feelings")
    assert ShowDialog(ANA, "note:feeling") in talk.tap("named_another")


def test_a_gate_that_leads_on_opens_no_form(talk: Rehearsal) -> None:
    assert not [effect for effect in talk.tap("ready") if isinstance(effect, ShowDialog)]


def test_opening_a_form_changes_nothing(talk: Rehearsal) -> None:
    before = talk.recovery
    assert (talk.do(OpenDialog(ANA, "more")), talk.recovery) == ((ShowDialog(ANA, "more"),), before)


def test_a_talk_begins_at_the_first_step_with_the_card(flow: Flow) -> None:
    recovery, effects = advance(flow, None, StartRecovery("r", ANA, "Acme", THREAD, "en"), NOON)
    assert (recovery.step, effects[0]) == ("prepare", ShowCard(ANA))


@pytest.mark.parametrize("language", ["xx", "", "EN", "<b>"])
def test_an_unknown_language_begins_in_the_flows_first(language: str) -> None:
    assert begin(language=language).recovery.language == "en"


def test_a_known_language_is_kept() -> None:
    assert begin(language="es").recovery.language == "es"


def test_a_talk_keeps_the_id_and_the_version_of_its_flow(talk: Rehearsal) -> None:
    assert (talk.recovery.flow, talk.recovery.flow_version) == (talk.flow.id, talk.flow.version)


def test_starting_again_changes_nothing(talk: Rehearsal) -> None:
    before = talk.recovery
    talk.do(StartRecovery("other", ANA, "Globex", THREAD, "es"))
    assert (talk.recovery, talk.effects) == (before, ())


def test_nothing_but_a_start_begins_a_talk(flow: Flow) -> None:
    with pytest.raises(ValueError, match="only Start makes one"):
        advance(flow, None, CloseRecovery(ANA), NOON)


@pytest.mark.parametrize("previewing", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_every_button_of_the_guide_can_be_read(talk: Rehearsal, *, previewing: bool, closed: bool) -> None:
    talk.note("commitment", Commitment("Ana", "a fixed export"))
    talk.tap("ready")
    happens: list[Event] = [PreviewSummary(ANA, SummaryVersion.CLIENT)] if previewing else []
    for event in [*happens, *([CloseRecovery(ANA)] if closed else [])]:
        talk.do(event)
    groups = more_panel(talk.flow, talk.recovery, talk.voice).groups
    found = [*buttons(talk), *(button for group in groups for row in group.rows for button in row.buttons)]
    revision = talk.recovery.card_revision
    events = [event_from_action(talk.flow, talk.recovery, b.action, revision, ANA) for b in found]
    assert all(event.actor == ANA for event in events)  # type: ignore[union-attr]  # every button has a hand


def test_the_clients_last_words_can_be_taken_as_a_fact(talk: Rehearsal) -> None:
    talk.do(ClientWrote("Nobody called me back."))
    talk.do(event_from_action(talk.flow, talk.recovery, "take", talk.recovery.card_revision, ANA))
    assert [entry.value for entry in talk.recovery.entries_of("facts")] == [Fact("Nobody called me back.")]
