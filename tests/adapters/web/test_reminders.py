"""A reminder in the room: what can be tapped at it, and what a tap does."""

from html import unescape
from pathlib import Path

from sqlalchemy import text

from adapters.port import PrivateMessageOut
from adapters.web.delivery import WebPlatform
from adapters.web.rooms import Rooms
from flows.action_ids import ActionKind
from flows.screens.buttons import action_button
from flows.screens.elements import Button, ButtonKind
from flows.state.identity import Person, Place
from tests.adapters.web.sign_in_harness import Room, serving_room


async def stored(room: Room, query: str) -> str:
    return str(await room.parts.database.run(lambda tx: tx.execute(text(query)).scalar_one()))


async def test_a_promise_is_marked_as_kept_at_its_reminder(tmp_path: Path) -> None:
    async with serving_room(tmp_path, token="") as room:
        visitor, other = await room.visitor(), await room.visitor()
        await visitor.say("/trust-recover Acme")
        recovery = await stored(room, "SELECT id FROM recovery")
        await visitor.post(
            "fill", recovery=recovery, form="note:commitment", who="Ana", what="send the report", when="in 2 hours"
        )
        entry = await stored(room, "SELECT id FROM entry WHERE kind = 'commitment'")
        done = action_button("Done", ActionKind.KEPT, entry)
        guide = Button("Open guide", "guide", ButtonKind.OPENS_GUIDE)
        to = Person("web", "practice", await stored(room, "SELECT responder FROM recovery"))
        place = Place("web", "practice", visitor.room)
        reminder = PrivateMessageOut(
            "n1", place, to, "Promised to Acme <soon>", is_nudge=True, buttons=(done, guide), recovery_id=recovery
        )
        await WebPlatform(Rooms(room.parts.database)).deliver(reminder)
        page = unescape(await visitor.enter())
        assert f'data-action="{done.action}">Done' in page
        assert f'data-guide="card-{recovery}">Open guide' in page
        assert "Promised to Acme" not in await other.enter()
        status, _ = await visitor.post("tap", recovery=recovery, card_revision="0", action=done.action)
        assert status == 200
        assert await room.count("entry WHERE state = 'kept'") == 1
