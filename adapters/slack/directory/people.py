"""Slack's people: their names, languages and time zones, their chats with the app, and whether they are external."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.port import Unavailable
from adapters.shared.caching.clocks import is_fresh
from adapters.shared.caching.table_cache import Row, TableCache
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
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.tables import user as table
from adapters.slack.web_api.client import UNKNOWN_USER_ERRORS, SlackClient, SlackRefusal
from flows.state.identity import Person
from flows.text import clean_name

PLATFORM = "slack"
FRESH_SECONDS = 86_400.0
"""Seconds for which a record of a person is fresh."""
CACHE_SECONDS = 600.0
"""Seconds for which this process does not read the record again."""
LOOKUP_SECONDS = 1.0
"""Seconds that a request waits for Slack to say who somebody is, of the three that Slack gives it."""
MAX_NAMES = 50
"""People of one message whose names are looked up. Each may take a query, and a message can mention thousands."""

SLACKBOT = "USLACKBOT"
_MENTION_IDS = re.compile(r"<@([UW][A-Z0-9]+)[|>]")
_COLUMNS = ("name", "language", "timezone", "is_external", "is_bot", "channel")


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A person in Slack. `is_external`: not of the company that installed the app. `channel`: the chat with the app.

    `is_active`: the account is neither deactivated nor only invited. A record is kept of active accounts only.
    """

    id: str
    name: str = ""
    language: str = "en"
    timezone: str = "UTC"
    is_external: bool = False
    is_bot: bool = False
    channel: str = ""
    is_active: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean_name(self.name))

    def person(self, workspace: str) -> Person:
        """The person as the application knows them."""
        return Person(PLATFORM, workspace, self.id, self.name)


@dataclass(slots=True)
class SlackDirectory:
    """Finds people in memory, in the database or at Slack. `client_ids`: members who count as the client."""

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

        Slack is asked each time: they may have left since the record was made, and a recovery would be lost with them.

        Raises:
            NotAColleague: they are external or an app, or Slack does not know them.
            InactiveColleague: their account is deactivated, or they did not accept their invitation yet.
            ColleagueUnknown: Slack does not answer, and there is no record of them.
            SlackRefusal: Slack does not let the app ask, and there is no record of them.

        """
        record = await self._record(installation, user_id)
        old_record = replace(record, is_fresh=False) if record is not None else None
        person = await resolve_person(old_record, lambda: self._look_up(installation, user_id), LOOKUP_SECONDS)
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
        """The names of the people whom a message mentions first, by id, as far as there are records of them."""
        user_ids = list(dict.fromkeys(_MENTION_IDS.findall(text)))[:MAX_NAMES]
        records = {user_id: await self._record(installation, user_id) for user_id in user_ids}
        return {user_id: record.user.name for user_id, record in records.items() if record is not None}

    async def chat(self, installation: Installation, user_id: str) -> str:
        """The id of a person's chat with the app.

        Raises:
            SlackRefusal, RateLimited, Unavailable: it cannot be opened.

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
        """The language of a person, if their record is in memory; otherwise English."""
        row = self._cache.find_in_memory(workspace, user_id)
        return str(row["language"]) if row else SlackUser(user_id).language

    async def close(self) -> None:
        """Wait until all records are written."""
        await self._cache.close()

    def is_client(self, user: SlackUser) -> bool:
        """Whether this person counts as the client: they are external, or the settings name them."""
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
        return DirectoryRecord(_user_from_row(row), is_fresh(row["fetched_at"], self.clock(), FRESH_SECONDS))

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
        if not user.is_active:
            return user
        values = {name: getattr(user, name) for name in _COLUMNS}
        self._cache.save_later(installation.workspace, user_id, **values, fetched_at=self.clock())
        return user


def _user_from_row(row: Row) -> SlackUser:
    return SlackUser(row["user_id"], *(row[name] for name in _COLUMNS))


def _user_from_response(installation: Installation, user: dict[str, Any], channel: str) -> SlackUser:
    """The user of a response. Guests and members of other companies are external, other teams of one company not."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or user.get("real_name") or profile.get("real_name") or user.get("name") or ""
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
    return SlackUser(
        str(user["id"]),
        str(name),
        str(user.get("locale") or "en").partition("-")[0],
        str(user.get("tz") or "UTC"),
        is_external=bool(guest) or not _is_member(installation, user),
        is_bot=_is_bot(installation, user),
        channel=channel,
        is_active=not (user.get("deleted") or user.get("is_invited_user")),
    )


def _is_bot(installation: Installation, user: dict[str, Any]) -> bool:
    """Whether it is an app. Slack does not say so of its own, Slackbot."""
    is_app = user.get("is_bot") or user.get("is_workflow_bot") or user.get("is_connector_bot")
    return bool(is_app) or user["id"] in {SLACKBOT, installation.bot_user}


def _is_member(installation: Installation, user: dict[str, Any]) -> bool:
    enterprise = (user.get("enterprise_user") or {}).get("enterprise_id") or user.get("enterprise_id")
    same_team = user.get("team_id") in {None, installation.team} and bool(installation.team)
    return (
        same_team
        or bool(installation.enterprise and enterprise == installation.enterprise)
        or user.get("team_id") == installation.workspace
    )
