"""Hints on the responder's words: one in view, taken back as easily as taken, and never in the way."""

import pytest

from bot.storage.coach_rules import load_coach
from flows.action_ids import Action, ActionKind, FormId, FormKind
from flows.coach.coach import NO_COACH, Coach
from flows.input.actions import event_from_action
from flows.input.form_answers import event_from_form
from flows.input.thread_messages import client_event, responder_event
from flows.screens import plain_text
from flows.screens.draft_panel import check_form, draft_panel
from flows.state.effects import CountHint, PostSummaryToThread, SendPrivateMessage
from flows.state.entries import Fact, Feeling, Text
from flows.state.events import Event, SetQuiet
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PreviewSummary
from tests.conftest import ANA
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery

COACH = load_coach()
TWO_FAULTS = "Calm down, please. I'm sorry if this was hard for you. I'll call you tomorrow at 10:00."
VAGUE = "Sorry for any inconvenience. I'll call you tomorrow at 10:00."
CALM = "Please calm down, we are looking at it."
SUMMARY_FAULT = "Dear Acme, I'm sorry if this was hard for you. I'll call you tomorrow at 10:00."


def check(driver: RecoveryDriver, text: str, coach: Coach = COACH) -> None:
    """The responder has words checked."""
    form_id = FormId(FormKind.CHECK).encode()
    driver.do(submitted(driver, form_id, {"text": text}, coach))


def submitted(driver: RecoveryDriver, form_id: str, answers: dict[str, str], coach: Coach = COACH) -> Event:
    event = event_from_form(driver.flow, driver.recovery, form_id, answers, ANA, driver.localizer, driver.now, coach)
    assert not hasattr(event, "by_input")
    return event


def tap(driver: RecoveryDriver, kind: ActionKind, subject: str = "") -> None:
    revision = driver.recovery.card_revision
    action = Action(kind, subject).encode()
    driver.do(event_from_action(driver.flow, driver.recovery, action, revision, ANA, driver.now, COACH))


def panel(driver: RecoveryDriver) -> str:
    shown_panel = draft_panel(driver.recovery, driver.localizer)
    return plain_text.panel_text(shown_panel) if shown_panel else ""


def hint_key(driver: RecoveryDriver, number: int = 0) -> str:
    assert driver.recovery.draft_check
    return driver.recovery.draft_check.hints[number].key


def outcomes(driver: RecoveryDriver) -> list[str]:
    return [effect.outcome.outcome for effect in driver.effects if isinstance(effect, CountHint)]


def test_one_hint_is_in_view_the_gravest_and_the_others_behind_more() -> None:
    driver = begin_recovery()
    check(driver, TWO_FAULTS)
    assert panel(driver).count("[Keep mine]") == 1
    assert driver.recovery.draft_check
    assert [hint.rule_id for hint in driver.recovery.draft_check.hints] == ["sorry_if", "calm_down"]
    assert "[Show 1 more]" in panel(driver)
    tap(driver, ActionKind.SHOW_HINTS)
    assert panel(driver).count("[Keep mine]") == 2


def test_a_better_sentence_is_put_in_and_taken_back() -> None:
    driver = begin_recovery()
    driver.note("facts", Fact("You never called me back!!"))
    check(driver, VAGUE)
    tap(driver, ActionKind.USE_WORDING, hint_key(driver))
    assert driver.recovery.draft_check
    assert "I'm sorry that we never called you back." in driver.recovery.draft_check.current.text
    assert "I'll call you tomorrow at 10:00." in driver.recovery.draft_check.current.text
    tap(driver, ActionKind.UNDO_WORDING)
    assert driver.recovery.draft_check.current.text == VAGUE


def test_what_became_of_each_hint_is_counted_once() -> None:
    driver = begin_recovery()
    check(driver, TWO_FAULTS)
    assert outcomes(driver) == ["shown"]
    tap(driver, ActionKind.KEEP_WORDING, hint_key(driver))
    assert outcomes(driver) == ["dismissed", "shown"]
    tap(driver, ActionKind.HIDE_HINT, hint_key(driver))
    assert outcomes(driver) == ["cleared"]
    check(driver, TWO_FAULTS)
    assert "[Keep mine]" not in panel(driver), "what was put away stays away"


def test_nothing_is_said_where_nothing_is_wrong_and_without_rules_the_draft_goes_through() -> None:
    driver = begin_recovery()
    check(driver, "The report is attached.")
    assert "[Keep mine]" not in panel(driver)
    check(driver, TWO_FAULTS, NO_COACH)
    assert TWO_FAULTS in panel(driver)


