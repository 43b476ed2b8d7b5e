"""What Teams' client does with a card: somebody reads it, types into its inputs and taps, and this goes back."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.adapters.teams.payloads import shown_text

Json = dict[str, Any]
Given = str | tuple[str, ...]
"""What somebody types, or the titles of what they pick."""

NAMES = ("body", "items", "columns", "actions", "inlines")


def parts(part: Json) -> Iterator[Json]:
    """A card and all that is in it, also what a button would show."""
    yield part
    for name in NAMES:
        for item in part.get(name, ()):
            if isinstance(item, dict):
                yield from parts(item)
    for name in ("selectAction", "card"):
        if isinstance(part.get(name), dict):
            yield from parts(part[name])


def inputs(card: Json) -> list[Json]:
    return [part for part in parts(card) if str(part.get("type", "")).startswith("Input.")]


def labels(card: Json) -> list[str]:
    """What can be tapped."""
    return [label for label, _ in _tappable(card)]


def action(card: Json, label: str, beside: str = "") -> Json:
    """The action with this label; the first one from the text `beside` on, where several have it."""
    blocks = [*card.get("body", ()), *({"type": "ActionSet", "actions": [one]} for one in card.get("actions", ()))]
    start = next((n for n, block in enumerate(blocks) if beside in shown_text(block)), None)
    assert start is not None, f"“{beside}” is not in: {shown_text(card)}"
    matches = [one for block in blocks[start:] for known, one in _tappable(block) if known == label]
    assert matches, f"no “{label}” among {labels(card)}"
    return matches[0]


def sent(card: Json, one: Json, answers: Mapping[str, Given]) -> Json:
    """The data of an action with what stands in the card's inputs, filled by label."""
    data = dict(one.get("data") or {})
    if one.get("associatedInputs") == "none" and not answers:
        return data
    fields = {field["id"]: str(field.get("value", "")) for field in inputs(card)}
    for label, value in answers.items():
        field = field_of(card, label)
        fields[field["id"]] = _value(field, value)
    return data | fields


def field_of(card: Json, label: str) -> Json:
    asked = inputs(card)
    fields = [field for field in asked if field.get("label") == label] or [
        field for field in asked if str(field.get("label", "")).startswith(label)
    ]
    assert fields, f"no input “{label}” among {[field.get('label') for field in asked]}"
    return fields[0]


def _value(field: Json, value: Given) -> str:
    if field["type"] != "Input.ChoiceSet":
        assert isinstance(value, str)
        return value
    keys = {choice["title"]: choice["value"] for choice in field["choices"]}
    return ",".join(keys[title] for title in ((value,) if isinstance(value, str) else value))


def _tappable(card: Json) -> Iterator[tuple[str, Json]]:
    for part in parts(card):
        if str(part.get("type", "")).startswith("Action.") and "title" in part:
            yield str(part.get("tooltip", part["title"])), part
        elif "selectAction" in part:
            yield shown_text(part).strip() or str(part.get("text", "")), part["selectAction"]
