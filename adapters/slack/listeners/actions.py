"""Buttons: on the guide, in the modal that “More” opens, and on the home tab."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse

from adapters.port import ButtonTap, FormRequest, HomeRequest
from adapters.shared.directory import MembershipError
from adapters.shared.error_messages import error_text
from adapters.slack.blocks import messages
from adapters.slack.blocks.elements import parse_button_value
from adapters.slack.blocks.home import home_notice_view
from adapters.slack.blocks.modals import notice_view
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.words import say
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.people import SlackUser
from adapters.slack.listeners.context import SlackContext, empty_response
from flows.screens.elements import Panel

Body = dict[str, Any]
MORE = "open:more"
OPEN = "open:"


@dataclass(frozen=True, slots=True)
class ActionListener:
    """What somebody taps."""

    context: SlackContext

    async def button_tapped(self, installation: Installation, body: Body) -> BoltResponse:
        """A button, or an entry of a button's menu."""
        (action, *_) = body["actions"]
        recovery, card_revision, wanted = parse_button_value(
            (action.get("selected_option") or action).get("value") or ""
        )
        user = await self.context.people.requester(installation, body["user"]["id"])
        if not recovery:
            return await self._tapped_on_home(installation, body, user, wanted)
        event_id = f"tap:{body['trigger_id']}"
        answer = await self.context.application.receive(
            ButtonTap(event_id, user.person(installation.workspace), recovery, card_revision, wanted)
        )
        kind = (body.get("view") or {}).get("type")
        if view := self.context.view(answer, user.language):
            await self._open(installation, body, view)
        elif answer.notice:
            await self._notify(installation, body, user, answer.notice)
        elif kind == "modal":
            await self._refresh(installation, body, user, recovery)
        elif kind == "home":
            await self.home(installation, user)
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
        """Show somebody what they have to do with."""
        scene = await self.context.request_context(installation, user, "")
        answer = await self.context.application.receive(HomeRequest(user.person(installation.workspace), scene))
        await self.context.publish_home(installation, user, answer)

    async def _tapped_on_home(
        self, installation: Installation, body: Body, user: SlackUser, wanted: str
    ) -> BoltResponse:
        scene = await self.context.request_context(installation, user, "")
        asked = FormRequest(user.person(installation.workspace), scene, wanted.removeprefix(OPEN))
        answer = await self.context.application.receive(asked)
        await self.context.open_dialog(installation, body["trigger_id"], user, answer, scene)
        return empty_response()

    async def _open(self, installation: Installation, body: Body, view: Json) -> None:
        """A modal; on top of the one that is open, if one is."""
        method = "views.push" if (body.get("view") or {}).get("type") == "modal" else "views.open"
        await self.context.client.call(installation.bot_token, method, trigger_id=body["trigger_id"], view=view)

    async def _refresh(self, installation: Installation, body: Body, user: SlackUser, recovery: str) -> None:
        """The modal stays open, as it is after the tap: one may go on tapping."""
        again = ButtonTap(f"tap:{body['trigger_id']}:more", user.person(installation.workspace), recovery, 0, MORE)
        answer = await self.context.application.receive(again)
        view = self.context.view(answer, user.language) if isinstance(answer.dialog, Panel) else None
        view = view or notice_view(say(user.language, "noted"), user.language)
        await self.context.client.call(installation.bot_token, "views.update", view_id=body["view"]["id"], view=view)

    async def _notify(self, installation: Installation, body: Body, user: SlackUser, notice: str) -> None:
        if "channel" in body:
            channel = body["channel"]["id"]
            shown = messages.private_message(notice)
            await self.context.client.call(
                installation.bot_token, "chat.postEphemeral", channel=channel, user=user.id, **shown
            )
        else:
            await self._open(installation, body, notice_view(notice, user.language))
