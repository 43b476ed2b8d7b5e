"""A recovery can be bound to another thread: nothing was posted there yet, and its own readers count."""

import pytest

from flows.state import codec
from flows.state.effects import PostLineToThread
from flows.state.entries import Commitment, CommitmentState
from flows.state.events import BindThread, ClientWrote, CloseRecovery
from flows.state.identity import Place
from flows.state.record_events import EditEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from tests.conftest import ANA, BEN, NOON, THREAD
from tests.flows.recovery_driver import DAY, RecoveryDriver, begin_recovery

ELSEWHERE = Place("web", "practice", "acme", "17.5")
PROMISE = Commitment("Ana", "call back", NOON + DAY)


@pytest.fixture
def summary_driver() -> RecoveryDriver:
    """A recovery whose internal summary, with a promise in it, is in the thread."""
    driver = begin_recovery()
    driver.note("commitment", PROMISE)
    driver.do(CloseRecovery(ANA))
    driver.do(driver.posting(SummaryVersion.INTERNAL))
    assert driver.recovery.posted_summaries
    return driver


def test_the_summary_goes_to_the_new_thread(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(BindThread(ANA, ELSEWHERE, has_external_users=False))
    assert summary_driver.recovery.place == ELSEWHERE
    assert "[Post internal version]" in summary_driver.card()
    assert summary_driver.card_recipients() == [ANA]


def test_the_new_thread_knows_of_no_promise(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(BindThread(ANA, ELSEWHERE, has_external_users=False))
    entry = summary_driver.recovery.entries_of("commitment")[0]
    effects = summary_driver.do(
        EditEntry(ANA, entry.id, Commitment("Ana", "call back", NOON + DAY, CommitmentState.KEPT))
    )
    assert not [effect for effect in effects if isinstance(effect, PostLineToThread)]


def test_what_outsiders_read_gets_the_client_safe_summary_alone(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(BindThread(ANA, ELSEWHERE, has_external_users=True))
    assert summary_driver.recovery.postable_version is SummaryVersion.CLIENT


def test_back_among_colleagues_the_internal_one_can_be_posted_again(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(BindThread(ANA, ELSEWHERE, has_external_users=True))
    summary_driver.do(BindThread(ANA, THREAD, has_external_users=False))
    assert summary_driver.recovery.postable_version is SummaryVersion.INTERNAL


def test_a_button_of_the_summary_for_the_old_thread_is_stale(summary_driver: RecoveryDriver) -> None:
    summary_driver.do(PreviewSummary(ANA, SummaryVersion.INTERNAL))
    before = summary_driver.recovery.card_revision
    summary_driver.do(BindThread(ANA, ELSEWHERE, has_external_users=False))
    summary_driver.do(PostSummary(ANA, SummaryVersion.INTERNAL, before))
    assert summary_driver.recovery.versions_in_thread == ()


def test_the_same_thread_again_changes_nothing(summary_driver: RecoveryDriver) -> None:
    before = summary_driver.recovery
    summary_driver.do(BindThread(ANA, THREAD, has_external_users=False))
    assert summary_driver.recovery is before
    assert summary_driver.private_messages() == ["This recovery is already linked to that thread."]


def test_what_the_client_said_elsewhere_is_no_longer_offered() -> None:
    driver = begin_recovery()
    driver.do(ClientWrote("Nobody called."))
    driver.do(BindThread(ANA, ELSEWHERE, has_external_users=False))
    assert driver.recovery.client_message == ""


def test_only_the_responder_binds(summary_driver: RecoveryDriver) -> None:
    before = summary_driver.recovery
    summary_driver.do(BindThread(BEN, ELSEWHERE, has_external_users=False))
    assert summary_driver.recovery == before


def test_binding_is_stored() -> None:
    event = BindThread(ANA, ELSEWHERE, has_external_users=True)
    assert codec.load_event(codec.dump_event(event)) == event


def test_a_kept_promise_that_only_the_internal_summary_told_of_stays_inside(summary_driver: RecoveryDriver) -> None:
    entry = summary_driver.recovery.entries_of("commitment")[0]
    effects = summary_driver.do(
        EditEntry(ANA, entry.id, Commitment("Ana", "call back", NOON + DAY, CommitmentState.KEPT))
    )
    (line,) = [effect for effect in effects if isinstance(effect, PostLineToThread)]
    assert line.summary_version is SummaryVersion.INTERNAL


def test_a_kept_promise_that_the_client_safe_summary_told_of_is_for_all() -> None:
    driver = begin_recovery()
    entry = driver.note("commitment", PROMISE)
    driver.do(CloseRecovery(ANA))
    driver.do(PreviewSummary(ANA, SummaryVersion.CLIENT))
    driver.do(driver.posting(SummaryVersion.CLIENT))
    effects = driver.do(EditEntry(ANA, entry.id, Commitment("Ana", "call back", NOON + DAY, CommitmentState.KEPT)))
    (line,) = [effect for effect in effects if isinstance(effect, PostLineToThread)]
    assert line.summary_version is SummaryVersion.CLIENT
