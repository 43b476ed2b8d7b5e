"""The one card, edited in place: to be taken in at a glance, while somebody is shouting."""

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
    Element,
    Form,
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
from flows.state.identity import Place
from flows.wording.document import BlockKind, Document

MAX_NOTIFICATION_CHARACTERS = 300
"""Characters of what a notification says."""
TEXT_LIMITS = (8000, 6000, 4500, 3000, 2000, 1500, 1000, 700, 450, 300, 150, 80, 40)
"""Characters of each text on a card that would be too long, tried one after the other."""
STEP_MARKS = {StepState.DONE: "●", StepState.HERE: "◉", StepState.AHEAD: "○"}
MAX_INPUT_REPEAT = 1_000_000
CardElements = list[Json]


def guide_card_json(
    card: Card, language: str, place: Place | None = None, link: str = "", *, sent: RejectedForm | None = None
) -> Json:
    """A card. `place`: the account thread, and `link` to it: told where the card offers to post something there.

    `sent`: what somebody sent by the card's own inputs, which was not taken.
    """
    goes = _destination_line(place, language, link) if place and _has_post_button(card) else []
    drawn = _card_json(card, language, goes, sent)
    for cap in TEXT_LIMITS:
        if json_bytes(drawn) <= MAX_CARD_BYTES:
            break
        brief = replace(card, elements=tuple(_shorten_element(element, cap) for element in card.elements))
        drawn = _card_json(brief, language, [*lines(say(language, "shortened"), **SMALL), *goes], sent)
    return drawn


def notification_text(card: Card) -> str:
    """What a notification says of a card: no word of the client's but the account's name."""
    told = (
        element.text for element in card.elements if isinstance(element, TextLine) and element.tone is Tone.INSTRUCTION
    )
    return shorten(json_safe("\n".join([card.title, *told])), MAX_NOTIFICATION_CHARACTERS)


def _card_json(card: Card, language: str, goes: CardElements, sent: RejectedForm | None) -> Json:
    form = next((element.form for element in card.elements if isinstance(element, InlineForm)), None)
    more = {"form": form.id, "was": initial_texts_digest(form, sent.data if sent else None)} if form else {}
    taps = TeamsButtonCodec(card.recovery_id, card.card_revision, is_chat=True, form_data=more)
    body = [line(run(card.title, **SMALL), spacing="none"), *_position_line(card)]
    for element in card.elements:
        body += _card_elements(element, card, language, sent)
    buttons = [button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons]
    body += [*goes, *full_labels(button.label for button in buttons)]
    return card_root(body, language, [_button_action(button, taps, language) for button in buttons])


def _button_action(button: Button, taps: TeamsButtonCodec, language: str) -> Json:
    """A button; one that asks back shows what it asks, and the tap that counts."""
    if not button.confirmation:
        return with_title(taps.action(button), button.label, main=button.is_main)
    act = with_title(
        execute(TAP_VERB, taps.data(button) | taps.form_data), say(language, "yes", label=button.label), main=True
    )
    asked = {"type": "AdaptiveCard", "body": lines(button.confirmation, **BOLD), "actions": [act]}
    return with_title({"type": "Action.ShowCard", "card": asked}, button.label, main=button.is_main)


def _has_post_button(card: Card) -> bool:
    """Whether the card offers to post something."""
    taps = (button for element in card.elements if isinstance(element, ButtonRow) for button in element.buttons)
    return any(button.kind is ButtonKind.POSTS_SUMMARY for button in taps)


def _destination_line(place: Place, language: str, link: str) -> CardElements:
    """Where it goes, or went: Teams gives no name of a thread, but one can look at it."""
    if not place.conversation:
        key = "goes_nowhere"
    elif "@thread.tacv2" not in place.conversation and "@thread.skype" not in place.conversation:
        key = "goes_to_chat"
    else:
        key = "goes_to_thread" if place.thread else "goes_to_channel"
    told = run(say(language, key), **SMALL)
    if not link or key == "goes_nowhere":
        return [line(told)]
    opens = {"type": "Action.OpenUrl", "url": link}
    return [line(told, run(" "), run(say(language, "open_thread"), size="small") | {"selectAction": opens})]


