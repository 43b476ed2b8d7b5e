"""What we know of people in Teams: how to speak to them, where to reach them, whether they are of the company."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shelf import Row, Shelf
from adapters.storage import Transactions
from adapters.teams.activity import APP, Activity, Scope
from adapters.teams.api import Api
from adapters.teams.tables import user as table
from adapters.teams.tenants import Tenant, Tenants
from adapters.teams.text import Json
from flows.people import Person

PLATFORM = "teams"
FRESH = 86_400.0
"""Seconds for which what Teams said of a person is taken as true."""
REMEMBERED = 600.0
"""Seconds of it for which this process does not even ask the database."""
PATIENCE = 3.0
"""Seconds that somebody waits for Teams to say who they are, of the ten that they have."""
MOST_COLLEAGUES = 100
"""Whom a form offers to pick: some 14,000 bytes of a card."""
PAGE = 200
"""Members of a conversation of whom they are taken."""

_KNOWN = ("name", "object_id", "language", "timezone", "outsider", "chat", "service_url")
_COLLEAGUES = (
    select(table.c.user_id, table.c.name)
    .where(table.c.workspace == bindparam("of"), table.c.outsider.is_(False), table.c.name != "")
    .order_by(table.c.known_at.desc())
    .limit(MOST_COLLEAGUES)
)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in Teams. `outsider`: a guest, or of another company. `chat`: with the app, as far as there is one."""

    id: str
    name: str = ""
    object_id: str = ""
    language: str = "en"
    timezone: str = "UTC"
    outsider: bool = False
    chat: str = ""
    service_url: str = ""

    def person(self, workspace: str) -> Person:
        """The same person by our own key."""
        return Person(PLATFORM, workspace, self.id, self.name)


