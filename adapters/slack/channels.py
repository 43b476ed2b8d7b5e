"""Who can read a channel, asked of Slack: a shared one, or one with guests, is read by outsiders."""

import asyncio
from collections.abc import Callable

from adapters.port import Application, RateLimited, Unavailable
from adapters.readers import Readers
from adapters.slack.api import Api, Refused, Reply
from adapters.slack.installations import Installation
from adapters.slack.people import PLATFORM, People
from adapters.slack.tables import channel as table
from adapters.storage import Transactions

MOST_MEMBERS = 200
"""Members whom we look up one by one; a larger channel counts as one with guests."""
AT_ONCE = 5


class Channels(Readers[Installation]):
    """The readers of Slack's channels."""

    def __init__(
        self, database: Transactions, api: Api, people: People, application: Application, clock: Callable[[], float]
    ) -> None:
        super().__init__(PLATFORM, database, table, application, clock)
        self.api = api
        self.people = people

    async def ask(self, at: Installation, conversation: str) -> bool:
        """Whether the channel is shared with another company, or has a guest or a stranger in it."""
        info = (await self.api.call(at.bot_token, "conversations.info", channel=conversation))["channel"]
        return _connected(info) or await self._has_guests(at, conversation)

    async def _has_guests(self, at: Installation, channel: str) -> bool:
        reply = await self.api.call(at.bot_token, "conversations.members", channel=channel, limit=MOST_MEMBERS)
        if (reply.get("response_metadata") or {}).get("next_cursor"):
            return True
        members = [member for member in reply["members"] if member != at.bot_user]
        turn = asyncio.Semaphore(AT_ONCE)

        async def outsider(user_id: str) -> bool:
            async with turn:
                return (await self.people.user(at, user_id)).outsider

        try:
            async with asyncio.TaskGroup() as asking:  # the first refusal stops the others
                asked = [asking.create_task(outsider(member)) for member in members]
        except* (Refused, RateLimited, Unavailable) as errors:
            raise errors.exceptions[0] from None
        return any(task.result() for task in asked)


def _connected(info: Reply) -> bool:
    """Whether the channel is, or is about to be, shared with another company (Slack Connect)."""
    shared_beyond = info.get("is_shared") and not info.get("is_org_shared")
    return bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared") or shared_beyond)
