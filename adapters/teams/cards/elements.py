"""The elements of Teams' cards: texts, buttons, and the data that a button sends back.

A `TextBlock` is read as Markdown, so texts of people and operators are runs of a `RichTextBlock`, which is not.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from adapters.shared.text_splitting import ELLIPSIS, shorten, utf16_length
from adapters.teams.cards.markup import Json, json_safe
from flows.errors import UnknownAction
from flows.screens.elements import Button, ButtonKind, Chip
from flows.state.identity import Place

MAX_CARD_BYTES = 27_000
"""Bytes of a card. Teams accepts 28 KB, including what surrounds the card."""

MAX_LABEL_CHARACTERS = 60
"""Characters of a button's label. Teams shows one line of it."""
BUTTON_LINE_CHARACTERS = 36
"""Characters of buttons that fit beside one another in a narrow pane."""
BUTTON_PADDING_CHARACTERS = 4
"""Characters that the frame of a button and the gap after it take."""

TAP_VERB, HOME_VERB, FORM_VERB, REMINDER_VERB = "tap", "home", "fill", "remind"
"""The verbs of `Action.Execute`."""

WARNING = "⚠️"
TARGET_HEIGHT = "32px"
"""Height of a word that can be tapped: enough for a finger. A coloured ground would need far more."""
MAX_REPEAT = 10**9
_TEMPLATE_FUNCTION = re.compile(r"\{(?=\{\s*(?:DATE|TIME)\b)", re.IGNORECASE)
_ID = re.compile(r"[0-9A-Za-z_-]{0,64}")
_FORM = re.compile(r"[^\s:]{1,80}(?::.{0,200})?")
_ACTION = re.compile(r"[^\s:]{1,40}(?::.{0,400})?")
_MAX_SIGNED_CHARACTERS = 4000


class UnknownCard(UnknownAction):
    """The guide makes no such card. Open the guide again and tap there."""


@dataclass(frozen=True, slots=True)
class TapData:
    """A tapped button.

    `form_id`: of the form on the same card, if there is one. `needs_confirmation`: not asked. `keeps_input`: what is
    typed on the card is shown again, and not noted.
    """

    recovery_id: str
    card_revision: int
    action: str
    form_id: str = ""
    needs_confirmation: bool = False
    keeps_input: bool = False


@dataclass(frozen=True, slots=True)
class FormData:
    """A form that was sent. `repeat`: see `CardInputId`. `signed_place`: where it starts a recovery."""

    recovery_id: str
    form_id: str
    repeat: int
    signed_place: str = ""


@dataclass(frozen=True, slots=True)
class TeamsButtonCodec:
    """Makes the actions of buttons: a dialog can only submit, a message in the chat can execute.

    `form_data`: sent along with each tap. `verb`: says of what kind the card is. `thread_links`: to the
    account threads of the card's rows; `thread_link`: to that of one row.
    """

    recovery_id: str
    card_revision: int
    is_chat: bool
    form_data: Json = field(default_factory=dict)
    verb: str = TAP_VERB
    thread_links: Mapping[Place, str] = field(default_factory=dict)
    thread_link: str = ""

    def data(self, button: Button) -> Json:
        """The data that this button sends back."""
        return {"recovery": self.recovery_id, "revision": self.card_revision, "action": button.action}

    def action(self, button: Button) -> Json:
        """The action of this button, without its label."""
        if button.kind is ButtonKind.OPENS_THREAD:
            return {"type": "Action.OpenUrl", "url": self.thread_link}
        data = self.data(button) | ({"sure": True} if button.confirmation else {})
        if not self.is_chat:
            return submit(data)
        if button.kind in {ButtonKind.OPENS_DIALOG, ButtonKind.OPENS_MORE} or button.confirmation:
            fetch = submit(data | {"msteams": {"type": "task/fetch"}})
            return fetch | ({"associatedInputs": "none"} if self.form_data else {})  # what is typed stays where it is
        return execute(self.verb, data | self.form_data)

    def choice(self, chip: Chip) -> Json:
        """The action of a chip. What is typed on the card stays there."""
        action = self.action(Button(chip.label, chip.action, chip.kind))
        if action["type"] == "Action.Execute" and self.form_data:
            action["data"]["keep"] = True
        return action


def submit(data: Json) -> Json:
    """An action that sends this data and everything typed on the card."""
    return {"type": "Action.Submit", "data": data}


def execute(verb: str, data: Json) -> Json:
    """An action that sends the same, and shows the answer in place of the card."""
    return {"type": "Action.Execute", "verb": verb, "data": data, "associatedInputs": "auto"}


def with_title(action: Json, title: str, *, is_main: bool = False) -> Json:
    """The action as a button. A label that is too long is shown in full as its tooltip."""
    short = shorten(without_templates(title), MAX_LABEL_CHARACTERS)
    tooltip = {"tooltip": without_templates(title)} if short != without_templates(title) else {}
    return action | {"title": short} | tooltip | ({"style": "positive"} if is_main else {})


