"""Buttons: on the guide, in the modal that “More” opens, and on the home tab."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse

from adapters.port import Asked, AtHome, Tapped
from adapters.slack import blocks
from adapters.slack.desk import Desk, nothing
from adapters.slack.installations import Installation
from adapters.slack.kit import read_value
from adapters.slack.modals import notice_view
from adapters.slack.people import User
from adapters.slack.text import Json
from adapters.slack.words import say
from flows.cards import Panel

Body = dict[str, Any]
MORE = "open:more"
OPEN = "open:"


@dataclass(frozen=True, slots=True)
class Taps:
    """What somebody taps."""

    desk: Desk

    async def tapped(self, at: Installation, body: Body) -> BoltResponse:
        """A button, or an entry of a button's menu."""
        (action, *_) = body["actions"]
        recovery, visit, wanted = read_value((action.get("selected_option") or action).get("value") or "")
        user = await self.desk.people.met(at, body["user"]["id"], body["user"].get("name", ""))
        if not recovery:
            return await self._of_no_talk(at, body, user, wanted)
        event_id = f"tap:{body['trigger_id']}"
        answer = await self.desk.application.receive(
            Tapped(event_id, user.person(at.workspace), recovery, visit, wanted)
        )
        kind = (body.get("view") or {}).get("type")
        if view := self.desk.view(answer, user.language):
            await self._open(at, body, view)
        elif answer.notice:
            await self._tell(at, body, user, answer.notice)
        elif kind == "modal":
            await self._refresh(at, body, user, recovery)
        elif kind == "home":
            await self.home(at, user)
        return nothing()

    async def home(self, at: Installation, user: User) -> None:
        """Show somebody what they have to do with."""
        if user.outsider:
            return
        scene = await self.desk.scene(at, user, "")
        answer = await self.desk.application.receive(AtHome(user.person(at.workspace), scene))
        await self.desk.publish(at, user, answer)

    async def _of_no_talk(self, at: Installation, body: Body, user: User, wanted: str) -> BoltResponse:
        if user.outsider:
            return nothing()
        scene = await self.desk.scene(at, user, "")
        asked = Asked(user.person(at.workspace), scene, wanted.removeprefix(OPEN))
        answer = await self.desk.application.receive(asked)
        await self.desk.offer(at, body["trigger_id"], user, answer, scene)
        return nothing()

    async def _open(self, at: Installation, body: Body, view: Json) -> None:
        """A modal; on top of the one that is open, if one is."""
        method = "views.push" if (body.get("view") or {}).get("type") == "modal" else "views.open"
        await self.desk.api.call(at.bot_token, method, trigger_id=body["trigger_id"], view=view)

    async def _refresh(self, at: Installation, body: Body, user: User, recovery: str) -> None:
        """The modal stays open, as it is after the tap: one may go on tapping."""
        again = Tapped(f"tap:{body['trigger_id']}:more", user.person(at.workspace), recovery, 0, MORE)
        answer = await self.desk.application.receive(again)
        view = self.desk.view(answer, user.language) if isinstance(answer.dialog, Panel) else None
        view = view or notice_view(say(user.language, "taken"), user.language)
        await self.desk.api.call(at.bot_token, "views.update", view_id=body["view"]["id"], view=view)

    async def _tell(self, at: Installation, body: Body, user: User, notice: str) -> None:
        if "channel" in body:
            channel = body["channel"]["id"]
            shown = blocks.whisper(notice)
            await self.desk.api.call(at.bot_token, "chat.postEphemeral", channel=channel, user=user.id, **shown)
        else:
            await self._open(at, body, notice_view(notice, user.language))