@dataclass(slots=True)
class People:
    """Looks people up: in memory, in the database, at Teams. `clients`: object ids of colleagues who count as it."""

    database: Transactions
    api: Api
    tenants: Tenants
    clock: Callable[[], float]
    clients: frozenset[str] = frozenset()
    _shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.database, table, self.clock, REMEMBERED)

    async def met(self, at: Tenant, activity: Activity) -> User:
        """Who did something. What their own activity says of them is kept; whether they are a guest, Teams is asked.

        Raises:
            RateLimited, Unavailable: Teams does not say now, and we knew nothing of them before.

        """
        row = await self._shelf.find(at.workspace, activity.user)
        known = _kept(row) if row else None
        before = known or User(activity.user)
        told = replace(
            before,
            name=activity.user_name or before.name,
            object_id=activity.object_id or before.object_id,
            language=activity.language or before.language,
            timezone=activity.timezone or before.timezone,
        )
        if activity.scope is Scope.PERSONAL and not activity.menu:
            told = replace(told, chat=activity.conversation, service_url=activity.service_url)
        if row is None or self.clock() - row["known_at"] > FRESH:
            return await self._asked(at, activity.conversation, told, known, anywhere=True)
        if told != known:
            await self._keep(at, told, row["known_at"])
        return told

    async def user(self, at: Tenant, conversation: str, user_id: str) -> User:
        """Somebody whom others named, in a conversation that they are in.

        Raises:
            RateLimited, Unavailable: Teams does not say now, and we knew nothing of them before.

        """
        row = await self._shelf.find(at.workspace, user_id)
        known = _kept(row) if row else None
        if row is not None and known is not None and self.clock() - row["known_at"] <= FRESH:
            return known
        return await self._asked(at, conversation, known or User(user_id), known)

    async def known(self, at: Tenant, user_id: str) -> User | None:
        """What was kept of somebody, however long ago."""
        row = await self._shelf.find(at.workspace, user_id)
        return _kept(row) if row else None

    async def chat(self, at: Tenant, user_id: str) -> tuple[str, str]:
        """The chat between somebody and the app, and the address at which Teams takes messages to it.

        Raises:
            Refused, RateLimited, Unavailable: it cannot be opened.

        """
        row = await self._shelf.find(at.workspace, user_id)
        if row is not None and row["chat"]:
            return row["chat"], row["service_url"] or at.service_url
        chat = await self.api.chat(at.service_url, at.bot_user, at.workspace, user_id)
        if row is not None:
            told = replace(_kept(row), chat=chat, service_url=at.service_url)
            await self._keep(at, told, row["known_at"])
        return chat, at.service_url

    async def chat_lost(self, at: Tenant, user_id: str) -> None:
        """The chat that we knew is none any more."""
        row = await self._shelf.find(at.workspace, user_id)
        if row is not None and row["chat"]:
            await self._keep(at, replace(_kept(row), chat=""), row["known_at"])

    def forget(self, at: Tenant, user_id: str) -> None:
        """Ask the database the next time."""
        self._shelf.forget(at.workspace, user_id)

    async def colleagues(self, at: Tenant, conversation: str, but: str) -> list[tuple[str, str]]:
        """Id and name of those who can be picked: who is in a conversation, and whom the app met of late. By name."""
        there = await self._there(at, conversation) if conversation else {}
        found = there | {user_id: name for user_id, name in await self._met_before(at) if user_id not in there}
        others = [(user_id, name) for user_id, name in found.items() if user_id != but and name]
        return sorted(others[:MOST_COLLEAGUES], key=lambda one: one[1].casefold())

    def is_client(self, user: User) -> bool:
        """Whether this person speaks for the client: from outside, or said to be so by whoever runs the guide."""
        return user.outsider or user.object_id in self.clients

    async def close(self) -> None:
        """Wait for what is being written."""
        await self._shelf.close()

    async def _met_before(self, at: Tenant) -> list[tuple[str, str]]:
        def work(tx: Connection) -> list[tuple[str, str]]:
            return [(row.user_id, row.name) for row in tx.execute(_COLLEAGUES, {"of": at.workspace})]

        return await self.database.run(work)

    async def _there(self, at: Tenant, conversation: str) -> dict[str, str]:
        try:
            async with asyncio.timeout(PATIENCE):
                address = await self.tenants.address(at, conversation)
                page = await self.api.members(address, conversation, PAGE)
        except (Undeliverable, RateLimited, Unavailable, TimeoutError):
            return {}
        members = [one for one in page.get("members", ()) if isinstance(one, dict)]
        return {str(one.get("id")): str(one.get("name") or "") for one in members if not is_outsider(at, one)}

    async def _asked(
        self, at: Tenant, conversation: str, told: User, known: User | None, *, anywhere: bool = False
    ) -> User:
        """What Teams says of somebody now. `anywhere`: also if the app is not in the conversation."""
        try:
            async with asyncio.timeout(PATIENCE):
                member = await self._member(at, conversation, told, anywhere=anywhere)
        except Undeliverable:  # Teams does not know them: then they are not of the company
            return known or replace(told, outsider=True)
        except (RateLimited, Unavailable):
            if known is None:
                raise
            return told
        except TimeoutError as error:
            if known is None:
                raise Unavailable from error
            return told
        user = replace(
            told,
            name=str(member.get("name") or told.name),
            object_id=str(member.get("aadObjectId") or member.get("objectId") or told.object_id),
            outsider=is_outsider(at, member),
        )
        await self._keep(at, user, self.clock())
        return user

    async def _member(self, at: Tenant, conversation: str, user: User, *, anywhere: bool) -> Json:
        """A message's menu works in chats that the app is not in: then Teams is asked in their chat with the app."""
        address = await self.tenants.address(at, conversation)
        try:
            return await self.api.member(address, conversation, user.id)
        except Undeliverable:
            if not anywhere or conversation == user.chat:
                raise
        chat = user.chat or await self.api.chat(at.service_url, at.bot_user, at.workspace, user.id)
        return await self.api.member(user.service_url or at.service_url, chat, user.id)

    async def _keep(self, at: Tenant, user: User, known_at: float) -> None:
        values: dict[str, Any] = {name: getattr(user, name) for name in _KNOWN}
        await self._shelf.keep(at.workspace, user.id, **values, known_at=known_at)


def is_outsider(at: Tenant, member: Json) -> bool:
    """Whether a member of a conversation is a guest, of another company, or nobody that Teams could tell."""
    role = str(member.get("userRole") or "").lower()
    home = member.get("tenantId")
    guest = role in {"guest", "anonymous"} or "#ext#" in str(member.get("userPrincipalName") or "").lower()
    return guest or str(home or "").lower() != at.workspace.lower()


def is_app(user_id: str) -> bool:
    """Whether an id is of an app."""
    return user_id.startswith(APP)


def _kept(row: Row) -> User:
    return User(row["user_id"], *(row[name] for name in _KNOWN))
