"""Dialogs: what opens one, and what is sent from one. Those of a message's menu are the same with another name."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.port import Answer, Asked, Tapped
from adapters.teams.activity import Activity, Scope
from adapters.teams.desk import Desk, where
from adapters.teams.dialogs import confirm_card, notice_card
from adapters.teams.filled import Data, Sent
from adapters.teams.kit import Fill, UnreadableCard, is_fill, read_fill, read_tap
from adapters.teams.people import PLATFORM, User
from adapters.teams.replies import Reply, closed, opened, refusal
from adapters.teams.submissions import NOTE, OPEN, Submissions
from adapters.teams.tenants import Tenant
from adapters.teams.text import said_html
from adapters.teams.words import say
from flows.cards import Panel
from flows.people import Place

MORE = "open:more"
HTML = "html"


@dataclass(frozen=True, slots=True)
class Tasks:
    """What somebody does in a dialog."""

    desk: Desk
    submissions: Submissions

    async def fetched(self, at: Tenant, activity: Activity) -> Reply:
        """A button that opens a dialog.

        Raises:
            UnreadableCard: not one of ours.

        """
        return await self._tapped(at, await self.desk.people.met(at, activity), activity, _data(activity))

    async def submitted(self, at: Tenant, activity: Activity) -> Reply:
        """A form, or a tap in what “More” opened.

        Raises:
            Forged, UnreadableCard: not one of ours.

        """
        data = _data(activity)
        user = await self.desk.people.met(at, activity)
        if is_fill(data):
            return await self._filled(at, user, activity, data)
        return await self._tapped(at, user, activity, data)

    async def pointed(self, at: Tenant, activity: Activity) -> Reply:
        """“Recover trust from here”, on a message: the talk is bound to its thread, its words can be the first fact."""
        user = await self.desk.people.met(at, activity)
        if user.outsider:
            return self._word(user, say(user.language, "members_only"))
        message = _dict(activity.value, "messagePayload")
        conversation, thread = where(activity)
        if activity.scope is Scope.CHANNEL:
            thread = str(message.get("replyToId") or message.get("id") or thread)
        scene = await self.desk.scene(at, user, conversation, thread)
        text = "" if _is_by(user, message) else _words(message)
        answer = await self.desk.application.receive(Asked(user.person(at.workspace), scene, "start", text))
        return await self._opened(at, user, answer, scene.place)

    async def _tapped(self, at: Tenant, user: User, activity: Activity, data: Data) -> Reply:
        tap = read_tap(data)
        by = user.person(at.workspace)
        if not tap.recovery:
            if user.outsider:
                return self._word(user, say(user.language, "members_only"))
            scene = await self.desk.scene(at, user)
            answer = await self.desk.application.receive(Asked(by, scene, tap.action.removeprefix(OPEN)))
            return await self._opened(at, user, answer, scene.place)
        if tap.sure:
            panel = await self.desk.application.receive(
                Tapped(f"sure:{activity.event_id}", by, tap.recovery, tap.visit, MORE)
            )
            asked = _asked(panel, tap.action)
            if asked is not None:
                title, label, sure = asked
                return opened(title, confirm_card(label, sure, data, panel.language or user.language))
        answer = await self.desk.application.receive(
            Tapped(f"tap:{activity.event_id}", by, tap.recovery, tap.visit, tap.action)
        )
        if answer.refused or answer.notice or answer.dialog:
            return await self._opened(at, user, answer, _nowhere(at))
        panel = await self.desk.application.receive(
            Tapped(f"more:{activity.event_id}", by, tap.recovery, 0, MORE)
        )  # the dialog stays open, as it is after the tap: one may go on tapping
        return await self._opened(at, user, panel, _nowhere(at))

    async def _filled(self, at: Tenant, user: User, activity: Activity, data: Data) -> Reply:
        fill = read_fill(data)
        answer = await self.submissions.take(at, user, activity, fill, data, card=False)
        if answer.refused:
            return refusal(answer.notice)
        if answer.faults:
            return await self._again(at, user, activity, fill, Sent(answer.faults, data, fill.nth))
        if answer.notice or (answer.dialog is not None):
            return await self._opened(at, user, answer, self.submissions.place(at, user, fill))
        if fill.recovery and fill.form.startswith(NOTE):
            asked = await self.submissions.again(at, user, activity, fill, data)
            if self.submissions.is_for_more(fill, asked):
                return await self._opened(at, user, asked, _nowhere(at), Sent({}, None, fill.nth + 1))
        return closed()

    async def _again(self, at: Tenant, user: User, activity: Activity, fill: Fill, sent: Sent) -> Reply:
        asked = await self.submissions.again(at, user, activity, fill, sent.given or {})
        return await self._opened(at, user, asked, self.submissions.place(at, user, fill), sent)

    async def _opened(self, at: Tenant, user: User, answer: Answer, place: Place, sent: Sent | None = None) -> Reply:
        if answer.refused:
            return refusal(answer.notice)
        card = await self.desk.drawn(at, user, answer, place, sent=sent)
        return opened(self.desk.title(answer, user), card or self.desk.notice(at, user, answer))

    @staticmethod
    def _word(user: User, text: str) -> Reply:
        return opened(say(user.language, "note_title"), notice_card(text, user.language))


def _data(activity: Activity) -> Data:
    """What a button or a form sent: Teams puts it into `data`."""
    data = activity.value.get("data")
    if not isinstance(data, dict):
        raise UnreadableCard
    return data


def _asked(answer: Answer, action: str) -> tuple[str, str, str] | None:
    """Title, label and question of a button of the panel, if it still asks back."""
    panel = answer.dialog
    rows = (row for group in panel.groups for row in group.rows) if isinstance(panel, Panel) else ()
    buttons = (button for row in rows for button in row.buttons)
    found = next((one for one in buttons if one.action == action and one.sure), None)
    return (panel.title, found.label, found.sure) if found and isinstance(panel, Panel) else None


def _words(message: Mapping[str, object]) -> str:
    """What stands in the message that somebody points at."""
    body = _dict(message, "body")
    content = str(body.get("content") or "")
    return said_html(content) if str(body.get("contentType") or HTML).lower() == HTML else content


def _is_by(user: User, message: Mapping[str, object]) -> bool:
    sender = _dict(_dict(message, "from"), "user")
    return bool(user.object_id) and sender.get("id") == user.object_id


def _nowhere(at: Tenant) -> Place:
    return Place(PLATFORM, at.workspace, "")


def _dict(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = body.get(name)
    return found if isinstance(found, dict) else {}
