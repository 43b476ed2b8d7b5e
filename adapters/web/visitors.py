"""Who sits at the browser: known by a random secret in a cookie, of which only a hash is kept."""

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web
from cachetools import TTLCache
from sqlalchemy import Connection, bindparam, insert, select, update

from adapters.shared.storage import Transactions, with_commit
from adapters.web.tables import visitor
from flows.state.identity import Person

COOKIE = "trust_recover"
MAX_CACHED_VISITORS, CACHE_SECONDS = 10_000, 5.0
"""Visitors in memory, so that a tap is one transaction; after so long, what another process changed is seen."""
COOKIE_SECONDS = 365 * 86_400
MAX_NAME_CHARACTERS = 40
LANGUAGES = ("en", "es")
PLATFORM, WORKSPACE = "web", "practice"
_FIND = select(visitor).where(visitor.c.secret_hash == bindparam("secret"))
_NAMES = ("Robin", "Sam", "Alex", "Kim", "Noa", "Luca", "Mika", "Charlie", "Jules", "Remy", "Dana", "Kai", "Lou")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor, as stored."""

    id: str
    name: str
    language: str
    timezone: str
    token_hash: str | None

    @property
    def person(self) -> Person:
        """The visitor as the flows know people."""
        return Person(PLATFORM, WORKSPACE, self.id, self.name)


@dataclass(frozen=True, slots=True)
class Visitors:
    """The visitors. With an access token, only who gave it is let in; a new token lets everybody out again."""

    database: Transactions
    access_token: str = ""
    _cache: TTLCache[str, Visitor] = field(default_factory=lambda: TTLCache(MAX_CACHED_VISITORS, CACHE_SECONDS))

    async def find(self, request: web.Request) -> Visitor | None:
        """Who sends this request."""
        secret = request.cookies.get(COOKIE)
        if not secret:
            return None
        key = _hash(secret)
        visitor: Visitor | None = self._cache.get(key)
        if visitor is None:
            row = await self.database.run(lambda tx: tx.execute(_FIND, {"secret": key}).first())
            if row is not None:
                visitor = Visitor(row.id, row.name, row.language, row.timezone, row.token_hash)
            if visitor is not None and self.may_enter(visitor):
                self._cache[key] = visitor
        return visitor

    async def create(self, request: web.Request) -> tuple[Visitor, str]:
        """A new visitor and their secret."""
        secret = secrets.token_urlsafe(32)
        language = request.headers.get("Accept-Language", "")[:2].lower()
        language = language if language in LANGUAGES else LANGUAGES[0]

        def work(tx: Connection) -> Visitor:
            name = secrets.choice(_NAMES)
            new = Visitor(secrets.token_hex(8), name, language, "UTC", None)
            tx.execute(insert(visitor), asdict(new) | {"secret_hash": _hash(secret)})
            tx.commit()
            return new

        return await self.database.run(work), secret

    async def change(self, who: Visitor, *, name: str, timezone: str, language: str) -> bool:
        """Change what was given; whether anything that others see changed."""
        name = " ".join(name.split())[:MAX_NAME_CHARACTERS] or who.name
        timezone = timezone if _is_zone(timezone) else who.timezone
        language = language if language in LANGUAGES else who.language
        values = {"name": name, "timezone": timezone, "language": language}
        change = update(visitor).where(visitor.c.id == who.id).values(values)
        await self.database.run(with_commit(lambda tx: tx.execute(change)))
        self._cache.clear()
        return name != who.name

    def may_enter(self, who: Visitor | None) -> bool:
        """Whether this visitor may come in."""
        if not self.access_token:
            return True
        return who is not None and hmac.compare_digest(who.token_hash or "", _hash(self.access_token))

    async def check_token(self, who: Visitor, token: str) -> bool:
        """Let the visitor in if the token is right."""
        if not hmac.compare_digest(_hash(token), _hash(self.access_token)):
            return False
        admit = update(visitor).where(visitor.c.id == who.id).values(token_hash=_hash(token))
        await self.database.run(with_commit(lambda tx: tx.execute(admit)))
        self._cache.clear()
        return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
