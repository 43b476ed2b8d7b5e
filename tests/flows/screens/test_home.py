"""Home: what is urgent comes first, and each recovery is one tap away."""

from dataclasses import replace

from flows.screens.elements import Group, HomeView
from flows.screens.home import RecoveryWithFlow, home_screen
from flows.state.entries import Commitment
from flows.state.local_time.working_hours import DEFAULT_HOURS
from flows.state.recovery import Recovery
from tests.flows.recovery_driver import HOUR, RecoveryDriver


def home(driver: RecoveryDriver, *recoveries: Recovery) -> HomeView:
    led = [RecoveryWithFlow(driver.flow, recovery) for recovery in recoveries]
    return home_screen(led, [], [], driver.localizer, DEFAULT_HOURS, {})


def mine(view: HomeView) -> Group:
    return next(group for group in view.groups if group.title == "My open recoveries")


def test_a_recovery_with_a_late_promise_comes_first_and_names_it(driver: RecoveryDriver) -> None:
    borg = replace(driver.recovery, account="Borg")
    entry = driver.note("commitment", Commitment("Ana", "send the export", driver.now + HOUR))
    driver.later(61)
    driver.ring(f"late:{entry.id}")
    rows = mine(home(driver, borg, driver.recovery)).rows
    assert [row.text for row in rows[:2]] == [
        "Acme: 1 of 8 · Be prepared · late: send the export",
        "Borg: 1 of 8 · Be prepared",
    ]


def test_guide_thread_and_more_are_one_tap_away(driver: RecoveryDriver) -> None:
    row = mine(home(driver, driver.recovery)).rows[0]
    assert [button.label for button in row.buttons] == ["Open guide", "Thread", "More"]
