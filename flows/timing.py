"""When the guide speaks by itself: at most one nudge a step, and what was promised for a time."""

from dataclasses import replace

from flows.change import changed
from flows.effects import ClearTimer, Effect, Recorded, SetTimer, ShowCard, Whisper
from flows.events import ClientSpoke, Quiet, Snooze, TimerDue
from flows.flow import Flow
from flows.hours import opens
from flows.recovery import Recovery
from flows.values import Commitment, Entry, Promise

Transition = tuple[Recovery, tuple[Effect, ...]]

NUDGE = "nudge"
STILL = "still"
SNOOZE = "snooze"
ACTIVE = 30 * 60
"""Seconds for which a responder who moved, noted or spoke is taken to be there, whatever their working hours."""
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
    if recovery.quiet or not recovery.waiting or recovery.closed_at is not None:
        return (ClearTimer(NUDGE),)
    if recovery.waiting != STILL:
        return ()
    if recovery.nudged:
        return (ClearTimer(NUDGE),)
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
    """The talk moves, and its responder is there: begin the wait for a nudge again."""
    recovery = changed(recovery, spoke_at=now)
    return recovery, () if recovery.closed_at is not None else watch(flow, recovery, now)


def due(flow: Flow, recovery: Recovery, event: TimerDue, now: float) -> Transition:
    """A timer has come. What is moot by now says nothing; what comes outside the working hours waits for them."""
    if event.name == NUDGE:
        return _nudge(recovery, now)
    held = event.name in recovery.held
    if held:
        recovery = changed(recovery, held=released(recovery, event.name))
    kind, _, subject = event.name.partition(":")
    if kind == "follow":
        if subject not in flow.follow_ups or recovery.closed_at is None:
            return recovery, ()
        return _speak(recovery, event.name, "nudge.follow_up", (("follow_up", subject),), now)
    entry = recovery.entry(subject)
    if entry is None:
        return recovery, ()
    if kind == "update":
        return _speak(recovery, event.name, "nudge.update", (("account", recovery.account),), now)
    return _promise(recovery, entry, event.name, now, held=held)


def held_anew(flow: Flow, recovery: Recovery, now: float) -> tuple[Effect, ...]:
    """Set again what is held: the responder or their working hours are others now."""
    at = _speaks_at(recovery, now)
    return (*watch(flow, recovery, now), *(SetTimer(name, at) for name in recovery.held))


def released(recovery: Recovery, *timers: str) -> tuple[str, ...]:
    """The timers that stay held when these no longer are."""
    return tuple(name for name in recovery.held if name not in timers) if recovery.held else ()


def _ask(recovery: Recovery, waiting: str, minutes: float, now: float) -> Transition:
    """The responder asked for one reminder. Quiet wins, and says so."""
    if recovery.quiet or recovery.closed_at is not None:
        key = "stale.closed" if recovery.closed_at is not None else "snooze.quiet"
        return recovery, (Whisper(recovery.responder, key),)
    recovery = changed(recovery, waiting=waiting)
    told = Whisper(recovery.responder, "snooze.set", (("minutes", f"{minutes:g}"),))
    return recovery, (SetTimer(NUDGE, now + minutes * 60), told)


def _nudge(recovery: Recovery, now: float) -> Transition:
    """The step's own nudge waits for the working hours; what the responder asked for does not."""
    kind, _, name = recovery.waiting.partition(":")
    own = kind == STILL
    if not kind or recovery.closed_at is not None or (own and recovery.nudged):
        return recovery, ()
    at = _speaks_at(recovery, now) if own else now
    if at > now and not recovery.quiet:
        return recovery, (SetTimer(NUDGE, at),)
    spoken = _whisper(recovery, f"nudge.{kind}", (("step", recovery.step), ("name", name)))
    return changed(recovery, nudged=True, waiting=""), spoken


def _promise(recovery: Recovery, entry: Entry, timer: str, now: float, *, held: bool) -> Transition:
    """Call a promise to mind before it is due. Once it is over it is late at any hour; that it is told may wait."""
    promise = entry.value
    if not isinstance(promise, Commitment) or promise.due is None:
        return recovery, ()
    args = (("who", promise.who), ("what", promise.what))
    is_open, is_over = promise.state is Promise.OPEN, promise.due <= now
    if timer.startswith("due:"):
        return _speak(recovery, timer, "nudge.due", args, now) if is_open and not is_over else (recovery, ())
    if held and promise.state is Promise.LATE:
        return _speak(recovery, timer, "nudge.late", args, now)
    if not is_open or not is_over:
        return recovery, ()
    late = replace(entry, value=replace(promise, state=Promise.LATE))
    recovery = changed(recovery, entries=tuple(late if e is entry else e for e in recovery.entries))
    recovery, spoken = _speak(recovery, timer, "nudge.late", args, now)
    return recovery, (Recorded(late), ShowCard(recovery.responder), *spoken)


def _speak(recovery: Recovery, timer: str, key: str, args: tuple[tuple[str, str], ...], now: float) -> Transition:
    """Say what nobody asked for: now, or when the working hours begin. Quiet loses it."""
    at = _speaks_at(recovery, now)
    if at > now and not recovery.quiet:
        return changed(recovery, held=(*recovery.held, timer)), (SetTimer(timer, at),)
    return recovery, _whisper(recovery, key, args)


def _whisper(recovery: Recovery, key: str, args: tuple[tuple[str, str], ...]) -> tuple[Effect, ...]:
    return () if recovery.quiet else (Whisper(recovery.responder, key, args, nudge=True),)


def _speaks_at(recovery: Recovery, now: float) -> float:
    """When the guide may speak by itself: now if the responder is at work or there anyway, else when work begins."""
    noted = (entry.changed_at or entry.at for entry in recovery.entries)
    last = max(recovery.entered_at, recovery.spoke_at, *noted)
    if last > recovery.led_at and now - last < ACTIVE:  # before `led_at` it was somebody else
        return now
    return opens(recovery.hours, recovery.timezone, now)
