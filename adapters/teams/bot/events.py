"""What happens in Teams without anybody writing to the app: it was installed or removed, or other people can read."""

import asyncio
import logging
from dataclasses import dataclass

from adapters.port import Unavailable
from adapters.shared.safe_logging import safe_description
from adapters.teams.activity import Scope
from adapters.teams.bot.context import TeamsContext
from adapters.teams.bot.messages import MessageHandler
from adapters.teams.directory.tenants import Tenant
from adapters.teams.directory.user import is_bot_id
from adapters.teams.payload_fields import UNREADABLE
from adapters.teams.request import TeamsRequest

log = logging.getLogger(__name__)

ADD_ACTION, REMOVE_ACTION = "add", "remove"
SHARED_EVENT = "channelshared"
DELETED_EVENTS = frozenset({"channeldeleted", "teamdeleted", "teamharddeleted"})
CHANNEL_MEMBER_EVENTS = frozenset({"channelmemberadded", "channelmemberremoved"})
"""Of one shared or private channel. Who joins or leaves a team can read in all its other channels."""
READER_EVENTS = frozenset({"channelunshared", "channelrestored", "teamrestored"}) | CHANNEL_MEMBER_EVENTS
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
        """Members came or went, or a channel or a team was shared, deleted or restored. Other changes are nothing."""
        tenant, activity = request.tenant, request.activity
        if activity.scope is Scope.PERSONAL:
            return
        if activity.event_type in DELETED_EVENTS or tenant.bot_user in activity.removed_ids:
            await self._forget(request)
        elif activity.event_type == SHARED_EVENT:
            await self.context.audience.save(tenant, activity.conversation, has_external_users=True)
        elif activity.added_ids:
            await self._on_members_added(request)
        elif activity.event_type in READER_EVENTS or activity.removed_ids:
            self._refresh_audience(tenant, await self._conversations(request))

    async def _on_members_added(self, request: TeamsRequest) -> None:
        """A new guest changes who can read there; the readers are looked up when the app itself is added."""
        tenant, activity = request.tenant, request.activity
        conversations = await self._conversations(request)
        people = [user_id for user_id in activity.added_ids if not is_bot_id(user_id)]
        if len(people) > MAX_LOOKUPS or UNREADABLE in people:  # the answers would come too late for Teams, or never
            self._refresh_audience(tenant, conversations)
            return
        has_external_users = await self._has_external_member(request, people)
        if has_external_users is not False:
            for conversation in conversations:
                await self.context.audience.save(tenant, conversation, has_external_users=True)
        is_more_to_know = len(people) < len(activity.added_ids) or activity.event_type in CHANNEL_MEMBER_EVENTS
        if has_external_users is None or (is_more_to_know and not has_external_users):
            self._refresh_audience(tenant, conversations)

    async def _conversations(self, request: TeamsRequest) -> tuple[str, ...]:
        """The conversation of the activity and, if it is of a team, all channels of that team that the app knows."""
        if request.activity.is_channel_event:
            return (request.activity.conversation,)
        channels = await self.context.tenants.channels(request.tenant.workspace, request.activity.team_id)
        return tuple(dict.fromkeys((request.activity.conversation, *channels)))

    async def _has_external_member(self, request: TeamsRequest, user_ids: list[str]) -> bool | None:
        """Whether one of these members is external; None if Teams does not say now, which counts as yes until it does.

        Teams may send the event only once, so it is not asked to send it again.
        """
        directory, conversation = self.context.directory, request.activity.conversation
        lookups = (directory.is_external(request.tenant, conversation, user_id) for user_id in user_ids)
        try:
            return any(await asyncio.gather(*lookups))
        except Unavailable as error:
            log.info("whether a new member is external is not known: %s", safe_description(error))
            return None

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
            await self._forget(request)

    async def _forget(self, request: TeamsRequest) -> None:
        """Delete what is stored about a chat or a channel and, if it is of a team, about all channels of that team."""
        tenant, activity = request.tenant, request.activity
        team = "" if activity.is_channel_event else activity.team_id or activity.conversation
        await self.context.tenants.forget_conversation(tenant.workspace, activity.conversation, team)
