"""What is in the rooms, numbered, so that a page that lost its connection goes on where it was."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.web.tables import member, room, room_item, visitor

MOST_SHOWN = 500
"""Items of a room that a page loads: older ones stay in the store."""


@dataclass(frozen=True, slots=True)
class RoomState:
    """A room: whether outsiders read it, the number of its newest item, and who was ever in it."""

    slug: str
    shared: bool
    seq: int
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms, and whoever waits for something new in one."""

    engine: AsyncEngine
    clock: Callable[[], float] = time.time
    waiting: defaultdict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))

    async def enter(self, slug: str, visitor_id: str) -> RoomState:
        """Make the room if it is new, and let this visitor in."""
        async with self.engine.begin() as tx:
            new_room = _insert(tx, room).values(slug=slug, seq=0, shared=False)
            await tx.execute(new_room.on_conflict_do_nothing())
            new_member = _insert(tx, member).values(room=slug, visitor=visitor_id).on_conflict_do_nothing()
            joined = (await tx.execute(new_member.returning(member.c.visitor))).first() is not None
            if joined:
                await _changed(tx, slug)
            state = await _state(tx, slug)
        if joined:
            self.wake(slug)
        return state

    async def state(self, slug: str) -> RoomState:
        """The room as it is."""
        async with self.engine.begin() as tx:
            return await _state(tx, slug)

    async def share(self, slug: str, *, outsiders: bool) -> None:
        """Mark the room as read by outsiders, or not."""
        async with self.engine.begin() as tx:
            await tx.execute(update(room).where(room.c.slug == slug).values(shared=outsiders))
            await _changed(tx, slug)
        self.wake(slug)

    async def renamed(self, visitor_id: str) -> None:
        """Tell every room of this visitor that the people's names changed."""
        async with self.engine.begin() as tx:
            mine = select(member.c.room).where(member.c.visitor == visitor_id).order_by(member.c.room)
            slugs = list((await tx.execute(mine)).scalars())
            for slug in slugs:
                await _changed(tx, slug)
        for slug in slugs:
            self.wake(slug)

    async def put(
        self, slug: str, key: str, kind: str, body: dict[str, Any], *, to: str | None, replace: bool = False
    ) -> None:
        """Put an item into the room. The same key again changes nothing, or replaces the item and moves it last."""
        async with self.engine.begin() as tx:
            await tx.execute(_insert(tx, room).values(slug=slug, seq=0, shared=False).on_conflict_do_nothing())
            old = select(room_item.c.body).where(room_item.c.room == slug, room_item.c.key == key)
            before = (await tx.execute(old)).first()
            if before is not None and (not replace or before.body == body):
                return
            values = {"kind": kind, "to_user": to, "at": self.clock(), "body": body, "seq": await _next(tx, slug)}
            row = _insert(tx, room_item).values(room=slug, key=key, **values)
            await tx.execute(row.on_conflict_do_update(index_elements=("room", "key"), set_=values))
        self.wake(slug)

    async def after(self, slug: str, seq: int, visitor_id: str) -> Sequence[Row[Any]]:
        """What this visitor may see of what came after a number, oldest first."""
        c = room_item.c
        mine = c.to_user.is_(None) | (c.to_user == visitor_id)
        query = select(room_item).where(c.room == slug, c.seq > seq, mine).order_by(c.seq.desc()).limit(MOST_SHOWN)
        async with self.engine.begin() as tx:
            return list(await tx.execute(query))[::-1]

    def wake(self, slug: str) -> None:
        """Wake every page that shows this room."""
        for event in self.waiting[slug]:
            event.set()


async def _state(tx: AsyncConnection, slug: str) -> RoomState:
    found = (await tx.execute(select(room).where(room.c.slug == slug))).one()
    people = (
        select(visitor.c.id, visitor.c.name)
        .join(member, member.c.visitor == visitor.c.id)
        .where(member.c.room == slug)
        .order_by(visitor.c.name, visitor.c.id)
    )
    names = tuple((row.id, row.name) for row in await tx.execute(people))
    return RoomState(slug, found.shared, found.seq, names)


async def _changed(tx: AsyncConnection, slug: str) -> None:
    """Number a change of the room itself like an item."""
    values: dict[str, Any] = {"kind": "room", "to_user": None, "at": 0.0, "body": {}, "seq": await _next(tx, slug)}
    row = _insert(tx, room_item).values(room=slug, key="room", **values)
    await tx.execute(row.on_conflict_do_update(index_elements=("room", "key"), set_=values))


async def _next(tx: AsyncConnection, slug: str) -> int:
    counted = update(room).where(room.c.slug == slug).values(seq=room.c.seq + 1).returning(room.c.seq)
    number: int = (await tx.execute(counted)).scalar_one()
    return number


def _insert(tx: AsyncConnection, table: Any) -> Any:  # noqa: ANN401 - the two dialects' inserts share no base that has ON CONFLICT
    return (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(table)
