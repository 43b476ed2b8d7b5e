"""A conversation gets another id: everything that names it moves to the new one, in one transaction."""

from adapters.port import Answer, ConversationMove
from bot.service.apply_event import apply_event
from bot.service.transaction import RequestTransaction, TransactionResult
from bot.storage import accounts, recoveries
from bot.storage.outbox import moves
from flows.state.effects import Effect
from flows.state.events import ConversationIdChange


def handle_conversation_move(transaction: RequestTransaction, move: ConversationMove) -> TransactionResult:
    """Move recoveries, account threads and messages that wait. What is not there under the old id stays as it is."""
    tx = transaction.connection
    effects: list[Effect] = []
    for recovery_id in sorted(recoveries.ids_in_conversation(tx, move.place, open_only=False)):
        event = ConversationIdChange(move.new_conversation)
        event_id = f"{move.event_id}:{recovery_id}"
        result = apply_event(transaction, recovery_id, event_id, move.actor, event, only_participants=False)
        effects += result.effects
    accounts.move_conversation(tx, move.place, move.new_conversation)
    moves.move_messages(tx, move.place, move.new_conversation)
    return TransactionResult(Answer(), tuple(effects), has_changes=True)
