"""Buttons: on the guide, in the modal that “More” opens, and on the home tab."""

import asyncio
import logging
from dataclasses import dataclass

from slack_bolt import BoltResponse

from adapters.port import Answer, ButtonTap, HomeRequest, RateLimited, Surface, Unavailable, Undeliverable
from adapters.shared.directory import MembershipError
from adapters.shared.error_messages import error_text
from adapters.shared.safe_logging import safe_description
from adapters.slack.blocks import messages
from adapters.slack.blocks.elements import is_link_action, parse_button_value
from adapters.slack.blocks.home import home_notice_view
from adapters.slack.blocks.messages import REMINDER_PREFIX, answered_blocks
from adapters.slack.blocks.modals import notice_view
from adapters.slack.blocks.mrkdwn import Json, unescape
from adapters.slack.blocks.words import say
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.people import SlackUser
from adapters.slack.listeners.context import SlackContext, empty_response
from adapters.slack.listeners.payload_types import BlockActions
from adapters.slack.web_api.client import InvalidSlackCall
from flows.screens.elements import Confirmation, Panel
from flows.screens.inputs import Form

log = logging.getLogger(__name__)

UPDATE_SECONDS = 0.8
"""Seconds for which an answered reminder is changed: Slack waits for the answer to the tap."""
SURFACES = {"modal": Surface.PANEL, "home": Surface.HOME}
"""By the type of the view that a button stands in. A message has no view: it is the guide."""
Dialog = Form | Panel | Confirmation
"""What an answer opens."""


@dataclass(frozen=True, slots=True)
class ActionListener:
    """Handles taps on buttons."""

    context: SlackContext

    async def button_tap(self, installation: Installation, payload: BlockActions) -> BoltResponse:
        """A button, or an entry of a button's menu."""
        recovery_id, card_revision, action = parse_button_value(payload.value)
        if is_link_action(action):
            return empty_response()  # Slack has opened the link
        user = await self.context.people.requester(installation, payload.user.id)
        surface = SURFACES.get(payload.view_type, Surface.CARD)
        request_context = await self.context.request_context(installation, user, "")
        tap = ButtonTap(
            f"tap:{payload.trigger_id}",
            user.person(installation.workspace),
            recovery_id,
            card_revision,
            action,
            surface,
            context=request_context,
        )
        answer = await self.context.application.receive(tap)
        if view := self.context.view(answer.dialog, answer, user.language, request_context.place):
            await self._open(installation, payload, view, answer.dialog)
        elif answer.notice:
            await self._notify(installation, payload, user, answer.notice)
        elif surface is Surface.PANEL:
            await self._update_panel(installation, payload, user, answer)
        elif surface is Surface.HOME:
            await self.context.publish_home(installation, user, answer)
        elif payload.actions[0].block_id and payload.actions[0].block_id.startswith(REMINDER_PREFIX):
            await self._take_buttons_away(installation, payload, user)
        return empty_response()

    async def show_home(self, installation: Installation, user_id: str) -> None:
        """Show somebody their home, or why it is not for them."""
        people = self.context.people
        try:
            user = await people.requester(installation, user_id)
        except MembershipError as error:
            text = error_text(say, people.language(installation.workspace, user_id), error)
            await self.context.client.call(
                installation.bot_token, "views.publish", user_id=user_id, view=home_notice_view(text)
            )
        else:
            await self.home(installation, user)

    async def home(self, installation: Installation, user: SlackUser) -> None:
        """Show somebody their home."""
        request_context = await self.context.request_context(installation, user, "")
        request = HomeRequest(user.person(installation.workspace), request_context)
        await self.context.publish_home(installation, user, await self.context.application.receive(request))

    async def _open(
        self, installation: Installation, payload: BlockActions, view: Json, dialog: Dialog | None = None
    ) -> None:
        """Open a modal; on top of the one that is open, if one is. Slack takes no more than three above one another."""
        is_in_modal = payload.view_type == "modal"
        if is_in_modal and isinstance(dialog, Form) and dialog.replaces_dialog:
            await self._update(installation, payload, view)
            return
        method = "views.push" if is_in_modal else "views.open"
        await self.context.client.call(installation.bot_token, method, trigger_id=payload.trigger_id, view=view)

    async def _update_panel(
        self, installation: Installation, payload: BlockActions, user: SlackUser, answer: Answer
    ) -> None:
        """The modal stays open and is updated: the person may tap again."""
        view = self.context.view(answer.next_view, answer, user.language)
        view = view or notice_view(say(user.language, "noted"), user.language)
        await self._update(installation, payload, view)

    async def _update(self, installation: Installation, payload: BlockActions, view: Json) -> None:
        """Show this in the modal that was tapped in."""
        view_id = payload.view.id if payload.view else None
        await self.context.client.call(installation.bot_token, "views.update", view_id=view_id, view=view)

    async def _take_buttons_away(self, installation: Installation, payload: BlockActions, user: SlackUser) -> None:
        """A reminder that was answered says how, in place of its buttons. The tap counts, whether that works or not."""
        message, channel = payload.message, payload.channel
        if message is None or channel is None:
            return
        answer = say(user.language, "reminder_answer", label=unescape(payload.label))
        blocks = answered_blocks(message.blocks, answer)
        try:
            async with asyncio.timeout(UPDATE_SECONDS):
                await self.context.client.call(
                    installation.bot_token,
                    "chat.update",
                    channel=channel.id,
                    ts=message.ts,
                    text=message.text or answer,
                    blocks=blocks,
                )
        except (Undeliverable, Unavailable, RateLimited, InvalidSlackCall, TimeoutError) as error:
            log.info("the buttons of an answered reminder stay: %s", safe_description(error))

    async def _notify(self, installation: Installation, payload: BlockActions, user: SlackUser, notice: str) -> None:
        if payload.channel and payload.channel.id:
            channel = payload.channel.id
            message = messages.private_message(notice)
            await self.context.client.call(
                installation.bot_token, "chat.postEphemeral", channel=channel, user=user.id, **message
            )
        else:
            await self._open(installation, payload, notice_view(notice, user.language))
