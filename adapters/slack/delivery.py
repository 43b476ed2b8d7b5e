"""Delivery to Slack: the guide in the app's chat, nudges in the thread of the guide, posts in account threads."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut, RateLimited, Unavailable, Undeliverable
from adapters.shared.safe_logging import safe_description
from adapters.slack.blocks import card, messages
from adapters.slack.blocks.elements import ANY_REVISION, SlackButtonCodec
from adapters.slack.blocks.words import say
from adapters.slack.directory.channels import SlackAudience
from adapters.slack.directory.installations import Installation, InstallationSource
from adapters.slack.directory.message_links import MessageLinks
from adapters.slack.directory.people import SlackDirectory
from adapters.slack.web_api.client import MESSAGE_GONE_ERRORS, ApiResponse, SlackClient, SlackRefusal
from flows.state.delivery_failure import DeliveryFailure
from flows.state.identity import Place

log = logging.getLogger(__name__)

REST_SECONDS = 1.0
"""Seconds between two posts in one conversation, as Slack asks for."""

TAKE_BACK_SECONDS = 10.0
"""Seconds for which a post outside its thread is tried to be deleted: less than a delivery may take."""
_NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}


@dataclass(slots=True)
class SlackPlatform:
    """Slack as `adapters.port.Platform`. Only a crash between a post and its record can make a message appear twice."""

    client: SlackClient
    installations: InstallationSource
    people: SlackDirectory
    audience: SlackAudience
    links: MessageLinks

    async def deliver(self, outgoing: Outgoing) -> float:
        """Update a card, send a private message, or post in a thread."""
        workspace = outgoing.place.workspace if isinstance(outgoing, PostOut) else outgoing.recipient.workspace
        installation = await self.installations.find(workspace)
        if installation is None:
            raise Undeliverable(DeliveryFailure.SIGNED_OUT, f"the app is not installed in {workspace}")
        match outgoing:
            case CardOut():
                return await self._show_card(installation, outgoing)
            case PrivateMessageOut():
                return await self._send_private_message(installation, outgoing)
            case PostOut():
                return await self._post(installation, outgoing)

    async def _show_card(self, installation: Installation, out: CardOut) -> float:
        message = {
            "text": card.card_text(out.card),
            "blocks": card.card_blocks(out.card, out.language, out.place),
        }
        if await self._update_card(installation, out.key, message):
            return 0.0
        try:
            channel = await self.people.chat(installation, out.recipient.user_id)
            reply = await self.client.call(
                installation.bot_token, "chat.postMessage", channel=channel, **message, **_NO_PREVIEWS
            )
        except SlackRefusal as refusal:
            await self._notify_chat_closed(installation, out, refusal)
            raise
        stands = {"channel": str(reply["channel"]), "ts": str(reply["ts"])}
        await self.links.guides.save(out.key, workspace=installation.workspace, **stands)
        return 0.0

    async def _notify_chat_closed(self, installation: Installation, out: CardOut, refusal: SlackRefusal) -> None:
        """Tell somebody, in the account thread and visible to them alone, that their chat with the app is closed."""
        if refusal.reason is not DeliveryFailure.CHAT_CLOSED or not out.place.conversation:
            return
        message = messages.private_message(say(out.language, "chat_closed"))
        with suppress(Undeliverable, RateLimited, Unavailable):  # no other place is left
            await self.client.call(
                installation.bot_token,
                "chat.postEphemeral",
                channel=out.place.conversation,
                user=out.recipient.user_id,
                **message,
            )

    async def _update_card(self, installation: Installation, key: str, message: ApiResponse) -> bool:
        """Update the guide where it was posted; another process may have posted it anew since."""
        failed_position = None
        while (stands := await self.links.guides.find(key)) is not None and stands != failed_position:
            try:
                await self.client.call(
                    installation.bot_token, "chat.update", channel=stands["channel"], ts=stands["ts"], **message
                )
            except SlackRefusal as refusal:
                if refusal.error not in MESSAGE_GONE_ERRORS:
                    raise
                self.links.guides.forget(key)
                failed_position = stands
            else:
                return True
        return False

    async def _send_private_message(self, installation: Installation, out: PrivateMessageOut) -> float:
        """A nudge is a message in the guide's thread that mentions the person; an answer is ephemeral."""
        user_id = out.recipient.user_id
        links = await self.links.of_buttons(installation, user_id, out.recovery_id, out.buttons)
        codec = SlackButtonCodec(out.recovery_id, ANY_REVISION, out.language, links)
        message = messages.private_message(out.text, user_id if out.is_nudge else None, out.buttons, codec)
        guide = await self.links.guides.find(out.card_key)
        channel = guide["channel"] if guide else await self.people.chat(installation, out.recipient.user_id)
        thread = guide["ts"] if guide else None
        if out.is_nudge:
            await self.client.call(
                installation.bot_token, "chat.postMessage", channel=channel, thread_ts=thread, **message, **_NO_PREVIEWS
            )
            return REST_SECONDS
        await self.client.call(
            installation.bot_token, "chat.postEphemeral", channel=channel, user=out.recipient.user_id, **message
        )
        return 0.0

    async def _post(self, installation: Installation, out: PostOut) -> float:
        place = out.place
        if not place.conversation:
            raise Undeliverable(DeliveryFailure.NO_THREAD, "the recovery has no account thread")
        if out.is_internal and await self.audience.look_up(installation, place.conversation):
            raise Undeliverable(DeliveryFailure.EXTERNAL_USERS)
        for message in messages.post_blocks(out.document):
            content = {"text": messages.post_text(out.text), "blocks": message}
            reply = await self.client.call(
                installation.bot_token,
                "chat.postMessage",
                channel=place.conversation,
                thread_ts=place.thread or None,
                **content,
                **_NO_PREVIEWS,
            )
            await self._check_thread(installation, place, reply)
        return REST_SECONDS

    async def _check_thread(self, installation: Installation, place: Place, reply: ApiResponse) -> None:
        """Slack posts a reply to a deleted message into the channel, where everybody sees it: delete it."""
        if place.thread and (reply.get("message") or {}).get("thread_ts") != place.thread:
            await self._take_back(installation, reply)
            raise Undeliverable(
                DeliveryFailure.NO_THREAD, "chat.postMessage: posted outside of the thread, and taken back"
            )

    async def _take_back(self, installation: Installation, reply: ApiResponse) -> None:
        """Tried here for some seconds only: a retry of the whole post would leave one more message each time."""
        try:
            async with asyncio.timeout(TAKE_BACK_SECONDS):
                while not await self._delete_post(installation, reply):  # noqa: ASYNC110 - Slack tells nobody when it is back
                    await asyncio.sleep(REST_SECONDS)
        except (TimeoutError, Undeliverable) as error:
            log.error("a post outside its thread could not be deleted: %s", safe_description(error))  # noqa: TRY400 - described

    async def _delete_post(self, installation: Installation, reply: ApiResponse) -> bool:
        try:
            await self.client.call(installation.bot_token, "chat.delete", channel=reply["channel"], ts=reply["ts"])
        except SlackRefusal as refusal:
            if refusal.error not in MESSAGE_GONE_ERRORS:
                raise
        except (RateLimited, Unavailable):
            return False
        return True
