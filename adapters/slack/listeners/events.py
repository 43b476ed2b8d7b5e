"""Slack's events: messages in threads, changes of who can read a channel, the home tab, the removal of the app."""

from dataclasses import dataclass
from math import inf

from adapters.port import ConversationMove, Role, ThreadMessage
from adapters.slack.blocks.message_text import message_markup
from adapters.slack.blocks.mrkdwn import read_message
from adapters.slack.directory.installations import Installation, installation_key
from adapters.slack.directory.people import PLATFORM, SlackUser
from adapters.slack.listeners.actions import ActionListener
from adapters.slack.listeners.context import DIRECT_CHANNEL_PREFIX, SlackContext
from adapters.slack.listeners.event_types import AppEvent, HomeEvent, MemberEvent, MessageEvent, MovedChannelEvent
from adapters.slack.listeners.payload_types import EventCallback
from adapters.slack.web_api.client import SlackRefusal
from flows.state.identity import Person, Place

MESSAGE_SUBTYPES = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages in which a person wrote a text."""


@dataclass(frozen=True, slots=True)
class SlackEventListener:
    """Handles events."""

    context: SlackContext
    actions: ActionListener

    async def message(self, installation: Installation, callback: EventCallback) -> None:
        """Somebody wrote in a channel that the app is in."""
        event: MessageEvent = callback.event
        if (
            event.subtype not in MESSAGE_SUBTYPES
            or event.user is None
            or event.bot_id is not None
            or event.channel.startswith(DIRECT_CHANNEL_PREFIX)
        ):
            return
        user = await self._author(installation, event.user)
        role = Role.CLIENT if self.context.people.is_client(user) else Role.RESPONDER
        place = Place(PLATFORM, installation.workspace, event.channel, event.thread_ts or "")
        message_text = message_markup(event.content)
        text = read_message(message_text, await self.context.people.names(installation, message_text))
        event_id = f"event:{callback.event_id}"
        await self.context.application.receive(
            ThreadMessage(event_id, user.person(installation.workspace), place, role, text)
        )

    async def home_opened(self, installation: Installation, callback: EventCallback) -> None:
        """Somebody opened the app's home tab."""
        event: HomeEvent = callback.event
        if event.tab == "home":
            await self.actions.show_home(installation, event.user)

    async def member_joined(self, installation: Installation, callback: EventCallback) -> None:
        """Somebody joined a channel: a guest changes who can read there. When the app itself joins, Slack is asked."""
        event: MemberEvent = callback.event
        if event.user == installation.bot_user:
            self.context.channels.refresh(installation, event.channel)
        elif (await self._author(installation, event.user)).is_external:
            await self.context.channels.save(installation, event.channel, has_external_users=True)

    async def member_left(self, installation: Installation, callback: EventCallback) -> None:
        """Somebody left a channel: perhaps the last guest."""
        event: MemberEvent = callback.event
        if event.user != installation.bot_user:
            self.context.channels.refresh(installation, event.channel)

    async def channel_shared(self, installation: Installation, callback: EventCallback) -> None:
        """A channel was shared with another company."""
        await self.context.channels.save(installation, callback.event.channel, has_external_users=True)

    async def channel_unshared(self, installation: Installation, callback: EventCallback) -> None:
        """A channel is no longer shared with a company: others, or guests, may still be there."""
        self.context.channels.refresh(installation, callback.event.channel)

    async def channel_id_changed(self, installation: Installation, callback: EventCallback) -> None:
        """A channel has another id: everything that is bound to it goes on there."""
        event: MovedChannelEvent = callback.event
        app = Person(PLATFORM, installation.workspace, installation.bot_user)
        place = Place(PLATFORM, installation.workspace, event.old_channel_id)
        move = ConversationMove(f"event:{callback.event_id}", app, place, event.new_channel_id)
        await self.context.application.receive(move)
        self.context.channels.refresh(installation, event.new_channel_id)

    async def app_uninstalled(self, callback: EventCallback) -> None:
        """The app was removed."""
        await self.context.installations.forget(_workspace(callback), _event_time(callback))

    async def tokens_revoked(self, callback: EventCallback) -> None:
        """Tokens were revoked. Without the bot token the app cannot work there."""
        event: AppEvent = callback.event
        if event.tokens and event.tokens.bot:
            await self.context.installations.forget(_workspace(callback), _event_time(callback))

    async def _author(self, installation: Installation, user_id: str) -> SlackUser:
        """Who wrote or came. Of whom the app may not ask, nothing is known: they count as external."""
        try:
            return await self.context.people.author(installation, user_id)
        except SlackRefusal:
            return SlackUser(user_id, is_external=True)


def _workspace(callback: EventCallback) -> str:
    authorization = callback.authorizations[0] if callback.authorizations else None
    org = bool((authorization and authorization.is_enterprise_install) or callback.is_enterprise_install)
    return installation_key(callback.enterprise_id, callback.team_id, org=org)


def _event_time(callback: EventCallback) -> float:
    """When it happened, in epoch seconds: an event may come late, after the app was installed again."""
    return callback.event_time or inf
