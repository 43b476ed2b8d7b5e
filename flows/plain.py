"""The plain-text rendering: always complete, on every platform, and the measure that others are compared with."""

from flows.cards import (
    Ask,
    Buttons,
    Card,
    Element,
    Form,
    Group,
    Home,
    Input,
    Line,
    Notes,
    Panel,
    PickInput,
    Progress,
    Say,
    TextInput,
    Trap,
    WhenInput,
    WhoInput,
)


def card_text(card: Card) -> str:
    """A card in plain text."""
    return "\n".join([card.title, *filter(None, map(_element, card.elements))])


def panel_text(panel: Panel) -> str:
    """A panel in plain text."""
    return "\n".join(filter(None, (panel.title, panel.where, *_groups(panel.groups))))


def home_text(home: Home) -> str:
    """A home in plain text."""
    return "\n".join([home.title, *_groups(home.groups)])


def _groups(groups: tuple[Group, ...]) -> list[str]:
    lines = []
    for group in groups:
        lines.append(f"{group.title}:")
        for row in group.rows:
            taps = " ".join(f"[{button.label}]" for button in row.buttons)
            lines.append("  " + " ".join(filter(None, (row.text, taps))))
    return lines


def form_text(form: Form) -> str:
    """A form in plain text."""
    lines = [form.title, form.note, *map(_input, form.inputs), f"[{form.submit}]"]
    return "\n".join(filter(None, lines))


def _element(element: Element) -> str:
    match element:
        case Progress(title=title, label=label):
            return f"{label} · {title}"
        case Line(text=text):
            return text
        case Say(label=label, text=text, then=then):
            return f"{label}: “{text}”" + (f" {then}" if then else "")
        case Trap(label=label, text=text):
            return f"{label}: {text}"
        case Notes(label=label, notes=notes, more=more):
            return "\n".join([f"{label}:", *(f"- {note.text}" for note in notes), *filter(None, (more,))])
        case Ask(form=form):
            return form_text(form)
        case Buttons(buttons=buttons):
            return " ".join(f"[{button.label}]" for button in buttons)


def _input(field: Input) -> str:
    match field:
        case TextInput(label=label, value=value):
            return f"{label}: {value or '____'}"
        case PickInput(label=label, options=options, picked=picked):
            marks = " ".join(f"({'x' if key in picked else ' '}) {text}" for key, text in options)
            return f"{label}: {marks}"
        case WhenInput(label=label, value=value):
            return f"{label}: {value or '____'}"
        case WhoInput(label=label):
            return f"{label}: ____"
