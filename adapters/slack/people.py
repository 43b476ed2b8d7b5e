"""What we know of Slack's people: how to speak to them, where to reach them, whether they are of the company."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.port import RateLimited, Unavailable
from adapters.shelf import Row, Shelf
from adapters.slack.api import Api, Refused
from adapters.slack.installations import Installation
from adapters.slack.tables import user as table
from adapters.storage import Transactions
from flows.people import Person

PLATFORM = "slack"
FRESH = 86_400.0
"""Seconds for which what Slack said of a person is taken as true."""
REMEMBERED = 600.0
"""Seconds of it for which this process does not even ask the database."""
PATIENCE = 1.0
"""Seconds that somebody waits for Slack to say who they are, of the three that they have."""

_MENTIONED = re.compile(r"<@([UW][A-Z0-9]+)[|>]")
_KNOWN = ("name", "language", "timezone", "outsider", "robot", "channel")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody on Slack. `outsider`: not of the company that installed the app. `channel`: their chat with the app."""

    id: str
    name: str = ""
    language: str = "en"
    timezone: str = "UTC"
    outsider: bool = False
    robot: bool = False
    channel: str = ""

    def person(self, workspace: str) -> Person:
        """The same person by our own key."""
        return Person(PLATFORM, workspace, self.id, self.name)


@dataclass(slots=True)
class People:
    """Looks people up: in memory, in the database, at Slack. `clients`: ids of colleagues who count as the client."""

    database: Transactions
    api: Api
    clock: Callable[[], float]
    clients: frozenset[str] = frozenset()
    _shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.database, table, self.clock, REMEMBERED)

    async def user(self, at: Installation, user_id: str) -> User:
        """What Slack says of this person.

        Raises:
            Refused, RateLimited, Unavailable: Slack does not say, and we knew nothing of them before.

        """
        known, fresh = await self._known(at, user_id)
        return known if known is not None and fresh else await self._asked(at, user_id, known)

    async def met(self, at: Installation, user_id: str, name: str = "") -> User:
        """The same, soon: else what was known before or, as a last resort, English and UTC."""
        known, fresh = await self._known(at, user_id)
        if known is not None and fresh:
            return known
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._asked(at, user_id, known)
        except (Refused, RateLimited, Unavailable, TimeoutError):
            return known or User(user_id, name)

    async def names(self, at: Installation, text: str) -> dict[str, str]:
        """The names of those whom a message of Slack's mentions, as far as we know them, by id."""
        found = {user_id: await self._known(at, user_id) for user_id in set(_MENTIONED.findall(text))}
        return {user_id: known.name for user_id, (known, _) in found.items() if known is not None}

    async def chat(self, at: Installation, user_id: str) -> str:
        """The id of a person's chat with the app.

        Raises:
            Refused, RateLimited, Unavailable: it cannot be opened.

        """
        known, _ = await self._known(at, user_id)
        if known is not None and known.channel:
            return known.channel
        reply = await self.api.call(at.bot_token, "conversations.open", users=user_id)
        channel = str(reply["channel"]["id"])
        if self._shelf.remembered(at.workspace, user_id) is not None:
            self._shelf.note(at.workspace, user_id, channel=channel)
        return channel

    def language(self, workspace: str, user_id: str) -> str:
        """How to speak to this person, as far as this process remembers."""
        row = self._shelf.remembered(workspace, user_id)
        return str(row["language"]) if row else User(user_id).language

    async def close(self) -> None:
        """Wait for what is being written."""
        await self._shelf.close()

    def is_client(self, user: User) -> bool:
        """Whether this person speaks for the client: from outside, or said to be so by whoever runs the guide."""
        return user.outsider or user.id in self.clients

    async def _known(self, at: Installation, user_id: str) -> tuple[User | None, bool]:
        """What was kept of this person, and whether that is fresh."""
        row = await self._shelf.find(at.workspace, user_id)
        return (None, False) if row is None else (_kept(row), self.clock() - row["known_at"] <= FRESH)

    async def _asked(self, at: Installation, user_id: str, known: User | None) -> User:
        try:
            reply = await self.api.call(at.bot_token, "users.info", user=user_id, include_locale=True)
        except (Refused, RateLimited, Unavailable):
            if known is None:
                raise
            return known
        user = _read(at, reply["user"], known.channel if known else "")
        known_now = {name: getattr(user, name) for name in _KNOWN}
        self._shelf.note(at.workspace, user_id, **known_now, known_at=self.clock())
        return user


def _kept(row: Row) -> User:
    return User(row["user_id"], *(row[name] for name in _KNOWN))


def _read(at: Installation, user: dict[str, Any], channel: str) -> User:
    """Slack's user object. Guests and members of other companies are outsiders; other teams of one organisation not."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or user.get("real_name") or profile.get("real_name") or user.get("name") or ""
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
    return User(
        str(user["id"]),
        str(name),
        str(user.get("locale") or "en").partition("-")[0],
        str(user.get("tz") or "UTC"),
        outsider=bool(guest) or not _of_company(at, user),
        robot=bool(user.get("is_bot")),
        channel=channel,
    )


def _of_company(at: Installation, user: dict[str, Any]) -> bool:
    enterprise = (user.get("enterprise_user") or {}).get("enterprise_id") or user.get("enterprise_id")
    same_team = user.get("team_id") in {None, at.team} and bool(at.team)
    return same_team or bool(at.enterprise and enterprise == at.enterprise) or user.get("team_id") == at.workspace
