"""Who may do what: the responder leads, an observer may send a tip and leave, everybody else stays outside."""

from typing import NamedTuple

from flows.events import Event, ObserverLeaves, OpenForm, Tip
from flows.people import Person
from flows.recovery import Recovery

TIP_FORM = "tip"


class Refusal(NamedTuple):
    """Whom to tell, and the key of the words that say why."""

    to: Person
    key: str


def refusal(recovery: Recovery, event: Event) -> Refusal | None:
    """Why this event's person may not do that, or None if they may."""
    by: Person | None = getattr(event, "by", None)  # what a thread, a timer or delivery says is nobody's deed
    if by is None or by == recovery.responder:
        return None
    if by not in recovery.observers:
        return Refusal(by, "refused.outsider")
    tips = isinstance(event, Tip) or (isinstance(event, OpenForm) and event.form == TIP_FORM)
    leaves = isinstance(event, ObserverLeaves) and event.who == event.by
    return None if tips or leaves else Refusal(by, "refused.observer")


def may_see(recovery: Recovery, person: Person) -> bool:
    """Whether this person may see the guide."""
    return person == recovery.responder or person in recovery.observers
