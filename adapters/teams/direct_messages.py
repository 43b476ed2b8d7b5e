"""Sends messages to one person: to their chat with the app or, if they have none, how to add the app."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from cachetools import TTLCache

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.safe_logging import safe_description
from adapters.teams.activity import Scope, TeamsActivity, with_thread
from adapters.teams.cards.dialogs import notice_card
from adapters.teams.cards.markup import Json, thread_link
from adapters.teams.cards.message import card_message
from adapters.teams.cards.words import say
from adapters.teams.connector.client import TeamsConnector
from adapters.teams.directory.card_positions import CardPositions
from adapters.teams.directory.people import TeamsDirectory
from adapters.teams.directory.tenants import Tenant, TenantDirectory
from adapters.teams.directory.user import TeamsUser
from adapters.teams.request import TeamsRequest
from flows.state.identity import Place

log = logging.getLogger(__name__)

QUESTION_AND_ANSWER_MESSAGES = 2
"""How many messages a question and its answer are in the chat."""
MAX_INVITATIONS, INVITATION_SECONDS = 10_000, 60.0
"""A person is told once in so many seconds how to add the app, even if several messages could not be delivered."""


@dataclass(frozen=True, slots=True)
class TeamsLinks:
    """Links into Teams. `base`: the address of this Teams cloud."""

    base: str
    app_id: str

    def guide(self, workspace: str) -> str:
        """A link to a person's chat with the app."""
        return f"{self.base}/l/entity/{self.app_id}/conversations?{urlencode({'tenantId': workspace})}"

    def install(self, workspace: str) -> str:
        """A link to the page where people add the app for themselves."""
        return f"{self.base}/l/app/{self.app_id}?{urlencode({'tenantId': workspace})}"

    def thread(self, place: Place, group_id: str) -> str:
        """A link to a thread or a chat; empty for a place without a conversation."""
        if not place.conversation:
            return ""
        return thread_link(place.conversation, place.thread, place.workspace, group_id, self.base)


@dataclass(slots=True)
class DirectMessages:
    """Finds the way to one person."""

    connector: TeamsConnector
    tenants: TenantDirectory
    directory: TeamsDirectory
    card_positions: CardPositions
    links: TeamsLinks
    clock: Callable[[], float]
    _invitations: TTLCache[tuple[str, str, str], bool] = field(init=False)

    def __post_init__(self) -> None:
        self._invitations = TTLCache(MAX_INVITATIONS, INVITATION_SECONDS, SteadyClock(self.clock))

    async def reply_privately(self, request: TeamsRequest, user: TeamsUser, message: Json) -> None:
        """Reply so that nobody else can read it: where somebody asked, if that is possible, or in their chat.

        Raises:
            TeamsRefusal, RateLimited, Unavailable: neither is possible.

        """
        tenant, activity = request.tenant, request.activity
        if activity.scope is Scope.PERSONAL:
            await request.reply(message)
            await self.card_positions.count_messages_below(
                tenant.workspace, activity.conversation, QUESTION_AND_ANSWER_MESSAGES
            )
            return
        with suppress(RateLimited, Unavailable):  # then their chat will do
            if activity.is_targeted and await self._send_targeted(
                activity.service_url, activity.conversation_id, user.id, message
            ):
                return
        try:
            chat, _ = await self.send_to_chat(tenant, user.id, message, is_reply=True)
            await self.card_positions.count_messages_below(tenant.workspace, chat)
        except Undeliverable:
            await self.invite(tenant, user, activity.conversation, activity.thread)

    async def send_to_chat(
        self, tenant: Tenant, user_id: str, message: Json, *, is_reply: bool = False
    ) -> tuple[str, str]:
        """Send a message to a person's chat with the app, and return the chat's id and the message's.

        `is_reply`: see `TeamsConnector.send`.

        Raises:
            TeamsRefusal, RateLimited, Unavailable: the chat cannot be opened or written to.

        """
        chat, service_url = await self.directory.chat(tenant, user_id)
        try:
            return chat, await self.connector.send(service_url, chat, message, is_reply=is_reply)
        except Undeliverable:
            await self.directory.forget_chat(
                tenant, user_id
            )  # if they removed the app and added it again, they have a new chat
            raise

    async def show_typing(self, tenant: Tenant, activity: TeamsActivity) -> None:
        """Show to who wrote this that the app is typing, in their chat with it.

        Raises:
            TeamsRefusal, RateLimited, Unavailable: the chat cannot be opened or written to, or there is too much in it.

        """
        if activity.scope is Scope.PERSONAL:
            chat, service_url = activity.conversation, activity.service_url
        else:
            chat, service_url = await self.directory.chat(tenant, activity.user_id)
        await self.connector.show_typing(service_url, chat)

    async def invite(self, tenant: Tenant, user: TeamsUser, conversation: str, thread: str) -> None:
        """Tell somebody who cannot be reached how to add the app. Others who read it learn nothing about a recovery."""
        invitation = (tenant.workspace, conversation, user.id)
        if not conversation or invitation in self._invitations:
            return
        self._invitations[invitation] = True
        text = say(user.language, "add_app", name=user.name)
        link = (say(user.language, "add"), self.links.install(tenant.workspace))
        message = card_message(notice_card(text, user.language, link), text)
        service_url = await self.tenants.service_url(tenant, conversation)
        conversation_id = with_thread(conversation, thread)
        try:
            if not await self._send_targeted(service_url, conversation_id, user.id, message):
                await self.connector.send(service_url, conversation_id, message, is_reply=True)
        except (Undeliverable, RateLimited, Unavailable) as error:  # there is no other way to tell them now
            self._invitations.pop(invitation, None)
            log.warning("the message that asks somebody to add the app was not sent: %s", safe_description(error))

    async def thread_link(self, tenant: Tenant, place: Place) -> str:
        """A link to an account thread; empty if there is none."""
        known_conversation = (
            await self.tenants.conversation(tenant.workspace, place.conversation) if place.conversation else None
        )
        return self.links.thread(place, known_conversation.group_id if known_conversation else "")

    async def _send_targeted(self, service_url: str, conversation_id: str, user_id: str, message: Json) -> bool:
        """Show a message to one person in a shared conversation. False: Teams cannot do that there.

        The SDK knows no targeted messages, so this calls the connector itself.

        Raises:
            RateLimited, Unavailable: it may work later.

        """
        try:
            await self.connector.send(service_url, conversation_id, message, recipient_id=user_id, is_reply=True)
        except Undeliverable as error:
            log.info("Teams could not show a message to one person only: %s", safe_description(error))
            return False
        return True
