"""Dialogs: what opens one, and what is sent from one. Those of a message's menu are the same with another name."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.port import Answer, ButtonTap, FormRequest
from adapters.teams.activity import Scope
from adapters.teams.bot.context import TeamsContext, account_place
from adapters.teams.bot.invoke_responses import InvokeResponse, close_dialog, open_dialog, refusal_response
from adapters.teams.bot.submissions import NOTE_FORM, OPEN_ACTION, SubmissionHandler
from adapters.teams.cards.dialogs import confirm_card
from adapters.teams.cards.elements import FormData, UnknownCard, is_form_data, parse_form_data, parse_tap
from adapters.teams.cards.input_values import RejectedForm, SubmittedData
from adapters.teams.cards.markup import read_html
from adapters.teams.directory.people import PLATFORM, TeamsUser
from adapters.teams.directory.tenants import Tenant
from adapters.teams.request import TeamsRequest
from flows.screens.elements import Panel
from flows.state.identity import Place

MORE_ACTION = "open:more"
HTML = "html"


@dataclass(frozen=True, slots=True)
class DialogHandler:
    """What somebody does in a dialog."""

    context: TeamsContext
    submissions: SubmissionHandler

    async def fetch(self, request: TeamsRequest, data: object) -> InvokeResponse:
        """A button that opens a dialog.

        Raises:
            UnreadableCard: not one of ours.

        """
        return await self._button_tapped(
            request, await self.context.directory.requester(request.tenant, request.activity), _submitted_data(data)
        )

    async def submit(self, request: TeamsRequest, data: object) -> InvokeResponse:
        """A form, or a tap in what “More” opened.

        Raises:
            Forged, UnreadableCard: not one of ours.

        """
        data = _submitted_data(data)
        user = await self.context.directory.requester(request.tenant, request.activity)
        if is_form_data(data):
            return await self._form_submitted(request, user, data)
        return await self._button_tapped(request, user, data)

    async def message_action(self, request: TeamsRequest, payload: object) -> InvokeResponse:
        """“Recover trust from here”, on a message: the talk is bound to its thread, its words can be the first fact."""
        user = await self.context.directory.requester(request.tenant, request.activity)
        message = payload if isinstance(payload, dict) else {}
        conversation, thread = account_place(request.activity)
        if request.activity.scope is Scope.CHANNEL:
            thread = str(message.get("replyToId") or message.get("id") or thread)
        scene = await self.context.request_context(request.tenant, user, conversation, thread)
        text = "" if _is_written_by(user, message) else _message_text(message)
        answer = await self.context.application.receive(
            FormRequest(user.person(request.tenant.workspace), scene, "start", text)
        )
        return await self._dialog_response(request.tenant, user, answer, scene.place)

    async def _button_tapped(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        tap = parse_tap(data)
        actor = user.person(request.tenant.workspace)
        if not tap.recovery_id:
            scene = await self.context.request_context(request.tenant, user)
            answer = await self.context.application.receive(
                FormRequest(actor, scene, tap.action.removeprefix(OPEN_ACTION))
            )
            return await self._dialog_response(request.tenant, user, answer, scene.place)
        if tap.needs_confirmation:
            panel = await self.context.application.receive(
                ButtonTap(f"sure:{request.activity.event_id}", actor, tap.recovery_id, tap.card_revision, MORE_ACTION)
            )
            asked = _confirmation_of(panel, tap.action)
            if asked is not None:
                title, label, sure = asked
                return open_dialog(title, confirm_card(label, sure, data, panel.language or user.language))
        answer = await self.context.application.receive(
            ButtonTap(f"tap:{request.activity.event_id}", actor, tap.recovery_id, tap.card_revision, tap.action)
        )
        if answer.is_refused or answer.notice or answer.dialog:
            return await self._dialog_response(request.tenant, user, answer, _nowhere(request.tenant))
        panel = await self.context.application.receive(
            ButtonTap(f"more:{request.activity.event_id}", actor, tap.recovery_id, 0, MORE_ACTION)
        )  # the dialog stays open, as it is after the tap: one may go on tapping
        return await self._dialog_response(request.tenant, user, panel, _nowhere(request.tenant))

    async def _form_submitted(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        fill = parse_form_data(data)
        answer = await self.submissions.submit(request, user, fill, data, card=False)
        if answer.is_refused:
            return refusal_response(answer.notice)
        if answer.errors:
            return await self._again(request, user, fill, RejectedForm(answer.errors, data, fill.repeat))
        if answer.notice or (answer.dialog is not None):
            return await self._dialog_response(
                request.tenant, user, answer, self.submissions.place(request.tenant, user, fill)
            )
        if fill.recovery_id and fill.form_id.startswith(NOTE_FORM):
            asked = await self.submissions.requested_form(request, user, fill, data)
            if self.submissions.may_repeat(fill, asked):
                return await self._dialog_response(
                    request.tenant, user, asked, _nowhere(request.tenant), RejectedForm({}, None, fill.repeat + 1)
                )
        return close_dialog()

    async def _again(
        self, request: TeamsRequest, user: TeamsUser, fill: FormData, sent: RejectedForm
    ) -> InvokeResponse:
        asked = await self.submissions.requested_form(request, user, fill, sent.data or {})
        return await self._dialog_response(
            request.tenant, user, asked, self.submissions.place(request.tenant, user, fill), sent
        )

    async def _dialog_response(
        self, tenant: Tenant, user: TeamsUser, answer: Answer, place: Place, sent: RejectedForm | None = None
    ) -> InvokeResponse:
        if answer.is_refused:
            return refusal_response(answer.notice)
        card = await self.context.dialog_card(tenant, user, answer, place, sent=sent)
        return open_dialog(self.context.title(answer, user), card or self.context.notice_card(tenant, user, answer))


def _submitted_data(data: object) -> SubmittedData:
    """What a button or a form sent.

    Raises:
        UnknownCard: nothing that one of ours sends.

    """
    if not isinstance(data, dict):
        raise UnknownCard
    return data


def _confirmation_of(answer: Answer, action: str) -> tuple[str, str, str] | None:
    """Title, label and question of a button of the panel, if it still asks back."""
    panel = answer.dialog
    rows = (row for group in panel.groups for row in group.rows) if isinstance(panel, Panel) else ()
    buttons = (button for row in rows for button in row.buttons)
    found = next((one for one in buttons if one.action == action and one.confirmation), None)
    return (panel.title, found.label, found.confirmation) if found and isinstance(panel, Panel) else None


def _message_text(message: Mapping[str, object]) -> str:
    """What stands in the message that somebody points at."""
    body = _dict(message, "body")
    content = str(body.get("content") or "")
    return read_html(content) if str(body.get("contentType") or HTML).lower() == HTML else content


def _is_written_by(user: TeamsUser, message: Mapping[str, object]) -> bool:
    sender = _dict(_dict(message, "from"), "user")
    return bool(user.object_id) and sender.get("id") == user.object_id


def _nowhere(tenant: Tenant) -> Place:
    return Place(PLATFORM, tenant.workspace, "")


def _dict(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = body.get(name)
    return found if isinstance(found, dict) else {}
