"""Leaving a step for another one, and who is shown what then."""

from flows import timing
from flows.change import changed
from flows.effects import Effect, Passed, ShowCard, Whisper
from flows.flow import Flow
from flows.recovery import Passage, Recovery

Transition = tuple[Recovery, tuple[Effect, ...]]


def go(flow: Flow, recovery: Recovery, step: str, left_by: str, now: float) -> Transition:
    """Leave this step for another one."""
    passage = Passage(len(recovery.passages) + 1, recovery.step, recovery.entered_at, now, left_by, step)
    waiting, nudge = timing.arrive(flow, step, now, quiet=recovery.quiet)
    recovery = changed(
        recovery,
        step=step,
        entered_at=now,
        visit=recovery.visit + 1,
        previewing=False,
        nudged=False,
        turn=0,
        waiting=waiting,
        passages=(*recovery.passages, passage),
    )
    return recovery, (Passed(passage), *cards(recovery), nudge)


def cards(recovery: Recovery) -> tuple[Effect, ...]:
    """The card, for the responder and for everybody who watches."""
    leads = ShowCard(recovery.responder)
    return (leads, *map(ShowCard, recovery.observers)) if recovery.observers else (leads,)


def stale(flow: Flow, recovery: Recovery) -> Transition:
    """Answer a button of an earlier card: nothing changes, and the responder learns where the talk is."""
    title = flow.steps[recovery.step].title
    where = title.get(recovery.language) or next(iter(title.values()))
    key = "stale.closed" if recovery.closed_at is not None else "stale.open"
    return recovery, (Whisper(recovery.responder, key, (("step", where),)), ShowCard(recovery.responder))
