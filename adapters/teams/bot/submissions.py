"""Forms that were sent, from the card, the chat or a dialog: who is picked in them, and where a talk begins."""

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
from adapters.teams.directory.people import TeamsUser
from adapters.teams.directory.tenants import Tenant
from adapters.teams.request import TeamsRequest
from flows.state.identity import Person, Place


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
        person_error = ""
        if given.person_id:
            try:
                colleague = await self.context.directory.colleague(
                    request.tenant, conversation or request.activity.conversation, given.person_id
                )
                answers["person"] = colleague.person(request.tenant.workspace)
            except MembershipError as error:
                person_error = error_text(say, user.language, error)  # the application says then that nobody is named
        scene = await self.context.request_context(request.tenant, user, conversation, thread)
        event_id = f"form:{request.activity.event_id}"
        actor = user.person(request.tenant.workspace)
        answer = await self.context.application.receive(
            FormSubmission(
                event_id,
                actor,
                scene,
                fill.recovery_id,
                fill.form_id,
                answers,
                Surface.CARD if card else Surface.PANEL,
                wants_card=card,
            )
        )
        if scene.has_external_users:
            self.context.audience.confirm(request.tenant, conversation)
        if person_error and "person" in answer.errors:
            return replace(answer, errors=answer.errors | {"person": person_error})
        return answer

    def place(self, tenant: Tenant, user: TeamsUser, fill: FormData) -> Place:
        """Where a talk begins with this form."""
        return Place(
            user.person(tenant.workspace).platform,
            tenant.workspace,
            *self.context.verify_place(tenant, user, fill.signed_place),
        )
