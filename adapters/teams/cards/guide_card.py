"""The guide as an Adaptive Card: it must be understood at a glance, while somebody is shouting."""

import json
import zlib
from dataclasses import replace
from itertools import chain

from adapters.shared.documents import shorten_document
from adapters.shared.text_splitting import shorten
from adapters.teams.cards.elements import (
    BOLD,
    FORM_VERB,
    LARGE,
    MAX_CARD_BYTES,
    SMALL,
    TAP_VERB,
    WARNING,
    TeamsButtonCodec,
    card_root,
    execute,
    full_labels,
    json_bytes,
    line,
    lines,
    run,
    with_title,
)
from adapters.teams.cards.input_values import NO_ERRORS, RejectedForm
from adapters.teams.cards.inputs import InputSettings, initial_texts_digest, input_elements
from adapters.teams.cards.markup import Json, json_safe
from adapters.teams.cards.words import say
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
from flows.screens.inputs import Form
from flows.state.identity import Place
from flows.wording.document import BlockKind, Document

MAX_NOTIFICATION_CHARACTERS = 300
"""Characters of a notification."""
TEXT_LIMITS = (8000, 6000, 4500, 3000, 2000, 1500, 1000, 700, 450, 300, 150, 80, 40)
"""Characters to which each text is shortened, tried one after the other, until the card is small enough."""
STEP_MARKS = {StepState.DONE: "●", StepState.HERE: "◉", StepState.AHEAD: "○"}
MAX_INPUT_REPEAT = 1_000_000
CardElements = list[Json]


