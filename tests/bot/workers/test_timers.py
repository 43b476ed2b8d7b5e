"""Nudges come at their time, once, and not when they are moot. The clock is set by hand."""

import asyncio

import pytest
from sqlalchemy import insert, select, update

from adapters.port import ButtonTap, FormSubmission, RequestContext, TypedCommand
from adapters.shared.storage import with_commit
from bot.server.bootstrap import Runtime
from bot.storage import tables as t
from bot.workers.timers import MIN_PAUSE_SECONDS
from flows.state.identity import Person
from tests.application_harness import fire_due_timers
from tests.bot.delivery_harness import DeliveryHarness
from tests.conftest import ANA, BEN, NOON, THREAD, SetClock

SCENE = RequestContext(THREAD)
MINUTE, HOUR, DAY = 60, 3600, 86_400
FRIDAY_EVENING = NOON + 12 * HOUR
"""20:00 in UTC; NOON is a Friday, 8:00."""
MONDAY_AT_NINE = NOON + 3 * DAY + HOUR
SECONDS_UNTIL_NUDGED = 60
BREATHING = "Whenever you like. One more minute is fine too."


async def start_recovery(room: Runtime) -> str:
    return (await room.application.receive(TypedCommand("start", ANA, SCENE, "Acme"))).recovery_id


async def private_texts(room: Runtime) -> list[str]:
    query = select(t.outbox.c.body).order_by(t.outbox.c.id)
    bodies = await room.database.run(lambda tx: tx.execute(query).scalars().all())
    return [body["text"] for body in bodies if body["kind"] == "private_message"]


async def fire_all(room: Runtime, clock: SetClock) -> None:
    """The loop of the application fires at the same time: once must still be once."""
    await fire_due_timers(room.database, room.timers, clock)


async def test_two_minutes_means_one_nudge_after_two_minutes(room: Runtime, clock: SetClock) -> None:
    recovery = await start_recovery(room)
    await room.application.receive(ButtonTap("a", ANA, recovery, 1, "choose:two_minutes"))
    clock.forward(119)
    await fire_all(room, clock)
    assert len(await private_texts(room)) == 1  # that silence was set
    clock.forward(1)
    await asyncio.gather(*(fire_all(room, clock) for _ in range(8)))
    assert len(await private_texts(room)) == 2
    clock.forward(86_400)
    await fire_all(room, clock)
    assert len(await private_texts(room)) == 2


async def test_a_step_that_was_left_does_not_nudge(room: Runtime, clock: SetClock) -> None:
    recovery = await start_recovery(room)
    clock.forward(299)
    await room.application.receive(ButtonTap("a", ANA, recovery, 1, "choose:ready"))
    clock.forward(10)
    await fire_all(room, clock)
    assert await private_texts(room) == []


async def test_a_late_promise_is_said_once_and_is_late_on_record(room: Runtime, clock: SetClock) -> None:
    recovery = await start_recovery(room)
    promise = {"who": "Ana", "what": "a fixed export", "when": str(int(clock.now) + 7200)}
    await room.application.receive(FormSubmission("p", ANA, SCENE, recovery, "note:commitment", promise))
    await room.application.receive(TypedCommand("stop", ANA, SCENE, "stop"))
    clock.forward(3600)
    await fire_all(room, clock)
    clock.forward(3600)
    await fire_all(room, clock)
    assert await private_texts(room) == [
        "Acme, due within an hour: a fixed export (Ana)",
        "Acme, this promise is late: a fixed export (Ana)",
    ]
    states = await room.database.run(lambda tx: tx.execute(select(t.entry.c.state)).scalars().all())
    assert states == ["late"]


