"""A guide that could not be delivered: whoever leads the recovery is told at their next command."""

from dataclasses import replace

from sqlalchemy import bindparam, select

from bot.service.transaction import RequestTransaction, TransactionResult
from bot.storage import recoveries
from bot.storage import tables as t
from flows.state.identity import Person

_NEWEST_CARD = (
    select(t.outbox.c.state)
    .where(t.outbox.c.recovery_id == bindparam("recovery"), t.outbox.c.card_key == bindparam("card"))
    .order_by(t.outbox.c.id.desc())
    .limit(1)
)


def with_guide_failure(transaction: RequestTransaction, actor: Person, result: TransactionResult) -> TransactionResult:
    """The same result, with a sentence more if this person's newest guide was given up: they look for it in vain."""
    answer, tx = result.answer, transaction.connection
    if not answer.recovery_id or not answer.notice:
        return result
    card_key = f"{answer.recovery_id}:{actor.user_id}"
    state = tx.execute(_NEWEST_CARD, {"recovery": answer.recovery_id, "card": card_key}).scalar()
    recovery = recoveries.load(tx, answer.recovery_id) if state == "failed" else None
    if recovery is None:
        return result
    sentence = transaction.registry.localizer(recovery.language, recovery.timezone).text("undelivered.guide")
    return replace(result, answer=replace(answer, notice=f"{sentence}\n\n{answer.notice}"))
