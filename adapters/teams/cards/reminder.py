"""A reminder with its buttons, and what stands in its place once one of them was tapped."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.shared.text_splitting import shorten
from adapters.teams.cards.elements import (
    REMINDER_VERB,
    SMALL,
    TeamsButtonCodec,
    UnknownCard,
    button_lines,
    card_root,
    lines,
    with_title,
)
from adapters.teams.cards.markup import Json, json_safe
from flows.screens.elements import Button

MAX_LINE_CHARACTERS = 300
"""Characters of a reminder that come back with a tap on it."""
DONE_MARK = "✓"
ANY_REVISION = 0
"""Its buttons mean the same at any revision of the guide."""


@dataclass(frozen=True, slots=True)
class ReminderTap:
    """What a tapped reminder said, and the label of the button."""

    text: str
    label: str


def reminder_card(text: str, buttons: tuple[Button, ...], recovery_id: str, language: str) -> Json:
    """A reminder, with what can be done about it at once."""
    line = shorten(json_safe(text), MAX_LINE_CHARACTERS)
    actions = []
    for button in buttons:
        codec = TeamsButtonCodec(recovery_id, ANY_REVISION, is_chat=True, verb=REMINDER_VERB)
        action = codec.action(button)
        if action["type"] == "Action.Execute":
            action["data"] |= {"line": line, "label": shorten(json_safe(button.label), MAX_LINE_CHARACTERS)}
        actions.append(with_title(action, button.label, is_main=button.is_main))
    return card_root([*lines(text), *button_lines(actions)], language)


def done_reminder_card(tap: ReminderTap, language: str) -> Json:
    """The reminder after a tap: what it said, and what was tapped."""
    return card_root([*lines(tap.text, **SMALL), *lines(f"{DONE_MARK} {tap.label}")], language)


def parse_reminder_tap(data: Mapping[str, object]) -> ReminderTap:
    """Read what a tap on a reminder carries.

    Raises:
        UnknownCard: it is not from a reminder of ours.

    """
    text, label = data.get("line"), data.get("label")
    if not isinstance(text, str) or not isinstance(label, str) or max(len(text), len(label)) > MAX_LINE_CHARACTERS:
        raise UnknownCard
    return ReminderTap(text, label)
