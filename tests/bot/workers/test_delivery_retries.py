"""What cannot be sent now is sent later, in its order, and holds up nothing but its own lane."""

import asyncio

import pytest
from sqlalchemy import insert, select, update

from adapters.port import Outgoing, PostOut, RateLimited, Unavailable, Undeliverable
from adapters.shared.storage import with_commit
from bot.storage import tables as t
from bot.workers.delivery import MAX_INTERNAL_ERRORS
from flows.screens.plain_text import card_text
from flows.state.delivery_failure import DeliveryFailure
from tests.bot.delivery_harness import DeliveryHarness, accept
from tests.bot.workers.test_dead_letters import refusing
from tests.server_process import SECONDS_OF_PATIENCE

TOO_LATE = (
    "Internal version: not posted to the thread. It could not be delivered for a day. Check that it is "
    "still true, then try again."
)


DAY = 86_400
SECONDS_UNTIL_SETTLED = 60


def away() -> Exception:
    return Unavailable("502")


# --- a platform that is away


async def test_the_pauses_between_tries_grow_up_to_a_minute(post: DeliveryHarness) -> None:
    await post.posting()
    post.recorder.behaviour = refusing(away)
    pauses = []
    for _ in range(10):
        await post.deliver()
        ready_at = (await post.queue("north:accounts")).ready_at
        pauses.append(round(ready_at - post.clock.now, 3))
        post.clock.now = ready_at
    assert pauses == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_nothing_is_tried_within_the_pause(post: DeliveryHarness) -> None:
    await post.posting()
    post.recorder.behaviour = refusing(away)
    await post.deliver()
    post.clock.forward(0.25)
    await post.deliver()
    assert [row.attempts for row in await post.messages("pending")] == [1]


async def test_what_comes_after_it_in_the_lane_waits_and_keeps_its_order(post: DeliveryHarness) -> None:
    acme, borg = await post.closed("Acme"), await post.closed("Borg")
    other = await post.closed("Cord", conversation="sales")
    for session in (acme, borg, other):
        await session.tap("post:internal")

    async def manner(outgoing: Outgoing) -> float:
        if isinstance(outgoing, PostOut) and outgoing.place == acme.place:
            raise away()
        return 0.0

    post.recorder.behaviour = manner
    await post.deliver()
    assert ["we forgot Cord" in text for text in post.recorder.posts()] == [True]
    post.recorder.behaviour = accept
    post.clock.forward(1)
    await post.deliver()
    assert [
        name for text in post.recorder.posts() for name in ("Acme", "Borg", "Cord") if f"forgot {name}" in text
    ] == [
        "Cord",
        "Acme",
        "Borg",
    ]


async def test_it_is_given_up_after_a_day_and_the_responder_is_told(post: DeliveryHarness) -> None:
    await post.posting()
    post.recorder.behaviour = refusing(away)
    for forward in (0, DAY, 60):
        post.clock.forward(forward)
        assert TOO_LATE not in post.recorder.private_texts()
        await post.deliver()
    assert TOO_LATE in post.recorder.private_texts()
    assert [row.body["kind"] for row in await post.messages("failed")] == ["summary"]


# --- a platform that asks to wait


async def test_a_workspace_that_must_wait_waits_as_a_whole_and_others_do_not(post: DeliveryHarness) -> None:
    acme, borg = await post.closed("Acme"), await post.closed("Borg", conversation="sales")
    south = await post.closed("Cord", workspace="south")
    await post.deliver()
    post.recorder.behaviour = refusing(lambda: RateLimited(30, everywhere=True))
    await acme.tap("post:internal")
    await post.deliver()
    post.recorder.behaviour = accept
    before = len(post.recorder.attempts)
    await borg.tap("post:internal")
    await south.tap("post:internal")
    for forward in (0, 29):
        post.clock.forward(forward)
        await post.deliver()
        assert {out.place.workspace for out in post.recorder.attempts[before:]} == {"south"}
    post.clock.forward(1)
    await post.deliver()
    assert await post.messages("pending") == []
    assert len(post.recorder.posts()) == 3


