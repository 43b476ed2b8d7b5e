"""The clock is set while messages, timers and leases wait: no wait outlasts what was meant, nothing is sent twice."""

import asyncio
import logging

import pytest
from sqlalchemy import select

from adapters.port import ButtonTap, Outgoing, RateLimited, RequestContext, TypedCommand, Unavailable
from bot.clock import WakeSignals
from bot.server.bootstrap import Runtime
from bot.storage import tables as t
from bot.workers.clock_watch import ClockWatch
from bot.workers.delivery import Delivery
from bot.workers.housekeeping import SECONDS_PER_DAY
from tests.application_harness import ResponderSession
from tests.bot.delivery_harness import DeliveryHarness, accept
from tests.bot.storage.test_postgres_outage import wait_until_delivered
from tests.bot.workers.test_dead_letters import refusing
from tests.bot.workers.test_housekeeping import counts, fill, housekeeping_of, message
from tests.conftest import ANA, NOON, THREAD, SetClock
from tests.server_process import SECONDS_BETWEEN_TRIES, SECONDS_OF_PATIENCE

HOUR, YEAR = 3600.0, 365 * SECONDS_PER_DAY
BACK = [-HOUR, -YEAR, -60.0]
BOTH_WAYS = [*BACK, HOUR, YEAR]


@pytest.fixture
def timer() -> SetClock:
    """What nobody can set."""
    return SetClock(1000.0)


def process(post: DeliveryHarness, clock: SetClock, timer: SetClock) -> Delivery:
    """Another process, whose clock is its own. Time passes for all of them alike."""
    of = post.delivery
    return Delivery(of.database, of.registry, of.platforms, clock, WakeSignals(), timer=timer)


# --- what waits for the platform


@pytest.mark.parametrize("jump", BACK)
@pytest.mark.parametrize(
    "error", [RateLimited(30), RateLimited(30, everywhere=True), RateLimited(HOUR), Unavailable("502")], ids=repr
)
async def test_a_message_that_waits_goes_out_after_the_clock_is_set_back(
    post: DeliveryHarness, error: Exception, jump: float
) -> None:
    await post.posting()
    post.recorder.behaviour = refusing(lambda: error)
    await post.deliver()
    assert post.recorder.posts() == []
    post.recorder.behaviour = accept
    post.clock.forward(jump)
    await post.deliver()
    assert len(post.recorder.posts()) == 1


async def test_the_rest_after_a_message_ends_though_the_clock_is_set_back(post: DeliveryHarness) -> None:
    sessions = [await post.closed(name) for name in ("Acme", "Borg")]
    await post.deliver()
    for session in sessions:
        await session.tap("post:internal")

    async def with_rest(_outgoing: Outgoing) -> float:
        return 1.0

    post.recorder.behaviour = with_rest
    await post.deliver()
    post.clock.forward(-HOUR)
    await post.deliver()
    post.clock.forward(1)
    await post.deliver()
    assert len(post.recorder.posts()) == 2


async def test_a_new_wait_counts_after_the_clock_is_set_back(post: DeliveryHarness) -> None:
    """The pause of a clock that was ahead does not stand in the way of a shorter one that is right."""
    acme = await post.closed("Acme")
    await post.deliver()
    await acme.tap("post:internal")
    post.recorder.behaviour = refusing(lambda: RateLimited(30, everywhere=True))
    await post.deliver()
    post.clock.forward(-HOUR)
    await post.deliver()
    before = len(post.recorder.attempts)
    post.clock.forward(29)
    await post.deliver()
    assert len(post.recorder.attempts) == before
    post.recorder.behaviour = accept
    post.clock.forward(1)
    await post.deliver()
    assert len(post.recorder.posts()) == 1


# --- leases


@pytest.mark.parametrize("jump", BOTH_WAYS)
async def test_two_processes_never_send_one_message_though_the_clock_of_one_jumps(
    post: DeliveryHarness, timer: SetClock, jump: float
) -> None:
    await post.posting()
    at_the_platform, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_outgoing: Outgoing) -> float:
        at_the_platform.set()
        await go_on.wait()
        return 0.0

    post.recorder.behaviour = slow
    clock = SetClock(post.clock.now)
    one, other = process(post, post.clock, timer), process(post, clock, timer)
    sending = asyncio.create_task(post.deliver(one))
    await at_the_platform.wait()
    attempts = len(post.recorder.attempts)
    assert await other.round() == 0
    clock.forward(jump)
    timer.forward(one.lease_seconds - 1)
    assert await other.round() == 0
    assert len(post.recorder.attempts) == attempts
    go_on.set()
    await sending
    await post.deliver(other)
    assert len(post.recorder.posts()) == 1
    assert await post.messages("pending", "failed") == []


@pytest.mark.parametrize("jump", BOTH_WAYS)
async def test_the_queue_of_a_process_that_died_is_taken_over_when_a_lease_has_passed(
    post: DeliveryHarness, timer: SetClock, jump: float
) -> None:
    await post.posting()
    dead, heir = process(post, post.clock, timer), process(post, SetClock(post.clock.now + jump), timer)
    lease = post.application.database.run(
        lambda tx: dead._lease_messages(tx, "dead", post.clock.now, 32)  # noqa: SLF001 - it dies before it sends
    )
    assert await lease
    for passed in (0.0, heir.lease_seconds - 0.5):
        timer.forward(passed)
        await post.deliver(heir)
        assert post.recorder.posts() == []
    timer.forward(0.5)
    await post.deliver(heir)
    assert len(post.recorder.posts()) == 1


