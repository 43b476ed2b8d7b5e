"""The card as a Slack message, within the limits of one."""

from dataclasses import replace

from adapters.shared.documents import shorten_document
from adapters.slack.blocks.card_elements import LongTextBlocks, element_blocks, position_elements
from adapters.slack.blocks.elements import (
    SlackButtonCodec,
    context_blocks,
    fit_blocks,
    section_blocks,
    text_length,
    with_ids,
)
from adapters.slack.blocks.limits import shorten, size
from adapters.slack.blocks.messages import MAX_BLOCKS, MAX_TEXT_CHARACTERS
from adapters.slack.blocks.mrkdwn import Json, escape, fallback_text
from adapters.slack.blocks.words import say
from flows.screens.elements import (
    ButtonKind,
    ButtonRow,
    Card,
    Elapsed,
    Element,
    Progress,
    SummaryText,
    TextLine,
    Tone,
)
from flows.state.identity import Place

SHORT_SUMMARY_CHARACTERS = 7000
"""Characters of a summary on a card that would be too long."""


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


def _fitting_blocks(card: Card, codec: SlackButtonCodec, destination_blocks: list[Json]) -> list[Json]:
    blocks = _card_blocks(card, codec, section_blocks, destination_blocks)
    if len(blocks) < MAX_BLOCKS:
        return blocks
    # A block of small text holds ten times as much.
    return _card_blocks(card, codec, context_blocks, destination_blocks)


def _card_blocks(
    card: Card, codec: SlackButtonCodec, long: LongTextBlocks, destination_blocks: list[Json]
) -> list[Json]:
    blocks = _position_blocks(card)
    for element in card.elements:
        blocks += destination_blocks if isinstance(element, ButtonRow) else []
        blocks += element_blocks(element, codec, long)
    return blocks


def _position_blocks(card: Card) -> list[Json]:
    """The first lines, in small text: the account, the position in the recovery, and how long it takes."""
    progress = next((element for element in card.elements if isinstance(element, Progress)), None)
    elapsed = next((element for element in card.elements if isinstance(element, Elapsed)), None)
    return [{"type": "context", "elements": position_elements(card.title, progress, elapsed)}]


def _shorten_element(element: Element) -> Element:
    """An element with the beginning of a long summary."""
    match element:
        case TextLine(text=text):
            return replace(element, text=shorten(text, SHORT_SUMMARY_CHARACTERS))
        case SummaryText(document=document):
            return SummaryText(shorten_document(document, SHORT_SUMMARY_CHARACTERS, size))
        case _:
            return element


def _has_post_button(card: Card) -> bool:
    """Whether the card offers to post something."""
    taps = (button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons)
    return any(button.kind is ButtonKind.POSTS_SUMMARY for button in taps)


def _destination_blocks(place: Place, language: str) -> list[Json]:
    """Where the post goes. Slack shows the channel's name."""
    key = "goes_nowhere" if not place.conversation else "goes_to_thread" if place.thread else "goes_to_channel"
    text = escape(say(language, key)).replace("#", f"<#{escape(place.conversation)}>")
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}]
