"""Block Kit's blocks and buttons, of which cards, panels and homes consist."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from adapters.slack.blocks.limits import shorten, size
from adapters.slack.blocks.mrkdwn import Json, escape, plain_text, plain_texts, unescape
from adapters.slack.blocks.words import say
from flows.action_ids import ActionKind
from flows.errors import UnknownAction
from flows.screens.elements import Button

MAX_HEADER_CHARACTERS, MAX_LABEL_CHARACTERS, MAX_ID_CHARACTERS = 150, 75, 255
"""Characters of a header, of the text of a button or option, of an id."""

MAX_CONFIRM_CHARACTERS, MAX_CONFIRM_BUTTON_CHARACTERS = 300, 30
"""Characters of a confirmation question, and of its buttons."""

MAX_OPTION_VALUE_CHARACTERS = 150
"""Characters of an option's value; a button's value could be longer."""

MAX_CONTEXT_TEXTS, MAX_CONTEXT_CHARACTERS = 10, 2000
"""Text objects of one context, and characters of each."""

MAX_ROW_BUTTONS = 5
"""Buttons in one row, and entries of an overflow menu."""

_T = TypeVar("_T")
WARNING = "⚠️"
_ACTION_KIND = re.compile(r"(?:any\+)?([a-z]+)(?=[:~]|$)")
_VALUE = re.compile(r"([0-9A-Za-z_-]{0,64})\|([0-9]{1,9})\|(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SlackButtonCodec:
    """Makes the values of buttons. `language`: of confirmation questions."""

    recovery_id: str
    card_revision: int
    language: str

    def value(self, action: str) -> str:
        """The value of a button. It is short, because a menu takes 150 characters."""
        return f"{self.recovery_id}|{self.card_revision}|{action}"


def parse_button_value(value: str) -> tuple[str, int, str]:
    """Recovery id, card revision and action of a button's value.

    Raises:
        UnknownAction: no button of ours.

    """
    read = _VALUE.fullmatch(value)
    if read is None:
        raise UnknownAction
    return read[1], int(read[2]), read[3]


def is_own_action(action_id: str, value: str) -> bool:
    """Whether a button is ours: by the grammar of our ids, or of our values, which a later release may have written."""
    kind = _ACTION_KIND.match(action_id)
    return bool(_VALUE.fullmatch(value)) or (kind is not None and kind[1] in set(ActionKind))


def section_blocks(text: str) -> list[Json]:
    """As many sections as the text needs."""
    return [{"type": "section", "text": part} for part in plain_texts(text)]


def context_blocks(*texts: str) -> list[Json]:
    """Small text."""
    parts = [part for text in texts for part in plain_texts(text, MAX_CONTEXT_CHARACTERS)]
    return [{"type": "context", "elements": list(some)} for some in _chunks(parts, MAX_CONTEXT_TEXTS)]


def header_blocks(text: str) -> list[Json]:
    """Large text, if it is short enough."""
    fits = text.strip() and size(text) <= MAX_HEADER_CHARACTERS and "\n" not in text
    return [{"type": "header", "text": plain_text(text, MAX_HEADER_CHARACTERS)}] if fits else section_blocks(text)


def button_element(button: Button, codec: SlackButtonCodec) -> Json:
    """A button."""
    element: Json = {
        "type": "button",
        "action_id": button.action[:MAX_ID_CHARACTERS],
        "text": plain_text(button.label, MAX_LABEL_CHARACTERS),
        "value": codec.value(button.action),
    }
    if button.is_main:
        element["style"] = "primary"
    if button.confirmation:
        element["confirm"] = {
            "title": plain_text(say(codec.language, "sure"), MAX_LABEL_CHARACTERS),
            "text": plain_text(button.confirmation, MAX_CONFIRM_CHARACTERS),
            "confirm": plain_text(button.label, MAX_CONFIRM_BUTTON_CHARACTERS),
            "deny": plain_text(say(codec.language, "cancel"), MAX_CONFIRM_BUTTON_CHARACTERS),
        }
    return element


def action_rows(buttons: Sequence[Button], codec: SlackButtonCodec) -> list[Json]:
    """Rows of buttons. Texts that are too long for a button stand above them in full."""
    rows = [
        {"type": "actions", "elements": [button_element(one, codec) for one in some]}
        for some in _chunks(buttons, MAX_ROW_BUTTONS)
    ]
    return [*full_labels(buttons), *rows]


def button_menu(buttons: Sequence[Button], codec: SlackButtonCodec) -> Json | None:
    """The buttons as one element beside a text; None if they must stand below it."""
    if len(buttons) == 1:
        return button_element(buttons[0], codec)
    special = any(
        one.is_main or one.confirmation or len(codec.value(one.action)) > MAX_OPTION_VALUE_CHARACTERS for one in buttons
    )
    if special or not 1 < len(buttons) <= MAX_ROW_BUTTONS:
        return None
    options = [
        {"text": plain_text(one.label, MAX_LABEL_CHARACTERS), "value": codec.value(one.action)} for one in buttons
    ]
    return {"type": "overflow", "action_id": f"any+{buttons[0].action}"[:MAX_ID_CHARACTERS], "options": options}


def full_labels(buttons: Iterable[Button]) -> list[Json]:
    """The full texts of buttons whose own texts are shortened."""
    labels = [one.label for one in buttons if shorten(one.label, MAX_LABEL_CHARACTERS) != one.label]
    return context_blocks(
        *labels,
        *(one.confirmation for one in buttons if shorten(one.confirmation, MAX_CONFIRM_CHARACTERS) != one.confirmation),
    )


def text_length(blocks: Sequence[Json]) -> int:
    """Characters of all texts, as they are sent."""
    return sum(len(text["text"]) for block in blocks for text in _texts(block))


def fit_blocks(blocks: Sequence[Json], most: int) -> list[Json]:
    """The blocks; the longest texts are shortened if all of them together have more than `most` characters."""
    if text_length(blocks) <= most:
        return list(blocks)
    lengths = sorted((len(text["text"]) for block in blocks for text in _texts(block)), reverse=True)
    cap = next(
        cap for cap in range(MAX_CONTEXT_CHARACTERS, 0, -10) if sum(min(cap, length) for length in lengths) <= most
    )
    return [_shorten_block(block, cap) for block in blocks]


def _texts(block: Json) -> list[Json]:
    """The texts of a section, a header or a context. Those of buttons are short, and do not count."""
    texts = [block["text"]] if "text" in block else []
    return texts + [part for part in block.get("elements", ()) if part.get("type") in {"plain_text", "mrkdwn"}]


def _shorten_block(block: Json, cap: int) -> Json:
    def short(text: Json) -> Json:
        fits = text.get("type") not in {"plain_text", "mrkdwn"} or len(text["text"]) <= cap
        return text if fits else text | {"text": escape(shorten(unescape(text["text"]), cap))}

    shortened_block = block | ({"text": short(block["text"])} if "text" in block else {})
    if block["type"] == "context":
        shortened_block["elements"] = [short(part) for part in block["elements"]]
    return shortened_block


def with_ids(blocks: list[Json], prefix: str) -> list[Json]:
    """The blocks with ids. The same blocks get the same ids, and no action id comes twice."""
    action_counts: Counter[str] = Counter()
    for number, block in enumerate(blocks):
        block.setdefault("block_id", f"{prefix}.{number}")
        for element in _tappable(block):
            action = element["action_id"]
            action_counts[action] += 1
            if action_counts[action] > 1:
                element["action_id"] = f"{action[: MAX_ID_CHARACTERS - 8]}~{action_counts[action]}"
    return blocks


def _tappable(block: Json) -> Iterator[Json]:
    if block["type"] == "actions":
        yield from block["elements"]
    if "accessory" in block:
        yield block["accessory"]


def _chunks(items: Sequence[_T], count: int) -> Iterator[Sequence[_T]]:
    return (items[start : start + count] for start in range(0, len(items), count))
