"""The eight steps and the close in python-statemachine: synchronous, no actions, one event a step."""

from time import process_time

from rounds import serve
from statemachine import State, StateMachine

TALKS = 5
STEPS = 8


class Talk(StateMachine):
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


def lead(talk: Talk) -> None:
    talk.ready()
    talk.all_said()
    talk.confirmed()
    talk.understood()
    talk.nothing()
    talk.agreed()
    talk.done()
    talk.settled()


def measure() -> float:
    """Machines are made before the clock starts, as our recovery is."""
    talks = [Talk() for _ in range(TALKS)]
    began = process_time()
    for talk in talks:
        lead(talk)
    spent = process_time() - began
    assert all(talk.close.is_active for talk in talks)
    return spent / (TALKS * STEPS) * 1e6


serve("python-statemachine", measure)
