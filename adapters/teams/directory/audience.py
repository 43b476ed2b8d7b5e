"""Whether external users can read a conversation: Teams is asked for its members."""

from collections.abc import Callable

from adapters.port import Application
from adapters.shared.audience import Audience
from adapters.shared.storage import Transactions
from adapters.teams.connector.client import TeamsConnector
from adapters.teams.directory.tables import audience as table
from adapters.teams.directory.tenants import Tenant, TenantDirectory
from adapters.teams.directory.user import PLATFORM, is_bot_id, is_external_member

MEMBERS_PER_PAGE = 500
"""Members that Teams returns in one answer."""
MAX_PAGES = 4
"""A larger conversation counts as one with external users."""
SHARED_CHANNEL = "shared"
"""The kind of a channel that people of other companies and other teams can be in."""


class TeamsAudience(Audience[Tenant]):
    """The readers of channels and group chats."""

    def __init__(
        self,
        database: Transactions,
        connector: TeamsConnector,
        tenants: TenantDirectory,
        application: Application,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(PLATFORM, database, table, application, clock)
        self.connector = connector
        self.tenants = tenants

    async def has_external_users_now(self, tenant: Tenant, conversation: str) -> bool:
        """Whether the channel is a shared one, or somebody in the conversation is not of the company."""
        known_conversation = await self.tenants.conversation(tenant.workspace, conversation)
        if known_conversation is not None and known_conversation.channel_kind.lower() == SHARED_CHANNEL:
            return True
        service_url = known_conversation.service_url if known_conversation else tenant.service_url
        cursor = ""
        for _ in range(MAX_PAGES):
            page = await self.connector.members(service_url, conversation, MEMBERS_PER_PAGE, cursor)
            members = [one for one in page.get("members", ()) if isinstance(one, dict)]
            if any(is_external_member(tenant, one) for one in members if not is_bot_id(str(one.get("id")))):
                return True
            cursor = str(page.get("continuationToken") or "")
            if not cursor:
                return not members
        return True
