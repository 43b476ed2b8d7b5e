"""Cards as words, so that the same card can be told on any platform: how it is laid out does not count."""

import re
from collections import Counter
from dataclasses import replace

from flows.screens.elements import ButtonRow, Card, ChipRow, ClientMessage, Element, InlineForm, TextLine
from flows.screens.inputs import Form, TextInput
from tests.adapters.parity.driver import Button

_MARKS = re.compile(r"\((?:x| )\) |____")
"""What the plain text draws for something to pick or to fill in."""
_WORD = re.compile(r"\w+(?:['’.:@-]\w+)*")
_BULLET = re.compile(r"^(?:•|-) ")


def words(text: str) -> Counter[str]:
    """The words of a text, and how often each is there."""
    return Counter(_WORD.findall(_MARKS.sub(" ", text)))


def lines(text: str) -> list[str]:
    """The lines of a post, without the marks of a list."""
    return [_BULLET.sub("", line.strip()) for line in text.split("\n") if line.strip()]


def inputs(card: Card) -> tuple[Form, ...]:
    """The forms that a card asks to fill in."""
    return tuple(element.form for element in card.elements if isinstance(element, InlineForm))


def buttons(card: Card) -> tuple[Button, ...]:
    """What can be tapped on a card, in order."""
    result = (element.buttons for element in card.elements if isinstance(element, ButtonRow))
    return tuple(Button(one.label, one.confirmation) for some in result for one in some)


def chip_rows(card: Card) -> tuple[ChipRow, ...]:
    """What one tap chooses."""
    return tuple(element for element in card.elements if isinstance(element, ChipRow))


def other_labels(card: Card) -> frozenset[str]:
    """What can be tapped on a card besides its row of buttons."""
    labels = [chip.label for row in chip_rows(card) for chip in row.chips]
    labels += [one.button.label for one in card.elements if isinstance(one, ClientMessage | InlineForm)]
    return frozenset(labels)


def has_label(shown_label: str, label: str) -> bool:
    """Whether something to tap has this label, perhaps with the client's words that suggest it before it."""
    return shown_label == label or shown_label.endswith(f"” → {label}?")


def said_once(card: Card) -> Card:
    """The card without a title of a form that is one of its labels too."""
    return replace(card, elements=tuple(map(_said_once, card.elements)))


def without_inputs(card: Card) -> Card:
    """The card where a form is a line that says what to note, and a button."""
    return replace(card, elements=tuple(map(_closed, card.elements)))


def _said_once(element: Element) -> Element:
    if isinstance(element, InlineForm) and any(one.label == element.form.title for one in element.form.inputs):
        return replace(element, form=replace(element.form, title=""))
    return element


def _closed(element: Element) -> Element:
    if not isinstance(element, InlineForm):
        return element
    match element.form.inputs:
        case (TextInput(label=label),) if label != element.form.title:
            prompt = f"{element.form.title}: {label}"
        case _:
            prompt = element.form.title
    return TextLine(f"{prompt} {element.form.submit_label}…")
