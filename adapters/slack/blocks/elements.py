"""Block Kit's blocks and buttons, of which cards, panels and homes consist."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from adapters.slack.blocks.limits import ELLIPSIS, shorten, size
from adapters.slack.blocks.mrkdwn import Json, escape, plain_text, plain_texts, unescape
from adapters.slack.blocks.words import say
from flows.action_ids import ActionKind
from flows.errors import UnknownAction
from flows.screens.elements import Button, ButtonKind

MAX_HEADER_CHARACTERS, MAX_LABEL_CHARACTERS, MAX_ID_CHARACTERS = 150, 75, 255
"""Characters of a header, of the text of a button or option, of an id."""

MAX_CONFIRM_CHARACTERS, MAX_CONFIRM_BUTTON_CHARACTERS = 300, 30
"""Characters of a confirmation question, and of its buttons."""

MAX_OPTION_VALUE_CHARACTERS = 150
"""Characters of an option's value; a button's value could be longer."""

MAX_CONTEXT_TEXTS, MAX_CONTEXT_CHARACTERS = 10, 2000
"""Text objects of one context, and characters of each."""

MAX_ROW_BUTTONS, MAX_MENU_ENTRIES = 25, 5
"""Buttons in one row, which Slack breaks into lines, and entries of an overflow menu."""

ANY_REVISION = 0
"""The revision in buttons that mean the same at any time."""

LINK_KINDS = frozenset({ButtonKind.OPENS_GUIDE, ButtonKind.OPENS_THREAD})
"""Buttons that lead somewhere. Slack opens the link by itself, and tells us of the tap."""

_T = TypeVar("_T")
WARNING, CURRENT_MARK = "⚠️", "◉"
Links = Mapping[tuple[str, str], str]
"""The address to which a button leads, by its recovery and its action."""
_ACTION_KIND = re.compile(r"(?:any\+)?([a-z]+)(?=[:~]|$)")
_VALUE = re.compile(r"([0-9A-Za-z_-]{0,64})\|([0-9]{1,9})\|(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SlackButtonCodec:
    """Makes the values of buttons. `language`: of confirmation questions.

    `links`: the addresses of those buttons that lead somewhere; one without an address is left out.
    """

    recovery_id: str
    card_revision: int
    language: str
    links: Links = field(default_factory=dict)

    def value(self, action: str) -> str:
        """The value of a button. It is short, because a menu takes 150 characters."""
        return f"{self.recovery_id}|{self.card_revision}|{action}"

    def link(self, button: Button) -> str:
        """The address to which a button leads; empty if it leads nowhere."""
        return self.links.get((self.recovery_id, button.action), "") if button.kind in LINK_KINDS else ""

    def usable(self, buttons: Iterable[Button]) -> list[Button]:
        """The buttons without those that should lead somewhere, and whose address is unknown."""
        return [button for button in buttons if button.kind not in LINK_KINDS or self.link(button)]


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


def is_link_action(action: str) -> bool:
    """Whether a button with this action leads somewhere, and does nothing else."""
    return action in {ActionKind.GUIDE, ActionKind.THREAD}


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


def bold_block(text: str) -> Json:
    """Bold text. Rich text has no markup: it is shown as it was typed, unescaped."""
    return {"type": "rich_text", "elements": [_bold_section(text)]}


def quote_blocks(label: str, text: str) -> list[Json]:
    """A label in bold type, and a quotation."""
    visible_text = text if text.strip() else ELLIPSIS
    quotation = {"type": "rich_text_quote", "elements": [{"type": "text", "text": visible_text}]}
    return [{"type": "rich_text", "elements": [_bold_section(label), quotation]}]


def _bold_section(text: str) -> Json:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text, "style": {"bold": True}}]}


def button_element(button: Button, codec: SlackButtonCodec) -> Json:
    """A button."""
    element: Json = {
        "type": "button",
        "action_id": button.action[:MAX_ID_CHARACTERS],
        "text": plain_text(_button_text(button), MAX_LABEL_CHARACTERS),
        "value": codec.value(button.action),
    }
    if link := codec.link(button):
        element["url"] = link
    if button.is_main:
        element["style"] = "primary"
    if button.confirmation:
        element["confirm"] = {
            "title": plain_text(say(codec.language, "sure"), MAX_LABEL_CHARACTERS),
            "text": plain_text(button.confirmation, MAX_CONFIRM_CHARACTERS),
            "confirm": plain_text(_confirm_label(button, codec.language), MAX_CONFIRM_BUTTON_CHARACTERS),
            "deny": plain_text(say(codec.language, "cancel"), MAX_CONFIRM_BUTTON_CHARACTERS),
        }
    return element


def _button_text(button: Button) -> str:
    return f"{CURRENT_MARK} {button.label}" if button.is_current else button.label


def _confirm_label(button: Button, language: str) -> str:
    """What the button of the question says: the same as the button, or "Yes" where that would be cut."""
    return button.label if size(button.label) <= MAX_CONFIRM_BUTTON_CHARACTERS else say(language, "confirm")


def action_rows(buttons: Sequence[Button], codec: SlackButtonCodec) -> list[Json]:
    """Rows of buttons. Texts that are too long for a button stand above them in full."""
    usable_buttons = codec.usable(buttons)
    rows = [
        {"type": "actions", "elements": [button_element(one, codec) for one in some]}
        for some in _chunks(usable_buttons, MAX_ROW_BUTTONS)
    ]
    return [*full_labels(usable_buttons), *rows]


def button_menu(buttons: Sequence[Button], codec: SlackButtonCodec) -> Json | None:
    """The buttons as one element beside a text; None if they must stand below it."""
    if len(buttons) == 1:
        return button_element(buttons[0], codec)
    special = any(
        one.is_main
        or one.is_current
        or one.confirmation
        or one.kind in LINK_KINDS
        or len(codec.value(one.action)) > MAX_OPTION_VALUE_CHARACTERS
        for one in buttons
    )
    if special or not 1 < len(buttons) <= MAX_MENU_ENTRIES:
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
    """The texts of a section, a header, a context or rich text. Those of buttons are short, and do not count."""
    texts = [block["text"]] if "text" in block else []
    if block["type"] == "rich_text":
        return [part for section in block["elements"] for part in section["elements"]]
    return texts + [part for part in block.get("elements", ()) if part.get("type") in {"plain_text", "mrkdwn"}]


def _shorten_block(block: Json, cap: int) -> Json:
    def short(text: Json) -> Json:
        fits = text.get("type") not in {"plain_text", "mrkdwn"} or len(text["text"]) <= cap
        return text if fits else text | {"text": escape(shorten(unescape(text["text"]), cap))}

    if block["type"] == "rich_text":
        return block | {"elements": [_shorten_section(section, cap) for section in block["elements"]]}
    shortened_block = block | ({"text": short(block["text"])} if "text" in block else {})
    if block["type"] == "context":
        shortened_block["elements"] = [short(part) for part in block["elements"]]
    return shortened_block


def _shorten_section(section: Json, cap: int) -> Json:
    """A part of a rich text, whose words are not escaped."""
    return section | {"elements": [part | {"text": shorten(part["text"], cap)} for part in section["elements"]]}


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
