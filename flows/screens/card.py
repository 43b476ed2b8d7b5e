"""The card: a function of the recovery's state, for whoever looks at it."""

from flows.definition.model import FieldKind, Flow
from flows.engine.permission import may_see
from flows.screens import forms
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
    TextLine,
    Tone,
    Trap,
)
from flows.state.entries import Entry, Fact, Standing
from flows.state.identity import Person
from flows.state.recovery import Recovery, SummaryVersion
from flows.wording.entry_text import entry_text
from flows.wording.localization import Localizer
from flows.wording.phrases import phrase
from flows.wording.summary import has_content, summary_text

MAX_NOTES = 4
"""Notes in view; the others are behind "More"."""


def guide_card(flow: Flow, recovery: Recovery, viewer: Person, localizer: Localizer) -> Card:
    """What this person sees of the recovery now."""
    title = localizer.text("card.title", account=recovery.account)
    if not may_see(recovery, viewer):
        gone = TextLine(localizer.text("card.gone"), Tone.PLAIN)
        return Card(recovery.id, recovery.card_revision, localizer.text("card.title_gone"), (gone,))
    leads = viewer == recovery.responder
    body = _step_elements if not recovery.is_previewing_summary else _summary_elements
    elements = body(flow, recovery, localizer, leads=leads)
    if not leads:
        watching = TextLine(localizer.text("card.watching", name=recovery.responder.name))
        elements = (*elements, watching, InlineForm(forms.tip_form(localizer)))
    return Card(recovery.id, recovery.card_revision, title, elements)


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
        ask = forms.note_form(flow, recovery, step.ask, localizer) if step.ask else None
        gates = [
            Button(localizer(g.label), f"choose:{gate}", is_main=i == 0)
            for i, (gate, g) in enumerate(step.gates.items())
        ]
        elements += [InlineForm(ask)] if ask else []
        elements.append(ButtonRow((*gates, more_button(localizer))))
    return tuple(elements)


def _summary_elements(flow: Flow, recovery: Recovery, localizer: Localizer, *, leads: bool) -> tuple[Element, ...]:
    version = recovery.postable_version
    posted = version in recovery.posted_versions
    empty = not has_content(flow, recovery, version)
    state = "posted" if posted else "empty" if empty else "check"
    elements: list[Element] = [
        Progress(
            0, len(flow.numbered_steps), localizer.text(f"summary.name.{version}"), localizer.text("card.summary"), ()
        ),
        TextLine(localizer.text(f"summary.{state}"), Tone.INSTRUCTION),
    ]
    if recovery.has_external_users:
        elements.append(TextLine(localizer.text("summary.shared"), Tone.NOTICE))
    elements.append(TextLine(summary_text(flow, recovery, version, localizer)))
    if leads:
        elements.append(
            ButtonRow((*_summary_buttons(recovery, localizer, posted=posted, empty=empty), more_button(localizer)))
        )
    return tuple(elements)


def _summary_buttons(recovery: Recovery, localizer: Localizer, *, posted: bool, empty: bool) -> list[Button]:
    version = recovery.postable_version
    other = SummaryVersion.CLIENT if version is SummaryVersion.INTERNAL else SummaryVersion.INTERNAL
    sure = localizer.text("button.post_sure") if recovery.has_external_users else ""
    label = localizer.text("button.post_again" if posted else "button.post")
    post = Button(label, f"post:{version}", is_main=not posted, confirmation=sure)
    buttons = [] if empty else [post]
    buttons.append(Button(localizer.text("button.edit"), f"open:summary:{version}"))
    if not recovery.has_external_users:
        buttons.append(Button(localizer.text(f"button.show.{other}"), f"preview:{other}"))
    elif recovery.closed_at is None:
        buttons.append(Button(localizer.text("button.resume"), "back"))
    return buttons


def more_button(localizer: Localizer) -> Button:
    """The button that opens everything else."""
    return Button(localizer.text("button.more"), "open:more")


def _progress(flow: Flow, recovery: Recovery, localizer: Localizer) -> Progress:
    numbered = flow.numbered_steps
    here = numbered.index(recovery.step) if recovery.step in numbered else len(numbered)
    stages = [
        StepState.DONE if i < here else StepState.HERE if i == here else StepState.AHEAD for i in range(len(numbered))
    ]
    titles = [localizer(flow.steps[step].title) for step in numbered]
    total = len(numbered)
    number = 0 if here == total else here + 1
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
    shown = tuple(
        Note(_note_text(flow, recovery, entry, localizer), f"open:edit:{entry.id}" if leads else "")
        for entry in entries[-MAX_NOTES:]
    )
    hidden = len(entries) - len(shown)
    return NoteList(
        localizer.text("card.notes"), shown, localizer.text("card.more_notes", count=str(hidden)) if hidden else ""
    )


def _belongs_to_step(flow: Flow, step: str, entry: Entry) -> bool:
    """Whether an entry is of this step: of one of its fields, or a fact that was weighed where facts are weighed."""
    fields = flow.steps[step].fields
    weighs = any(field.kind is FieldKind.DISPUTE for field in fields.values())
    weighed = isinstance(entry.value, Fact) and entry.value.standing is not Standing.HELD
    return entry.field_id in fields or (weighs and weighed)


def _note_text(flow: Flow, recovery: Recovery, entry: Entry, localizer: Localizer) -> str:
    """An entry's words; with its field's label where it is not what the step asks for."""
    field = flow.field(entry.field_id)
    text = entry_text(flow, entry, localizer)
    if field is None or entry.field_id == flow.steps[recovery.step].ask or isinstance(entry.value, Fact):
        return text
    return f"{localizer(field.label)}: {text}"
