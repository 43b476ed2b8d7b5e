"""The ways in: the slash command, a pasted link, and the shortcut on a message."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse

from adapters.port import StartRequest, TypedCommand
from adapters.slack.blocks.mrkdwn import first_mention, parse_permalink, read_message
from adapters.slack.blocks.words import say
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.people import SlackUser
from adapters.slack.listeners.context import DIRECT_CHANNEL_PREFIX, SlackContext, empty_response, private_response
from adapters.slack.web_api.client import SlackRefusal

Body = dict[str, Any]
MEMBERS_PER_PAGE = 1000
MAX_PAGES = 5


@dataclass(frozen=True, slots=True)
class CommandListener:
    """What somebody types or points at."""

    context: SlackContext

    async def command(self, installation: Installation, body: Body) -> BoltResponse:
        """`/trust-recover`, with whatever was typed behind it."""
        desk = self.context
        user = await desk.people.requester(installation, body["user_id"])
        text, channel, thread = body.get("text") or "", body["channel_id"], ""
        linked = parse_permalink(text, desk.host)
        if linked is not None:
            channel, thread, text = linked
            if word := await self._link_problem(installation, user, channel):
                return private_response(say(user.language, word))
        who = None
        if mention := first_mention(text):
            colleague = await desk.people.colleague(installation, *mention)
            who = colleague.person(installation.workspace)
        scene = await desk.request_context(installation, user, channel, thread)
        words = read_message(text, await desk.people.names(installation, text))
        event_id = f"command:{body['trigger_id']}"
        typed = TypedCommand(event_id, user.person(installation.workspace), scene, words, who, linked is not None)
        answer = await desk.application.receive(typed)
        if scene.has_external_users:
            desk.channels.confirm(installation, channel)
        if await desk.open_dialog(installation, body["trigger_id"], user, answer, scene):
            return empty_response()
        language = answer.language or user.language
        link = [desk.guide_link(installation, body["api_app_id"], language)] if answer.recovery_id else []
        return private_response(answer.notice or say(language, "noted"), *link)

    async def shortcut(self, installation: Installation, body: Body) -> BoltResponse:
        """“Recover trust from here”, on a message: the talk is bound to its thread, its words can be the first fact."""
        desk, message = self.context, body["message"]
        user = await desk.people.requester(installation, body["user"]["id"])
        scene = await desk.request_context(
            installation, user, body["channel"]["id"], message.get("thread_ts") or message["ts"]
        )
        own = message.get("user") == user.id
        written = message.get("text") or ""
        text = "" if own else read_message(written, await desk.people.names(installation, written))
        answer = await desk.application.receive(StartRequest(user.person(installation.workspace), scene, text))
        await desk.open_dialog(installation, body["trigger_id"], user, answer, scene)
        return empty_response()

    async def _link_problem(self, installation: Installation, user: SlackUser, channel: str) -> str:
        """Why this person cannot bind a talk to this channel, as a word's key; empty if they can.

        The app must be there, and in a private channel so must they: else they would learn what is said in it.
        """
        try:
            info = (await self.context.client.call(installation.bot_token, "conversations.info", channel=channel))[
                "channel"
            ]
        except SlackRefusal:
            return "link_unknown"
        if channel.startswith(DIRECT_CHANNEL_PREFIX) or info.get("is_im") or info.get("is_mpim"):
            return "link_unknown"
        if info.get("is_archived"):
            return "link_archived"
        if info.get("is_member") is False:
            return "link_not_invited"
        return (
            "" if not info.get("is_private") or await self._is_member(installation, user, channel) else "link_unknown"
        )

    async def _is_member(self, installation: Installation, user: SlackUser, channel: str) -> bool:
        cursor = ""
        for _ in range(MAX_PAGES):
            reply = await self.context.client.call(
                installation.bot_token,
                "conversations.members",
                channel=channel,
                limit=MEMBERS_PER_PAGE,
                cursor=cursor or None,
            )
            if user.id in reply["members"]:
                return True
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False
        return False
