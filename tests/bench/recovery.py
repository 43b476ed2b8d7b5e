"""The recovery that is measured: trust recovery's eight steps, left by the gate that leads to the next one."""

from collections.abc import Iterator

from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.state.events import ChooseGate, Event, StartRecovery
from flows.state.identity import Person, Place
from flows.state.recovery import Recovery

MINUTE = 60.0


def ann() -> Person:
    """The responder: a new object each time, as each request brings one."""
    return Person("web", "practice", "ann", "Ann")


def gates(flow: Flow) -> Iterator[str]:
    """The gates that lead on, one for each numbered step."""
    for step_id in flow.numbered_steps:
        on = flow.next_step(step_id)
        yield next(gate_id for gate_id, gate in flow.steps[step_id].gates.items() if gate.to == on)


def begun(flow: Flow) -> Recovery:
    """A recovery at its first step."""
    place = Place("web", "practice", "acme")
    recovery, _ = advance(flow, None, StartRecovery("bench", ann(), "Acme", place, "en"), 0.0)
    return recovery


def events(flow: Flow) -> list[tuple[Event, float]]:
    """The eight taps and their times. `visit` rises by one with each."""
    return [(ChooseGate(ann(), gate, visit), visit * MINUTE) for visit, gate in enumerate(gates(flow), 1)]
