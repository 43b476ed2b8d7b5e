"""Closing, reopening and posting twice."""

from flows.state.effects import PostSummaryToThread
from flows.state.entries import Text
from flows.state.events import CloseRecovery, GoBack, ReopenRecovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from tests.conftest import ANA, NOON
from tests.flows.recovery_driver import RecoveryDriver


def test_seeing_the_summary_closes_the_recovery(driver: RecoveryDriver) -> None:
    driver.jump("close")
    driver.tap("finish")
    assert (driver.recovery.closed_at, driver.recovery.is_previewing_summary) == (NOON, True)


def test_a_recovery_can_be_ended_at_any_step(driver: RecoveryDriver) -> None:
    driver.jump("dispute")
    driver.do(CloseRecovery(ANA))
    assert (driver.recovery.closed_at, driver.recovery.step) == (NOON, "dispute")


def test_ending_posts_nothing_by_itself(driver: RecoveryDriver) -> None:
    driver.note("our_part", Text("I did not check"))
    driver.do(CloseRecovery(ANA))
    assert not [effect for effect in driver.effects if isinstance(effect, PostSummaryToThread)]


def test_a_closed_recovery_is_not_closed_again(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.later(5)
    driver.do(CloseRecovery(ANA))
    assert driver.recovery.closed_at == NOON


def test_a_closed_recovery_says_so_when_a_gate_is_tapped(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.tap("ready")
    assert driver.private_messages() == [
        "This recovery is closed, so nothing was changed. You can reopen it under More."
    ]


def test_a_closed_recovery_is_not_moved_by_a_jump(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.jump("facts")
    assert driver.recovery.step == "prepare"


def test_reopening_goes_on_at_the_step_where_it_ended(driver: RecoveryDriver) -> None:
    driver.jump("repair")
    driver.do(CloseRecovery(ANA))
    driver.do(ReopenRecovery(ANA))
    assert (driver.recovery.step, driver.recovery.closed_at, driver.recovery.is_previewing_summary) == (
        "repair",
        None,
        False,
    )


def test_a_reopened_recovery_goes_on(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.do(ReopenRecovery(ANA))
    driver.tap("ready")
    assert driver.recovery.step == "facts"


def test_back_from_a_closed_recovery_reopens_it(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert driver.recovery.closed_at is None


def test_back_in_a_reopened_recovery_goes_to_the_step_before(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.do(CloseRecovery(ANA))
    driver.do(ReopenRecovery(ANA))
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert driver.recovery.step == "prepare"


def test_reopening_an_open_recovery_changes_nothing(driver: RecoveryDriver) -> None:
    before = driver.recovery
    driver.do(ReopenRecovery(ANA))
    assert driver.recovery == before


def test_back_from_a_preview_returns_to_the_step(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.do(PreviewSummary(ANA, SummaryVersion.INTERNAL))
    driver.do(GoBack(ANA, driver.recovery.card_revision))
    assert (driver.recovery.step, driver.recovery.is_previewing_summary) == ("facts", False)


def test_a_note_can_be_made_after_the_close(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    driver.note("root_cause", Text("Three delays and not one call"))
    assert driver.recovery.entries_of("root_cause")


def test_one_tap_posts_once_even_when_it_comes_twice(driver: RecoveryDriver) -> None:
    driver.note("our_part", Text("I did not check"))
    driver.do(CloseRecovery(ANA))
    tap = PostSummary(ANA, SummaryVersion.INTERNAL, driver.recovery.card_revision)
    posts = [effect for _ in range(2) for effect in driver.do(tap) if isinstance(effect, PostSummaryToThread)]
    assert posts == [PostSummaryToThread(SummaryVersion.INTERNAL)]


def test_a_changed_summary_offers_to_post_it_again(driver: RecoveryDriver) -> None:
    driver.note("our_part", Text("I did not check"))
    driver.do(CloseRecovery(ANA))
    driver.do(driver.posting(SummaryVersion.INTERNAL))
    driver.note("our_part", Text("I did not call"))
    assert "[Post internal version again]" in driver.card()
    driver.do(driver.posting(SummaryVersion.INTERNAL))
    assert PostSummaryToThread(SummaryVersion.INTERNAL) in driver.effects
