"""Forms that were sent, from the card, the chat or a dialog: who is picked in them, and where a talk begins."""

from dataclasses import dataclass, replace

from adapters.port import Answer, ButtonTap, FormRequest, FormSubmission
from adapters.shared.crypto import InvalidSignature
from adapters.shared.directory import MembershipError
from adapters.shared.error_messages import error_text
from adapters.teams.bot.context import TeamsContext
from adapters.teams.cards import input_values
from adapters.teams.cards.elements import FormData
from adapters.teams.cards.input_values import SubmittedData
from adapters.teams.cards.words import say
from adapters.teams.directory.people import TeamsUser
from adapters.teams.directory.tenants import Tenant
from adapters.teams.request import TeamsRequest
from flows.screens.elements import Form
from flows.state.identity import Person, Place

NOTE_FORM = "note:"
OPEN_ACTION = "open:"


@dataclass(frozen=True, slots=True)
class SubmissionHandler:
    """What somebody filled in."""

    context: TeamsContext

    async def submit(
        self,
        request: TeamsRequest,
        user: TeamsUser,
        fill: FormData,
        data: SubmittedData,
        *,
        card: bool,
    ) -> Answer:
        """Take a form in. `card`: answer with the recovery's card.

        Raises:
            Forged, UnreadableCard: it is not one of ours.

        """
        if not (fill.recovery_id or fill.signed_place):  # whoever may begin something was given a sealed place to do so
            raise InvalidSignature
        given = input_values.read_answers(data)
        answers: dict[str, str | tuple[str, ...] | Person] = dict(given.answers)
        conversation, thread = self.context.verify_place(request.tenant, user, fill.signed_place)
        if given.person_id:
            try:
                colleague = await self.context.directory.colleague(
                    request.tenant, conversation or request.activity.conversation, given.person_id
                )
            except MembershipError as error:
                return Answer(errors={"person": error_text(say, user.language, error)}, recovery_id=fill.recovery_id)
            answers["person"] = colleague.person(request.tenant.workspace)
        scene = await self.context.request_context(request.tenant, user, conversation, thread)
        event_id = f"form:{request.activity.event_id}"
        actor = user.person(request.tenant.workspace)
        answer = await self.context.application.receive(
            FormSubmission(event_id, actor, scene, fill.recovery_id, fill.form_id, answers, card)
        )
        if scene.has_external_users:
            self.context.audience.confirm(request.tenant, conversation)
        return answer

    async def requested_form(
        self, request: TeamsRequest, user: TeamsUser, fill: FormData, data: SubmittedData
    ) -> Answer:
        """The same form, as it is asked for now: to show what was wrong with it, or for one more note."""
        actor = user.person(request.tenant.workspace)
        if fill.recovery_id:
            return await self.context.application.receive(
                ButtonTap(
                    f"again:{request.activity.event_id}", actor, fill.recovery_id, 0, f"{OPEN_ACTION}{fill.form_id}"
                )
            )
        scene = await self.context.request_context(
            request.tenant, user, *self.context.verify_place(request.tenant, user, fill.signed_place)
        )
        message = str(
            input_values.read_answers(data).answers.get("message", "")
        )  # of a message's menu: it has a field of its own
        answer = await self.context.application.receive(FormRequest(actor, scene, fill.form_id, message))
        if not isinstance(answer.dialog, Form):
            return answer
        return replace(answer, dialog=replace(answer.dialog, id=fill.form_id))  # it names the flow

    def place(self, tenant: Tenant, user: TeamsUser, fill: FormData) -> Place:
        """Where a talk begins with this form."""
        return Place(
            user.person(tenant.workspace).platform,
            tenant.workspace,
            *self.context.verify_place(tenant, user, fill.signed_place),
        )

    @staticmethod
    def may_repeat(fill: FormData, answer: Answer) -> bool:
        """Whether the form is one that is seldom filled alone."""
        return fill.form_id.startswith(NOTE_FORM) and isinstance(answer.dialog, Form) and answer.dialog.may_repeat
