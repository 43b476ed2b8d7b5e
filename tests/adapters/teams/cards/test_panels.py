"""Panels and homes: hundreds of things to tap, never too much for a card, and no more buttons than Teams shows."""

from dataclasses import replace

import pytest

from adapters.teams.cards.dialogs import confirmation_card, home_card, panel_card
from adapters.teams.cards.elements import MAX_CARD_BYTES, json_bytes, parse_tap
from flows.screens import plain_text
from flows.screens.elements import Button, ButtonKind, Confirmation, Group, Panel, Row
from flows.screens.panel import more_panel
from flows.state.entries import Commitment, Fact
from tests.adapters.slack.payloads import home_of, wordy
from tests.adapters.teams.card_schema import faults_of, shown_at_once
from tests.adapters.teams.payloads import (
    action,
    home_card_of,
    missing,
    panel_of,
    shown_text,
    tapped,
)
from tests.flows.recovery_driver import begin_recovery
from tests.flows.test_golden import filled, titled_recoveries

# --- panels


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_panel_is_taken_and_has_no_button_at_all(language: str) -> None:
    for title, driver in titled_recoveries("trust-recovery", language):
        card_json = panel_of(driver)
        assert faults_of(card_json) == [], title
        assert shown_at_once(card_json) == 0


def test_a_panel_says_all_there_is() -> None:
    for title, driver in titled_recoveries("first-response", "en"):
        more = more_panel(driver.flow, driver.recovery, driver.localizer)
        assert missing(plain_text.panel_text(more), f"{more.title}\n{shown_text(panel_of(driver))}") == [], title


def test_a_tap_in_a_panel_submits_and_opens_nothing_by_itself() -> None:
    driver = filled("trust-recovery", "en")
    card_json = panel_of(driver)
    tap = tapped(card_json, "Hand over")
    assert tap["type"] == "Action.Submit"
    assert parse_tap(tap["data"]).action == "open:hand_over"
    assert "msteams" not in tap["data"]
    assert parse_tap(tapped(card_json, "Snooze 5 min")["data"]).card_revision == driver.recovery.card_revision


def test_a_tap_that_asks_back_does_so_before_it_counts() -> None:
    button = Button("Stop", "close", confirmation="Stop *now*?")
    card_json = panel_card(Panel("r", 3, "More", (Group("End", (Row("", (button,)),)),)), "en")
    tap = parse_tap(tapped(card_json, "Stop")["data"])
    assert (tap.action, tap.needs_confirmation) == ("close", True)
    confirm, cancel = Button("Yes: Stop", "close"), Button("Back", "open:more", ButtonKind.OPENS_MORE)
    asked = confirmation_card(Confirmation("r", 3, "More", "Stop *now*?", confirm, cancel), "en")
    assert faults_of(asked) == []
    assert shown_text(asked) == "Stop *now*?\nYes: Stop\nBack"
    counts, back = (parse_tap(action(asked, title)["data"]) for title in ("Yes: Stop", "Back"))
    assert (counts.action, counts.needs_confirmation, counts.card_revision) == ("close", False, 3)
    assert (back.action, back.needs_confirmation) == ("open:more", False)


def test_hundreds_of_entries_give_way_and_are_counted() -> None:
    driver = begin_recovery()
    for number in range(300):
        driver.note("facts", Fact(f"fact-{number}-"))
    card_json = panel_of(driver)
    panel_text = shown_text(card_json)
    assert faults_of(card_json) == []
    there = [number for number in range(300) if f"fact-{number}-" in panel_text]
    assert there == list(range(300 - len(there), 300)), "the newest stay"
    assert len(there) > 15
    assert f"{300 - len(there)} older ones are not shown here" in panel_text
    assert "End the recovery" in panel_text
    assert json_bytes(card_json) > MAX_CARD_BYTES - 1500


def test_long_entries_are_shortened_before_any_is_left_out() -> None:
    driver = begin_recovery()
    for number in range(12):
        driver.note("facts", Fact(f"fact-{number}- " + "wort " * 390))
    card_json = panel_of(driver)
    panel_text = shown_text(card_json)
    assert faults_of(card_json) == []
    assert all(f"fact-{number}-" in panel_text for number in range(12))
    assert "Long texts are shortened here" in panel_text
    assert "older ones" not in panel_text


def test_what_the_client_wrote_can_be_taken_however_long_it_is() -> None:
    driver = begin_recovery()
    driver.recovery = replace(driver.recovery, client_message="日本 " * 13_000)
    card_json = panel_of(driver)
    assert faults_of(card_json) == []
    assert parse_tap(tapped(card_json, "Note it")["data"]).action.startswith("take:")


def test_an_operators_long_words_are_taken_in_a_panel() -> None:
    driver = wordy(filled("trust-recovery", "en"))
    for step in driver.flow.steps:
        driver.jump(step)
        assert faults_of(panel_of(driver)) == []


# --- homes


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_home_is_taken_and_says_all_there_is(language: str) -> None:
    for driver in (begin_recovery(language=language), filled("trust-recovery", language)):
        card_json = home_card_of(driver)
        assert faults_of(card_json) == []
        assert missing(plain_text.home_text(home_of(driver)), shown_text(card_json)) == []


def test_a_home_opens_dialogs_and_executes_the_rest() -> None:
    driver = filled("trust-recovery", "en")
    card_json = home_card_of(driver)
    start = action(card_json, "Start a recovery")
    assert (start["type"], start["data"]["msteams"]) == ("Action.Submit", {"type": "task/fetch"})
    assert parse_tap(start["data"]).recovery_id == ""
    more, kept = tapped(card_json, "More"), tapped(card_json, "Kept")
    assert parse_tap(more["data"]).recovery_id == driver.recovery.id
    assert more["data"]["msteams"] == {"type": "task/fetch"}
    assert (kept["type"], kept["verb"]) == ("Action.Execute", "home")
    assert parse_tap(kept["data"]).action.startswith("kept:")


def test_promises_as_long_as_can_be_are_shortened_on_the_home() -> None:
    driver = begin_recovery()
    for number in range(15):
        driver.note("commitment", Commitment(f"Promise-{number}-", "&日" * 1000))
    card_json = home_card_of(driver, recoveries=15)
    panel_text = shown_text(card_json)
    assert faults_of(card_json) == []
    assert all(f"Promise-{number}-" in panel_text for number in range(8)), "the most urgent stay"
    assert "Start a recovery" in panel_text


def test_an_empty_home_is_a_home() -> None:
    card_json = home_card(replace(home_of(begin_recovery(), 0), groups=()), "es")
    assert faults_of(card_json) == []
