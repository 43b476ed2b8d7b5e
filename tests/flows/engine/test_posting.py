"""Where each summary may go, the responder's own wording, and the lines that follow."""

import pytest

from flows.screens.card import guide_card
from flows.screens.elements import ButtonRow
from flows.state.effects import PostLineToThread, PostSummaryToThread
from flows.state.entries import Commitment, CommitmentState, Fact, Text
from flows.state.events import AddObserver, ClientWrote, CloseRecovery, ThreadReadersChange
from flows.state.identity import Person
from flows.state.record_events import EditEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary, PostSummary, PreviewSummary
from flows.wording.localization import thread_line_text
from flows.wording.summaries.documents import document_from_record, summary_document, summary_parts
from tests.conftest import ANA, BEN, NOON
from tests.flows.recovery_driver import DAY, RecoveryDriver, begin_recovery

INTERNAL, CLIENT = SummaryVersion.INTERNAL, SummaryVersion.CLIENT


@pytest.fixture
def owned(driver: RecoveryDriver) -> RecoveryDriver:
    """A recovery with one line that both summaries may have."""
    driver.note("our_part", Text("I did not check the export"))
    return driver


def post(driver: RecoveryDriver, version: SummaryVersion) -> list[SummaryVersion]:
    """Show a summary, tap "Post", and see what goes to the thread."""
    driver.post(version)
    return [effect.summary_version for effect in driver.effects if isinstance(effect, PostSummaryToThread)]


def lines(driver: RecoveryDriver) -> list[str]:
    return [
        thread_line_text(effect, driver.localizer) for effect in driver.effects if isinstance(effect, PostLineToThread)
    ]


def edit(driver: RecoveryDriver, old: str, new: str) -> None:
    """Change the client's version by hand, as the form does it."""
    document = document_from_record(driver.flow, driver.recovery, CLIENT, driver.localizer)
    assert old in document.text
    driver.do(EditSummary(ANA, CLIENT, document.text.replace(old, new), summary_parts(document)))


def keep(driver: RecoveryDriver, entry: str, was: Commitment) -> list[str]:
    driver.do(EditEntry(ANA, entry, Commitment(was.who, was.what, was.due_at, CommitmentState.KEPT)))
    return lines(driver)


# --- posting


@pytest.mark.parametrize("version", list(SummaryVersion))
def test_the_summary_in_view_is_posted(owned: RecoveryDriver, version: SummaryVersion) -> None:
    assert post(owned, version) == [version]


def test_only_the_summary_in_view_is_posted(owned: RecoveryDriver) -> None:
    owned.do(PreviewSummary(ANA, INTERNAL))
    owned.do(owned.posting(CLIENT))
    assert owned.recovery.versions_in_thread == ()


def test_nothing_is_posted_that_was_not_in_view(owned: RecoveryDriver) -> None:
    owned.do(owned.posting(INTERNAL))
    assert owned.recovery.versions_in_thread == ()


def test_a_posted_summary_says_what_comes_next(owned: RecoveryDriver) -> None:
    post(owned, INTERNAL)
    assert "Posted. Now keep what you promised." in owned.card()


def test_posting_one_version_leaves_the_other_to_be_posted(owned: RecoveryDriver) -> None:
    post(owned, INTERNAL)
    owned.do(PreviewSummary(ANA, CLIENT))
    assert "[Post client version]" in owned.card()


def test_a_recovery_without_notes_has_a_message_for_the_client(driver: RecoveryDriver) -> None:
    driver.note("facts", Fact("late"))
    assert post(driver, CLIENT) == [CLIENT]
    assert "late" not in driver.recovery.posted_summaries[-1].text


def test_the_message_to_the_client_can_be_written_by_hand_and_posted(driver: RecoveryDriver) -> None:
    driver.do(EditSummary(ANA, CLIENT, "We call you on Friday."))
    assert post(driver, CLIENT) == [CLIENT]


def test_a_recovery_without_notes_can_post_how_long_it_took_inside(driver: RecoveryDriver) -> None:
    driver.do(CloseRecovery(ANA))
    assert post(driver, INTERNAL) == [INTERNAL]


# --- a thread that outsiders read


def test_the_internal_summary_is_never_posted_to_a_shared_thread(owned: RecoveryDriver) -> None:
    owned.do(ThreadReadersChange(has_external_users=True))
    assert post(owned, INTERNAL) == []


