"""The values of a form's view: the answers by input, and errors by block."""

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
    form_input = FormInput()
    for name, blocks in _by_name(values).items():
        first, *others = [_state(block_id, values) for block_id in blocks]
        if first["type"] == "users_select":
            form_input.person_ids[name] = first.get("selected_user") or ""
        elif others:
            form_input.answers[name] = _join({block_id: str(_answer(_state(block_id, values))) for block_id in blocks})
        else:
            form_input.answers[name] = _answer(first)
    return form_input


def errors_by_block(faults: Mapping[str, str], values: Values) -> dict[str, str]:
    """The errors by block of the view. An error about an input that is not shown there is put at the first block."""
    blocks = _by_name(values)
    errors: dict[str, list[str]] = {}
    for name, fault in faults.items():
        input_blocks = blocks.get(name) or next(iter(blocks.values()))
        errors.setdefault(str(_block_to_mark(input_blocks, values)), []).append(fault)
    return {block: " ".join(messages) for block, messages in errors.items()}


def _by_name(values: Values) -> dict[str, list[InputBlockId]]:
    """The blocks of each input, in their order."""
    blocks_by_name: dict[str, list[InputBlockId]] = {}
    for text in values:
        block_id = parse_block_id(text)
        blocks_by_name.setdefault(block_id.name, []).append(block_id)
    for blocks in blocks_by_name.values():
        blocks.sort(key=lambda block_id: (block_id.part, block_id.role))
    return blocks_by_name


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


def _join(parts: dict[InputBlockId, str]) -> str:
    """The typed text, or else the selected one; or the parts of a long text, with their separators."""
    words = {block_id.role: part for block_id, part in parts.items()}
    if CHOICE_ROLE in words:
        return words[TEXT_ROLE] if words[TEXT_ROLE].strip() else words[CHOICE_ROLE]
    text = ""
    for block_id, part in parts.items():
        if part:
            text += (SEPARATORS[block_id.separator] if text else "") + part
    return text


def _block_to_mark(blocks: list[InputBlockId], values: Values) -> InputBlockId:
    """The block at which an error is shown: the field that somebody typed in, or else the first."""
    text_blocks = (block_id for block_id in blocks if block_id.role == TEXT_ROLE and _answer(_state(block_id, values)))
    return next(text_blocks, blocks[0])
