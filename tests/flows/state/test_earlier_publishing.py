"""What an earlier release stored of posted summaries is read, and tells nobody anything by itself."""

import pytest

from flows.json_codec import Json
from flows.state import codec
from flows.state.effects import PostLineToThread, PostSummaryToThread
from flows.state.entries import Commitment, CommitmentState
from flows.state.events import DeliveryFailed
from flows.state.record_events import EditEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from tests.conftest import ANA
from tests.flows.recovery_driver import RecoveryDriver

CLIENT = SummaryVersion.CLIENT
PROMISE = Commitment("Ana", "send the report")


@pytest.fixture
def earlier(driver: RecoveryDriver) -> RecoveryDriver:
    """A recovery whose client version an earlier release posted, with one promise (e1), and a draft of it."""
    driver.note("commitment", PROMISE)
    data: Json = codec.dump_recovery(driver.recovery)
    del data["posted_summaries"]
    data |= {
        "posted_versions": ["client"],
        "published_commitments": [["client", "e1"]],
        "drafts": [{"summary_version": "client", "text": "We call you."}],
    }
    driver.recovery = codec.load_recovery(data)
    return driver


def test_nobody_is_told_of_a_promise_whose_posted_words_are_not_known(earlier: RecoveryDriver) -> None:
    earlier.do(EditEntry(ANA, "e1", Commitment("Ana", "send the report", state=CommitmentState.KEPT)))
    assert not [effect for effect in earlier.effects if isinstance(effect, PostLineToThread)]


def test_it_counts_as_posted_and_can_be_posted_again(earlier: RecoveryDriver) -> None:
    assert earlier.recovery.versions_in_thread == (CLIENT,)
    assert PostSummaryToThread(CLIENT) in earlier.post(CLIENT)
    assert earlier.recovery.posted_summaries[-1].text == "We call you."


def test_its_button_is_in_view(earlier: RecoveryDriver) -> None:
    earlier.do(PreviewSummary(ANA, CLIENT))
    assert "[Post client version again]" in earlier.card()


def test_events_of_an_earlier_release_are_read() -> None:
    person = {"platform": "web", "workspace": "practice", "user_id": "ana", "name": "Ana"}
    posting = {"actor": person, "summary_version": "client", "card_revision": 3}
    assert codec.load_event({"kind": "PostSummary", "event": posting}) == PostSummary(ANA, CLIENT, 3)
    failure = {"message_kind": "summary", "reason": "not_invited", "summary_version": "client", "recipient": None}
    event = codec.load_event({"kind": "DeliveryFailed", "event": failure})
    assert isinstance(event, DeliveryFailed)
    assert event.posted_at == 0
