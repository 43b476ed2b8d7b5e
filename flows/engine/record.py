"""The record: entries made, mended and taken away. Every note is optional; none moves the talk."""

from dataclasses import replace

from flows.definition.model import Field, FieldKind, Flow
from flows.engine import nudges
from flows.engine.transitions import Transition, show_cards
from flows.state.copying import replace_fields
from flows.state.effects import (
    ClearTimer,
    DeleteEntry,
    Effect,
    PostLineToThread,
    SaveEntry,
    SendPrivateMessage,
    SetTimer,
)
from flows.state.entries import Commitment, CommitmentState, Entry, Moment, Selection, Value
from flows.state.events import EditEntry, RecordEntry, RemoveEntry
from flows.state.recovery import Recovery, SummaryVersion

MAX_ENTRIES = 300
MINUTES_BEFORE_DUE = 60


def record_entry(flow: Flow, recovery: Recovery, event: RecordEntry, now: float) -> Transition:
    """Keep a new entry."""
    field = flow.field(event.field_id)
    if not _fits(field, event.value):
        return recovery, (SendPrivateMessage(event.actor, "record.unfit"),)
    replaces_entry = field is not None and field.holds_one and recovery.entries_of(event.field_id)
    if len(recovery.entries) >= MAX_ENTRIES and not replaces_entry:
        return recovery, (SendPrivateMessage(event.actor, "record.full", (("most", str(MAX_ENTRIES)),)),)
    recovery, effects = add_entry(flow, recovery, event.field_id, event.value, now)
    return recovery, (*effects, *show_cards(recovery), *nudges.reset_step_nudge(flow, recovery, now))


def edit_entry(flow: Flow, recovery: Recovery, event: EditEntry, now: float) -> Transition:
    """Put another value in place of an entry's. The time of recording stays."""
    entry = recovery.entry(event.entry_id)
    if entry is None:
        return recovery, (SendPrivateMessage(event.actor, "record.gone"), *show_cards(recovery))
    if not _fits(flow.field(entry.field_id), event.value):
        return recovery, (SendPrivateMessage(event.actor, "record.unfit"),)
    edited_entry = replace(entry, value=_reopen_if_due_later(event.value, now), changed_at=now)
    recovery = replace_fields(
        recovery,
        entries=tuple(edited_entry if e is entry else e for e in recovery.entries),
        deferred_timers=nudges.without_deferred_timers(recovery, *_timer_names(entry)),
    )
    announcement = _announce_kept_commitment(recovery, entry, event.value)
    timers = _entry_timers(edited_entry, now)
    return recovery, (
        SaveEntry(edited_entry),
        *timers,
        *announcement,
        *show_cards(recovery),
        *nudges.reset_step_nudge(flow, recovery, now),
    )


def remove_entry(flow: Flow, recovery: Recovery, event: RemoveEntry, now: float) -> Transition:
    """Take an entry off the record."""
    entry = recovery.entry(event.entry_id)
    if entry is None:
        return recovery, (SendPrivateMessage(event.actor, "record.gone"), *show_cards(recovery))
    recovery, deletion_effects = _delete_entry(recovery, entry)
    return recovery, (*deletion_effects, *show_cards(recovery), *nudges.reset_step_nudge(flow, recovery, now))


def add_entry(flow: Flow, recovery: Recovery, field_id: str, value: Value, now: float) -> Transition:
    """Add an entry; where the field holds one only, the newest replaces it."""
    deletion_effects: tuple[Effect, ...] = ()
    field = flow.field(field_id)
    if field is not None and field.holds_one:
        for entry in recovery.entries_of(field_id):
            recovery, effects = _delete_entry(recovery, entry)
            deletion_effects += effects
    number = recovery.last_entry_number + 1
    entry = Entry(f"e{number}", field_id, recovery.step, now, recovery.responder, value)
    recovery = replace_fields(recovery, entries=(*recovery.entries, entry), last_entry_number=number)
    return recovery, (*deletion_effects, SaveEntry(entry), *_entry_timers(entry, now))


def _delete_entry(recovery: Recovery, entry: Entry) -> Transition:
    other_entries = tuple(e for e in recovery.entries if e is not entry)
    timer_names = _timer_names(entry)
    recovery = replace_fields(
        recovery, entries=other_entries, deferred_timers=nudges.without_deferred_timers(recovery, *timer_names)
    )
    return recovery, (DeleteEntry(entry.id), *map(ClearTimer, timer_names))


def _fits(field: Field | None, value: Value) -> bool:
    """Whether the field can hold this value: same kind, and only options that it has."""
    if field is None or field.kind is FieldKind.DISPUTE or field.kind.value != value.kind:
        return False
    if isinstance(value, Selection):
        return all(option in field.options for option in value.options) and (field.many or len(value.options) == 1)
    return True


def _timer_names(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry.value, Commitment):
        return f"due:{entry.id}", f"late:{entry.id}"
    return (f"update:{entry.id}",) if isinstance(entry.value, Moment) else ()


def _entry_timers(entry: Entry, now: float) -> tuple[Effect, ...]:
    """A commitment is nudged before it is due and once when it is late; a progress update at its promised time."""
    value = entry.value
    if isinstance(value, Moment):
        name = f"update:{entry.id}"
        return (SetTimer(name, value.time) if value.time > now else ClearTimer(name),)
    if not isinstance(value, Commitment):
        return ()
    if value.state is not CommitmentState.OPEN or value.due_at is None:
        return tuple(ClearTimer(name) for name in _timer_names(entry))
    nudge_at = value.due_at - MINUTES_BEFORE_DUE * 60
    due_soon_timer = SetTimer(f"due:{entry.id}", nudge_at) if nudge_at > now else ClearTimer(f"due:{entry.id}")
    return due_soon_timer, SetTimer(f"late:{entry.id}", value.due_at)


def _reopen_if_due_later(value: Value, now: float) -> Value:
    """A late promise that was given a later time is open again."""
    is_overdue_no_more = (
        isinstance(value, Commitment)
        and value.state is CommitmentState.LATE
        and value.due_at is not None
        and value.due_at > now
    )
    return replace(value, state=CommitmentState.OPEN) if is_overdue_no_more and isinstance(value, Commitment) else value


def _announce_kept_commitment(recovery: Recovery, entry: Entry, new_value: Value) -> tuple[Effect, ...]:
    """The thread is told of a kept promise, but only one that a summary told these readers of before."""
    old_value = entry.value
    if not (isinstance(old_value, Commitment) and isinstance(new_value, Commitment)):
        return ()
    is_newly_kept = new_value.state is CommitmentState.KEPT and old_value.state is not CommitmentState.KEPT
    is_known_to_client = (SummaryVersion.CLIENT, entry.id) in recovery.published_commitments
    is_known_to_readers = is_known_to_client or (
        not recovery.has_external_users and (SummaryVersion.INTERNAL, entry.id) in recovery.published_commitments
    )
    args = (("who", new_value.who), ("what", new_value.what))
    return (
        (PostLineToThread("kept", args, is_internal=not is_known_to_client),)
        if is_newly_kept and is_known_to_readers
        else ()
    )
