"""Closing, reopening and posting twice."""

from flows.state.effects import PostSummaryToThread
from flows.state.entries import Text
from flows.state.events import CloseRecovery, GoBack, PostSummary, PreviewSummary, ReopenRecovery
from flows.state.recovery import SummaryVersion
from tests.conftest import ANA, NOON
from tests.flows.rehearsal import Rehearsal


def test_seeing_the_summary_closes_the_talk(talk: Rehearsal) -> None:
    talk.jump("close")
    talk.tap("finish")
    assert (talk.recovery.closed_at, talk.recovery.is_previewing_summary) == (NOON, True)


def test_a_talk_can_be_ended_at_any_step(talk: Rehearsal) -> None:
    talk.jump("dispute")
    talk.do(CloseRecovery(ANA))
    assert (talk.recovery.closed_at, talk.recovery.step) == (NOON, "dispute")


def test_ending_posts_nothing_by_itself(talk: Rehearsal) -> None:
    talk.note("our_part", Text("I did not check"))
    talk.do(CloseRecovery(ANA))
    assert not [effect for effect in talk.effects if isinstance(effect, PostSummaryToThread)]


def test_a_closed_talk_is_not_closed_again(talk: Rehearsal) -> None:
    talk.do(CloseRecovery(ANA))
    talk.later(5)
    talk.do(CloseRecovery(ANA))
    assert talk.recovery.closed_at == NOON


def test_a_closed_talk_says_so_when_a_gate_is_tapped(talk: Rehearsal) -> None:
    talk.do(CloseRecovery(ANA))
    talk.tap("ready")
    assert talk.said() == ["This talk is closed. Reopen it under More."]


def test_a_closed_talk_is_not_moved_by_a_jump(talk: Rehearsal) -> None:
    talk.do(CloseRecovery(ANA))
    talk.jump("facts")
    assert talk.recovery.step == "prepare"


def test_reopening_goes_on_at_the_step_where_it_ended(talk: Rehearsal) -> None:
    talk.jump("repair")
    talk.do(CloseRecovery(ANA))
    talk.do(ReopenRecovery(ANA))
    assert (talk.recovery.step, talk.recovery.closed_at, talk.recovery.is_previewing_summary) == ("repair", None, False)


def test_a_reopened_talk_goes_on(talk: Rehearsal) -> None:
    talk.do(CloseRecovery(ANA))
    talk.do(ReopenRecovery(ANA))
    talk.tap("ready")
    assert talk.recovery.step == "facts"


def test_back_from_a_closed_talk_reopens_it(talk: Rehearsal) -> None:
    talk.do(CloseRecovery(ANA))
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert talk.recovery.closed_at is None


def test_back_in_a_reopened_talk_goes_to_the_step_before(talk: Rehearsal) -> None:
    talk.tap("ready")
    talk.do(CloseRecovery(ANA))
    talk.do(ReopenRecovery(ANA))
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert talk.recovery.step == "prepare"


def test_reopening_an_open_talk_changes_nothing(talk: Rehearsal) -> None:
    before = talk.recovery
    talk.do(ReopenRecovery(ANA))
    assert talk.recovery == before


def test_back_from_a_preview_returns_to_the_step(talk: Rehearsal) -> None:
    talk.tap("ready")
    talk.do(PreviewSummary(ANA, SummaryVersion.INTERNAL))
    talk.do(GoBack(ANA, talk.recovery.card_revision))
    assert (talk.recovery.step, talk.recovery.is_previewing_summary) == ("facts", False)


def test_a_note_can_be_made_after_the_close(talk: Rehearsal) -> None:
    talk.do(CloseRecovery(ANA))
    talk.note("root_cause", Text("Three delays and not one call"))
    assert talk.recovery.entries_of("root_cause")


def test_one_tap_posts_once_even_when_it_comes_twice(talk: Rehearsal) -> None:
    talk.note("our_part", Text("I did not check"))
    talk.do(CloseRecovery(ANA))
    tap = PostSummary(ANA, SummaryVersion.INTERNAL, talk.recovery.card_revision)
    posts = [effect for _ in range(2) for effect in talk.do(tap) if isinstance(effect, PostSummaryToThread)]
    assert posts == [PostSummaryToThread(SummaryVersion.INTERNAL)]


def test_posting_again_is_a_tap_on_the_new_card(talk: Rehearsal) -> None:
    talk.note("our_part", Text("I did not check"))
    talk.do(CloseRecovery(ANA))
    talk.do(PostSummary(ANA, SummaryVersion.INTERNAL, talk.recovery.card_revision))
    talk.do(PostSummary(ANA, SummaryVersion.INTERNAL, talk.recovery.card_revision))
    assert PostSummaryToThread(SummaryVersion.INTERNAL) in talk.effects


def test_a_posted_summary_offers_to_post_it_again(talk: Rehearsal) -> None:
    talk.note("our_part", Text("I did not check"))
    talk.do(CloseRecovery(ANA))
    talk.do(PostSummary(ANA, SummaryVersion.INTERNAL, talk.recovery.card_revision))
    assert "[Post again]" in talk.card()
