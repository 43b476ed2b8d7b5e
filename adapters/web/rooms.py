"""What is in the rooms, numbered, so that a page that lost its connection goes on where it was."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select, update

from adapters.shared.caching.batching import Batcher
from adapters.shared.storage import Transactions, per_dialect, upsert
from adapters.web.tables import member, room, room_item, visitor
from flows.errors import TrustRecoverError
from flows.text import clean_name

MAX_ITEMS = 500
"""Items of a room that are read at once. A page loads the newest ones: older ones stay in the store."""
MAX_CARDS = 20
"""Cards of a visitor that a page loads, however much was said since."""
MAX_ROOMS = 200
"""Rooms that one visitor may enter."""


class TooManyRooms(TrustRecoverError):
    """You have been in as many rooms as one person may enter. Go back to one of them."""


@dataclass(frozen=True, slots=True)
class RoomState:
    """A room: whether external users read it, the number of its newest item, and who was ever in it."""

    slug: str
    has_external_users: bool
    seq: int
    people: tuple[tuple[str, str], ...]


_SLUG: BindParameter[str] = bindparam("of_room")
_MINE: BindParameter[str] = bindparam("mine")
_ROOM = select(room).where(room.c.slug == _SLUG)
_PEOPLE = (
    select(visitor.c.id, visitor.c.name)
    .join(member, member.c.visitor == visitor.c.id)
    .where(member.c.room == _SLUG)
    .order_by(visitor.c.name, visitor.c.id)
)
_COUNT = update(room).where(room.c.slug == _SLUG).values(seq=room.c.seq + 1).returning(room.c.seq)
_ITEM = select(room_item.c.body).where(room_item.c.room == _SLUG, room_item.c.key == bindparam("named"))
_VISIBLE = select(room_item).where(
    room_item.c.room == _SLUG, room_item.c.recipient_id.is_(None) | (room_item.c.recipient_id == _MINE)
)
_AFTER = _VISIBLE.where(room_item.c.seq > bindparam("after")).order_by(room_item.c.seq).limit(MAX_ITEMS)
_NEWEST = _VISIBLE.where(room_item.c.kind != "card").order_by(room_item.c.seq.desc()).limit(MAX_ITEMS)
_CARDS = (
    select(room_item)
    .where(room_item.c.room == _SLUG, room_item.c.recipient_id == _MINE, room_item.c.kind == "card")
    .order_by(room_item.c.seq.desc())
    .limit(MAX_CARDS)
)
_SHARE = update(room).where(room.c.slug == _SLUG).values(has_external_users=bindparam("has_external_users"))
_PUT = upsert(room_item, ("room", "key"), "kind", "recipient_id", "created_at", "body", "seq")
_MAKE = per_dialect(lambda insert: insert(room).on_conflict_do_nothing())
_JOIN = per_dialect(lambda insert: insert(member).on_conflict_do_nothing().returning(member.c.visitor))
_ROOMS_OF = select(member.c.room).where(member.c.visitor == _MINE).order_by(member.c.room)
_ROOM_COUNT = select(func.count()).where(member.c.visitor == _MINE)


@dataclass(frozen=True, slots=True)
class RoomItem:
    """Something to put into a room, for everybody or for one visitor. `replaces`: over the item with the same key."""

    room: str
    key: str
    kind: str
    body: dict[str, Any]
    recipient_id: str | None = None
    replaces: bool = False


@dataclass(slots=True)
class Rooms:
    """The rooms, and whoever waits for something new in one."""

    database: Transactions
    clock: Callable[[], float] = time.time
    _waiters: defaultdict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    _put_batches: Batcher[RoomItem, bool] = field(init=False)

    def __post_init__(self) -> None:
        self._put_batches = Batcher(self._put_all)

    async def enter(self, slug: str, visitor_id: str) -> RoomState:
        """Make the room if it is new, and let this visitor in.

        Raises:
            TooManyRooms: the visitor was in too many already.

        """

        def work(tx: Connection) -> tuple[RoomState, bool]:
            _make(tx, slug)
            is_new_member = (
                tx.execute(_JOIN[tx.dialect.name], {"room": slug, "visitor": visitor_id}).first() is not None
            )
            if is_new_member:
                if tx.execute(_ROOM_COUNT, {"mine": visitor_id}).scalar_one() > MAX_ROOMS:
                    raise TooManyRooms
                _record_room_change(tx, slug)
            state = _state(tx, slug)
            tx.commit()
            return state, is_new_member

        state, is_new_member = await self.database.run(work)
        if is_new_member:
            self.wake(slug)
        return state

    async def state(self, slug: str) -> RoomState:
        """The room as it is."""
        return await self.database.run(lambda tx: _state(tx, slug))

    async def set_readers(self, slug: str, *, has_external_users: bool) -> None:
        """Mark the room as read by external users, or not."""

        def work(tx: Connection) -> None:
            tx.execute(_SHARE, {"of_room": slug, "has_external_users": has_external_users})
            _record_room_change(tx, slug)
            tx.commit()

        await self.database.run(work)
        self.wake(slug)

    async def announce_new_name(self, visitor_id: str) -> None:
        """Tell every room of this visitor that the people's names changed."""

        def work(tx: Connection) -> list[str]:
            slugs = list(tx.execute(_ROOMS_OF, {"mine": visitor_id}).scalars())
            for slug in slugs:
                _record_room_change(tx, slug)
            tx.commit()
            return slugs

        for slug in await self.database.run(work):
            self.wake(slug)

    async def put(self, item: RoomItem) -> None:
        """Put an item into a room. The same key again changes nothing, or replaces the item and moves it last."""
        if await self._put_batches.submit(item):
            self.wake(item.room)

    async def _put_all(self, items: Sequence[RoomItem]) -> Sequence[bool]:
        """Put these in, and say of each whether it is new. Rooms are locked in one order, so that nobody deadlocks."""

        def work(tx: Connection) -> list[bool]:
            now = self.clock()
            new = {n: _put_new(tx, items[n], now) for n in sorted(range(len(items)), key=lambda n: items[n].room)}
            tx.commit()
            return [new[n] for n in range(len(items))]

        return await self.database.run(work)

    async def after(self, slug: str, seq: int, visitor_id: str) -> Sequence[Row[Any]]:
        """What this visitor may see of what came after a number, oldest first: the first `MAX_ITEMS` of it."""
        mine = {"of_room": slug, "after": seq, "mine": visitor_id}
        return await self.database.run(lambda tx: tx.execute(_AFTER, mine).all())

    async def newest(self, slug: str, visitor_id: str) -> Sequence[Row[Any]]:
        """What a page of this visitor shows first, oldest first: what was said last, and their cards in any case."""
        mine = {"of_room": slug, "mine": visitor_id}

        def read(tx: Connection) -> Sequence[Row[Any]]:
            return [*tx.execute(_CARDS, mine), *tx.execute(_NEWEST, mine)]

        return sorted(await self.database.run(read), key=lambda row: int(row.seq))

    async def rooms_of(self, visitor_id: str) -> Sequence[str]:
        """The rooms in which this visitor was."""
        return await self.database.run(lambda tx: tx.execute(_ROOMS_OF, {"mine": visitor_id}).scalars().all())

    @contextmanager
    def waiting(self, slug: str, event: asyncio.Event) -> Iterator[None]:
        """During the block, set the event whenever there is something new in the room."""
        events = self._waiters[slug]
        events.add(event)
        try:
            yield
        finally:
            events.discard(event)
            if not events:
                self._waiters.pop(slug, None)

    def wake(self, slug: str) -> None:
        """Wake every page that shows this room."""
        for event in self._waiters.get(slug, ()):
            event.set()


