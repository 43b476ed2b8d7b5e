"""Which gates of a step are in view: some wait for a note, some give way to it."""

from flows.definition.model import FieldKind, Flow, Gate
from flows.state.entries import Fact, Standing
from flows.state.recovery import Recovery


def visible_gates(flow: Flow, recovery: Recovery) -> dict[str, Gate]:
    """The gates of the current step that are in view now, by id."""
    return {
        gate_id: gate
        for gate_id, gate in flow.steps[recovery.step].gates.items()
        if all(has_entry(flow, recovery, field_id) for field_id in gate.needs)
        and not any(has_entry(flow, recovery, field_id) for field_id in gate.unless)
    }


def has_entry(flow: Flow, recovery: Recovery, field_id: str) -> bool:
    """Whether something is recorded in a field; for a dispute, whether any fact was weighed."""
    field = flow.field(field_id)
    if field is not None and field.kind is FieldKind.DISPUTE:
        return any(isinstance(e.value, Fact) and e.value.standing is not Standing.HELD for e in recovery.entries)
    return bool(recovery.entries_of(field_id))
