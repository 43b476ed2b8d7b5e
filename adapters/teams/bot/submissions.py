"""Forms sent from the card, the chat or a dialog: their answers, the chosen colleague, and the signed place."""

from dataclasses import dataclass, replace

from adapters.port import Answer, FormSubmission, Surface
from adapters.shared.crypto import InvalidSignature
from adapters.shared.directory import MembershipError
from adapters.shared.error_messages import error_text
from adapters.teams.bot.context import TeamsContext
from adapters.teams.cards import input_values
from adapters.teams.cards.elements import FormData
from adapters.teams.cards.input_values import SubmittedData
from adapters.teams.cards.words import say
from adapters.teams.directory.tenants import Tenant
from adapters.teams.directory.user import TeamsUser
from adapters.teams.request import TeamsRequest
from flows.state.identity import Person, Place


@dataclass(frozen=True, slots=True)
class SubmissionHandler:
    """Handles forms."""

    context: TeamsContext

    async def submit(
        self,
        request: TeamsRequest,
        user: TeamsUser,
        form_data: FormData,
        data: SubmittedData,
        *,
        wants_card: bool,
    ) -> Answer:
        """Pass a form to the application. `wants_card`: the answer shall contain the recovery's card.

        Raises:
            InvalidSignature, FormOfOtherPerson, UnknownCard: it is not a form that this person was given.

        """
        if not (
            form_data.recovery_id or form_data.signed_place
        ):  # a form that starts a recovery comes with a signed place
            raise InvalidSignature
        form_input = input_values.read_answers(data)
        answers: dict[str, str | tuple[str, ...] | Person] = dict(form_input.answers)
        conversation, thread = self.context.verify_place(request.tenant, user, form_data.signed_place)
        person_error = ""
        if form_input.person_id:
            try:
                colleague = await self.context.directory.colleague(
                    request.tenant, conversation or request.activity.conversation, form_input.person_id
                )
                answers["person"] = colleague.person(request.tenant.workspace)
            except MembershipError as error:
                person_error = error_text(
                    say, user.language, error
                )  # the application then answers that nobody is named
        request_context = await self.context.request_context(request.tenant, user, conversation, thread)
        event_id = f"form:{request.activity.event_id}"
        actor = user.person(request.tenant.workspace)
        answer = await self.context.application.receive(
            FormSubmission(
                event_id,
                actor,
                request_context,
                form_data.recovery_id,
                form_data.form_id,
                answers,
                Surface.CARD if wants_card else Surface.PANEL,
                wants_card=wants_card,
            )
        )
        if request_context.has_external_users:
            self.context.audience.confirm(request.tenant, conversation)
        if person_error and "person" in answer.errors:
            return replace(answer, errors=answer.errors | {"person": person_error})
        return answer

    def place(self, tenant: Tenant, user: TeamsUser, form_data: FormData) -> Place:
        """The place where this form starts a recovery."""
        return Place(
            user.person(tenant.workspace).platform,
            tenant.workspace,
            *self.context.verify_place(tenant, user, form_data.signed_place),
        )
