"""Who can read a conversation, asked of Teams: a shared channel, or one with guests, is read by outsiders."""

from collections.abc import Callable

from adapters.port import Application
from adapters.readers import Readers
from adapters.storage import Transactions
from adapters.teams.api import Api
from adapters.teams.people import PLATFORM, is_app, is_outsider
from adapters.teams.tables import readers as table
from adapters.teams.tenants import Tenant, Tenants

PAGE = 500
"""Members that Teams tells at once."""
MOST_PAGES = 4
"""A larger conversation counts as one with guests."""
SHARED = "shared"
"""The kind of a channel that people of other companies and other teams can be in."""


class Conversations(Readers[Tenant]):
    """The readers of channels and group chats."""

    def __init__(
        self,
        database: Transactions,
        api: Api,
        tenants: Tenants,
        application: Application,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(PLATFORM, database, table, application, clock)
        self.api = api
        self.tenants = tenants

    async def ask(self, at: Tenant, conversation: str) -> bool:
        """Whether the channel is a shared one, or somebody in the conversation is not of the company."""
        room = await self.tenants.room(at.workspace, conversation)
        if room is not None and room.channel_kind.lower() == SHARED:
            return True
        address = room.service_url if room else at.service_url
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self.api.members(address, conversation, PAGE, cursor)
            members = [one for one in page.get("members", ()) if isinstance(one, dict)]
            if any(is_outsider(at, one) for one in members if not is_app(str(one.get("id")))):
                return True
            cursor = str(page.get("continuationToken") or "")
            if not cursor:
                return not members
        return True
