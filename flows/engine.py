"""The heart: one pure function from what is and what happens to what is next and what must be done."""

from flows import ending, notes, people_in_talk, talk, timing, undelivered
from flows.effects import Effect, ShowForm, Whisper
from flows.events import (
    Arrived,
    Back,
    Bind,
    Choose,
    ClientSpoke,
    Close,
    Edit,
    EditSummary,
    Event,
    HandOver,
    Jump,
    ObserverJoins,
    ObserverLeaves,
    OpenForm,
    PostSummary,
    Preview,
    Quiet,
    Record,
    Remove,
    Reopen,
    ResponderSpoke,
    Skip,
    Snooze,
    Start,
    ThreadShared,
    TimerDue,
    Tip,
    Undelivered,
    WorkingHours,
)
from flows.flow import Flow
from flows.permission import refusal
from flows.recovery import Recovery

Transition = tuple[Recovery, tuple[Effect, ...]]


def advance(flow: Flow, recovery: Recovery | None, event: Event, now: float) -> Transition:  # noqa: C901, PLR0911, PLR0912 - one line an event: a table that types check
    """Return the recovery after `event` at `now` (epoch seconds), and what must be done.

    Whatever cannot be done (a stale button, somebody who may not) changes nothing and is answered with a whisper. Pass
    None as the recovery with `Start` only.

    Raises:
        ValueError: there is no recovery and the event is not `Start`.

    """
    if isinstance(event, Start):
        return talk.start(flow, event, now) if recovery is None else (recovery, ())
    if recovery is None:
        message = f"{type(event).__name__} needs a recovery; only Start makes one."
        raise ValueError(message)
    if refused := refusal(recovery, event):
        return recovery, (Whisper(refused.to, refused.key),)
    match event:
        case Choose():
            return talk.choose(flow, recovery, event, now)
        case Back():
            return talk.back(flow, recovery, event, now)
        case Skip():
            return talk.skip(flow, recovery, event, now)
        case Jump():
            return talk.jump(flow, recovery, event, now)
        case Record():
            return notes.record(flow, recovery, event, now)
        case Edit():
            return notes.edit(flow, recovery, event, now)
        case Remove():
            return notes.remove(flow, recovery, event, now)
        case Snooze():
            return timing.snooze(recovery, event, now)
        case Quiet():
            return timing.quiet(flow, recovery, event, now)
        case TimerDue():
            return timing.due(flow, recovery, event, now)
        case ClientSpoke():
            return timing.client_spoke(flow, recovery, event, now)
        case ResponderSpoke():
            return timing.responder_spoke(flow, recovery, now)
        case HandOver():
            return people_in_talk.hand_over(flow, recovery, event, now)
        case WorkingHours():
            return people_in_talk.working_hours(flow, recovery, event, now)
        case ObserverJoins():
            return people_in_talk.join(recovery, event)
        case ObserverLeaves():
            return people_in_talk.leave(recovery, event)
        case Tip():
            return people_in_talk.tip(recovery, event)
        case ThreadShared():
            return ending.share(recovery, event)
        case Bind():
            return ending.bind(recovery, event)
        case OpenForm():
            return recovery, (ShowForm(event.by, event.form),)
        case Preview():
            return ending.preview(recovery, event)
        case EditSummary():
            return ending.edit_summary(recovery, event)
        case PostSummary():
            return ending.post_summary(flow, recovery, event)
        case Close():
            return ending.end(flow, recovery, "close", now)
        case Reopen():
            return ending.reopen(flow, recovery, now)
        case Undelivered():
            return undelivered.undelivered(recovery, event)
        case Arrived():
            return undelivered.arrived(flow, recovery, event)
