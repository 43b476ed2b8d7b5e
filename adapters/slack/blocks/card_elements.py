"""The elements of a card as blocks, to be read at a glance during a difficult call."""

from collections.abc import Callable

from adapters.slack.blocks.documents import document_blocks
from adapters.slack.blocks.elements import (
    MAX_LABEL_CHARACTERS,
    WARNING,
    SlackButtonCodec,
    action_rows,
    button_element,
    button_menu,
    context_blocks,
    full_labels,
    header_blocks,
    quote_blocks,
    section_blocks,
)
from adapters.slack.blocks.limits import shorten
from adapters.slack.blocks.mrkdwn import Json, date_text, plain_text, unescape
from flows.screens.elements import (
    Button,
    ButtonRow,
    Chip,
    ChipRow,
    ClientMessage,
    Elapsed,
    Element,
    InlineForm,
    NoteList,
    Progress,
    SpokenPhrase,
    StepState,
    SummaryText,
    TextLine,
    Tone,
    Trap,
)
from flows.screens.inputs import Form, TextInput
from flows.wording.document import Document

STEP_MARKS = {StepState.DONE: "●", StepState.HERE: "◉", StepState.AHEAD: "○"}
SELECTED_MARK = "✓"
SEPARATOR = " · "
"""What stands between words in one line."""
CHECKED_BOX, EMPTY_BOX = "☑", "☐"
MAX_NOTE_CHARACTERS = 150
"""Characters of the newest note on the card: Slack folds nothing, and "More" has all of it."""
LongTextBlocks = Callable[[str], list[Json]]


def element_blocks(element: Element, codec: SlackButtonCodec, long: LongTextBlocks) -> list[Json]:  # noqa: C901, PLR0911 - a table
    """The blocks of one element. `long`: draws a text that may be long."""
    match element:
        case Progress() | Elapsed():
            return []  # they stand in the first line: `position_elements`
        case TextLine(text=text, tone=Tone.INSTRUCTION):
            return header_blocks(text)
        case TextLine(text=text, tone=tone):
            return long(f"{WARNING} {text}" if tone is Tone.NOTICE else text)
        case SpokenPhrase(label=label, text=text, then=then):
            return quote_blocks(label, "\n".join(filter(None, [text, then])))
        case ChipRow(is_list=True):
            return _list_blocks(element, codec)
        case ChipRow():
            return _chip_blocks(element, codec)
        case ClientMessage(label=label, text=text, button=button):
            return _beside(f"{label}: “{text}”", button, codec)
        case Trap(label=label, text=text):
            return context_blocks(f"{WARNING} {label}: {text}")
        case NoteList():
            return _note_blocks(element)
        case SummaryText(document=document):
            return _summary_blocks(document, long)
        case InlineForm(form=form, button=button):
            return _form_blocks(form, button, codec)
        case ButtonRow(buttons=buttons):
            return action_rows(buttons, codec)


def position_elements(title: str, progress: Progress | None, elapsed: Elapsed | None) -> list[Json]:
    """Small text: the account and where the recovery is, with a bar of steps, and how long ago things happened.

    These are two texts and not five, because in a narrow window each text begins a line of its own.
    """
    words = [title, *([progress.label, progress.title] if progress is not None else [])]
    bar = "".join(STEP_MARKS[stage] for _, stage in progress.steps) if progress is not None else ""
    marks = elapsed.marks if elapsed is not None else ()
    times = [date_text(mark.label, mark.epoch_seconds, mark.text) for mark in marks]
    position = plain_text(f"{SEPARATOR.join(filter(None, words))} {bar}".rstrip())
    return [position, *([{"type": "mrkdwn", "text": SEPARATOR.join(times)}] if times else [])]


def _chip_button(chip: Chip) -> Button:
    """A chip. What is selected has a sign: green is left to the one button that leads on."""
    return Button(f"{SELECTED_MARK} {chip.label}" if chip.is_selected else chip.label, chip.action, chip.kind)


def _chip_blocks(row: ChipRow, codec: SlackButtonCodec) -> list[Json]:
    """Chips below their label, or a single one beside it. Where it is hidden, screen readers say it with each chip."""
    if len(row.chips) == 1 and not row.hides_label:
        return _beside(row.label, _chip_button(row.chips[0]), codec)
    rows = action_rows([_chip_button(chip) for chip in row.chips], codec)
    if not row.hides_label:
        return [*context_blocks(row.label), *rows]
    for block in rows:
        for element in block["elements"] if block["type"] == "actions" else ():
            name = f"{row.label}: {unescape(element['text']['text'])}"
            element["accessibility_label"] = shorten(name, MAX_LABEL_CHARACTERS)
    return rows


def _list_blocks(row: ChipRow, codec: SlackButtonCodec) -> list[Json]:
    """Sentences to tick, each in full with its box beside it: Slack cuts the text of a long button."""
    blocks = context_blocks(row.label)
    for chip in row.chips:
        box = button_element(Button(CHECKED_BOX if chip.is_selected else EMPTY_BOX, chip.action, chip.kind), codec)
        name = f"{box['text']['text']} {chip.label}"
        first, *rest = section_blocks(chip.label) or [{"type": "section", "text": plain_text(chip.label)}]
        blocks += [first | {"accessory": box | {"accessibility_label": shorten(name, MAX_LABEL_CHARACTERS)}}, *rest]
    return blocks


def _note_blocks(notes: NoteList) -> list[Json]:
    """How many notes there are, and the newest; for an observer, who has no "More", all that the card has."""
    if any(note.edit for note in notes.notes):
        newest = " ".join(notes.notes[-1].text.split())
        return context_blocks(f"{notes.label} · {shorten(newest, MAX_NOTE_CHARACTERS)}")
    lines = [notes.label, *(f"• {note.text}" for note in notes.notes), *filter(None, [notes.more_text])]
    return context_blocks("\n".join(lines))


def _summary_blocks(document: Document, long: LongTextBlocks) -> list[Json]:
    """A summary as it will be posted, or in small text if it is too long."""
    return document_blocks(document.blocks) if long is section_blocks else long(document.text)


def _form_blocks(form: Form, opens: Button, codec: SlackButtonCodec) -> list[Json]:
    """The title of a form, and the button that opens it: a message cannot contain inputs."""
    match form.inputs:
        case (TextInput(label=label),) if label != form.title:
            question = f"{form.title}: {label}"
        case _:
            question = form.title
    return _beside(question, opens, codec)


def _beside(text: str, button: Button, codec: SlackButtonCodec) -> list[Json]:
    """A text with its button beside it."""
    first, *rest = section_blocks(text) or [{"type": "section", "text": plain_text(text)}]
    return [first | {"accessory": button_menu([button], codec)}, *rest, *full_labels([button])]
