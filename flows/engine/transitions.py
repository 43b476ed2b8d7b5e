"""What every transition is made of: the next recovery with its effects, and the cards that are shown again."""

from flows.definition.model import Flow
from flows.state.effects import Effect, SendPrivateMessage, ShowCard
from flows.state.recovery import Recovery

Transition = tuple[Recovery, tuple[Effect, ...]]
"""The recovery after an event, and what must be done."""


def show_cards(recovery: Recovery) -> tuple[Effect, ...]:
    """The card, for the responder and for everybody who watches."""
    leads = ShowCard(recovery.responder)
    return (leads, *map(ShowCard, recovery.observers)) if recovery.observers else (leads,)


def report_stale_button(flow: Flow, recovery: Recovery) -> Transition:
    """Answer a button of an earlier card: nothing changes, and the responder learns where the talk is."""
    title = flow.steps[recovery.step].title
    where = title.get(recovery.language) or next(iter(title.values()))
    key = "stale.closed" if recovery.closed_at is not None else "stale.open"
    return recovery, (SendPrivateMessage(recovery.responder, key, (("step", where),)), ShowCard(recovery.responder))
