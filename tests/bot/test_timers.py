"""Nudges come at their time, once, and not when they are moot. The clock is set by hand."""

import asyncio

import pytest
from sqlalchemy import select, update

from adapters.port import Filled, Scene, Tapped, Typed
from bot import tables as t
from bot.wiring import Wired
from tests.conftest import ANA, THREAD, SetClock

SCENE = Scene(THREAD)


async def started(room: Wired) -> str:
    return (await room.conversation.receive(Typed("start", ANA, SCENE, "Acme"))).recovery


async def whispers(room: Wired) -> list[str]:
    query = select(t.outbox.c.body).order_by(t.outbox.c.id)
    bodies = await room.database.run(lambda tx: tx.execute(query).scalars().all())
    return [body["text"] for body in bodies if body["kind"] == "whisper"]


async def fire_all(room: Wired, clock: SetClock) -> None:
    """Fire until nothing is due. The loop of the application fires at the same time: once must still be once."""
    due = select(t.timer.c.name).where(t.timer.c.due_at <= clock.now)
    while True:
        await room.timers.fire()
        if await room.database.run(lambda tx: tx.execute(due).first()) is None:
            return


async def test_two_minutes_means_one_nudge_after_two_minutes(room: Wired, clock: SetClock) -> None:
    recovery = await started(room)
    await room.conversation.receive(Tapped("a", ANA, recovery, 1, "choose:two_minutes"))
    clock.forward(119)
    await fire_all(room, clock)
    assert len(await whispers(room)) == 1  # that silence was set
    clock.forward(1)
    await asyncio.gather(*(fire_all(room, clock) for _ in range(8)))
    assert len(await whispers(room)) == 2
    clock.forward(86_400)
    await fire_all(room, clock)
    assert len(await whispers(room)) == 2


async def test_a_step_that_was_left_does_not_nudge(room: Wired, clock: SetClock) -> None:
    recovery = await started(room)
    clock.forward(299)
    await room.conversation.receive(Tapped("a", ANA, recovery, 1, "choose:ready"))
    clock.forward(10)
    await fire_all(room, clock)
    assert await whispers(room) == []


async def test_a_late_promise_is_said_once_and_is_late_on_record(room: Wired, clock: SetClock) -> None:
    recovery = await started(room)
    promise = {"who": "Ana", "what": "a fixed export", "when": str(int(clock.now) + 7200)}
    await room.conversation.receive(Filled("p", ANA, SCENE, recovery, "note:commitment", promise))
    await room.conversation.receive(Typed("stop", ANA, SCENE, "stop"))
    clock.forward(3600)
    await fire_all(room, clock)
    clock.forward(3600)
    await fire_all(room, clock)
    assert await whispers(room) == [
        "Due within the hour: Ana: a fixed export",
        "This promise is late: Ana: a fixed export",
    ]
    states = await room.database.run(lambda tx: tx.execute(select(t.entry.c.state)).scalars().all())
    assert states == ["late"]


async def test_a_recovery_that_cannot_be_read_does_not_stop_the_others(
    room: Wired, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    broken = await started(room)
    other = type(THREAD)("web", "practice", "borg")
    await room.conversation.receive(Typed("other", ANA, Scene(other), "Borg"))
    ruin = update(t.recovery).where(t.recovery.c.id == broken).values(data={"account": "Ruined Ltd"})
    await room.database.run(lambda tx: tx.execute(ruin))
    clock.forward(300)
    await fire_all(room, clock)
    assert len(await whispers(room)) == 1
    assert "cannot be read" in caplog.text
    assert "Ruined" not in caplog.text
