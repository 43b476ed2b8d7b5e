"""Forms that were submitted: their values, and what the modal shows next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from slack_bolt import BoltResponse

from adapters.port import Answer, FormSubmission, Surface
from adapters.shared.crypto import InvalidSignature
from adapters.shared.directory import MembershipError
from adapters.shared.error_messages import error_text
from adapters.slack.blocks import view_values
from adapters.slack.blocks.modals import notice_view
from adapters.slack.blocks.words import say
from adapters.slack.directory.installations import Installation
from adapters.slack.directory.people import SlackUser
from adapters.slack.listeners.actions import ActionListener
from adapters.slack.listeners.context import SlackContext, json_response
from adapters.slack.listeners.payload_types import View, ViewSubmission
from flows.screens.elements import HomeView
from flows.state.identity import Person

DIGEST_DIGITS = 32
"""Digits of a digest that are kept: half of them are enough to tell two forms apart."""


@dataclass(frozen=True, slots=True)
class FormMetadata:
    """What a view's signed metadata holds: the recovery, the form, how often it was shown in a row, and the place."""

    recovery_id: str
    form_id: str
    repeat: int
    conversation: str
    thread: str


@dataclass(frozen=True, slots=True)
class SlackSubmissionListener:
    """Handles forms."""

    context: SlackContext
    actions: ActionListener

    async def form_submission(self, installation: Installation, payload: ViewSubmission) -> BoltResponse:
        """Hand a form to the application; then close it, show errors, or show the same form again."""
        view = payload.view
        metadata = self._read_metadata(view)
        user = await self.context.people.requester(installation, payload.user.id)
        values = view_values.state_values(view.state, view.blocks)
        form_input = view_values.read_view_values(values)
        answers: dict[str, str | tuple[str, ...] | Person] = dict(form_input.answers)
        if form_input.person_id:
            try:
                colleague = await self.context.people.colleague(installation, form_input.person_id)
            except MembershipError as error:
                errors = {"person": error_text(say, user.language, error)}
                return _errors(errors, values, user.language)
            answers["person"] = colleague.person(installation.workspace)
        request_context = await self.context.request_context(installation, user, metadata.conversation, metadata.thread)
        submission = FormSubmission(
            f"form:{view.id}:{view.hash or ''}:{metadata.repeat}:{_digest(values)}",
            user.person(installation.workspace),
            request_context,
            metadata.recovery_id,
            metadata.form_id,
            answers,
            Surface.PANEL,
        )
        answer = await self.context.application.receive(submission)
        if request_context.has_external_users:
            self.context.channels.confirm(installation, metadata.conversation)
        if answer.errors:
            return _errors(answer.errors, values, answer.language or user.language)
        if isinstance(answer.next_view, HomeView):
            await self.context.publish_home(installation, user, answer)
            return json_response({"response_action": "clear"})
        return self._next(installation, payload, user, metadata, answer)

    def _next(
        self,
        installation: Installation,
        payload: ViewSubmission,
        user: SlackUser,
        metadata: FormMetadata,
        answer: Answer,
    ) -> BoltResponse:
        if answer.notice:
            language = answer.language or user.language
            notice = notice_view(answer.notice, language)
            if answer.recovery_id:
                notice["blocks"] += self.context.guide_link(installation, payload.api_app_id, language)
            return json_response({"response_action": "update", "view": notice})
        view = self.context.view(answer.next_view, answer, user.language, nth=metadata.repeat + 1)
        return json_response({"response_action": "update", "view": view} if view else {"response_action": "clear"})

    def _read_metadata(self, view: View) -> FormMetadata:
        """The signed metadata of a form.

        Raises:
            InvalidSignature: this app did not make it.

        """
        value = self.context.signer.verify(view.private_metadata or "")
        if not isinstance(value, dict) or not {"recovery", "form", "nth"} <= set(value):
            raise InvalidSignature
        texts = (str(value.get(name, "")) for name in ("conversation", "thread"))
        return FormMetadata(str(value["recovery"]), str(value["form"]), int(value["nth"]), *texts)


def _digest(values: view_values.Values) -> str:
    """A digest of the values: a form that was stored but answered too late may be changed and submitted once more."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:DIGEST_DIGITS]


def _errors(errors: Mapping[str, str], values: view_values.Values, language: str) -> BoltResponse:
    """Errors at the fields; what was typed stays. A view without fields says what is wrong in their place."""
    errors_by_block = view_values.errors_by_block(errors, values)
    if errors_by_block:
        return json_response({"response_action": "errors", "errors": errors_by_block})
    view = notice_view(" ".join(errors.values()), language)
    return json_response({"response_action": "update", "view": view})
