"""Who may do what: the responder everything, an observer may send a tip and leave, others nothing."""

from typing import NamedTuple

from flows.action_ids import FormId, FormKind
from flows.state.events import Event, OpenDialog, RemoveObserver, SendTip
from flows.state.identity import Person
from flows.state.recovery import Recovery

TIP_FORM = FormId(FormKind.TIP).encode()


class Refusal(NamedTuple):
    """Whom to tell, and the key of the text that says why."""

    recipient: Person
    key: str


def refusal(recovery: Recovery, event: Event) -> Refusal | None:
    """Why the person of this event may not do that, or None if they may."""
    actor: Person | None = getattr(event, "actor", None)  # events of threads, timers and deliveries have none
    if actor is None or actor == recovery.responder:
        return None
    if actor not in recovery.observers:
        return Refusal(actor, "refused.external")
    is_tip = isinstance(event, SendTip) or (isinstance(event, OpenDialog) and event.dialog_id == TIP_FORM)
    is_leaving = isinstance(event, RemoveObserver) and event.observer == event.actor
    return None if is_tip or is_leaving else Refusal(actor, "refused.observer")


def may_see(recovery: Recovery, person: Person) -> bool:
    """Whether this person may see the guide."""
    return person == recovery.responder or person in recovery.observers
