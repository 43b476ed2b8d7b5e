"""The one card, edited in place: to be taken in at a glance, while somebody is shouting."""

import re
import zlib
from dataclasses import replace
from itertools import chain, pairwise

from adapters.pieces import shortened
from adapters.teams.filled import NOTHING, Sent
from adapters.teams.inputs import Drawing, input_elements, was
from adapters.teams.kit import (
    BOLD,
    FILL,
    LARGE,
    MOST,
    SMALL,
    TAP,
    WARNING,
    Taps,
    execute,
    in_full,
    line,
    lines,
    root,
    run,
    titled,
    weight,
)
from adapters.teams.text import Json, sound
from adapters.teams.words import say
from flows.cards import (
    Ask,
    Button,
    Buttons,
    Card,
    Element,
    Form,
    Line,
    Note,
    Notes,
    Progress,
    Say,
    Stage,
    Tone,
    Trap,
)
from flows.people import Place

POST = "post:"
SUMMARY = 300
"""Characters of what a notification says."""
CAPS = (8000, 6000, 4500, 3000, 2000, 1500, 1000, 700, 450, 300, 150, 80, 40)
"""Characters of each text on a card that would be too long, tried one after the other."""
MARKS = {Stage.DONE: "●", Stage.HERE: "◉", Stage.AHEAD: "○"}
HEADING = re.compile(r"[^\W_].{0,79}")
Told = list[Json]


def guide_card(
    card: Card, language: str, place: Place | None = None, link: str = "", *, sent: Sent | None = None
) -> Json:
    """A card. `place`: the account thread, and `link` to it: told where the card offers to post something there.

    `sent`: what somebody sent by the card's own inputs, which was not taken.
    """
    goes = _destination(place, language, link) if place and _posts(card) else []
    drawn = _card(card, language, goes, sent)
    for cap in CAPS:
        if weight(drawn) <= MOST:
            break
        brief = replace(card, elements=tuple(_brief(element, cap) for element in card.elements))
        drawn = _card(brief, language, [*lines(say(language, "shortened"), **SMALL), *goes], sent)
    return drawn


def card_summary(card: Card) -> str:
    """What a notification says of a card: no word of the client's but the account's name."""
    told = (element.text for element in card.elements if isinstance(element, Line) and element.tone is Tone.INSTRUCTION)
    return shortened(sound("\n".join([card.title, *told])), SUMMARY)


def _card(card: Card, language: str, goes: Told, sent: Sent | None) -> Json:
    form = next((element.form for element in card.elements if isinstance(element, Ask)), None)
    more = {"form": form.id, "was": was(form, sent.given if sent else None)} if form else {}
    taps = Taps(card.recovery, card.visit, chat=True, more=more)
    body = [line(run(card.title, **SMALL), spacing="none"), *_where(card)]
    for element in card.elements:
        body += _element(element, card, language, sent)
    buttons = [button for element in card.elements if isinstance(element, Buttons) for button in element.buttons]
    body += [*goes, *in_full(button.label for button in buttons)]
    return root(body, language, [_button(button, taps, language) for button in buttons])


def _button(button: Button, taps: Taps, language: str) -> Json:
    """A button; one that asks back shows what it asks, and the tap that counts."""
    if not button.sure:
        return titled(taps.act(button), button.label, main=button.main)
    act = titled(execute(TAP, taps.data(button) | taps.more), say(language, "yes", label=button.label), main=True)
    asked = {"type": "AdaptiveCard", "body": lines(button.sure, **BOLD), "actions": [act]}
    return titled({"type": "Action.ShowCard", "card": asked}, button.label, main=button.main)


def _posts(card: Card) -> bool:
    """Whether the card offers to post something."""
    taps = (button for element in card.elements if isinstance(element, Buttons) for button in element.buttons)
    return any(button.action.startswith(POST) for button in taps)


def _destination(place: Place, language: str, link: str) -> Told:
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


def _where(card: Card) -> Told:
    """How far the talk is: a bar with one mark for each step, and in words."""
    found = next((element for element in card.elements if isinstance(element, Progress)), None)
    if found is None:
        return []
    bar = "".join(MARKS[stage] for _, stage in found.steps)
    marks = [run(f"{bar}  ", size="small", color="accent")] if bar else []
    return [line(*marks, run(f"{found.label} · {found.title}", **SMALL), spacing="none")]


def _element(element: Element, card: Card, language: str, sent: Sent | None) -> Told:
    match element:
        case Progress() | Buttons():
            return []
        case Line(text=text, tone=Tone.INSTRUCTION):
            return lines(text, **LARGE)
        case Line(text=text, tone=tone):
            return lines(f"{WARNING} {text}", **BOLD) if tone is Tone.NOTICE else _summary(text)
        case Say(label=label, text=text, then=then):
            spoken = [
                *lines(label, spacing="none", **SMALL),
                *lines(f"“{text}”", spacing="small", size="medium"),
                *lines(then, spacing="small", **SMALL),
            ]
            return [{"type": "Container", "style": "emphasis", "items": spoken}]
        case Trap(label=label, text=text):
            return lines(f"{WARNING} {label}: {text}", **SMALL)
        case Notes(label=label, notes=notes, more=more):
            told = chain.from_iterable(lines(f"• {note.text}", spacing="none") for note in notes)
            return [*lines(label, **SMALL), *told, *lines(more, spacing="none", **SMALL)]
        case Ask(form=form):
            return _ask(form, card, language, sent)


def _summary(text: str) -> Told:
    """A text in which lines above lists stand out."""
    drawn = lines(text)
    for one, after in pairwise(drawn):
        words, below = one["inlines"][0], after["inlines"][0]["text"]
        if below.startswith("• ") and after.get("spacing") == "none" and HEADING.fullmatch(words["text"]):
            words |= BOLD
    return drawn


def _ask(form: Form, card: Card, language: str, sent: Sent | None) -> Told:
    """What to note, on the card itself. What is missing the server says: a required input would block every button."""
    faults, given = (sent.faults, sent.held) if sent else (NOTHING, None)
    how = Drawing(language, _nth(form, card), faults=faults, given=given)
    titles = [] if any(one.label == form.title for one in form.inputs) else lines(form.title, **BOLD)
    inputs = chain.from_iterable(input_elements(one, how) for one in form.inputs)
    send = execute(FILL, {"recovery": card.recovery, "form": form.id, "nth": how.nth})
    body = [*titles, *lines(form.note, **SMALL), *inputs]
    fill = {"type": "ActionSet", "actions": [titled(send, form.submit)], "spacing": "small"}
    return [body[0] | {"separator": True, "spacing": "medium"}, *body[1:], fill]


def _nth(form: Form, card: Card) -> int:
    """Another figure whenever the inputs must come up empty: at another step, and when another note is there."""
    notes = [element for element in card.elements if isinstance(element, Notes)]
    return zlib.crc32(sound(repr((card.visit, form.id, notes))).encode()) % 1_000_000


def _brief(element: Element, most: int) -> Element:
    """The beginning of what is long. A form stays as it is: what was noted is not cut in it."""
    match element:
        case Line(text=text) | Trap(text=text):
            return replace(element, text=shortened(text, most))
        case Say(text=text, then=then):
            return replace(element, text=shortened(text, most), then=shortened(then, most))
        case Notes(notes=notes):
            return replace(element, notes=tuple(Note(shortened(note.text, most), note.edit) for note in notes))
        case _:
            return element
