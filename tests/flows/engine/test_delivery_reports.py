"""What did not arrive is told to whoever waited for it, with what to do; and so is what arrived after all."""

from collections.abc import Callable

import pytest

from flows.state import codec
from flows.state.delivery_failure import DeliveryFailure, MessageKind
from flows.state.effects import PostLineToThread, SendPrivateMessage, ShowCard
from flows.state.entries import Commitment, CommitmentState, Text
from flows.state.events import (
    AddObserver,
    BindThread,
    CloseRecovery,
    DeliveryFailed,
    DeliverySucceeded,
    Event,
    HandOver,
    RemoveObserver,
    SetQuiet,
    ThreadReadersChange,
)
from flows.state.identity import Person, Place
from flows.state.record_events import EditEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary, PostSummary, PreviewSummary
from flows.wording.localization import Localizer
from tests.conftest import ANA, BEN, EVE
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery

INTERNAL, CLIENT = SummaryVersion.INTERNAL, SummaryVersion.CLIENT
NOT_THERE = (
    "Internal version: not posted to the thread. "
    "The app is not in the channel. Invite it, or type /trust-recover with a link to another thread, then post again."
)
UNREACHED = "Ben could not be reached. Their chat with the app cannot be opened. Tell them another way."


def post(driver: RecoveryDriver, version: SummaryVersion) -> None:
    """Post this summary, after something was changed in it."""
    driver.note("our_part", Text(f"I did not check the export {len(driver.recovery.posted_summaries)}"))
    driver.post(version)


def lost(
    driver: RecoveryDriver, version: SummaryVersion = INTERNAL, why: DeliveryFailure = DeliveryFailure.NOT_INVITED
) -> list[str]:
    """A summary does not reach the thread; what Ana is told."""
    driver.do(DeliveryFailed(MessageKind.SUMMARY, why, version))
    return driver.private_messages()


def keep(driver: RecoveryDriver, entry: str) -> bool:
    """A promise is kept; whether the thread is told."""
    driver.do(
        EditEntry(driver.recovery.responder, entry, Commitment("Ana", "a fixed export", None, CommitmentState.KEPT))
    )
    return any(isinstance(effect, PostLineToThread) for effect in driver.effects)


@pytest.fixture
def summary_driver(driver: RecoveryDriver) -> RecoveryDriver:
    """A closed recovery with a promise (e2), whose internal summary was posted."""
    driver.note("our_part", Text("I did not check the export"))
    driver.note("commitment", Commitment("Ana", "a fixed export"))
    driver.do(CloseRecovery(ANA))
    post(driver, INTERNAL)
    return driver


@pytest.fixture
def observed_driver(driver: RecoveryDriver) -> RecoveryDriver:
    """A recovery that Ben watches."""
    driver.do(AddObserver(ANA, BEN))
    return driver


# --- a summary that did not arrive


def test_the_responder_is_told_what_is_missing_why_and_what_to_do(summary_driver: RecoveryDriver) -> None:
    assert lost(summary_driver) == [NOT_THERE]


