"""The elements of input blocks: what is typed in, and what is chosen from."""

from adapters.slack.blocks.elements import MAX_LABEL_CHARACTERS
from adapters.slack.blocks.input_ids import ANSWER, InputBlockId
from adapters.slack.blocks.limits import split_text, utf16_length
from adapters.slack.blocks.mrkdwn import Json, plain_text
from flows.screens.inputs import ChoiceInput, TextInput

MAX_INPUT_CHARACTERS = 3000
"""Characters that one input takes."""

MAX_PLACEHOLDER_CHARACTERS, MAX_INPUT_LABEL_CHARACTERS = 150, 2000
"""Characters of a hint, and of an input's label."""

MAX_RADIO_OPTIONS = 10
"""Options that radio buttons and checkboxes take."""

MAX_SELECT_OPTIONS = 100
"""Options of a list, or of one of its groups."""


def input_block(block_id: InputBlockId, label: str, element: Json, *, optional: bool) -> Json:
    """An input block with its one element."""
    return {
        "type": "input",
        "block_id": str(block_id),
        "label": plain_text(label, MAX_INPUT_LABEL_CHARACTERS),
        "element": element | {"action_id": ANSWER},
        "optional": optional,
    }


def text_element(field: TextInput, value: str) -> Json:
    """A field to type in. One line sends the form with Enter, but it cannot hold a text of several."""
    box: Json = {"type": "plain_text_input", "multiline": field.is_multiline or "\n" in value}
    limit = min(field.limit, MAX_INPUT_CHARACTERS)
    if utf16_length(value) <= limit:
        box["max_length"] = limit
    if field.hint:
        box["placeholder"] = plain_text(field.hint, MAX_PLACEHOLDER_CHARACTERS)
    return box | ({"initial_value": value} if value else {})


def choice_element(field: ChoiceInput) -> Json:
    """Radio buttons or checkboxes; a list, if there are more options than those take."""
    options = [_option_object(key, label) for key, label in field.options]
    selected_options = [
        option for option, (key, _) in zip(options, field.options, strict=True) if key in field.selected_ids
    ]
    few = len(options) <= MAX_RADIO_OPTIONS
    if field.allows_several:
        initial_options: Json = {"initial_options": selected_options} if selected_options else {}
        return {"type": "checkboxes" if few else "multi_static_select"} | _option_lists(options) | initial_options
    initial_options = {"initial_option": selected_options[0]} if selected_options else {}
    return {"type": "radio_buttons" if few else "static_select"} | _option_lists(options) | initial_options


def _option_lists(options: list[Json]) -> Json:
    """The options; in numbered groups, if there are more than one list takes."""
    if len(options) <= MAX_SELECT_OPTIONS:
        return {"options": options}
    starts = range(0, len(options), MAX_SELECT_OPTIONS)
    groups = [(start, options[start : start + MAX_SELECT_OPTIONS]) for start in starts]
    return {
        "option_groups": [
            {"label": plain_text(f"{start + 1}–{start + len(some)}", MAX_LABEL_CHARACTERS), "options": some}
            for start, some in groups
        ]
    }


def _option_object(key: str, label: str) -> Json:
    """An option; the rest of a long label stands in its description."""
    first, *rest = split_text(label.replace("\n", " "), MAX_LABEL_CHARACTERS) or [""]
    more = {"description": plain_text("".join(rest), MAX_LABEL_CHARACTERS)} if rest else {}
    return {"text": plain_text(first, MAX_LABEL_CHARACTERS), "value": key} | more
