"""Find a button in real blocks and fill a real form by what stands on it, as a person does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from tests.peers.slack.team import Json

FieldValue = str | int | datetime | Sequence[str] | None


class NotOffered(AssertionError):
    """The blocks have no such label, or do not offer the value."""


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with its block."""
    for block in blocks:
        inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        yield from ((block, element) for element in inside if element and "action_id" in element)


def with_block_ids(blocks: Sequence[Json]) -> list[Json]:
    """Blocks as Slack returns them: each with a block id, where the app gave none with one of Slack's."""
    return [{"block_id": f"auto{number}", **block} for number, block in enumerate(blocks)]


def find_button(blocks: Sequence[Json], button: str) -> tuple[Json, Json]:
    """The block and the element of a button or menu, by the text on it or its action id; the first that fits."""
    result = list(elements(with_block_ids(blocks)))
    for block, element in result:
        if button in (element.get("action_id"), _text(element.get("text"))):
            return block, element
    options = ", ".join(_text(element.get("text")) or element["action_id"] for _, element in result)
    message = f"There is no “{button}” here; there is: {options}"
    raise NotOffered(message)


def chosen(element: Json, value: str) -> Json:
    """The option with this text or value, as Slack sends it."""
    groups = element.get("option_groups", ())
    options = [*element.get("options", ()), *(option for group in groups for option in group["options"])]
    for option in options:
        if value in (option.get("value"), _text(option["text"])):
            return {name: option[name] for name in ("text", "value") if name in option}
    message = f"{element['action_id']} does not offer “{value}”; it offers {[_text(o['text']) for o in options]}"
    raise NotOffered(message)


def filled_view(view: Json, answers: Mapping[str, FieldValue], users: Mapping[str, str] | None = None) -> Json:
    """`view.state.values` after a person filled the `answers` by label (or action id); the rest keeps what it had.

    An option is named by its text or value, a person by name (in `users`) or id. Raises NotOffered for a label that is
    not there, a value that is not offered, and for what Slack itself would not let a person submit.
    """
    left = dict(answers)
    values: dict[str, Json] = {}
    for block, element in elements(with_block_ids(view["blocks"])):
        if element["type"] not in _READ:
            continue
        label = next((name for name in _names(block, element) if name in left), None)
        read = _READ[element["type"]]
        state = read(element, left.pop(label), users or {}) if label else _initial_state(element)
        _refuse_unfinished(block, element, state)
        values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **state}
    if left:
        options = [_names(block, element)[0] for block, element in elements(view["blocks"])]
        message = f"The form has no {list(left)}; it has {options}"
        raise NotOffered(message)
    return values


def _names(block: Json, element: Json) -> list[str]:
    return [name for name in (_text(block.get("label")), _text(block.get("text")), element["action_id"]) if name]


def _text(text: Json | None) -> str:
    return str((text or {}).get("text", ""))


def _refuse_unfinished(block: Json, element: Json, state: Json) -> None:
    (value,) = state.values()
    name = _names(block, element)[0]
    if block["type"] == "input" and not block.get("optional") and value in (None, "", []):
        message = f"“{name}” may not be left empty."
        raise NotOffered(message)
    text = value if isinstance(value, str) and element["type"] == "plain_text_input" else ""
    if len(text) > element.get("max_length", 3000) or 0 < len(text) < element.get("min_length", 0):
        message = f"“{name}” may not have {len(text)} characters."
        raise NotOffered(message)


_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date_time": "initial_date_time",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_channel": "initial_channel",
}
_HOLDS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "datetimepicker": "selected_date_time",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}


def _initial_state(element: Json) -> Json:
    held = _HOLDS[element["type"]]
    nothing: list[Json] | None = [] if held.endswith("s") else None
    return {held: element.get(_INITIAL[held], nothing)}


def _as_it_is(element: Json, value: FieldValue, _: Mapping[str, str]) -> Json:
    return {_HOLDS[element["type"]]: value}


def _one_option(element: Json, selection: FieldValue, _: Mapping[str, str]) -> Json:
    return {"selected_option": None if selection is None else chosen(element, str(selection))}


def _options(element: Json, selection: FieldValue, _: Mapping[str, str]) -> Json:
    options = [chosen(element, value) for value in _many(selection)]
    if len(options) > element.get("max_selected_items", len(options)):
        message = f"{element['action_id']} takes no more than {element['max_selected_items']}."
        raise NotOffered(message)
    return {"selected_options": options}


def _moment(_: Json, value: FieldValue, __: Mapping[str, str]) -> Json:
    return {"selected_date_time": int(value.timestamp()) if isinstance(value, datetime) else value}


def _person(element: Json, person: FieldValue, users: Mapping[str, str]) -> Json:
    if element["type"] == "users_select":
        return {"selected_user": None if person is None else users.get(str(person), str(person))}
    return {"selected_users": [users.get(value, value) for value in _many(person)]}


def _many(selection: FieldValue) -> list[str]:
    if selection is None:
        return []
    return (
        [selection]
        if isinstance(selection, str)
        else [str(value) for value in selection]
        if isinstance(selection, Sequence)
        else []
    )


_Reader = Callable[[Json, FieldValue, Mapping[str, str]], Json]
_READ: dict[str, _Reader] = dict.fromkeys(_HOLDS, _as_it_is) | {
    "radio_buttons": _one_option,
    "static_select": _one_option,
    "checkboxes": _options,
    "multi_static_select": _options,
    "datetimepicker": _moment,
    "users_select": _person,
    "multi_users_select": _person,
}
