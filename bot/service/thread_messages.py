"""A message in the account thread: what the coach finds in it, and what the recovery keeps of it."""

from dataclasses import dataclass

from adapters.port import Answer, Role, ThreadMessage
from bot.service.apply_event import apply_to_locked, claim_event, lock_recovery
from bot.service.transaction import RequestTransaction, TransactionResult
from flows.engine.nudges import MAX_CLIENT_MESSAGE_CHARACTERS
from flows.input.thread_messages import client_event, responder_event
from flows.text import clean_text


@dataclass(frozen=True, slots=True)
class MessageForRecovery:
    """A message that a recovery is told of. `event_id`: of the message for this recovery."""

    recovery_id: str
    event_id: str
    message: ThreadMessage


def handle_thread_message(transaction: RequestTransaction, request: MessageForRecovery) -> TransactionResult:
    """Take in a message, once by its event id. Whoever writes need not take part in the recovery."""
    message = request.message
    locked_recovery = lock_recovery(transaction, request.recovery_id, message.author, only_participants=False)
    if isinstance(locked_recovery, Answer):
        return TransactionResult(locked_recovery)
    if not claim_event(transaction, request.event_id, message.author, request.recovery_id):
        return TransactionResult(locked_recovery.answer())
    flow, recovery, coach = locked_recovery.flow, locked_recovery.recovery, transaction.registry.coach
    text = clean_text(message.text[:MAX_CLIENT_MESSAGE_CHARACTERS])
    event = (
        client_event(recovery, text, message.author.name, coach)
        if message.role is Role.CLIENT
        else responder_event(flow, recovery, message.author, text, coach, transaction.now)
    )
    applied_event = apply_to_locked(transaction, locked_recovery, event)
    answer = applied_event.locked_recovery.answer()
    return TransactionResult(answer, applied_event.effects, has_changes=applied_event.is_saved)
