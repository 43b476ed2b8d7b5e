"""The inputs of a form. What comes back from them is read by `adapters.teams.cards.input_values`."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.shared.text_splitting import utf16_length
from adapters.teams.cards.elements import ATTENTION, WARNING, line, lines, non_empty, run, without_templates
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
from flows.screens.elements import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput

MAX_EXPANDED_OPTIONS = 5
"""Options that are all shown at once."""
STRETCH_LINES = 5
"""Line ends in a text whose field takes all the room that its card has: by itself it shows four lines."""

_PLAIN = re.compile(r"(?!\d+[.)]\s)(?:[^\W_]|[ ,.;:'’“”\"?!()/—–…%€$£°¿¡·])*")
"""A text without a sign that Markdown could take for its own, however it is read."""
_LINK = re.compile(r"://|www\.", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")

Colleagues = Sequence[tuple[str, str]]
"""Ids and names."""


@dataclass(frozen=True, slots=True)
class InputSettings:
    """How inputs are drawn. `strict`: the client asks for what is required before it sends.

    `faults`: by input name. `given`: what was sent before, put in again.
    """

    language: str
    repeat: int = 0
    requires_answers: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    submitted_parts: SubmittedParts | None = None
    colleagues: Colleagues = ()


def input_elements(one: Input, how: InputSettings) -> list[Json]:
    """One input, and under it what is wrong with what it held."""
    return [*_elements(one, how), *_error_lines(how.errors.get(one.name, ""))]


def _error_lines(fault: str) -> list[Json]:
    return lines(f"{WARNING} {fault}", spacing="small", **ATTENTION) if fault else []


def _elements(one: Input, how: InputSettings) -> list[Json]:
    match one:
        case TextInput(suggestions=words) if words:
            return _suggestion_inputs(one, how)
        case TextInput():
            return [_text_input(one, how)]
        case ChoiceInput(options=options):
            return _choice_input(one, how) if options else []
        case TimeInput():
            return [_time_input(one, how)]
        case PersonInput():
            return _person_input(one, how)


def initial_texts_digest(form: Form, refused: SubmittedData | None = None) -> str:
    """What the form's texts held when it came up or, where it has none, its picks: as `filled.unsent` compares it.

    `refused`: what was sent and not taken stands in it again. The next tap goes without it: no step waits for a form.
    """
    texts = {one.name: one.value for one in form.inputs if isinstance(one, TextInput | TimeInput)}
    picks = {one.name: join_options(one.selected_ids) for one in form.inputs if isinstance(one, ChoiceInput)}
    held = note_texts(refused, picks=not texts) if refused is not None else texts or picks
    return texts_digest(held) if texts else CHOICES_PREFIX + texts_digest(held)


def _input(kind: str, input_id: CardInputId, label: str, how: InputSettings, *, required: bool = False) -> Json:
    """An input. A label is drawn as a run is: without Markdown."""
    drawn: Json = {"type": f"Input.{kind}", "id": str(input_id)}
    drawn |= {"label": without_templates(label)} if label.strip() else {}
    # The client's own message is Markdown: it holds our words alone.
    return drawn | ({"isRequired": True, "errorMessage": say(how.language, "required")} if required else {})


def _text_input(
    one: TextInput, how: InputSettings, role: str = "", label: str = "", *, begun: str | None = None
) -> Json:
    """A field to type in. One line cannot hold a text of several."""
    input_id = CardInputId(one.name, role, how.repeat)
    value = json_safe(input_value(how.submitted_parts, input_id, one.value if begun is None else begun))
    drawn = _input(
        "Text", input_id, label or one.label, how, required=how.requires_answers and one.is_required and not role
    )
    drawn |= {"isMultiline": True} if one.is_multiline or "\n" in value else {}
    drawn |= {"height": "stretch"} if value.count("\n") >= STRETCH_LINES else {}
    drawn |= {"maxLength": one.limit} if utf16_length(value) <= one.limit else {}
    drawn |= {"placeholder": json_safe(one.hint)} if one.hint else {}
    return drawn | ({"value": value} if value else {})


def _suggestion_inputs(one: TextInput, how: InputSettings) -> list[Json]:
    """Words to pick from, and a field for another one, which wins.

    The list is no typeahead: a half-typed word in one is invalid, and every button of the card would be dead.
    """
    words = [(word, word) for word in dict.fromkeys(one.suggestions) if word.strip()]
    known = one.value in dict(words)
    input_id = CardInputId(one.name, "picked", how.repeat)
    picked = input_value(how.submitted_parts, input_id, one.value if known else "")
    own = _text_input(
        one, how, "typed", say(how.language, "own_word", label=one.label), begun="" if known else one.value
    )
    return [_choices(input_id, one.label, words, picked, how), own]


def _choice_input(one: ChoiceInput, how: InputSettings) -> list[Json]:
    input_id = CardInputId(one.name, "many" if one.allows_several else "pick", how.repeat)
    held = input_value(
        how.submitted_parts,
        input_id,
        join_options(one.selected_ids) if one.allows_several else "".join(one.selected_ids[:1]),
    )
    if not one.allows_several:
        options = [(key, label) for key, label in one.options]
        few = len(options) <= MAX_EXPANDED_OPTIONS and not held and all(_is_plain(label) for _, label in options)
        return [
            _choices(
                input_id, one.label, options, held, how, required=how.requires_answers and one.is_required, expanded=few
            )
        ]
    # Several are always shown as a list with boxes, whose words Markdown reads: where it would change them they stand
    # above, and the boxes have numbers. A list to open has no Markdown, but holds one choice only.
    keys = [(escape_option(key), label) for key, label in one.options]
    marked = not all(_is_plain(label) for _, label in keys)
    legend = [each for n, (_, label) in enumerate(keys, 1) for each in lines(f"{n}) {label}", spacing="none")]
    options = [(key, str(n)) for n, (key, _) in enumerate(keys, 1)] if marked else keys
    required = how.requires_answers and one.is_required
    drawn = _choices(input_id, one.label, options, held, how, required=required, expanded=True)
    return [*(legend if marked else []), drawn | {"isMultiSelect": True}]


def _choices(
    input_id: CardInputId,
    label: str,
    options: Sequence[tuple[str, str]],
    held: str,
    how: InputSettings,
    *,
    required: bool = False,
    expanded: bool = False,
) -> Json:
    """A list to open; or one in full, which takes less taps, for words that Markdown leaves alone."""
    drawn = _input("ChoiceSet", input_id, label, how, required=required)
    drawn |= {"style": "expanded" if expanded else "compact", "wrap": True}
    drawn["choices"] = [
        {"title": without_templates(non_empty(" ".join(title.split()))), "value": json_safe(key)}
        for key, title in options
    ]
    return drawn | ({"value": json_safe(held)} if held else {})


def _is_plain(title: str) -> bool:
    return _PLAIN.fullmatch(title) is not None and not _LINK.search(title) and title == title.strip()


def _time_input(one: TimeInput, how: InputSettings) -> Json:
    """A date and a time side by side; as text, if it is one that they cannot hold."""
    date, time = CardInputId(one.name, "date", how.repeat), CardInputId(one.name, "time", how.repeat)
    found = _MOMENT.fullmatch(one.value)
    begun = (found[1], found[2]) if found else ("", "")
    required = how.requires_answers and one.is_required
    days = _input("Date", date, one.label, how, required=required)
    hours = _input("Time", time, say(how.language, "time"), how, required=required)
    columns = []
    for drawn, input_id, value in ((days, date, begun[0]), (hours, time, begun[1])):
        held = input_value(how.submitted_parts, input_id, value)
        item = drawn | ({"value": held} if held else {})
        columns.append({"type": "Column", "width": "stretch", "verticalContentAlignment": "bottom", "items": [item]})
    return {"type": "ColumnSet", "columns": columns}


def _person_input(one: PersonInput, how: InputSettings) -> list[Json]:
    """Colleagues to type the first letters of."""
    if not how.colleagues:
        return [line(run(one.label)), *lines(say(how.language, "no_colleagues"))]
    input_id = CardInputId(one.name, "who", how.repeat)
    names = Counter(name for _, name in how.colleagues)
    # A typeahead tells people apart by what it shows: two of one name would both be the first of them.
    options = [(key, name if names[name] == 1 else f"{name} ({key[-6:]})") for key, name in how.colleagues]
    drawn = _choices(
        input_id, one.label, options, input_value(how.submitted_parts, input_id, ""), how, required=how.requires_answers
    )
    return [drawn | {"style": "filtered"}]
