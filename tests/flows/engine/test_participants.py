"""Who takes part, and who may do what."""

from collections.abc import Callable

import pytest

from flows.state.effects import Effect, SendPrivateMessage, ShowDialog
from flows.state.entries import Fact, Feeling
from flows.state.events import (
    AddObserver,
    ChooseGate,
    CloseRecovery,
    Event,
    GoBack,
    HandOver,
    JumpToStep,
    OpenDialog,
    RemoveObserver,
    ReopenRecovery,
    ResponderWrote,
    SendTip,
    SetQuiet,
    SetWorkingHours,
    SkipStep,
    SnoozeNudge,
)
from flows.state.identity import Person
from flows.state.local_time.working_hours import ALL_HOURS
from flows.state.record_events import EditEntry, RecordEntry, RemoveEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary, PostSummary, PreviewSummary
from tests.conftest import ANA, BEN, EVE
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery

OUTSIDER = "Only the people in this recovery can do that. Ask the person who leads it to invite you as an observer."
OBSERVER = "You are observing, so only the person who leads the recovery can do that. You can send a private tip."

LEADING: dict[str, Callable[[Person, RecoveryDriver], Event]] = {
    "choose": lambda by, driver: ChooseGate(by, "ready", driver.recovery.card_revision),
    "back": lambda by, driver: GoBack(by, driver.recovery.card_revision),
    "skip": lambda by, driver: SkipStep(by, driver.recovery.card_revision),
    "jump": lambda by, driver: JumpToStep(by, "repair", driver.recovery.card_revision),
    "record": lambda by, _: RecordEntry(by, "facts", Fact("late")),
    "edit": lambda by, _: EditEntry(by, "e1", Fact("late")),
    "remove": lambda by, _: RemoveEntry(by, "e1"),
    "snooze": lambda by, _: SnoozeNudge(by, 5),
    "quiet": lambda by, _: SetQuiet(by, is_quiet=True),
    "working hours": lambda by, _: SetWorkingHours(by, ALL_HOURS),
    "hand over": lambda by, _: HandOver(by, by),
    "let somebody watch": lambda by, _: AddObserver(by, Person("web", "practice", "dan", "Dan")),
    "send an observer away": lambda by, _: RemoveObserver(by, BEN if by != BEN else ANA),
    "speak as the responder": lambda by, _: ResponderWrote(by),
    "open more": lambda by, _: OpenDialog(by, "more"),
    "open a note": lambda by, _: OpenDialog(by, "note:facts"),
    "preview": lambda by, _: PreviewSummary(by, SummaryVersion.INTERNAL),
    "edit the summary": lambda by, _: EditSummary(by, SummaryVersion.CLIENT, "ours"),
    "post": lambda by, driver: PostSummary(by, SummaryVersion.INTERNAL, driver.recovery.card_revision),
    "close": lambda by, _: CloseRecovery(by),
    "reopen": lambda by, _: ReopenRecovery(by),
}


@pytest.fixture
def observed_driver(driver: RecoveryDriver) -> RecoveryDriver:
    """A recovery with a note on record that Ben watches."""
    driver.note("facts", Fact("the export was empty"))
    driver.do(AddObserver(ANA, BEN))
    return driver


def whispers(effects: tuple[Effect, ...]) -> list[tuple[Person, str]]:
    return [(effect.recipient, effect.key) for effect in effects if isinstance(effect, SendPrivateMessage)]


# --- permissions


@pytest.mark.parametrize("deed", LEADING)
def test_who_is_no_part_of_the_recovery_changes_nothing(observed_driver: RecoveryDriver, deed: str) -> None:
    before = observed_driver.recovery
    observed_driver.do(LEADING[deed](EVE, observed_driver))
    assert observed_driver.recovery == before


@pytest.mark.parametrize("deed", LEADING)
def test_who_is_no_part_of_the_recovery_is_told_so_and_nothing_else_happens(
    observed_driver: RecoveryDriver, deed: str
) -> None:
    observed_driver.do(LEADING[deed](EVE, observed_driver))
    assert (len(observed_driver.effects), observed_driver.private_messages(EVE)) == (1, [OUTSIDER])


@pytest.mark.parametrize("deed", LEADING)
def test_an_observer_changes_nothing(observed_driver: RecoveryDriver, deed: str) -> None:
    before = observed_driver.recovery
    observed_driver.do(LEADING[deed](BEN, observed_driver))
    assert observed_driver.recovery == before


