"""Something happens to a recovery: lock it, take the event in once, advance it, and write what comes of it."""

from dataclasses import dataclass, replace

from adapters.port import Answer, ButtonTap, FormSubmission
from bot.service.transaction import RequestTransaction, TransactionResult
from bot.service.transition import Effects, prepare_transition, save_transitions
from bot.storage import recoveries
from flows.action_ids import FormId, FormKind
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.engine.permission import may_see
from flows.screens import forms
from flows.screens.card import guide_card
from flows.screens.draft_panel import draft_panel
from flows.screens.elements import Panel
from flows.screens.inputs import Form
from flows.screens.panel import more_panel
from flows.state.effects import ShowDialog
from flows.state.events import Event, OpenDialog
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer

MORE_DIALOG_ID = FormId(FormKind.MORE).encode()
WORDS_DIALOG_ID = FormId(FormKind.WORDS).encode()


@dataclass(frozen=True, slots=True)
class LockedRecovery:
    """A recovery that is locked in this transaction, with its flow and the way it speaks.

    `version`: as stored. `now`: of the transaction, in epoch seconds.
    """

    recovery: Recovery
    version: int
    flow: Flow
    localizer: Localizer
    now: float

    def answer(self, request: ButtonTap | FormSubmission | None = None) -> Answer:
        """An answer about this recovery, with the card as it is now if the request wants it."""
        card = None
        if request and request.wants_card:
            card = guide_card(self.flow, self.recovery, request.actor, self.localizer, self.now)
        return Answer(
            recovery_id=self.recovery.id, language=self.localizer.language, card=card, place=self.recovery.place
        )


@dataclass(frozen=True, slots=True)
class AppliedEvent:
    """What an event came to: the recovery after it, and the dialog that opens for who caused it."""

    locked_recovery: LockedRecovery
    dialog: Form | Panel | None = None
    effects: Effects = ()
    is_saved: bool = False


def lock_recovery(
    transaction: RequestTransaction, recovery_id: str, actor: Person, *, only_participants: bool = True
) -> LockedRecovery | Answer:
    """Lock a recovery of this person's workspace; or the answer that refuses it.

    `only_participants`: refuse whoever has no part in the recovery, before the engine is asked.
    """
    registry = transaction.registry
    row = recoveries.lock(transaction.connection, recovery_id, actor)
    if row is None:
        return Answer(notice=registry.localizer("en", "UTC").text("error.unknown"), is_refused=True)
    recovery, version = row
    flow = registry.get_version(transaction.connection, recovery.flow, recovery.flow_version)
    localizer = registry.localizer(recovery.language, recovery.timezone)
    if only_participants and not may_see(recovery, actor):
        return Answer(notice=localizer.text("refused.external"), language=localizer.language, is_refused=True)
    return LockedRecovery(recovery, version, flow, localizer, transaction.now)


def claim_event(transaction: RequestTransaction, event_id: str, actor: Person, recovery_id: str) -> bool:
    """Whether the event comes for the first time. It counts as taken in only if the transaction is committed."""
    return recoveries.claim_event(transaction.connection, inbox_id(event_id, actor), recovery_id, transaction.now)


def apply_to_locked(transaction: RequestTransaction, locked_recovery: LockedRecovery, event: Event) -> AppliedEvent:
    """Advance a locked recovery and write what changes. What only answers the request is not written."""
    flow, before = locked_recovery.flow, locked_recovery.recovery
    after, effects = advance(flow, before, event, transaction.now)
    locked_after = replace(locked_recovery, recovery=after)
    dialog_effect = next((effect for effect in effects if isinstance(effect, ShowDialog)), None)
    dialog = _dialog(locked_after, dialog_effect.dialog_id) if dialog_effect else None
    if after is before and len(effects) == (dialog_effect is not None):
        return AppliedEvent(locked_after, dialog)
    transition = prepare_transition(
        transaction.registry, flow, after, locked_recovery.version, event, effects, transaction.now
    )
    save_transitions(transaction.connection, [transition], transaction.now)
    return AppliedEvent(locked_after, dialog, effects, is_saved=True)


def apply_event(
    transaction: RequestTransaction,
    recovery_id: str,
    event_id: str,
    actor: Person,
    event: Event,
    *,
    only_participants: bool = True,
) -> TransactionResult:
    """Let an event happen to a recovery, once by its id."""
    locked_recovery = lock_recovery(transaction, recovery_id, actor, only_participants=only_participants)
    if isinstance(locked_recovery, Answer):
        return TransactionResult(locked_recovery)
    if not claim_event(transaction, event_id, actor, recovery_id):
        return TransactionResult(locked_recovery.answer())
    applied_event = apply_to_locked(transaction, locked_recovery, event)
    answer = replace(applied_event.locked_recovery.answer(), dialog=applied_event.dialog)
    return TransactionResult(answer, applied_event.effects, has_changes=applied_event.is_saved)


def dialog_for(locked_recovery: LockedRecovery, actor: Person, dialog_id: str, now: float) -> Form | Panel | None:
    """The form or the panel that this person may open now; None if there is none, or if it is not for them."""
    _, effects = advance(locked_recovery.flow, locked_recovery.recovery, OpenDialog(actor, dialog_id), now)
    is_allowed = any(isinstance(effect, ShowDialog) for effect in effects)
    return _dialog(locked_recovery, dialog_id) if is_allowed else None


def inbox_id(event_id: str, actor: Person) -> str:
    """An event's id, unique over platforms and workspaces."""
    return f"{actor.platform}:{actor.workspace}:{event_id}"


def _dialog(locked_recovery: LockedRecovery, dialog_id: str) -> Form | Panel | None:
    """The panel or the form with this id; None if what it was about is gone."""
    if dialog_id == MORE_DIALOG_ID:
        return more_panel(locked_recovery.flow, locked_recovery.recovery, locked_recovery.localizer)
    if dialog_id == WORDS_DIALOG_ID:
        return draft_panel(locked_recovery.recovery, locked_recovery.localizer)
    return forms.dialog_form(
        locked_recovery.flow, locked_recovery.recovery, dialog_id, locked_recovery.localizer, locked_recovery.now
    )
