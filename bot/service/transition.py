"""The durable half of a transition: the event, the state and every effect become rows in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot.storage import hint_counts, people, recoveries
from bot.storage.flow_registry import FlowRegistry
from bot.storage.outbox import queues
from bot.storage.outbox.messages import CardMessage, LineMessage, PrivateMessage, SummaryMessage
from bot.storage.outbox.queues import NewMessage
from flows.definition.model import Flow
from flows.engine.advance import advance
from flows.screens.reminders import reminder_buttons
from flows.state.effects import (
    ClearTimer,
    CountHint,
    DeleteEntry,
    Effect,
    PostLineToThread,
    PostSummaryToThread,
    SaveEntry,
    SaveStepVisit,
    SendPrivateMessage,
    SetTimer,
    ShowCard,
)
from flows.state.events import AddObserver, Event, HandOver, RemoveObserver
from flows.state.identity import Person
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.wording.localization import Localizer, private_message_text, thread_line_text
from flows.wording.summaries.documents import summary_document

Effects = tuple[Effect, ...]
MessageEffect = ShowCard | SendPrivateMessage | PostLineToThread | PostSummaryToThread


@dataclass(frozen=True, slots=True)
class PreparedTransition:
    """A transition that is to be stored, with its messages.

    `recovery`: after the event. `version`: of the row before the event; 0 if there was none.
    """

    recovery: Recovery
    version: int
    event: Event
    effects: Effects
    messages: tuple[NewMessage, ...]

    @property
    def locked_recovery(self) -> tuple[Recovery, int]:
        """The recovery and its version after it."""
        return self.recovery, self.version + 1


def advance_locked(
    tx: Connection, registry: FlowRegistry, locked_recovery: tuple[Recovery, int], event: Event, now: float
) -> PreparedTransition:
    """Advance a locked recovery by an event that comes from ourselves."""
    recovery, version = locked_recovery
    flow = registry.get_version(tx, recovery.flow, recovery.flow_version)
    after, effects = advance(flow, recovery, event, now)
    return prepare_transition(registry, flow, after, version, event, effects, now)


def prepare_transition(
    registry: FlowRegistry, flow: Flow, recovery: Recovery, version: int, event: Event, effects: Effects, now: float
) -> PreparedTransition:
    """A transition with its messages. Their keys hold its `version`, so that none of them is ever sent twice."""
    localizer = registry.localizer(recovery.language, recovery.timezone)
    messages = tuple(
        _new_message(flow, recovery, effect, localizer, f"{recovery.id}:{version + 1}:{number}", now)
        for number, effect in enumerate(effects)
        if isinstance(effect, MessageEffect)
    )
    return PreparedTransition(recovery, version, event, effects, messages)


def save_transitions(tx: Connection, transitions: Sequence[PreparedTransition], now: float) -> None:
    """Store transitions: state, events, records, timers, and the messages in their order."""
    if updates := [(one.recovery, one.version) for one in transitions if one.version]:
        recoveries.update_recoveries(tx, updates)
    recoveries.append_events(tx, [(one.recovery.id, one.version + 1, one.event) for one in transitions], now)
    for one in transitions:
        if isinstance(one.event, HandOver | AddObserver | RemoveObserver):
            people.save_observers(tx, one.recovery)
        for effect in one.effects:
            _save_effect(tx, one.recovery.id, effect, now)
    if messages := [message for one in transitions for message in one.messages]:
        queues.add_messages(tx, messages)


def _save_effect(tx: Connection, recovery_id: str, effect: Effect, now: float) -> None:
    match effect:
        case SaveEntry(entry=entry):
            recoveries.save_entry(tx, recovery_id, entry)
        case DeleteEntry(entry_id=entry_id):
            recoveries.delete_entry(tx, recovery_id, entry_id)
        case SaveStepVisit(step_visit=step_visit):
            recoveries.save_step_visit(tx, recovery_id, step_visit)
        case SetTimer(timer_name=name, due_at=due):
            recoveries.set_timer(tx, recovery_id, name, due, now)
        case ClearTimer(timer_name=name):
            recoveries.clear_timer(tx, recovery_id, name)
        case CountHint():
            hint_counts.add_outcome(tx, effect)
        case _:  # a message, or a dialog that answers the request itself
            pass


def _new_message(
    flow: Flow, recovery: Recovery, effect: MessageEffect, localizer: Localizer, key: str, now: float
) -> NewMessage:
    """The message of an effect. Texts are made now, and a card when it is sent."""
    place = recovery.place
    to_thread = partial(NewMessage, f"{place.platform}:{place.workspace}:{place.conversation}", recovery.id, key, now)
    match effect:
        case ShowCard(recipient=recipient):
            card_key = f"{recovery.id}:{recipient.user_id}"
            return NewMessage(_queue_of(recipient), recovery.id, key, now, CardMessage(recipient), card_key)
        case SendPrivateMessage(recipient=recipient, is_nudge=is_nudge):
            text = private_message_text(flow, recovery, effect, localizer)
            content = PrivateMessage(recipient, text, is_nudge, reminder_buttons(flow, recovery, effect, localizer))
            return NewMessage(_queue_of(recipient), recovery.id, key, now, content)
        case PostLineToThread(summary_version=version, summary_posted_at=posted_at):
            text, is_internal = thread_line_text(effect, localizer), version is SummaryVersion.INTERNAL
            return to_thread(LineMessage(place.conversation, place.thread, text, is_internal, version, posted_at))
        case PostSummaryToThread(summary_version=version):
            document = summary_document(flow, recovery, version, localizer)
            return to_thread(SummaryMessage(place.conversation, place.thread, document, version, now))


def _queue_of(person: Person) -> str:
    """The queue of messages to one person."""
    return f"{person.platform}:{person.workspace}:@{person.user_id}"
