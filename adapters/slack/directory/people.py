"""What we know of Slack's people: how to speak to them, where to reach them, whether they are of the company."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.port import RateLimited, Unavailable
from adapters.shared.storage import Transactions
from adapters.shared.table_cache import Row, TableCache
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.tables import user as table
from adapters.slack.web_api.client import SlackClient, SlackRefusal
from flows.state.identity import Person

PLATFORM = "slack"
FRESH_SECONDS = 86_400.0
"""Seconds for which what Slack said of a person is taken as true."""
CACHE_SECONDS = 600.0
"""Seconds of it for which this process does not even ask the database."""
LOOKUP_SECONDS = 1.0
"""Seconds that somebody waits for Slack to say who they are, of the three that they have."""

_MENTION_IDS = re.compile(r"<@([UW][A-Z0-9]+)[|>]")
_COLUMNS = ("name", "language", "timezone", "is_external", "is_bot", "channel")


@dataclass(frozen=True, slots=True)
class SlackUser:
    """Somebody on Slack. `outsider`: not of the company that installed the app. `channel`: their chat with the app."""

    id: str
    name: str = ""
    language: str = "en"
    timezone: str = "UTC"
    is_external: bool = False
    is_bot: bool = False
    channel: str = ""

    def person(self, workspace: str) -> Person:
        """The same person by our own key."""
        return Person(PLATFORM, workspace, self.id, self.name)


@dataclass(slots=True)
class SlackDirectory:
    """Looks people up: in memory, in the database, at Slack. `clients`: ids of colleagues who count as the client."""

    database: Transactions
    client: SlackClient
    clock: Callable[[], float]
    client_ids: frozenset[str] = frozenset()
    _cache: TableCache = field(init=False)

    def __post_init__(self) -> None:
        self._cache = TableCache(self.database, table, self.clock, CACHE_SECONDS)

    async def user(self, installation: Installation, user_id: str) -> SlackUser:
        """What Slack says of this person.

        Raises:
            Refused, RateLimited, Unavailable: Slack does not say, and we knew nothing of them before.

        """
        known, fresh = await self._stored_user(installation, user_id)
        return known if known is not None and fresh else await self._look_up(installation, user_id, known)

    async def requester(self, installation: Installation, user_id: str, name: str = "") -> SlackUser:
        """The same, soon: else what was known before or, as a last resort, English and UTC."""
        known, fresh = await self._stored_user(installation, user_id)
        if known is not None and fresh:
            return known
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                return await self._look_up(installation, user_id, known)
        except (SlackRefusal, RateLimited, Unavailable, TimeoutError):
            return known or SlackUser(user_id, name)

    async def names(self, installation: Installation, text: str) -> dict[str, str]:
        """The names of those whom a message of Slack's mentions, as far as we know them, by id."""
        found = {user_id: await self._stored_user(installation, user_id) for user_id in set(_MENTION_IDS.findall(text))}
        return {user_id: known.name for user_id, (known, _) in found.items() if known is not None}

    async def chat(self, installation: Installation, user_id: str) -> str:
        """The id of a person's chat with the app.

        Raises:
            Refused, RateLimited, Unavailable: it cannot be opened.

        """
        known, _ = await self._stored_user(installation, user_id)
        if known is not None and known.channel:
            return known.channel
        reply = await self.client.call(installation.bot_token, "conversations.open", users=user_id)
        channel = str(reply["channel"]["id"])
        if self._cache.cached(installation.workspace, user_id) is not None:
            self._cache.save_later(installation.workspace, user_id, channel=channel)
        return channel

    def language(self, workspace: str, user_id: str) -> str:
        """How to speak to this person, as far as this process remembers."""
        row = self._cache.cached(workspace, user_id)
        return str(row["language"]) if row else SlackUser(user_id).language

    async def close(self) -> None:
        """Wait for what is being written."""
        await self._cache.close()

    def is_client(self, user: SlackUser) -> bool:
        """Whether this person speaks for the client: from outside, or said to be so by whoever runs the guide."""
        return user.is_external or user.id in self.client_ids

    async def _stored_user(self, installation: Installation, user_id: str) -> tuple[SlackUser | None, bool]:
        """What was kept of this person, and whether that is fresh."""
        row = await self._cache.find(installation.workspace, user_id)
        return (
            (None, False) if row is None else (_user_from_row(row), self.clock() - row["fetched_at"] <= FRESH_SECONDS)
        )

    async def _look_up(self, installation: Installation, user_id: str, known: SlackUser | None) -> SlackUser:
        try:
            reply = await self.client.call(installation.bot_token, "users.info", user=user_id, include_locale=True)
        except (SlackRefusal, RateLimited, Unavailable):
            if known is None:
                raise
            return known
        user = _user_from_response(installation, reply["user"], known.channel if known else "")
        known_now = {name: getattr(user, name) for name in _COLUMNS}
        self._cache.save_later(installation.workspace, user_id, **known_now, fetched_at=self.clock())
        return user


def _user_from_row(row: Row) -> SlackUser:
    return SlackUser(row["user_id"], *(row[name] for name in _COLUMNS))


def _user_from_response(installation: Installation, user: dict[str, Any], channel: str) -> SlackUser:
    """Slack's user object. Guests and members of other companies are outsiders; other teams of one organisation not."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or user.get("real_name") or profile.get("real_name") or user.get("name") or ""
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
    return SlackUser(
        str(user["id"]),
        str(name),
        str(user.get("locale") or "en").partition("-")[0],
        str(user.get("tz") or "UTC"),
        is_external=bool(guest) or not _is_member(installation, user),
        is_bot=bool(user.get("is_bot")),
        channel=channel,
    )


def _is_member(installation: Installation, user: dict[str, Any]) -> bool:
    enterprise = (user.get("enterprise_user") or {}).get("enterprise_id") or user.get("enterprise_id")
    same_team = user.get("team_id") in {None, installation.team} and bool(installation.team)
    return (
        same_team
        or bool(installation.enterprise and enterprise == installation.enterprise)
        or user.get("team_id") == installation.workspace
    )