async def test_a_recovery_that_cannot_be_read_does_not_stop_the_others(
    room: Runtime, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    unreadable = await start_recovery(room)
    other = type(THREAD)("web", "practice", "borg")
    await room.application.receive(TypedCommand("other", ANA, RequestContext(other), "Borg"))
    ruin = update(t.recovery).where(t.recovery.c.id == unreadable).values(data={"account": "Ruined Ltd"})
    await room.database.run(with_commit(lambda tx: tx.execute(ruin)))
    clock.forward(300)
    await fire_all(room, clock)
    assert len(await private_texts(room)) == 1
    assert "cannot be read" in caplog.text
    assert "Ruined" not in caplog.text


async def test_a_recovery_whose_record_does_not_fit_does_not_stop_the_others(room: Runtime, clock: SetClock) -> None:
    """Its next event is there already, so every transition of it breaks a rule of the database."""
    unwritable = await start_recovery(room)
    await types(room, "Borg", scene=RequestContext(type(THREAD)("web", "practice", "borg")))
    ghost = {"recovery_id": unwritable, "number": 2, "occurred_at": clock.now, "body": {}}
    await room.database.run(with_commit(lambda tx: tx.execute(insert(t.event), ghost)))
    clock.forward(300)
    async with asyncio.timeout(SECONDS_UNTIL_NUDGED):
        while not await has_nudge(room):  # noqa: ASYNC110 - timers that fire tell nobody
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_recovery_that_another_process_holds_is_not_asked_for_again_at_once(post: DeliveryHarness) -> None:
    await post.begin()
    post.clock.forward(HOUR)
    with post.application.database.engine.connect() as other:
        other.execute(select(t.recovery).with_for_update())
        assert await post.application.timers.fire() >= MIN_PAUSE_SECONDS


# --- working hours


async def types(
    room: Runtime, text: str, by: Person = ANA, scene: RequestContext = SCENE, who: Person | None = None
) -> None:
    event_id = f"{by.user_id} {scene.place.conversation} {text}"
    await room.application.receive(TypedCommand(event_id, by, scene, text, who))


async def has_nudge(room: Runtime) -> list[str]:
    """Whom the guide spoke to by itself."""
    query = select(t.outbox.c.body).order_by(t.outbox.c.id)
    bodies = await room.database.run(lambda tx: tx.execute(query).scalars().all())
    return [
        body["recipient"]["user_id"]
        for body in bodies
        if body["kind"] == "private_message" and body["text"].endswith(BREATHING)
    ]


async def after_half_an_hour(room: Runtime, clock: SetClock) -> list[str]:
    """Who was nudged when nothing moved for so long that nobody can be taken to be there."""
    clock.forward(31 * MINUTE)
    await fire_all(room, clock)
    return await has_nudge(room)


async def nudged_on_monday_at_nine(room: Runtime, clock: SetClock) -> None:
    """The nudge comes then, and not a second before."""
    clock.now = MONDAY_AT_NINE - 1
    await fire_all(room, clock)
    assert await has_nudge(room) == []
    clock.now = MONDAY_AT_NINE
    await fire_all(room, clock)
    assert await has_nudge(room) == ["ana"]


async def test_a_nudge_waits_for_the_working_hours(room: Runtime, clock: SetClock) -> None:
    clock.now = FRIDAY_EVENING
    await start_recovery(room)
    await types(room, "hours 9-17 mon-fri")
    assert await after_half_an_hour(room, clock) == []
    await nudged_on_monday_at_nine(room, clock)


async def test_working_hours_hold_for_later_recoveries_too(room: Runtime, clock: SetClock) -> None:
    clock.now = FRIDAY_EVENING
    await types(room, "hours 9-17 mon-fri")
    await start_recovery(room)
    await nudged_on_monday_at_nine(room, clock)


async def test_who_works_always_is_nudged_in_the_evening(room: Runtime, clock: SetClock) -> None:
    clock.now = FRIDAY_EVENING
    await types(room, "hours always")
    await start_recovery(room)
    assert await after_half_an_hour(room, clock) == ["ana"]


async def test_a_recovery_that_is_handed_over_keeps_the_hours_of_who_leads_it_now(
    room: Runtime, clock: SetClock
) -> None:
    clock.now = NOON + 2 * DAY + 13 * HOUR  # Sunday night here, Monday at ten in Auckland
    await types(room, "hours 9-17 mon-fri", BEN, RequestContext(THREAD, timezone="Pacific/Auckland"))
    await start_recovery(room)
    await types(room, "handover @Ben", who=BEN)
    assert await after_half_an_hour(room, clock) == ["ben"]


async def test_hours_and_time_zone_of_a_person_are_remembered(room: Runtime) -> None:
    await types(room, "hours 9-17 mon-thu")
    await types(room, "Acme", scene=RequestContext(THREAD, timezone="Europe/Madrid"))
    query = select(t.person.c.user_id, t.person.c.timezone, t.person.c.working_hours)
    rows = await room.database.run(lambda tx: [tuple(row) for row in tx.execute(query)])
    assert rows == [("ana", "Europe/Madrid", [[0, 1, 2, 3], 540, 1020])]


async def test_who_wants_quiet_is_not_nudged_at_any_hour(room: Runtime, clock: SetClock) -> None:
    await start_recovery(room)
    await types(room, "hours always")
    await types(room, "quiet on")
    assert await after_half_an_hour(room, clock) == []
    await types(room, "quiet off")
    assert await after_half_an_hour(room, clock) == ["ana"]
