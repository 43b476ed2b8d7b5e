"""What happens in Slack without anybody speaking to us: messages in threads, readers that change, the app removed."""

from dataclasses import dataclass
from math import inf
from typing import Any

from adapters.port import Heard, Role
from adapters.slack.api import Refused
from adapters.slack.desk import DIRECT, Desk
from adapters.slack.installations import Installation, workspace_of
from adapters.slack.people import PLATFORM, User
from adapters.slack.taps import Taps
from adapters.slack.text import said
from flows.people import Place

Body = dict[str, Any]
SPOKEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages in which somebody says something."""


@dataclass(frozen=True, slots=True)
class Events:
    """Slack's events."""

    desk: Desk
    taps: Taps

    async def message(self, at: Installation, body: Body) -> None:
        """Somebody wrote in a channel that the app is in."""
        event = body["event"]
        channel = event["channel"]
        if event.get("subtype") not in SPOKEN or "user" not in event or "bot_id" in event or channel.startswith(DIRECT):
            return
        user = await self._author(at, event)
        role = Role.CLIENT if self.desk.people.is_client(user) else Role.RESPONDER
        place = Place(PLATFORM, at.workspace, channel, event.get("thread_ts") or "")
        written = event.get("text") or ""
        text = said(written, await self.desk.people.names(at, written))
        event_id = f"event:{body['event_id']}"
        await self.desk.application.receive(Heard(event_id, user.person(at.workspace), place, role, text))

    async def home_opened(self, at: Installation, body: Body) -> None:
        """Somebody looks at the app's home tab."""
        event = body["event"]
        if event.get("tab") == "home":
            await self.taps.home(at, await self.desk.people.met(at, event["user"]))

    async def joined(self, at: Installation, body: Body) -> None:
        """Somebody came into a channel: a guest changes who reads there, and the app finds that out when it comes."""
        event = body["event"]
        if event["user"] == at.bot_user:
            self.desk.channels.learn(at, event["channel"])
        elif (await self._author(at, event)).outsider:
            await self.desk.channels.know(at, event["channel"], outsiders=True)

    async def left(self, at: Installation, body: Body) -> None:
        """Somebody left a channel: perhaps the last guest."""
        event = body["event"]
        if event["user"] != at.bot_user:
            self.desk.channels.learn(at, event["channel"])

    async def shared(self, at: Installation, body: Body) -> None:
        """Another company was let into a channel."""
        await self.desk.channels.know(at, body["event"]["channel"], outsiders=True)

    async def unshared(self, at: Installation, body: Body) -> None:
        """Another company left a channel: others, or guests, may still be there."""
        self.desk.channels.learn(at, body["event"]["channel"])

    async def uninstalled(self, body: Body) -> None:
        """The app was removed."""
        await self.desk.installations.forget(_workspace(body), _when(body))

    async def revoked(self, body: Body) -> None:
        """Tokens were revoked; without the bot's there is nothing we could do."""
        if (body["event"].get("tokens") or {}).get("bot"):
            await self.desk.installations.forget(_workspace(body), _when(body))

    async def _author(self, at: Installation, event: dict[str, Any]) -> User:
        """Who did it. Of whom Slack tells nothing, their team says whether they are of the company."""
        try:
            return await self.desk.people.user(at, event["user"])
        except Refused:
            team = event.get("user_team") or event.get("team")
            return User(event["user"], outsider=bool(team) and team not in {at.team, at.workspace})


def _workspace(body: Body) -> str:
    (first, *_) = body.get("authorizations") or [{}]
    org = bool(first.get("is_enterprise_install") or body.get("is_enterprise_install"))
    return workspace_of(body.get("enterprise_id"), body.get("team_id"), org=org)


def _when(body: Body) -> float:
    """When it happened: an event may come late, after the app was installed again."""
    return float(body.get("event_time") or inf)
