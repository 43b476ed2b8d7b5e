"""The plain-text rendering: always complete, on every platform, and the measure that others are compared with."""

from flows.screens.elements import (
    ButtonRow,
    Card,
    ChipRow,
    ClientMessage,
    Elapsed,
    Element,
    Group,
    HomeView,
    InlineForm,
    NoteList,
    Panel,
    Progress,
    SpokenPhrase,
    SummaryText,
    TextLine,
    Trap,
)
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput


def card_text(card: Card) -> str:
    """A card in plain text."""
    return "\n".join([card.title, *filter(None, map(_element_text, card.elements))])


def panel_text(panel: Panel) -> str:
    """A panel in plain text."""
    return "\n".join(filter(None, (panel.title, panel.position, *_group_lines(panel.groups))))


def home_text(home: HomeView) -> str:
    """A home in plain text."""
    return "\n".join([home.title, *_group_lines(home.groups)])


def _group_lines(groups: tuple[Group, ...]) -> list[str]:
    lines = []
    for group in groups:
        lines.append(f"{group.title}:")
        for row in group.rows:
            taps = " ".join(f"[{button.label}]" for button in row.buttons)
            lines.append("  " + " ".join(filter(None, (row.text, taps))))
    return lines


def form_text(form: Form) -> str:
    """A form in plain text."""
    lines = [form.title, form.note, *map(_input_text, form.inputs), f"[{form.submit_label}]"]
    return "\n".join(filter(None, lines))


def _element_text(element: Element) -> str:  # noqa: C901, PLR0911 - one line an element: a table
    match element:
        case Progress(title=title, label=label):
            return " · ".join(filter(None, (label, title)))
        case TextLine(text=text):
            return text
        case SpokenPhrase(label=label, text=text, then=then):
            return f"{label}: “{text}”" + (f" {then}" if then else "")
        case Elapsed(marks=marks):
            return " · ".join(mark.text for mark in marks)
        case ChipRow(label=label, chips=chips, hides_label=hides_label):
            return ("" if hides_label else f"{label}: ") + " ".join(
                f"({'x' if chip.is_selected else ' '}) {chip.label}" for chip in chips
            )
        case ClientMessage(label=label, text=text, button=button):
            return f"{label}: “{text}” [{button.label}]"
        case Trap(label=label, text=text):
            return f"{label}: {text}"
        case NoteList(label=label, notes=notes, more_text=more):
            return "\n".join([f"{label}:", *(f"- {note.text}" for note in notes), *filter(None, (more,))])
        case InlineForm(form=form):
            return form_text(form)
        case SummaryText(document=document):
            return document.text
        case ButtonRow(buttons=buttons):
            return " ".join(f"[{button.label}]" for button in buttons)


def _input_text(field: Input) -> str:
    match field:
        case TextInput(label=label, value=value):
            return f"{label}: {value or '____'}"
        case ChoiceInput(label=label, options=options, selected_ids=selected_ids):
            marks = " ".join(f"({'x' if key in selected_ids else ' '}) {text}" for key, text in options)
            return f"{label}: {marks}"
        case TimeInput(label=label, value=value):
            return f"{label}: {value or '____'}"
        case PersonInput(label=label):
            return f"{label}: ____"
