"""The record of a recovery: adding, editing and removing entries. Every entry is optional; none leaves the step."""

from dataclasses import replace

from flows.definition.model import Field, FieldKind, Flow
from flows.engine import nudges
from flows.engine.publishing import kept_promise_line
from flows.engine.timer_names import TimerKind, timer_name
from flows.engine.transitions import Transition, show_cards
from flows.state.copying import replace_fields
from flows.state.effects import (
    ClearTimer,
    DeleteEntry,
    Effect,
    SaveEntry,
    SendPrivateMessage,
    SetTimer,
)
from flows.state.entries import Commitment, CommitmentState, Entry, Fact, Moment, Selection, Value
from flows.state.record_events import EditEntry, RecordEntry, RemoveEntry, RestoreEntry
from flows.state.recovery import MAX_FACTS_TO_REPEAT, Recovery

MAX_ENTRIES = 300
"""Entries of one recovery."""
MINUTES_BEFORE_DUE = 60
"""Minutes before a commitment is due when the responder is reminded of it."""


def record_entry(flow: Flow, recovery: Recovery, event: RecordEntry, now: float) -> Transition:
    """Record a new entry."""
    field = flow.field(event.field_id)
    if not _fits(field, event.value):
        return recovery, (SendPrivateMessage(event.actor, "record.unfit"),)
    replaces_entry = field is not None and field.holds_one and recovery.entries_of(event.field_id)
    if len(recovery.entries) >= MAX_ENTRIES and not replaces_entry:
        return recovery, (SendPrivateMessage(event.actor, "record.full", (("most", str(MAX_ENTRIES)),)),)
    recovery, effects = add_entry(flow, recovery, event.field_id, event.value, now)
    return recovery, (*effects, *show_cards(recovery), *nudges.reset_step_nudge(flow, recovery, now))


def edit_entry(flow: Flow, recovery: Recovery, event: EditEntry, now: float) -> Transition:
    """Give an entry another value. The time of recording stays."""
    entry = recovery.entry(event.entry_id)
    if entry is None:
        return recovery, (SendPrivateMessage(event.actor, "record.gone"), *show_cards(recovery))
    if not _fits(flow.field(entry.field_id), event.value):
        return recovery, (SendPrivateMessage(event.actor, "record.unfit"),)
    edited_entry = replace(entry, value=_reopen_if_due_later(event.value, now), changed_at=now)
    recovery = replace_fields(
        recovery,
        entries=recovery.entries_with(edited_entry),
        deferred_timers=nudges.without_deferred_timers(recovery, *_timer_names(entry)),
    )
    announcement = kept_promise_line(recovery, entry, event.value) if isinstance(event.value, Commitment) else ()
    timers = _entry_timers(edited_entry, now)
    return recovery, (
        SaveEntry(edited_entry),
        *timers,
        *announcement,
        *show_cards(recovery),
        *nudges.reset_step_nudge(flow, recovery, now),
    )


def remove_entry(flow: Flow, recovery: Recovery, event: RemoveEntry, now: float) -> Transition:
    """Remove an entry from the record."""
    entry = recovery.entry(event.entry_id)
    if entry is None:
        return recovery, (SendPrivateMessage(event.actor, "record.gone"), *show_cards(recovery))
    recovery, deletion_effects = delete_entry(recovery, entry)
    recovery = replace_fields(recovery, removed_entry=entry)
    return recovery, (*deletion_effects, *show_cards(recovery), *nudges.reset_step_nudge(flow, recovery, now))


def restore_entry(flow: Flow, recovery: Recovery, event: RestoreEntry, now: float) -> Transition:
    """Undo the last removal. An entry that was written in its place meanwhile stays."""
    entry = recovery.removed_entry
    if entry is None or entry.id != event.entry_id:
        return recovery, show_cards(recovery)
    field = flow.field(entry.field_id)
    is_replaced = field is not None and field.holds_one and bool(recovery.entries_of(entry.field_id))
    recovery = replace_fields(recovery, removed_entry=None)
    if is_replaced or len(recovery.entries) >= MAX_ENTRIES:
        return recovery, (SendPrivateMessage(event.actor, "record.gone"), *show_cards(recovery))
    entries = sorted((*recovery.entries, entry), key=lambda one: int(one.id[1:]))
    recovery = replace_fields(recovery, entries=tuple(entries))
    timers = (*_entry_timers(entry, now), *nudges.reset_step_nudge(flow, recovery, now))
    return recovery, (SaveEntry(entry), *show_cards(recovery), *timers)


