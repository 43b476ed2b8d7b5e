"""The card: a function of the recovery's state, for whoever looks at it."""

from flows import forms
from flows.cards import Ask, Button, Buttons, Card, Element, Line, Note, Notes, Progress, Say, Stage, Tone, Trap
from flows.flow import FieldKind, Flow
from flows.people import Person
from flows.permission import may_see
from flows.phrases import phrase
from flows.recovery import Recovery, Version
from flows.summary import has_content, summary
from flows.values import Entry, Fact, Standing
from flows.voice import Voice
from flows.wording import worded

MOST_NOTES = 4
"""Notes in view; the others are behind "More"."""


def card(flow: Flow, recovery: Recovery, viewer: Person, voice: Voice) -> Card:
    """What this person sees of the recovery now."""
    title = voice.say("card.title", account=recovery.account)
    if not may_see(recovery, viewer):
        gone = Line(voice.say("card.gone"), Tone.PLAIN)
        return Card(recovery.id, recovery.visit, voice.say("card.title_gone"), (gone,))
    leads = viewer == recovery.responder
    body = _talk if not recovery.previewing else _summary
    elements = body(flow, recovery, voice, leads=leads)
    if not leads:
        watching = Line(voice.say("card.watching", name=recovery.responder.name))
        elements = (*elements, watching, Ask(forms.tip(voice)))
    return Card(recovery.id, recovery.visit, title, elements)


def _talk(flow: Flow, recovery: Recovery, voice: Voice, *, leads: bool) -> tuple[Element, ...]:
    step = flow.steps[recovery.step]
    elements: list[Element] = [
        _progress(flow, recovery, voice),
        Line(voice(step.nudge), Tone.INSTRUCTION),
        Say(voice.say("card.say"), phrase(flow, recovery), voice(step.then)),
    ]
    if step.traps:
        stays = sum(1 for passage in recovery.passages if passage.step == recovery.step)
        trap = step.traps[(stays + recovery.turn) % len(step.traps)]
        elements.append(Trap(voice.say("card.trap"), voice(trap)))
    if notes := _notes(flow, recovery, voice, leads=leads):
        elements.append(notes)
    if leads:
        ask = forms.note(flow, recovery, step.ask, voice) if step.ask else None
        gates = [
            Button(voice(g.label), f"choose:{gate}", main=i == 0) for i, (gate, g) in enumerate(step.gates.items())
        ]
        elements += [Ask(ask)] if ask else []
        elements.append(Buttons((*gates, more(voice))))
    return tuple(elements)


def _summary(flow: Flow, recovery: Recovery, voice: Voice, *, leads: bool) -> tuple[Element, ...]:
    version = recovery.chosen
    posted = version in recovery.posted
    empty = not has_content(flow, recovery, version)
    state = "posted" if posted else "empty" if empty else "check"
    elements: list[Element] = [
        Progress(0, len(flow.numbered), voice.say(f"summary.name.{version}"), voice.say("card.summary"), ()),
        Line(voice.say(f"summary.{state}"), Tone.INSTRUCTION),
    ]
    if recovery.shared:
        elements.append(Line(voice.say("summary.shared"), Tone.NOTICE))
    elements.append(Line(summary(flow, recovery, version, voice)))
    if leads:
        elements.append(Buttons((*_summary_buttons(recovery, voice, posted=posted, empty=empty), more(voice))))
    return tuple(elements)


def _summary_buttons(recovery: Recovery, voice: Voice, *, posted: bool, empty: bool) -> list[Button]:
    version = recovery.chosen
    other = Version.CLIENT if version is Version.INTERNAL else Version.INTERNAL
    sure = voice.say("button.post_sure") if recovery.shared else ""
    label = voice.say("button.post_again" if posted else "button.post")
    post = Button(label, f"post:{version}", main=not posted, sure=sure)
    buttons = [] if empty else [post]
    buttons.append(Button(voice.say("button.edit"), f"open:summary:{version}"))
    if not recovery.shared:
        buttons.append(Button(voice.say(f"button.show.{other}"), f"preview:{other}"))
    elif recovery.closed_at is None:
        buttons.append(Button(voice.say("button.resume"), "back"))
    return buttons


def more(voice: Voice) -> Button:
    """The button that opens everything else."""
    return Button(voice.say("button.more"), "open:more")


def _progress(flow: Flow, recovery: Recovery, voice: Voice) -> Progress:
    numbered = flow.numbered
    here = numbered.index(recovery.step) if recovery.step in numbered else len(numbered)
    stages = [Stage.DONE if i < here else Stage.HERE if i == here else Stage.AHEAD for i in range(len(numbered))]
    titles = [voice(flow.steps[step].title) for step in numbered]
    total = len(numbered)
    number = 0 if here == total else here + 1
    label = voice.say("card.progress", number=str(number), total=str(total)) if number else voice.say("card.closing")
    title = voice(flow.steps[recovery.step].title)
    return Progress(number, total, title, label, tuple(zip(titles, stages, strict=True)))


def _notes(flow: Flow, recovery: Recovery, voice: Voice, *, leads: bool) -> Notes | None:
    entries = [entry for entry in recovery.entries if _belongs(flow, recovery.step, entry)]
    if not entries:
        return None
    shown = tuple(
        Note(_noted(flow, recovery, entry, voice), f"open:edit:{entry.id}" if leads else "")
        for entry in entries[-MOST_NOTES:]
    )
    hidden = len(entries) - len(shown)
    return Notes(voice.say("card.notes"), shown, voice.say("card.more_notes", count=str(hidden)) if hidden else "")


def _belongs(flow: Flow, step: str, entry: Entry) -> bool:
    """Whether an entry is of this step: of one of its fields, or a fact that was weighed where facts are weighed."""
    fields = flow.steps[step].fields
    weighs = any(field.kind is FieldKind.DISPUTE for field in fields.values())
    weighed = isinstance(entry.value, Fact) and entry.value.standing is not Standing.HELD
    return entry.field in fields or (weighs and weighed)


def _noted(flow: Flow, recovery: Recovery, entry: Entry, voice: Voice) -> str:
    """An entry's words; with its field's label where it is not what the step asks for."""
    field = flow.field(entry.field)
    text = worded(flow, entry, voice)
    if field is None or entry.field == flow.steps[recovery.step].ask or isinstance(entry.value, Fact):
        return text
    return f"{voice(field.label)}: {text}"
