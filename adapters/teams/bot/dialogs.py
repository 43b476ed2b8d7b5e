"""Dialogs (the SDK calls them task modules): what opens one, and what is sent from one."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.port import Answer, ButtonTap, CheckRequest, StartRequest, Surface
from adapters.teams.activity import CHECK_COMMAND_ID, Scope
from adapters.teams.bot.context import TeamsContext, account_place
from adapters.teams.bot.invoke_responses import InvokeResponse, close_dialog, open_dialog, refusal_response
from adapters.teams.bot.submissions import SubmissionHandler
from adapters.teams.cards.elements import UnknownCard, is_form_data, parse_form_data, parse_tap
from adapters.teams.cards.input_values import RejectedForm, SubmittedData
from adapters.teams.directory.tenants import Tenant
from adapters.teams.directory.user import TeamsUser
from adapters.teams.payload_fields import is_id
from adapters.teams.request import TeamsRequest
from adapters.teams.text.payload_text import payload_text
from flows.screens.elements import Confirmation, HomeView, Panel
from flows.screens.inputs import Form
from flows.state.identity import Place


@dataclass(frozen=True, slots=True)
class DialogHandler:
    """Handles what opens a dialog and what is sent from one."""

    context: TeamsContext
    submissions: SubmissionHandler

    async def fetch(self, request: TeamsRequest, data: object) -> InvokeResponse:
        """Handle a button that opens a dialog.

        Raises:
            UnknownCard: it is not from a card of ours.

        """
        return await self._button_tapped(
            request, await self.context.directory.requester(request.tenant, request.activity), _submitted_data(data)
        )

    async def submit(self, request: TeamsRequest, data: object) -> InvokeResponse:
        """Handle a form, or a tap in the dialog that “More” opened.

        Raises:
            InvalidSignature, UnknownCard: it is not from a dialog of ours.

        """
        data = _submitted_data(data)
        user = await self.context.directory.requester(request.tenant, request.activity)
        if is_form_data(data):
            return await self._form_submitted(request, user, data)
        return await self._button_tapped(request, user, data)

    async def message_action(self, request: TeamsRequest, command_id: object, payload: object) -> InvokeResponse:
        """Handle an action on a message: a recovery in its thread, its text as a fact; or hints on its words."""
        user = await self.context.directory.requester(request.tenant, request.activity)
        message = payload if isinstance(payload, dict) else {}
        conversation, thread = account_place(request.activity)
        if request.activity.scope is Scope.CHANNEL:
            ids = (message.get("replyToId"), message.get("id"))
            thread = next((str(one) for one in ids if is_id(one)), thread)
        request_context = await self.context.request_context(request.tenant, user, conversation, thread)
        person, text, is_own = (
            user.person(request.tenant.workspace),
            payload_text(message),
            _is_written_by(user, message),
        )
        event_id = f"hints:{request.activity.event_id}"
        answer = await self.context.application.receive(
            CheckRequest(event_id, person, request_context, text, is_own_message=is_own)
            if command_id == CHECK_COMMAND_ID
            else StartRequest(person, request_context, "" if is_own else text)
        )
        return await self._dialog_response(request.tenant, user, answer, answer.dialog, request_context.place)

    async def _button_tapped(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        tap = parse_tap(data)
        request_context = await self.context.request_context(request.tenant, user)
        answer = await self.context.application.receive(
            ButtonTap(
                f"tap:{request.activity.event_id}",
                user.person(request.tenant.workspace),
                tap.recovery_id,
                tap.card_revision,
                tap.action,
                Surface.PANEL,
                is_confirmed=not tap.needs_confirmation,
                context=request_context,
            )
        )
        screen = answer.dialog or answer.next_view  # the dialog stays open for more taps
        return await self._dialog_response(request.tenant, user, answer, screen, request_context.place)

    async def _form_submitted(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        form_data = parse_form_data(data)
        answer = await self.submissions.submit(request, user, form_data, data, wants_card=False)
        if answer.is_refused:
            return refusal_response(answer.notice)
        place = self.submissions.place(request.tenant, user, form_data)
        if answer.errors:
            rejected_form = RejectedForm(answer.errors, data, form_data.repeat)
            return await self._dialog_response(request.tenant, user, answer, answer.next_view, place, rejected_form)
        if answer.notice or answer.dialog:
            return await self._dialog_response(request.tenant, user, answer, answer.dialog, place)
        if isinstance(answer.next_view, Panel):
            return await self._dialog_response(request.tenant, user, answer, answer.next_view, place)
        if isinstance(answer.next_view, Form):
            next_form = RejectedForm({}, None, form_data.repeat + 1)
            return await self._dialog_response(request.tenant, user, answer, answer.next_view, place, next_form)
        return close_dialog()

    async def _dialog_response(
        self,
        tenant: Tenant,
        user: TeamsUser,
        answer: Answer,
        screen: Form | Panel | HomeView | Confirmation | None,
        place: Place,
        rejected_form: RejectedForm | None = None,
    ) -> InvokeResponse:
        """A dialog with what the answer shows; with its notice if it shows nothing."""
        if answer.is_refused:
            return refusal_response(answer.notice)
        card = await self.context.dialog_card(tenant, user, answer, screen, place, rejected_form=rejected_form)
        title = self.context.title(answer, screen, user)
        return open_dialog(title, card or self.context.notice_card(tenant, user, answer))


def _submitted_data(data: object) -> SubmittedData:
    """The data of a button or a form.

    Raises:
        UnknownCard: it is not from a card of ours.

    """
    if not isinstance(data, dict):
        raise UnknownCard
    return data


def _is_written_by(user: TeamsUser, message: Mapping[str, object]) -> bool:
    sender = _dict(_dict(message, "from"), "user")
    return bool(user.object_id) and sender.get("id") == user.object_id


def _dict(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}
