"""What is known about people in Teams: language, time zone, chat with the app, and whether they are external users."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, select

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.caching.clocks import is_fresh
from adapters.shared.caching.table_cache import Row, TableCache
from adapters.shared.directory import (
    DirectoryRecord,
    LookupFailure,
    NotAColleague,
    PersonNotFound,
    Resolution,
    require_colleague,
    require_member,
    resolve_person,
)
from adapters.shared.storage import Transactions
from adapters.teams.activity import Scope, TeamsActivity
from adapters.teams.cards.markup import Json
from adapters.teams.connector.client import TeamsConnector
from adapters.teams.directory.tables import user as table
from adapters.teams.directory.tenants import Tenant, TenantDirectory
from adapters.teams.directory.user import TeamsUser, is_bot_id, is_external_member

FRESH_SECONDS = 86_400.0
"""Seconds after which Teams is asked about a person again."""
CACHE_SECONDS = 600.0
"""Seconds for which this process does not read the database again."""
LOOKUP_SECONDS = 3.0
"""Seconds that a request waits for Teams to say who somebody is, of the ten that it has."""
MAX_COLLEAGUES = 100
"""Colleagues that a form offers to choose from: some 14,000 bytes of a card."""
MEMBERS_PER_PAGE = 200
"""How many members of a conversation Teams is asked for, to choose from."""

_COLUMNS = ("name", "object_id", "language", "timezone", "is_external", "chat", "service_url")
_COLLEAGUES = (
    select(table.c.user_id, table.c.name)
    .where(table.c.workspace == bindparam("of"), table.c.is_external.is_(False), table.c.name != "")
    .order_by(table.c.fetched_at.desc())
    .limit(MAX_COLLEAGUES)
)


@dataclass(slots=True)
class TeamsDirectory:
    """Looks people up: in memory, in the database, in Teams. `client_object_ids`: who speaks for the client."""

    database: Transactions
    connector: TeamsConnector
    tenants: TenantDirectory
    clock: Callable[[], float]
    client_object_ids: frozenset[str] = frozenset()
    _cache: TableCache = field(init=False)

    def __post_init__(self) -> None:
        self._cache = TableCache(self.database, table, self.clock, CACHE_SECONDS)

    async def requester(self, tenant: Tenant, activity: TeamsActivity) -> TeamsUser:
        """The member of the company who sent a request.

        Raises:
            NotAMember: they are external, or Teams does not know them.
            MembershipUnknown: Teams does not answer, and there is no record of them.

        """
        return require_member(await self._resolve_sender(tenant, activity))

    async def author(self, tenant: Tenant, activity: TeamsActivity) -> TeamsUser:
        """Who wrote a message. Whom Teams does not know is external.

        Raises:
            Unavailable: Teams does not answer, and there is no record of them.

        """
        person = await self._resolve_sender(tenant, activity)
        if person is LookupFailure.NO_ANSWER:
            raise Unavailable
        if isinstance(person, LookupFailure):
            return TeamsUser(activity.user_id, activity.user_name, is_external=True)
        return person

    async def colleague(self, tenant: Tenant, conversation: str, user_id: str, name: str = "") -> TeamsUser:
        """The member of the company whom somebody else named. `name`: as they were named, for the error.

        Raises:
            NotAColleague: they are external or an app, or Teams does not know them.
            ColleagueUnknown: Teams does not answer, and there is no record of them.

        """
        if is_bot_id(user_id):
            raise NotAColleague(name)
        return require_colleague(await self._resolve_member(tenant, conversation, user_id), name)

    async def is_external(self, tenant: Tenant, conversation: str, user_id: str) -> bool:
        """Whether a member of a conversation is external. Whom Teams does not know is.

        Raises:
            Unavailable: Teams does not answer, and there is no record of them.

        """
        person = await self._resolve_member(tenant, conversation, user_id)
        if person is LookupFailure.NO_ANSWER:
            raise Unavailable
        return isinstance(person, LookupFailure) or person.is_external

    async def stored_user(self, tenant: Tenant, user_id: str) -> TeamsUser | None:
        """What is stored about somebody, however old it is."""
        row = await self._cache.find(tenant.workspace, user_id)
        return _user_from_row(row) if row else None

    async def chat(self, tenant: Tenant, user_id: str) -> tuple[str, str]:
        """The id of the chat between somebody and the app, and its service URL.

        Raises:
            TeamsRefusal, RateLimited, Unavailable: it cannot be opened.

        """
        row = await self._cache.find(tenant.workspace, user_id)
        if row is not None and row["chat"]:
            return row["chat"], row["service_url"] or tenant.service_url
        chat = await self.connector.chat(tenant.service_url, tenant.bot_user, tenant.workspace, user_id)
        if row is not None:
            user = replace(_user_from_row(row), chat=chat, service_url=tenant.service_url)
            await self._save(tenant, user, row["fetched_at"])
        return chat, tenant.service_url

    async def forget_chat(self, tenant: Tenant, user_id: str) -> None:
        """Forget a chat that does not exist any more."""
        row = await self._cache.find(tenant.workspace, user_id)
        if row is not None and row["chat"]:
            await self._save(tenant, replace(_user_from_row(row), chat=""), row["fetched_at"])

    def forget(self, tenant: Tenant, user_id: str) -> None:
        """Read the database the next time."""
        self._cache.forget(tenant.workspace, user_id)

    async def colleagues(self, tenant: Tenant, conversation: str, except_user_id: str) -> list[tuple[str, str]]:
        """Ids and names to choose from, sorted by name: a conversation's members, and whom the app met recently."""
        member_names = await self._conversation_members(tenant, conversation) if conversation else {}
        names_by_id = member_names | {
            user_id: name for user_id, name in await self._recent_colleagues(tenant) if user_id not in member_names
        }
        others = [(user_id, name) for user_id, name in names_by_id.items() if user_id != except_user_id and name]
        return sorted(others[:MAX_COLLEAGUES], key=lambda one: one[1].casefold())

    def is_client(self, user: TeamsUser) -> bool:
        """Whether this person speaks for the client: an external user, or a colleague whom the settings name."""
        return user.is_external or user.object_id in self.client_object_ids

    async def close(self) -> None:
        """Wait until everything is stored."""
        await self._cache.close()

    async def _recent_colleagues(self, tenant: Tenant) -> list[tuple[str, str]]:
        query, of_tenant = _COLLEAGUES, {"of": tenant.workspace}
        return await self.database.run(lambda tx: [(row.user_id, row.name) for row in tx.execute(query, of_tenant)])

    async def _conversation_members(self, tenant: Tenant, conversation: str) -> dict[str, str]:
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                service_url = await self.tenants.service_url(tenant, conversation)
                page = await self.connector.members(service_url, conversation, MEMBERS_PER_PAGE)
        except (Undeliverable, RateLimited, Unavailable, TimeoutError):
            return {}
        members = [one for one in page.get("members", ()) if isinstance(one, dict)]
        return {
            str(one.get("id")): str(one.get("name") or "") for one in members if not is_external_member(tenant, one)
        }

    async def _resolve_sender(self, tenant: Tenant, activity: TeamsActivity) -> Resolution[TeamsUser]:
        """Who sent an activity. What it says of them is stored; Teams says whether they are external."""
        row = await self._cache.find(tenant.workspace, activity.user_id)
        stored_user = _user_from_row(row) if row else None
        user = _with_activity(stored_user or TeamsUser(activity.user_id), activity)
        record = self._record(row, user)
        if record is not None and record.is_fresh and row is not None and user != stored_user:
            await self._save(tenant, user, row["fetched_at"])

        async def ask_teams() -> TeamsUser:
            return await self._look_up(
                tenant, activity.conversation, user, has_record=row is not None, may_ask_elsewhere=True
            )

        return await resolve_person(record, ask_teams, LOOKUP_SECONDS)

    async def _resolve_member(self, tenant: Tenant, conversation: str, user_id: str) -> Resolution[TeamsUser]:
        """Somebody in a conversation that they are in."""
        row = await self._cache.find(tenant.workspace, user_id)
        user = _user_from_row(row) if row else TeamsUser(user_id)

        async def ask_teams() -> TeamsUser:
            return await self._look_up(tenant, conversation, user, has_record=row is not None)

        return await resolve_person(self._record(row, user), ask_teams, LOOKUP_SECONDS)

    def _record(self, row: Row | None, user: TeamsUser) -> DirectoryRecord[TeamsUser] | None:
        return None if row is None else DirectoryRecord(user, is_fresh(row["fetched_at"], self.clock(), FRESH_SECONDS))

    async def _look_up(
        self, tenant: Tenant, conversation: str, user: TeamsUser, *, has_record: bool, may_ask_elsewhere: bool = False
    ) -> TeamsUser:
        """Ask Teams about somebody, and store the answer.

        `may_ask_elsewhere`: in their chat with the app too, if the app is not in the conversation.
        """
        try:
            member = await self._member(tenant, conversation, user, may_ask_elsewhere=may_ask_elsewhere)
        except Undeliverable as refusal:
            # Teams says only who is in a conversation, not who is in the company: that contradicts no record.
            if has_record:
                raise
            raise PersonNotFound from refusal
        user = replace(
            user,
            name=str(member.get("name") or user.name),
            object_id=str(member.get("aadObjectId") or member.get("objectId") or user.object_id),
            is_external=is_external_member(tenant, member),
        )
        await self._save(tenant, user, self.clock())
        return user

    async def _member(self, tenant: Tenant, conversation: str, user: TeamsUser, *, may_ask_elsewhere: bool) -> Json:
        """Ask for a member. A message's menu works in chats without the app: then their chat with the app is asked."""
        service_url = await self.tenants.service_url(tenant, conversation)
        try:
            return await self.connector.member(service_url, conversation, user.id)
        except Undeliverable:
            if not may_ask_elsewhere or conversation == user.chat:
                raise
        chat = user.chat or await self.connector.chat(tenant.service_url, tenant.bot_user, tenant.workspace, user.id)
        return await self.connector.member(user.service_url or tenant.service_url, chat, user.id)

    async def _save(self, tenant: Tenant, user: TeamsUser, fetched_at: float) -> None:
        values: dict[str, Any] = {name: getattr(user, name) for name in _COLUMNS}
        await self._cache.save(tenant.workspace, user.id, **values, fetched_at=fetched_at)


def _with_activity(user: TeamsUser, activity: TeamsActivity) -> TeamsUser:
    """A user with what their own activity says of them."""
    user = replace(
        user,
        name=activity.user_name or user.name,
        object_id=activity.object_id or user.object_id,
        language=activity.language or user.language,
        timezone=activity.timezone or user.timezone,
    )
    if activity.scope is Scope.PERSONAL and not activity.is_message_menu:
        return replace(user, chat=activity.conversation, service_url=activity.service_url)
    return user


def _user_from_row(row: Row) -> TeamsUser:
    return TeamsUser(row["user_id"], *(row[name] for name in _COLUMNS))
