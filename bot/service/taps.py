"""A tapped button: what happens by it, and what its screen shows then."""

from dataclasses import replace

from adapters.port import Answer, ButtonTap, RequestContext, Surface
from bot.service import preferences
from bot.service.apply_event import (
    MORE_DIALOG_ID,
    LockedRecovery,
    apply_to_locked,
    claim_event,
    dialog_for,
    lock_recovery,
)
from bot.service.start import start_form_answer
from bot.service.transaction import RequestTransaction, TransactionResult
from flows.action_ids import ActionKind, FormId, FormKind, decode_action, decode_form_id
from flows.errors import TrustRecoverError
from flows.input.actions import event_from_action
from flows.screens.confirmation import confirmation_dialog
from flows.screens.elements import Confirmation
from flows.state.identity import Place


def handle_tap(transaction: RequestTransaction, tap: ButtonTap) -> TransactionResult:
    """Do what a button does."""
    if not tap.recovery_id:
        return TransactionResult(_personal_form(transaction, tap))
    locked = lock_recovery(transaction, tap.recovery_id, tap.actor)
    if isinstance(locked, Answer):
        return TransactionResult(locked)
    if not tap.is_confirmed and (question := _question(locked, tap)):
        return TransactionResult(replace(locked.answer(tap), dialog=question))
    if not claim_event(transaction, tap.event_id, tap.actor, tap.recovery_id):
        return TransactionResult(_with_next_view(transaction, locked, tap, locked.answer(tap)))
    try:
        event = event_from_action(locked.flow, locked.recovery, tap.action, tap.card_revision, tap.actor)
    except TrustRecoverError:
        return TransactionResult(replace(locked.answer(tap), notice=locked.localizer.text("error.gone")))
    applied = apply_to_locked(transaction, locked, event)
    answer = replace(applied.locked.answer(tap), dialog=applied.dialog)
    if applied.dialog is None:
        answer = _with_next_view(transaction, applied.locked, tap, answer)
    return TransactionResult(answer, applied.effects, has_changes=applied.is_saved)


def _question(locked: LockedRecovery, tap: ButtonTap) -> Confirmation | None:
    return confirmation_dialog(locked.flow, locked.recovery, tap.actor, tap.action, tap.card_revision, locked.localizer)


def _with_next_view(transaction: RequestTransaction, locked: LockedRecovery, tap: ButtonTap, answer: Answer) -> Answer:
    """The answer with what the tapped screen shows then. A card is brought by itself, as an effect."""
    match tap.surface:
        case Surface.PANEL:
            panel = dialog_for(locked, tap.actor, MORE_DIALOG_ID, transaction.now)
            return replace(answer, next_view=panel)
        case Surface.HOME if tap.context is not None:
            home = preferences.home_answer(transaction, tap.actor, tap.context)
            return replace(answer, next_view=home.next_view, language=home.language)
        case _:
            return answer


def _personal_form(transaction: RequestTransaction, tap: ButtonTap) -> Answer:
    """The form of a button that is of no recovery."""
    context = tap.context or RequestContext(Place(tap.actor.platform, tap.actor.workspace, ""))
    match _opened_form(tap.action):
        case FormId(kind=FormKind.START, subject=flow_id):
            return start_form_answer(transaction, tap.actor, context, flow_id)
        case FormId(kind=FormKind.SETTINGS):
            return preferences.settings_form_answer(transaction, tap.actor, context)
        case _:
            localizer = preferences.localizer_for(transaction, tap.actor, context)
            return Answer(notice=localizer.text("error.unknown"), language=localizer.language, is_refused=True)


def _opened_form(action_text: str) -> FormId | None:
    """The form that an action opens; None if it opens none."""
    try:
        action = decode_action(action_text)
        return decode_form_id(action.subject) if action.kind is ActionKind.OPEN else None
    except TrustRecoverError:
        return None
