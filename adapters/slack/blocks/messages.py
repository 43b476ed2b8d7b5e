"""Cards, posts and private messages as Slack messages, to be read at a glance during a difficult call."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from adapters.shared.documents import shorten_document
from adapters.slack.blocks.elements import (
    WARNING,
    SlackButtonCodec,
    action_rows,
    button_menu,
    context_blocks,
    fit_blocks,
    full_labels,
    header_blocks,
    section_blocks,
    text_length,
    with_ids,
)
from adapters.slack.blocks.limits import shorten, size
from adapters.slack.blocks.mrkdwn import Json, escape, fallback_text, plain_text
from adapters.slack.blocks.words import say
from flows.screens.elements import (
    Button,
    ButtonKind,
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
    StepState,
    SummaryText,
    TextLine,
    Tone,
    Trap,
)
from flows.screens.inputs import Form, TextInput
from flows.state.identity import Place
from flows.wording.document import BlockKind, Document, TextBlock, blocks_text

MAX_BLOCKS = 50
"""Blocks of one message."""
MAX_TEXT_CHARACTERS = 10_000
"""Characters of all of them together: beyond some 11,000 people saw Slack refuse with `msg_blocks_too_long`."""

_WITHOUT_MARKUP = re.compile(r"[^\W_](?:[^\W_]|[ ,.()’/-]){0,78}[^\W_)]")
"""Letters, digits and marks that mean nothing to Slack: such words can stand in bold type."""
SHORT_SUMMARY_CHARACTERS = 7000
"""Characters of a summary on a card that would be too long."""
STEP_MARKS = {StepState.DONE: "●", StepState.HERE: "◉", StepState.AHEAD: "○"}
LongTextBlocks = Callable[[str], list[Json]]


def card_blocks(card: Card, language: str, place: Place | None = None) -> list[Json]:
    """A card. `place`: the account thread, named where the card offers to post something there."""
    codec = SlackButtonCodec(card.recovery_id, card.card_revision, language)
    destination_blocks = _destination_blocks(place, language) if place and _has_post_button(card) else []
    blocks = _fitting_blocks(card, codec, destination_blocks)
    if text_length(blocks) > MAX_TEXT_CHARACTERS:
        brief = replace(card, elements=tuple(map(_shorten_element, card.elements)))
        blocks = [
            *fit_blocks(_fitting_blocks(brief, codec, destination_blocks), MAX_TEXT_CHARACTERS),
            *context_blocks(say(language, "shortened")),
        ]
    return with_ids(blocks, str(card.card_revision))


def card_text(card: Card) -> str:
    """The text of a card, for notifications: nothing of the client but the account's name."""
    lines = (element for element in card.elements if isinstance(element, TextLine))
    return fallback_text("\n".join([card.title, *(line.text for line in lines if line.tone is Tone.INSTRUCTION)]))


def post_blocks(document: Document) -> list[list[Json]]:
    """A message for everybody, as the blocks of one message; of several, if it is longer than any text of ours."""
    first, *rest = document.blocks
    if first.kind is BlockKind.TITLE:
        blocks = [*header_blocks(first.text), *_document_blocks(rest)]
    else:
        blocks = _document_blocks(document.blocks)
    blocks = blocks if len(blocks) <= MAX_BLOCKS else section_blocks(document.text)
    return [with_ids(message, "post") for message in _messages(blocks)]


def _messages(blocks: list[Json]) -> list[list[Json]]:
    """The blocks, divided into as many messages as needed."""
    messages: list[list[Json]] = [[]]
    for block in blocks:
        if len(messages[-1]) == MAX_BLOCKS or text_length([*messages[-1], block]) > MAX_TEXT_CHARACTERS:
            messages.append([])
        messages[-1].append(block)
    return [message for message in messages if message]


def post_text(text: str) -> str:
    """The text of a post, for notifications."""
    return fallback_text(text)


