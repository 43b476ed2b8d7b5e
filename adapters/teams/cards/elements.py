"""What Teams' cards are made of: text that nothing can be typed into, taps, and what comes back from a tap.

`TextBlock` reads Markdown. So whatever people or an operator wrote stands in the runs of a `RichTextBlock`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from adapters.shared.text_splitting import ELLIPSIS, shorten
from adapters.teams.cards.markup import Json, json_safe
from flows.errors import UnknownAction
from flows.screens.elements import Button, ButtonKind

MAX_CARD_BYTES = 27_000
"""Bytes of a card. Teams takes 28 KB, with what stands around the card."""

MAX_LABEL_CHARACTERS = 60
"""Characters of a button's words. Teams shows one line of them."""

TAP_VERB, HOME_VERB, FORM_VERB = "tap", "home", "fill"
"""The verbs of what is executed."""

WARNING = "⚠️"
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
    """A tapped button. `form`: of the card's own inputs, if it has any. `sure`: it is to be asked back first."""

    recovery_id: str
    card_revision: int
    action: str
    form_id: str = ""
    needs_confirmation: bool = False


@dataclass(frozen=True, slots=True)
class FormData:
    """A form that was sent. `nth`: how often it was shown in a row. `place`: what was sealed into it."""

    recovery_id: str
    form_id: str
    repeat: int
    signed_place: str = ""


@dataclass(frozen=True, slots=True)
class TeamsButtonCodec:
    """What goes back to us with every tap, and how: a dialog only submits, a message in the chat can execute.

    `more`: what goes along beside it. `verb`: tells of what kind the card is that was tapped.
    """

    recovery_id: str
    card_revision: int
    is_chat: bool
    form_data: Json = field(default_factory=dict)
    verb: str = TAP_VERB

    def data(self, button: Button) -> Json:
        """What comes back from this button."""
        return {"recovery": self.recovery_id, "visit": self.card_revision, "action": button.action}

    def action(self, button: Button) -> Json:
        """What happens when it is tapped; its words stand beside it."""
        data = self.data(button) | ({"sure": True} if button.confirmation else {})
        if not self.is_chat:
            return submit(data)
        if button.kind in {ButtonKind.OPENS_DIALOG, ButtonKind.OPENS_MORE} or button.confirmation:
            fetch = submit(data | {"msteams": {"type": "task/fetch"}})
            return fetch | ({"associatedInputs": "none"} if self.form_data else {})  # what is typed stays where it is
        return execute(self.verb, data | self.form_data)


def submit(data: Json) -> Json:
    """Sends this and whatever is typed into the card."""
    return {"type": "Action.Submit", "data": data}


def execute(verb: str, data: Json) -> Json:
    """Sends the same, and shows the answer in the card's place."""
    return {"type": "Action.Execute", "verb": verb, "data": data, "associatedInputs": "auto"}


def with_title(action: Json, title: str, *, main: bool = False) -> Json:
    """The action as a button. Words that it may cut off are told in full when one points at it."""
    short = shorten(without_templates(title), MAX_LABEL_CHARACTERS)
    whole = {"tooltip": without_templates(title)} if short != without_templates(title) else {}
    return action | {"title": short} | whole | ({"style": "positive"} if main else {})


def full_labels(labels: Iterable[str]) -> list[Json]:
    """What is too long for its place on a button."""
    return list(chain.from_iterable(lines(one, **SMALL) for one in labels if shorten(one, MAX_LABEL_CHARACTERS) != one))


def card_root(body: list[Json], language: str, actions: Sequence[Json] = ()) -> Json:
    """A whole card."""
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
    """Words in a line, as they were typed."""
    return {"type": "TextRun", "text": without_templates(text).replace("\n", " ")} | style


def line(*runs: Json, spacing: str = "") -> Json:
    """One line. `spacing`: to what stands above it; a little, if it is not told."""
    return {"type": "RichTextBlock", "inlines": list(runs)} | ({"spacing": spacing} if spacing else {})


def lines(text: str, spacing: str = "", **style: str | bool) -> list[Json]:
    """A text: a block a line, for a run takes no line end everywhere. None for a text of blanks."""
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
    """The text with its `{{DATE(…)}}` broken by a sign that nobody sees: renderers expand them in any text."""
    return _TEMPLATE_FUNCTION.sub("{\u2060", json_safe(text))


def non_empty(text: str) -> str:
    """The text, or a sign that there is none where Teams takes no empty one."""
    return text if text.strip() else ELLIPSIS


def json_bytes(part: Json | list[Json]) -> int:
    """Bytes of it as JSON."""
    return len(json.dumps(part, ensure_ascii=False).encode())


def is_form_data(data: Mapping[str, object]) -> bool:
    """Whether it is a form that was sent, and no tap."""
    return "form" in data and "action" not in data


def parse_tap(data: Mapping[str, object]) -> TapData:
    """What a tap sent.

    Raises:
        UnreadableCard: no button of ours.

    """
    return TapData(
        _text(data, "recovery", _ID),
        _number(data, "visit"),
        _text(data, "action", _ACTION),
        _text(data, "form", _FORM) if "form" in data else "",
        _flag(data, "sure"),
    )


def parse_form_data(data: Mapping[str, object]) -> FormData:
    """What a form sent, but for the answers.

    Raises:
        UnreadableCard: no form of ours.

    """
    place = data.get("place", "")
    if not isinstance(place, str) or len(place) > _MAX_SIGNED_CHARACTERS:
        raise UnknownCard
    return FormData(_text(data, "recovery", _ID), _text(data, "form", _FORM), _number(data, "nth"), place)


def _text(data: Mapping[str, object], key: str, pattern: re.Pattern[str]) -> str:
    found = data.get(key)
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise UnknownCard
    return found


def _number(data: Mapping[str, object], key: str) -> int:
    found = data.get(key)
    if type(found) is not int or not 0 <= found < MAX_REPEAT:
        raise UnknownCard
    return found


def _flag(data: Mapping[str, object], key: str) -> bool:
    found = data.get(key, False)
    if not isinstance(found, bool):
        raise UnknownCard
    return found
