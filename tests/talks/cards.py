"""What somebody has in view on a card while a client shouts: its words, before anything unfolds."""

from collections.abc import Iterator

from flows.screens.elements import (
    ButtonRow,
    Card,
    ChipRow,
    ClientMessage,
    Elapsed,
    Element,
    InlineForm,
    NoteList,
    Progress,
    SpokenPhrase,
    SummaryText,
    TextLine,
    Trap,
)
from flows.screens.inputs import TextInput, TimeInput


def words_in_view(card: Card) -> list[str]:
    """The words of the card before its notes; a number or a time alone is none."""
    texts = [card.title, *(text for element in card.elements for text in _texts(element))]
    return [word for text in texts for word in text.split() if any(map(str.isalpha, word))]


def _texts(element: Element) -> Iterator[str]:  # noqa: C901 - one line an element: a table
    match element:
        case Progress(label=label, title=title):
            yield from (label, title)
        case Elapsed(marks=marks):
            yield from (mark.text for mark in marks)
        case TextLine(text=text):
            yield text
        case SpokenPhrase(label=label, text=text, then=then):
            yield from (label, text, then)
        case ChipRow(is_list=True):
            pass
        case ChipRow(label=label, chips=chips, hides_label=hides_label):
            yield from () if hides_label else (label,)
            yield from (chip.label for chip in chips)
        case InlineForm(form=form):
            labels = [one.label for one in form.inputs if not one.is_secondary]
            yield from dict.fromkeys((form.title, *labels))
            yield from (one.value for one in form.inputs if isinstance(one, TextInput | TimeInput))
            yield form.submit_label
        case ClientMessage(label=label, text=text, button=button):
            yield from (label, text, button.label)
        case ButtonRow(buttons=buttons):
            yield from (button.label for button in buttons)
        case SummaryText() | NoteList() | Trap():
            pass
