"""Which facts are given back to the client."""

from flows.state.entries import Entry, Expression, Fact, Holder
from flows.state.recovery import MAX_FACTS_TO_REPEAT, Recovery


def repeated_fact_ids(recovery: Recovery) -> tuple[str, ...]:
    """The facts to give back: those that the responder chose, or else the first and the newest that the client said."""
    if recovery.facts_to_repeat is not None:
        return recovery.facts_to_repeat
    ids = [entry.id for entry in recovery.entries if is_said_by_client(entry)]
    return tuple(ids if len(ids) <= MAX_FACTS_TO_REPEAT else [ids[0], *ids[1 - MAX_FACTS_TO_REPEAT :]])


def is_said_by_client(entry: Entry) -> bool:
    """Whether it is a fact that the client said: only that may be repeated as the client's words."""
    fact = entry.value
    return isinstance(fact, Fact) and fact.holder is Holder.CLIENT and fact.expression is Expression.SAID
