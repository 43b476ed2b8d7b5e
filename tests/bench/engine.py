"""`advance` over the whole recovery, and the same eight steps in two peers."""

from time import process_time

from flows.definition.model import Flow
from flows.engine.advance import advance
from tests.bench.peer import peer
from tests.bench.recovery import begun, events
from tests.bench.row import Goal, Row

WARM_UP = 10
ROUNDS = 201
RECOVERIES = 100


def rows(flow: Flow) -> list[Row]:
    """Ours and the peers take turns, so that a busy moment of the machine meets them all.

    The best round of each counts, as in Python's `timeit`: what disturbs a round can only make it slower.
    """
    with peer("state_machine.py") as machine, peer("waterfall.py") as waterfall:
        rounds = [(_ours(flow), machine.round(), waterfall.round()) for _ in range(WARM_UP + ROUNDS)]
        ours, states, turns = (min(figures) for figures in zip(*rounds[WARM_UP:], strict=True))
        return [
            Row("advance", ours, "µs/event", Goal("<=", 10, "µs")),
            Row("advance", ours, "µs/event", Goal(">=", 10, "x"), f"{machine.name}: {states:.0f} µs", states / ours),
            Row("advance", ours, "µs/event", Goal(">=", 50, "x"), f"{waterfall.name}: {turns:.0f} µs", turns / ours),
        ]


def _ours(flow: Flow) -> float:
    """Microseconds per event; `Start` is not counted."""
    start, taps = begun(flow), events(flow)
    began = process_time()
    for _ in range(RECOVERIES):
        recovery = start
        for event, now in taps:
            recovery, _effects = advance(flow, recovery, event, now)
    spent = process_time() - began
    assert recovery.step == flow.closing_step
    return spent / (RECOVERIES * len(taps)) * 1e6
