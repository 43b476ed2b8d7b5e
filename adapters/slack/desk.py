"""What every handler of Slack's requests has at hand, and the answers that they give."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_bolt import BoltResponse

from adapters.keys import Seal
from adapters.port import Answer, Application, Scene
from adapters.slack import blocks, modals
from adapters.slack.api import Api
from adapters.slack.channels import Channels
from adapters.slack.home import home_view
from adapters.slack.installations import Installation, InstallationSource
from adapters.slack.people import PLATFORM, People, User
from adapters.slack.text import Json
from adapters.slack.words import say
from flows.cards import Form, Home, Panel
from flows.people import Place

DIRECT = "D"
"""With which the ids of chats between two begin: no account team reads there."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The application, what we know of Slack's people and channels, and the way back to Slack."""

    application: Application
    api: Api
    installations: InstallationSource
    people: People
    channels: Channels
    seal: Seal
    api_url: str

    @property
    def host(self) -> str:
        """The host of Slack's API: links to messages may be its own."""
        return urlsplit(self.api_url).netloc

    async def scene(self, at: Installation, user: User, channel: str, thread: str = "") -> Scene:
        """Where somebody acts. A chat between two is no place for an account team."""
        if not channel or channel.startswith(DIRECT):
            return Scene(Place(PLATFORM, at.workspace, ""), user.language, user.timezone)
        shared = await self.channels.shared(at, channel)
        return Scene(Place(PLATFORM, at.workspace, channel, thread), user.language, user.timezone, shared)

    def view(self, answer: Answer, language: str, extra: Json | None = None, *, nth: int = 0) -> Json | None:
        """What an answer opens, as a modal. `extra` travels with a form and comes back."""
        language = answer.language or language
        if isinstance(answer.dialog, Form):

            def seal(value: Json) -> str:
                return self.seal.seal(value | (extra or {}))

            return modals.form_view(answer.dialog, answer.recovery, language, seal, nth=nth)
        return modals.panel_view(answer.dialog, language, self.seal.seal) if isinstance(answer.dialog, Panel) else None

    async def open(self, at: Installation, trigger: str, view: Json) -> None:
        """Open a modal: the trigger lives three seconds."""
        await self.api.call(at.bot_token, "views.open", trigger_id=trigger, view=view)

    async def offer(self, at: Installation, trigger: str, user: User, answer: Answer, scene: Scene) -> bool:
        """Open what an answer opens, if it opens anything. Where a talk is to begin travels with the form."""
        placed = {"conversation": scene.place.conversation, "thread": scene.place.thread}
        view = self.view(answer, user.language, placed)
        if view is not None:
            await self.open(at, trigger, view)
        return view is not None

    async def publish(self, at: Installation, user: User, answer: Answer) -> None:
        """Show somebody their home."""
        if isinstance(answer.dialog, Home):
            view = home_view(answer.dialog, answer.language or user.language)
            await self.api.call(at.bot_token, "views.publish", user_id=user.id, view=view)

    def way_to_guide(self, at: Installation, app: str, language: str) -> Json:
        """A link to the app's chat, where the guide is."""
        parts = urlsplit(self.api_url)
        team = at.team or at.enterprise
        link = f"{parts.scheme}://{parts.netloc}/app_redirect?{urlencode({'app': app, 'team': team})}"
        return {"type": "section", "text": {"type": "mrkdwn", "text": f"<{link}|{say(language, 'open_guide')}>"}}


def whispered(text: str, *more: Json) -> BoltResponse:
    """The answer to a command: a line that only this person sees."""
    shown = blocks.whisper(text)
    return told({"response_type": "ephemeral", **shown, "blocks": [*shown["blocks"], *more]})


def nothing() -> BoltResponse:
    """Acknowledged."""
    return BoltResponse(status=200, body="")


def told(body: dict[str, Any]) -> BoltResponse:
    """Acknowledged, with an answer."""
    return BoltResponse(status=200, body=json.dumps(body), headers={"Content-Type": ["application/json"]})
