"""When the guide speaks by itself: at most one nudge a step, and what was promised for a time."""

from dataclasses import replace

from flows.change import changed
from flows.effects import ClearTimer, Effect, Recorded, SetTimer, ShowCard, Whisper
from flows.events import ClientSpoke, Quiet, Snooze, TimerDue
from flows.flow import Flow
from flows.recovery import Recovery
from flows.values import Commitment, Entry, Promise

Transition = tuple[Recovery, tuple[Effect, ...]]

NUDGE = "nudge"
STILL = "still"
SNOOZE = "snooze"
MOST_HEARD = 2000
"""Characters of the client's last message that are held ready as a fact."""


def first_timer(flow: Flow, step: str) -> str:
    """What the nudge timer waits for when a step begins: that nothing moves, or nothing."""
    return STILL if flow.steps[step].timers else ""


def arrive(flow: Flow, step: str, now: float, *, quiet: bool) -> tuple[str, Effect]:
    """What the nudge timer waits for at a step that begins now, and its setting."""
    timers = flow.steps[step].timers
    if not timers:
        return "", ClearTimer(NUDGE)
    if quiet:
        return STILL, ClearTimer(NUDGE)
    (reminder,) = timers.values()
    return STILL, SetTimer(NUDGE, now + reminder.after * 60)


def watch(flow: Flow, recovery: Recovery, now: float) -> tuple[Effect, ...]:
    """Set the nudge for when nothing moves. What the responder asked for (a snooze) keeps its own time."""
    if recovery.quiet or recovery.nudged or not recovery.waiting or recovery.closed_at is not None:
        return (ClearTimer(NUDGE),)
    if recovery.waiting != STILL:
        return ()
    (reminder,) = flow.steps[recovery.step].timers.values()
    return (SetTimer(NUDGE, now + reminder.after * 60),)


def hold(flow: Flow, recovery: Recovery, gate_id: str, now: float) -> Transition:
    """Stay at this step; where the gate promises a reminder, set it in place of the step's own nudge."""
    remind = flow.steps[recovery.step].gates[gate_id].remind
    if remind is None:
        return recovery, watch(flow, recovery, now)
    return _ask(recovery, f"gate:{gate_id}", remind.after, now)


def snooze(recovery: Recovery, event: Snooze, now: float) -> Transition:
    """Silence now, one reminder later."""
    return _ask(recovery, SNOOZE, event.minutes, now)


def quiet(flow: Flow, recovery: Recovery, event: Quiet, now: float) -> Transition:
    """Silence all nudges, or let them come again."""
    waiting = recovery.waiting if event.on else first_timer(flow, recovery.step)
    recovery = changed(recovery, quiet=event.on, waiting=waiting)
    key = "quiet.on" if event.on else "quiet.off"
    return recovery, (Whisper(event.by, key), ShowCard(event.by), *watch(flow, recovery, now))


def client_spoke(flow: Flow, recovery: Recovery, event: ClientSpoke, now: float) -> Transition:
    """The talk moves: hold the client's words ready as a fact, and begin the wait for a nudge again."""
    if recovery.closed_at is not None:
        return recovery, ()
    return changed(recovery, heard=event.text[:MOST_HEARD]), watch(flow, recovery, now)


def responder_spoke(flow: Flow, recovery: Recovery, now: float) -> Transition:
    """The talk moves: begin the wait for a nudge again."""
    return recovery, () if recovery.closed_at is not None else watch(flow, recovery, now)


def due(flow: Flow, recovery: Recovery, event: TimerDue, now: float) -> Transition:
    """A timer has come; what is moot by now says nothing."""
    if event.name == NUDGE:
        return _nudge(recovery)
    kind, _, subject = event.name.partition(":")
    if kind == "follow":
        if subject not in flow.follow_ups or recovery.closed_at is None:
            return recovery, ()
        return recovery, _speak(recovery, "nudge.follow_up", (("follow_up", subject),))
    entry = recovery.entry(subject)
    if entry is None:
        return recovery, ()
    if kind == "update":
        return recovery, _speak(recovery, "nudge.update", (("account", recovery.account),))
    return _promise(recovery, entry, kind, now)


def _ask(recovery: Recovery, waiting: str, minutes: float, now: float) -> Transition:
    """The responder asked for one reminder. Quiet wins, and says so."""
    if recovery.quiet or recovery.closed_at is not None:
        key = "stale.closed" if recovery.closed_at is not None else "snooze.quiet"
        return recovery, (Whisper(recovery.responder, key),)
    recovery = changed(recovery, waiting=waiting, nudged=False)
    told = Whisper(recovery.responder, "snooze.set", (("minutes", f"{minutes:g}"),))
    return recovery, (SetTimer(NUDGE, now + minutes * 60), told)


def _nudge(recovery: Recovery) -> Transition:
    kind, _, name = recovery.waiting.partition(":")
    if recovery.nudged or not kind or recovery.closed_at is not None:
        return recovery, ()
    spoken = _speak(recovery, f"nudge.{kind}", (("step", recovery.step), ("name", name)))
    return changed(recovery, nudged=True, waiting=""), spoken


def _promise(recovery: Recovery, entry: Entry, kind: str, now: float) -> Transition:
    promise = entry.value
    if not isinstance(promise, Commitment) or promise.state is not Promise.OPEN or promise.due is None:
        return recovery, ()
    args = (("who", promise.who), ("what", promise.what))
    if kind == "due":
        return recovery, _speak(recovery, "nudge.due", args)
    if promise.due > now:
        return recovery, ()
    late = replace(entry, value=replace(promise, state=Promise.LATE))
    recovery = changed(recovery, entries=tuple(late if e is entry else e for e in recovery.entries))
    return recovery, (Recorded(late), ShowCard(recovery.responder), *_speak(recovery, "nudge.late", args))


def _speak(recovery: Recovery, key: str, args: tuple[tuple[str, str], ...]) -> tuple[Effect, ...]:
    return () if recovery.quiet else (Whisper(recovery.responder, key, args, nudge=True),)
