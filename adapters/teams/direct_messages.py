"""Bringing a message to one person: to their chat with the app, or, if they have none, a word on how to add it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from cachetools import TTLCache

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.safe_logging import safe_description
from adapters.teams.activity import Scope, with_thread
from adapters.teams.cards.dialogs import notice_card
from adapters.teams.cards.markup import Json, thread_link
from adapters.teams.cards.message import card_message
from adapters.teams.cards.words import say
from adapters.teams.connector.client import TeamsConnector
from adapters.teams.directory.card_positions import CardPositions
from adapters.teams.directory.people import TeamsDirectory, TeamsUser
from adapters.teams.directory.tenants import Tenant, TenantDirectory
from adapters.teams.request import TeamsRequest
from flows.state.identity import Place

log = logging.getLogger(__name__)

QUESTION_AND_ANSWER_MESSAGES = 2
"""Messages that a question in the chat comes to."""
MAX_INVITATIONS, INVITATION_SECONDS = 10_000, 60.0
"""The same word to the same person is said once in so many seconds, though several messages could not be brought."""


@dataclass(frozen=True, slots=True)
class TeamsLinks:
    """Addresses within Teams. `base`: of the cloud that this is."""

    base: str
    app_id: str

    def guide(self, workspace: str) -> str:
        """Of a person's chat with the app."""
        return f"{self.base}/l/entity/{self.app_id}/conversations?{urlencode({'tenantId': workspace})}"

    def install(self, workspace: str) -> str:
        """Where people add the app for themselves."""
        return f"{self.base}/l/app/{self.app_id}?{urlencode({'tenantId': workspace})}"

    def thread(self, place: Place, group: str) -> str:
        """Of a thread or a chat; empty if the place is none."""
        if not place.conversation:
            return ""
        return thread_link(place.conversation, place.thread, place.workspace, group, self.base)


@dataclass(slots=True)
class DirectMessages:
    """Knows the ways to one person."""

    connector: TeamsConnector
    tenants: TenantDirectory
    directory: TeamsDirectory
    card_positions: CardPositions
    links: TeamsLinks
    clock: Callable[[], float]
    _invitations: TTLCache[tuple[str, str, str], bool] = field(init=False)

    def __post_init__(self) -> None:
        self._invitations = TTLCache(MAX_INVITATIONS, INVITATION_SECONDS, self.clock)

    async def reply_privately(self, request: TeamsRequest, user: TeamsUser, message: Json) -> None:
        """Tell somebody something for their eyes alone: where they asked, if that is possible, or in their chat.

        Raises:
            Refused, RateLimited, Unavailable: neither of them is.

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
            chat, _ = await self.send_to_chat(tenant, user.id, message, at_once=True)
            await self.card_positions.count_messages_below(tenant.workspace, chat)
        except Undeliverable:
            await self.invite(tenant, user, activity.conversation, activity.thread)

    async def send_to_chat(
        self, tenant: Tenant, user_id: str, message: Json, *, at_once: bool = False
    ) -> tuple[str, str]:
        """Send something to a person's chat with the app: the chat's id, and the message's. `at_once`: as for a call.

        Raises:
            Refused, RateLimited, Unavailable: it cannot be opened or written to.

        """
        chat, address = await self.directory.chat(tenant, user_id)
        try:
            return chat, await self.connector.send(address, chat, message, at_once=at_once)
        except Undeliverable:
            await self.directory.forget_chat(
                tenant, user_id
            )  # perhaps they have removed the app, and a new one can be opened
            raise

    async def invite(self, tenant: Tenant, user: TeamsUser, conversation: str, thread: str) -> None:
        """Tell somebody who cannot be reached how to add the app. Whoever else reads it learns nothing of a talk."""
        asked = (tenant.workspace, conversation, user.id)
        if not conversation or asked in self._invitations:
            return
        self._invitations[asked] = True
        text = say(user.language, "add_app", name=user.name)
        link = (say(user.language, "add"), self.links.install(tenant.workspace))
        message = card_message(notice_card(text, user.language, link), text)
        address, place = await self.tenants.address(tenant, conversation), with_thread(conversation, thread)
        try:
            if not await self._send_targeted(address, place, user.id, message):
                await self.connector.send(address, place, message, at_once=True)
        except (Undeliverable, RateLimited, Unavailable) as error:  # then there is no place left, or none for now
            self._invitations.pop(asked, None)
            log.warning("the message that asks somebody to add the app was not sent: %s", safe_description(error))

    async def thread_link(self, tenant: Tenant, place: Place) -> str:
        """A link to an account thread; empty if there is none."""
        room = await self.tenants.conversation(tenant.workspace, place.conversation) if place.conversation else None
        return self.links.thread(place, room.group_id if room else "")

    async def _send_targeted(self, address: str, place: str, user_id: str, message: Json) -> bool:
        """Show it to one person in a shared place. False: Teams cannot do that; what may work later, raises.

        Raises:
            RateLimited, Unavailable: it may say something else later.

        """
        try:
            await self.connector.send(address, place, message, only_to=user_id, at_once=True)
        except Undeliverable as error:
            log.info("Teams could not show a message to one person only: %s", safe_description(error))
            return False
        return True
