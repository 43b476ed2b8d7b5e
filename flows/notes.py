"""The record: entries made, mended and taken away. Every note is optional; none moves the talk."""

from dataclasses import replace

from flows import timing
from flows.change import changed
from flows.effects import ClearTimer, Effect, PostLineToThread, Recorded, SetTimer, Unrecorded, Whisper
from flows.events import Edit, Record, Remove
from flows.flow import Field, FieldKind, Flow
from flows.moves import cards
from flows.recovery import Recovery, Version
from flows.values import Commitment, Entry, Moment, Picked, Promise, Value

Transition = tuple[Recovery, tuple[Effect, ...]]

MOST_ENTRIES = 300
MINUTES_BEFORE_DUE = 60


def record(flow: Flow, recovery: Recovery, event: Record, now: float) -> Transition:
    """Keep a new entry."""
    field = flow.field(event.field)
    if not _fits(field, event.value):
        return recovery, (Whisper(event.by, "record.unfit"),)
    replaces = field is not None and field.holds_one and recovery.of(event.field)
    if len(recovery.entries) >= MOST_ENTRIES and not replaces:
        return recovery, (Whisper(event.by, "record.full", (("most", str(MOST_ENTRIES)),)),)
    recovery, effects = put(flow, recovery, event.field, event.value, now)
    return recovery, (*effects, *cards(recovery), *timing.watch(flow, recovery, now))


def edit(flow: Flow, recovery: Recovery, event: Edit, now: float) -> Transition:
    """Put another value in place of an entry's. The time of recording stays."""
    entry = recovery.entry(event.entry)
    if entry is None:
        return recovery, (Whisper(event.by, "record.gone"), *cards(recovery))
    if not _fits(flow.field(entry.field), event.value):
        return recovery, (Whisper(event.by, "record.unfit"),)
    edited = replace(entry, value=_in_time(event.value, now), changed_at=now)
    recovery = changed(
        recovery,
        entries=tuple(edited if e is entry else e for e in recovery.entries),
        held=timing.released(recovery, *_timer_names(entry)),
    )
    told = _tell_kept(recovery, entry, event.value)
    timers = _timers(edited, now)
    return recovery, (Recorded(edited), *timers, *told, *cards(recovery), *timing.watch(flow, recovery, now))


def remove(flow: Flow, recovery: Recovery, event: Remove, now: float) -> Transition:
    """Take an entry off the record."""
    entry = recovery.entry(event.entry)
    if entry is None:
        return recovery, (Whisper(event.by, "record.gone"), *cards(recovery))
    recovery, gone = _drop(recovery, entry)
    return recovery, (*gone, *cards(recovery), *timing.watch(flow, recovery, now))


def put(flow: Flow, recovery: Recovery, field_id: str, value: Value, now: float) -> Transition:
    """Add an entry; where the field holds one only, the newest replaces it."""
    gone: tuple[Effect, ...] = ()
    field = flow.field(field_id)
    if field is not None and field.holds_one:
        for entry in recovery.of(field_id):
            recovery, dropped = _drop(recovery, entry)
            gone += dropped
    number = recovery.made + 1
    entry = Entry(f"e{number}", field_id, recovery.step, now, recovery.responder, value)
    recovery = changed(recovery, entries=(*recovery.entries, entry), made=number)
    return recovery, (*gone, Recorded(entry), *_timers(entry, now))


def _drop(recovery: Recovery, entry: Entry) -> Transition:
    kept = tuple(e for e in recovery.entries if e is not entry)
    timers = _timer_names(entry)
    recovery = changed(recovery, entries=kept, held=timing.released(recovery, *timers))
    return recovery, (Unrecorded(entry.id), *map(ClearTimer, timers))


def _fits(field: Field | None, value: Value) -> bool:
    """Whether the field can hold this value: same kind, and only options that it has."""
    if field is None or field.kind is FieldKind.DISPUTE or field.kind.value != value.kind:
        return False
    if isinstance(value, Picked):
        return all(option in field.options for option in value.options) and (field.many or len(value.options) == 1)
    return True


def _timer_names(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry.value, Commitment):
        return f"due:{entry.id}", f"late:{entry.id}"
    return (f"update:{entry.id}",) if isinstance(entry.value, Moment) else ()


def _timers(entry: Entry, now: float) -> tuple[Effect, ...]:
    """A commitment is nudged before it is due and once when it is late; a progress update at its promised time."""
    value = entry.value
    if isinstance(value, Moment):
        name = f"update:{entry.id}"
        return (SetTimer(name, value.at) if value.at > now else ClearTimer(name),)
    if not isinstance(value, Commitment):
        return ()
    if value.state is not Promise.OPEN or value.due is None:
        return tuple(ClearTimer(name) for name in _timer_names(entry))
    early = value.due - MINUTES_BEFORE_DUE * 60
    before = SetTimer(f"due:{entry.id}", early) if early > now else ClearTimer(f"due:{entry.id}")
    return before, SetTimer(f"late:{entry.id}", value.due)


def _in_time(value: Value, now: float) -> Value:
    """A late promise that was given a later time is open again."""
    late = isinstance(value, Commitment) and value.state is Promise.LATE and value.due is not None and value.due > now
    return replace(value, state=Promise.OPEN) if late and isinstance(value, Commitment) else value


def _tell_kept(recovery: Recovery, entry: Entry, value: Value) -> tuple[Effect, ...]:
    """The thread is told of a kept promise, but only one that a summary told these readers of before."""
    was = entry.value
    if not (isinstance(was, Commitment) and isinstance(value, Commitment)):
        return ()
    newly_kept = value.state is Promise.KEPT and was.state is not Promise.KEPT
    to_all = (Version.CLIENT, entry.id) in recovery.told
    known = to_all or (not recovery.shared and (Version.INTERNAL, entry.id) in recovery.told)
    args = (("who", value.who), ("what", value.what))
    return (PostLineToThread("kept", args, inside=not to_all),) if newly_kept and known else ()
