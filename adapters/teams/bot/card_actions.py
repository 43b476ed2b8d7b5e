"""Taps on cards in the chat. Each is answered with the card as it is after the tap."""

from dataclasses import dataclass

from adapters.port import Answer, ButtonTap, Surface
from adapters.teams.bot.context import TeamsContext
from adapters.teams.bot.invoke_responses import MESSAGE_TYPE, InvokeResponse, refusal_response
from adapters.teams.bot.submissions import SubmissionHandler
from adapters.teams.cards import elements, input_values
from adapters.teams.cards.dialogs import ADAPTIVE_CARD_TYPE
from adapters.teams.cards.elements import FormData, TapData, UnknownCard, parse_form_data, parse_tap
from adapters.teams.cards.guide_card import guide_card_json
from adapters.teams.cards.guide_elements import inline_form
from adapters.teams.cards.input_values import RejectedForm, SubmittedData
from adapters.teams.cards.markup import Json
from adapters.teams.cards.message import card_message
from adapters.teams.cards.reminder import done_reminder_card, parse_reminder_tap
from adapters.teams.cards.words import say
from adapters.teams.directory.card_positions import MAX_MESSAGES_BELOW
from adapters.teams.directory.tenants import Tenant
from adapters.teams.directory.user import PLATFORM, TeamsUser
from adapters.teams.request import TeamsRequest
from flows.action_ids import Action, ActionKind
from flows.screens.elements import Card, HomeView
from flows.screens.inputs import Form
from flows.state.identity import Place

GUIDE_ACTION = Action(ActionKind.GUIDE).encode()


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
        match verb:
            case elements.FORM_VERB:
                return await self._form_submitted(request, user, data)
            case elements.REMINDER_VERB:
                return await self._reminder_tapped(request, user, data)
            case elements.HOME_VERB:
                return await self._home_tapped(request, user, data)
            case elements.TAP_VERB:
                return await self._guide_tapped(request, user, data)
            case _:
                raise UnknownCard

    async def _guide_tapped(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        tap = parse_tap(data)
        has_unsent_note = bool(tap.form_id) and input_values.has_unsent_note(data)
        if has_unsent_note and not tap.keeps_input:
            # What was typed on the card but not sent is recorded before the tap, so that it is not lost.
            form_data = FormData(tap.recovery_id, tap.form_id, 0)
            answer = await self.submissions.submit(request, user, form_data, data, wants_card=True)
            if answer.is_refused or answer.errors or answer.notice:
                return await self._card_response(request.tenant, user, answer, RejectedForm(answer.errors, data))
        self.context.drafts.forget(request.tenant.workspace, user.id, tap.recovery_id)
        answer = await self._tap(request, user, tap, Surface.CARD, wants_card=True)
        if isinstance(answer.dialog, Form) and not _has_form(answer.card, answer.dialog):
            await self._send_form_below(request, user, answer, answer.dialog)
        draft = None
        if has_unsent_note and tap.keeps_input and answer.card is not None and _form_id(answer.card) == tap.form_id:
            draft = self.context.drafts.keep(request.tenant.workspace, user.id, answer.card, data)
        return await self._card_response(request.tenant, user, answer, draft)

    async def _home_tapped(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        tap = parse_tap(data)
        await self._bring_guide_down(request, user, tap)
        answer = await self._tap(request, user, tap, Surface.HOME, wants_card=True)
        if isinstance(answer.next_view, HomeView):
            card = await self.context.home_card(request.tenant, answer.next_view, answer.language or user.language)
            return _card_result(card)
        return await self._card_response(request.tenant, user, answer)

    async def _reminder_tapped(self, request: TeamsRequest, user: TeamsUser, data: SubmittedData) -> InvokeResponse:
        """The reminder then says what was tapped. “Open guide” leaves it as it is."""
        tap, reminder = parse_tap(data), parse_reminder_tap(data)
        is_guide_tap = await self._bring_guide_down(request, user, tap)
        answer = await self._tap(request, user, tap, Surface.CARD, wants_card=False)
        language = answer.language or user.language
        if answer.is_refused:
            return refusal_response(answer.notice)
        if answer.notice or is_guide_tap:
            return _message_result(answer.notice or say(language, "moved_down"))
        return _card_result(done_reminder_card(reminder, language))

    async def _bring_guide_down(self, request: TeamsRequest, user: TeamsUser, tap: TapData) -> bool:
        """Let the guide come anew at the end of the chat, if the tap asks for it: nothing links to a message there."""
        if tap.action != GUIDE_ACTION:
            return False
        chat, _ = await self.context.directory.chat(request.tenant, user.id)
        positions = self.context.direct_messages.card_positions
        await positions.count_messages_below(request.tenant.workspace, chat, MAX_MESSAGES_BELOW + 1)
        return True

    async def _tap(
        self, request: TeamsRequest, user: TeamsUser, tap: TapData, surface: Surface, *, wants_card: bool
    ) -> Answer:
        return await self.context.application.receive(
            ButtonTap(
                f"tap:{request.activity.event_id}",
                user.person(request.tenant.workspace),
                tap.recovery_id,
                tap.card_revision,
                tap.action,
                surface,
                context=await self.context.request_context(request.tenant, user),
                wants_card=wants_card,
            )
        )

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
        self.context.drafts.forget(request.tenant.workspace, user.id, form_data.recovery_id)
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
    return card is not None and _form_id(card) == form.id


def _form_id(card: Card) -> str:
    form = inline_form(card)
    return form.id if form else ""


def _card_result(card: Json) -> InvokeResponse:
    return InvokeResponse(200, {"statusCode": 200, "type": ADAPTIVE_CARD_TYPE, "value": card})


def _message_result(text: str) -> InvokeResponse:
    """A message that only this person sees; the card stays as it is."""
    return InvokeResponse(200, {"statusCode": 200, "type": MESSAGE_TYPE, "value": text})
