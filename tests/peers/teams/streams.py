"""What the playground tells of itself while it runs: what passed between it and the bot, and what its page shows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp

from tests.peers.slack.waiting import Arrivals
from tests.peers.teams.team import Json

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request and its answer. The playground does not say in which conversation the bot's requests were.

    `kind`: the activity's type, the name of a question (getConversationMember), or "note" for a line of the
    playground's own, in `text`. `status`: 0 where there was no answer. `id`: of an activity to the bot, or of a
    message.
    """

    kind: str
    to_bot: bool = False
    id: str = ""
    conversation: str = ""
    body: Json = field(default_factory=dict)
    status: int = 0
    answer: Json | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """What the page does: `action` is createMessage, updateMessage or typing."""

    action: str
    conversation: str
    id: str
    text: str
    cards: tuple[Json, ...]


def read_log(event: Json) -> LogEntry:
    log = event["log"]
    if log["type"] == "text":
        return LogEntry("note", conversation=log.get("conversationId", ""), text=log["displayText"])
    response = log.get("response") or {}
    body, answer = log["request"].get("body"), response.get("body")
    return LogEntry(
        kind=log["activityName"],
        to_bot=log["to"] == "User Application",
        id=log.get("messageId", ""),
        conversation=log.get("conversationId", ""),
        body=body if isinstance(body, dict) else {},
        status=response.get("statusCode", 0),
        answer=answer if isinstance(answer, dict) else None,
        text=log.get("displayText", ""),
    )


def read_page(event: Json) -> PageEntry:
    message = event.get("message", {})
    return PageEntry(
        action=event["action"],
        conversation=message.get("postConversationId") or event["actionConversationId"],
        id=message.get("messageId", ""),
        text=message.get("text") or "",
        cards=tuple(attachment["content"] for attachment in message.get("attachments", ())),
    )


@asynccontextmanager
async def listening(
    client: aiohttp.ClientSession, address: str, read: Callable[[Json], Thing]
) -> AsyncIterator[Arrivals[Thing]]:
    """All that comes from a websocket, from now on."""
    arrivals: Arrivals[Thing] = Arrivals()
    async with client.ws_connect(address, max_msg_size=0) as socket:

        async def hear() -> None:
            async for message in socket:
                arrivals.add(read(message.json()))

        hearing = asyncio.create_task(hear())
        try:
            yield arrivals
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
