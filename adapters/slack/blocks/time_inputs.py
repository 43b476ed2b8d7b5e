"""A time as input blocks: offered times to choose from, a field to type in, and a calendar. They make one answer.

What was typed counts before what was picked in the calendar, and that before an offered time. The time that is there
already is one of the offered ones, and is chosen: so whatever else is given is a change.
"""

from dataclasses import replace

from adapters.slack.blocks.elements import MAX_OPTION_VALUE_CHARACTERS
from adapters.slack.blocks.input_elements import choice_element, input_block, text_element
from adapters.slack.blocks.input_ids import CALENDAR_ROLE, CHOICE_ROLE, TEXT_ROLE, InputBlockId
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.words import say
from flows.screens.inputs import ChoiceInput, TextInput, TimeInput

MAX_TIME_CHARACTERS = 200
"""Characters of a time that is typed freely."""


def time_blocks(field: TimeInput, block_id: InputBlockId, language: str) -> list[Json]:
    """The blocks of a time."""
    offered = {answer: label for answer, label in field.choices if len(answer) <= MAX_OPTION_VALUE_CHARACTERS}
    if field.value:
        offered = {field.value: field.text or field.value} | offered
    choice = ChoiceInput(field.name, field.label, tuple(offered.items()), (field.value,) if field.value else ())
    typed = TextInput(field.name, field.label, hint=field.hint, limit=MAX_TIME_CHARACTERS)
    typed_label = say(language, "own_word", label=field.label) if offered else field.label
    calendar_label = say(language, "calendar_time", label=field.label)
    elements: list[tuple[str, str, Json]] = [(CHOICE_ROLE, field.label, choice_element(choice))] if offered else []
    elements += [
        (TEXT_ROLE, typed_label, text_element(typed, "")),
        (CALENDAR_ROLE, calendar_label, {"type": "datetimepicker"}),
    ]
    return [input_block(replace(block_id, role=role), label, box, optional=True) for role, label, box in elements]