def test_the_responder_is_told_why_the_internal_summary_is_not_posted(owned: RecoveryDriver) -> None:
    owned.do(ThreadReadersChange(has_external_users=True))
    owned.do(PreviewSummary(ANA, INTERNAL))
    assert owned.private_messages() == [
        "People outside your company can read this thread, so only the client version can be posted."
    ]


def test_the_client_safe_summary_is_posted_to_a_shared_thread(owned: RecoveryDriver) -> None:
    owned.do(ThreadReadersChange(has_external_users=True))
    assert post(owned, CLIENT) == [CLIENT]


def test_a_thread_that_is_shared_from_the_start_shows_the_client_safe_summary_at_the_close() -> None:
    driver = begin_recovery(shared=True)
    driver.note("our_part", Text("I did not check the export"))
    driver.do(CloseRecovery(ANA))
    assert "Summary · Client version" in driver.card()


def test_a_shared_thread_offers_no_internal_summary() -> None:
    driver = begin_recovery(shared=True)
    driver.do(CloseRecovery(ANA))
    assert "internal version" not in driver.card().casefold()


def test_an_internal_summary_in_view_gives_way_when_the_thread_is_shared(owned: RecoveryDriver) -> None:
    owned.do(PreviewSummary(ANA, INTERNAL))
    owned.do(ThreadReadersChange(has_external_users=True))
    assert "Summary · Client version" in owned.card()


def test_the_button_to_post_inside_is_stale_once_the_thread_is_shared(owned: RecoveryDriver) -> None:
    owned.do(PreviewSummary(ANA, INTERNAL))
    visit = owned.recovery.card_revision
    owned.do(ThreadReadersChange(has_external_users=True))
    owned.do(PostSummary(ANA, INTERNAL, visit))
    assert owned.recovery.versions_in_thread == ()


def test_sharing_a_thread_while_the_recovery_goes_on_shows_no_new_card(owned: RecoveryDriver) -> None:
    owned.do(ThreadReadersChange(has_external_users=True))
    assert owned.effects == ()


def test_sharing_a_shared_thread_changes_nothing() -> None:
    driver = begin_recovery(shared=True)
    before = driver.recovery
    driver.do(ThreadReadersChange(has_external_users=True))
    assert driver.recovery == before


def test_a_thread_that_is_no_longer_shared_can_have_the_internal_summary(owned: RecoveryDriver) -> None:
    owned.do(ThreadReadersChange(has_external_users=True))
    owned.do(ThreadReadersChange(has_external_users=False))
    assert post(owned, INTERNAL) == [INTERNAL]


# --- the responder's own wording


def test_an_edited_summary_stands_in_place_of_the_record(owned: RecoveryDriver) -> None:
    owned.do(EditSummary(ANA, INTERNAL, "My own words."))
    assert summary_document(owned.flow, owned.recovery, INTERNAL, owned.localizer).text == "My own words."


def test_editing_one_version_leaves_the_other(owned: RecoveryDriver) -> None:
    owned.do(EditSummary(ANA, INTERNAL, "She was furious."))
    assert summary_document(owned.flow, owned.recovery, CLIENT, owned.localizer).text == owned.summary(CLIENT)


def test_each_version_keeps_its_own_wording(owned: RecoveryDriver) -> None:
    owned.do(EditSummary(ANA, INTERNAL, "She was furious."))
    owned.do(EditSummary(ANA, CLIENT, "We call you on Friday."))
    kept = [
        summary_document(owned.flow, owned.recovery, version, owned.localizer).text for version in (INTERNAL, CLIENT)
    ]
    assert kept == ["She was furious.", "We call you on Friday."]


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_an_empty_wording_brings_back_the_record(owned: RecoveryDriver, empty: str) -> None:
    owned.do(EditSummary(ANA, INTERNAL, "My own words."))
    owned.do(EditSummary(ANA, INTERNAL, empty))
    assert summary_document(owned.flow, owned.recovery, INTERNAL, owned.localizer).text == owned.summary(INTERNAL)


def test_an_edited_summary_is_shown_on_the_card(owned: RecoveryDriver) -> None:
    owned.do(EditSummary(ANA, CLIENT, "We call you on Friday."))
    assert "We call you on Friday." in owned.card()