def button_lines(actions: Sequence[Json]) -> list[Json]:
    """The buttons in lines that fit a narrow pane: Teams cuts the labels of all buttons on a line that is too long."""
    groups: list[list[Json]] = []
    width = BUTTON_LINE_CHARACTERS
    for action in actions:
        button_width = utf16_length(action["title"]) + BUTTON_PADDING_CHARACTERS
        if width + button_width > BUTTON_LINE_CHARACTERS:
            groups.append([])
            width = 0
        groups[-1].append(action)
        width += button_width
    spacings: list[Json] = [{}] + [{"spacing": "small"}] * (len(groups) - 1)
    return [{"type": "ActionSet", "actions": one} | spacing for one, spacing in zip(groups, spacings, strict=False)]


def word_column(button: Button, codec: TeamsButtonCodec) -> Json:
    """A word that can be tapped beside a text: a coloured ground would leave a narrow pane no width for the text."""
    return {
        "type": "Column",
        "width": "auto",
        "minHeight": TARGET_HEIGHT,
        "verticalContentAlignment": "center",
        "selectAction": codec.action(button),
        "items": [line(run(button.label, color="accent"))],
    }


def toggle(element_id: str) -> Json:
    """An action that shows an element that is folded, or folds it again. The card does it alone: nothing is sent."""
    return {"type": "Action.ToggleVisibility", "targetElements": [element_id]}


def full_labels(labels: Iterable[str]) -> list[Json]:
    """The labels that are too long for a button, as lines."""
    return list(chain.from_iterable(lines(one, **SMALL) for one in labels if shorten(one, MAX_LABEL_CHARACTERS) != one))


def card_root(body: list[Json], language: str, actions: Sequence[Json] = ()) -> Json:
    """A complete card."""
    card: Json = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": language,
        "msteams": {"width": "Full"},
        "body": body,
    }
    return card | ({"actions": list(actions)} if actions else {})


SMALL: Json = {"size": "small", "isSubtle": True}
LARGE: Json = {"size": "large", "weight": "bolder"}
BOLD: Json = {"weight": "bolder"}
ATTENTION: Json = {"color": "attention", "weight": "bolder"}


def run(text: str, **style: str | bool) -> Json:
    """A run of text in a line, shown as it was typed."""
    return {"type": "TextRun", "text": without_templates(text).replace("\n", " ")} | style


def line(*runs: Json, spacing: str = "") -> Json:
    """One line. `spacing`: to the element above; Teams' default if empty."""
    return {"type": "RichTextBlock", "inlines": list(runs)} | ({"spacing": spacing} if spacing else {})


def lines(text: str, spacing: str = "", **style: str | bool) -> list[Json]:
    """A text as one block for each line, for not every client shows line ends in a run. A blank text has no block."""
    blocks: list[Json] = []
    gap = spacing
    for each in json_safe(text).split("\n"):
        if each.strip():
            blocks.append(line(run(each, **style), spacing=gap))
            gap = "none"
        elif blocks:
            gap = "medium"
    return blocks


def without_templates(text: str) -> str:
    """The text with an invisible sign inside each `{{DATE(…)}}`, for clients expand these in any text."""
    return _TEMPLATE_FUNCTION.sub("{\u2060", json_safe(text))


def non_empty(text: str) -> str:
    """The text, or an ellipsis where Teams accepts no empty text."""
    return text if text.strip() else ELLIPSIS


def json_bytes(part: Json | list[Json]) -> int:
    """Bytes of this part as JSON."""
    return len(json.dumps(part, ensure_ascii=False).encode())


def is_form_data(data: Mapping[str, object]) -> bool:
    """Whether this data is of a form, and not of a tapped button."""
    return "form" in data and "action" not in data


def parse_tap(data: Mapping[str, object]) -> TapData:
    """Read the data of a tapped button.

    Raises:
        UnknownCard: it is not from a button of ours.

    """
    return TapData(
        _text(data, "recovery", _ID),
        _number(data, "revision"),
        _text(data, "action", _ACTION),
        _text(data, "form", _FORM) if "form" in data else "",
        _flag(data, "sure"),
        _flag(data, "keep"),
    )


def parse_form_data(data: Mapping[str, object]) -> FormData:
    """Read the data of a form without the answers.

    Raises:
        UnknownCard: it is not from a form of ours.

    """
    place = data.get("place", "")
    if not isinstance(place, str) or len(place) > _MAX_SIGNED_CHARACTERS:
        raise UnknownCard
    return FormData(_text(data, "recovery", _ID), _text(data, "form", _FORM), _number(data, "nth"), place)


def _text(data: Mapping[str, object], key: str, pattern: re.Pattern[str]) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UnknownCard
    return value


def _number(data: Mapping[str, object], key: str) -> int:
    value = data.get(key)
    if type(value) is not int or not 0 <= value < MAX_REPEAT:
        raise UnknownCard
    return value


def _flag(data: Mapping[str, object], key: str) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise UnknownCard
    return value
