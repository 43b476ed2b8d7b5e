"""Words to check that come from outside of the guide: a message of one's own, or what was typed behind "check"."""

from dataclasses import replace

from adapters.port import Answer, CheckRequest, TypedCommand
from bot.service import preferences
from bot.service.apply_event import WORDS_DIALOG_ID, apply_to_locked, claim_event, dialog_for, lock_recovery
from bot.service.transaction import RequestTransaction, TransactionResult
from bot.storage import queries, recoveries
from flows.action_ids import FormId, FormKind
from flows.coach.recovery_context import checked_text, checked_text_alone
from flows.limits import MAX_TEXT_CHARACTERS
from flows.screens.draft_panel import checked_text_panel, checked_text_summary, refusal_panel
from flows.state.draft_events import CheckDraft
from flows.state.events import OpenDialog
from flows.state.identity import Person, Place
from flows.text import clean_text
from flows.wording.localization import Localizer


def handle_check_request(transaction: RequestTransaction, request: CheckRequest) -> TransactionResult:
    """Answer with the hints on a message; with a recovery here, the message becomes its draft."""
    localizer = preferences.localizer_for(transaction, request.actor, request.context)
    text = clean_text(request.message)
    if problem := _problem(text, localizer, is_own=request.is_own_message):
        return TransactionResult(Answer(refusal_panel(problem, localizer), language=localizer.language))
    recovery_id = _recovery_here(transaction, request.actor, request.context.place)
    if recovery_id is None:
        checked = checked_text_alone(transaction.registry.coach, localizer.language, text)
        return TransactionResult(Answer(checked_text_panel(checked, localizer), language=localizer.language))
    locked_recovery = lock_recovery(transaction, recovery_id, request.actor)
    if isinstance(locked_recovery, Answer):
        return TransactionResult(locked_recovery)
    if not claim_event(transaction, request.event_id, request.actor, recovery_id):
        dialog = dialog_for(locked_recovery, request.actor, WORDS_DIALOG_ID, transaction.now)
        return TransactionResult(replace(locked_recovery.answer(), dialog=dialog))
    checked = checked_text(
        transaction.registry.coach, locked_recovery.flow, locked_recovery.recovery, text, transaction.now
    )
    applied_event = apply_to_locked(transaction, locked_recovery, CheckDraft(request.actor, checked))
    dialog = dialog_for(applied_event.locked_recovery, request.actor, WORDS_DIALOG_ID, transaction.now)
    answer = replace(applied_event.locked_recovery.answer(), dialog=dialog)
    return TransactionResult(answer, applied_event.effects, has_changes=applied_event.is_saved)


def check_typed_words(
    transaction: RequestTransaction, request: TypedCommand, text: str, localizer: Localizer
) -> TransactionResult:
    """Answer with the hints on what was typed, in a line or two; without words, with the form that asks for them."""
    recovery_id = _recovery_here(transaction, request.actor, request.context.place)
    locked_recovery = lock_recovery(transaction, recovery_id, request.actor) if recovery_id else None
    if locked_recovery is None or isinstance(locked_recovery, Answer):
        if not text:
            return TransactionResult(Answer(notice=localizer.text("words.usage")))
        checked = checked_text_alone(transaction.registry.coach, localizer.language, text)
        return TransactionResult(Answer(notice=checked_text_summary(checked, localizer)))
    if not text:
        form_id = FormId(FormKind.CHECK).encode()
        applied_event = apply_to_locked(transaction, locked_recovery, OpenDialog(request.actor, form_id))
        return TransactionResult(replace(locked_recovery.answer(), dialog=applied_event.dialog))
    checked = checked_text(
        transaction.registry.coach, locked_recovery.flow, locked_recovery.recovery, text, transaction.now
    )
    notice = checked_text_summary(checked, locked_recovery.localizer)
    return TransactionResult(Answer(recovery_id=locked_recovery.recovery.id, notice=notice))


def _problem(text: str, localizer: Localizer, *, is_own: bool) -> str:
    if not is_own:
        return localizer.text("words.not_yours")
    if not text:
        return localizer.text("words.usage")
    if len(text) > MAX_TEXT_CHARACTERS:
        most, has = map(localizer.format_number, (MAX_TEXT_CHARACTERS, len(text)))
        return localizer.text("error.long", most=most, has=has)
    return ""


def _recovery_here(transaction: RequestTransaction, actor: Person, place: Place) -> str | None:
    """The newest open recovery of this person in this place, else in this conversation.

    Where no account team reads, it is the only one that they lead: of several, none is meant.
    """
    tx = transaction.connection
    if not place.conversation:
        led_recoveries = queries.led_recoveries(tx, actor)
        return led_recoveries[0].id if len(led_recoveries) == 1 else None
    ids = recoveries.ids_in_place(tx, place, led_by=actor, open_only=True)
    ids = ids or recoveries.ids_in_conversation(tx, place, led_by=actor)
    return ids[0] if ids else None
