"""Moving through the steps: forward by a gate, and back, over and across at will."""

from dataclasses import replace

from flows import ending, notes, timing
from flows.change import changed
from flows.effects import Effect, Recorded, ShowCard, ShowForm
from flows.events import Back, Choose, Jump, Skip, Start
from flows.flow import END, Flow, Gate
from flows.moves import cards, go, stale
from flows.phrases import filled
from flows.recovery import Recovery
from flows.values import Feeling, Text

Transition = tuple[Recovery, tuple[Effect, ...]]


def start(flow: Flow, event: Start, now: float) -> Transition:
    """Begin at the first step."""
    recovery = Recovery(
        id=event.recovery,
        flow=flow.id,
        flow_version=flow.version,
        account=event.account,
        place=event.place,
        responder=event.by,
        language=event.language if event.language in flow.languages else flow.languages[0],
        timezone=event.timezone,
        hours=event.hours,
        shared=event.shared,
        started_at=now,
        step=flow.first,
        entered_at=now,
        waiting=timing.first_timer(flow, flow.first),
    )
    return recovery, (ShowCard(event.by), *timing.watch(flow, recovery, now))


def choose(flow: Flow, recovery: Recovery, event: Choose, now: float) -> Transition:
    """Go where the gate leads, and do what it asks for on the way."""
    gate = flow.steps[recovery.step].gates.get(event.gate)
    if gate is None or not _in_view(recovery, event.visit):
        return stale(flow, recovery)
    noted: tuple[Effect, ...] = ()
    if gate.keeps:
        recovery, noted = _keep_phrase(flow, recovery, gate.keeps, now)
    if gate.yes or gate.confirms or gate.denies:
        recovery, answered = _answer(recovery, gate, now)
        noted += answered
    recovery, went = _leave(flow, recovery, event.gate, gate, now)
    opened = (ShowForm(event.by, _form(gate.opens)),) if gate.opens else ()
    return recovery, noted + went + opened


def back(flow: Flow, recovery: Recovery, event: Back, now: float) -> Transition:
    """Return to the talk from a summary, or to where the talk was before this step."""
    if recovery.visit != event.visit:
        return stale(flow, recovery)
    if recovery.closed_at is not None:
        return ending.reopen(flow, recovery, now)
    if recovery.previewing:
        return ending.resume(recovery)
    came_from = before(recovery)
    return stale(flow, recovery) if came_from is None else go(flow, recovery, came_from, "back", now)


def skip(flow: Flow, recovery: Recovery, event: Skip, now: float) -> Transition:
    """Go to the next step in order."""
    if not _in_view(recovery, event.visit) or flow.after(recovery.step) == recovery.step:
        return stale(flow, recovery)
    return go(flow, recovery, flow.after(recovery.step), "skip", now)


def jump(flow: Flow, recovery: Recovery, event: Jump, now: float) -> Transition:
    """Go to any step."""
    if event.visit != recovery.visit or recovery.closed_at is not None or event.step not in flow.steps:
        return stale(flow, recovery)
    if event.step == recovery.step:
        return ending.resume(recovery)
    return go(flow, recovery, event.step, "jump", now)


def before(recovery: Recovery) -> str | None:
    """Where the talk was before this step: each "back" undoes one move that was not itself a "back"."""
    trail: list[str] = []
    for passage in recovery.passages:
        if passage.left_by == "back":
            trail.pop()
        elif passage.to != END:
            trail.append(passage.step)
    return trail[-1] if trail else None


def _in_view(recovery: Recovery, visit: int) -> bool:
    return recovery.visit == visit and not recovery.previewing and recovery.closed_at is None


def _form(opens: str) -> str:
    return opens if opens == "hand_over" else f"note:{opens}"


def _leave(flow: Flow, recovery: Recovery, gate_id: str, gate: Gate, now: float) -> Transition:
    if gate.to is None:
        recovery = changed(recovery, turn=recovery.turn + 1)
        recovery, held = timing.hold(flow, recovery, gate_id, now)
        return recovery, (*cards(recovery), *held)
    if gate.to == END:
        return ending.end(flow, recovery, gate_id, now)
    return go(flow, recovery, gate.to, gate_id, now)


def _answer(recovery: Recovery, gate: Gate, now: float) -> Transition:
    """The client answered: confirm or deny the newest entry, and note the moment of the first "yes"."""
    if gate.yes and recovery.first_yes_at is None:
        recovery = changed(recovery, first_yes_at=now)
    field = gate.confirms or gate.denies
    if field is None:
        return recovery, ()
    newest = next((entry for entry in reversed(recovery.entries) if entry.field == field), None)
    if newest is None or not isinstance(newest.value, Feeling | Text):
        return recovery, ()
    told = replace(newest, value=replace(newest.value, confirmed=gate.confirms is not None))
    effects: tuple[Effect, ...] = (Recorded(told),)
    return changed(recovery, entries=tuple(told if e is newest else e for e in recovery.entries)), effects


def _keep_phrase(flow: Flow, recovery: Recovery, field: str, now: float) -> Transition:
    """Keep the phrase that the client said yes to, unless the responder wrote down other words at this stay."""
    if not recovery.entries:
        return recovery, ()
    came = (passage.left_at for passage in reversed(recovery.passages) if passage.to == recovery.step)
    since = next(came, recovery.started_at)
    if any((entry.changed_at or entry.at) >= since for entry in recovery.of(field)):
        return recovery, ()
    phrase = filled(flow, recovery)
    return notes.put(flow, recovery, field, Text(phrase), now) if phrase else (recovery, ())
