"""What all listeners use: the application, the directories, the client; and how they answer."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_bolt import BoltResponse

from adapters.port import Answer, Application, RequestContext
from adapters.shared.crypto import Signer
from adapters.slack.blocks import messages, modals
from adapters.slack.blocks.home import home_view
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.words import say
from adapters.slack.directory.channels import SlackAudience
from adapters.slack.directory.installations import Installation, InstallationSource
from adapters.slack.directory.message_links import MessageLinks
from adapters.slack.directory.people import PLATFORM, SlackDirectory, SlackUser
from adapters.slack.web_api.client import SlackClient
from flows.screens.elements import Confirmation, HomeView, Panel
from flows.screens.inputs import Form
from flows.state.identity import Place

DIRECT_CHANNEL_PREFIX = "D"
"""The first letter of the ids of chats between two people: no account team reads there."""


@dataclass(frozen=True, slots=True)
class SlackContext:
    """The application, Slack's people and channels, and the client of its Web API."""

    application: Application
    client: SlackClient
    installations: InstallationSource
    people: SlackDirectory
    channels: SlackAudience
    links: MessageLinks
    signer: Signer
    api_url: str

    @property
    def host(self) -> str:
        """The host of Slack's API: links to messages may be its own."""
        return urlsplit(self.api_url).netloc

    async def request_context(
        self, installation: Installation, user: SlackUser, channel: str, thread: str = ""
    ) -> RequestContext:
        """Where somebody acts. A chat between two is no place for an account team."""
        if not channel or channel.startswith(DIRECT_CHANNEL_PREFIX):
            return RequestContext(Place(PLATFORM, installation.workspace, ""), user.language, user.timezone)
        has_external_users = await self.channels.has_external_users(installation, channel)
        return RequestContext(
            Place(PLATFORM, installation.workspace, channel, thread), user.language, user.timezone, has_external_users
        )

    def view(
        self,
        screen: Form | Panel | HomeView | Confirmation | None,
        answer: Answer,
        language: str,
        place: Place | None = None,
        *,
        nth: int = 0,
    ) -> Json | None:
        """A form or a panel of an answer, as a modal; None if it is neither.

        `place`: where a recovery begins with the form; it travels with the form and comes back.
        `nth`: how often the form was shown in a row.
        """
        language = answer.language or language
        match screen:
            case Form():
                extra = {"conversation": place.conversation, "thread": place.thread} if place else {}

                def sign(value: Json) -> str:
                    return self.signer.sign(value | extra)

                return modals.form_view(screen, answer.recovery_id, language, sign, nth=nth)
            case Panel():
                return modals.panel_view(screen, language, self.signer.sign)
            case _:
                return None

    async def open(self, installation: Installation, trigger: str, view: Json) -> None:
        """Open a modal: the trigger lives three seconds."""
        await self.client.call(installation.bot_token, "views.open", trigger_id=trigger, view=view)

    async def open_dialog(
        self, installation: Installation, trigger: str, user: SlackUser, answer: Answer, place: Place
    ) -> bool:
        """Open the dialog of an answer; whether it has one. `place`: where a recovery starts with the form."""
        view = self.view(answer.dialog, answer, user.language, place)
        if view is not None:
            await self.open(installation, trigger, view)
        return view is not None

    async def publish_home(self, installation: Installation, user: SlackUser, answer: Answer) -> None:
        """Show somebody their home."""
        if isinstance(answer.next_view, HomeView):
            links = await self.links.of_home(installation, user.id, answer.next_view)
            view = home_view(answer.next_view, answer.language or user.language, links)
            await self.client.call(installation.bot_token, "views.publish", user_id=user.id, view=view)

    def guide_link(self, installation: Installation, app: str | None, language: str) -> list[Json]:
        """A link to the app's chat, where the guide is; nothing where Slack did not name the app."""
        if not app:
            return []
        parts = urlsplit(self.api_url)
        team = installation.team or installation.enterprise
        link = f"{parts.scheme}://{parts.netloc}/app_redirect?{urlencode({'app': app, 'team': team})}"
        return [{"type": "section", "text": {"type": "mrkdwn", "text": f"<{link}|{say(language, 'open_guide')}>"}}]


def private_response(text: str, *more: Json) -> BoltResponse:
    """The answer to a command: a message that only this person sees."""
    message = messages.private_message(text)
    return json_response({"response_type": "ephemeral", **message, "blocks": [*message["blocks"], *more]})


def empty_response() -> BoltResponse:
    """Acknowledge a request."""
    return BoltResponse(status=200, body="")


def json_response(body: dict[str, Any]) -> BoltResponse:
    """Acknowledge a request with an answer."""
    return BoltResponse(status=200, body=json.dumps(body), headers={"Content-Type": ["application/json"]})
