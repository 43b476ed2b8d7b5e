"""Who sits at the browser: recognised by a random secret in a cookie, of which only a hash is kept."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cachetools import TTLCache
from sqlalchemy import Connection, Row, bindparam, insert, select, update

from adapters.shared.storage import Transactions, with_commit
from adapters.web.cookies import SessionCookie
from adapters.web.tables import visitor
from flows.state.identity import Person
from flows.state.local_time.time_zones import find_time_zone
from flows.text import clean_name

MAX_CACHED_VISITORS, CACHE_SECONDS = 10_000, 5.0
"""Visitors in memory, so that a tap is one transaction; after so long, what another process changed is seen."""
IDLE_SECONDS, ABSOLUTE_SECONDS = 3 * 86_400.0, 30 * 86_400.0
"""Who gave the access token is let in until they did nothing for so long, and at most for so long."""
SEEN_SECONDS = 600.0
"""That somebody is still there is written down once in so many seconds."""
MAX_CLOCK_JUMP_SECONDS = 86_400.0
"""Who seems to have come from further in the future was let in by a clock that was wrong, and must come again."""
LANGUAGES = ("en", "es")
OWN_ROOM_CHARACTERS = 12
PLATFORM, WORKSPACE = "web", "practice"
_FIND = select(visitor).where(visitor.c.secret_hash == bindparam("secret"))
_NAMES = ("Robin", "Sam", "Alex", "Kim", "Noa", "Luca", "Mika", "Charlie", "Jules", "Remy", "Dana", "Kai", "Lou")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor, as stored. `session`: the hash of their secret, another one after each sign-in.

    `generation`: of the access token that they gave; `admitted_at`, `seen_at`: when, and when they last did something.
    """

    id: str
    session: str
    name: str
    language: str
    timezone: str
    generation: str | None
    admitted_at: float | None
    seen_at: float | None

    @property
    def person(self) -> Person:
        """The visitor as the flows know people."""
        return Person(PLATFORM, WORKSPACE, self.id, self.name)

    @property
    def own_room(self) -> str:
        """The room that is theirs alone until they tell somebody its address. Nobody can guess it from their id."""
        return _hash(f"the own room of {self.session}")[:OWN_ROOM_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Visitors:
    """The visitors. `generation`: of the access token (`access_generation`); empty: everybody is let in.

    Nothing is stored of somebody who is not let in.
    """

    database: Transactions
    generation: str = ""
    cookie: SessionCookie = field(default_factory=SessionCookie)
    clock: Callable[[], float] = time.time
    _cache: TTLCache[str, Visitor] = field(default_factory=lambda: TTLCache(MAX_CACHED_VISITORS, CACHE_SECONDS))

    async def find(self, request: web.Request) -> Visitor | None:
        """Who sends this request, if they may come in."""
        secret = self.cookie.read(request)
        if not secret:
            return None
        stored_visitor = await self._by_session(_hash(secret))
        if stored_visitor is None or not self._may_enter(stored_visitor):
            return None
        await self._record_presence(stored_visitor)
        return stored_visitor

    async def is_signed_in(self, who: Visitor) -> bool:
        """Whether this visitor's session still holds: they did not sign out, and it has not expired."""
        stored_visitor = await self._by_session(who.session)
        return stored_visitor is not None and self._may_enter(stored_visitor)

    async def admit(self, request: web.Request) -> tuple[Visitor, str]:
        """Let in who sends this request: the visitor and their new secret.

        Who was here before stays who they are. The secret that they had, which somebody else may have given them, is
        no longer worth anything.
        """
        old_session = _hash(self.cookie.read_any(request))
        secret = secrets.token_urlsafe(32)
        now = self.clock()
        values = {
            "secret_hash": _hash(secret),
            "generation": self.generation or None,
            "admitted_at": now,
            "seen_at": now,
        }
        again = update(visitor).where(visitor.c.secret_hash == old_session).values(values)
        new = values | {
            "id": secrets.token_hex(8),
            "name": secrets.choice(_NAMES),
            "language": browser_language(request),
            "timezone": "UTC",
        }

        def admit(tx: Connection) -> Visitor:
            if tx.execute(again).rowcount == 0:
                tx.execute(insert(visitor), new)
            return _visitor(tx.execute(_FIND, {"secret": values["secret_hash"]}).one())

        admitted_visitor = await self.database.run(with_commit(admit))
        self._cache.clear()
        return admitted_visitor, secret

    async def sign_out(self, who: Visitor) -> None:
        """End the visitor's session, here and, within seconds, in every other process. Their secret is forgotten."""
        nothing = {"secret_hash": f"signed out {secrets.token_hex(16)}", "generation": None}
        change = update(visitor).where(visitor.c.id == who.id).values(nothing)
        await self.database.run(with_commit(lambda tx: tx.execute(change)))
        self._cache.clear()

    async def change(self, who: Visitor, *, name: str, timezone: str, language: str) -> bool:
        """Change what was given; whether anything that others see changed."""
        values = {
            "name": name or who.name,
            "timezone": find_time_zone(timezone) or who.timezone,
            "language": language if language in LANGUAGES else who.language,
        }
        change = update(visitor).where(visitor.c.id == who.id).values(values)
        await self.database.run(with_commit(lambda tx: tx.execute(change)))
        self._cache.clear()
        return values["name"] != who.name

    async def forget_old_hashes(self) -> None:
        """Delete what the release before stored of the access token, a hash without a salt."""
        forget = update(visitor).where(visitor.c.token_hash.is_not(None)).values(token_hash=None)
        await self.database.run(with_commit(lambda tx: tx.execute(forget)))

    async def _by_session(self, session: str) -> Visitor | None:
        stored_visitor: Visitor | None = self._cache.get(session)
        if stored_visitor is None:
            row = await self.database.run(lambda tx: tx.execute(_FIND, {"secret": session}).first())
            if row is not None:
                stored_visitor = self._cache[session] = _visitor(row)
        return stored_visitor

    def _may_enter(self, who: Visitor) -> bool:
        if not self.generation:
            return True
        if who.generation != self.generation or who.admitted_at is None or who.seen_at is None:
            return False
        now = self.clock()
        return (
            -MAX_CLOCK_JUMP_SECONDS <= now - who.seen_at <= IDLE_SECONDS
            and -MAX_CLOCK_JUMP_SECONDS <= now - who.admitted_at <= ABSOLUTE_SECONDS
        )

    async def _record_presence(self, who: Visitor) -> None:
        """Write down that the visitor is there, if that is not known anyway."""
        now = self.clock()
        if not self.generation or who.seen_at is None or abs(now - who.seen_at) < SEEN_SECONDS:
            return
        presence = update(visitor).where(visitor.c.secret_hash == who.session).values(seen_at=now)
        await self.database.run(with_commit(lambda tx: tx.execute(presence)))
        self._cache.pop(who.session, None)


def browser_language(request: web.Request) -> str:
    """The language that the browser asks for, if the pages have it."""
    language = request.headers.get("Accept-Language", "")[:2].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def _visitor(row: Row[Any]) -> Visitor:
    return Visitor(
        row.id,
        row.secret_hash,
        clean_name(row.name),
        row.language,
        row.timezone,
        row.generation,
        row.admitted_at,
        row.seen_at,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
