"""What we know of Slack's people: how to speak to them, where to reach them, whether they are of the company."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.port import Unavailable
from adapters.shared.directory import (
    DirectoryRecord,
    LookupFailure,
    PersonNotFound,
    Resolution,
    require_colleague,
    require_member,
    resolve_person,
)
from adapters.shared.storage import Transactions
from adapters.shared.table_cache import Row, TableCache
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.tables import user as table
from adapters.slack.web_api.client import UNKNOWN_USER_ERRORS, SlackClient, SlackRefusal
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

    async def requester(self, installation: Installation, user_id: str) -> SlackUser:
        """The member of the company who sent a request.

        Raises:
            NotAMember: they are external, or Slack does not know them.
            MembershipUnknown: Slack does not answer, and there is no record of them.
            SlackRefusal: Slack does not let the app ask, and there is no record of them.

        """
        return require_member(await self._resolve(installation, user_id, LOOKUP_SECONDS))

    async def colleague(self, installation: Installation, user_id: str, name: str = "") -> SlackUser:
        """The member of the company whom somebody else named. `name`: as they were named, for the error.

        Raises:
            NotAColleague: they are external or an app, or Slack does not know them.
            ColleagueUnknown: Slack does not answer, and there is no record of them.
            SlackRefusal: Slack does not let the app ask, and there is no record of them.

        """
        person = await self._resolve(installation, user_id, LOOKUP_SECONDS)
        if not isinstance(person, LookupFailure):
            name = person.name or name
        return require_colleague(person, name)

    async def author(self, installation: Installation, user_id: str) -> SlackUser:
        """Who wrote a message, or is a member of a channel. Whom Slack does not know is external.

        Raises:
            Unavailable: Slack does not answer, and there is no record of them.
            SlackRefusal: Slack does not let the app ask, and there is no record of them.

        """
        person = await self._resolve(installation, user_id, None)
        if person is LookupFailure.NO_ANSWER:
            raise Unavailable
        return SlackUser(user_id, is_external=True) if isinstance(person, LookupFailure) else person

    async def names(self, installation: Installation, text: str) -> dict[str, str]:
        """The names of those whom a message of Slack's mentions, as far as we know them, by id."""
        records = {user_id: await self._record(installation, user_id) for user_id in set(_MENTION_IDS.findall(text))}
        return {user_id: record.user.name for user_id, record in records.items() if record is not None}

    async def chat(self, installation: Installation, user_id: str) -> str:
        """The id of a person's chat with the app.

        Raises:
            Refused, RateLimited, Unavailable: it cannot be opened.

        """
        record = await self._record(installation, user_id)
        if record is not None and record.user.channel:
            return record.user.channel
        reply = await self.client.call(installation.bot_token, "conversations.open", users=user_id)
        channel = str(reply["channel"]["id"])
        if self._cache.find_in_memory(installation.workspace, user_id) is not None:
            self._cache.save_later(installation.workspace, user_id, channel=channel)
        return channel

    def language(self, workspace: str, user_id: str) -> str:
        """How to speak to this person, as far as this process remembers."""
        row = self._cache.find_in_memory(workspace, user_id)
        return str(row["language"]) if row else SlackUser(user_id).language

    async def close(self) -> None:
        """Wait for what is being written."""
        await self._cache.close()

    def is_client(self, user: SlackUser) -> bool:
        """Whether this person speaks for the client: from outside, or said to be so by whoever runs the guide."""
        return user.is_external or user.id in self.client_ids

    async def _resolve(
        self, installation: Installation, user_id: str, timeout_seconds: float | None
    ) -> Resolution[SlackUser]:
        record = await self._record(installation, user_id)
        return await resolve_person(record, lambda: self._look_up(installation, user_id), timeout_seconds)

    async def _record(self, installation: Installation, user_id: str) -> DirectoryRecord[SlackUser] | None:
        row = await self._cache.find(installation.workspace, user_id)
        if row is None:
            return None
        return DirectoryRecord(_user_from_row(row), self.clock() - row["fetched_at"] <= FRESH_SECONDS)

    async def _look_up(self, installation: Installation, user_id: str) -> SlackUser:
        """What Slack says of somebody now. It is kept."""
        try:
            reply = await self.client.call(installation.bot_token, "users.info", user=user_id, include_locale=True)
        except SlackRefusal as refusal:
            if refusal.error in UNKNOWN_USER_ERRORS:
                raise PersonNotFound from refusal
            raise
        row = self._cache.find_in_memory(installation.workspace, user_id)
        user = _user_from_response(installation, reply["user"], row["channel"] if row else "")
        values = {name: getattr(user, name) for name in _COLUMNS}
        self._cache.save_later(installation.workspace, user_id, **values, fetched_at=self.clock())
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
