"""What Teams would refuse, or show otherwise than meant: the schema of Adaptive Cards 1.5, and Teams' own limits."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft6Validator

Json = dict[str, Any]

MAX_BYTES, MAX_ACTIONS = 28_000, 6
ALIKE = frozenset({"type", "style", "size", "weight", "color", "spacing", "width", "verb", "associatedInputs"})
"""What the schema lists the values of."""
MARKED = re.compile(r"[\\`*_#\[\]<>|~&{}+@^=]|^\s*(?:[-+>]|\d+[.)]\s)|://|www\.|--", re.IGNORECASE)
"""What Markdown could take for its own."""


@cache
def _validator() -> Draft6Validator:
    schema = json.loads(files("adaptive_cards").joinpath("schemas", "schema-1.5.json").read_text("utf-8"))
    # Documented since 1.5 (https://adaptivecards.io/explorer/Input.ChoiceSet.html) and drawn by Microsoft's renderer;
    # the package's copy of the schema is older than that.
    schema["definitions"]["ChoiceInputStyle"] = {"enum": ["compact", "expanded", "filtered"]}
    Draft6Validator.check_schema(schema)
    return Draft6Validator(schema)


_valid: set[str] = set()


def faults_of(card: Json) -> list[str]:
    """Everything that is wrong with a card; nothing, if Teams takes it and shows it as it is meant."""
    bare = {key: value for key, value in card.items() if key != "msteams"}
    return [*_schema_faults(bare), *_rule_faults(card)]


def _schema_faults(bare: Json) -> list[str]:
    """What the schema says; asked once for cards that differ in words alone."""
    kind = shape(bare)
    if kind in _valid:
        return []
    faults = [f"{error.json_path}: {error.message[:300]}" for error in _validator().iter_errors(bare)]
    if not faults:
        _valid.add(kind)
    return faults


def shape(part: Any) -> str:  # noqa: ANN401 - any JSON
    """A card without its texts and numbers."""
    if isinstance(part, dict):
        kept = {key: value if key in ALIKE else "{}" if key == "data" else shape(value) for key, value in part.items()}
        return str(sorted(kept.items()))
    if isinstance(part, list):
        return str(sorted({shape(item) for item in part}))
    return type(part).__name__


def _rule_faults(card: Json) -> Iterator[str]:
    size = len(json.dumps(card, ensure_ascii=False).encode())
    if size > MAX_BYTES:
        yield f"{size} bytes"
    if card.get("version") != "1.5" or "entities" in card.get("msteams", {}):
        yield "not as a card of ours begins"
    if shown_at_once(card) > MAX_ACTIONS:
        yield f"{shown_at_once(card)} actions at once"
    ids = Counter(part["id"] for part in parts(card) if "id" in part)
    yield from (f"{name} twice" for name, count in ids.items() if count > 1)
    targets = (target for part in parts(card) for target in part.get("targetElements", ()))
    yield from (f"{target} is shown by a tap, and is not there" for target in targets if target not in ids)
    for part in parts(card):
        yield from _part_faults(part)


def _part_faults(part: Json) -> Iterator[str]:
    kind = part.get("type")
    if kind == "TextBlock":
        yield f"Markdown would be read in {part}"
    for text in (part.get(key) for key in ("text", "label", "title", "tooltip")):
        if isinstance(text, str) and re.search(r"\{\{\s*(DATE|TIME)", text, re.IGNORECASE):
            yield f"would be expanded: {text}"
    if kind == "TextRun" and (not part["text"] or "\n" in part["text"]):
        yield f"not one line: {part}"
    if kind == "Input.ChoiceSet":
        yield from _choice_faults(part)
    if MARKED.search(part.get("errorMessage", "")):
        yield f"Markdown would be read in {part}"
    if str(kind).startswith("Action.") and not part.get("title", "x").strip():
        yield f"a button without words: {part}"


def _choice_faults(part: Json) -> Iterator[str]:
    boxes = part.get("isMultiSelect") or part["style"] == "expanded"
    for choice in part["choices"]:
        if not choice["title"].strip() or not choice["value"]:
            yield f"an empty choice: {choice}"
        if boxes and MARKED.search(choice["title"]):
            yield f"Markdown would be read in {choice}"
        if part.get("isMultiSelect") and "," in choice["value"]:
            yield f"two choices in one: {choice}"


def shown_at_once(card: Json) -> int:
    """Buttons of the card and of its sets in view; not those that a button opens or that fold."""
    in_view = [len(one["actions"]) for one in parts(card, only_in_view=True) if one.get("type") == "ActionSet"]
    return len(card.get("actions", [])) + sum(in_view)


def parts(part: Any, *, only_in_view: bool = False) -> Iterator[Json]:  # noqa: ANN401 - any JSON
    """Every object of a card but what buttons send."""
    if isinstance(part, dict):
        if only_in_view and part.get("isVisible") is False:
            return
        yield part
        for key, value in part.items():
            if key != "data":
                yield from parts(value, only_in_view=only_in_view)
    elif isinstance(part, list):
        for item in part:
            yield from parts(item, only_in_view=only_in_view)
