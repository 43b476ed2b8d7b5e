"""What people write: to the app, which they mention or chat with, and in threads where the app may read messages."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from adapters.port import HomeRequest, Role, ThreadMessage, TypedCommand, Undeliverable
from adapters.teams.activity import CHANNEL_SUFFIXES, Scope
from adapters.teams.bot.context import TeamsContext, account_place
from adapters.teams.cards.markup import Json, MessageLink, message_link
from adapters.teams.cards.message import card_message, text_message
from adapters.teams.cards.words import say
from adapters.teams.directory.tenants import Tenant
from adapters.teams.directory.user import PLATFORM, TeamsUser, is_bot_id
from adapters.teams.request import TeamsRequest
from adapters.teams.text.mentions import read_html_copy, read_message
from flows.limits import MAX_MESSAGE_CHARACTERS
from flows.state.identity import Person, Place
from flows.text import name_key

HOME_WORD = "home"
_COMMAND = re.compile(r"(?:/\s*)?trust-recover\b[:,]?\s*", re.IGNORECASE)
"""People who know the app from Slack type its command."""


class CommandTarget(NamedTuple):
    """What a command says, and the place that it is about: where it was typed, or where a link in it leads."""

    text: str
    conversation: str
    thread: str
    is_linked_place: bool


@dataclass(frozen=True, slots=True)
class MessageHandler:
    """Handles what people write."""

    context: TeamsContext

    async def message(self, request: TeamsRequest) -> None:
        """Somebody wrote: to the app, or to others in a thread that it may read."""
        if is_bot_id(request.activity.user_id) or not request.activity.user_id:
            return
        if is_for_app(request):
            await self._on_command(request)
        else:
            await self._on_thread_message(request)

    async def home(self, tenant: Tenant, user: TeamsUser) -> Json:
        """The message with somebody's home: their recoveries and promises."""
        request_context = await self.context.request_context(tenant, user)
        answer = await self.context.application.receive(HomeRequest(user.person(tenant.workspace), request_context))
        card = await self.context.dialog_card(tenant, user, answer, answer.next_view, request_context.place)
        return card_message(card or {}, say(answer.language or user.language, "app_title"))

    async def _on_command(self, request: TeamsRequest) -> None:
        tenant, activity = request.tenant, request.activity
        user = await self.context.directory.requester(tenant, activity)
        if len(activity.text) > MAX_MESSAGE_CHARACTERS:
            await self._reply_text(request, user, say(user.language, "message_too_long"))
            return
        whole_text = _message_text(request)
        text = whole_text[_command_name_end(whole_text) :]
        if name_key(text.rstrip(".!")) == HOME_WORD:
            await self.context.direct_messages.reply_privately(request, user, await self.home(tenant, user))
            return
        target, refusal_key = await self._command_target(request, user, text)
        if refusal_key:
            await self._reply_text(request, user, say(user.language, refusal_key))
            return
        colleague = None
        if mention := next(
            (one for one in activity.mentions if one.user_id and not _is_app(tenant, one.user_id)), None
        ):
            directory = self.context.directory
            named_user = await directory.colleague(tenant, activity.conversation, mention.user_id, mention.name)
            colleague = named_user.person(tenant.workspace)
        is_plain_chat = activity.scope is Scope.PERSONAL and not target.is_linked_place and text == whole_text
        await self._run_command(request, user, target, colleague, is_plain_chat=is_plain_chat)

    async def _run_command(
        self,
        request: TeamsRequest,
        user: TeamsUser,
        target: CommandTarget,
        colleague: Person | None,
        *,
        is_plain_chat: bool,
    ) -> None:
        """`is_plain_chat`: typed into the chat with the app, without the command's name and without a link."""
        tenant, activity = request.tenant, request.activity
        request_context = await self.context.request_context(tenant, user, target.conversation, target.thread)
        command = TypedCommand(
            activity.event_id,
            user.person(tenant.workspace),
            request_context,
            target.text,
            colleague,
            target.is_linked_place,
            is_chat=is_plain_chat,
        )
        answer = await self.context.application.receive(command)
        if request_context.has_external_users:
            self.context.audience.confirm(tenant, target.conversation)
        if card := await self.context.dialog_card(
            tenant, user, answer, answer.dialog, request_context.place, is_chat=True
        ):
            message = card_message(card, say(answer.language or user.language, "app_title"))
            await self.context.direct_messages.reply_privately(request, user, message)
        elif answer.notice:
            await self._reply_text(request, user, answer.notice)

    async def _reply_text(self, request: TeamsRequest, user: TeamsUser, text: str) -> None:
        await self.context.direct_messages.reply_privately(request, user, text_message(text))

    async def _on_thread_message(self, request: TeamsRequest) -> None:
        """Teams sends such messages only where a team or a chat has consented to it."""
        tenant, activity = request.tenant, request.activity
        user = await self.context.directory.author(tenant, activity)
        role = Role.CLIENT if self.context.directory.is_client(user) else Role.RESPONDER
        place = Place(PLATFORM, tenant.workspace, *account_place(activity))
        text = _message_text(request)
        await self.context.application.receive(
            ThreadMessage(activity.event_id, user.person(tenant.workspace), place, role, text)
        )

    async def _command_target(self, request: TeamsRequest, user: TeamsUser, text: str) -> tuple[CommandTarget, str]:
        """What a command is about, and the key of the words that refuse it; the key is empty if it is allowed."""
        link = message_link(text)
        if link is None:
            return CommandTarget(text, *account_place(request.activity), is_linked_place=False), ""
        thread = (link.parent or link.message) if link.conversation.endswith(CHANNEL_SUFFIXES) else ""
        target = CommandTarget(link.rest, link.conversation, thread, is_linked_place=True)
        return target, "" if await self._can_read(request.tenant, user, link) else "link_unknown"

    async def _can_read(self, tenant: Tenant, user: TeamsUser, link: MessageLink) -> bool:
        """Whether app and person are in the conversation: else they would learn what is said in it."""
        if link.tenant and link.tenant.lower() != tenant.workspace.lower():
            return False
        try:
            service_url = await self.context.tenants.service_url(tenant, link.conversation)
            await self.context.connector.member(service_url, link.conversation, user.id)
        except Undeliverable:
            return False
        return True


def is_for_app(request: TeamsRequest) -> bool:
    """Whether a message is for the app, and not one that it can only read."""
    activity = request.activity
    is_mentioned = any(_is_app(request.tenant, one.user_id) for one in activity.mentions)
    return activity.scope is Scope.PERSONAL or activity.is_targeted or is_mentioned


def _message_text(request: TeamsRequest) -> str:
    """What somebody wrote, without mentions of the app. The HTML copy counts where the text itself is empty."""
    activity, app_id = request.activity, request.tenant.bot_user
    text = activity.text[:MAX_MESSAGE_CHARACTERS]  # of a client's longer one, the beginning is enough
    return read_message(text, activity.text_format, activity.mentions, app_id) or read_html_copy(
        activity.html_copy, activity.mentions, app_id
    )


def _command_name_end(text: str) -> int:
    """Where the command's own name ends with which a text begins; 0 if it does not."""
    name = _COMMAND.match(text)
    return name.end() if name else 0


def _is_app(tenant: Tenant, user_id: str) -> bool:
    return bool(user_id) and user_id.casefold() == tenant.bot_user.casefold()