async def test_a_conversation_that_must_wait_waits_alone_and_that_is_no_try(post: DeliveryHarness) -> None:
    acme, borg = await post.closed("Acme"), await post.closed("Borg", conversation="sales")
    await acme.tap("post:internal")
    post.recorder.behaviour = refusing(lambda: RateLimited(30))
    for _ in range(MAX_INTERNAL_ERRORS + 1):
        await post.deliver()
        assert [(row.recovery_id, row.attempts) for row in await post.messages("pending")] == [(acme.id, 0)]
        post.clock.forward(30)
    post.recorder.behaviour = accept
    post.clock.forward(-1)
    await borg.tap("post:internal")
    await post.deliver()
    assert ["we forgot Borg" in text for text in post.recorder.posts()] == [True]


async def test_a_lane_that_the_release_before_made_waits_with_its_workspace(post: DeliveryHarness) -> None:
    """It writes no workspace, also after the migration, as long as both run."""
    old = {"key": "test:north:sales", "ready_at": 0.0, "lease_until": 0.0}
    await post.application.database.run(with_commit(lambda tx: tx.execute(insert(t.queue), old)))
    acme, borg = await post.closed("Acme"), await post.closed("Borg", conversation="sales")
    await post.deliver()
    post.recorder.behaviour = refusing(lambda: RateLimited(30, everywhere=True))
    await acme.tap("post:internal")
    await post.deliver()
    post.recorder.behaviour = accept
    await borg.tap("post:internal")
    await post.deliver()
    assert post.recorder.posts() == []


async def test_a_conversation_rests_as_long_as_its_platform_says(post: DeliveryHarness) -> None:
    acme, borg = await post.closed("Acme"), await post.closed("Borg")
    for session in (acme, borg):
        await session.tap("post:internal")

    async def manner(_outgoing: Outgoing) -> float:
        return 1.0

    post.recorder.behaviour = manner
    counts = []
    for _ in range(3):
        await post.deliver()
        counts.append(len(post.recorder.posts()))
        post.clock.forward(0.5)
    assert counts == [1, 1, 2]


# --- cards


async def test_the_card_is_sent_once_however_often_it_changed(post: DeliveryHarness) -> None:
    session = await post.begin("Acme")
    other = await post.begin("Borg")
    for action in ("choose:ready", "jump:acknowledge", "choose:yes"):
        await session.tap(action)
    await post.deliver()
    assert [out.card.recovery_id for out in post.recorder.cards()] == [session.id, other.id]
    assert "5 of 8" in card_text(post.recorder.cards()[0].card)
    assert await post.messages("pending", "failed") == []


async def test_a_card_that_changes_while_it_is_sent_is_sent_again(post: DeliveryHarness) -> None:
    session = await post.begin()
    await session.tap("choose:ready")

    async def manner(_outgoing: Outgoing) -> float:
        post.recorder.behaviour = accept
        await session.tap("jump:feelings")
        return 0.0

    post.recorder.behaviour = manner
    await post.deliver()
    assert ["3 of 8" in card_text(out.card) for out in post.recorder.cards()] == [False, True]


# --- a platform that hangs, a process that was held up


async def hanging(_outgoing: Outgoing) -> float:
    await asyncio.Event().wait()
    return 0.0


async def test_a_platform_that_hangs_is_broken_off_and_tried_again(post: DeliveryHarness) -> None:
    await post.begin()
    post.recorder.behaviour = hanging
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        await post.deliver(post.another(lease=0.1))
    (waiting,) = await post.messages("pending")
    assert waiting.last_error.startswith("TimeoutError")
    post.recorder.behaviour = accept
    post.clock.forward(1)
    await post.deliver()
    assert len(post.recorder.cards()) == 1


