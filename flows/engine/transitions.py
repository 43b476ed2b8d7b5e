"""Leaving a step for another one, and who is shown what then."""

from flows.definition.model import Flow
from flows.engine import nudges
from flows.state.copying import replace_fields
from flows.state.effects import Effect, SaveStepVisit, SendPrivateMessage, ShowCard
from flows.state.recovery import Recovery, StepVisit

Transition = tuple[Recovery, tuple[Effect, ...]]


def move_to_step(flow: Flow, recovery: Recovery, step: str, left_by: str, now: float) -> Transition:
    """Leave this step for another one."""
    passage = StepVisit(len(recovery.step_visits) + 1, recovery.step, recovery.entered_at, now, left_by, step)
    waiting, nudge = nudges.nudge_on_arrival(flow, step, now, quiet=recovery.is_quiet)
    recovery = replace_fields(
        recovery,
        step=step,
        entered_at=now,
        card_revision=recovery.card_revision + 1,
        is_previewing_summary=False,
        was_nudged=False,
        stay_count=0,
        nudge_reason=waiting,
        step_visits=(*recovery.step_visits, passage),
    )
    return recovery, (SaveStepVisit(passage), *show_cards(recovery), nudge)


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