def test_a_draft_begins_with_the_phrase_that_the_record_fills() -> None:
    driver = begin_recovery()
    assert not draft_text(driver)
    driver.jump("repair")
    driver.note("our_part", Text("I did not check the export"))
    assert draft_text(driver).startswith("I'm sorry. I did not check the export.")


def draft_text(driver: RecoveryDriver) -> str:
    (text,) = check_form(driver.flow, driver.recovery, driver.localizer, driver.now).inputs
    return getattr(text, "value", "")


def test_a_grave_fault_that_was_posted_is_whispered_once_a_step_with_what_to_say_next() -> None:
    driver = begin_recovery()
    driver.jump("facts")
    driver.do(posted(driver, CALM))
    (whisper,) = driver.private_messages()
    assert "calm down" in whisper
    assert "Say next: “" in whisper
    driver.do(posted(driver, CALM))
    assert not driver.private_messages()
    driver.jump("feelings")
    driver.do(posted(driver, CALM))
    assert len(driver.private_messages()) == 1


@pytest.mark.parametrize(
    ("step", "text", "is_quiet"),
    [("repair", CALM, False), ("facts", "Thanks for the log.", False), ("facts", CALM, True)],
)
def test_from_step_7_on_when_quiet_and_without_a_grave_fault_nothing_is_whispered(
    step: str, text: str, *, is_quiet: bool
) -> None:
    driver = begin_recovery()
    driver.jump(step)
    driver.do(SetQuiet(ANA, is_quiet))
    driver.do(posted(driver, text))
    assert not [effect for effect in driver.effects if isinstance(effect, SendPrivateMessage)]


def posted(driver: RecoveryDriver, text: str) -> Event:
    return responder_event(driver.flow, driver.recovery, ANA, text, COACH, driver.now)


def test_feelings_that_the_client_s_words_suggest_come_first_with_these_words_and_are_not_recorded() -> None:
    driver = begin_recovery()
    driver.do(client_event(driver.recovery, "Nobody called me. I waited for two days.", "Kim", COACH))
    driver.jump("feelings")
    assert "( ) “Nobody called me” → ignored?" in driver.card()
    assert not driver.recovery.entries
    driver.note("feeling", Feeling("ignored"))
    assert "→" not in driver.card()


def test_a_sign_of_danger_is_one_line_at_the_step_in_which_it_came() -> None:
    driver = begin_recovery()
    driver.do(client_event(driver.recovery, "We will cancel the contract.", "Kim", COACH))
    assert "They speak of leaving: “cancel the contract”." in driver.card()
    driver.later(1)
    driver.jump("facts")
    assert "leaving" not in driver.card()


def test_the_same_for_the_third_time_leads_sooner_to_step_8() -> None:
    driver = begin_recovery()
    for text in ("The export is empty again.", "I told you that the export is empty.", "Your export is still empty!"):
        assert "Third time" not in driver.card()
        driver.do(client_event(driver.recovery, text, "Kim", COACH))
    assert "Third time they say it: “Your export is still empty!”. Go to step 8 soon." in driver.card()


def test_a_hint_on_the_client_version_stands_above_its_buttons_and_never_blocks_it() -> None:
    driver = begin_recovery()
    driver.do(PreviewSummary(ANA, SummaryVersion.CLIENT))
    edit(driver, SUMMARY_FAULT)
    assert "( ) Keep mine" in driver.card()
    driver.do(driver.posting(SummaryVersion.CLIENT))
    assert any(isinstance(effect, PostSummaryToThread) for effect in driver.effects)
    draft = driver.recovery.draft(SummaryVersion.CLIENT)
    assert draft
    tap(driver, ActionKind.USE_IN_SUMMARY, draft.hints[0].key)
    assert "( ) Keep mine" not in driver.card()
    assert "I'll call you tomorrow at 10:00." in driver.card()
    assert outcomes(driver) == ["taken"]


def test_the_internal_version_is_not_checked() -> None:
    driver = begin_recovery()
    driver.do(PreviewSummary(ANA, SummaryVersion.INTERNAL))
    driver.do(submitted(driver, FormId(FormKind.SUMMARY, SummaryVersion.INTERNAL).encode(), {"text": SUMMARY_FAULT}))
    assert "[Keep mine]" not in driver.card()


def edit(driver: RecoveryDriver, text: str) -> None:
    driver.do(submitted(driver, FormId(FormKind.SUMMARY, SummaryVersion.CLIENT).encode(), {"text": text}))
