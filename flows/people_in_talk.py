"""Who takes part: handing over, when the responder works, watching, and a private tip."""

from flows import timing
from flows.change import changed
from flows.effects import Effect, ShowCard, Whisper
from flows.events import HandOver, ObserverJoins, ObserverLeaves, Tip, WorkingHours
from flows.flow import Flow
from flows.moves import cards
from flows.recovery import Recovery

Transition = tuple[Recovery, tuple[Effect, ...]]

MOST_OBSERVERS = 20


def hand_over(flow: Flow, recovery: Recovery, event: HandOver, now: float) -> Transition:
    """Somebody else takes the talk with everything on record; who had it goes on as an observer."""
    if event.to == recovery.responder:
        return recovery, (Whisper(event.by, "hand_over.self"),)
    before = recovery.responder
    watching = tuple(person for person in recovery.observers if person != event.to)
    recovery = changed(
        recovery,
        responder=event.to,
        observers=(*watching, before),
        visit=recovery.visit + 1,
        timezone=event.timezone or recovery.timezone,
        hours=event.hours or recovery.hours,
        led_at=now,
        unreached=(),
    )
    told = (
        Whisper(before, "hand_over.gave", (("name", event.to.name), ("account", recovery.account))),
        Whisper(event.to, "hand_over.got", (("name", before.name), ("account", recovery.account)), nudge=True),
    )
    return recovery, (*cards(recovery), *told, *timing.held_anew(flow, recovery, now))


def working_hours(flow: Flow, recovery: Recovery, event: WorkingHours, now: float) -> Transition:
    """The responder's hours or time zone are others. Only another zone changes the card: the times on it."""
    zone = event.timezone or recovery.timezone
    if (event.hours, zone) == (recovery.hours, recovery.timezone):
        return recovery, ()
    moved = zone != recovery.timezone
    visit = recovery.visit + (moved and recovery.previewing)  # a summary is posted as it was read
    recovery = changed(recovery, hours=event.hours, timezone=zone, visit=visit)
    shown = cards(recovery) if moved else ()
    return recovery, (*shown, *timing.held_anew(flow, recovery, now))


def join(recovery: Recovery, event: ObserverJoins) -> Transition:
    """Let somebody watch. They see the guide from now on, and no button."""
    if event.who == recovery.responder or event.who in recovery.observers:
        return recovery, (Whisper(event.by, "observer.already", (("name", event.who.name),)),)
    if len(recovery.observers) >= MOST_OBSERVERS:
        return recovery, (Whisper(event.by, "observer.full", (("most", str(MOST_OBSERVERS)),)),)
    recovery = changed(recovery, observers=(*recovery.observers, event.who))
    told = Whisper(event.who, "observer.joined", (("name", recovery.responder.name), ("account", recovery.account)))
    return recovery, (*cards(recovery), told)


def leave(recovery: Recovery, event: ObserverLeaves) -> Transition:
    """Somebody no longer watches: their card says so and holds nothing of the talk any more."""
    if event.who not in recovery.observers:
        return recovery, (Whisper(event.by, "observer.gone", (("name", event.who.name),)),)
    recovery = changed(
        recovery,
        observers=tuple(person for person in recovery.observers if person != event.who),
        unreached=tuple(person for person in recovery.unreached if person != event.who),
    )
    told = Whisper(recovery.responder, "observer.left", (("name", event.who.name),))
    return recovery, (*cards(recovery), ShowCard(event.who), told)


def tip(recovery: Recovery, event: Tip) -> Transition:
    """An observer's private word to the responder."""
    told: tuple[Effect, ...] = (
        Whisper(recovery.responder, "tip", (("name", event.by.name), ("text", event.text)), nudge=True),
    )
    sent = () if event.by == recovery.responder else (Whisper(event.by, "tip.sent"),)
    return recovery, (*told, *sent)
