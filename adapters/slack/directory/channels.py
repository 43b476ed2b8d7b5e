"""Whether external users can read a channel: Slack is asked whether it is shared, or has guests."""

import asyncio
from collections.abc import Callable

from adapters.port import Application, RateLimited, Unavailable
from adapters.shared.audience import Audience
from adapters.shared.storage import Transactions
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.people import PLATFORM, SlackDirectory
from adapters.slack.directory.tables import audience as table
from adapters.slack.web_api.client import ApiResponse, SlackClient, SlackRefusal

MAX_MEMBERS = 200
"""Members who are looked up one by one; a larger channel counts as one with guests."""
MAX_CONCURRENT_CALLS = 5


class SlackAudience(Audience[Installation]):
    """Whether external users can read Slack's channels."""

    def __init__(
        self,
        database: Transactions,
        api: SlackClient,
        people: SlackDirectory,
        application: Application,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(PLATFORM, database, table, application, clock)
        self.api = api
        self.people = people

    async def has_external_users_now(self, installation: Installation, conversation: str) -> bool:
        """Whether the channel is shared with another company, or has a guest or a stranger in it."""
        info = (await self.api.call(installation.bot_token, "conversations.info", channel=conversation))["channel"]
        return _is_connected(info) or await self._has_guests(installation, conversation)

    async def _has_guests(self, installation: Installation, channel: str) -> bool:
        reply = await self.api.call(installation.bot_token, "conversations.members", channel=channel, limit=MAX_MEMBERS)
        if (reply.get("response_metadata") or {}).get("next_cursor"):
            return True
        members = [member for member in reply["members"] if member != installation.bot_user]
        turn = asyncio.Semaphore(MAX_CONCURRENT_CALLS)

        async def is_external(user_id: str) -> bool:
            async with turn:
                return (await self.people.author(installation, user_id)).is_external

        try:
            async with asyncio.TaskGroup() as task_group:  # the first refusal stops the others
                lookups = [task_group.create_task(is_external(member)) for member in members]
        except* (SlackRefusal, RateLimited, Unavailable) as errors:
            raise errors.exceptions[0] from None
        return any(task.result() for task in lookups)


def _is_connected(info: ApiResponse) -> bool:
    """Whether the channel is, or is about to be, shared with another company (Slack Connect)."""
    shared_beyond = info.get("is_shared") and not info.get("is_org_shared")
    return bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared") or shared_beyond)
