"""What came back from a form's view: the answers by input, and faults put where they belong."""

from collections.abc import Mapping
from typing import Any

from adapters.shared.form_input import FormInput
from adapters.slack.blocks.input_ids import CHOICE_ROLE, SEPARATORS, TEXT_ROLE, InputBlockId, parse_block_id

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A view's `state.values`: by block and action."""


def read_view_values(values: Values) -> FormInput:
    """What somebody filled in.

    Raises:
        UnknownForm: the view is not one of ours.

    """
    given = FormInput()
    for name, blocks in _by_name(values).items():
        first, *others = [_state(block_id, values) for block_id in blocks]
        if first["type"] == "users_select":
            given.person_ids[name] = first.get("selected_user") or ""
        elif others:
            given.answers[name] = _joined({block_id: str(_answer(_state(block_id, values))) for block_id in blocks})
        else:
            given.answers[name] = _answer(first)
    return given


def errors_by_block(faults: Mapping[str, str], values: Values) -> dict[str, str]:
    """The faults by block of the view. One about an input that the view does not show stands at the first."""
    blocks = _by_name(values)
    errors: dict[str, list[str]] = {}
    for name, fault in faults.items():
        shown = blocks.get(name) or next(iter(blocks.values()))
        errors.setdefault(str(_block_to_mark(shown, values)), []).append(fault)
    return {block: " ".join(told) for block, told in errors.items()}


def _by_name(values: Values) -> dict[str, list[InputBlockId]]:
    """The blocks of each input, in their order."""
    found: dict[str, list[InputBlockId]] = {}
    for text in values:
        block_id = parse_block_id(text)
        found.setdefault(block_id.name, []).append(block_id)
    return {name: sorted(blocks, key=lambda block_id: (block_id.part, block_id.role)) for name, blocks in found.items()}


def _state(block_id: InputBlockId, values: Values) -> Mapping[str, Any]:
    """The state of the one thing that stands in a block."""
    (state,) = values[str(block_id)].values()
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


def _joined(parts: dict[InputBlockId, str]) -> str:
    """The typed word before the picked one; the parts of a long text, with what stood between them."""
    words = {block_id.role: part for block_id, part in parts.items()}
    if CHOICE_ROLE in words:
        return words[TEXT_ROLE] if words[TEXT_ROLE].strip() else words[CHOICE_ROLE]
    text = ""
    for block_id, part in parts.items():
        if part:
            text += (SEPARATORS[block_id.separator] if text else "") + part
    return text


def _block_to_mark(blocks: list[InputBlockId], values: Values) -> InputBlockId:
    """The block that a fault is shown at: the field somebody typed in, or else the first."""
    typed = (block_id for block_id in blocks if block_id.role == TEXT_ROLE and _answer(_state(block_id, values)))
    return next(typed, blocks[0])
