"""What came back from a form's view: the answers by input, and faults put where they belong."""

from collections.abc import Mapping
from typing import Any

from adapters.given import Given
from adapters.slack.fields import GLUES, PICKED, TYPED, FieldId, read_id

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A view's `state.values`: by block and action."""


def answers(values: Values) -> Given:
    """What somebody filled in.

    Raises:
        UnknownForm: the view is not one of ours.

    """
    given = Given()
    for name, blocks in _by_name(values).items():
        first, *others = [_state(at, values) for at in blocks]
        if first["type"] == "users_select":
            given.people[name] = first.get("selected_user") or ""
        elif others:
            given.answers[name] = _joined({at: str(_answer(_state(at, values))) for at in blocks})
        else:
            given.answers[name] = _answer(first)
    return given


def field_errors(faults: Mapping[str, str], values: Values) -> dict[str, str]:
    """The faults by block of the view. One about an input that the view does not show stands at the first."""
    blocks = _by_name(values)
    errors: dict[str, list[str]] = {}
    for name, fault in faults.items():
        shown = blocks.get(name) or next(iter(blocks.values()))
        errors.setdefault(str(_blamed(shown, values)), []).append(fault)
    return {block: " ".join(told) for block, told in errors.items()}


def _by_name(values: Values) -> dict[str, list[FieldId]]:
    """The blocks of each input, in their order."""
    found: dict[str, list[FieldId]] = {}
    for block_id in values:
        at = read_id(block_id)
        found.setdefault(at.name, []).append(at)
    return {name: sorted(blocks, key=lambda at: (at.part, at.role)) for name, blocks in found.items()}


def _state(at: FieldId, values: Values) -> Mapping[str, Any]:
    """The state of the one thing that stands in a block."""
    (state,) = values[str(at)].values()
    return state


def _answer(state: Mapping[str, Any]) -> str | tuple[str, ...]:
    match state["type"]:
        case "checkboxes" | "multi_static_select":
            return tuple(option["value"] for option in state.get("selected_options") or ())
        case "radio_buttons" | "static_select":
            return str((state.get("selected_option") or {}).get("value", ""))
        case "datetimepicker":
            return str(state.get("selected_date_time") or "")
        case _:
            return state.get("value") or ""


def _joined(parts: dict[FieldId, str]) -> str:
    """The typed word before the picked one; the parts of a long text, with what stood between them."""
    words = {at.role: part for at, part in parts.items()}
    if PICKED in words:
        return words[TYPED] if words[TYPED].strip() else words[PICKED]
    text = ""
    for at, part in parts.items():
        if part:
            text += (GLUES[at.glue] if text else "") + part
    return text


def _blamed(blocks: list[FieldId], values: Values) -> FieldId:
    """The block that a fault is shown at: the field somebody typed in, or else the first."""
    typed = (at for at in blocks if at.role == TYPED and _answer(_state(at, values)))
    return next(typed, blocks[0])
