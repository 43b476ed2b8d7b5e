"""What people write: to the app, which they mention or chat with, and in threads that it may hear."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from adapters.port import HomeRequest, Role, ThreadMessage, TypedCommand, Undeliverable
from adapters.teams.activity import CHANNEL_SUFFIXES, Mention, Scope, TeamsActivity
from adapters.teams.bot.context import TeamsContext, account_place
from adapters.teams.cards.markup import Json, MessageLink, message_link, read_message
from adapters.teams.cards.message import card_message, text_message
from adapters.teams.cards.words import say
from adapters.teams.directory.people import PLATFORM, TeamsUser, is_bot_id
from adapters.teams.directory.tenants import Tenant
from flows.state.identity import Person, Place

HOME_WORD = "home"
_COMMAND = re.compile(r"^\s*/?\s*trust-recover\b[:,]?\s*", re.IGNORECASE)
"""People who know the app from Slack type its command."""


class CommandTarget(NamedTuple):
    """What somebody means: the words, and the place, where a link in them leads elsewhere."""

    text: str
    conversation: str
    thread: str
    is_linked_place: bool


@dataclass(frozen=True, slots=True)
class MessageHandler:
    """Messages of people."""

    context: TeamsContext

    async def message(self, tenant: Tenant, activity: TeamsActivity) -> None:
        """Somebody wrote: to the app, or to each other."""
        if is_bot_id(activity.user_id) or not activity.user_id:
            return
        if is_for_app(tenant, activity):
            await self._on_command(tenant, activity)
        else:
            await self._on_thread_message(tenant, activity)

    async def _on_command(self, tenant: Tenant, activity: TeamsActivity) -> None:
        desk = self.context
        user = await desk.directory.requester(tenant, activity)
        if user.is_external:
            await desk.direct_messages.reply_privately(
                tenant, user, activity, text_message(say(user.language, "members_only"))
            )
            return
        words = _COMMAND.sub("", read_message(activity.text, _mention_texts(tenant, activity.mentions))).strip()
        if words.lower() == HOME_WORD:
            await desk.direct_messages.reply_privately(tenant, user, activity, await self.home(tenant, user))
            return
        aim, fault = await self._command_target(tenant, user, activity, words)
        if fault:
            await desk.direct_messages.reply_privately(tenant, user, activity, text_message(say(user.language, fault)))
            return
        who = None
        if named := next((one for one in activity.mentions if one.user_id != tenant.bot_user), None):
            who = await self._mentioned_colleague(tenant, activity, named)
            if who is None:
                text = say(user.language, "not_a_colleague", name=named.name)
                await desk.direct_messages.reply_privately(tenant, user, activity, text_message(text))
                return
        await self._run_command(tenant, user, activity, aim, who)

    async def _run_command(
        self, tenant: Tenant, user: TeamsUser, activity: TeamsActivity, aim: CommandTarget, who: Person | None
    ) -> None:
        desk = self.context
        scene = await desk.request_context(tenant, user, aim.conversation, aim.thread)
        chat = activity.scope is Scope.PERSONAL and not aim.is_linked_place and not _COMMAND.match(activity.text)
        typed = TypedCommand(
            activity.event_id, user.person(tenant.workspace), scene, aim.text, who, aim.is_linked_place, chat
        )
        answer = await desk.application.receive(typed)
        if scene.has_external_users:
            desk.audience.confirm(tenant, aim.conversation)
        language = answer.language or user.language
        if card := await desk.dialog_card(tenant, user, answer, scene.place, chat=True):
            await desk.direct_messages.reply_privately(
                tenant, user, activity, card_message(card, say(language, "app_title"))
            )
        elif answer.notice:
            await desk.direct_messages.reply_privately(tenant, user, activity, text_message(answer.notice))

    async def home(self, tenant: Tenant, user: TeamsUser) -> Json:
        """The message with what somebody has to do with."""
        scene = await self.context.request_context(tenant, user)
        answer = await self.context.application.receive(HomeRequest(user.person(tenant.workspace), scene))
        card = await self.context.dialog_card(tenant, user, answer, scene.place)
        return card_message(card or {}, say(answer.language or user.language, "app_title"))

    async def _on_thread_message(self, tenant: Tenant, activity: TeamsActivity) -> None:
        """Only where a team or a chat has consented to it does Teams tell us such messages."""
        user = await self.context.directory.requester(tenant, activity)
        role = Role.CLIENT if self.context.directory.is_client(user) else Role.RESPONDER
        place = Place(PLATFORM, tenant.workspace, *account_place(activity))
        text = read_message(activity.text, _mention_texts(tenant, activity.mentions))
        await self.context.application.receive(
            ThreadMessage(activity.event_id, user.person(tenant.workspace), place, role, text),
        )

    async def _command_target(
        self, tenant: Tenant, user: TeamsUser, activity: TeamsActivity, words: str
    ) -> tuple[CommandTarget, str]:
        """What is meant, and the key of a word why that cannot be (empty: it can)."""
        link = message_link(words)
        here = CommandTarget(words, *account_place(activity), is_linked_place=False)
        if link is None:
            return here, ""
        if not await self._can_read(tenant, user, link):
            return here, "link_unknown"
        channel = link.conversation.endswith(CHANNEL_SUFFIXES)
        return CommandTarget(
            link.rest, link.conversation, (link.parent or link.message) if channel else "", is_linked_place=True
        ), ""

    async def _can_read(self, tenant: Tenant, user: TeamsUser, link: MessageLink) -> bool:
        """Whether app and person are in the conversation: else they would learn what is said in it."""
        if link.tenant and link.tenant != tenant.workspace:
            return False
        try:
            address = await self.context.tenants.address(tenant, link.conversation)
            await self.context.connector.member(address, link.conversation, user.id)
        except Undeliverable:
            return False
        return True

    async def _mentioned_colleague(self, tenant: Tenant, activity: TeamsActivity, named: Mention) -> Person | None:
        """The colleague who was mentioned, unless it is none."""
        if is_bot_id(named.user_id):
            return None
        try:
            person = await self.context.directory.user(tenant, activity.conversation, named.user_id)
        except Undeliverable:
            return None
        return None if person.is_external else person.person(tenant.workspace)


def is_for_app(tenant: Tenant, activity: TeamsActivity) -> bool:
    """Whether a message is for the app, and not one that it only hears."""
    called = any(one.user_id == tenant.bot_user for one in activity.mentions)
    return activity.scope is Scope.PERSONAL or activity.is_targeted or called


def _mention_texts(tenant: Tenant, mentions: tuple[Mention, ...]) -> dict[str, str]:
    """How mentions are read: that of the app not at all."""
    return {one.text: "" if one.user_id == tenant.bot_user else f"@{one.name}" for one in mentions}
