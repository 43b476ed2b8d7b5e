"""Delivers to Teams: guides and private messages in people's chats with the app, posts in account threads."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from cachetools import TTLCache

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut, RateLimited, Unavailable, Undeliverable
from adapters.shared.caching.clocks import SteadyClock
from adapters.shared.caching.table_cache import Row
from adapters.teams.activity import with_thread
from adapters.teams.cards.dialogs import notice_card
from adapters.teams.cards.drafts import FormDrafts
from adapters.teams.cards.guide_card import guide_card_json, notification_text
from adapters.teams.cards.markup import Json, split_post
from adapters.teams.cards.message import NOTIFICATION, card_message, html_message, text_message
from adapters.teams.cards.reminder import reminder_card
from adapters.teams.cards.words import say
from adapters.teams.connector.client import TeamsConnector, TeamsRefusal
from adapters.teams.direct_messages import DirectMessages
from adapters.teams.directory.audience import TeamsAudience
from adapters.teams.directory.card_positions import MAX_MESSAGES_BELOW, CardPositions
from adapters.teams.directory.people import TeamsDirectory
from adapters.teams.directory.tenants import Tenant, TenantDirectory
from adapters.teams.directory.user import TeamsUser
from flows.state.delivery_failure import DeliveryFailure

log = logging.getLogger(__name__)

REST_SECONDS = 0.6
"""Seconds of rest after a private message in a chat. `connector.rate_limit` says how much Teams accepts."""
POST_REST_SECONDS = 1.0
MAX_CACHED_MESSAGES, CACHE_SECONDS = 10_000, 86_400.0
"""For so many messages, and for as long as they are tried, this process remembers how many parts Teams accepted."""


@dataclass(slots=True)
class TeamsPlatform:
    """Teams as a platform (`adapters.port.Platform`).

    A message whose answer was lost is sent again, and can then be seen twice: Teams has no idempotency key. What this
    process knows to be delivered is not sent again, whatever went wrong after it.
    """

    connector: TeamsConnector
    tenants: TenantDirectory
    directory: TeamsDirectory
    audience: TeamsAudience
    direct_messages: DirectMessages
    card_positions: CardPositions
    drafts: FormDrafts
    clock: Callable[[], float]
    _sent_counts: TTLCache[str, int] = field(init=False)
    _unsaved_positions: TTLCache[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._sent_counts = TTLCache(MAX_CACHED_MESSAGES, CACHE_SECONDS, SteadyClock(self.clock))
        self._unsaved_positions = TTLCache(MAX_CACHED_MESSAGES, CACHE_SECONDS, SteadyClock(self.clock))

    async def deliver(self, outgoing: Outgoing) -> float:
        """Show a card in place, send a private message below it, or post in a thread."""
        workspace = outgoing.place.workspace if isinstance(outgoing, PostOut) else outgoing.recipient.workspace
        tenant = await self.tenants.find(workspace)
        if tenant is None:
            raise Undeliverable(DeliveryFailure.SIGNED_OUT, f"no request from tenant {workspace} has come yet")
        match outgoing:
            case CardOut():
                await self._show_card(tenant, outgoing)
                return 0.0  # no rest: a card that changes late can empty what somebody types on it
            case PrivateMessageOut():
                await self._send_private_message(tenant, outgoing)
                return REST_SECONDS
            case PostOut():
                await self._post(tenant, outgoing)
                return POST_REST_SECONDS

    async def _show_card(self, tenant: Tenant, out: CardOut) -> None:
        link = await self.direct_messages.thread_link(tenant, out.place)
        draft = self.drafts.find(tenant.workspace, out.recipient.user_id, out.card)
        card_json = guide_card_json(out.card, out.language, out.place, link, rejected_form=draft)
        message = card_message(card_json, notification_text(out.card))
        await self._save_position(tenant, out.key)
        position = await self.card_positions.find(out.key)
        try:
            if position is not None and position["messages_below"] <= MAX_MESSAGES_BELOW:
                if await self._update_card(tenant, out, position, message):
                    return
                position = None
            chat, activity_id = await self.direct_messages.send_to_chat(tenant, out.recipient.user_id, message)
        except Undeliverable as refusal:
            await self._invite_person(tenant, out, refusal)
            raise
        if not activity_id:  # the next card is sent anew
            log.warning("Teams accepted a guide and did not give the message's id")
            return
        self._unsaved_positions[out.key] = (chat, activity_id)
        await self.card_positions.count_messages_below(tenant.workspace, chat)
        await self._save_position(tenant, out.key)
        if position is not None:
            await self._replace_old_card(tenant, out, position)

    async def _save_position(self, tenant: Tenant, key: str) -> None:
        """Store where a guide was sent. If that fails, it is stored before anything else is done with this guide."""
        if (position := self._unsaved_positions.get(key)) is not None:
            await self.card_positions.save(key, tenant.workspace, *position)
            del self._unsaved_positions[key]

    async def _update_card(self, tenant: Tenant, out: CardOut, position: Row, message: Json) -> bool:
        """Change the guide in its place. False: it is not there any more."""
        _, address = await self.directory.chat(tenant, out.recipient.user_id)
        try:
            await self.connector.update(address, position["chat"], position["activity"], message)
        except TeamsRefusal as refusal:
            if not refusal.is_gone:
                raise
            return False
        return True

    async def _replace_old_card(self, tenant: Tenant, out: CardOut, position: Row) -> None:
        """Replace the old guide by a sentence: the new one is below it, and two guides would confuse."""
        text = say(out.language, "moved_down")
        message = card_message(notice_card(text, out.language), text)
        try:
            _, address = await self.directory.chat(tenant, out.recipient.user_id)
            await self.connector.update(address, position["chat"], position["activity"], message, is_reply=True)
        except (Undeliverable, RateLimited, Unavailable) as error:  # a tap on the old one counts as well
            log.info("a guide that moved down is still shown at its old place, too: %s", error)

    async def _invite_person(self, tenant: Tenant, out: CardOut, refusal: Undeliverable) -> None:
        """Tell somebody without a chat with the app, in the account thread, how to add it: privately if possible."""
        if refusal.reason in {
            DeliveryFailure.CHAT_CLOSED,
            DeliveryFailure.NOT_ALLOWED,
            DeliveryFailure.NOT_INVITED,
            DeliveryFailure.NO_THREAD,
        }:
            user = await self.directory.stored_user(tenant, out.recipient.user_id) or TeamsUser(
                out.recipient.user_id, out.recipient.name, language=out.language
            )
            await self.direct_messages.invite(tenant, user, out.place.conversation, out.place.thread)

    async def _send_private_message(self, tenant: Tenant, out: PrivateMessageOut) -> None:
        """Teams notifies people of a nudge; of other private messages it does not."""
        if out.key not in self._sent_counts:
            chat, _ = await self.direct_messages.send_to_chat(tenant, out.recipient.user_id, private_message(out))
            self._sent_counts[out.key] = 1
            await self.card_positions.count_messages_below(tenant.workspace, chat)

    async def _post(self, tenant: Tenant, out: PostOut) -> None:
        place = out.place
        if not place.conversation:
            raise Undeliverable(DeliveryFailure.NO_THREAD, "the recovery has no account thread")
        if out.is_internal and await self.audience.look_up(tenant, place.conversation):
            raise Undeliverable(DeliveryFailure.EXTERNAL_USERS)
        address = await self.tenants.service_url(tenant, place.conversation)
        for number, markup in enumerate(split_post(out.document), 1):
            if number > self._sent_counts.get(out.key, 0):
                await self.connector.send(address, with_thread(place.conversation, place.thread), html_message(markup))
                self._sent_counts[out.key] = number


def private_message(out: PrivateMessageOut) -> Json:
    """A line for one person; with its buttons, if it has any."""
    if not out.buttons:
        return text_message(out.text, alert=out.is_nudge)
    card = reminder_card(out.text, out.buttons, out.recovery_id, out.language)
    return card_message(card, out.text) | ({"channelData": NOTIFICATION} if out.is_nudge else {})