@pytest.mark.parametrize("jump", BOTH_WAYS)
async def test_a_process_whose_own_clock_jumps_while_it_sends_stores_the_result(
    post: DeliveryHarness, timer: SetClock, jump: float, caplog: pytest.LogCaptureFixture
) -> None:
    await post.posting()

    async def jumping(_outgoing: Outgoing) -> float:
        post.clock.forward(jump)
        return 0.0

    post.recorder.behaviour = jumping
    await post.deliver(process(post, post.clock, timer))
    assert len(post.recorder.posts()) == 1
    assert await post.messages("pending", "failed") == []
    assert caplog.text == ""


# --- nudges and promises


async def nudges(post: DeliveryHarness) -> list[str]:
    """Fire what is due, deliver, and tell which nudges there have been."""
    while await post.application.timers.fire() == 0:
        pass
    rows = await post.messages("pending", "sent")
    return [row.body["text"] for row in rows if row.body.get("is_nudge")]


async def two_minutes(post: DeliveryHarness) -> ResponderSession:
    session = await post.begin()
    await session.tap("choose:two_minutes")
    return session


@pytest.mark.parametrize("jump", BACK)
async def test_two_minutes_stay_two_minutes_when_the_clock_is_set_back(post: DeliveryHarness, jump: float) -> None:
    await two_minutes(post)
    post.clock.forward(30)
    post.clock.forward(jump)
    assert await nudges(post) == []
    post.clock.forward(119)
    assert await nudges(post) == []
    post.clock.forward(1)
    assert len(await nudges(post)) == 1


@pytest.mark.parametrize("jump", [HOUR, YEAR])
async def test_a_jump_forward_brings_the_nudge_once(post: DeliveryHarness, jump: float) -> None:
    await two_minutes(post)
    post.clock.forward(jump)
    assert len(await nudges(post)) == 1
    post.clock.forward(-jump)
    post.clock.forward(200)
    assert len(await nudges(post)) == 1


async def test_a_promise_keeps_its_time_of_day_when_the_clock_is_set_back(post: DeliveryHarness) -> None:
    session = await post.begin()
    due_at = post.clock.now + 3 * HOUR
    await session.note("commitment", who="Ana", what="call", when=str(int(due_at)))
    post.clock.forward(-HOUR)
    await nudges(post)
    query = select(t.timer.c.due_at).where(t.timer.c.name.like("late:%"))
    assert await post.application.database.run(lambda tx: tx.execute(query).scalars().all()) == [due_at]


async def test_taps_go_on_while_the_clock_jumps_to_and_fro(post: DeliveryHarness) -> None:
    """What is recorded carries the time of the clock as it was; no order is built on it."""
    session = await post.begin()
    await post.deliver()
    for jump, action in zip(
        (-HOUR, YEAR, -YEAR, HOUR), ("choose:ready", "jump:feelings", "back", "jump:feelings"), strict=True
    ):
        post.clock.forward(jump)
        await session.tap(action)
        await post.deliver()
    assert len(post.recorder.cards()) == 1 + 4
    assert await post.messages("pending", "failed") == []


# --- what is cleared away


async def test_nothing_is_cleared_away_by_a_clock_that_jumped_forward_by_a_year(
    post: DeliveryHarness, timer: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    session = await post.posting()
    housekeeping = housekeeping_of(post, timer)
    await fill(post, t.outbox, [message(session, "old", sent_at=NOON - YEAR)])
    before = await counts(post, "inbox", "outbox")
    post.clock.forward(YEAR)
    assert await housekeeping.round() == 0
    assert await counts(post, "inbox", "outbox") == before
    assert "jumped forward by 365.0 days" in caplog.text
    post.clock.forward(-YEAR)
    assert await housekeeping.round() == 1


async def test_time_that_really_passes_is_no_jump(post: DeliveryHarness, timer: SetClock) -> None:
    session = await post.posting()
    housekeeping = housekeeping_of(post, timer)
    await fill(post, t.outbox, [message(session, "old", sent_at=NOON)])
    for one in (post.clock, timer):
        one.forward(31 * SECONDS_PER_DAY)
    assert await housekeeping.round() > 0


# --- what the log says


@pytest.mark.parametrize(
    ("jump", "words"),
    [(-HOUR, "set back by 3600.0 s"), (HOUR, "set forward by 3600.0 s"), (-2.0, "set back by 2.0 s"), (0.5, "")],
)
async def test_a_jump_is_logged_once_with_its_size(
    timer: SetClock, caplog: pytest.LogCaptureFixture, jump: float, words: str
) -> None:
    clock, wake = SetClock(), WakeSignals()
    watch = ClockWatch(clock, timer, wake)
    for one in (clock, timer):
        one.forward(100_000)
    watch.look()
    assert caplog.records == []
    clock.forward(jump)
    for _ in range(3):
        watch.look()
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * bool(words)
    assert words in caplog.text
    assert wake.messages.is_set() is wake.timers.is_set() is bool(words)


async def test_a_running_application_goes_on_and_says_it_when_its_clock_is_set_back(
    room: Runtime, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    await room.application.receive(TypedCommand("start", ANA, RequestContext(THREAD), "Acme"))
    await wait_until_delivered(room)
    clock.forward(-HOUR)
    recoveries = await room.database.run(lambda tx: tx.execute(select(t.recovery.c.id)).scalars().all())
    await room.application.receive(ButtonTap("tap", ANA, recoveries[0], 1, "choose:ready"))
    await wait_until_delivered(room)
    async with asyncio.timeout(SECONDS_OF_PATIENCE):
        while "set back by 3600" not in caplog.text:  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
