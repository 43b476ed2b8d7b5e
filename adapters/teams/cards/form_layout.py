"""How the inputs of a form stand on a card: what is usual in view, what is seldom needed behind “…”."""

from itertools import chain

from adapters.teams.cards.folding import SECONDARY_LABEL, Fold, fold_content, fold_label
from adapters.teams.cards.inputs import InputSettings, input_elements, side_by_side
from adapters.teams.cards.markup import Json
from flows.screens.inputs import Form, Input, TextInput

MAX_SHORT_CHARACTERS = 200
"""Characters of an answer that has its field beside another one."""
SHORT_AND_LONG = (2, 3)
"""Parts of the line that a short answer and the one beside it have."""


def inline_form_elements(form: Form, submit: Json, settings: InputSettings) -> list[Json]:
    """The inputs of a form on the guide, as low as can be: its button beside a single input, “…” beside the button.

    `submit`: the form's button.
    """
    primary = [one for one in form.inputs if not one.is_secondary]
    fold = secondary_fold(form, settings)
    label = [fold_label(fold)] if fold else []
    content = [fold_content(fold)] if fold else []
    buttons = [{"type": "Column", "width": "auto", "verticalContentAlignment": "bottom", "items": [_set(submit)]}]
    first = input_elements(primary[0], settings) if len(primary) == 1 else []
    if first and _is_one_line(first[0]):
        input_column = {"type": "Column", "width": "stretch", "items": [first[0]]}
        row = {"type": "ColumnSet", "columns": [input_column, *buttons, *label]}
        return [row, *first[1:], *content]
    row = {"type": "ColumnSet", "columns": [*buttons, *label], "spacing": "small"}
    return [*_inputs(primary, settings), row, *content]


def _set(submit: Json) -> Json:
    return {"type": "ActionSet", "actions": [submit]}


def _is_one_line(element: Json) -> bool:
    return element.get("type") == "Input.Text" and not element.get("isMultiline")


def _inputs(inputs: list[Input], settings: InputSettings) -> list[Json]:
    """The inputs, a short answer beside the longer one that comes after it."""
    elements: list[Json] = []
    short: list[Json] = []
    for one, after in zip(inputs, [*inputs[1:], None], strict=True):
        shown = input_elements(one, settings)
        if short and _is_one_line(shown[0]):
            elements += [side_by_side([short[0], shown[0]], SHORT_AND_LONG), *short[1:], *shown[1:]]
            short = []
            continue
        elements += short
        has_partner = after is not None and _is_short(one) and _is_one_line(shown[0])
        short = shown if has_partner else []
        elements += [] if has_partner else shown
    return [*elements, *short]


def _is_short(one: Input) -> bool:
    return isinstance(one, TextInput) and one.limit <= MAX_SHORT_CHARACTERS and not one.suggestions


def secondary_fold(form: Form, settings: InputSettings) -> Fold | None:
    """The inputs that are seldom needed. They are in view where one of them has an error."""
    inputs = [one for one in form.inputs if one.is_secondary]
    elements = list(chain.from_iterable(input_elements(one, settings) for one in inputs))
    has_error = any(one.name in settings.errors for one in inputs)
    return Fold("secondary", SECONDARY_LABEL, elements, is_open=has_error) if elements else None
