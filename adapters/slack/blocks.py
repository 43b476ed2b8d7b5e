"""A card, a post and a private line as a Slack message: to be taken in at a glance, while somebody is shouting."""

import re
from collections.abc import Callable
from dataclasses import replace

from adapters.slack.kit import (
    WARNING,
    Taps,
    actions,
    contexts,
    fitted,
    header,
    in_full,
    menu,
    named,
    sections,
    weight,
)
from adapters.slack.pieces import shortened
from adapters.slack.text import Json, escape, fallback, plain
from adapters.slack.words import say
from flows.cards import (
    Ask,
    Button,
    Buttons,
    Card,
    Element,
    Form,
    Line,
    Notes,
    Progress,
    Say,
    Stage,
    TextInput,
    Tone,
    Trap,
)
from flows.people import Place

MOST = 50
"""Blocks of one message."""
MOST_TEXT = 10_000
"""Characters of all of them together: beyond some 11,000 people saw Slack refuse with `msg_blocks_too_long`."""

POST = "post:"
HEADING = re.compile(r"^([^\W_](?:[^\W_]|[ ,.()’/-]){0,78}[^\W_)])\n(?=• )", re.MULTILINE)
"""A line above a list, of letters, digits and marks that mean nothing to Slack."""
BRIEF = 7000
"""Characters of a summary on a card that would be too long."""
MARKS = {Stage.DONE: "●", Stage.HERE: "◉", Stage.AHEAD: "○"}
Long = Callable[[str], list[Json]]


def card_blocks(card: Card, language: str, place: Place | None = None) -> list[Json]:
    """A card. `place`: the account thread, named where the card offers to post something there."""
    taps = Taps(card.recovery, card.visit, language)
    goes = _destination(place, language) if place and _posts(card) else []
    blocks = _drawn(card, taps, goes)
    if weight(blocks) > MOST_TEXT:
        brief = replace(card, elements=tuple(map(_brief, card.elements)))
        blocks = [*fitted(_drawn(brief, taps, goes), MOST_TEXT), *contexts(say(language, "shortened"))]
    return named(blocks, str(card.visit))


def card_text(card: Card) -> str:
    """What a notification says of a card: no word of the client's but the account's name."""
    lines = (element for element in card.elements if isinstance(element, Line))
    return fallback("\n".join([card.title, *(line.text for line in lines if line.tone is Tone.INSTRUCTION)]))


def post_blocks(text: str) -> list[list[Json]]:
    """A message for everybody, as the blocks of one message; of several, if it is longer than any text of ours."""
    first, _, rest = text.partition("\n")
    blocks = [*header(first), *_summary(rest)] if rest.strip() else sections(text)
    blocks = blocks if len(blocks) <= MOST else sections(text)
    return [named(message, "post") for message in _messages(blocks)]


def _messages(blocks: list[Json]) -> list[list[Json]]:
    """The blocks of as many messages as it takes."""
    messages: list[list[Json]] = [[]]
    for block in blocks:
        if len(messages[-1]) == MOST or weight([*messages[-1], block]) > MOST_TEXT:
            messages.append([])
        messages[-1].append(block)
    return [message for message in messages if message]


def post_text(text: str) -> str:
    """What a notification says of a message for everybody."""
    return fallback(text)


def whisper_blocks(text: str, mention: str | None = None) -> list[Json]:
    """A private line. `mention`: the id of the user who must notice it."""
    call = {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{escape(mention)}>"}} if mention else None
    return named([*([call] if call else []), *sections(text)], "line")


def whisper_text(text: str, mention: str | None = None) -> str:
    """What a notification says of a private line."""
    return f"<@{escape(mention)}> {fallback(text)}" if mention else fallback(text)


def _summary(text: str) -> list[Json]:
    """A text in which lines above lists stand out, if they have no sign that Slack could take for markup."""
    blocks: list[Json] = []
    since = 0
    for found in HEADING.finditer(text):
        blocks += [*sections(text[since : found.start()]), {"type": "section", "text": bold(found[1])}]
        since = found.end()
    return [*blocks, *sections(text[since:])]


def bold(heading: str) -> Json:
    """Words of ours or of the responder's, that hold no markup."""
    return {"type": "mrkdwn", "text": f"*{heading}*"}


def _drawn(card: Card, taps: Taps, goes: list[Json]) -> list[Json]:
    blocks = _card(card, taps, sections, goes)
    return blocks if len(blocks) < MOST else _card(card, taps, contexts, goes)  # small print holds ten times as much


def _brief(element: Element) -> Element:
    """The beginning of a long summary."""
    return replace(element, text=shortened(element.text, BRIEF)) if isinstance(element, Line) else element


def whisper(text: str, mention: str | None = None) -> Json:
    """A private line, as a call of the Web API takes it."""
    return {"text": whisper_text(text, mention), "blocks": whisper_blocks(text, mention)}


def _card(card: Card, taps: Taps, long: Long, goes: list[Json]) -> list[Json]:
    blocks = contexts(card.title, *_where(card))
    for element in card.elements:
        blocks += goes if isinstance(element, Buttons) else []
        blocks += _element(element, taps, long)
    return blocks


def _posts(card: Card) -> bool:
    """Whether the card offers to post something."""
    taps = (button for element in card.elements if isinstance(element, Buttons) for button in element.buttons)
    return any(button.action.startswith(POST) for button in taps)


def _destination(place: Place, language: str) -> list[Json]:
    """Where it goes: Slack writes the channel's name."""
    key = "goes_nowhere" if not place.conversation else "goes_to_thread" if place.thread else "goes_to_channel"
    text = escape(say(language, key)).replace("#", f"<#{escape(place.conversation)}>")
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}]


def _where(card: Card) -> list[str]:
    """How far the talk is: in words, and as a bar with one mark for each step."""
    found = next((element for element in card.elements if isinstance(element, Progress)), None)
    if found is None:
        return []
    return [f"{found.label} · {found.title}", "".join(MARKS[stage] for _, stage in found.steps)]


def _element(element: Element, taps: Taps, long: Long) -> list[Json]:
    match element:
        case Progress():
            return []
        case Line(text=text, tone=Tone.INSTRUCTION):
            return header(text)
        case Line(text=text, tone=tone):
            return long(f"{WARNING} {text}") if tone is Tone.NOTICE else _long(text, long)
        case Say(label=label, text=text, then=then):
            return [*contexts(label), *sections(f"“{text}”"), *contexts(then)]
        case Trap(label=label, text=text):
            return contexts(f"{WARNING} {label}: {text}")
        case Notes(label=label, notes=notes, more=more):
            return long("\n".join([label, *(f"• {note.text}" for note in notes), *filter(None, [more])]))
        case Ask(form=form):
            return _ask(form, taps)
        case Buttons(buttons=buttons):
            return actions(buttons, taps)


def _long(text: str, long: Long) -> list[Json]:
    """A summary, as it will be posted; in small print if it is too long for that."""
    return _summary(text) if long is sections else long(text)


def _ask(form: Form, taps: Taps) -> list[Json]:
    """What to note, and the button that opens its form: a message holds no field to type in."""
    opens = Button(f"{form.submit}…", f"open:{form.id}")
    match form.inputs:
        case (TextInput(label=label),) if label != form.title:
            asked = f"{form.title}: {label}"
        case _:
            asked = form.title
    first, *rest = sections(asked) or [{"type": "section", "text": plain(asked)}]
    return [first | {"accessory": menu([opens], taps)}, *rest, *in_full([opens])]
