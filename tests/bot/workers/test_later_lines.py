"""What a thread is told later, of a summary that may never have reached it."""

import pytest
from sqlalchemy import update

from adapters.port import Outgoing, PostOut, ReadersChange
from adapters.shared.storage import with_commit
from bot.storage import tables as t
from tests.application_harness import ResponderSession
from tests.bot.conftest import Command
from tests.bot.delivery_harness import DeliveryHarness, accept
from tests.bot.workers.test_dead_letters import not_invited, refusing

STAYED_INSIDE = (
    "The message about a kept promise was not posted to the thread. "
    "The summary that tells of this promise did not get there. Post the summary again."
)
LINE = "Done: send the export"


async def wait_for_delivery(post: DeliveryHarness, version: str = "client") -> tuple[ResponderSession, str]:
    """A promise, and the summary that tells of it, which waits for its delivery."""
    session = await post.begin()
    promise = await session.note("commitment", who="Ana", what="send the export", when="2027-01-18T17:00")
    await session.tap("close")
    await post.deliver()
    await session.tap(f"preview:{version}")
    await session.tap(f"post:{version}")
    return session, promise


async def refuse_one_summary(post: DeliveryHarness) -> None:
    """Deliver what waits; the first post is refused."""
    refusals = [not_invited()]

    async def behaviour(outgoing: Outgoing) -> float:
        if isinstance(outgoing, PostOut) and refusals:
            raise refusals.pop()
        return 0.0

    post.recorder.behaviour = behaviour
    await post.deliver()


@pytest.mark.parametrize("version", ["client", "internal"])
async def test_a_line_is_not_posted_when_the_summary_before_it_was_given_up(
    post: DeliveryHarness, version: str
) -> None:
    session, promise = await wait_for_delivery(post, version)
    await session.tap(f"kept:{promise}")
    await refuse_one_summary(post)
    assert post.recorder.posts() == []
    assert STAYED_INSIDE in post.recorder.private_texts()
    assert [row.last_error for row in await post.messages("failed")][1:] == ["no_summary"]


async def test_a_line_in_the_words_of_a_newer_text_stays_inside_when_only_the_older_one_arrived(
    post: DeliveryHarness,
) -> None:
    session, _ = await wait_for_delivery(post)
    await post.deliver()
    second_promise = await session.note("commitment", who="Ana", what="write the report", when="2027-01-18T17:00")
    await session.tap("post:client", after=1)
    await session.tap(f"kept:{second_promise}")
    await refuse_one_summary(post)
    assert len(post.recorder.posts()) == 1
    assert STAYED_INSIDE in post.recorder.private_texts()


async def test_a_line_follows_the_summary_that_arrived(post: DeliveryHarness) -> None:
    session, promise = await wait_for_delivery(post)
    await session.tap(f"kept:{promise}")
    await post.deliver()
    assert post.recorder.posts()[1:] == [LINE]


async def test_a_line_of_an_earlier_release_stays_inside_where_external_users_read(post: DeliveryHarness) -> None:
    session, promise = await wait_for_delivery(post)
    await post.deliver()
    await session.tap(f"kept:{promise}")
    (message,) = [row for row in await post.messages("pending") if row.body["kind"] == "line"]
    earlier_body = {key: message.body[key] for key in ("kind", "conversation", "thread", "text", "is_internal")}
    change = update(t.outbox).where(t.outbox.c.id == message.id).values(body=earlier_body)
    await post.application.database.run(with_commit(lambda tx: tx.execute(change)))
    shared = ReadersChange("shared", session.by, session.place, has_external_users=True)
    await post.application.service.receive(shared)
    await post.deliver()
    assert LINE not in post.recorder.posts()


async def test_a_summary_that_was_posted_anew_is_not_sent_again(post: DeliveryHarness, command: Command) -> None:
    session, _ = await wait_for_delivery(post)
    await refuse_one_summary(post)
    await session.tap("post:client", after=1)
    await post.deliver()
    (failed,) = await post.messages("failed")
    result = command("outbox", "resend", str(failed.id))
    assert result.output == f"Message {failed.id} stays as it is: a newer text of this summary was posted since.\n"
    assert command("outbox", "resend", "--all").output == result.output
    await post.deliver()
    assert len(post.recorder.posts()) == 1


async def test_a_summary_that_is_posted_anew_while_it_is_sent_again_is_posted_once(
    post: DeliveryHarness, command: Command
) -> None:
    session, _ = await wait_for_delivery(post)
    await refuse_one_summary(post)
    post.recorder.behaviour = accept
    assert "will be sent again" in command("outbox", "resend", "--all").output
    await session.tap("post:client", after=1)
    await post.deliver()
    assert len(post.recorder.posts()) == 1


async def test_of_two_summaries_that_were_given_up_the_newer_one_is_sent_again(
    post: DeliveryHarness, command: Command
) -> None:
    session, _ = await wait_for_delivery(post)
    post.recorder.behaviour = refusing(not_invited)
    await post.deliver()
    await session.tap("post:client", after=1)
    await post.deliver()
    post.recorder.behaviour = accept
    assert "stays as it is" in command("outbox", "resend", "--all").output
    await post.deliver()
    assert len(post.recorder.posts()) == 1
