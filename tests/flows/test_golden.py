"""Every card of both flows, in both languages, as plain text: empty and filled.

The texts are in `golden/`, one file a flow and language. After a change that is meant, write them anew and read the
difference: `UPDATE_GOLDEN=1 .venv/bin/pytest tests/flows/test_golden.py`, then `git diff tests/flows/golden`.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.definition.model import FieldKind
from flows.screens import card_codec, forms
from flows.screens.card import guide_card
from flows.screens.elements import ButtonRow, Card, InlineForm, Progress, StepState, TextLine, Tone
from flows.screens.panel import more_panel
from flows.screens.plain_text import card_text, form_text, panel_text
from flows.state.entries import (
    Commitment,
    CommitmentState,
    Expression,
    Fact,
    Feeling,
    Level,
    Moment,
    Selection,
    Standing,
    Text,
    Value,
)
from flows.state.events import AddObserver, ClientWrote, CloseRecovery, ThreadReadersChange
from flows.state.identity import Person
from flows.state.record_events import EditEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PreviewSummary
from tests.conftest import ANA, BEN, EVE, NOON
from tests.flows.recovery_driver import DAY, HOUR, RecoveryDriver, begin_recovery

GOLDEN = Path(__file__).parent / "golden"
FLOWS = ["trust-recovery", "first-response"]
LANGUAGES = ["en", "es"]
BOTH = pytest.mark.parametrize("flow_id", FLOWS)
SPOKEN = pytest.mark.parametrize("language", LANGUAGES)


def value_for(driver: RecoveryDriver, field_id: str) -> Value | None:
    """Something to note in a field of any flow; None where the field records nothing of its own."""
    field = driver.flow.field(field_id)
    assert field
    options = list(field.options)
    values: dict[FieldKind, Value | None] = {
        FieldKind.FACT: Fact("the export was empty on Monday."),
        FieldKind.FEELING: Feeling(options[0] if options else "", 3),
        FieldKind.COMMITMENT: Commitment("Ben", "a fixed export", NOON + DAY),
        FieldKind.TEXT: Text(f"my note in {field_id}"),
        FieldKind.PICK: Selection(tuple(options[: 2 if field.many else 1])),
        FieldKind.LEVEL: Level(4),
        FieldKind.MOMENT: Moment(NOON + 2 * DAY),
        FieldKind.DISPUTE: None,
    }
    return values[field.kind]


def filled(flow_id: str, language: str) -> RecoveryDriver:
    """A recovery with a note in every field, a weighed fact, an unsaid one, and a word from the client."""
    driver = begin_recovery(flow_id, language, timezone="Europe/Madrid")
    for step in driver.flow.steps.values():
        for name, field in step.fields.items():
            value = value_for(driver, name)
            if value is not None:
                driver.note(name, value)
            if field.kind is FieldKind.FACT:
                driver.note(name, Fact("nobody called back", standing=Standing.PARKED, our_view="we called once"))
                driver.note(name, Fact("the board saw it", Expression.UNSAID))
    driver.do(ClientWrote("And one more thing: nobody called."))
    return driver


def titled_recoveries(flow_id: str, language: str) -> Iterator[tuple[str, RecoveryDriver]]:
    """Recoveries that show everything there is to see, each with a title."""
    for title, driver in (("empty", begin_recovery(flow_id, language)), ("filled", filled(flow_id, language))):
        for step in driver.flow.steps:
            driver.jump(step)
            yield f"{step}, {title}", driver
        driver.do(CloseRecovery(ANA))
        yield f"closed, {title}", driver
        driver.do(PreviewSummary(ANA, SummaryVersion.CLIENT))
        yield f"client-safe summary, {title}", driver
        driver.do(driver.posting(SummaryVersion.CLIENT))
        yield f"posted if there was anything, {title}", driver
        driver.do(ThreadReadersChange(has_external_users=True))
        yield f"shared with outsiders, {title}", driver


def gallery(flow_id: str, language: str) -> str:
    """Every card, panel and form as one text."""
    parts = []
    first = begin_recovery(flow_id).flow.first_step
    panels = {f"{first}, empty", f"{first}, filled", "closed, filled", "shared with outsiders, empty"}
    for title, driver in titled_recoveries(flow_id, language):
        parts.append(f"=== {title}\n{driver.card()}")
        if title in panels:
            parts.append(f"--- more\n{panel_text(more_panel(driver.flow, driver.recovery, driver.localizer))}")
    driver = filled(flow_id, language)
    driver.do(AddObserver(ANA, BEN))
    parts.append(f"=== an observer's card\n{driver.card(BEN)}")
    parts.append(f"=== a stranger's card\n{driver.card(EVE)}")
    for form_id in (
        "tip",
        "hand_over",
        "observe",
        "summary:client",
        *(f"edit:{e.id}" for e in driver.recovery.entries),
    ):
        form = forms.dialog_form(driver.flow, driver.recovery, form_id, driver.localizer, driver.now)
        assert form
        parts.append(f"=== form {form_id}\n{form_text(form)}")
    return "\n\n".join(parts) + "\n"


def every_card(flow_id: str, language: str) -> Iterator[Card]:
    for _, driver in titled_recoveries(flow_id, language):
        yield guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)


# --- golden texts


@BOTH
@SPOKEN
def test_the_guide_reads_as_it_did(flow_id: str, language: str) -> None:
    file = GOLDEN / f"{flow_id}.{language}.txt"
    text = gallery(flow_id, language)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert text.splitlines() == file.read_text("utf-8").splitlines()


def test_no_golden_text_is_left_over() -> None:
    wanted = {f"{flow_id}.{language}.txt" for flow_id in FLOWS for language in LANGUAGES}
    assert {file.name for file in GOLDEN.iterdir()} == wanted


# --- every card


@BOTH
@SPOKEN
def test_no_card_has_more_than_four_buttons(flow_id: str, language: str) -> None:
    rows = [e for card in every_card(flow_id, language) for e in card.elements if isinstance(e, ButtonRow)]
    assert max(len(row.buttons) for row in rows) == 4


@BOTH
@SPOKEN
def test_every_card_has_one_row_of_buttons(flow_id: str, language: str) -> None:
    rows = {sum(isinstance(e, ButtonRow) for e in card.elements) for card in every_card(flow_id, language)}
    assert rows == {1}


@BOTH
@SPOKEN
def test_every_card_has_one_instruction_of_at_most_twelve_words(flow_id: str, language: str) -> None:
    for card in every_card(flow_id, language):
        (line,) = [e for e in card.elements if isinstance(e, TextLine) and e.tone is Tone.INSTRUCTION]
        assert len(line.text.split()) <= 12


@BOTH
@SPOKEN
def test_more_is_the_last_button_of_every_card(flow_id: str, language: str) -> None:
    rows = [e for card in every_card(flow_id, language) for e in card.elements if isinstance(e, ButtonRow)]
    assert {row.buttons[-1].action for row in rows} == {"open:more"}


@BOTH
@SPOKEN
def test_at_most_one_button_of_a_card_is_the_main_one(flow_id: str, language: str) -> None:
    rows = [e for card in every_card(flow_id, language) for e in card.elements if isinstance(e, ButtonRow)]
    assert max(sum(button.is_main for button in row.buttons) for row in rows) == 1


@BOTH
@SPOKEN
def test_no_card_shows_a_placeholder(flow_id: str, language: str) -> None:
    assert not [card for card in every_card(flow_id, language) if "{" in card_text(card)]


@BOTH
@SPOKEN
def test_a_card_survives_being_stored(flow_id: str, language: str) -> None:
    for card in every_card(flow_id, language):
        assert card_codec.load_card(card_codec.dump_card(card)) == card


@BOTH
def test_a_card_in_a_language_that_is_missing_reads_in_english(flow_id: str) -> None:
    driver = begin_recovery(flow_id)
    other = replace(driver.localizer, language="xx")
    assert card_text(guide_card(driver.flow, driver.recovery, ANA, other, driver.now)) == driver.card()


# --- what is on a card


def test_the_card_says_where_i_am(driver: RecoveryDriver) -> None:
    driver.jump("acknowledge")
    assert driver.card().splitlines()[1] == "4 of 8 · Let them know you got it"


def test_the_closing_step_has_no_number(driver: RecoveryDriver) -> None:
    driver.jump("close")
    assert driver.card().splitlines()[1] == "Wrap-up"


def test_the_steps_are_done_here_or_ahead(driver: RecoveryDriver) -> None:
    driver.jump("feelings")
    progress = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now).elements[0]
    assert isinstance(progress, Progress)
    assert [state for _, state in progress.steps] == [StepState.DONE] * 2 + [StepState.HERE] + [StepState.AHEAD] * 5


def test_the_newest_four_notes_are_in_view_and_the_others_are_counted(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    for number in range(1, 7):
        driver.note("facts", Fact(f"fact {number}"))
    assert "Noted (6):\n- fact 3\n- fact 4\n- fact 5\n- fact 6\nand 2 more" in driver.card()


def test_notes_of_another_step_are_not_in_view(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("late"))
    assert "late" not in driver.card()


def test_html_in_a_note_is_only_text(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.note("facts", Fact("<b>late</b> & <!channel>"))
    assert "- <b>late</b> & <!channel>" in driver.card()


# --- an observer's card


@BOTH
@SPOKEN
def test_an_observer_can_send_a_tip_and_leave(flow_id: str, language: str) -> None:
    for _, driver in titled_recoveries(flow_id, language):
        if BEN not in driver.recovery.observers:
            driver.do(AddObserver(ANA, BEN))
        card = guide_card(driver.flow, driver.recovery, BEN, driver.localizer, driver.now)
        (row,) = [e for e in card.elements if isinstance(e, ButtonRow)]
        assert [button.action for button in row.buttons] == [f"unobserve:{BEN.user_id}"]
        assert [e.form.id for e in card.elements if isinstance(e, InlineForm)] == ["tip"]


def test_an_observer_cannot_open_a_note(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    driver.note("facts", Fact("late"))
    driver.do(AddObserver(ANA, BEN))
    assert "open:edit" not in str(guide_card(driver.flow, driver.recovery, BEN, driver.localizer, driver.now))


def test_a_strangers_card_does_not_name_the_client(driver: RecoveryDriver) -> None:
    assert "Acme" not in driver.card(Person("web", "practice", "nobody"))


# --- the panel


def more(driver: RecoveryDriver) -> str:
    return panel_text(more_panel(driver.flow, driver.recovery, driver.localizer))


def test_the_panel_offers_the_fields_of_the_step(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    assert "Notes:\n  [What happened] [About us alone, or the last straw?]" in more(driver)


def test_a_dispute_is_offered_only_when_there_is_a_fact(driver: RecoveryDriver) -> None:
    driver.jump("dispute")
    assert "A fact worth disputing" not in more(driver)


def test_a_dispute_is_offered_once_there_is_a_fact(driver: RecoveryDriver) -> None:
    driver.jump("dispute")
    driver.note("facts", Fact("late"))
    assert "[A fact worth disputing]" in more(driver)


def test_the_panel_offers_the_clients_last_words_as_a_fact(driver: RecoveryDriver) -> None:
    driver.do(ClientWrote("Nobody called."))
    assert "“Nobody called.” [Note it]" in more(driver)


def test_the_panel_leads_to_every_step(driver: RecoveryDriver) -> None:
    driver.tap("ready")
    jumps = [
        b.action
        for g in more_panel(driver.flow, driver.recovery, driver.localizer).groups
        for r in g.rows
        for b in r.buttons
    ]
    wanted = [f"jump:{step}" for step in driver.flow.steps]
    assert [action for action in jumps if action.startswith("jump:")] == wanted


def test_an_open_promise_can_be_marked_kept(driver: RecoveryDriver) -> None:
    driver.note("commitment", Commitment("Ben", "a fixed export"))
    assert "Ben: a fixed export [Kept] [Edit] [Remove]" in more(driver)


@pytest.mark.parametrize("state", [CommitmentState.KEPT, CommitmentState.DROPPED])
def test_a_settled_promise_is_not_offered_to_be_kept(driver: RecoveryDriver, state: CommitmentState) -> None:
    commitment = driver.note("commitment", Commitment("Ben", "a fixed export", NOON + HOUR))
    driver.do(EditEntry(ANA, commitment.id, Commitment("Ben", "a fixed export", NOON + HOUR, state)))
    assert "[Kept]" not in more(driver)


def test_a_closed_recovery_offers_no_step(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    assert "Go to step" not in more(driver)


def test_a_closed_recovery_can_be_reopened_from_the_panel(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    assert "[Reopen the recovery]" in more(driver)


def test_the_panel_names_who_watches(driver: RecoveryDriver) -> None:
    driver.do(AddObserver(ANA, BEN))
    assert "Ben [Remove observer]" in more(driver)
