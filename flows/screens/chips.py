"""What one tap chooses on the card: options, times, and the facts to give back."""

from flows.action_ids import SEPARATOR, Action, ActionKind, FormId, FormKind
from flows.definition.model import Field, FieldKind, Flow
from flows.engine.choices import MAX_LEVEL
from flows.screens.elements import ButtonKind, Chip, ChipRow
from flows.state.entries import Entry, Fact, Feeling, Level, Moment, Selection
from flows.state.fact_choice import is_said_by_client, repeated_fact_ids
from flows.state.recovery import Recovery
from flows.text import shorten_line
from flows.wording.localization import Localizer
from flows.wording.time_choices import time_choices, time_label

MAX_FEELING_GUESSES = 3
"""Feelings that are suggested from the client's words."""
MAX_FACT_CHIPS = 8
"""Facts to choose from: the first one and the newest."""
MAX_CHIP_CHARACTERS = 70
"""Characters of a fact to choose."""


def chip_rows(flow: Flow, recovery: Recovery, localizer: Localizer, now: float) -> list[ChipRow]:
    """The choices of the current step."""
    rows = []
    for field_id in flow.steps[recovery.step].chips:
        field = flow.field(field_id)
        if field is not None:
            chips = _field_chips(field_id, field, recovery, localizer, now)
            rows.append(
                ChipRow(
                    localizer(field.label), chips, allows_several=not _is_single(field), hides_label=_hides_label(field)
                )
            )
    return rows


def another_chip_row(field_id: str, field: Field, localizer: Localizer) -> ChipRow:
    """What opens the form for one more note of a field."""
    return ChipRow(localizer(field.label), (_form_chip(field_id, localizer.text("form.another")),))


def fact_chips(flow: Flow, recovery: Recovery, localizer: Localizer) -> list[ChipRow]:
    """The facts that the client said, to choose those that are given back."""
    field_id = flow.steps[recovery.step].gives_back
    facts = [entry for entry in recovery.entries_of(field_id) if is_said_by_client(entry)] if field_id else []
    if not facts:
        return []
    chosen_ids = repeated_fact_ids(recovery)
    shown_facts = facts if len(facts) <= MAX_FACT_CHIPS else [facts[0], *facts[1 - MAX_FACT_CHIPS :]]
    chips = tuple(_fact_chip(entry, is_selected=entry.id in chosen_ids) for entry in shown_facts)
    return [ChipRow(localizer.text("card.give_back"), chips, allows_several=True, is_list=True)]


def _fact_chip(entry: Entry, *, is_selected: bool) -> Chip:
    text = entry.value.text if isinstance(entry.value, Fact) else ""
    label = shorten_line(text, MAX_CHIP_CHARACTERS)
    kind = ActionKind.LEAVE_OUT if is_selected else ActionKind.REPEAT
    return Chip(label, Action(kind, entry.id).encode(), is_selected)


def _hides_label(field: Field) -> bool:
    """Feelings and options stand below the phrase or instruction that asks for them."""
    return field.kind in {FieldKind.FEELING, FieldKind.PICK}


def _is_single(field: Field) -> bool:
    return field.kind is FieldKind.FEELING or not field.many


def _field_chips(field_id: str, field: Field, recovery: Recovery, localizer: Localizer, now: float) -> tuple[Chip, ...]:
    entries = recovery.entries_of(field_id)
    value = entries[-1].value if entries else None
    match field.kind:
        case FieldKind.MOMENT:
            return _time_chips(field_id, value if isinstance(value, Moment) else None, localizer, now)
        case FieldKind.LEVEL:
            level = str(value.level) if isinstance(value, Level) else ""
            labels = {str(n): localizer.text(f"level.{n}") for n in range(1, MAX_LEVEL + 1)}
            return tuple(_chip(field_id, key, label, is_selected=key == level) for key, label in labels.items())
        case _:
            selected_ids = value.options if isinstance(value, Selection) else ()
            if isinstance(value, Feeling) and value.is_confirmed is not False:
                selected_ids = (value.word,)
            labels = {option: localizer(words) for option, words in field.options.items()}
            if field.kind is FieldKind.FEELING and not entries:
                suggestions = _suggested_feelings(recovery, labels, localizer)
                labels = suggestions | {option: label for option, label in labels.items() if option not in suggestions}
            return tuple(
                _chip(field_id, option, label, is_selected=option in selected_ids) for option, label in labels.items()
            )


def _suggested_feelings(recovery: Recovery, labels: dict[str, str], localizer: Localizer) -> dict[str, str]:
    """The feelings that the client's messages suggest, the likeliest first, each with the newest words that do.

    The same words suggest one feeling, the likeliest.
    """
    scores: dict[str, float] = {}
    words: dict[str, str] = {}
    for cue in recovery.client_cues:
        if cue.subject in labels:
            scores[cue.subject] = scores.get(cue.subject, 0.0) + cue.score
            words[cue.subject] = cue.words
    likeliest: list[str] = []
    for feeling in sorted(scores, key=lambda feeling: -scores[feeling]):
        if not any(words[feeling].casefold() in words[other].casefold() for other in likeliest):
            likeliest.append(feeling)
    likeliest = likeliest[:MAX_FEELING_GUESSES]
    return {
        feeling: localizer.text("feelings.guess", words=words[feeling], feeling=labels[feeling])
        for feeling in likeliest
    }


def _time_chips(field_id: str, value: Moment | None, localizer: Localizer, now: float) -> tuple[Chip, ...]:
    """The times to choose, or the one that was chosen, and the form for any other."""
    if value is None:
        choices = time_choices(now, localizer)
        chips = [_chip(field_id, choice.id, choice.label, is_selected=False) for choice in choices]
    else:
        chips = [_chip(field_id, "time", time_label(value.time, now, localizer), is_selected=True)]
    return (*chips, _form_chip(field_id, localizer.text("time.other")))


def _form_chip(field_id: str, label: str) -> Chip:
    action = Action(ActionKind.OPEN, FormId(FormKind.NOTE, field_id).encode())
    return Chip(label, action.encode(), kind=ButtonKind.OPENS_DIALOG)


def _chip(field_id: str, option: str, label: str, *, is_selected: bool) -> Chip:
    kind = ActionKind.UNPICK if is_selected else ActionKind.PICK
    return Chip(label, Action(kind, f"{field_id}{SEPARATOR}{option}").encode(), is_selected)
