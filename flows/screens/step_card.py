"""The card at a step: what to do, what to say, what can be chosen, and what was noted."""

from flows.action_ids import ActionKind, FormKind
from flows.definition.model import FieldKind, Flow
from flows.screens import forms
from flows.screens.buttons import action_button, edit_button, form_button, more_button
from flows.screens.chips import another_chip_row, chip_rows, fact_chips
from flows.screens.elements import (
    AGO,
    ButtonRow,
    ClientMessage,
    Elapsed,
    Element,
    InlineForm,
    Note,
    NoteList,
    Progress,
    SpokenPhrase,
    StepState,
    TextLine,
    TimeMark,
    Tone,
    Trap,
)
from flows.screens.inputs import Form
from flows.screens.panel import text_digest
from flows.state.entries import Entry, Fact, Standing
from flows.state.gates import visible_gates
from flows.state.recovery import Recovery
from flows.text import shorten_line
from flows.wording.entry_text import entry_text
from flows.wording.localization import Localizer
from flows.wording.phrases import phrase

MAX_NOTES = 4
"""Notes in view when they unfold; the others are behind "More"."""
MAX_MESSAGE_CHARACTERS = 60
"""Characters of the client's message on the card; all of it is noted."""


def step_elements(
    flow: Flow, recovery: Recovery, localizer: Localizer, now: float, *, leads: bool
) -> tuple[Element, ...]:
    """The elements of the current step. `leads`: whether they are for the responder, who can tap."""
    step = flow.steps[recovery.step]
    elements: list[Element] = [
        _progress(flow, recovery, localizer),
        _time_marks(recovery, localizer),
        TextLine(localizer(step.nudge), Tone.INSTRUCTION),
    ]
    elements += danger_line(flow, recovery, localizer)
    if step.question:
        elements.append(TextLine(localizer(step.question)))
    elements.append(SpokenPhrase(localizer.text("card.say"), phrase(flow, recovery, now), localizer(step.then)))
    if leads:
        elements += chip_rows(flow, recovery, localizer, now)
        elements += _ask(flow, recovery, localizer, now)
        elements += _client_message(flow, recovery, localizer)
        gates = [
            action_button(localizer(gate.label), ActionKind.CHOOSE, gate_id, is_main=number == 0)
            for number, (gate_id, gate) in enumerate(visible_gates(flow, recovery).items())
        ]
        elements.append(ButtonRow((*gates, more_button(localizer.text("button.more")))))
        elements += fact_chips(flow, recovery, localizer)
    if notes := _note_list(flow, recovery, localizer, leads=leads):
        elements.append(notes)
    if step.traps:
        stays = sum(1 for visit in recovery.step_visits if visit.step == recovery.step)
        trap = step.traps[(stays + recovery.stay_count) % len(step.traps)]
        elements.append(Trap(localizer.text("card.trap"), localizer(trap)))
    return tuple(elements)


def danger_line(flow: Flow, recovery: Recovery, localizer: Localizer) -> list[Element]:
    """What the client said at this step that changes what is best next, in one quiet line."""
    danger = recovery.danger
    if danger is None or recovery.danger_at < recovery.entered_at:
        return []
    steps = flow.numbered_steps
    hurries_to = flow.coach.hurries_to
    is_ahead = hurries_to in steps and recovery.step in steps and steps.index(recovery.step) < steps.index(hurries_to)
    if danger.subject == "repeated" and not is_ahead:
        return [TextLine(localizer.text("danger.repeated_only", words=danger.words))]
    step = str(steps.index(hurries_to) + 1) if is_ahead else ""
    return [TextLine(localizer.text(f"danger.{danger.subject}", words=danger.words, step=step))]


def _ask(flow: Flow, recovery: Recovery, localizer: Localizer, now: float) -> list[Element]:
    """The note that the step is about: its form, until there is what one note is enough for."""
    field_id = flow.steps[recovery.step].ask
    field = flow.field(field_id) if field_id else None
    if field is None or field_id is None:
        return []
    has_note = bool(recovery.entries_of(field_id))
    if has_note and field.kind is FieldKind.COMMITMENT:
        return [another_chip_row(field_id, field, localizer)]
    form = None if has_note and field.holds_one else forms.note_form(flow, recovery, field_id, localizer, now)
    return [inline_form(form, FormKind.NOTE, field_id)] if form else []