def _position_line(card: Card) -> CardElements:
    """How far the talk is: a bar with one mark for each step, and in words."""
    found = next((element for element in card.elements if isinstance(element, Progress)), None)
    if found is None:
        return []
    bar = "".join(STEP_MARKS[stage] for _, stage in found.steps)
    marks = [run(f"{bar}  ", size="small", color="accent")] if bar else []
    return [line(*marks, run(f"{found.label} · {found.title}", **SMALL), spacing="none")]


def _card_elements(element: Element, card: Card, language: str, sent: RejectedForm | None) -> CardElements:
    match element:
        case Progress() | ButtonRow():
            return []
        case TextLine(text=text, tone=Tone.INSTRUCTION):
            return lines(text, **LARGE)
        case TextLine(text=text, tone=tone):
            return lines(f"{WARNING} {text}", **BOLD) if tone is Tone.NOTICE else lines(text)
        case SpokenPhrase(label=label, text=text, then=then):
            spoken = [
                *lines(label, spacing="none", **SMALL),
                *lines(f"“{text}”", spacing="small", size="medium"),
                *lines(then, spacing="small", **SMALL),
            ]
            return [{"type": "Container", "style": "emphasis", "items": spoken}]
        case Trap(label=label, text=text):
            return lines(f"{WARNING} {label}: {text}", **SMALL)
        case NoteList(label=label, notes=notes, more_text=more):
            told = chain.from_iterable(lines(f"• {note.text}", spacing="none") for note in notes)
            return [*lines(label, **SMALL), *told, *lines(more, spacing="none", **SMALL)]
        case SummaryText(document=document):
            return _document_elements(document)
        case InlineForm(form=form):
            return _form_elements(form, card, language, sent)


def _document_elements(document: Document) -> CardElements:
    """A text whose headings stand out."""
    drawn: CardElements = []
    for block in document.blocks:
        spacing = "" if not drawn else "medium" if block.empty_lines_above else "none"
        style = BOLD if block.kind is BlockKind.HEADING else {}
        drawn += lines(block.plain_text, spacing, **style)
    return drawn


def _form_elements(form: Form, card: Card, language: str, sent: RejectedForm | None) -> CardElements:
    """What to note, on the card itself. What is missing the server says: a required input would block every button."""
    faults, given = (sent.errors, sent.submitted_parts) if sent else (NO_ERRORS, None)
    how = InputSettings(language, _input_repeat(form, card), errors=faults, submitted_parts=given)
    titles = [] if any(one.label == form.title for one in form.inputs) else lines(form.title, **BOLD)
    inputs = chain.from_iterable(input_elements(one, how) for one in form.inputs)
    send = execute(FORM_VERB, {"recovery": card.recovery_id, "form": form.id, "nth": how.repeat})
    body = [*titles, *lines(form.note, **SMALL), *inputs]
    fill = {"type": "ActionSet", "actions": [with_title(send, form.submit_label)], "spacing": "small"}
    return [body[0] | {"separator": True, "spacing": "medium"}, *body[1:], fill]


def _input_repeat(form: Form, card: Card) -> int:
    """Another number whenever the inputs must come up empty: at another step, and when there is another note."""
    notes = [[note.text for note in element.notes] for element in card.elements if isinstance(element, NoteList)]
    state = json.dumps([card.card_revision, form.id, notes])
    return zlib.crc32(state.encode()) % MAX_INPUT_REPEAT


def _shorten_element(element: Element, most: int) -> Element:
    """The beginning of what is long. A form stays as it is: what was noted is not cut in it."""
    match element:
        case TextLine(text=text) | Trap(text=text):
            return replace(element, text=shorten(text, most))
        case SpokenPhrase(text=text, then=then):
            return replace(element, text=shorten(text, most), then=shorten(then, most))
        case SummaryText(document=document):
            return SummaryText(shorten_document(document, most))
        case NoteList(notes=notes):
            return replace(element, notes=tuple(replace(note, text=shorten(note.text, most)) for note in notes))
        case _:
            return element
