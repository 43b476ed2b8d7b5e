"""The inputs of a form as elements of a card. `adapters.teams.cards.input_values` reads what they send."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.shared.text_splitting import utf16_length
from adapters.teams.cards.elements import ATTENTION, WARNING, line, lines, non_empty, run, without_templates
from adapters.teams.cards.folding import Fold, fold_elements
from adapters.teams.cards.input_values import (
    CHOICES_PREFIX,
    CardInputId,
    SubmittedData,
    SubmittedParts,
    escape_option,
    input_value,
    join_options,
    note_texts,
    texts_digest,
)
from adapters.teams.cards.markup import Json, json_safe
from adapters.teams.cards.words import say
from flows.input.typed_time import END_OF_DAY
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput

MAX_EXPANDED_OPTIONS = 5
"""So many options are all shown at once; more are a list to open."""
STRETCH_LINES = 5
"""With so many line ends, the field takes all the height of its card: by itself it shows four lines."""

MAX_TIME_CHARACTERS = 100
"""Characters of a time that somebody types."""

_PLAIN = re.compile(r"(?!\d+[.)]\s)(?:[^\W_]|[ ,.;:'’“”\"?!()/—–…%€$£°¿¡·])*")
"""A text without any sign that has a meaning in Markdown."""
_LINK = re.compile(r"://|www\.", re.IGNORECASE)

Colleagues = Sequence[tuple[str, str]]
"""Ids and names."""


@dataclass(frozen=True, slots=True)
class InputSettings:
    """How inputs are shown. `requires_answers`: Teams asks for what is required before it sends.

    `repeat`: see `CardInputId`. `errors`: by input name. `submitted_parts`: what was sent before, shown again.
    `has_calendar`: there is room for one.
    """

    language: str
    repeat: int = 0
    requires_answers: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    submitted_parts: SubmittedParts | None = None
    colleagues: Colleagues = ()
    has_calendar: bool = False


def input_elements(one: Input, settings: InputSettings) -> list[Json]:
    """One input, and below it what is wrong with its answer."""
    return [*_elements(one, settings), *_error_lines(settings.errors.get(one.name, ""))]


def _error_lines(error: str) -> list[Json]:
    return lines(f"{WARNING} {error}", spacing="small", **ATTENTION) if error else []


def _elements(one: Input, settings: InputSettings) -> list[Json]:
    match one:
        case TextInput(suggestions=words) if words:
            return _suggestion_inputs(one, settings)
        case TextInput():
            return [_text_input(one, settings)]
        case ChoiceInput(options=options):
            return _choice_input(one, settings) if options else []
        case TimeInput():
            return _time_inputs(one, settings)
        case PersonInput():
            return _person_input(one, settings)


def initial_texts_digest(form: Form, rejected_data: SubmittedData | None = None) -> str:
    """A digest of the texts with which the form is shown or, where it has none, of its choices: see `has_unsent_note`.

    `rejected_data`: what was sent and not accepted is shown again. The next tap leaves it: no step waits for a form.
    """
    texts = {one.name: one.value for one in form.inputs if isinstance(one, TextInput | TimeInput)}
    choices = {one.name: join_options(one.selected_ids) for one in form.inputs if isinstance(one, ChoiceInput)}
    values = note_texts(rejected_data, with_choices=not texts) if rejected_data is not None else texts or choices
    return texts_digest(values) if texts else CHOICES_PREFIX + texts_digest(values)


def _input(kind: str, input_id: CardInputId, label: str, settings: InputSettings, *, is_required: bool = False) -> Json:
    """An input. Its label is read without Markdown, as a run is."""
    element: Json = {"type": f"Input.{kind}", "id": str(input_id)}
    element |= {"label": without_templates(label)} if label.strip() else {}
    # Teams reads its error message as Markdown, so it contains only our own words.
    return element | ({"isRequired": True, "errorMessage": say(settings.language, "required")} if is_required else {})


def _text_input(
    one: TextInput, settings: InputSettings, role: str = "", label: str = "", *, initial: str | None = None
) -> Json:
    """A text field; one of several lines if its text has line ends."""
    input_id = CardInputId(one.name, role, settings.repeat)
    value = json_safe(input_value(settings.submitted_parts, input_id, one.value if initial is None else initial))
    element = _input(
        "Text",
        input_id,
        label or one.label,
        settings,
        is_required=settings.requires_answers and one.is_required and not role,
    )
    element |= {"isMultiline": True} if one.is_multiline or "\n" in value else {}
    element |= {"height": "stretch"} if value.count("\n") >= STRETCH_LINES else {}
    element |= {"maxLength": one.limit} if utf16_length(value) <= one.limit else {}
    element |= {"placeholder": json_safe(one.hint)} if one.hint else {}
    return element | ({"value": value} if value else {})


def _suggestion_inputs(one: TextInput, settings: InputSettings) -> list[Json]:
    """Words to choose from, and a text field for another word, which is preferred.

    The list is no typeahead: a word that is half typed there is invalid, and no button of the card would work.
    """
    words = [(word, word) for word in dict.fromkeys(one.suggestions) if word.strip()]
    is_suggestion = one.value in dict(words)
    input_id = CardInputId(one.name, "picked", settings.repeat)
    choice = input_value(settings.submitted_parts, input_id, one.value if is_suggestion else "")
    own_text_input = _text_input(
        one,
        settings,
        "typed",
        say(settings.language, "own_word", label=one.label),
        initial="" if is_suggestion else one.value,
    )
    return [_choices(input_id, one.label, words, choice, settings), own_text_input]


def _choice_input(one: ChoiceInput, settings: InputSettings) -> list[Json]:
    input_id = CardInputId(one.name, "many" if one.allows_several else "pick", settings.repeat)
    value = input_value(
        settings.submitted_parts,
        input_id,
        join_options(one.selected_ids) if one.allows_several else "".join(one.selected_ids[:1]),
    )
    is_required = settings.requires_answers and one.is_required
    if not one.allows_several:
        options = [(key, label) for key, label in one.options]
        is_expanded = (
            len(options) <= MAX_EXPANDED_OPTIONS and not value and all(_is_plain(label) for _, label in options)
        )
        return [
            _choices(
                input_id,
                one.label,
                options,
                value,
                settings,
                is_required=settings.requires_answers and one.is_required,
                is_expanded=is_expanded,
            )
        ]
    # Several choices are always shown as check boxes, and Teams reads their labels as Markdown: where that would change
    # a label, the labels are listed above and the boxes have numbers. A list to open has no Markdown, but allows only
    # one choice.
    keys = [(escape_option(key), label) for key, label in one.options]
    needs_numbers = not all(_is_plain(label) for _, label in keys)
    legend = [each for n, (_, label) in enumerate(keys, 1) for each in lines(f"{n}) {label}", spacing="none")]
    options = [(key, str(n)) for n, (key, _) in enumerate(keys, 1)] if needs_numbers else keys
    choices = _choices(input_id, one.label, options, value, settings, is_required=is_required, is_expanded=True)
    return [*(legend if needs_numbers else []), choices | {"isMultiSelect": True}]


def _choices(
    input_id: CardInputId,
    label: str,
    options: Sequence[tuple[str, str]],
    value: str,
    settings: InputSettings,
    *,
    is_required: bool = False,
    is_expanded: bool = False,
) -> Json:
    """A list to open; or all options at once, which takes fewer taps, for labels that mean nothing in Markdown."""
    element = _input("ChoiceSet", input_id, label, settings, is_required=is_required)
    element |= {"style": "expanded" if is_expanded else "compact", "wrap": True}
    element["choices"] = [
        {"title": without_templates(non_empty(" ".join(title.split()))), "value": json_safe(key)}
        for key, title in options
    ]
    return element | ({"value": json_safe(value)} if value else {})


def _is_plain(title: str) -> bool:
    return _PLAIN.fullmatch(title) is not None and not _LINK.search(title) and title == title.strip()


def _time_inputs(one: TimeInput, settings: InputSettings) -> list[Json]:
    """Times to choose from beside a field to type one; in a dialog a calendar, too, which folds.

    No one of them is required in Teams: the server asks, for each of them is enough.
    """
    chosen_id, typed_id = (CardInputId(one.name, role, settings.repeat) for role in ("chosen", "typed"))
    typed = _typed_time_input(one, settings, typed_id)
    stored_choice = [(one.value, one.text or one.value)] if one.value else []
    choices = [*stored_choice, *one.choices]
    if choices:
        value = input_value(settings.submitted_parts, chosen_id, one.value)
        chosen = _choices(chosen_id, one.label, choices, value, settings)
        typed = side_by_side([chosen | {"placeholder": say(settings.language, "choose")}, typed])
    if not settings.has_calendar:
        return [typed]
    calendar = Fold(f"calendar-{one.name}", say(settings.language, "calendar"), [_calendar(one, settings)])
    return [typed, *fold_elements([calendar])]


def _typed_time_input(one: TimeInput, settings: InputSettings, input_id: CardInputId) -> Json:
    label = say(settings.language, "typed_time") if one.value or one.choices else one.label
    element = _input("Text", input_id, label, settings)
    element |= {"maxLength": MAX_TIME_CHARACTERS}
    element |= {"placeholder": json_safe(one.hint)} if one.hint else {}
    value = json_safe(input_value(settings.submitted_parts, input_id, ""))
    return element | ({"value": value} if value else {})


def _calendar(one: TimeInput, settings: InputSettings) -> Json:
    """A date and a time. The label of the time says what a date alone means."""
    date, time = CardInputId(one.name, "date", settings.repeat), CardInputId(one.name, "time", settings.repeat)
    date_label = say(settings.language, "date")
    time_label = say(settings.language, "time", time=END_OF_DAY.isoformat("minutes"))
    elements = []
    for kind, input_id, label in (("Date", date, date_label), ("Time", time, time_label)):
        value = input_value(settings.submitted_parts, input_id, "")
        elements.append(_input(kind, input_id, label, settings) | ({"value": value} if value else {}))
    return side_by_side(elements)


def side_by_side(elements: Sequence[Json], widths: Sequence[int | str] = ()) -> Json:
    """Inputs beside one another. `widths`: of each, in parts of the line; the same for all if they are not given."""
    columns = [
        {"type": "Column", "width": width, "verticalContentAlignment": "bottom", "items": [element]}
        for element, width in zip(elements, widths or ["stretch"] * len(elements), strict=True)
    ]
    return {"type": "ColumnSet", "columns": columns}


def _person_input(one: PersonInput, settings: InputSettings) -> list[Json]:
    """A list of colleagues that is filtered by the first letters."""
    if not settings.colleagues:
        return [line(run(one.label)), *lines(say(settings.language, "no_colleagues"))]
    input_id = CardInputId(one.name, "who", settings.repeat)
    names = Counter(name for _, name in settings.colleagues)
    # A filtered list distinguishes entries by their titles: of two with one name, it would always send the first.
    options = [(key, name if names[name] == 1 else f"{name} ({key[-6:]})") for key, name in settings.colleagues]
    choices = _choices(
        input_id,
        one.label,
        options,
        input_value(settings.submitted_parts, input_id, ""),
        settings,
        is_required=settings.requires_answers,
    )
    return [choices | {"style": "filtered"}]
