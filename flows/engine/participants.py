"""Who takes part: handing over, the responder's working hours, observers and their tips."""

from flows.definition.model import Flow
from flows.engine import nudges
from flows.engine.transitions import Transition, show_cards
from flows.state.copying import replace_fields
from flows.state.effects import Effect, SendPrivateMessage, ShowCard
from flows.state.events import AddObserver, HandOver, RemoveObserver, SendTip, SetWorkingHours
from flows.state.recovery import Recovery

MAX_OBSERVERS = 20


def hand_over(flow: Flow, recovery: Recovery, event: HandOver, now: float) -> Transition:
    """Make somebody else the responder, with the whole record; the former responder becomes an observer.

    The words that the former responder had checked were for their eyes only: they go.
    """
    if event.new_responder == recovery.responder:
        return recovery, (SendPrivateMessage(event.actor, "hand_over.self"),)
    former_responder = recovery.responder
    other_observers = tuple(person for person in recovery.observers if person != event.new_responder)
    recovery = replace_fields(
        recovery,
        responder=event.new_responder,
        observers=(*other_observers, former_responder),
        card_revision=recovery.card_revision + 1,
        timezone=event.timezone or recovery.timezone,
        working_hours=event.working_hours or recovery.working_hours,
        responder_since=now,
        unreachable_people=(),
        draft_check=None,
    )
    account = ("account", recovery.account)
    messages = (
        SendPrivateMessage(former_responder, "hand_over.gave", (("name", event.new_responder.name), account)),
        SendPrivateMessage(
            event.new_responder, "hand_over.got", (("name", former_responder.name), account), is_nudge=True
        ),
    )
    return recovery, (*show_cards(recovery), *messages, *nudges.reschedule_deferred_timers(flow, recovery, now))


def set_working_hours(flow: Flow, recovery: Recovery, event: SetWorkingHours, now: float) -> Transition:
    """Change the responder's working hours or time zone. Only the time zone changes the card: the times on it."""
    timezone = event.timezone or recovery.timezone
    if (event.working_hours, timezone) == (recovery.working_hours, recovery.timezone):
        return recovery, ()
    timezone_changes = timezone != recovery.timezone
    summary_changes = timezone_changes and recovery.is_previewing_summary  # a summary is posted as it was read
    recovery = replace_fields(
        recovery,
        working_hours=event.working_hours,
        timezone=timezone,
        card_revision=recovery.card_revision + summary_changes,
    )
    card_effects = show_cards(recovery) if timezone_changes else ()
    return recovery, (*card_effects, *nudges.reschedule_deferred_timers(flow, recovery, now))


def add_observer(recovery: Recovery, event: AddObserver) -> Transition:
    """Add an observer. They see the guide from now on, without its buttons."""
    if event.observer == recovery.responder or event.observer in recovery.observers:
        return recovery, (SendPrivateMessage(event.actor, "observer.already", (("name", event.observer.name),)),)
    if len(recovery.observers) >= MAX_OBSERVERS:
        return recovery, (SendPrivateMessage(event.actor, "observer.full", (("most", str(MAX_OBSERVERS)),)),)
    recovery = replace_fields(recovery, observers=(*recovery.observers, event.observer))
    welcome = SendPrivateMessage(
        event.observer, "observer.joined", (("name", recovery.responder.name), ("account", recovery.account))
    )
    return recovery, (*show_cards(recovery), welcome)


def remove_observer(recovery: Recovery, event: RemoveObserver) -> Transition:
    """Remove an observer. Their card says so and shows nothing of the recovery any more."""
    if event.observer not in recovery.observers:
        return recovery, (SendPrivateMessage(event.actor, "observer.gone", (("name", event.observer.name),)),)
    recovery = replace_fields(
        recovery,
        observers=tuple(person for person in recovery.observers if person != event.observer),
        unreachable_people=tuple(person for person in recovery.unreachable_people if person != event.observer),
    )
    message = SendPrivateMessage(recovery.responder, "observer.left", (("name", event.observer.name),))
    return recovery, (*show_cards(recovery), ShowCard(event.observer), message)


def send_tip(recovery: Recovery, event: SendTip) -> Transition:
    """Send an observer's private tip to the responder."""
    tip: tuple[Effect, ...] = (
        SendPrivateMessage(
            recovery.responder, "tip", (("name", event.actor.name), ("text", event.text)), is_nudge=True
        ),
    )
    confirmation = () if event.actor == recovery.responder else (SendPrivateMessage(event.actor, "tip.sent"),)
    return recovery, (*tip, *confirmation)
