"""What a platform refuses, delays or breaks: nobody waits for it in vain, and nothing else waits because of it."""

import logging
from collections.abc import Callable

import pytest

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut, ReadersChange, Undeliverable
from bot.workers.delivery import MAX_INTERNAL_ERRORS
from flows.screens.plain_text import card_text
from flows.state.delivery_failure import DeliveryFailure
from flows.state.identity import Person
from flows.state.summaries import SummaryVersion
from tests.bot.delivery_harness import DeliverBehavior, DeliveryHarness

NOT_INVITED = (
    "Internal version: not posted to the thread. "
    "The app is not in the channel. Invite it, or type /trust-recover with a link to another thread, then post again."
)
STAYED_INSIDE = (
    "Internal version: not posted to the thread. "
    "People outside your company can read the thread now, so it was not posted. Post the client version instead."
)
OUR_FAULT = (
    "Internal version: not posted to the thread. This is an error in the app. Tell the person who runs "
    "it, then try again."
)
POSTED_NOTICE = "Internal version: now posted to the thread."


def refusing(error: Callable[[], Exception], kind: type = PostOut) -> DeliverBehavior:
    """A platform that takes everything but messages of this kind."""

    async def manner(outgoing: Outgoing) -> float:
        if isinstance(outgoing, kind):
            raise error()
        return 0.0

    return manner


def not_invited() -> Exception:
    return Undeliverable(DeliveryFailure.NOT_INVITED, "not_in_channel")


# --- what is never taken


async def test_a_refused_message_is_kept_as_dead_with_the_platforms_own_words(post: DeliveryHarness) -> None:
    await post.posting()
    post.recorder.behaviour = refusing(not_invited)
    await post.deliver()
    (dead,) = await post.messages("failed")
    assert (dead.last_error, dead.attempts, dead.failed_at) == ("not_invited: not_in_channel", 1, post.clock.now)
    assert dead.body["kind"] == "summary"
    assert await post.messages("pending") == []


async def test_the_responder_is_told_what_did_not_arrive_and_sees_it_as_not_posted(post: DeliveryHarness) -> None:
    session = await post.posting()
    assert (await session.state()).versions_in_thread == (SummaryVersion.INTERNAL,)
    post.recorder.behaviour = refusing(not_invited)
    await post.deliver()
    nudges = [out for out in post.recorder.deliveries if isinstance(out, PrivateMessageOut) and out.is_nudge]
    assert [(out.text, out.recipient.user_id) for out in nudges] == [(NOT_INVITED, "ana")]
    assert (await session.state()).versions_in_thread == ()
    card = card_text(post.recorder.cards()[-1].card)
    assert "[Post internal version]" in card
    assert "again]" not in card


async def test_the_lane_goes_on_after_a_dead_message(post: DeliveryHarness) -> None:
    acme, borg = await post.closed("Acme"), await post.closed("Borg")
    await acme.tap("post:internal")
    await borg.tap("post:internal")

    async def manner(outgoing: Outgoing) -> float:
        if isinstance(outgoing, PostOut) and outgoing.place == acme.place:
            raise not_invited()
        return 0.0

    post.recorder.behaviour = manner
    await post.deliver()
    assert [row.recovery_id for row in await post.messages("failed")] == [acme.id]
    assert ["we forgot Borg" in text for text in post.recorder.posts()] == [True]
    assert (await borg.state()).versions_in_thread == (SummaryVersion.INTERNAL,)


async def test_a_responder_who_cannot_be_reached_is_not_written_to_for_ever(post: DeliveryHarness) -> None:
    await post.posting()
    post.recorder.behaviour = refusing(not_invited, object)
    await post.deliver()
    assert await post.messages("pending") == []
    assert {row.body["kind"] for row in await post.messages("failed")} == {"summary", "card", "private_message"}


async def test_the_responder_is_told_once_that_an_observer_cannot_be_reached(post: DeliveryHarness) -> None:
    session = await post.begin()
    ben = Person("test", "north", "ben", "Ben")
    await session.fill("observe", {"person": ben})

    async def manner(outgoing: Outgoing) -> float:
        if isinstance(outgoing, CardOut | PrivateMessageOut) and outgoing.recipient == ben:
            raise Undeliverable(DeliveryFailure.CHAT_CLOSED)
        return 0.0

    post.recorder.behaviour = manner
    await post.deliver()
    await session.tap("choose:ready")
    await post.deliver()
    notice = "Ben could not be reached. Their chat with the app cannot be opened. Tell them another way."
    assert post.recorder.private_texts().count(notice) == 1


# --- what stays inside


async def test_an_internal_summary_never_reaches_a_thread_that_outsiders_came_to_read(post: DeliveryHarness) -> None:
    session = await post.posting()
    shared = ReadersChange("shared", session.by, session.place, has_external_users=True)
    await post.application.service.receive(shared)
    await post.deliver()
    assert not [out for out in post.recorder.attempts if isinstance(out, PostOut)]
    assert STAYED_INSIDE in post.recorder.private_texts()
    assert [row.last_error for row in await post.messages("failed")] == ["external_users"]


# --- faults of ours


async def test_a_message_that_fails_by_our_fault_is_given_up_after_five_tries(post: DeliveryHarness) -> None:
    await post.posting()
    post.recorder.behaviour = refusing(lambda: KeyError("they lied to us"))
    for _ in range(MAX_INTERNAL_ERRORS + 1):
        await post.deliver()
        post.clock.forward(60)
    tries = [out for out in post.recorder.attempts if isinstance(out, PostOut)]
    assert len(tries) == MAX_INTERNAL_ERRORS == 5
    assert [row.attempts for row in await post.messages("failed")] == [5]
    assert OUR_FAULT in post.recorder.private_texts()


async def test_neither_log_nor_list_holds_what_a_fault_quotes(
    post: DeliveryHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await post.posting()
    post.recorder.behaviour = refusing(lambda: KeyError("they lied to us"))
    for _ in range(MAX_INTERNAL_ERRORS):
        await post.deliver()
        post.clock.forward(60)
    (dead,) = await post.messages("failed")
    assert dead.last_error.startswith("KeyError ← ")
    assert f"message {dead.id}: KeyError" in caplog.text
    assert f"message {dead.id} failed: KeyError" in caplog.text
    for words in ("lied", "we forgot Acme"):
        assert words not in caplog.text
        assert words not in dead.last_error
