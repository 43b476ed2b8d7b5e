"""The inputs of a form as input blocks. `adapters.slack.blocks.view_values` reads their values."""

from dataclasses import replace

from adapters.slack.blocks.elements import MAX_OPTION_VALUE_CHARACTERS
from adapters.slack.blocks.input_elements import choice_element, input_block, text_element
from adapters.slack.blocks.input_ids import CHOICE_ROLE, SEPARATORS, TEXT_ROLE, InputBlockId
from adapters.slack.blocks.limits import size, split_text, utf16_length
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.time_inputs import time_blocks
from adapters.slack.blocks.words import say
from flows.screens.inputs import ChoiceInput, Input, PersonInput, TextInput, TimeInput

PART_CHARACTERS = 2400
"""Characters of a long text with which each of its inputs is filled: there is room to add some."""


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
                input_block(block_id, field.label, text_element(field, field.value), optional=not field.is_required)
            ]
        case ChoiceInput(options=options):
            pick = choice_element(field)
            has_answer = "initial_option" in pick  # one choice can be changed, but not be removed
            return (
                [input_block(block_id, field.label, pick, optional=not (field.is_required or has_answer))]
                if options
                else []
            )
        case TimeInput():
            return time_blocks(field, block_id, language)
        case PersonInput():
            return [input_block(block_id, field.label, {"type": "users_select"}, optional=False)]


def _suggestion_blocks(field: TextInput, block_id: InputBlockId, language: str) -> list[Json]:
    """Suggestions to choose from, and a field for a text of one's own, which takes precedence."""
    words = tuple(
        (word, word) for word in dict.fromkeys(field.suggestions) if size(word) <= MAX_OPTION_VALUE_CHARACTERS
    )
    is_suggestion = field.value in dict(words)
    suggestion_input = ChoiceInput(field.name, field.label, words, (field.value,) if is_suggestion else ())
    own = text_element(field, "" if is_suggestion else field.value)
    label = say(language, "own_word", label=field.label)
    choice_id = replace(block_id, role=CHOICE_ROLE)
    choices = [input_block(choice_id, field.label, choice_element(suggestion_input), optional=True)] if words else []
    return [*choices, input_block(replace(block_id, role=TEXT_ROLE), label, own, optional=True)]


def _split_text_blocks(field: TextInput, block_id: InputBlockId, language: str) -> list[Json]:
    """A long text in several fields, and an empty one at the end while there may be more."""
    parts = _parts(field.value)
    if len(field.value) < field.limit:
        parts.append(("n", ""))
    blocks = []
    for number, (glue, part) in enumerate(parts, 1):
        label = say(language, "part", label=field.label, number=str(number), total=str(len(parts)))
        box = text_element(replace(field, is_multiline=True, hint=field.hint if not part else ""), part)
        optional = number > 1 or not field.is_required
        blocks.append(input_block(replace(block_id, part=number, separator=glue), label, box, optional=optional))
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
