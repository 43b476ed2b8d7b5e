"""An event is applied once, however often and however fast it comes."""

import asyncio

from sqlalchemy import func, select

from adapters.port import ButtonTap, FormSubmission, RequestContext, TypedCommand
from bot.server.bootstrap import Runtime
from bot.storage import recoveries
from bot.storage import tables as t
from flows.engine.advance import advance
from flows.state.recovery import Recovery
from tests.conftest import ANA, BEN, EVE, THREAD

SCENE = RequestContext(THREAD)


async def start_recovery(room: Runtime) -> str:
    return (await room.application.receive(TypedCommand("start", ANA, SCENE, "Acme"))).recovery_id


async def state(room: Runtime, recovery_id: str) -> Recovery:
    recovery = await room.database.run(lambda tx: recoveries.load(tx, recovery_id))
    assert recovery
    return recovery


async def count(room: Runtime, table: str) -> int:
    rows = select(func.count()).select_from(t.metadata.tables[table])
    return await room.database.run(lambda tx: tx.execute(rows).scalar_one())


async def test_the_same_start_32_times_at_once_makes_one_recovery(room: Runtime) -> None:
    command = TypedCommand("start", ANA, SCENE, "Acme")
    answers = await asyncio.gather(*(room.application.receive(command) for _ in range(32)))
    assert len({answer.recovery_id for answer in answers}) == 1
    assert await count(room, "recovery") == 1
    assert await count(room, "event") == 1


async def test_the_same_note_32_times_at_once_is_kept_once(room: Runtime) -> None:
    recovery = await start_recovery(room)
    note = FormSubmission("n", ANA, SCENE, recovery, "note:facts", {"text": "late by four days"})
    await asyncio.gather(*(room.application.receive(note) for _ in range(32)))
    assert [entry.field_id for entry in (await state(room, recovery)).entries] == ["facts"]
    assert await count(room, "entry") == 1
    assert await count(room, "event") == 2


async def test_the_same_tap_32_times_at_once_moves_one_step(room: Runtime) -> None:
    recovery = await start_recovery(room)
    tap = ButtonTap("tap", ANA, recovery, 1, "choose:ready")
    await asyncio.gather(*(room.application.receive(tap) for _ in range(32)))
    after = await state(room, recovery)
    assert (after.step, after.card_revision) == ("facts", 2)
    assert await count(room, "step_visit") == 1


async def test_32_different_notes_at_once_are_all_kept(room: Runtime) -> None:
    recovery = await start_recovery(room)
    notes = [FormSubmission(f"n{i}", ANA, SCENE, recovery, "note:facts", {"text": f"fact {i}"}) for i in range(32)]
    await asyncio.gather(*(room.application.receive(note) for note in notes))
    entries = (await state(room, recovery)).entries
    assert len({entry.id for entry in entries}) == 32


async def test_a_button_of_an_earlier_card_does_no_harm_and_says_where_the_recovery_is(room: Runtime) -> None:
    recovery = await start_recovery(room)
    await room.application.receive(ButtonTap("a", ANA, recovery, 1, "choose:ready"))
    await room.application.receive(ButtonTap("b", ANA, recovery, 1, "choose:ready"))
    assert (await state(room, recovery)).step == "facts"
    query = select(t.outbox.c.body).order_by(t.outbox.c.id)
    bodies = await room.database.run(lambda tx: tx.execute(query).scalars().all())
    private_texts = [body["text"] for body in bodies if body["kind"] == "private_message"]
    assert private_texts == [
        "That button belongs to an earlier card, so nothing was changed. The recovery is now at: Get the facts."
    ]


async def test_replaying_the_stored_events_gives_the_same_state(room: Runtime) -> None:
    recovery = await start_recovery(room)
    flow = room.registry.newest_or_default("")
    for number, action in enumerate(("choose:ready", "choose:all_said", "choose:no_answer", "back", "open:more")):
        visit = (await state(room, recovery)).card_revision
        await room.application.receive(ButtonTap(f"t{number}", ANA, recovery, visit, action))
    note = FormSubmission("n", ANA, SCENE, recovery, "note:facts", {"text": "late", "expression": "unsaid"})
    await room.application.receive(note)
    events = await room.database.run(lambda tx: recoveries.history(tx, recovery))
    replayed: Recovery | None = None
    for event, at in events:
        replayed, _ = advance(flow, replayed, event, at)
    assert replayed == await state(room, recovery)


async def test_a_recovery_of_another_workspace_is_not_found(room: Runtime) -> None:
    recovery = await start_recovery(room)
    stranger = type(ANA)("web", "elsewhere", "ana", "Ana")
    answer = await room.application.receive(ButtonTap("x", stranger, recovery, 1, "choose:ready"))
    assert "does not exist" in answer.notice
    assert (await state(room, recovery)).step == "prepare"


async def test_who_is_no_part_of_the_recovery_changes_nothing(room: Runtime) -> None:
    recovery = await start_recovery(room)
    await room.application.receive(ButtonTap("x", EVE, recovery, 1, "choose:ready"))
    answer = await room.application.receive(ButtonTap("y", BEN, recovery, 1, "open:more"))
    assert (await state(room, recovery)).step == "prepare"
    assert answer.dialog is None