def inline_form(form: Form, kind: FormKind, subject: str = "") -> InlineForm:
    """A form on the card, with the button that opens it elsewhere."""
    return InlineForm(form, form_button(f"{form.submit_label}…", kind, subject))


def _progress(flow: Flow, recovery: Recovery, localizer: Localizer) -> Progress:
    steps = flow.numbered_steps
    position = steps.index(recovery.step) if recovery.step in steps else len(steps)
    stages = [
        StepState.DONE if i < position else StepState.HERE if i == position else StepState.AHEAD
        for i in range(len(steps))
    ]
    titles = [localizer(flow.steps[step].title) for step in steps]
    total = len(steps)
    number = 0 if position == total else position + 1
    label = (
        localizer.text("card.progress", number=str(number), total=str(total))
        if number
        else localizer.text("card.closing")
    )
    title = localizer(flow.steps[recovery.step].title) if number else ""
    return Progress(number, total, title, label, tuple(zip(titles, stages, strict=True)))


def _time_marks(recovery: Recovery, localizer: Localizer) -> Elapsed:
    """How long the recovery takes already, and since when the client waits for a word."""
    times = [("started", recovery.started_at)]
    if recovery.client_wrote_at:
        times.append(("client_wrote", recovery.client_wrote_at))
    return Elapsed(
        tuple(
            TimeMark(
                localizer.text(f"elapsed.{name}.ago", ago=AGO),
                time,
                localizer.text(f"elapsed.{name}", time=localizer.format_clock(time)),
            )
            for name, time in times
        )
    )


def _client_message(flow: Flow, recovery: Recovery, localizer: Localizer) -> list[Element]:
    """The newest message of the client that was not noted: where facts are gathered, or if it came during this step.

    Elsewhere than there, a line on a sign of danger in it takes its place; it can still be noted under "More".
    """
    message = recovery.client_message
    gathers_facts = any(field.kind is FieldKind.FACT for field in flow.steps[recovery.step].fields.values())
    is_new_here = recovery.client_wrote_at > recovery.entered_at and not danger_line(flow, recovery, localizer)
    if not message or flow.first_field_of(FieldKind.FACT) is None or not (gathers_facts or is_new_here):
        return []
    take = action_button(localizer.text("button.take"), ActionKind.TAKE, text_digest(message))
    text = shorten_line(message, MAX_MESSAGE_CHARACTERS)
    return [ClientMessage(localizer.text("card.client_wrote"), text, take)]


def _note_list(flow: Flow, recovery: Recovery, localizer: Localizer, *, leads: bool) -> NoteList | None:
    entries = [
        entry
        for entry in recovery.entries
        if _belongs_to_step(flow, recovery.step, entry) and not (leads and _is_in_view(flow, recovery.step, entry))
    ]
    if not entries:
        return None
    notes = tuple(
        Note(_note_text(flow, recovery, entry, localizer), edit_button(entry.id, localizer) if leads else None)
        for entry in entries[-MAX_NOTES:]
    )
    hidden_count = len(entries) - len(notes)
    more_text = localizer.text("card.more_notes", count=str(hidden_count)) if hidden_count else ""
    return NoteList(localizer.text("card.notes", count=str(len(entries))), notes, more_text)


def _belongs_to_step(flow: Flow, step: str, entry: Entry) -> bool:
    """Whether an entry is of this step: of one of its fields, or a fact that was weighed where facts are weighed."""
    fields = flow.steps[step].fields
    disputes_facts = any(field.kind is FieldKind.DISPUTE for field in fields.values())
    is_disputed = isinstance(entry.value, Fact) and entry.value.standing is not Standing.HELD
    return entry.field_id in fields or (disputes_facts and is_disputed)


def _is_in_view(flow: Flow, step_id: str, entry: Entry) -> bool:
    """Whether the card shows the entry already, as a chip."""
    field = flow.field(entry.field_id)
    return entry.field_id in flow.steps[step_id].chips and field is not None and field.kind is not FieldKind.FEELING


def _note_text(flow: Flow, recovery: Recovery, entry: Entry, localizer: Localizer) -> str:
    """An entry's words; with its field's label where it is not what the step asks for."""
    field = flow.field(entry.field_id)
    text = entry_text(flow, entry, localizer)
    if field is None or entry.field_id == flow.steps[recovery.step].ask or isinstance(entry.value, Fact):
        return text
    return f"{localizer(field.label)}: {text}"
