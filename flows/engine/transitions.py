"""What every transition is made of: the next recovery with its effects, and the cards that are shown again."""

from flows.definition.model import Flow
from flows.state.effects import Effect, SendPrivateMessage, ShowCard
from flows.state.recovery import Recovery

Transition = tuple[Recovery, tuple[Effect, ...]]
"""The recovery after an event, and what must be done."""


def show_cards(recovery: Recovery) -> tuple[Effect, ...]:
    """Show the card to the responder and to all observers."""
    responder_card = ShowCard(recovery.responder)
    return (responder_card, *map(ShowCard, recovery.observers)) if recovery.observers else (responder_card,)


def report_stale_button(flow: Flow, recovery: Recovery) -> Transition:
    """Answer a button of an earlier card: nothing changes, and the responder is told the current step."""
    titles = flow.steps[recovery.step].title
    step_title = titles.get(recovery.language) or next(iter(titles.values()))
    text_key = "stale.closed" if recovery.closed_at is not None else "stale.open"
    return recovery, (
        SendPrivateMessage(recovery.responder, text_key, (("step", step_title),)),
        ShowCard(recovery.responder),
    )
