"""Reports about messages that were given up, or delivered after all.

They answer what the responder did, so they come at any hour.
"""

from flows.engine import publishing
from flows.engine.transitions import Transition, show_cards
from flows.state.copying import replace_fields
from flows.state.delivery_failure import MessageKind
from flows.state.effects import SendPrivateMessage
from flows.state.events import DeliveryFailed, DeliverySucceeded
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion


def report_failure(recovery: Recovery, event: DeliveryFailed) -> Transition:
    """Tell the responder what was not delivered, why, and what to do. A summary among it counts as not posted."""
    if event.message_kind is MessageKind.SUMMARY:
        return _summary_not_delivered(recovery, event)
    if event.message_kind is MessageKind.LINE:
        return recovery, (_nudge_responder(recovery, "undelivered.line", ("why", event.reason)),)
    return _person_not_reached(recovery, event)


def report_success(recovery: Recovery, event: DeliverySucceeded) -> Transition:
    """What was sent again was delivered: a summary counts as posted, a person as reachable."""
    if event.message_kind is MessageKind.SUMMARY:
        version = event.summary_version or recovery.postable_version
        recovery_after = publishing.mark_delivered(recovery, version, event.posted_at)
        button_changes = recovery_after.posted_summary(version) is not recovery.posted_summary(version)
        card_revision = _next_card_revision(recovery, version, button_changes=button_changes)
        recovery = replace_fields(recovery_after, card_revision=card_revision)
        message = SendPrivateMessage(recovery.responder, "arrived.summary", (("summary", version),))
        return recovery, (*show_cards(recovery), message)
    if event.message_kind is MessageKind.LINE:
        return recovery, (SendPrivateMessage(recovery.responder, "arrived.line"),)
    if event.recipient in recovery.unreachable_people:
        recovery = replace_fields(
            recovery,
            unreachable_people=tuple(person for person in recovery.unreachable_people if person != event.recipient),
        )
    return recovery, ()


def _summary_not_delivered(recovery: Recovery, event: DeliveryFailed) -> Transition:
    version = event.summary_version or recovery.postable_version
    message = _nudge_responder(recovery, "undelivered.summary", ("summary", version), ("why", event.reason))
    changed_recovery = publishing.mark_not_delivered(recovery, version, event.posted_at)
    if changed_recovery is recovery:
        return recovery, (message,)
    card_revision = _next_card_revision(recovery, version, button_changes=True)
    recovery = replace_fields(changed_recovery, card_revision=card_revision)
    return recovery, (*show_cards(recovery), message)


def _person_not_reached(recovery: Recovery, event: DeliveryFailed) -> Transition:
    """Report a person who cannot be reached, once: a new card for them comes with every step.

    If it is the responder, the observers are told: one of them may have handed the recovery over.
    """
    person = event.recipient
    participants = (recovery.responder, *recovery.observers)
    if person is None or person in recovery.unreachable_people or person not in participants:
        return recovery, ()
    recovery = replace_fields(recovery, unreachable_people=(*recovery.unreachable_people, person))
    args = (("name", person.name or person.user_id), ("account", recovery.account), ("why", event.reason))
    if person != recovery.responder:
        return recovery, (_nudge_responder(recovery, "undelivered.person", *args),)
    reachable_observers = (observer for observer in recovery.observers if observer not in recovery.unreachable_people)
    return recovery, tuple(
        SendPrivateMessage(observer, "undelivered.responder", args, is_nudge=True) for observer in reachable_observers
    )


def _next_card_revision(recovery: Recovery, version: SummaryVersion, *, button_changes: bool) -> int:
    """The next revision, if this summary is in view and its button changes ("Post" to "Post again", or back)."""
    return recovery.card_revision + (
        button_changes and recovery.is_previewing_summary and recovery.postable_version is version
    )


def _nudge_responder(recovery: Recovery, key: str, *args: tuple[str, str]) -> SendPrivateMessage:
    return SendPrivateMessage(recovery.responder, key, args, is_nudge=True)
