"""What "More" opens."""

from flows.screens.elements import Panel
from flows.screens.panel import more_panel
from flows.screens.plain_text import panel_text
from flows.state.entries import Text
from tests.flows.recovery_driver import RecoveryDriver


def panel(driver: RecoveryDriver) -> Panel:
    return more_panel(driver.flow, driver.recovery, driver.localizer)


def test_it_has_three_parts_and_the_steps_are_a_numbered_strip(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    assert [group.title for group in panel(driver).groups] == ["Steps", "People", "Notes"]
    strip = panel(driver).groups[0].rows[0]
    assert strip.is_strip
    assert [button.label.split()[0] for button in strip.buttons] == [*"12345678", "Wrap-up"]
    assert [button.label for button in strip.buttons if button.is_current] == ["6 Frame the problem"]


def test_what_was_removed_can_be_brought_back(driver: RecoveryDriver) -> None:
    entry = driver.note("contact", Text("Kim"))
    driver.act(f"remove:{entry.id}")
    assert len(driver.recovery.entries) == 0
    undo = [button for group in panel(driver).groups for row in group.rows for button in row.buttons]
    driver.act(next(button.action for button in undo if button.label == "Undo"))
    assert list(driver.recovery.entries) == [entry]
    assert "Undo" not in panel_text(panel(driver))


def test_nothing_is_called_close_but_the_window(driver: RecoveryDriver) -> None:
    labels = [button.label for group in panel(driver).groups for row in group.rows for button in row.buttons]
    assert [label for label in labels if "close" in label.casefold()] == []
    assert "End the recovery" in labels
