"""The card: a function of the recovery's state, for whoever looks at it."""

from flows.action_ids import ActionKind, FormKind
from flows.definition.model import FieldKind, Flow
from flows.engine.permission import may_see
from flows.screens import forms
from flows.screens.buttons import action_button, edit_button, form_button, more_button
from flows.screens.elements import (
    Button,
    ButtonRow,
    Card,
    Element,
    InlineForm,
    Note,
    NoteList,
    Progress,
    SpokenPhrase,
    StepState,
    SummaryText,
    TextLine,
    Tone,
    Trap,
)
from flows.screens.inputs import Form
from flows.state.entries import Entry, Fact, Standing
from flows.state.identity import Person
from flows.state.recovery import Recovery, SummaryVersion
from flows.wording.entry_text import entry_text
from flows.wording.localization import Localizer
from flows.wording.phrases import phrase
from flows.wording.summary import has_content, summary_document

MAX_NOTES = 4
"""Notes in view; the others are behind "More"."""


def guide_card(flow: Flow, recovery: Recovery, viewer: Person, localizer: Localizer) -> Card:
    """What this person sees of the recovery now."""
    title = localizer.text("card.title", account=recovery.account)
    if not may_see(recovery, viewer):
        line = TextLine(localizer.text("card.gone"), Tone.PLAIN)
        return Card(recovery.id, recovery.card_revision, localizer.text("card.title_gone"), (line,))
    leads = viewer == recovery.responder
    draw_elements = _summary_elements if recovery.is_previewing_summary else _step_elements
    elements = draw_elements(flow, recovery, localizer, leads=leads)
    if not leads:
        watching = TextLine(localizer.text("card.watching", name=recovery.responder.name))
        elements = (*elements, watching, _inline_form(forms.tip_form(localizer), FormKind.TIP))
    return Card(recovery.id, recovery.card_revision, title, elements, is_open=recovery.closed_at is None)


def _step_elements(flow: Flow, recovery: Recovery, localizer: Localizer, *, leads: bool) -> tuple[Element, ...]:
    step = flow.steps[recovery.step]
    elements: list[Element] = [
        _progress(flow, recovery, localizer),
        TextLine(localizer(step.nudge), Tone.INSTRUCTION),
        SpokenPhrase(localizer.text("card.say"), phrase(flow, recovery), localizer(step.then)),
    ]
    if step.traps:
        stays = sum(1 for passage in recovery.step_visits if passage.step == recovery.step)
        trap = step.traps[(stays + recovery.stay_count) % len(step.traps)]
        elements.append(Trap(localizer.text("card.trap"), localizer(trap)))
    if notes := _note_list(flow, recovery, localizer, leads=leads):
        elements.append(notes)
    if leads:
        note_form = forms.note_form(flow, recovery, step.ask, localizer) if step.ask else None
        gates = [
            action_button(localizer(gate.label), ActionKind.CHOOSE, gate_id, is_main=number == 0)
            for number, (gate_id, gate) in enumerate(step.gates.items())
        ]
        elements += [_inline_form(note_form, FormKind.NOTE, step.ask)] if note_form and step.ask else []
        elements.append(ButtonRow((*gates, _more_button(localizer))))
    return tuple(elements)


def _inline_form(form: Form, kind: FormKind, subject: str = "") -> InlineForm:
    return InlineForm(form, form_button(f"{form.submit_label}…", kind, subject))


def _summary_elements(flow: Flow, recovery: Recovery, localizer: Localizer, *, leads: bool) -> tuple[Element, ...]:
    version = recovery.postable_version
    is_posted = version in recovery.posted_versions
    is_empty = not has_content(flow, recovery, version)
    state = "posted" if is_posted else "empty" if is_empty else "check"
    elements: list[Element] = [
        Progress(
            0, len(flow.numbered_steps), localizer.text(f"summary.name.{version}"), localizer.text("card.summary"), ()
        ),
        TextLine(localizer.text(f"summary.{state}"), Tone.INSTRUCTION),
    ]
    if recovery.has_external_users:
        elements.append(TextLine(localizer.text("summary.shared"), Tone.NOTICE))
    elements.append(SummaryText(summary_document(flow, recovery, version, localizer)))
    if leads:
        buttons = _summary_buttons(recovery, localizer, is_posted=is_posted, is_empty=is_empty)
        elements.append(ButtonRow((*buttons, _more_button(localizer))))
    return tuple(elements)


def _summary_buttons(recovery: Recovery, localizer: Localizer, *, is_posted: bool, is_empty: bool) -> list[Button]:
    version = recovery.postable_version
    other = SummaryVersion.CLIENT if version is SummaryVersion.INTERNAL else SummaryVersion.INTERNAL
    question = localizer.text("button.post_sure") if recovery.has_external_users else ""
    label = localizer.text("button.post_again" if is_posted else "button.post")
    post = action_button(label, ActionKind.POST, version, is_main=not is_posted, confirmation=question)
    buttons = [] if is_empty else [post]
    buttons.append(form_button(localizer.text("button.edit"), FormKind.SUMMARY, version))
    if not recovery.has_external_users:
        buttons.append(action_button(localizer.text(f"button.show.{other}"), ActionKind.PREVIEW, other))
    elif recovery.closed_at is None:
        buttons.append(action_button(localizer.text("button.resume"), ActionKind.BACK))
    return buttons


def _more_button(localizer: Localizer) -> Button:
    return more_button(localizer.text("button.more"))


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
    title = localizer(flow.steps[recovery.step].title)
    return Progress(number, total, title, label, tuple(zip(titles, stages, strict=True)))


def _note_list(flow: Flow, recovery: Recovery, localizer: Localizer, *, leads: bool) -> NoteList | None:
    entries = [entry for entry in recovery.entries if _belongs_to_step(flow, recovery.step, entry)]
    if not entries:
        return None
    notes = tuple(
        Note(_note_text(flow, recovery, entry, localizer), edit_button(entry.id, localizer) if leads else None)
        for entry in entries[-MAX_NOTES:]
    )
    hidden_count = len(entries) - len(notes)
    more_text = localizer.text("card.more_notes", count=str(hidden_count)) if hidden_count else ""
    return NoteList(localizer.text("card.notes"), notes, more_text)


def _belongs_to_step(flow: Flow, step: str, entry: Entry) -> bool:
    """Whether an entry is of this step: of one of its fields, or a fact that was weighed where facts are weighed."""
    fields = flow.steps[step].fields
    disputes_facts = any(field.kind is FieldKind.DISPUTE for field in fields.values())
    is_disputed = isinstance(entry.value, Fact) and entry.value.standing is not Standing.HELD
    return entry.field_id in fields or (disputes_facts and is_disputed)


def _note_text(flow: Flow, recovery: Recovery, entry: Entry, localizer: Localizer) -> str:
    """An entry's words; with its field's label where it is not what the step asks for."""
    field = flow.field(entry.field_id)
    text = entry_text(flow, entry, localizer)
    if field is None or entry.field_id == flow.steps[recovery.step].ask or isinstance(entry.value, Fact):
        return text
    return f"{localizer(field.label)}: {text}"
