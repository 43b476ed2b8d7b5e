"""What happens in Teams without anybody speaking to us: the app installed or removed, readers that change."""

import asyncio
from dataclasses import dataclass

from adapters.port import Undeliverable
from adapters.teams.activity import Scope, TeamsActivity
from adapters.teams.bot.context import TeamsContext
from adapters.teams.bot.messages import MessageHandler
from adapters.teams.directory.people import is_bot_id
from adapters.teams.directory.tenants import Tenant

ADD_ACTION, REMOVE_ACTION = "add", "remove"
SHARED_EVENTS = frozenset({"channelShared"})
READER_EVENTS = frozenset({"channelUnshared", "channelMemberAdded", "channelMemberRemoved", "channelRestored"})
DELETED_EVENT = "channelDeleted"
MAX_LOOKUPS = 10
"""New members whom we look up before we answer; of more, the readers are found out in the background."""


@dataclass(frozen=True, slots=True)
class TeamsEventHandler:
    """Teams' events."""

    context: TeamsContext
    messages: MessageHandler

    async def installation(self, tenant: Tenant, activity: TeamsActivity) -> None:
        """The app was installed for somebody or in a team or a chat, or removed there."""
        if activity.action.startswith(REMOVE_ACTION):
            await self._on_remove(tenant, activity)
        elif activity.action.startswith(ADD_ACTION):
            await self._on_install(tenant, activity)

    async def conversation(self, tenant: Tenant, activity: TeamsActivity) -> None:
        """Members came or went, or a channel was shared."""
        if activity.scope is Scope.PERSONAL:
            return
        desk, here = self.context, activity.conversation
        if activity.event_type == DELETED_EVENT:
            await desk.tenants.forget_conversation(tenant.workspace, here, "")
        elif activity.event_type in SHARED_EVENTS:
            await desk.audience.save(tenant, here, has_external_users=True)
        elif activity.event_type in READER_EVENTS or activity.removed_ids:
            self._refresh_audience(tenant, here, *await desk.tenants.channels(tenant.workspace, activity.team_id))
        elif activity.added_ids:
            await self._on_members_added(tenant, activity)

    async def _on_members_added(self, tenant: Tenant, activity: TeamsActivity) -> None:
        """A guest changes who reads there, and the app finds that out when it comes."""
        desk, here = self.context, activity.conversation
        rooms = (here, *await desk.tenants.channels(tenant.workspace, activity.team_id))
        people = [user for user in activity.added_ids if not is_bot_id(user)]
        if len(people) > MAX_LOOKUPS:  # their answers would come too late for Teams
            self._refresh_audience(tenant, *rooms)
        elif any(await asyncio.gather(*(self._is_outsider(tenant, here, user) for user in people))):
            for room in dict.fromkeys(rooms):
                await desk.audience.save(tenant, room, has_external_users=True)
        elif len(people) < len(activity.added_ids):
            self._refresh_audience(tenant, *rooms)

    async def _is_outsider(self, tenant: Tenant, conversation: str, user_id: str) -> bool:
        try:
            return (await self.context.directory.user(tenant, conversation, user_id)).is_external
        except Undeliverable:
            return True

    def _refresh_audience(self, tenant: Tenant, *rooms: str) -> None:
        for room in dict.fromkeys(rooms):
            self.context.audience.refresh(tenant, room)

    async def _on_install(self, tenant: Tenant, activity: TeamsActivity) -> None:
        if activity.scope is not Scope.PERSONAL:
            self.context.audience.refresh(tenant, activity.conversation)
            return
        user = await self.context.directory.requester(tenant, activity)
        if not user.is_external:
            message = await self.messages.home(tenant, user)
            await self.context.direct_messages.reply_privately(tenant, user, activity, message)

    async def _on_remove(self, tenant: Tenant, activity: TeamsActivity) -> None:
        if activity.scope is Scope.PERSONAL:
            await self.context.tenants.forget_person(tenant.workspace, activity.user_id, activity.conversation)
            self.context.directory.forget(tenant, activity.user_id)
        else:
            await self.context.tenants.forget_conversation(tenant.workspace, activity.conversation, activity.team_id)
