"""Where the app is at work: tenants and conversations, each with the address at which Teams takes our messages."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, select

from adapters.shared.storage import Transactions
from adapters.shared.table_cache import TableCache
from adapters.teams.activity import Scope, TeamsActivity
from adapters.teams.directory.tables import audience, card_position, conversation, tenant, user

CACHE_SECONDS = 3600.0
"""Seconds for which this process remembers an address. A new one comes with every activity."""

_FORGET_PLACE = [
    delete(table).where(table.c.workspace == bindparam("of"), table.c.conversation == bindparam("here"))
    for table in (conversation, audience)
]
_OF_TEAM = (conversation.c.workspace == bindparam("of")) & (conversation.c.team == bindparam("team"))
_TEAM = select(conversation.c.conversation).where(_OF_TEAM)
_CHANNELS = _TEAM.scalar_subquery()
_FORGET_TEAM = [
    delete(audience).where(audience.c.workspace == bindparam("of"), audience.c.conversation.in_(_CHANNELS)),
    delete(conversation).where(_OF_TEAM),
]
_FORGET_PERSON = delete(user).where(user.c.workspace == bindparam("of"), user.c.user_id == bindparam("who"))
_FORGET_GUIDES = delete(card_position).where(
    card_position.c.workspace == bindparam("of"), card_position.c.chat == bindparam("chat")
)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A company's Teams. `bot_user`: our app's id there."""

    workspace: str
    bot_user: str
    service_url: str


@dataclass(frozen=True, slots=True)
class TeamsConversation:
    """A channel or a group chat. `team`, `group`: of a channel, by Teams' id and by the directory's."""

    conversation: str
    scope: Scope
    team_id: str
    group_id: str
    channel_kind: str
    service_url: str


@dataclass(slots=True)
class TenantDirectory:
    """What activities told us of the places that they came from."""

    database: Transactions
    clock: Callable[[], float]
    _tenants: TableCache = field(init=False)
    _conversations: TableCache = field(init=False)

    def __post_init__(self) -> None:
        self._tenants = TableCache(self.database, tenant, self.clock, CACHE_SECONDS)
        self._conversations = TableCache(self.database, conversation, self.clock, CACHE_SECONDS)

    async def register(self, activity: TeamsActivity) -> Tenant:
        """The tenant of an activity; what is new about it and about the conversation is on disk on return."""
        known = await self.find(activity.tenant)
        bot = activity.bot_id or (known.bot_user if known else "")
        now = Tenant(activity.tenant, bot, activity.service_url)
        if now != known:
            await self._tenants.save(now.workspace, bot_user=now.bot_user, service_url=now.service_url)
        if activity.scope is not Scope.PERSONAL:
            await self._register_conversation(activity)
        return now

    async def find(self, workspace: str) -> Tenant | None:
        """A tenant that we know."""
        row = await self._tenants.find(workspace)
        return Tenant(row["workspace"], row["bot_user"], row["service_url"]) if row else None

    async def conversation(self, workspace: str, conversation_id: str) -> TeamsConversation | None:
        """A channel or a group chat that we know."""
        row = await self._conversations.find(workspace, conversation_id)
        if row is None:
            return None
        scope, names = Scope(row["scope"]), ("team", "group_id", "channel_kind", "service_url")
        return TeamsConversation(conversation_id, scope, *(row[name] for name in names))

    async def address(self, tenant: Tenant, conversation_id: str) -> str:
        """Where Teams takes messages to this conversation."""
        room = await self.conversation(tenant.workspace, conversation_id)
        return room.service_url if room else tenant.service_url

    async def channels(self, workspace: str, team: str) -> tuple[str, ...]:
        """The channels of a team that the app has heard of."""
        if not team:
            return ()
        rows = await self.database.run(lambda tx: tx.execute(_TEAM, {"of": workspace, "team": team}).scalars().all())
        return tuple(rows)

    async def forget_conversation(self, workspace: str, conversation_id: str, team: str) -> None:
        """The app was removed from a chat or a team: what Teams told us of it is deleted. Recoveries stay."""

        def work(tx: Connection) -> None:
            for statement in _FORGET_PLACE:
                tx.execute(statement, {"of": workspace, "here": conversation_id})
            for statement in _FORGET_TEAM if team else ():
                tx.execute(statement, {"of": workspace, "team": team})
            tx.commit()

        await self.database.run(work)
        self._conversations.forget_all()

    async def forget_person(self, workspace: str, user_id: str, chat: str) -> None:
        """Somebody removed the app for themselves: what Teams told us of them is deleted."""

        def work(tx: Connection) -> None:
            tx.execute(_FORGET_PERSON, {"of": workspace, "who": user_id})
            tx.execute(_FORGET_GUIDES, {"of": workspace, "chat": chat})
            tx.commit()

        await self.database.run(work)

    async def _register_conversation(self, activity: TeamsActivity) -> None:
        known = await self.conversation(activity.tenant, activity.conversation)
        kept = known or TeamsConversation("", activity.scope, "", "", "", "")
        now = TeamsConversation(
            activity.conversation,
            activity.scope,
            activity.team_id or kept.team_id,
            activity.group_id or kept.group_id,
            activity.channel_kind or kept.channel_kind,
            activity.service_url,
        )
        if now != known:
            await self._conversations.save(
                activity.tenant,
                activity.conversation,
                scope=now.scope.value,
                team=now.team_id,
                group_id=now.group_id,
                channel_kind=now.channel_kind,
                service_url=now.service_url,
            )
