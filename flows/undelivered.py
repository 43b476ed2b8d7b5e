"""What did not arrive, and what did after all. It answers what the responder did, so it is told at any hour."""

from flows import ending
from flows.change import changed
from flows.effects import Effect, Whisper
from flows.events import Arrived, Undelivered
from flows.flow import Flow
from flows.moves import cards
from flows.recovery import Recovery, Version
from flows.why import Mail

Transition = tuple[Recovery, tuple[Effect, ...]]


def undelivered(recovery: Recovery, event: Undelivered) -> Transition:
    """Tell the responder what did not arrive, why, and what to do; such a summary is not posted."""
    if event.what is Mail.SUMMARY:
        return _not_in_thread(recovery, event)
    if event.what is Mail.LINE:
        return recovery, (_told(recovery, "undelivered.line", ("why", event.why)),)
    return _out_of_reach(recovery, event)


def arrived(flow: Flow, recovery: Recovery, event: Arrived) -> Transition:
    """What was sent again is there: a summary is posted, and whoever could not be reached can be."""
    if event.what is Mail.SUMMARY:
        version = event.version or recovery.chosen
        first = version not in recovery.posted
        recovery = ending.posted(flow, recovery, version, _visit(recovery, version, differs=first))
        told = Whisper(recovery.responder, "arrived.summary", (("summary", version),))
        return recovery, (*cards(recovery), told)
    if event.what is Mail.LINE:
        return recovery, (Whisper(recovery.responder, "arrived.line"),)
    if event.to in recovery.unreached:
        recovery = changed(recovery, unreached=tuple(p for p in recovery.unreached if p != event.to))
    return recovery, ()


def _not_in_thread(recovery: Recovery, event: Undelivered) -> Transition:
    version = event.version or recovery.chosen
    told = _told(recovery, "undelivered.summary", ("summary", version), ("why", event.why))
    if version not in recovery.posted:
        return recovery, (told,)
    newest = len(recovery.posted) - 1 - recovery.posted[::-1].index(version)
    posted = recovery.posted[:newest] + recovery.posted[newest + 1 :]
    gone = version not in posted
    recovery = changed(
        recovery,
        posted=posted,
        told=tuple(known for known in recovery.told if known[0] is not version) if gone else recovery.told,
        visit=_visit(recovery, version, differs=gone),
    )
    return recovery, (*cards(recovery), told)


def _out_of_reach(recovery: Recovery, event: Undelivered) -> Transition:
    """Told once for each person: a card that they cannot have is drawn at every step.

    Observers are told of a responder who cannot be reached: one of them may have handed the talk over.
    """
    who = event.to
    if who is None or who in recovery.unreached or who not in (recovery.responder, *recovery.observers):
        return recovery, ()
    recovery = changed(recovery, unreached=(*recovery.unreached, who))
    args = (("name", who.name or who.user), ("account", recovery.account), ("why", event.why))
    if who != recovery.responder:
        return recovery, (_told(recovery, "undelivered.person", *args),)
    watching = (person for person in recovery.observers if person not in recovery.unreached)
    return recovery, tuple(Whisper(person, "undelivered.responder", args, nudge=True) for person in watching)


def _visit(recovery: Recovery, version: Version, *, differs: bool) -> int:
    """The next visit, if this summary is in view and its button differs: "Post" or "Post again"."""
    return recovery.visit + (differs and recovery.previewing and recovery.chosen is version)


def _told(recovery: Recovery, key: str, *args: tuple[str, str]) -> Whisper:
    return Whisper(recovery.responder, key, args, nudge=True)
