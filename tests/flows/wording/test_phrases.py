"""The marks and capitals of phrases that are filled with whatever was typed."""

import pytest

from flows.state.entries import Text
from flows.wording.phrases import phrase
from tests.flows.recovery_driver import RecoveryDriver

LONG = "I " + "really " * 40 + "forgot it"


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("We did not check the export..", "I'm sorry. We did not check the export. That's on me"),
        ("WE FORGOT IT!!!", "I'm sorry. We forgot it. That's on me"),
        ("we forgot it …", "I'm sorry. We forgot it. That's on me"),
        (LONG, "… That's on me"),
    ],
)
def test_a_sentence_ends_once(driver: RecoveryDriver, typed: str, spoken: str) -> None:
    driver.jump("repair")
    driver.note("our_part", Text(typed))
    assert spoken in phrase(driver.flow, driver.recovery, driver.now)


def test_one_phrase_apologizes_once_with_a_note_and_without(driver: RecoveryDriver) -> None:
    driver.jump("repair")
    assert phrase(driver.flow, driver.recovery, driver.now).count("sorry") == 1
    driver.note("our_part", Text("I did not check the export"))
    assert phrase(driver.flow, driver.recovery, driver.now).startswith("I'm sorry. I did not check the export.")
