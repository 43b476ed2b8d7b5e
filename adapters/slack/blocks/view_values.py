"""The values of a form's view: the answers by input, and errors by block."""

from collections.abc import Mapping
from typing import Any

from adapters.shared.form_input import FormInput
from adapters.slack.blocks.input_ids import (
    ANSWER,
    CALENDAR_ROLE,
    CHOICE_ROLE,
    ROLES,
    SEPARATORS,
    TEXT_ROLE,
    InputBlockId,
    parse_block_id,
)

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A view's `state.values`: by block and action."""
_TEXT_FIELDS = ("value", "selected_user")
ANSWER_ROLES = (TEXT_ROLE, CALENDAR_ROLE, CHOICE_ROLE)
"""Of the blocks of one input: the first that has an answer gives it."""


def state_values(state: object, blocks: object) -> dict[str, dict[str, dict[str, Any]]]:
    """A view's values, of whatever shape `state` and `blocks` came: each input has a value, which may be empty.

    An input of which the state says nothing is one that was left empty.
    """
    values = state.get("values") if isinstance(state, dict) else None
    values = values if isinstance(values, dict) else {}
    input_ids = [_input_block_id(block) for block in blocks] if isinstance(blocks, list) else []
    block_ids = dict.fromkeys([*(block_id for block_id in input_ids if block_id), *values])
    return {block_id: _block_state(values.get(block_id)) for block_id in block_ids}


def _input_block_id(block: object) -> str:
    block_id = block.get("block_id") if isinstance(block, dict) and block.get("type") == "input" else None
    return block_id if isinstance(block_id, str) else ""


def _block_state(block: object) -> dict[str, dict[str, Any]]:
    """The state of a block's one element, with the fields that are read, each of the type that it should have."""
    element = next(iter(block.values()), None) if isinstance(block, dict) else None
    if not isinstance(element, dict):
        return {ANSWER: {"type": ""}}
    kind = element.get("type")
    state: dict[str, Any] = {"type": kind if isinstance(kind, str) else ""}
    state |= {name: element[name] for name in _TEXT_FIELDS if isinstance(element.get(name), str)}
    if isinstance(element.get("selected_date_time"), int):
        state["selected_date_time"] = element["selected_date_time"]
    if (value := _option_value(element.get("selected_option"))) is not None:
        state["selected_option"] = {"value": value}
    options = element.get("selected_options")
    option_values = [_option_value(option) for option in options] if isinstance(options, list) else []
    state["selected_options"] = [{"value": value} for value in option_values if value is not None]
    return {ANSWER: state}


def _option_value(option: object) -> str | None:
    value = option.get("value") if isinstance(option, dict) else None
    return value if isinstance(value, str) else None


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
        elif others or blocks[0].role:
            form_input.answers[name] = _join({block_id: str(_answer(_state(block_id, values))) for block_id in blocks})
        else:
            form_input.answers[name] = _answer(first)
    return form_input


def errors_by_block(faults: Mapping[str, str], values: Values) -> dict[str, str]:
    """The errors by block of the view. An error about an input that is not shown there is put at the first block.

    A view without inputs has no place for errors: there are none then.
    """
    blocks = _by_name(values)
    if not blocks:
        return {}
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
        blocks.sort(key=lambda block_id: (block_id.part, ROLES.index(block_id.role)))
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
    """What was typed, or else picked in a calendar, or else chosen; or the parts of a long text, with separators."""
    words = {block_id.role: part for block_id, part in parts.items() if block_id.role}
    if words:
        answers = (words.get(role, "") for role in ANSWER_ROLES)
        return next((answer for answer in answers if answer.strip()), "")
    text = ""
    for block_id, part in parts.items():
        if part:
            text += (SEPARATORS[block_id.separator] if text else "") + part
    return text


def _block_to_mark(blocks: list[InputBlockId], values: Values) -> InputBlockId:
    """The block at which an error is shown: the one whose answer counts, or else the first."""
    answered = {block_id.role: block_id for block_id in blocks if str(_answer(_state(block_id, values))).strip()}
    return next((answered[role] for role in ANSWER_ROLES if role in answered), blocks[0])
