"""Back, skip and jump, and buttons of earlier cards."""

from collections.abc import Callable

import pytest

from flows.screens.panel import more_panel
from flows.state.entries import Fact, Feeling, Text
from flows.state.events import (
    ChooseGate,
    CloseRecovery,
    Event,
    GoBack,
    HandOver,
    JumpToStep,
    ReopenRecovery,
    SkipStep,
    ThreadReadersChange,
)
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary, PostSummary, PreviewSummary
from tests.conftest import ANA, BEN
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery


def test_back_returns_to_the_step_before(driver: RecoveryDriver) -> None:
    driver.taps("ready", "all_said")
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert driver.recovery.step == "facts"


def test_back_twice_undoes_two_moves(driver: RecoveryDriver) -> None:
    driver.taps("ready", "all_said")
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert driver.recovery.step == "prepare"


def test_back_after_a_jump_returns_to_where_it_began(driver: RecoveryDriver) -> None:
    driver.jump("repair")
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert driver.recovery.step == "prepare"


def test_back_after_going_on_again_undoes_the_newest_move(driver: RecoveryDriver) -> None:
    driver.taps("ready", "all_said")
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    driver.jump("frame")
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert driver.recovery.step == "facts"


def test_back_at_the_beginning_stays(driver: RecoveryDriver) -> None:
    before = driver.recovery
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert driver.recovery == before


def test_back_is_not_offered_at_the_beginning(driver: RecoveryDriver) -> None:
    groups = more_panel(driver.flow, driver.recovery, driver.localizer).groups
    assert "back" not in {button.action for group in groups for row in group.rows for button in row.buttons}


def test_back_keeps_what_was_noted(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.note("facts", Fact("late"))
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert [entry.value for entry in driver.recovery.entries] == [Fact("late")]


def test_skip_goes_to_the_next_step_in_order(driver: RecoveryDriver) -> None:
    driver.jump("acknowledge")
    driver.do(SkipStep(ANA, driver.recovery.card_revision))
    assert driver.recovery.step == "dispute"


def test_skip_answers_nothing_for_the_client(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    feeling = driver.note("feeling", Feeling("ignored"))
    driver.do(SkipStep(ANA, driver.recovery.card_revision))
    assert driver.value(feeling) == Feeling("ignored", is_confirmed=None)


def test_skip_at_the_close_stays(driver: RecoveryDriver) -> None:
    driver.jump("close")
    before = driver.recovery
    driver.do(SkipStep(ANA, driver.recovery.card_revision))
    assert driver.recovery == before


@pytest.mark.parametrize("step", ["prepare", "facts", "feelings", "acknowledge", "dispute", "frame", "repair", "close"])
def test_a_jump_reaches_any_step(driver: RecoveryDriver, step: str) -> None:
    driver.jump("resolve")
    driver.jump(step)
    assert driver.recovery.step == step


def test_a_jump_to_where_the_recovery_is_leaves_no_passage(driver: RecoveryDriver) -> None:
    driver.jump("prepare")
    assert driver.recovery.step_visits == ()


@pytest.mark.parametrize("step", ["nowhere", "end", ""])
def test_a_jump_to_no_step_changes_nothing(driver: RecoveryDriver, step: str) -> None:
    before = driver.recovery
    driver.jump(step)
    assert driver.recovery == before


STALE: dict[str, Callable[[int], Event]] = {
    "gate": lambda visit: ChooseGate(ANA, "all_said", visit),
    "back": lambda visit: GoBack(ANA, visit),
    "skip": lambda visit: SkipStep(ANA, visit),
    "jump": lambda visit: JumpToStep(ANA, "repair", visit),
    "post": lambda visit: PostSummary(ANA, SummaryVersion.CLIENT, visit),
}


@pytest.mark.parametrize("button", STALE)
@pytest.mark.parametrize("off", [-1, 1])
def test_a_button_of_another_card_changes_nothing(driver: RecoveryDriver, button: str, off: int) -> None:
    driver.tap("ready")
    before = driver.recovery
    driver.do(STALE[button](driver.recovery.card_revision + off))
    assert driver.recovery == before


@pytest.mark.parametrize("button", STALE)
def test_a_button_of_an_earlier_card_is_told_where_the_recovery_is(driver: RecoveryDriver, button: str) -> None:
    driver.tap("ready")
    driver.do(STALE[button](driver.recovery.card_revision - 1))
    assert driver.private_messages() == [
        "That button belongs to an earlier card, so nothing was changed. The recovery is now at: Get the facts."
    ]


def test_a_stale_button_is_told_in_the_language_of_the_recovery() -> None:
    driver = begin_recovery(language="es")
    driver.tap("ready")
    driver.do(GoBack(ANA, driver.recovery.card_revision - 1))
    assert driver.private_messages() == [
        (
            "Ese botón es de una tarjeta anterior, así que no ha cambiado nada. La recuperación está "
            "ahora en: Reúne los hechos."
        )
    ]


def test_a_stale_button_shows_the_card_again(driver: RecoveryDriver) -> None:
    driver.do(ChooseGate(ANA, "ready", 0))
    assert driver.card_recipients() == [ANA]


def test_a_gate_is_stale_while_a_summary_is_in_view(driver: RecoveryDriver) -> None:
    driver.do(PreviewSummary(ANA, SummaryVersion.INTERNAL))
    driver.tap("ready")
    assert driver.recovery.step == "prepare"


def test_a_gate_tapped_twice_moves_once(driver: RecoveryDriver) -> None:
    tap = ChooseGate(ANA, "ready", driver.recovery.card_revision)
    driver.do(tap)
    driver.do(tap)
    assert [passage.step for passage in driver.recovery.step_visits] == ["prepare"]


def test_a_note_does_not_make_the_buttons_stale(driver: RecoveryDriver) -> None:
    visit = driver.recovery.card_revision
    driver.note("contact", Text("Kim"))
    driver.do(ChooseGate(ANA, "ready", visit))
    assert driver.recovery.step == "facts"


EVERY_CARD: list[Callable[[RecoveryDriver], Event]] = [
    lambda driver: ChooseGate(driver.recovery.responder, "ready", driver.recovery.card_revision),
    lambda driver: SkipStep(driver.recovery.responder, driver.recovery.card_revision),
    lambda driver: JumpToStep(driver.recovery.responder, "repair", driver.recovery.card_revision),
    lambda driver: GoBack(driver.recovery.responder, driver.recovery.card_revision),
    lambda driver: PreviewSummary(driver.recovery.responder, SummaryVersion.CLIENT),
    lambda driver: GoBack(driver.recovery.responder, driver.recovery.card_revision),
    lambda driver: EditSummary(driver.recovery.responder, SummaryVersion.INTERNAL, "Ours."),
    lambda driver: PostSummary(driver.recovery.responder, SummaryVersion.INTERNAL, driver.recovery.card_revision),
    lambda _: ThreadReadersChange(has_external_users=True),
    lambda driver: CloseRecovery(driver.recovery.responder),
    lambda driver: ReopenRecovery(driver.recovery.responder),
    lambda driver: HandOver(driver.recovery.responder, BEN),
]
"""Everything that gives buttons another meaning, one after the other."""


def test_no_card_has_the_number_of_an_earlier_one(driver: RecoveryDriver) -> None:
    numbers = [driver.recovery.card_revision]
    for happens in EVERY_CARD:
        driver.do(happens(driver))
        numbers.append(driver.recovery.card_revision)
    assert numbers == sorted(set(numbers))
