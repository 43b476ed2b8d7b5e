"""The answer to `status`: where a recovery is, said in sentences."""

from flows.screens.status import status_text
from flows.state.events import CloseRecovery
from tests.conftest import ANA
from tests.flows.recovery_driver import RecoveryDriver


def status(driver: RecoveryDriver) -> str:
    return status_text(driver.flow, driver.recovery, driver.localizer, driver.now)


def test_it_says_the_step_and_what_to_say_in_sentences(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    text = status(driver)
    assert text.startswith("Acme: 6 of 8 · Frame the problem. One sentence you both agree on. ")
    assert not any(mark in text for mark in "[]\n()")


def test_a_closed_recovery_says_so(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    assert status(driver) == "Acme: Closed"
