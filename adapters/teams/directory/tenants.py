"""The tenants and conversations that use the app, each with the service URL to which our messages are sent."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, select

from adapters.shared.caching.table_cache import TableCache
from adapters.shared.storage import Transactions
from adapters.teams.activity import BOT_ID_PREFIX, Scope, TeamsActivity
from adapters.teams.directory.tables import audience, card_position, conversation, tenant, user

CACHE_SECONDS = 3600.0
"""Seconds for which this process caches a service URL. A new one comes with every activity."""

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
    """A company's Teams. `bot_user`: the id of our app there."""

    workspace: str
    bot_user: str
    service_url: str


@dataclass(frozen=True, slots=True)
class TeamsConversation:
    """A channel or a group chat. `team_id`, `group_id`: of a channel's team, in Teams and in Entra."""

    conversation: str
    scope: Scope
    team_id: str
    group_id: str
    channel_kind: str
    service_url: str


@dataclass(slots=True)
class TenantDirectory:
    """Stores what activities say about their tenant and conversation."""

    database: Transactions
    clock: Callable[[], float]
    _tenants: TableCache = field(init=False)
    _conversations: TableCache = field(init=False)

    def __post_init__(self) -> None:
        self._tenants = TableCache(self.database, tenant, self.clock, CACHE_SECONDS)
        self._conversations = TableCache(self.database, conversation, self.clock, CACHE_SECONDS)

    async def register(self, activity: TeamsActivity) -> Tenant:
        """The tenant of an activity. What is new about it and about the conversation is stored on return."""
        stored_tenant = await self.find(activity.tenant)
        stored_bot = stored_tenant.bot_user if stored_tenant else ""
        bot = activity.bot_id if activity.bot_id.startswith(BOT_ID_PREFIX) else stored_bot
        current = Tenant(activity.tenant, bot, activity.service_url)
        if current != stored_tenant:
            await self._tenants.save(current.workspace, bot_user=current.bot_user, service_url=current.service_url)
        if activity.scope is not Scope.PERSONAL and not activity.is_passing_event:
            await self._register_conversation(activity)
        return current

    async def find(self, workspace: str) -> Tenant | None:
        """A tenant that is stored; None for an unknown one."""
        row = await self._tenants.find(workspace)
        return Tenant(row["workspace"], row["bot_user"], row["service_url"]) if row else None

    async def conversation(self, workspace: str, conversation_id: str) -> TeamsConversation | None:
        """A channel or a group chat that is stored; None for an unknown one."""
        row = await self._conversations.find(workspace, conversation_id)
        if row is None:
            return None
        scope, columns = Scope(row["scope"]), ("team", "group_id", "channel_kind", "service_url")
        return TeamsConversation(conversation_id, scope, *(row[name] for name in columns))

    async def service_url(self, tenant: Tenant, conversation_id: str) -> str:
        """The service URL of a conversation."""
        known_conversation = await self.conversation(tenant.workspace, conversation_id)
        return known_conversation.service_url if known_conversation else tenant.service_url

    async def channels(self, workspace: str, team: str) -> tuple[str, ...]:
        """The channels of a team that are stored."""
        if not team:
            return ()
        rows = await self.database.run(lambda tx: tx.execute(_TEAM, {"of": workspace, "team": team}).scalars().all())
        return tuple(rows)

    async def forget_conversation(self, workspace: str, conversation_id: str, team: str) -> None:
        """The app was removed from a chat or a team: delete what is stored about it. Recoveries stay."""

        def work(tx: Connection) -> None:
            for statement in _FORGET_PLACE:
                tx.execute(statement, {"of": workspace, "here": conversation_id})
            for statement in _FORGET_TEAM if team else ():
                tx.execute(statement, {"of": workspace, "team": team})
            tx.commit()

        await self.database.run(work)
        self._conversations.forget_all()

    async def forget_person(self, workspace: str, user_id: str, chat: str) -> None:
        """Somebody removed the app for themselves: delete what is stored about them."""

        def work(tx: Connection) -> None:
            tx.execute(_FORGET_PERSON, {"of": workspace, "who": user_id})
            tx.execute(_FORGET_GUIDES, {"of": workspace, "chat": chat})
            tx.commit()

        await self.database.run(work)

    async def _register_conversation(self, activity: TeamsActivity) -> None:
        stored_conversation = await self.conversation(activity.tenant, activity.conversation)
        previous = stored_conversation or TeamsConversation("", activity.scope, "", "", "", "")
        current = TeamsConversation(
            activity.conversation,
            activity.scope,
            activity.team_id or previous.team_id,
            activity.group_id or previous.group_id,
            activity.channel_kind or previous.channel_kind,
            activity.service_url,
        )
        if current != stored_conversation:
            await self._conversations.save(
                activity.tenant,
                activity.conversation,
                scope=current.scope.value,
                team=current.team_id,
                group_id=current.group_id,
                channel_kind=current.channel_kind,
                service_url=current.service_url,
            )