def test_editing_makes_the_button_under_the_old_text_stale(owned: RecoveryDriver) -> None:
    owned.do(PreviewSummary(ANA, INTERNAL))
    visit = owned.recovery.card_revision
    owned.do(EditSummary(ANA, INTERNAL, "My own words."))
    owned.do(PostSummary(ANA, INTERNAL, visit))
    assert owned.recovery.versions_in_thread == ()


def test_an_observer_sees_the_summary_without_its_buttons(owned: RecoveryDriver) -> None:
    owned.do(AddObserver(ANA, BEN))
    owned.do(PreviewSummary(ANA, INTERNAL))
    assert "[Post" not in owned.card(BEN)


# --- what was posted


def test_the_same_text_is_not_posted_twice(owned: RecoveryDriver) -> None:
    post(owned, CLIENT)
    assert post(owned, CLIENT) == []
    assert owned.private_messages() == ["This text is already posted, so it was not posted again."]


def test_a_changed_text_is_posted_again(owned: RecoveryDriver) -> None:
    post(owned, CLIENT)
    owned.note("our_part", Text("I did not call back"))
    assert post(owned, CLIENT) == [CLIENT]


def test_the_card_says_what_changed_since_it_was_posted(owned: RecoveryDriver) -> None:
    post(owned, CLIENT)
    owned.note("our_part", Text("I did not call back"))
    card = owned.card()
    assert "Changed since you posted." in card
    assert "New: I did not call back. I am sorry." in card
    assert "No longer: I did not check the export. I am sorry." in card
    assert "[Post client version again]" in card


def test_a_posted_summary_has_no_button_to_post_it(owned: RecoveryDriver) -> None:
    owned.do(CloseRecovery(ANA))
    post(owned, CLIENT)
    assert "[Post client version" not in owned.card()


# --- which summary comes first


def test_the_clients_version_comes_first_where_external_users_read() -> None:
    assert begin_recovery(shared=True).recovery.usual_version is CLIENT


def test_the_clients_version_comes_first_once_a_client_wrote_in_the_thread(owned: RecoveryDriver) -> None:
    owned.later(1)
    owned.do(ClientWrote("Well?", "Ana Ruiz"))
    owned.do(CloseRecovery(ANA))
    assert "Summary · Client version" in owned.card()


def test_on_the_way_the_first_button_leads_back_to_the_guide(owned: RecoveryDriver) -> None:
    owned.do(PreviewSummary(ANA, INTERNAL))
    assert owned.card().splitlines()[-1].startswith("[Back to the guide] [Post internal version]")


def test_the_version_that_is_not_in_view_is_shown_before_it_can_be_posted(owned: RecoveryDriver) -> None:
    owned.do(CloseRecovery(ANA))
    assert "[Post internal version] [Post client version…]" in owned.card()


@pytest.mark.parametrize(
    ("has_client", "question"),
    [
        (False, "Everybody in this thread can read it. As far as this app knows, they are all of your company."),
        (True, "The client (Ana Ruiz) has written in this thread and can read it."),
    ],
)
def test_the_internal_version_asks_who_may_read_it(owned: RecoveryDriver, has_client: bool, question: str) -> None:  # noqa: FBT001 - of the table
    if has_client:
        owned.do(ClientWrote("Well?", "Ana Ruiz"))
    owned.do(PreviewSummary(ANA, INTERNAL))
    card = guide_card(owned.flow, owned.recovery, ANA, owned.localizer, owned.now)
    questions = [b.confirmation for e in card.elements if isinstance(e, ButtonRow) for b in e.buttons if b.confirmation]
    assert [text.startswith(question) for text in questions] == [True]


# --- a text of the responder's own takes in what is new


def test_an_edited_message_takes_in_a_new_promise(owned: RecoveryDriver) -> None:
    edit(owned, "Hello,", "Dear Ana,")
    owned.note("commitment", Commitment("Ana", "Call you", NOON + DAY))
    text = owned.posting(CLIENT).text
    assert "Dear Ana," in text
    assert "• I will call you by Saturday 16 January 2027, 08:00 (UTC)." in text


def test_what_was_deleted_from_a_message_stays_deleted(owned: RecoveryDriver) -> None:
    promise = owned.note("commitment", Commitment("Ana", "Call you", NOON + DAY))
    edit(owned, "• I will call you by Saturday 16 January 2027, 08:00 (UTC).\n", "")
    owned.do(EditEntry(ANA, promise.id, Commitment("Ana", "Call you", NOON + 2 * DAY)))
    assert "call you" not in owned.posting(CLIENT).text


