"""Forms that were sent, from the card, the chat or a dialog: who is picked in them, and where a talk begins."""

from dataclasses import dataclass, replace

from adapters.port import Answer, ButtonTap, FormRequest, FormSubmission, Undeliverable
from adapters.shared.crypto import InvalidSignature
from adapters.teams.bot.context import TeamsContext
from adapters.teams.cards import input_values
from adapters.teams.cards.elements import FormData
from adapters.teams.cards.input_values import SubmittedData
from adapters.teams.cards.words import say
from adapters.teams.directory.people import TeamsUser, is_bot_id
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
        if not fill.recovery_id and user.is_external:
            return Answer(notice=say(user.language, "members_only"), is_refused=True)
        if not (fill.recovery_id or fill.signed_place):  # whoever may begin something was given a sealed place to do so
            raise InvalidSignature
        given = input_values.read_answers(data)
        answers: dict[str, str | tuple[str, ...] | Person] = dict(given.answers)
        conversation, thread = self.context.verify_place(request.tenant, user, fill.signed_place)
        if given.person_id:
            person = await self._chosen_colleague(
                request.tenant, conversation or request.activity.conversation, given.person_id
            )
            if person is None:
                return Answer(errors={"person": say(user.language, "pick_a_colleague")}, recovery_id=fill.recovery_id)
            answers["person"] = person
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

    async def _chosen_colleague(self, tenant: Tenant, conversation: str, user_id: str) -> Person | None:
        """The colleague who was picked, unless it is none: a list can be old, and what comes back can be anything."""
        if is_bot_id(user_id):
            return None
        try:
            person = await self.context.directory.user(tenant, conversation, user_id)
        except Undeliverable:
            return None
        return None if person.is_external else person.person(tenant.workspace)