def add_entry(flow: Flow, recovery: Recovery, field_id: str, value: Value, now: float) -> Transition:
    """Add an entry. In a field that holds only one, it replaces the one before."""
    deletion_effects: tuple[Effect, ...] = ()
    field = flow.field(field_id)
    if field is not None and field.holds_one:
        for entry in recovery.entries_of(field_id):
            recovery, effects = delete_entry(recovery, entry)
            deletion_effects += effects
    number = recovery.last_entry_number + 1
    entry = Entry(f"e{number}", field_id, recovery.step, now, recovery.responder, value)
    recovery = replace_fields(
        recovery, entries=(*recovery.entries, entry), last_entry_number=number, removed_entry=None
    )
    if isinstance(value, Fact):
        recovery = _with_new_fact(recovery, entry, value)
    return recovery, (*deletion_effects, SaveEntry(entry), *_entry_timers(entry, now))


def _with_new_fact(recovery: Recovery, entry: Entry, fact: Fact) -> Recovery:
    """The recovery with a new fact: it is given back with the others, and a message that it notes waits no longer."""
    recovery = without_client_message(recovery, fact.text)
    if recovery.facts_to_repeat is None:
        return recovery
    return replace_fields(recovery, facts_to_repeat=(*recovery.facts_to_repeat, entry.id)[-MAX_FACTS_TO_REPEAT:])


def without_client_message(recovery: Recovery, text: str) -> Recovery:
    """The recovery, in which these words of the client do not wait to be noted any more."""
    messages = [*recovery.earlier_client_messages, *filter(None, (recovery.client_message,))]
    if text not in messages:
        return recovery
    messages.remove(text)
    *earlier_messages, newest_message = messages or ("",)
    return replace_fields(recovery, client_message=newest_message, earlier_client_messages=tuple(earlier_messages))


def delete_entry(recovery: Recovery, entry: Entry) -> Transition:
    """Take an entry out of the record, with its timers."""
    other_entries = tuple(other for other in recovery.entries if other is not entry)
    timer_names = _timer_names(entry)
    repeated_facts = recovery.facts_to_repeat
    if repeated_facts is not None and entry.id in repeated_facts:
        repeated_facts = tuple(entry_id for entry_id in repeated_facts if entry_id != entry.id)
    recovery = replace_fields(
        recovery,
        entries=other_entries,
        facts_to_repeat=repeated_facts,
        deferred_timers=nudges.without_deferred_timers(recovery, *timer_names),
    )
    return recovery, (DeleteEntry(entry.id), *map(ClearTimer, timer_names))


def _fits(field: Field | None, value: Value) -> bool:
    """Whether the field can hold this value: it is of the same kind, and has only options of the field."""
    if field is None or field.kind is FieldKind.DISPUTE or field.kind.value != value.kind:
        return False
    if isinstance(value, Selection):
        return all(option in field.options for option in value.options) and (field.many or len(value.options) == 1)
    return True


def _timer_names(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry.value, Commitment):
        return timer_name(TimerKind.DUE_SOON, entry.id), timer_name(TimerKind.LATE, entry.id)
    return (timer_name(TimerKind.PROMISED_UPDATE, entry.id),) if isinstance(entry.value, Moment) else ()


def _entry_timers(entry: Entry, now: float) -> tuple[Effect, ...]:
    """The timers of an entry: before a commitment is due and when it becomes late; at the time of a promised update."""
    value = entry.value
    if isinstance(value, Moment):
        name = timer_name(TimerKind.PROMISED_UPDATE, entry.id)
        return (SetTimer(name, value.time) if value.time > now and not value.is_done else ClearTimer(name),)
    if not isinstance(value, Commitment):
        return ()
    due_soon_name, late_name = _timer_names(entry)
    if value.state is not CommitmentState.OPEN or value.due_at is None:
        return ClearTimer(due_soon_name), ClearTimer(late_name)
    nudge_at = value.due_at - MINUTES_BEFORE_DUE * 60
    due_soon_timer = SetTimer(due_soon_name, nudge_at) if nudge_at > now else ClearTimer(due_soon_name)
    return due_soon_timer, SetTimer(late_name, value.due_at)


def _reopen_if_due_later(value: Value, now: float) -> Value:
    """A late commitment that gets a time in the future is open again."""
    if not isinstance(value, Commitment) or value.state is not CommitmentState.LATE or value.due_at is None:
        return value
    return replace(value, state=CommitmentState.OPEN) if value.due_at > now else value
