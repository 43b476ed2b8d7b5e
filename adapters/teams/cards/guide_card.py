"""The guide as an Adaptive Card: it must be understood at a glance, while somebody is shouting."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.shared.documents import shorten_document
from adapters.shared.text_splitting import shorten
from adapters.teams.cards.elements import MAX_CARD_BYTES, SMALL, card_root, json_bytes, line, lines, run
from adapters.teams.cards.folding import fold_elements
from adapters.teams.cards.guide_elements import CardElements, GuideElements
from adapters.teams.cards.input_values import RejectedForm
from adapters.teams.cards.markup import Json, json_safe
from adapters.teams.cards.words import say
from flows.screens.elements import (
    ButtonKind,
    ButtonRow,
    Card,
    ChipRow,
    ClientMessage,
    Element,
    NoteList,
    SpokenPhrase,
    SummaryText,
    TextLine,
    Tone,
    Trap,
)
from flows.state.identity import Place

MAX_NOTIFICATION_CHARACTERS = 300
"""Characters of a notification."""
TEXT_LIMITS = (8000, 6000, 4500, 3000, 2000, 1500, 1000, 700, 450, 300, 150, 80, 40)
"""Characters to which each text is shortened, tried one after the other, until the card is small enough."""


def guide_card_json(
    card: Card, language: str, place: Place | None = None, link: str = "", *, rejected_form: RejectedForm | None = None
) -> Json:
    """A card. `place`: the account thread, with the `link` to it; both are shown if the card offers to post there.

    `rejected_form`: the form on this card that was sent and not accepted, or that holds what is not sent yet.
    """
    destination = _destination_line(place, language, link) if place and _has_post_button(card) else []
    card_json = _card_json(card, language, destination, rejected_form)
    for max_characters in TEXT_LIMITS:
        if json_bytes(card_json) <= MAX_CARD_BYTES:
            break
        short_card = replace(
            card, elements=tuple(_shorten_element(element, max_characters) for element in card.elements)
        )
        card_json = _card_json(
            short_card, language, [*lines(say(language, "shortened"), **SMALL), *destination], rejected_form
        )
    return card_json


def notification_text(card: Card) -> str:
    """The notification of a card: it contains nothing that the client said, only the account's name."""
    instructions = (
        element.text for element in card.elements if isinstance(element, TextLine) and element.tone is Tone.INSTRUCTION
    )
    return shorten(json_safe("\n".join([card.title, *instructions])), MAX_NOTIFICATION_CHARACTERS)


def _card_json(card: Card, language: str, above_buttons: CardElements, rejected_form: RejectedForm | None) -> Json:
    """The elements in their order, the buttons among them, for what folds comes last."""
    maker = GuideElements(card, language, rejected_form)
    return card_root([*maker.top(), *_body(maker, above_buttons), *fold_elements(maker.folds())], language)


def _body(maker: GuideElements, above_buttons: CardElements) -> Iterator[Json]:
    has_row = any(isinstance(element, ButtonRow) for element in maker.card.elements)
    for element in maker.card.elements:
        if isinstance(element, ButtonRow):
            yield from above_buttons
            above_buttons = []
        yield from maker.elements(element)
    if not has_row:
        yield from above_buttons


def _has_post_button(card: Card) -> bool:
    """Whether the card offers to post something."""
    taps = (button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons)
    return any(button.kind is ButtonKind.POSTS_SUMMARY for button in taps)


def _destination_line(place: Place, language: str, link: str) -> CardElements:
    """The line that says where it will be posted, with a link, for Teams gives no name of a thread."""
    if not place.conversation:
        key = "goes_nowhere"
    elif "@thread.tacv2" not in place.conversation and "@thread.skype" not in place.conversation:
        key = "goes_to_chat"
    else:
        key = "goes_to_thread" if place.thread else "goes_to_channel"
    text = run(say(language, key), **SMALL)
    if not link or key == "goes_nowhere":
        return [line(text)]
    open_link = {"type": "Action.OpenUrl", "url": link}
    return [line(text, run(" "), run(say(language, "open_thread"), size="small") | {"selectAction": open_link})]


def _shorten_element(element: Element, max_characters: int) -> Element:
    """An element with its texts shortened. A form stays as it is, for what was noted must not be cut in it."""
    match element:
        case TextLine(text=text) | Trap(text=text) | ClientMessage(text=text):
            return replace(element, text=shorten(text, max_characters))
        case SpokenPhrase(text=text, then=then):
            return replace(element, text=shorten(text, max_characters), then=shorten(then, max_characters))
        case ChipRow(chips=chips):
            return replace(
                element, chips=tuple(replace(chip, label=shorten(chip.label, max_characters)) for chip in chips)
            )
        case SummaryText(document=document):
            return SummaryText(shorten_document(document, max_characters))
        case NoteList(notes=notes):
            return replace(
                element, notes=tuple(replace(note, text=shorten(note.text, max_characters)) for note in notes)
            )
        case _:
            return element