def private_message_blocks(text: str, mention: str | None = None) -> list[Json]:
    """A private message. `mention`: the id of the user who must notice it."""
    call = {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{escape(mention)}>"}} if mention else None
    return with_ids([*([call] if call else []), *section_blocks(text)], "line")


def private_message_text(text: str, mention: str | None = None) -> str:
    """The text of a private message, for notifications."""
    return f"<@{escape(mention)}> {fallback_text(text)}" if mention else fallback_text(text)


def _document_blocks(text_blocks: Sequence[TextBlock]) -> list[Json]:
    """A text with bold headings, unless a heading has a character that Slack could take for markup."""
    blocks: list[Json] = []
    plain_blocks: list[TextBlock] = []
    for text_block in text_blocks:
        if text_block.kind is BlockKind.HEADING and _WITHOUT_MARKUP.fullmatch(text_block.text):
            heading = {"type": "section", "text": bold_text(text_block.text)}
            blocks += [*section_blocks(blocks_text(plain_blocks)), heading]
            plain_blocks = []
        else:
            plain_blocks.append(text_block)
    return [*blocks, *section_blocks(blocks_text(plain_blocks))]


def bold_text(heading: str) -> Json:
    """Bold text. It must not contain markup."""
    return {"type": "mrkdwn", "text": f"*{heading}*"}


def _fitting_blocks(card: Card, codec: SlackButtonCodec, destination_blocks: list[Json]) -> list[Json]:
    blocks = _card_blocks(card, codec, section_blocks, destination_blocks)
    if len(blocks) < MAX_BLOCKS:
        return blocks
    # A block of small text holds ten times as much.
    return _card_blocks(card, codec, context_blocks, destination_blocks)


def _shorten_element(element: Element) -> Element:
    """An element with the beginning of a long summary."""
    match element:
        case TextLine(text=text):
            return replace(element, text=shorten(text, SHORT_SUMMARY_CHARACTERS))
        case SummaryText(document=document):
            return SummaryText(shorten_document(document, SHORT_SUMMARY_CHARACTERS, size))
        case _:
            return element


def private_message(text: str, mention: str | None = None) -> Json:
    """A private message, as a call of the Web API takes it."""
    return {"text": private_message_text(text, mention), "blocks": private_message_blocks(text, mention)}


def _card_blocks(
    card: Card, codec: SlackButtonCodec, long: LongTextBlocks, destination_blocks: list[Json]
) -> list[Json]:
    blocks = context_blocks(card.title, *_position_lines(card))
    for element in card.elements:
        blocks += destination_blocks if isinstance(element, ButtonRow) else []
        blocks += _element_blocks(element, codec, long)
    return blocks


def _has_post_button(card: Card) -> bool:
    """Whether the card offers to post something."""
    taps = (button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons)
    return any(button.kind is ButtonKind.POSTS_SUMMARY for button in taps)


def _destination_blocks(place: Place, language: str) -> list[Json]:
    """Where the post goes. Slack shows the channel's name."""
    key = "goes_nowhere" if not place.conversation else "goes_to_thread" if place.thread else "goes_to_channel"
    text = escape(say(language, key)).replace("#", f"<#{escape(place.conversation)}>")
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}]


def _position_lines(card: Card) -> list[str]:
    """The position in the recovery: as text, and as a bar with one mark for each step."""
    progress = next((element for element in card.elements if isinstance(element, Progress)), None)
    if progress is None:
        return []
    return [f"{progress.label} · {progress.title}", "".join(STEP_MARKS[stage] for _, stage in progress.steps)]


def _element_blocks(element: Element, codec: SlackButtonCodec, long: LongTextBlocks) -> list[Json]:  # noqa: C901, PLR0911 - a table
    match element:
        case Progress():
            return []
        case TextLine(text=text, tone=Tone.INSTRUCTION):
            return header_blocks(text)
        case TextLine(text=text, tone=tone):
            return long(f"{WARNING} {text}" if tone is Tone.NOTICE else text)
        case SpokenPhrase(label=label, text=text, then=then):
            return [*context_blocks(label), *section_blocks(f"“{text}”"), *context_blocks(then)]
        case Elapsed(marks=marks):
            return context_blocks(" · ".join(mark.text for mark in marks))
        case ChipRow(label=label, chips=chips):
            buttons = [Button(f"✓ {chip.label}" if chip.is_selected else chip.label, chip.action) for chip in chips]
            return [*context_blocks(label), *action_rows(buttons, codec)]
        case ClientMessage(label=label, text=text, button=button):
            return [*section_blocks(f"{label}: “{text}”"), *action_rows([button], codec)]
        case Trap(label=label, text=text):
            return context_blocks(f"{WARNING} {label}: {text}")
        case NoteList(label=label, notes=notes, more_text=more):
            return long("\n".join([label, *(f"• {note.text}" for note in notes), *filter(None, [more])]))
        case SummaryText(document=document):
            return _long_document_blocks(document, long)
        case InlineForm(form=form, button=button):
            return _form_blocks(form, button, codec)
        case ButtonRow(buttons=buttons):
            return action_rows(buttons, codec)


def _long_document_blocks(document: Document, long: LongTextBlocks) -> list[Json]:
    """A summary as it will be posted, or in small text if it is too long."""
    return _document_blocks(document.blocks) if long is section_blocks else long(document.text)


def _form_blocks(form: Form, opens: Button, codec: SlackButtonCodec) -> list[Json]:
    """The title of a form, and the button that opens it: a message cannot contain inputs."""
    match form.inputs:
        case (TextInput(label=label),) if label != form.title:
            question = f"{form.title}: {label}"
        case _:
            question = form.title
    first, *rest = section_blocks(question) or [{"type": "section", "text": plain_text(question)}]
    return [first | {"accessory": button_menu([opens], codec)}, *rest, *full_labels([opens])]
