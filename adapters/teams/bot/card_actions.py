"""Taps on cards in the chat. Each is answered with the card as it is after the tap."""

from dataclasses import dataclass

from adapters.port import Answer, ButtonTap, Surface
from adapters.teams.bot.context import TeamsContext
from adapters.teams.bot.invoke_responses import MESSAGE_TYPE, InvokeResponse, refusal_response
from adapters.teams.bot.submissions import SubmissionHandler
from adapters.teams.cards import input_values
from adapters.teams.cards.dialogs import ADAPTIVE_CARD_TYPE, home_card
from adapters.teams.cards.elements import (
    FORM_VERB,
    HOME_VERB,
    TAP_VERB,
    FormData,
    UnknownCard,
    parse_form_data,
    parse_tap,
)
from adapters.teams.cards.guide_card import guide_card_json
from adapters.teams.cards.input_values import RejectedForm, SubmittedData
from adapters.teams.cards.markup import Json
from adapters.teams.cards.message import card_message
from adapters.teams.directory.tenants import Tenant
from adapters.teams.directory.user import PLATFORM, TeamsUser
from adapters.teams.request import TeamsRequest
from flows.screens.elements import Card, HomeView, InlineForm
from flows.screens.inputs import Form
from flows.state.identity import Place


@dataclass(frozen=True, slots=True)
class CardActionHandler:
    """Handles taps and forms on cards in the chat."""

    context: TeamsContext
    submissions: SubmissionHandler

    async def execute(self, request: TeamsRequest, action: object) -> InvokeResponse:
        """Handle an `Action.Execute`.

        Raises:
            UnknownCard: it is not from a card of ours.

        """
        if not isinstance(action, dict) or not isinstance(action.get("data"), dict):
            raise UnknownCard
        verb, data = action.get("verb"), action["data"]
        user = await self.context.directory.requester(request.tenant, request.activity)
        if verb == FORM_VERB:
            return await self._form_submitted(request, user, data)
        if verb not in (TAP_VERB, HOME_VERB):  # it may be of any type
            raise UnknownCard
        return await self._button_tapped(request, user, data, is_home=verb == HOME_VERB)

    async def _button_tapped(
        self, request: TeamsRequest, user: TeamsUser, data: SubmittedData, *, is_home: bool
    ) -> InvokeResponse:
        tap = parse_tap(data)
        # What was typed on the card but not sent is recorded before the tap, so that it is not lost.
        if tap.form_id and input_values.has_unsent_note(data):
            form_data = FormData(tap.recovery_id, tap.form_id, 0)
            answer = await self.submissions.submit(request, user, form_data, data, wants_card=True)
            if answer.is_refused or answer.errors or answer.notice:
                return await self._card_response(request.tenant, user, answer, RejectedForm(answer.errors, data))
        answer = await self.context.application.receive(
            ButtonTap(
                f"tap:{request.activity.event_id}",
                user.person(request.tenant.workspace),
                tap.recovery_id,
                tap.card_revision,
                tap.action,
                Surface.HOME if is_home else Surface.CARD,
                context=await self.context.request_context(request.tenant, user),
                wants_card=True,
            )
        )
        if isinstance(answer.next_view, HomeView):
            return _card_result(home_card(answer.next_view, answer.language or user.language))
        if isinstance(answer.dialog, Form) and not _has_form(answer.card, answer.dialog):
            await self._send_form_below(request, user, answer, answer.dialog)
        return await self._card_response(request.tenant, user, answer)

    async def _send_form_below(self, request: TeamsRequest, user: TeamsUser, answer: Answer, form: Form) -> None:
        """Send a form below the guide: a tap that is answered with the card cannot open a dialog."""
        place = answer.place or Place(PLATFORM, request.tenant.workspace, "")
        if card := await self.context.dialog_card(request.tenant, user, answer, form, place, is_chat=True):
            await self.context.direct_messages.reply_privately(request, user, card_message(card, form.title))

    async def _form_submitted(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        form_data = parse_form_data(data)
        is_card_form = (
            bool(form_data.recovery_id) and not form_data.signed_place
        )  # a form below the guide sends its place along
        answer = await self.submissions.submit(request, user, form_data, data, wants_card=is_card_form)
        if is_card_form or answer.is_refused or not answer.errors:
            return await self._card_response(
                request.tenant, user, answer, RejectedForm(answer.errors, data) if answer.errors else None
            )
        place = self.submissions.place(request.tenant, user, form_data)
        rejected_form = RejectedForm(answer.errors, data, form_data.repeat)
        return _card_result(
            await self.context.dialog_card(
                request.tenant, user, answer, answer.next_view, place, is_chat=True, rejected_form=rejected_form
            )
            or {}
        )

    async def _card_response(
        self, tenant: Tenant, user: TeamsUser, answer: Answer, rejected_form: RejectedForm | None = None
    ) -> InvokeResponse:
        """The card as it is now. If there is a notice, only that is shown; delivery then updates the card."""
        if answer.is_refused:
            return refusal_response(answer.notice)
        if answer.card is None:
            return _card_result(self.context.notice_card(tenant, user, answer))
        if answer.notice:
            return _message_result(answer.notice)
        language = answer.language or user.language
        link = await self.context.thread_link(tenant, answer.place)
        return _card_result(guide_card_json(answer.card, language, answer.place, link, rejected_form=rejected_form))


def _has_form(card: Card | None, form: Form) -> bool:
    """Whether the card shows this form's inputs."""
    return card is not None and any(isinstance(one, InlineForm) and one.form.id == form.id for one in card.elements)


def _card_result(card: Json) -> InvokeResponse:
    return InvokeResponse(200, {"statusCode": 200, "type": ADAPTIVE_CARD_TYPE, "value": card})


def _message_result(text: str) -> InvokeResponse:
    """A message that only this person sees; the card stays as it is."""
    return InvokeResponse(200, {"statusCode": 200, "type": MESSAGE_TYPE, "value": text})
