"""The slash command, with a link or without, and the shortcuts on a message."""

from dataclasses import dataclass

from slack_bolt import BoltResponse

from adapters.port import CheckRequest, RequestContext, StartRequest, TypedCommand
from adapters.slack.blocks.message_text import message_markup
from adapters.slack.blocks.mrkdwn import first_mention, parse_permalink, read_message
from adapters.slack.blocks.words import say
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.people import SlackUser
from adapters.slack.listeners.context import DIRECT_CHANNEL_PREFIX, SlackContext, empty_response, private_response
from adapters.slack.listeners.payload_types import MessageShortcut, SlashCommand
from adapters.slack.web_api.client import SlackRefusal
from flows.limits import MAX_COMMAND_CHARACTERS

MEMBERS_PER_PAGE = 1000
MAX_PAGES = 5
MAX_MARKUP_CHARACTERS = 4 * MAX_COMMAND_CHARACTERS
"""A command with Slack's markup in it: a mention or an entity is several times as long as what is shown for it."""


@dataclass(frozen=True, slots=True)
class CommandListener:
    """Handles commands and shortcuts."""

    context: SlackContext

    async def command(self, installation: Installation, payload: SlashCommand) -> BoltResponse:
        """`/trust-recover`, with whatever was typed behind it."""
        context = self.context
        user = await context.people.requester(installation, payload.user_id)
        text, channel, thread = payload.text or "", payload.channel_id, ""
        is_short = len(text) <= MAX_MARKUP_CHARACTERS  # a longer one is refused by the application, and not read here
        link = parse_permalink(text, context.host) if is_short else None
        if link is not None:
            channel, thread, text = link
            if problem := await self._link_problem(installation, user, channel):
                return private_response(say(user.language, problem))
        mentioned_person = None
        if is_short and (mention := first_mention(text)):
            colleague = await context.people.colleague(installation, *mention)
            mentioned_person = colleague.person(installation.workspace)
        request_context = await context.request_context(installation, user, channel, thread)
        command = TypedCommand(
            f"command:{payload.trigger_id}",
            user.person(installation.workspace),
            request_context,
            read_message(text, await context.people.names(installation, text), user.language) if is_short else text,
            mentioned_person,
            is_linked_place=link is not None,
        )
        answer = await context.application.receive(command)
        if request_context.has_external_users:
            context.channels.confirm(installation, channel)
        if await context.open_dialog(installation, payload.trigger_id, user, answer, request_context.place):
            return empty_response()
        language = answer.language or user.language
        links = context.guide_link(installation, payload.api_app_id, language) if answer.recovery_id else []
        return private_response(answer.notice or say(language, "noted"), *links)

    async def shortcut(self, installation: Installation, payload: MessageShortcut) -> BoltResponse:
        """“Recover trust from here”, on a message: a recovery in its thread, with its text as the first fact."""
        user, request_context = await self._requester(installation, payload)
        is_own_message = payload.message.user == user.id
        text = "" if is_own_message else await self._message_text(installation, user, payload)
        request = StartRequest(user.person(installation.workspace), request_context, text)
        answer = await self.context.application.receive(request)
        await self.context.open_dialog(installation, payload.trigger_id, user, answer, request_context.place)
        return empty_response()

    async def check_words(self, installation: Installation, payload: MessageShortcut) -> BoltResponse:
        """“Check my words”, on a message: hints on it, for this person's eyes only."""
        user, request_context = await self._requester(installation, payload)
        request = CheckRequest(
            f"hints:{payload.trigger_id}",
            user.person(installation.workspace),
            request_context,
            await self._message_text(installation, user, payload),
            is_own_message=payload.message.user == user.id,
        )
        answer = await self.context.application.receive(request)
        await self.context.open_dialog(installation, payload.trigger_id, user, answer, request_context.place)
        return empty_response()

    async def _requester(
        self, installation: Installation, payload: MessageShortcut
    ) -> tuple[SlackUser, RequestContext]:
        """Who chose a shortcut, and the thread of the message."""
        message = payload.message
        user = await self.context.people.requester(installation, payload.user.id)
        thread = message.thread_ts or message.ts
        return user, await self.context.request_context(installation, user, payload.channel.id, thread)

    async def _message_text(self, installation: Installation, user: SlackUser, payload: MessageShortcut) -> str:
        markup = message_markup(payload.content)
        return read_message(markup, await self.context.people.names(installation, markup), user.language)

    async def _link_problem(self, installation: Installation, user: SlackUser, channel: str) -> str:
        """The key of a text that says why this person cannot start a recovery in this channel; empty if they can.

        The app must be in the channel. So must the person, if it is private: else they would learn what is said in it.
        """
        token = installation.bot_token
        try:
            info = (await self.context.client.call(token, "conversations.info", channel=channel))["channel"]
        except SlackRefusal:
            return "link_unknown"
        if channel.startswith(DIRECT_CHANNEL_PREFIX) or info.get("is_im") or info.get("is_mpim"):
            return "link_unknown"
        if info.get("is_archived"):
            return "link_archived"
        if info.get("is_member") is False:
            return "link_not_invited"
        if info.get("is_private") and not await self._is_member(installation, user, channel):
            return "link_unknown"
        return ""

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
