"""The ways in: the slash command, a pasted link, and the shortcut on a message."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse

from adapters.port import Asked, Typed
from adapters.slack.api import Refused
from adapters.slack.desk import DIRECT, Desk, nothing, whispered
from adapters.slack.installations import Installation
from adapters.slack.modals import notice_view
from adapters.slack.people import User
from adapters.slack.text import mention, permalink, said
from adapters.slack.words import say

Body = dict[str, Any]
MOST_MEMBERS = 1000
MOST_PAGES = 5


@dataclass(frozen=True, slots=True)
class Commands:
    """What somebody types or points at."""

    desk: Desk

    async def command(self, at: Installation, body: Body) -> BoltResponse:
        """`/trust-recover`, with whatever was typed behind it."""
        desk = self.desk
        user = await desk.people.met(at, body["user_id"], body.get("user_name", ""))
        if user.outsider:
            return whispered(say(user.language, "members_only"))
        text, channel, thread = body.get("text") or "", body["channel_id"], ""
        linked = permalink(text, desk.host)
        if linked is not None:
            channel, thread, text = linked
            if word := await self._out_of_reach(at, user, channel):
                return whispered(say(user.language, word))
        who = None
        if named := mention(text):
            person = await desk.people.user(at, named[0])
            if person.outsider or person.robot:
                return whispered(say(user.language, "not_a_colleague", name=person.name))
            who = person.person(at.workspace)
        scene = await desk.scene(at, user, channel, thread)
        words = said(text, await desk.people.names(at, text))
        event_id = f"command:{body['trigger_id']}"
        typed = Typed(event_id, user.person(at.workspace), scene, words, who, linked is not None)
        answer = await desk.application.receive(typed)
        if scene.shared:
            desk.channels.settle(at, channel)
        if await desk.offer(at, body["trigger_id"], user, answer, scene):
            return nothing()
        language = answer.language or user.language
        link = [desk.way_to_guide(at, body["api_app_id"], language)] if answer.recovery else []
        return whispered(answer.notice or say(language, "taken"), *link)

    async def shortcut(self, at: Installation, body: Body) -> BoltResponse:
        """“Recover trust from here”, on a message: the talk is bound to its thread, its words can be the first fact."""
        desk, message = self.desk, body["message"]
        user = await desk.people.met(at, body["user"]["id"], body["user"].get("name", ""))
        if user.outsider:
            await desk.open(at, body["trigger_id"], notice_view(say(user.language, "members_only"), user.language))
            return nothing()
        scene = await desk.scene(at, user, body["channel"]["id"], message.get("thread_ts") or message["ts"])
        own = message.get("user") == user.id
        written = message.get("text") or ""
        text = "" if own else said(written, await desk.people.names(at, written))
        answer = await desk.application.receive(Asked(user.person(at.workspace), scene, "start", text))
        await desk.offer(at, body["trigger_id"], user, answer, scene)
        return nothing()

    async def _out_of_reach(self, at: Installation, user: User, channel: str) -> str:
        """Why this person cannot bind a talk to this channel, as a word's key; empty if they can.

        The app must be there, and in a private channel so must they: else they would learn what is said in it.
        """
        try:
            info = (await self.desk.api.call(at.bot_token, "conversations.info", channel=channel))["channel"]
        except Refused:
            return "link_unknown"
        if channel.startswith(DIRECT) or info.get("is_im") or info.get("is_mpim"):
            return "link_unknown"
        if info.get("is_archived"):
            return "link_archived"
        if info.get("is_member") is False:
            return "link_not_invited"
        return "" if not info.get("is_private") or await self._is_in(at, user, channel) else "link_unknown"

    async def _is_in(self, at: Installation, user: User, channel: str) -> bool:
        cursor = ""
        for _ in range(MOST_PAGES):
            reply = await self.desk.api.call(
                at.bot_token, "conversations.members", channel=channel, limit=MOST_MEMBERS, cursor=cursor or None
            )
            if user.id in reply["members"]:
                return True
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False
        return False
