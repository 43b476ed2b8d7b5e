"""The same text is posted once to a thread, however often and from wherever it is posted."""

import asyncio

import pytest

from adapters.port import ButtonTap, Outgoing, PostOut, RequestContext, TypedCommand, Undeliverable
from flows.state.delivery_failure import DeliveryFailure
from flows.state.identity import Place
from tests.application_harness import ResponderSession
from tests.bot.delivery_harness import DeliveryHarness

POST = "post:client"
ALREADY = "This text is already posted, so it was not posted again."


@pytest.fixture
async def session(post: DeliveryHarness) -> ResponderSession:
    """A recovery whose client version is in view."""
    session = await post.begin()
    await session.note("our_part", text="we forgot Acme")
    await session.tap("close")
    await session.tap("preview:client")
    await post.deliver()
    return session


async def taps(session: ResponderSession, *event_ids: str, revision: int | None = None) -> None:
    """All these taps on the button that posts, at once."""
    card_revision = (await session.state()).card_revision if revision is None else revision
    await asyncio.gather(
        *(
            session.application.service.receive(ButtonTap(one, session.by, session.id, card_revision, POST))
            for one in event_ids
        )
    )


async def posts(post: DeliveryHarness) -> int:
    """How many messages everybody in the thread can read, once all are sent."""
    await post.deliver()
    return len(post.recorder.posts())


async def test_a_button_that_is_held_down_posts_once(post: DeliveryHarness, session: ResponderSession) -> None:
    await taps(session, *map(str, range(20)))
    assert await posts(post) == 1


async def test_a_repeated_event_posts_once(post: DeliveryHarness, session: ResponderSession) -> None:
    await taps(session, *(["the same"] * 20))
    await taps(session, "the same")
    assert await posts(post) == 1


async def test_a_tap_on_the_card_in_another_tab_posts_nothing(post: DeliveryHarness, session: ResponderSession) -> None:
    old_revision = (await session.state()).card_revision
    await taps(session, "a")
    await taps(session, "b", revision=old_revision)
    assert await posts(post) == 1


async def test_a_tap_on_a_new_card_posts_nothing_and_says_so(post: DeliveryHarness, session: ResponderSession) -> None:
    await taps(session, "a")
    await taps(session, "b")
    assert await posts(post) == 1
    assert ALREADY in post.recorder.private_texts()


async def test_looking_at_the_other_version_does_not_let_it_be_posted_again(
    post: DeliveryHarness, session: ResponderSession
) -> None:
    await taps(session, "a")
    await session.tap("preview:internal")
    await session.tap("preview:client")
    await taps(session, "b")
    assert await posts(post) == 1


async def test_what_is_edited_to_the_same_text_is_not_posted_again(
    post: DeliveryHarness, session: ResponderSession
) -> None:
    await taps(session, "a")
    await post.deliver()
    (text,) = post.recorder.posts()
    await session.fill("summary:client", {"text": f"{text} And more."})
    await session.fill("summary:client", {"text": text})
    await taps(session, "b")
    assert await posts(post) == 1


async def test_another_text_is_posted_once_too(post: DeliveryHarness, session: ResponderSession) -> None:
    await taps(session, "a")
    await session.fill("summary:client", {"text": "We call you."})
    await taps(session, *map(str, range(20)))
    assert await posts(post) == 2


async def test_what_was_not_delivered_can_be_posted_again_once(
    post: DeliveryHarness, session: ResponderSession
) -> None:
    async def refuse(outgoing: Outgoing) -> float:
        if isinstance(outgoing, PostOut):
            raise Undeliverable(DeliveryFailure.NOT_INVITED)
        return 0.0

    accept, post.recorder.behaviour = post.recorder.behaviour, refuse
    await taps(session, "a")
    assert await posts(post) == 0
    post.recorder.behaviour = accept
    await taps(session, "b")
    await taps(session, "c")
    assert await posts(post) == 1


async def test_the_same_text_can_be_posted_to_another_thread(post: DeliveryHarness, session: ResponderSession) -> None:
    await taps(session, "a")
    await session.tap("reopen")
    link = RequestContext(Place("test", "north", "accounts", "another"))
    await session.application.service.receive(TypedCommand("link", session.by, link, "Acme", is_linked_place=True))
    await session.tap("preview:client")
    await taps(session, "b")
    await taps(session, "c")
    assert await posts(post) == 2
    places = [out.place.thread for out in post.recorder.deliveries if isinstance(out, PostOut)]
    assert places == ["0", "another"]
