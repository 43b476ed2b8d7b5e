"""What did not arrive, and what did after all. It answers what the responder did, so it is told at any hour."""

from flows.definition.model import Flow
from flows.engine import closing
from flows.engine.transitions import Transition, show_cards
from flows.state.copying import replace_fields
from flows.state.delivery_failure import MessageKind
from flows.state.effects import SendPrivateMessage
from flows.state.events import DeliveryFailed, DeliverySucceeded
from flows.state.recovery import Recovery, SummaryVersion


def report_failure(recovery: Recovery, event: DeliveryFailed) -> Transition:
    """Tell the responder what did not arrive, why, and what to do; such a summary is not posted."""
    if event.message_kind is MessageKind.SUMMARY:
        return _summary_not_delivered(recovery, event)
    if event.message_kind is MessageKind.LINE:
        return recovery, (_nudge_responder(recovery, "undelivered.line", ("why", event.reason)),)
    return _person_not_reached(recovery, event)


def report_success(flow: Flow, recovery: Recovery, event: DeliverySucceeded) -> Transition:
    """What was sent again is there: a summary is posted, and whoever could not be reached can be."""
    if event.message_kind is MessageKind.SUMMARY:
        version = event.summary_version or recovery.postable_version
        first = version not in recovery.posted_versions
        recovery = closing.mark_posted(flow, recovery, version, _next_card_revision(recovery, version, differs=first))
        told = SendPrivateMessage(recovery.responder, "arrived.summary", (("summary", version),))
        return recovery, (*show_cards(recovery), told)
    if event.message_kind is MessageKind.LINE:
        return recovery, (SendPrivateMessage(recovery.responder, "arrived.line"),)
    if event.recipient in recovery.unreachable_people:
        recovery = replace_fields(
            recovery, unreachable_people=tuple(p for p in recovery.unreachable_people if p != event.recipient)
        )
    return recovery, ()


def _summary_not_delivered(recovery: Recovery, event: DeliveryFailed) -> Transition:
    version = event.summary_version or recovery.postable_version
    told = _nudge_responder(recovery, "undelivered.summary", ("summary", version), ("why", event.reason))
    if version not in recovery.posted_versions:
        return recovery, (told,)
    newest = len(recovery.posted_versions) - 1 - recovery.posted_versions[::-1].index(version)
    posted = recovery.posted_versions[:newest] + recovery.posted_versions[newest + 1 :]
    gone = version not in posted
    recovery = replace_fields(
        recovery,
        posted_versions=posted,
        published_commitments=tuple(known for known in recovery.published_commitments if known[0] is not version)
        if gone
        else recovery.published_commitments,
        card_revision=_next_card_revision(recovery, version, differs=gone),
    )
    return recovery, (*show_cards(recovery), told)


def _person_not_reached(recovery: Recovery, event: DeliveryFailed) -> Transition:
    """Told once for each person: a card that they cannot have is drawn at every step.

    Observers are told of a responder who cannot be reached: one of them may have handed the talk over.
    """
    who = event.recipient
    if who is None or who in recovery.unreachable_people or who not in (recovery.responder, *recovery.observers):
        return recovery, ()
    recovery = replace_fields(recovery, unreachable_people=(*recovery.unreachable_people, who))
    args = (("name", who.name or who.user_id), ("account", recovery.account), ("why", event.reason))
    if who != recovery.responder:
        return recovery, (_nudge_responder(recovery, "undelivered.person", *args),)
    watching = (person for person in recovery.observers if person not in recovery.unreachable_people)
    return recovery, tuple(
        SendPrivateMessage(person, "undelivered.responder", args, is_nudge=True) for person in watching
    )


def _next_card_revision(recovery: Recovery, version: SummaryVersion, *, differs: bool) -> int:
    """The next visit, if this summary is in view and its button differs: "Post" or "Post again"."""
    return recovery.card_revision + (
        differs and recovery.is_previewing_summary and recovery.postable_version is version
    )


def _nudge_responder(recovery: Recovery, key: str, *args: tuple[str, str]) -> SendPrivateMessage:
    return SendPrivateMessage(recovery.responder, key, args, is_nudge=True)
