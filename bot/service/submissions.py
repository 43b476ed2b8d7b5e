"""A form that was sent: what happens by it, what is wrong with it, and what its dialog shows then."""

from dataclasses import replace

from adapters.port import Answer, FormSubmission
from bot.service import command, preferences
from bot.service.apply_event import (
    WORDS_DIALOG_ID,
    LockedRecovery,
    apply_to_locked,
    claim_event,
    dialog_for,
    lock_recovery,
)
from bot.service.start import start_form, start_recovery
from bot.service.transaction import RequestTransaction, TransactionResult
from flows.action_ids import FormKind, decode_form_id
from flows.errors import TrustRecoverError
from flows.input.form_answers import FormErrors, event_from_form, read_start_form
from flows.screens.inputs import Form
from flows.state.events import HandOver


def handle_submission(transaction: RequestTransaction, submission: FormSubmission) -> TransactionResult:
    """Take in a form of a recovery, once by its event id."""
    locked_recovery = lock_recovery(transaction, submission.recovery_id, submission.actor)
    if isinstance(locked_recovery, Answer):
        return TransactionResult(locked_recovery)
    is_new = claim_event(transaction, submission.event_id, submission.actor, submission.recovery_id)
    if not is_new:
        return TransactionResult(_finished_answer(transaction, locked_recovery, submission))
    try:
        event = event_from_form(
            locked_recovery.flow,
            locked_recovery.recovery,
            submission.form_id,
            submission.answers,
            submission.actor,
            locked_recovery.localizer,
            transaction.now,
            transaction.registry.coach,
        )
    except TrustRecoverError:
        return TransactionResult(
            replace(locked_recovery.answer(submission), notice=locked_recovery.localizer.text("error.gone"))
        )
    if isinstance(event, FormErrors):
        form = dialog_for(locked_recovery, submission.actor, submission.form_id, transaction.now)
        return TransactionResult(replace(locked_recovery.answer(submission), errors=event.by_input, next_view=form))
    if isinstance(event, HandOver):
        event = command.with_known_hours(transaction.connection, event)
    applied_event = apply_to_locked(transaction, locked_recovery, event)
    answer = _finished_answer(transaction, applied_event.locked_recovery, submission)
    return TransactionResult(answer, applied_event.effects, has_changes=applied_event.is_saved)


def handle_start_form(transaction: RequestTransaction, submission: FormSubmission) -> TransactionResult:
    """Start a recovery with what the form says."""
    actor, context, flow_id = submission.actor, submission.context, decode_form_id(submission.form_id).subject
    localizer = preferences.localizer_for(transaction, actor, context)
    start_answers = read_start_form(submission.answers, localizer)
    if isinstance(start_answers, FormErrors):
        message = submission.answers.get("message")
        form = start_form(transaction, context, localizer, flow_id, message if isinstance(message, str) else "")
        answer = Answer(errors=start_answers.by_input, next_view=form, language=localizer.language)
        return TransactionResult(answer)
    return start_recovery(transaction, submission, start_answers, flow_id, localizer)


def _finished_answer(
    transaction: RequestTransaction, locked_recovery: LockedRecovery, submission: FormSubmission
) -> Answer:
    """The answer to a form that was taken in: the same form, empty, where people seldom send only one."""
    answer = locked_recovery.answer(submission)
    if decode_form_id(submission.form_id).kind is FormKind.CHECK:
        return replace(
            answer, next_view=dialog_for(locked_recovery, submission.actor, WORDS_DIALOG_ID, transaction.now)
        )
    form = dialog_for(locked_recovery, submission.actor, submission.form_id, transaction.now)
    return replace(answer, next_view=form) if isinstance(form, Form) and form.may_repeat else answer
