"""A card, a post and a private line as a Slack message: to be taken in at a glance, while somebody is shouting."""

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
    Element,
    Form,
    InlineForm,
    NoteList,
    Progress,
    SpokenPhrase,
    StepState,
    SummaryText,
    TextInput,
    TextLine,
    Tone,
    Trap,
)
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
    taps = SlackButtonCodec(card.recovery_id, card.card_revision, language)
    goes = _destination_blocks(place, language) if place and _has_post_button(card) else []
    blocks = _fitting_blocks(card, taps, goes)
    if text_length(blocks) > MAX_TEXT_CHARACTERS:
        brief = replace(card, elements=tuple(map(_shorten_element, card.elements)))
        blocks = [
            *fit_blocks(_fitting_blocks(brief, taps, goes), MAX_TEXT_CHARACTERS),
            *context_blocks(say(language, "shortened")),
        ]
    return with_ids(blocks, str(card.card_revision))


def card_text(card: Card) -> str:
    """What a notification says of a card: no word of the client's but the account's name."""
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
    """The blocks of as many messages as it takes."""
    messages: list[list[Json]] = [[]]
    for block in blocks:
        if len(messages[-1]) == MAX_BLOCKS or text_length([*messages[-1], block]) > MAX_TEXT_CHARACTERS:
            messages.append([])
        messages[-1].append(block)
    return [message for message in messages if message]


def post_text(text: str) -> str:
    """What a notification says of a message for everybody."""
    return fallback_text(text)


def private_message_blocks(text: str, mention: str | None = None) -> list[Json]:
    """A private line. `mention`: the id of the user who must notice it."""
    call = {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{escape(mention)}>"}} if mention else None
    return with_ids([*([call] if call else []), *section_blocks(text)], "line")


def private_message_text(text: str, mention: str | None = None) -> str:
    """What a notification says of a private line."""
    return f"<@{escape(mention)}> {fallback_text(text)}" if mention else fallback_text(text)


def _document_blocks(blocks: Sequence[TextBlock]) -> list[Json]:
    """A text whose headings stand out, unless a heading has a sign that Slack could take for markup."""
    drawn: list[Json] = []
    words: list[TextBlock] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING and _WITHOUT_MARKUP.fullmatch(block.text):
            drawn += [*section_blocks(blocks_text(words)), {"type": "section", "text": bold_text(block.text)}]
            words = []
        else:
            words.append(block)
    return [*drawn, *section_blocks(blocks_text(words))]


def bold_text(heading: str) -> Json:
    """Words of ours or of the responder's, that hold no markup."""
    return {"type": "mrkdwn", "text": f"*{heading}*"}


def _fitting_blocks(card: Card, taps: SlackButtonCodec, goes: list[Json]) -> list[Json]:
    blocks = _card_blocks(card, taps, section_blocks, goes)
    return (
        blocks if len(blocks) < MAX_BLOCKS else _card_blocks(card, taps, context_blocks, goes)
    )  # small print holds ten times as much


def _shorten_element(element: Element) -> Element:
    """The beginning of a long summary."""
    match element:
        case TextLine(text=text):
            return replace(element, text=shorten(text, SHORT_SUMMARY_CHARACTERS))
        case SummaryText(document=document):
            return SummaryText(shorten_document(document, SHORT_SUMMARY_CHARACTERS, size))
        case _:
            return element


def private_message(text: str, mention: str | None = None) -> Json:
    """A private line, as a call of the Web API takes it."""
    return {"text": private_message_text(text, mention), "blocks": private_message_blocks(text, mention)}


def _card_blocks(card: Card, taps: SlackButtonCodec, long: LongTextBlocks, goes: list[Json]) -> list[Json]:
    blocks = context_blocks(card.title, *_position_lines(card))
    for element in card.elements:
        blocks += goes if isinstance(element, ButtonRow) else []
        blocks += _element_blocks(element, taps, long)
    return blocks


def _has_post_button(card: Card) -> bool:
    """Whether the card offers to post something."""
    taps = (button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons)
    return any(button.kind is ButtonKind.POSTS_SUMMARY for button in taps)


def _destination_blocks(place: Place, language: str) -> list[Json]:
    """Where it goes: Slack writes the channel's name."""
    key = "goes_nowhere" if not place.conversation else "goes_to_thread" if place.thread else "goes_to_channel"
    text = escape(say(language, key)).replace("#", f"<#{escape(place.conversation)}>")
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}]


def _position_lines(card: Card) -> list[str]:
    """How far the talk is: in words, and as a bar with one mark for each step."""
    found = next((element for element in card.elements if isinstance(element, Progress)), None)
    if found is None:
        return []
    return [f"{found.label} · {found.title}", "".join(STEP_MARKS[stage] for _, stage in found.steps)]


def _element_blocks(element: Element, taps: SlackButtonCodec, long: LongTextBlocks) -> list[Json]:
    match element:
        case Progress():
            return []
        case TextLine(text=text, tone=Tone.INSTRUCTION):
            return header_blocks(text)
        case TextLine(text=text, tone=tone):
            return long(f"{WARNING} {text}" if tone is Tone.NOTICE else text)
        case SpokenPhrase(label=label, text=text, then=then):
            return [*context_blocks(label), *section_blocks(f"“{text}”"), *context_blocks(then)]
        case Trap(label=label, text=text):
            return context_blocks(f"{WARNING} {label}: {text}")
        case NoteList(label=label, notes=notes, more_text=more):
            return long("\n".join([label, *(f"• {note.text}" for note in notes), *filter(None, [more])]))
        case SummaryText(document=document):
            return _long_document_blocks(document, long)
        case InlineForm(form=form, button=button):
            return _form_blocks(form, button, taps)
        case ButtonRow(buttons=buttons):
            return action_rows(buttons, taps)


def _long_document_blocks(document: Document, long: LongTextBlocks) -> list[Json]:
    """A summary, as it will be posted; in small print if it is too long for that."""
    return _document_blocks(document.blocks) if long is section_blocks else long(document.text)


def _form_blocks(form: Form, opens: Button, taps: SlackButtonCodec) -> list[Json]:
    """What to note, and the button that opens its form: a message holds no field to type in."""
    match form.inputs:
        case (TextInput(label=label),) if label != form.title:
            asked = f"{form.title}: {label}"
        case _:
            asked = form.title
    first, *rest = section_blocks(asked) or [{"type": "section", "text": plain_text(asked)}]
    return [first | {"accessory": button_menu([opens], taps)}, *rest, *full_labels([opens])]
