"""What happens in Teams without anybody writing to the app: it was installed or removed, or other people can read."""

import asyncio
from dataclasses import dataclass

from adapters.teams.activity import Scope
from adapters.teams.bot.context import TeamsContext
from adapters.teams.bot.messages import MessageHandler
from adapters.teams.directory.people import is_bot_id
from adapters.teams.directory.tenants import Tenant
from adapters.teams.request import TeamsRequest

ADD_ACTION, REMOVE_ACTION = "add", "remove"
SHARED_EVENTS = frozenset({"channelShared"})
READER_EVENTS = frozenset({"channelUnshared", "channelMemberAdded", "channelMemberRemoved", "channelRestored"})
DELETED_EVENT = "channelDeleted"
MAX_LOOKUPS = 10
"""How many new members are looked up before Teams gets its answer. Of more, the readers are looked up afterwards."""


@dataclass(frozen=True, slots=True)
class TeamsEventHandler:
    """Handles installations and changes of conversations."""

    context: TeamsContext
    messages: MessageHandler

    async def installation(self, request: TeamsRequest) -> None:
        """The app was installed for a person, a team or a chat, or removed there."""
        if request.activity.action.startswith(REMOVE_ACTION):
            await self._on_remove(request)
        elif request.activity.action.startswith(ADD_ACTION):
            await self._on_install(request)

    async def conversation(self, request: TeamsRequest) -> None:
        """Members came or went, or a channel was shared or deleted."""
        tenant, activity = request.tenant, request.activity
        if activity.scope is Scope.PERSONAL:
            return
        if activity.event_type == DELETED_EVENT:
            await self.context.tenants.forget_conversation(tenant.workspace, activity.conversation, "")
        elif activity.event_type in SHARED_EVENTS:
            await self.context.audience.save(tenant, activity.conversation, has_external_users=True)
        elif activity.event_type in READER_EVENTS or activity.removed_ids:
            self._refresh_audience(tenant, await self._conversations(request))
        elif activity.added_ids:
            await self._on_members_added(request)

    async def _on_members_added(self, request: TeamsRequest) -> None:
        """A new guest changes who can read there; the readers are looked up when the app itself is added."""
        tenant, activity = request.tenant, request.activity
        conversations = await self._conversations(request)
        people = [user_id for user_id in activity.added_ids if not is_bot_id(user_id)]
        if len(people) > MAX_LOOKUPS:  # the answers would come too late for Teams
            self._refresh_audience(tenant, conversations)
        elif await self._has_external_member(request, people):
            for conversation in conversations:
                await self.context.audience.save(tenant, conversation, has_external_users=True)
        elif len(people) < len(activity.added_ids):
            self._refresh_audience(tenant, conversations)

    async def _conversations(self, request: TeamsRequest) -> tuple[str, ...]:
        """The conversation of the activity and, if it is of a team, all channels of that team that the app knows."""
        channels = await self.context.tenants.channels(request.tenant.workspace, request.activity.team_id)
        return tuple(dict.fromkeys((request.activity.conversation, *channels)))

    async def _has_external_member(self, request: TeamsRequest, user_ids: list[str]) -> bool:
        directory, conversation = self.context.directory, request.activity.conversation
        lookups = (directory.is_external(request.tenant, conversation, user_id) for user_id in user_ids)
        return any(await asyncio.gather(*lookups))

    def _refresh_audience(self, tenant: Tenant, conversations: tuple[str, ...]) -> None:
        for conversation in conversations:
            self.context.audience.refresh(tenant, conversation)

    async def _on_install(self, request: TeamsRequest) -> None:
        tenant, activity = request.tenant, request.activity
        if activity.scope is not Scope.PERSONAL:
            self.context.audience.refresh(tenant, activity.conversation)
            return
        user = await self.context.directory.requester(tenant, activity)
        message = await self.messages.home(tenant, user)
        await self.context.direct_messages.reply_privately(request, user, message)

    async def _on_remove(self, request: TeamsRequest) -> None:
        tenant, activity = request.tenant, request.activity
        if activity.scope is Scope.PERSONAL:
            await self.context.tenants.forget_person(tenant.workspace, activity.user_id, activity.conversation)
            self.context.directory.forget(tenant, activity.user_id)
        else:
            await self.context.tenants.forget_conversation(tenant.workspace, activity.conversation, activity.team_id)