def guide_card_json(
    card: Card, language: str, place: Place | None = None, link: str = "", *, rejected_form: RejectedForm | None = None
) -> Json:
    """A card. `place`: the account thread, with the `link` to it; both are shown if the card offers to post there.

    `rejected_form`: the form on this card that was sent and not accepted.
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


def _card_json(card: Card, language: str, destination: CardElements, rejected_form: RejectedForm | None) -> Json:
    form = next((element.form for element in card.elements if isinstance(element, InlineForm)), None)
    form_data = (
        {"form": form.id, "was": initial_texts_digest(form, rejected_form.data if rejected_form else None)}
        if form
        else {}
    )
    taps = TeamsButtonCodec(card.recovery_id, card.card_revision, is_chat=True, form_data=form_data)
    body = [line(run(card.title, **SMALL), spacing="none"), *_position_line(card)]
    for element in card.elements:
        body += _card_elements(element, card, language, rejected_form)
    buttons = [button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons]
    body += [*destination, *full_labels(button.label for button in buttons)]
    return card_root(body, language, [_button_action(button, taps, language) for button in buttons])


def _button_action(button: Button, taps: TeamsButtonCodec, language: str) -> Json:
    """A button. One with a confirmation first shows the question and the button that does it."""
    if not button.confirmation:
        return with_title(taps.action(button), button.label, is_main=button.is_main)
    confirmed_action = with_title(
        execute(TAP_VERB, taps.data(button) | taps.form_data), say(language, "yes", label=button.label), is_main=True
    )
    question_card = {"type": "AdaptiveCard", "body": lines(button.confirmation, **BOLD), "actions": [confirmed_action]}
    return with_title({"type": "Action.ShowCard", "card": question_card}, button.label, is_main=button.is_main)


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


def _position_line(card: Card) -> CardElements:
    """The progress: a bar with one mark for each step, and in words."""
    progress = next((element for element in card.elements if isinstance(element, Progress)), None)
    if progress is None:
        return []
    bar = "".join(STEP_MARKS[stage] for _, stage in progress.steps)
    marks = [run(f"{bar}  ", size="small", color="accent")] if bar else []
    return [line(*marks, run(f"{progress.label} · {progress.title}", **SMALL), spacing="none")]


def _card_elements(  # noqa: C901, PLR0911 - one line an element: a table
    element: Element, card: Card, language: str, rejected_form: RejectedForm | None
) -> CardElements:
    match element:
        case Progress() | ButtonRow():
            return []
        case TextLine(text=text, tone=Tone.INSTRUCTION):
            return lines(text, **LARGE)
        case TextLine(text=text, tone=tone):
            return lines(f"{WARNING} {text}", **BOLD) if tone is Tone.NOTICE else lines(text)
        case SpokenPhrase(label=label, text=text, then=then):
            items = [
                *lines(label, spacing="none", **SMALL),
                *lines(f"“{text}”", spacing="small", size="medium"),
                *lines(then, spacing="small", **SMALL),
            ]
            return [{"type": "Container", "style": "emphasis", "items": items}]
        case Elapsed(marks=marks):
            return lines(" · ".join(mark.text for mark in marks), **SMALL)
        case ChipRow(label=label, chips=chips):
            codec = TeamsButtonCodec(card.recovery_id, card.card_revision, is_chat=True)
            actions = [
                with_title(
                    codec.action(Button(chip.label, chip.action, chip.kind)),
                    f"✓ {chip.label}" if chip.is_selected else chip.label,
                )
                for chip in chips
            ]
            return [*lines(label, **SMALL), {"type": "ActionSet", "actions": actions}]
        case ClientMessage(label=label, text=text, button=button):
            codec = TeamsButtonCodec(card.recovery_id, card.card_revision, is_chat=True)
            take = with_title(codec.action(button), button.label)
            return [*lines(f"{label}: “{text}”"), {"type": "ActionSet", "actions": [take]}]
        case Trap(label=label, text=text):
            return lines(f"{WARNING} {label}: {text}", **SMALL)
        case NoteList(label=label, notes=notes, more_text=more):
            note_lines = chain.from_iterable(lines(f"• {note.text}", spacing="none") for note in notes)
            return [*lines(label, **SMALL), *note_lines, *lines(more, spacing="none", **SMALL)]
        case SummaryText(document=document):
            return _document_elements(document)
        case InlineForm(form=form):
            return _form_elements(form, card, language, rejected_form)


def _document_elements(document: Document) -> CardElements:
    """A text whose headings stand out."""
    elements: CardElements = []
    for block in document.blocks:
        spacing = "" if not elements else "medium" if block.empty_lines_above else "none"
        style = BOLD if block.kind is BlockKind.HEADING else {}
        elements += lines(block.plain_text, spacing, **style)
    return elements


def _form_elements(form: Form, card: Card, language: str, rejected_form: RejectedForm | None) -> CardElements:
    """A form on the card. The server checks what is required: a required input would block every button."""
    errors, submitted_parts = (
        (rejected_form.errors, rejected_form.submitted_parts) if rejected_form else (NO_ERRORS, None)
    )
    settings = InputSettings(language, _input_repeat(form, card), errors=errors, submitted_parts=submitted_parts)
    titles = [] if any(one.label == form.title for one in form.inputs) else lines(form.title, **BOLD)
    inputs = chain.from_iterable(input_elements(one, settings) for one in form.inputs)
    action = execute(FORM_VERB, {"recovery": card.recovery_id, "form": form.id, "nth": settings.repeat})
    body = [*titles, *lines(form.note, **SMALL), *inputs]
    buttons = {"type": "ActionSet", "actions": [with_title(action, form.submit_label)], "spacing": "small"}
    return [body[0] | {"separator": True, "spacing": "medium"}, *body[1:], buttons]


def _input_repeat(form: Form, card: Card) -> int:
    """Another number whenever the inputs must come up empty: at another step, and when there is another note."""
    notes = [[note.text for note in element.notes] for element in card.elements if isinstance(element, NoteList)]
    state = json.dumps([card.card_revision, form.id, notes])
    return zlib.crc32(state.encode()) % MAX_INPUT_REPEAT


def _shorten_element(element: Element, max_characters: int) -> Element:
    """An element with its texts shortened. A form stays as it is, for what was noted must not be cut in it."""
    match element:
        case TextLine(text=text) | Trap(text=text):
            return replace(element, text=shorten(text, max_characters))
        case SpokenPhrase(text=text, then=then):
            return replace(element, text=shorten(text, max_characters), then=shorten(then, max_characters))
        case SummaryText(document=document):
            return SummaryText(shorten_document(document, max_characters))
        case NoteList(notes=notes):
            return replace(
                element, notes=tuple(replace(note, text=shorten(note.text, max_characters)) for note in notes)
            )
        case _:
            return element
