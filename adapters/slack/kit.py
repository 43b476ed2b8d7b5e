"""Block Kit's blocks and buttons, of which cards, panels and homes are made."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from adapters.slack.pieces import shortened, size
from adapters.slack.text import Json, escape, plain, plains, unescape
from adapters.slack.words import say
from flows.cards import Button
from flows.errors import TrustRecoverError

HEADER, LABEL, ID = 150, 75, 255
"""Characters of a header, of a button's or an option's words, of an id."""

CONFIRM, ANSWER = 300, 30
"""Characters of a question back, and of the answers to it."""

VALUE = 150
"""Characters of what an option holds; a button could hold more."""

MOST_TEXTS, SMALL = 10, 2000
"""Text objects of one context, and characters of each."""

ROW = 5
"""Buttons in one row, and entries of an overflow menu."""

_T = TypeVar("_T")
WARNING = "⚠️"
_VALUE = re.compile(r"([0-9A-Za-z_-]{0,64})\|([0-9]{1,9})\|(.+)", re.DOTALL)


class UnreadableButton(TrustRecoverError):
    """The guide makes no such button. Open the guide again and tap there."""


@dataclass(frozen=True, slots=True)
class Taps:
    """What goes back to us with every tap, and the language in which a tap is asked back."""

    recovery: str
    visit: int
    language: str

    def value(self, action: str) -> str:
        """What a button holds: short, for a menu takes 150 characters."""
        return f"{self.recovery}|{self.visit}|{action}"


def read_value(value: str) -> tuple[str, int, str]:
    """Recovery, visit and action of a button.

    Raises:
        UnreadableButton: no button of ours.

    """
    read = _VALUE.fullmatch(value)
    if read is None:
        raise UnreadableButton
    return read[1], int(read[2]), read[3]


def sections(text: str) -> list[Json]:
    """As many sections as the text needs."""
    return [{"type": "section", "text": part} for part in plains(text)]


def contexts(*texts: str) -> list[Json]:
    """Small print, side by side."""
    parts = [part for text in texts for part in plains(text, SMALL)]
    return [{"type": "context", "elements": list(some)} for some in _each(parts, MOST_TEXTS)]


def header(text: str) -> list[Json]:
    """Large print, if it is short enough."""
    fits = text.strip() and size(text) <= HEADER and "\n" not in text
    return [{"type": "header", "text": plain(text, HEADER)}] if fits else sections(text)


def button(one: Button, taps: Taps) -> Json:
    """A button."""
    drawn: Json = {
        "type": "button",
        "action_id": one.action[:ID],
        "text": plain(one.label, LABEL),
        "value": taps.value(one.action),
    }
    if one.main:
        drawn["style"] = "primary"
    if one.sure:
        drawn["confirm"] = {
            "title": plain(say(taps.language, "sure"), LABEL),
            "text": plain(one.sure, CONFIRM),
            "confirm": plain(one.label, ANSWER),
            "deny": plain(say(taps.language, "cancel"), ANSWER),
        }
    return drawn


def actions(buttons: Sequence[Button], taps: Taps) -> list[Json]:
    """Rows of buttons. Above them is whatever is too long for a button, in full."""
    rows = [{"type": "actions", "elements": [button(one, taps) for one in some]} for some in _each(buttons, ROW)]
    return [*in_full(buttons), *rows]


def menu(buttons: Sequence[Button], taps: Taps) -> Json | None:
    """The buttons in one place beside a text; None if they have to stand below it."""
    if len(buttons) == 1:
        return button(buttons[0], taps)
    special = any(one.main or one.sure or len(taps.value(one.action)) > VALUE for one in buttons)
    if special or not 1 < len(buttons) <= ROW:
        return None
    options = [{"text": plain(one.label, LABEL), "value": taps.value(one.action)} for one in buttons]
    return {"type": "overflow", "action_id": f"any+{buttons[0].action}"[:ID], "options": options}


def in_full(buttons: Iterable[Button]) -> list[Json]:
    """What is too long for its place on a button."""
    labels = [one.label for one in buttons if shortened(one.label, LABEL) != one.label]
    return contexts(*labels, *(one.sure for one in buttons if shortened(one.sure, CONFIRM) != one.sure))


def weight(blocks: Sequence[Json]) -> int:
    """Characters of all texts, as they are sent."""
    return sum(len(text["text"]) for block in blocks for text in _texts(block))


def fitted(blocks: Sequence[Json], most: int) -> list[Json]:
    """The blocks, their longest texts shortened if all together would be more than this."""
    if weight(blocks) <= most:
        return list(blocks)
    lengths = sorted((len(text["text"]) for block in blocks for text in _texts(block)), reverse=True)
    cap = next(cap for cap in range(SMALL, 0, -10) if sum(min(cap, length) for length in lengths) <= most)
    return [_capped(block, cap) for block in blocks]


def _texts(block: Json) -> list[Json]:
    """The texts of a section, a header or a context: those of buttons are short."""
    found = [block["text"]] if "text" in block else []
    return found + [part for part in block.get("elements", ()) if part.get("type") in {"plain_text", "mrkdwn"}]


def _capped(block: Json, cap: int) -> Json:
    def short(text: Json) -> Json:
        fits = text.get("type") not in {"plain_text", "mrkdwn"} or len(text["text"]) <= cap
        return text if fits else text | {"text": escape(shortened(unescape(text["text"]), cap))}

    changed = block | ({"text": short(block["text"])} if "text" in block else {})
    return changed | ({"elements": [short(part) for part in block["elements"]]} if block["type"] == "context" else {})


def named(blocks: list[Json], prefix: str) -> list[Json]:
    """The blocks with an id each, the same whenever the same is drawn, and no action's id twice."""
    seen: Counter[str] = Counter()
    for number, block in enumerate(blocks):
        block.setdefault("block_id", f"{prefix}.{number}")
        for element in _tappable(block):
            action = element["action_id"]
            seen[action] += 1
            if seen[action] > 1:
                element["action_id"] = f"{action[: ID - 8]}~{seen[action]}"
    return blocks


def _tappable(block: Json) -> Iterator[Json]:
    if block["type"] == "actions":
        yield from block["elements"]
    if "accessory" in block:
        yield block["accessory"]


def _each(items: Sequence[_T], count: int) -> Iterator[Sequence[_T]]:
    return (items[start : start + count] for start in range(0, len(items), count))