async def test_who_lost_the_lease_changes_nothing(post: DeliveryHarness, caplog: pytest.LogCaptureFixture) -> None:
    await post.posting()
    at_the_platform, go_on = asyncio.Event(), asyncio.Event()

    async def slow_to_refuse(outgoing: Outgoing) -> float:
        if isinstance(outgoing, PostOut):
            at_the_platform.set()
            await go_on.wait()
            raise Undeliverable(DeliveryFailure.ARCHIVED)
        return 0.0

    post.recorder.behaviour = slow_to_refuse
    slow = asyncio.create_task(post.deliver())
    await at_the_platform.wait()
    post.recorder.behaviour = accept
    another = post.another()
    await post.deliver(another)  # it sees the lease
    post.clock.forward(post.delivery.lease_seconds)
    await post.deliver(another)
    go_on.set()
    await slow
    assert "the lease was lost" in caplog.text
    assert len(post.recorder.posts()) == 1
    assert await post.messages("pending", "failed") == []


# --- other processes


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_lane_that_another_process_holds_is_passed_over(post: DeliveryHarness) -> None:
    await post.begin()
    with post.application.database.engine.connect() as other:
        other.execute(select(t.queue).with_for_update())
        assert await post.delivery.round() == 0
    assert await post.delivery.round() == 1


# --- what this release cannot read


@pytest.mark.parametrize("body", [{}, {"kind": "poll", "text": "Still angry?"}], ids=["empty", "of another release"])
async def test_a_message_that_cannot_be_read_does_not_hold_its_lane_for_ever(
    post: DeliveryHarness, body: dict[str, str]
) -> None:
    session = await post.begin()
    await post.deliver()
    row = {
        "queue": "test:north:@ana",
        "recovery_id": session.id,
        "idempotency_key": "unreadable",
        "queued_at": post.clock.now,
        "body": body,
    }
    await post.application.database.run(with_commit(lambda tx: tx.execute(insert(t.outbox), row)))
    before = len(post.recorder.cards())
    await session.tap("choose:ready")
    for _ in range(MAX_INTERNAL_ERRORS):
        await post.deliver()
        post.clock.forward(60)
    await post.deliver()
    assert len(post.recorder.cards()) == before + 1
    assert [row.idempotency_key for row in await post.messages("pending", "failed")] == ["unreadable"]


async def test_a_message_of_a_recovery_that_cannot_be_read_does_not_hold_its_lane_for_ever(
    post: DeliveryHarness,
) -> None:
    unreadable, other = await post.begin("Acme"), await post.begin("Borg")
    ruin = update(t.recovery).where(t.recovery.c.id == unreadable.id).values(data={"account": "Ruined Ltd"})
    await post.application.database.run(with_commit(lambda tx: tx.execute(ruin)))
    for _ in range(MAX_INTERNAL_ERRORS):
        await post.deliver()
        post.clock.forward(60)
    await post.deliver()
    assert [out.card.recovery_id for out in post.recorder.cards()] == [other.id]
    assert [row.recovery_id for row in await post.messages("failed")] == [unreadable.id]


async def test_a_recovery_that_cannot_be_told_does_not_hold_the_lane_for_ever(post: DeliveryHarness) -> None:
    """Its next event is there already, so every transition of it breaks a rule of the database."""
    acme, borg = await post.closed("Acme"), await post.closed("Borg")
    for session in (acme, borg):
        await session.tap("post:internal")
    version = select(t.recovery.c.version).where(t.recovery.c.id == acme.id)
    number = await post.application.database.run(lambda tx: tx.execute(version).scalar_one())
    ghost = {"recovery_id": acme.id, "number": number + 1, "occurred_at": post.clock.now, "body": {}}
    await post.application.database.run(with_commit(lambda tx: tx.execute(insert(t.event), ghost)))

    async def manner(outgoing: Outgoing) -> float:
        if isinstance(outgoing, PostOut) and outgoing.place == acme.place:
            raise Undeliverable(DeliveryFailure.ARCHIVED)
        return 0.0

    post.recorder.behaviour = manner
    async with asyncio.timeout(SECONDS_UNTIL_SETTLED):
        await post.deliver()
    assert [row.recovery_id for row in await post.messages("failed")] == [acme.id]
    assert ["we forgot Borg" in text for text in post.recorder.posts()] == [True]
