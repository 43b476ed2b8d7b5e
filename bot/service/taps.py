"""A tapped button: what happens by it, and what its screen shows then."""

from dataclasses import replace

from adapters.port import Answer, ButtonTap, RequestContext, Surface
from bot.service import preferences
from bot.service.apply_event import (
    MORE_DIALOG_ID,
    WORDS_DIALOG_ID,
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
from flows.input.drafts import DRAFT_ACTIONS
from flows.screens.confirmation import confirmation_dialog
from flows.screens.elements import Confirmation
from flows.state.identity import Place
from flows.state.summary_events import PostSummary
from flows.wording.summaries.documents import summary_document


def handle_tap(transaction: RequestTransaction, tap: ButtonTap) -> TransactionResult:
    """Do what a button does."""
    if not tap.recovery_id:
        return TransactionResult(_personal_form(transaction, tap))
    locked_recovery = lock_recovery(transaction, tap.recovery_id, tap.actor)
    if isinstance(locked_recovery, Answer):
        return TransactionResult(locked_recovery)
    if not tap.is_confirmed and (question := _question(locked_recovery, tap, transaction.now)):
        return TransactionResult(replace(locked_recovery.answer(tap), dialog=question))
    if not claim_event(transaction, tap.event_id, tap.actor, tap.recovery_id):
        return TransactionResult(_with_next_view(transaction, locked_recovery, tap, locked_recovery.answer(tap)))
    try:
        event = event_from_action(
            locked_recovery.flow,
            locked_recovery.recovery,
            tap.action,
            tap.card_revision,
            tap.actor,
            transaction.now,
            transaction.registry.coach,
        )
    except TrustRecoverError:
        return TransactionResult(_gone_answer(transaction, locked_recovery, tap))
    if isinstance(event, PostSummary):
        event = replace(event, text=_summary_text(locked_recovery, event))
    applied_event = apply_to_locked(transaction, locked_recovery, event)
    answer = replace(applied_event.locked_recovery.answer(tap), dialog=applied_event.dialog)
    if applied_event.dialog is None:
        answer = _with_next_view(transaction, applied_event.locked_recovery, tap, answer)
    return TransactionResult(answer, applied_event.effects, has_changes=applied_event.is_saved)


def _gone_answer(transaction: RequestTransaction, locked_recovery: LockedRecovery, tap: ButtonTap) -> Answer:
    """What was tapped on is gone. The panel of one's words shows it by itself; elsewhere it is said."""
    answer = locked_recovery.answer(tap)
    if tap.surface is Surface.PANEL and _is_draft_action(tap.action):
        return _with_next_view(transaction, locked_recovery, tap, answer)
    return replace(answer, notice=locked_recovery.localizer.text("error.gone"))


def _is_draft_action(action_text: str) -> bool:
    """Whether a tap is one on the panel of the responder's own words."""
    try:
        return decode_action(action_text).kind in DRAFT_ACTIONS
    except TrustRecoverError:
        return False


def _summary_text(locked_recovery: LockedRecovery, event: PostSummary) -> str:
    """The summary as it reads now: what is posted, and what is kept of it."""
    flow, recovery, localizer = locked_recovery.flow, locked_recovery.recovery, locked_recovery.localizer
    return summary_document(flow, recovery, event.summary_version, localizer).text


def _question(locked_recovery: LockedRecovery, tap: ButtonTap, now: float) -> Confirmation | None:
    return confirmation_dialog(
        locked_recovery.flow,
        locked_recovery.recovery,
        tap.actor,
        tap.action,
        tap.card_revision,
        locked_recovery.localizer,
        now,
    )


def _with_next_view(
    transaction: RequestTransaction, locked_recovery: LockedRecovery, tap: ButtonTap, answer: Answer
) -> Answer:
    """The answer with what the tapped screen shows then. A card is brought by itself, as an effect."""
    match tap.surface:
        case Surface.PANEL:
            dialog_id = WORDS_DIALOG_ID if _is_draft_action(tap.action) else MORE_DIALOG_ID
            panel = dialog_for(locked_recovery, tap.actor, dialog_id, transaction.now)
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
