"""What happens in Teams without anybody speaking to us: the app installed or removed, readers that change."""

import asyncio
from dataclasses import dataclass

from adapters.port import Undeliverable
from adapters.teams.activity import Activity, Scope
from adapters.teams.desk import Desk
from adapters.teams.messages import Messages
from adapters.teams.people import is_app
from adapters.teams.tenants import Tenant

INSTALLED, REMOVED = "add", "remove"
SHARED = frozenset({"channelShared"})
READERS_CHANGE = frozenset({"channelUnshared", "channelMemberAdded", "channelMemberRemoved", "channelRestored"})
DELETED = "channelDeleted"
MOST_ASKED_FOR = 10
"""New members whom we look up before we answer; of more, the readers are found out in the background."""


@dataclass(frozen=True, slots=True)
class Events:
    """Teams' events."""

    desk: Desk
    messages: Messages

    async def installation(self, at: Tenant, activity: Activity) -> None:
        """The app was installed for somebody or in a team or a chat, or removed there."""
        if activity.action.startswith(REMOVED):
            await self._removed(at, activity)
        elif activity.action.startswith(INSTALLED):
            await self._installed(at, activity)

    async def conversation(self, at: Tenant, activity: Activity) -> None:
        """Members came or went, or a channel was shared."""
        if activity.scope is Scope.PERSONAL:
            return
        desk, here = self.desk, activity.conversation
        if activity.event == DELETED:
            await desk.tenants.left(at.workspace, here, "")
        elif activity.event in SHARED:
            await desk.conversations.know(at, here, outsiders=True)
        elif activity.event in READERS_CHANGE or activity.removed:
            self._look_again(at, here, *await desk.tenants.channels(at.workspace, activity.team))
        elif activity.added:
            await self._joined(at, activity)

    async def _joined(self, at: Tenant, activity: Activity) -> None:
        """A guest changes who reads there, and the app finds that out when it comes."""
        desk, here = self.desk, activity.conversation
        rooms = (here, *await desk.tenants.channels(at.workspace, activity.team))
        people = [user for user in activity.added if not is_app(user)]
        if len(people) > MOST_ASKED_FOR:  # their answers would come too late for Teams
            self._look_again(at, *rooms)
        elif any(await asyncio.gather(*(self._is_outsider(at, here, user) for user in people))):
            for room in dict.fromkeys(rooms):
                await desk.conversations.know(at, room, outsiders=True)
        elif len(people) < len(activity.added):
            self._look_again(at, *rooms)

    async def _is_outsider(self, at: Tenant, conversation: str, user_id: str) -> bool:
        try:
            return (await self.desk.people.user(at, conversation, user_id)).outsider
        except Undeliverable:
            return True

    def _look_again(self, at: Tenant, *rooms: str) -> None:
        for room in dict.fromkeys(rooms):
            self.desk.conversations.learn(at, room)

    async def _installed(self, at: Tenant, activity: Activity) -> None:
        if activity.scope is not Scope.PERSONAL:
            self.desk.conversations.learn(at, activity.conversation)
            return
        user = await self.desk.people.met(at, activity)
        if not user.outsider:
            message = await self.messages.home(at, user)
            await self.desk.courier.tell(at, user, activity, message)

    async def _removed(self, at: Tenant, activity: Activity) -> None:
        if activity.scope is Scope.PERSONAL:
            await self.desk.tenants.left_by(at.workspace, activity.user, activity.conversation)
            self.desk.people.forget(at, activity.user)
        else:
            await self.desk.tenants.left(at.workspace, activity.conversation, activity.team)
