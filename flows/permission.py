"""Who may do what: the responder leads, an observer may send a tip and leave, everybody else stays outside."""

from typing import NamedTuple

from flows.events import ClientSpoke, Event, ObserverLeaves, OpenForm, Start, ThreadShared, TimerDue, Tip
from flows.people import Person
from flows.recovery import Recovery

TIP_FORM = "tip"
_ANYBODYS = (Start, ClientSpoke, ThreadShared, TimerDue)


class Refusal(NamedTuple):
    """Whom to tell, and the key of the words that say why."""

    to: Person
    key: str


def refusal(recovery: Recovery, event: Event) -> Refusal | None:
    """Why this event's person may not do that, or None if they may."""
    if isinstance(event, _ANYBODYS) or event.by == recovery.responder:
        return None
    if event.by not in recovery.observers:
        return Refusal(event.by, "refused.outsider")
    tips = isinstance(event, Tip) or (isinstance(event, OpenForm) and event.form == TIP_FORM)
    leaves = isinstance(event, ObserverLeaves) and event.who == event.by
    return None if tips or leaves else Refusal(event.by, "refused.observer")


def may_see(recovery: Recovery, person: Person) -> bool:
    """Whether this person may see the guide."""
    return person == recovery.responder or person in recovery.observers