def test_a_moved_promise_is_moved_in_an_edited_message(owned: RecoveryDriver) -> None:
    promise = owned.note("commitment", Commitment("Ana", "Call you", NOON + DAY))
    edit(owned, "Hello,", "Dear Ana,")
    owned.do(EditEntry(ANA, promise.id, Commitment("Ana", "Call you", NOON + 2 * DAY)))
    text = owned.posting(CLIENT).text
    assert "Sunday 17 January 2027" in text
    assert "Saturday" not in text


# --- kept promises


def test_the_thread_is_told_of_a_kept_promise_once_a_summary_was_posted(driver: RecoveryDriver) -> None:
    promise = Commitment("Ana", "a fixed export", NOON + DAY)
    commitment = driver.note("commitment", promise)
    post(driver, CLIENT)
    assert keep(driver, commitment.id, promise) == ["Done: a fixed export"]


def test_the_thread_is_told_in_the_language_of_the_recovery() -> None:
    driver = begin_recovery(language="es")
    promise = Commitment("Ana", "el informe", NOON + DAY)
    commitment = driver.note("commitment", promise)
    post(driver, CLIENT)
    assert keep(driver, commitment.id, promise) == ["Hecho: el informe"]


def test_the_thread_is_not_told_of_a_kept_promise_that_it_never_heard_of(driver: RecoveryDriver) -> None:
    promise = Commitment("Ana", "a fixed export", NOON + DAY)
    commitment = driver.note("commitment", promise)
    assert keep(driver, commitment.id, promise) == []


def test_a_promise_that_was_deleted_from_the_message_stays_inside(driver: RecoveryDriver) -> None:
    promise = Commitment("Ana", "a fixed export", NOON + DAY)
    commitment = driver.note("commitment", promise)
    edit(driver, "• From me: a fixed export, by Saturday 16 January 2027, 08:00 (UTC).\n", "")
    post(driver, CLIENT)
    assert keep(driver, commitment.id, promise) == []


def test_a_promise_that_became_another_one_is_not_told(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", Commitment("Ana", "a fixed export", NOON + DAY))
    post(driver, CLIENT)
    assert keep(driver, commitment.id, Commitment("Ana", "a discount")) == []


def test_the_thread_is_told_of_a_kept_promise_once(driver: RecoveryDriver) -> None:
    promise = Commitment("Ana", "a fixed export", NOON + DAY)
    commitment = driver.note("commitment", promise)
    post(driver, CLIENT)
    keep(driver, commitment.id, promise)
    assert keep(driver, commitment.id, promise) == []


def test_a_promise_that_was_late_is_told_when_it_is_kept(driver: RecoveryDriver) -> None:
    promise = Commitment("Ana", "a fixed export", NOON + DAY)
    commitment = driver.note("commitment", promise)
    post(driver, CLIENT)
    driver.later(24 * 60)
    driver.ring(f"late:{commitment.id}")
    assert keep(driver, commitment.id, promise) == ["Done: a fixed export"]


@pytest.mark.parametrize("state", [CommitmentState.OPEN, CommitmentState.LATE, CommitmentState.DROPPED])
def test_only_a_kept_promise_is_told(driver: RecoveryDriver, state: CommitmentState) -> None:
    commitment = driver.note("commitment", Commitment("Ana", "a fixed export", NOON + DAY))
    post(driver, CLIENT)
    driver.do(EditEntry(ANA, commitment.id, Commitment("Ana", "a fixed export", NOON + DAY, state)))
    assert lines(driver) == []


def test_braces_in_a_promise_are_only_text(driver: RecoveryDriver) -> None:
    promise = Commitment("Ana", "{who} {0}")
    commitment = driver.note("commitment", promise)
    post(driver, CLIENT)
    assert keep(driver, commitment.id, promise) == ["Done: {who} {0}"]


def test_nobody_but_the_responder_can_post(owned: RecoveryDriver) -> None:
    owned.do(PreviewSummary(ANA, INTERNAL))
    owned.do(PostSummary(Person("web", "practice", "eve"), INTERNAL, owned.recovery.card_revision))
    assert owned.recovery.versions_in_thread == ()


def test_a_responder_who_plays_the_client_is_not_greeted(owned: RecoveryDriver) -> None:
    owned.do(ClientWrote("Well?", "Ana"))
    assert owned.posting(CLIENT).text.startswith("Hello,\n")
