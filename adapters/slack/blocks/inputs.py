"""The inputs of a form as input blocks. `adapters.slack.blocks.view_values` reads their values."""

from dataclasses import replace

from adapters.slack.blocks.elements import MAX_LABEL_CHARACTERS, MAX_OPTION_VALUE_CHARACTERS
from adapters.slack.blocks.input_ids import ANSWER, CHOICE_ROLE, SEPARATORS, TEXT_ROLE, InputBlockId
from adapters.slack.blocks.limits import size, split_text, utf16_length
from adapters.slack.blocks.mrkdwn import Json, plain_text
from adapters.slack.blocks.words import say
from flows.screens.inputs import ChoiceInput, Input, PersonInput, TextInput, TimeInput

MAX_INPUT_CHARACTERS = 3000
"""Characters that one input takes."""

PART_CHARACTERS = 2400
"""Characters of a long text with which each of its inputs is filled: there is room to add some."""

MAX_PLACEHOLDER_CHARACTERS, MAX_INPUT_LABEL_CHARACTERS = 150, 2000
"""Characters of a hint, and of an input's label."""

MAX_RADIO_OPTIONS = 10
"""Options that radio buttons and checkboxes take."""

MAX_SELECT_OPTIONS = 100
"""Options of a list, or of one of its groups."""

PICKER_SECONDS = range(10**9, 10**10)
"""Epoch seconds that a date picker takes: those with ten digits."""


def input_blocks(field: Input, nth: int, language: str) -> list[Json]:
    """The blocks of one input: one, unless it offers words or holds a long text."""
    block_id = InputBlockId(field.name, nth)
    match field:
        case TextInput(suggestions=words) if words:
            return _suggestion_blocks(field, block_id, language)
        case TextInput(value=value) if utf16_length(value) > PART_CHARACTERS:
            return _split_text_blocks(field, block_id, language)
        case TextInput():
            return [
                _input_block(block_id, field.label, _text_element(field, field.value), optional=not field.is_required)
            ]
        case ChoiceInput(options=options):
            pick = _choice_element(field)
            has_answer = "initial_option" in pick  # one choice can be changed, but not be removed
            return (
                [_input_block(block_id, field.label, pick, optional=not (field.is_required or has_answer))]
                if options
                else []
            )
        case TimeInput():
            return [_input_block(block_id, field.label, _time_element(field), optional=not field.is_required)]
        case PersonInput():
            return [_input_block(block_id, field.label, {"type": "users_select"}, optional=False)]


def _input_block(block_id: InputBlockId, label: str, element: Json, *, optional: bool) -> Json:
    return {
        "type": "input",
        "block_id": str(block_id),
        "label": plain_text(label, MAX_INPUT_LABEL_CHARACTERS),
        "element": element | {"action_id": ANSWER},
        "optional": optional,
    }


def _text_element(field: TextInput, value: str) -> Json:
    """A field to type in. One line sends the form with Enter, but it cannot hold a text of several."""
    box: Json = {"type": "plain_text_input", "multiline": field.is_multiline or "\n" in value}
    limit = min(field.limit, MAX_INPUT_CHARACTERS)
    if utf16_length(value) <= limit:
        box["max_length"] = limit
    if field.hint:
        box["placeholder"] = plain_text(field.hint, MAX_PLACEHOLDER_CHARACTERS)
    return box | ({"initial_value": value} if value else {})


def _suggestion_blocks(field: TextInput, block_id: InputBlockId, language: str) -> list[Json]:
    """Suggestions to choose from, and a field for a text of one's own, which takes precedence."""
    words = tuple(
        (word, word) for word in dict.fromkeys(field.suggestions) if size(word) <= MAX_OPTION_VALUE_CHARACTERS
    )
    is_suggestion = field.value in dict(words)
    suggestion_input = ChoiceInput(field.name, field.label, words, (field.value,) if is_suggestion else ())
    own = _text_element(field, "" if is_suggestion else field.value)
    label = say(language, "own_word", label=field.label)
    choice_id = replace(block_id, role=CHOICE_ROLE)
    choices = [_input_block(choice_id, field.label, _choice_element(suggestion_input), optional=True)] if words else []
    return [*choices, _input_block(replace(block_id, role=TEXT_ROLE), label, own, optional=True)]


def _split_text_blocks(field: TextInput, block_id: InputBlockId, language: str) -> list[Json]:
    """A long text in several fields, and an empty one at the end while there may be more."""
    parts = _parts(field.value)
    if len(field.value) < field.limit:
        parts.append(("n", ""))
    blocks = []
    for number, (glue, part) in enumerate(parts, 1):
        label = say(language, "part", label=field.label, number=str(number), total=str(len(parts)))
        box = _text_element(replace(field, is_multiline=True, hint=field.hint if not part else ""), part)
        optional = number > 1 or not field.is_required
        blocks.append(_input_block(replace(block_id, part=number, separator=glue), label, box, optional=optional))
    return blocks


def _parts(text: str) -> list[tuple[str, str]]:
    """The parts of a text, each with what stood before it."""
    parts, glue = [], ""
    *pieces, last = split_text(text, PART_CHARACTERS, utf16_length) or [""]
    for piece in pieces:
        after = next(mark for mark in ("nn", "n", "s", "") if piece.endswith(SEPARATORS[mark]))
        parts.append((glue, piece.removesuffix(SEPARATORS[after])))
        glue = after
    return [*parts, (glue, last)]


def _choice_element(field: ChoiceInput) -> Json:
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


def _time_element(field: TimeInput) -> Json:
    """A date and time; as text, if it is one that Slack's own field cannot hold."""
    if field.epoch_seconds is not None and int(field.epoch_seconds) not in PICKER_SECONDS:
        return {"type": "plain_text_input", "multiline": False} | (
            {"initial_value": field.value} if field.value else {}
        )
    return {"type": "datetimepicker"} | (
        {"initial_date_time": int(field.epoch_seconds)} if field.epoch_seconds is not None else {}
    )