def test_that_it_is_missing_must_be_noticed(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    assert [effect.is_nudge for effect in summary_driver.effects if isinstance(effect, SendPrivateMessage)] == [True]


def test_it_is_not_posted(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    assert summary_driver.recovery.versions_in_thread == ()


def test_the_card_is_shown_with_the_button_to_post_it(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    assert summary_driver.card_recipients() == [ANA]
    assert "[Post internal version]" in summary_driver.card()
    assert "Check the summary. Then post it." in summary_driver.card()


def test_everybody_who_watches_sees_that_it_is_not_posted(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(AddObserver(ANA, BEN))
    lost(summary_driver)
    assert summary_driver.card_recipients() == [ANA, BEN]


def test_it_can_be_posted_again(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    post(summary_driver, INTERNAL)
    assert summary_driver.recovery.versions_in_thread == (INTERNAL,)


def test_the_button_to_post_it_again_is_stale(summary_driver: RecoveryDriver) -> None:
    visit = summary_driver.recovery.card_revision
    lost(summary_driver)
    summary_driver.do(PostSummary(ANA, INTERNAL, visit))
    assert summary_driver.recovery.versions_in_thread == ()


def test_the_thread_is_not_told_of_a_promise_that_it_never_heard_of(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    assert not keep(summary_driver, "e2")


def test_the_promises_of_the_other_summary_stay_told(summary_driver: RecoveryDriver) -> None:
    post(summary_driver, CLIENT)
    lost(summary_driver, INTERNAL)
    assert summary_driver.recovery.versions_in_thread == (CLIENT,)
    assert keep(summary_driver, "e2")


def test_a_summary_that_was_posted_before_stays_posted(summary_driver: RecoveryDriver) -> None:
    post(summary_driver, INTERNAL)
    lost(summary_driver)
    assert summary_driver.recovery.versions_in_thread == (INTERNAL,)
    assert keep(summary_driver, "e2")


def test_only_the_newest_is_taken_back(summary_driver: RecoveryDriver) -> None:
    post(summary_driver, CLIENT)
    post(summary_driver, INTERNAL)
    lost(summary_driver)
    assert summary_driver.recovery.versions_in_thread == (INTERNAL, CLIENT)


def test_a_newer_text_that_is_missing_can_be_posted_again(summary_driver: RecoveryDriver) -> None:
    post(summary_driver, INTERNAL)
    assert "[Post internal version again]" not in summary_driver.card()
    lost(summary_driver)
    assert "[Post internal version again]" in summary_driver.card()


def test_the_buttons_of_the_other_summary_are_not_stale(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(PreviewSummary(ANA, CLIENT))
    visit = summary_driver.recovery.card_revision
    lost(summary_driver, INTERNAL)
    assert summary_driver.recovery.card_revision == visit


def test_the_buttons_of_a_recovery_that_goes_on_are_not_stale(driver: RecoveryDriver) -> None:
    driver.note("our_part", Text("x"))
    post(driver, INTERNAL)
    driver.jump("facts")
    visit = driver.recovery.card_revision
    lost(driver)
    assert (driver.recovery.card_revision, driver.recovery.versions_in_thread, driver.recovery.step) == (
        visit,
        (),
        "facts",
    )


def test_a_summary_that_was_never_posted_is_told_and_nothing_else(driver: RecoveryDriver) -> None:
    before = driver.recovery
    assert (lost(driver), driver.recovery, len(driver.effects)) == ([NOT_THERE], before, 1)


def lost_of(driver: RecoveryDriver, posted_at: float) -> None:
    """The client version that was posted then does not reach the thread."""
    driver.do(DeliveryFailed(MessageKind.SUMMARY, DeliveryFailure.NOT_INVITED, CLIENT, posted_at=posted_at))


def test_an_older_text_that_is_missing_leaves_the_newest_one_posted(summary_driver: RecoveryDriver) -> None:
    post(summary_driver, CLIENT)
    first_time = summary_driver.now
    summary_driver.later(1)
    post(summary_driver, CLIENT)
    lost_of(summary_driver, first_time)
    assert "Posted. Now keep what you promised." in summary_driver.card()
    assert keep(summary_driver, "e2")


def test_what_was_missing_in_another_thread_says_nothing_of_this_one(summary_driver: RecoveryDriver) -> None:
    post(summary_driver, CLIENT)
    first_time = summary_driver.now
    summary_driver.later(1)
    summary_driver.do(BindThread(ANA, Place("web", "practice", "borg"), has_external_users=False))
    post(summary_driver, CLIENT)
    lost_of(summary_driver, first_time)
    assert summary_driver.recovery.versions_in_thread == (CLIENT,)


def test_what_arrived_in_another_thread_after_all_is_not_told_in_this_one(summary_driver: RecoveryDriver) -> None:
    post(summary_driver, CLIENT)
    first_time = summary_driver.now
    lost_of(summary_driver, first_time)
    summary_driver.later(1)
    summary_driver.do(BindThread(ANA, Place("web", "practice", "borg"), has_external_users=False))
    post(summary_driver, CLIENT)
    lost_of(summary_driver, summary_driver.now)
    summary_driver.do(DeliverySucceeded(MessageKind.SUMMARY, CLIENT, posted_at=first_time))
    assert summary_driver.recovery.versions_in_thread == ()
    assert not keep(summary_driver, "e2")


def test_a_summary_without_a_version_is_the_one_in_view(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(DeliveryFailed(MessageKind.SUMMARY, DeliveryFailure.NOT_INVITED))
    assert (summary_driver.private_messages(), summary_driver.recovery.versions_in_thread) == ([NOT_THERE], ())


def test_it_is_told_to_whoever_leads_now(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(HandOver(ANA, BEN))
    assert (lost(summary_driver), summary_driver.private_messages(BEN)) == ([], [NOT_THERE])


def test_an_internal_summary_that_stayed_inside_says_so(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(ThreadReadersChange(has_external_users=True))
    (line,) = lost(summary_driver, why=DeliveryFailure.EXTERNAL_USERS)
    assert line.endswith(
        "People outside your company can read the thread now, so it was not posted. Post the client version instead."
    )
    assert "Summary · Client version" in summary_driver.card()


def test_it_is_told_in_the_language_of_the_recovery() -> None:
    driver = begin_recovery(language="es")
    assert lost(driver, CLIENT, DeliveryFailure.ARCHIVED) == [
        (
            "Versión del cliente: no se ha publicado en el hilo. El canal está archivado. "
            "Desarchívalo y publica otra vez."
        )
    ]


def test_quiet_and_the_night_do_not_silence_it(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(SetQuiet(ANA, is_quiet=True))
    summary_driver.later(18 * 60)
    assert lost(summary_driver) == [NOT_THERE]


def test_the_responders_own_wording_is_kept(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(EditSummary(ANA, INTERNAL, "My own words."))
    lost(summary_driver)
    assert "My own words." in summary_driver.card()


# --- a line, a whisper, a card


def test_a_line_that_did_not_arrive_is_told(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(DeliveryFailed(MessageKind.LINE, DeliveryFailure.TOO_LATE))
    (line,) = summary_driver.private_messages()
    assert line.startswith(
        "The message about a kept promise was not posted to the thread. It could not be delivered for a day."
    )


@pytest.mark.parametrize("what", [MessageKind.PRIVATE_MESSAGE, MessageKind.CARD])
def test_an_observer_who_cannot_be_reached_is_told(observed_driver: RecoveryDriver, what: MessageKind) -> None:
    observed_driver.do(DeliveryFailed(what, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    assert observed_driver.private_messages() == [UNREACHED]


def test_an_observer_without_a_name_is_told_by_their_id(driver: RecoveryDriver) -> None:
    driver.do(AddObserver(ANA, Person("web", "practice", "U17")))
    driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=Person("web", "practice", "U17")))
    assert driver.private_messages() == [UNREACHED.replace("Ben", "U17")]


def test_an_observer_who_cannot_be_reached_is_told_once(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    observed_driver.tap("ready")
    observed_driver.do(DeliveryFailed(MessageKind.PRIVATE_MESSAGE, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    assert observed_driver.effects == ()


def reached(driver: RecoveryDriver) -> None:
    driver.do(DeliverySucceeded(MessageKind.CARD, recipient=BEN))


def invited_again(driver: RecoveryDriver) -> None:
    driver.do(RemoveObserver(ANA, BEN))
    driver.do(AddObserver(ANA, BEN))


@pytest.mark.parametrize("meanwhile", [reached, invited_again])
def test_an_observer_who_is_out_of_reach_again_is_told_again(
    observed_driver: RecoveryDriver, meanwhile: Callable[[RecoveryDriver], None]
) -> None:
    observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    meanwhile(observed_driver)
    observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    assert observed_driver.private_messages() == [UNREACHED]


def test_who_takes_over_is_told_who_cannot_be_reached(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    observed_driver.do(HandOver(ANA, EVE))
    observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    assert observed_driver.private_messages(EVE) == [UNREACHED]


def test_observers_are_told_once_of_a_responder_who_cannot_be_reached(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(HandOver(ANA, EVE))
    observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=EVE))
    messages = [
        (
            "Eve, who leads the recovery with Acme, could not be reached. Their chat with the app cannot "
            "be opened. Tell them another way."
        )
    ]
    assert (
        observed_driver.private_messages(ANA),
        observed_driver.private_messages(BEN),
        observed_driver.private_messages(EVE),
    ) == (messages, messages, [])
    observed_driver.do(DeliveryFailed(MessageKind.PRIVATE_MESSAGE, DeliveryFailure.CHAT_CLOSED, recipient=EVE))
    assert observed_driver.effects == ()


@pytest.mark.parametrize("what", [MessageKind.PRIVATE_MESSAGE, MessageKind.CARD])
@pytest.mark.parametrize("to", [EVE, None])
def test_nobody_is_told_of_who_takes_no_part(
    observed_driver: RecoveryDriver, what: MessageKind, to: Person | None
) -> None:
    before = observed_driver.recovery
    assert (
        observed_driver.do(DeliveryFailed(what, DeliveryFailure.CHAT_CLOSED, recipient=to)),
        observed_driver.recovery,
    ) == (
        (),
        before,
    )


def test_nobody_is_told_of_an_observer_who_left(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(RemoveObserver(ANA, BEN))
    assert observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN)) == ()


# --- what arrived after all


def test_a_summary_that_arrived_after_all_is_posted(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    summary_driver.do(DeliverySucceeded(MessageKind.SUMMARY, INTERNAL))
    assert summary_driver.private_messages() == ["Internal version: now posted to the thread."]
    assert summary_driver.recovery.versions_in_thread == (INTERNAL,)


def test_a_summary_that_arrived_after_all_is_posted_on_the_card(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    summary_driver.do(DeliverySucceeded(MessageKind.SUMMARY, INTERNAL))
    assert ShowCard(ANA) in summary_driver.effects
    assert "Posted. Now keep what you promised." in summary_driver.card()


def test_the_thread_knows_of_the_promises_in_a_summary_that_arrived_after_all(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    summary_driver.do(DeliverySucceeded(MessageKind.SUMMARY, INTERNAL))
    assert keep(summary_driver, "e2")


def test_the_button_to_post_is_stale_once_the_summary_arrived_after_all(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    visit = summary_driver.recovery.card_revision
    summary_driver.do(DeliverySucceeded(MessageKind.SUMMARY, INTERNAL))
    summary_driver.do(PostSummary(ANA, INTERNAL, visit))
    assert summary_driver.recovery.versions_in_thread == (INTERNAL,)


def test_a_summary_that_was_posted_again_meanwhile_is_posted_twice(summary_driver: RecoveryDriver) -> None:
    lost(summary_driver)
    post(summary_driver, INTERNAL)
    visit = summary_driver.recovery.card_revision
    summary_driver.do(DeliverySucceeded(MessageKind.SUMMARY, INTERNAL))
    assert (summary_driver.recovery.versions_in_thread, summary_driver.recovery.card_revision) == (
        (INTERNAL, INTERNAL),
        visit,
    )


def test_a_line_that_arrived_after_all_is_told(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(DeliverySucceeded(MessageKind.LINE))
    assert summary_driver.private_messages() == ["The message about a kept promise is now posted to the thread."]


@pytest.mark.parametrize("what", [MessageKind.PRIVATE_MESSAGE, MessageKind.CARD])
@pytest.mark.parametrize("to", [ANA, BEN, EVE, None])
def test_a_whisper_or_a_card_that_arrived_after_all_says_nothing(
    observed_driver: RecoveryDriver, what: MessageKind, to: Person | None
) -> None:
    before = observed_driver.recovery
    assert (observed_driver.do(DeliverySucceeded(what, recipient=to)), observed_driver.recovery) == ((), before)


# --- words, and what is stored


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("why", list(DeliveryFailure))
def test_every_reason_says_what_happened_and_what_to_do(
    localizer: Localizer, why: DeliveryFailure, language: str
) -> None:
    words = Localizer(localizer.catalog, language)(localizer.catalog[f"undelivered.why.{why}"])
    assert words.count(".") == 2


@pytest.mark.parametrize(
    "event",
    [
        DeliveryFailed(MessageKind.SUMMARY, DeliveryFailure.ARCHIVED, CLIENT),
        DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN),
        DeliverySucceeded(MessageKind.SUMMARY, INTERNAL),
        DeliverySucceeded(MessageKind.LINE),
        DeliverySucceeded(MessageKind.PRIVATE_MESSAGE, recipient=BEN),
    ],
)
def test_what_delivery_says_is_stored(event: Event) -> None:
    assert codec.load_event(codec.dump_event(event)) == event


def test_who_is_out_of_reach_is_stored(observed_driver: RecoveryDriver) -> None:
    observed_driver.do(DeliveryFailed(MessageKind.CARD, DeliveryFailure.CHAT_CLOSED, recipient=BEN))
    assert codec.load_recovery(codec.dump_recovery(observed_driver.recovery)).unreachable_people == (BEN,)
