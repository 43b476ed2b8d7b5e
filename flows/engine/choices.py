"""What is chosen on the card with one tap: options of a field, and the facts to give back."""

from dataclasses import replace

from flows.definition.model import Field, FieldKind, Flow
from flows.engine import nudges
from flows.engine.record import MAX_ENTRIES, add_entry, delete_entry
from flows.engine.transitions import Transition, show_cards
from flows.state.copying import replace_fields
from flows.state.effects import Effect, SaveEntry, SendPrivateMessage
from flows.state.entries import Entry, Fact, Feeling, Level, Selection, Value
from flows.state.fact_choice import repeated_fact_ids
from flows.state.record_events import ChooseOption, RepeatFact
from flows.state.recovery import MAX_FACTS_TO_REPEAT, Recovery

MAX_LEVEL = 5


def choose_option(flow: Flow, recovery: Recovery, event: ChooseOption, now: float) -> Transition:
    """Choose an option, or take it back. What is so already stays so: a second tap does no harm."""
    field = flow.field(event.field_id)
    if field is None or not _is_option(field, event.option):
        return recovery, (SendPrivateMessage(event.actor, "record.unfit"),)
    if len(recovery.entries) >= MAX_ENTRIES and event.is_chosen:
        return recovery, (SendPrivateMessage(event.actor, "record.full", (("most", str(MAX_ENTRIES)),)),)
    choose = _choose_feeling if field.kind is FieldKind.FEELING else _choose_in_one_entry
    recovery, effects = choose(flow, recovery, field, event, now)
    if not effects:
        return recovery, show_cards(recovery)
    return recovery, (*effects, *show_cards(recovery), *nudges.reset_step_nudge(flow, recovery, now))


def repeat_fact(recovery: Recovery, event: RepeatFact) -> Transition:
    """Give a fact back, or no longer. One too many takes the place of the one that was chosen first."""
    entry = recovery.entry(event.entry_id)
    if entry is None or not isinstance(entry.value, Fact):
        return recovery, (SendPrivateMessage(event.actor, "record.gone"), *show_cards(recovery))
    others = tuple(entry_id for entry_id in repeated_fact_ids(recovery) if entry_id != entry.id)
    fact_ids = (*others, entry.id)[-MAX_FACTS_TO_REPEAT:] if event.is_repeated else others
    return replace_fields(recovery, facts_to_repeat=fact_ids), show_cards(recovery)


def _is_option(field: Field, option: str) -> bool:
    match field.kind:
        case FieldKind.FEELING | FieldKind.PICK:
            return option in field.options
        case FieldKind.LEVEL:
            return option in {str(level) for level in range(1, MAX_LEVEL + 1)}
        case FieldKind.MOMENT:
            return True
        case _:
            return False


def _choose_feeling(flow: Flow, recovery: Recovery, _field: Field, event: ChooseOption, now: float) -> Transition:
    """A feeling takes the place of one that the client has not answered yet."""
    feelings = [entry for entry in recovery.entries_of(event.field_id) if isinstance(entry.value, Feeling)]
    same = next((entry for entry in reversed(feelings) if _word(entry) == event.option), None)
    if not event.is_chosen:
        return delete_entry(recovery, same) if same else (recovery, ())
    newest = feelings[-1] if feelings else None
    if newest is not None and newest is same and not _is_denied(newest):
        return recovery, ()
    if newest is None or not isinstance(newest.value, Feeling) or newest.value.is_confirmed is not None:
        return add_entry(flow, recovery, event.field_id, Feeling(event.option), now)
    entry = replace(newest, value=replace(newest.value, word=event.option), changed_at=now)
    return replace_fields(recovery, entries=recovery.entries_with(entry)), (SaveEntry(entry),)


def _choose_in_one_entry(flow: Flow, recovery: Recovery, field: Field, event: ChooseOption, now: float) -> Transition:
    """Options of a pick, a level, a time: one entry holds all that is chosen."""
    entries = recovery.entries_of(event.field_id)
    before = entries[-1].value if entries else None
    after = _value_after(field, before, event)
    if after == before:
        return recovery, ()
    if after is not None:
        return add_entry(flow, recovery, event.field_id, after, now)
    effects: tuple[Effect, ...] = ()
    for entry in entries:
        recovery, deletion_effects = delete_entry(recovery, entry)
        effects += deletion_effects
    return recovery, effects


def _value_after(field: Field, before: Value | None, event: ChooseOption) -> Value | None:
    """The value of the field after the choice; None if nothing is chosen any more."""
    if field.kind is not FieldKind.PICK:
        if event.is_chosen:
            return Level(int(event.option)) if field.kind is FieldKind.LEVEL else before
        return None
    options_before = before.options if isinstance(before, Selection) else ()
    if event.is_chosen:
        options_after = {*options_before, event.option} if field.many else {event.option}
    else:
        options_after = set(options_before) - {event.option}
    options = tuple(option for option in field.options if option in options_after)
    return Selection(options) if options else None


def _word(entry: Entry) -> str:
    return entry.value.word if isinstance(entry.value, Feeling) else ""


def _is_denied(entry: Entry) -> bool:
    return isinstance(entry.value, Feeling) and entry.value.is_confirmed is False
