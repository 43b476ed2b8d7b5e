"""Where each gate leads, as method.md says, and how a recovery begins."""

import pytest

from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.input.actions import event_from_action
from flows.screens.card import guide_card
from flows.screens.elements import Button, ButtonRow
from flows.screens.panel import more_panel, text_digest
from flows.state.effects import SaveStepVisit, ShowCard, ShowDialog
from flows.state.entries import Commitment, Fact
from flows.state.events import ClientWrote, CloseRecovery, Event, OpenDialog, StartRecovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PreviewSummary
from tests.conftest import ANA, NOON, THREAD
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery

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
    ("dispute", "detail", "dispute"),
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


def buttons(driver: RecoveryDriver) -> list[Button]:
    card = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
    return [button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons]


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
def test_a_gate_leads_where_the_method_says(driver: RecoveryDriver, step: str, gate: str, to: str) -> None:
    driver.jump(step)
    driver.tap(gate)
    assert (driver.recovery.step, driver.recovery.closed_at) == (to, None)


def test_no_gate_is_there_that_the_method_does_not_have(flow: Flow) -> None:
    pairs = {(step, gate) for step in flow.numbered_steps for gate in flow.steps[step].gates}
    assert pairs == {(step, gate) for step, gate, _ in METHOD}


def test_one_tap_a_step_leads_to_the_end_without_a_single_note(driver: RecoveryDriver) -> None:
    driver.taps(*BY_TAPS_ALONE)
    assert driver.recovery.closed_at == NOON


def test_the_first_tap_of_each_step_is_the_main_button(driver: RecoveryDriver) -> None:
    main = []
    for gate in BY_TAPS_ALONE:
        main += [button.action for button in buttons(driver) if button.is_main]
        driver.tap(gate)
    assert main == [f"choose:{gate}" for gate in BY_TAPS_ALONE]


def test_leaving_a_step_is_noted_with_its_times_and_its_gate(driver: RecoveryDriver) -> None:
    driver.later(3)
    driver.tap("ready")
    passed = next(effect.step_visit for effect in driver.effects if isinstance(effect, SaveStepVisit))
    assert passed == (1, "prepare", NOON, NOON + 180, "ready", "facts")


def test_both_loops_back_from_step_four_come_to_step_four_again(driver: RecoveryDriver) -> None:
    driver.taps("ready", "all_said", "confirmed", "missed_fact", "all_said", "confirmed", "missed_feeling", "confirmed")
    assert driver.recovery.step == "acknowledge"


def test_a_gate_of_another_step_changes_nothing(driver: RecoveryDriver) -> None:
    before = driver.recovery
    driver.tap("all_said")
    assert driver.recovery == before


def test_a_gate_of_another_step_is_answered_with_where_the_recovery_is(driver: RecoveryDriver) -> None:
    driver.tap("all_said")
    assert driver.private_messages() == [
        "That button belongs to an earlier card, so nothing was changed. The recovery is now at: Be prepared."
    ]


def test_an_answer_that_stays_shows_the_next_trap(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    driver.tap("no_answer")
    assert "“I know how you feel.”" in driver.card()


def test_a_second_stay_at_a_step_shows_the_next_trap(driver: RecoveryDriver) -> None:
    driver.jump("acknowledge")
    driver.taps("missed_feeling", "confirmed")
    assert "Avoid: A “but” behind it." in driver.card()


def test_being_too_close_opens_the_hand_over(driver: RecoveryDriver) -> None:
    assert ShowDialog(ANA, "hand_over") in driver.tap("too_close")


def test_another_feeling_opens_the_form_to_note_it(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    assert ShowDialog(ANA, "note:feeling") in driver.tap("named_another")


def test_a_gate_that_leads_on_opens_no_form(driver: RecoveryDriver) -> None:
    assert not [effect for effect in driver.tap("ready") if isinstance(effect, ShowDialog)]


def test_opening_a_form_changes_nothing(driver: RecoveryDriver) -> None:
    before = driver.recovery
    assert (driver.do(OpenDialog(ANA, "more")), driver.recovery) == ((ShowDialog(ANA, "more"),), before)


def test_a_recovery_begins_at_the_first_step_with_the_card(flow: Flow) -> None:
    recovery, effects = advance(flow, None, StartRecovery("r", ANA, "Acme", THREAD, "en"), NOON)
    assert (recovery.step, effects[0]) == ("prepare", ShowCard(ANA))


@pytest.mark.parametrize("language", ["xx", "", "EN", "<b>"])
def test_an_unknown_language_begins_in_the_flows_first(language: str) -> None:
    assert begin_recovery(language=language).recovery.language == "en"


def test_a_known_language_is_kept() -> None:
    assert begin_recovery(language="es").recovery.language == "es"


def test_a_recovery_keeps_the_id_and_the_version_of_its_flow(driver: RecoveryDriver) -> None:
    assert (driver.recovery.flow, driver.recovery.flow_version) == (driver.flow.id, driver.flow.version)


def test_starting_again_changes_nothing(driver: RecoveryDriver) -> None:
    before = driver.recovery
    driver.do(StartRecovery("other", ANA, "Globex", THREAD, "es"))
    assert (driver.recovery, driver.effects) == (before, ())


def test_nothing_but_a_start_begins_a_recovery(flow: Flow) -> None:
    with pytest.raises(ValueError, match="only StartRecovery makes one"):
        advance(flow, None, CloseRecovery(ANA), NOON)


@pytest.mark.parametrize("previewing", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_every_button_of_the_guide_can_be_read(driver: RecoveryDriver, *, previewing: bool, closed: bool) -> None:
    driver.note("commitment", Commitment("Ana", "a fixed export"))
    driver.tap("ready")
    happens: list[Event] = [PreviewSummary(ANA, SummaryVersion.CLIENT)] if previewing else []
    for event in [*happens, *([CloseRecovery(ANA)] if closed else [])]:
        driver.do(event)
    groups = more_panel(driver.flow, driver.recovery, driver.localizer).groups
    all_buttons = [*buttons(driver), *(button for group in groups for row in group.rows for button in row.buttons)]
    revision = driver.recovery.card_revision
    events = [event_from_action(driver.flow, driver.recovery, b.action, revision, ANA, driver.now) for b in all_buttons]
    assert all(event.actor == ANA for event in events)  # type: ignore[union-attr]  # every button has a hand


def test_the_clients_last_words_can_be_taken_as_a_fact(driver: RecoveryDriver) -> None:
    driver.do(ClientWrote("Nobody called me back."))
    action = f"take:{text_digest('Nobody called me back.')}"
    driver.do(event_from_action(driver.flow, driver.recovery, action, driver.recovery.card_revision, ANA, driver.now))
    assert [entry.value for entry in driver.recovery.entries_of("facts")] == [Fact("Nobody called me back.")]