def _state(tx: Connection, slug: str) -> RoomState:
    row = tx.execute(_ROOM, {"of_room": slug}).one()
    names = tuple((row.id, clean_name(row.name)) for row in tx.execute(_PEOPLE, {"of_room": slug}))
    return RoomState(slug, row.has_external_users, row.seq, names)


def _record_room_change(tx: Connection, slug: str) -> None:
    """Number a change of the room itself like an item."""
    _put(tx, slug, "room", {"kind": "room", "recipient_id": None, "created_at": 0.0, "body": {}})


def _put_new(tx: Connection, item: RoomItem, now: float) -> bool:
    before = tx.execute(_ITEM, {"of_room": item.room, "named": item.key}).first()
    if before is not None and (not item.replaces or before.body == item.body):
        return False
    _put(
        tx,
        item.room,
        item.key,
        {"kind": item.kind, "recipient_id": item.recipient_id, "created_at": now, "body": item.body},
    )
    return True


def _put(tx: Connection, slug: str, key: str, values: dict[str, Any]) -> None:
    seq = tx.execute(_COUNT, {"of_room": slug}).scalar()
    if seq is None:
        _make(tx, slug)
        seq = tx.execute(_COUNT, {"of_room": slug}).scalar_one()
    tx.execute(_PUT[tx.dialect.name], values | {"room": slug, "key": key, "seq": seq})


def _make(tx: Connection, slug: str) -> None:
    tx.execute(_MAKE[tx.dialect.name], {"slug": slug, "seq": 0, "has_external_users": False})
