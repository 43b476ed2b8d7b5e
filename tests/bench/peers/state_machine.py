"""The eight steps and the close in python-statemachine: synchronous, no actions, one event a step."""

from time import process_time

from rounds import serve
from statemachine import State, StateMachine

RECOVERIES = 5
STEPS = 8


class RecoveryMachine(StateMachine):
    """`listen` is the step `prepare`: that name is taken in a StateMachine."""

    listen = State(initial=True)
    facts = State()
    feelings = State()
    acknowledge = State()
    dispute = State()
    frame = State()
    repair = State()
    resolve = State()
    close = State(final=True)

    ready = listen.to(facts)
    all_said = facts.to(feelings)
    confirmed = feelings.to(acknowledge)
    understood = acknowledge.to(dispute)
    nothing = dispute.to(frame)
    agreed = frame.to(repair)
    done = repair.to(resolve)
    settled = resolve.to(close)


def lead(recovery: RecoveryMachine) -> None:
    recovery.ready()
    recovery.all_said()
    recovery.confirmed()
    recovery.understood()
    recovery.nothing()
    recovery.agreed()
    recovery.done()
    recovery.settled()


def measure() -> float:
    """Machines are made before the clock starts, as our recovery is."""
    recoveries = [RecoveryMachine() for _ in range(RECOVERIES)]
    began = process_time()
    for recovery in recoveries:
        lead(recovery)
    spent = process_time() - began
    assert all(recovery.close.is_active for recovery in recoveries)
    return spent / (RECOVERIES * STEPS) * 1e6


serve("python-statemachine", measure)