@pytest.mark.parametrize("deed", LEADING)
def test_an_observer_is_told_to_send_a_tip_and_nothing_else_happens(observed_driver: RecoveryDriver, deed: str) -> None:
    observed_driver.do(LEADING[deed](BEN, observed_driver))
    assert (len(observed_driver.effects), observed_driver.private_messages(BEN)) == (1, [OBSERVER])


def test_an_outsider_can_send_no_tip(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(SendTip(EVE, "offer them money"))
    assert (observed_driver.private_messages(EVE), observed_driver.private_messages(ANA)) == ([OUTSIDER], [])


def test_a_person_is_known_by_key_and_not_by_name(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(CloseRecovery(Person("web", "practice", "ana", "Ana Maria")))
    assert observed_driver.recovery.closed_at is not None


@pytest.mark.parametrize(
    "stranger",
    [Person("slack", "practice", "ana", "Ana"), Person("web", "other", "ana", "Ana"), Person("web", "practice", "Ana")],
)
def test_a_person_of_the_same_name_elsewhere_is_somebody_else(
    observed_driver: RecoveryDriver, stranger: Person
) -> None:
    observed_driver.do(CloseRecovery(stranger))
    assert observed_driver.recovery.closed_at is None


# --- handing over


def test_handing_over_changes_who_leads(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    assert driver.recovery.responder == BEN


def test_who_hands_over_goes_on_watching(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    assert driver.recovery.observers == (ANA,)


def test_an_observer_who_takes_over_no_longer_observes(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(HandOver(ANA, BEN))
    assert observed_driver.recovery.observers == (ANA,)


def test_a_hand_over_keeps_the_step_and_the_notes(observed_driver: RecoveryDriver) -> None:
    observed_driver.tap("ready")
    before = observed_driver.recovery
    observed_driver.do(HandOver(ANA, BEN))
    assert (observed_driver.recovery.step, observed_driver.recovery.entries) == (before.step, before.entries)


def test_both_are_told_of_the_hand_over(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    assert (driver.private_messages(ANA), driver.private_messages(BEN)) == (
        ["Ben now leads the recovery with Acme. You can observe and send private tips."],
        ["Ana handed the recovery with Acme over to you. Everything noted so far is in your guide."],
    )


def test_both_see_the_card_after_the_hand_over(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    assert driver.card_recipients() == [BEN, ANA]


def test_the_buttons_of_who_led_before_are_refused(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    driver.do(CloseRecovery(ANA))
    assert driver.private_messages(ANA) == [OBSERVER]


def test_the_buttons_from_before_a_hand_over_are_stale(driver: RecoveryDriver) -> None:
    visit = driver.recovery.card_revision
    driver.do(HandOver(ANA, BEN))
    driver.do(ChooseGate(BEN, "ready", visit))
    assert driver.recovery.step == "prepare"


def test_a_recovery_can_be_handed_back(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    driver.do(HandOver(BEN, ANA))
    assert (driver.recovery.responder, driver.recovery.observers) == (ANA, (BEN,))


def test_handing_over_to_oneself_changes_nothing_and_says_so(driver: RecoveryDriver) -> None:
    before = driver.recovery
    driver.do(HandOver(ANA, ANA))
    assert (driver.recovery, driver.private_messages()) == (before, ["You already lead this recovery."])


def test_a_note_after_the_hand_over_is_the_new_responders(driver: RecoveryDriver) -> None:
    driver.do(HandOver(ANA, BEN))
    assert driver.note("facts", Fact("late")).recorded_by == BEN


# --- watching


def test_an_observer_is_shown_the_card_when_they_join(observed_driver: RecoveryDriver) -> None:
    assert observed_driver.card_recipients() == [ANA, BEN]


def test_an_observer_is_told_who_reads_their_tips(observed_driver: RecoveryDriver) -> None:
    assert observed_driver.private_messages(BEN) == [
        "Ana invited you to observe the recovery with Acme. Only Ana can read your tips."
    ]


def test_an_observer_sees_each_step(observed_driver: RecoveryDriver) -> None:
    observed_driver.tap("ready")
    assert observed_driver.card_recipients() == [ANA, BEN]


def test_an_observer_does_not_make_the_responders_buttons_stale(driver: RecoveryDriver) -> None:
    visit = driver.recovery.card_revision
    driver.do(AddObserver(ANA, BEN))
    driver.do(ChooseGate(ANA, "ready", visit))
    assert driver.recovery.step == "facts"


@pytest.mark.parametrize("who", [ANA, BEN])
def test_who_takes_part_already_cannot_join(observed_driver: RecoveryDriver, who: Person) -> None:
    before = observed_driver.recovery
    observed_driver.do(AddObserver(ANA, who))
    assert (observed_driver.recovery, observed_driver.private_messages()) == (
        before,
        [f"{who.name} already takes part in this recovery."],
    )


def test_the_twenty_first_observer_is_too_many(driver: RecoveryDriver) -> None:
    for number in range(20):
        driver.do(AddObserver(ANA, Person("web", "practice", f"p{number}")))
    driver.do(AddObserver(ANA, BEN))
    assert driver.private_messages() == ["There are already 20 observers, the maximum. Remove one first."]


def test_an_observer_may_go(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(RemoveObserver(BEN, BEN))
    assert (observed_driver.recovery.observers, observed_driver.private_messages(ANA)) == (
        (),
        ["Ben no longer observes this recovery."],
    )


def test_an_observer_may_be_sent_away(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(RemoveObserver(ANA, BEN))
    assert observed_driver.recovery.observers == ()


def test_who_went_is_shown_their_card_once_more(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(RemoveObserver(ANA, BEN))
    assert observed_driver.card_recipients() == [ANA, BEN]


def test_who_went_is_shown_nothing_afterwards(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(RemoveObserver(ANA, BEN))
    observed_driver.tap("ready")
    assert observed_driver.card_recipients() == [ANA]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Trust recovery\nYou no longer observe this recovery."),
        ("es", "Recuperar la confianza\nYa no observas esta recuperación."),
    ],
)
def test_the_card_of_who_went_tells_nothing_of_the_recovery(language: str, text: str) -> None:
    driver = begin_recovery(language=language)
    driver.note("feeling", Feeling("angry", 3))
    driver.do(AddObserver(ANA, BEN))
    driver.do(RemoveObserver(ANA, BEN))
    assert driver.card(BEN) == text


def test_the_card_of_who_went_tells_nothing_of_the_summary(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(RemoveObserver(ANA, BEN))
    observed_driver.do(CloseRecovery(ANA))
    assert observed_driver.card(BEN) == "Trust recovery\nYou no longer observe this recovery."


def test_sending_away_who_does_not_watch_says_so(driver: RecoveryDriver) -> None:
    driver.do(RemoveObserver(ANA, EVE))
    assert driver.private_messages() == ["Eve does not observe this recovery."]


# --- tips


def test_a_tip_reaches_the_responder(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(SendTip(BEN, "Ask about the board."))
    assert observed_driver.private_messages(ANA) == ["Tip from Ben: Ask about the board."]


def test_whoever_sends_a_tip_learns_that_it_went(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(SendTip(BEN, "Ask about the board."))
    assert observed_driver.private_messages(BEN) == ["Your tip was sent."]


def test_a_tip_reaches_nobody_else(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(AddObserver(ANA, EVE))
    observed_driver.do(SendTip(BEN, "Ask about the board."))
    assert observed_driver.private_messages(EVE) == []


def test_a_tip_changes_nothing(observed_driver: RecoveryDriver) -> None:
    before = observed_driver.recovery
    observed_driver.do(SendTip(BEN, "Ask about the board."))
    assert observed_driver.recovery == before


def test_a_tip_must_be_noticed(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(SendTip(BEN, "Ask about the board."))
    assert [
        effect.is_nudge
        for effect in observed_driver.effects
        if isinstance(effect, SendPrivateMessage) and effect.recipient == ANA
    ] == [True]


def test_a_tip_comes_through_quiet(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(SetQuiet(ANA, is_quiet=True))
    observed_driver.do(SendTip(BEN, "Ask about the board."))
    assert observed_driver.private_messages(ANA) == ["Tip from Ben: Ask about the board."]


def test_braces_in_a_tip_are_only_text(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(SendTip(BEN, "{name} {0} {account}"))
    assert observed_driver.private_messages(ANA) == ["Tip from Ben: {name} {0} {account}"]


def test_a_tip_goes_to_whoever_leads_now(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(HandOver(ANA, EVE))
    observed_driver.do(SendTip(BEN, "Ask about the board."))
    assert (EVE, "tip") in whispers(observed_driver.effects)


def test_an_observer_can_open_the_form_for_a_tip(observed_driver: RecoveryDriver) -> None:
    assert observed_driver.do(OpenDialog(BEN, "tip")) == (ShowDialog(BEN, "tip"),)
