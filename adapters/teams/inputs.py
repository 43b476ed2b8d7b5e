"""The inputs of a form. What comes back from them is read by `adapters.teams.filled`."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.pieces import units
from adapters.teams.filled import PICKS, Data, FieldId, Held, joined, kept_of, noted, packed, was_of
from adapters.teams.kit import LOUD, WARNING, filler, line, lines, run, unexpanded
from adapters.teams.text import Json, sound
from adapters.teams.words import say
from flows.cards import Form, Input, PickInput, TextInput, WhenInput, WhoInput

FEW = 5
"""Options that are all shown at once."""
MANY = 5
"""Line ends in a text whose field takes all the room that its card has: by itself it shows four lines."""

_PLAIN = re.compile(r"(?!\d+[.)]\s)(?:[^\W_]|[ ,.;:'’“”\"?!()/—–…%€$£°¿¡·])*")
"""A text without a sign that Markdown could take for its own, however it is read."""
_LINKED = re.compile(r"://|www\.", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")

Colleagues = Sequence[tuple[str, str]]
"""Ids and names."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How inputs are drawn. `strict`: the client asks for what is required before it sends.

    `faults`: by input name. `given`: what was sent before, put in again.
    """

    language: str
    nth: int = 0
    strict: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)
    given: Held | None = None
    colleagues: Colleagues = ()


def input_elements(one: Input, how: Drawing) -> list[Json]:
    """One input, and under it what is wrong with what it held."""
    return [*_elements(one, how), *_fault(how.faults.get(one.name, ""))]


def _fault(fault: str) -> list[Json]:
    return lines(f"{WARNING} {fault}", spacing="small", **LOUD) if fault else []


def _elements(one: Input, how: Drawing) -> list[Json]:
    match one:
        case TextInput(suggestions=words) if words:
            return _suggesting(one, how)
        case TextInput():
            return [_box(one, how)]
        case PickInput(options=options):
            return _pick(one, how) if options else []
        case WhenInput():
            return [_when(one, how)]
        case WhoInput():
            return _who(one, how)


def was(form: Form, refused: Data | None = None) -> str:
    """What the form's texts held when it came up or, where it has none, its picks: as `filled.unsent` compares it.

    `refused`: what was sent and not taken stands in it again. The next tap goes without it: no step waits for a form.
    """
    texts = {one.name: one.value for one in form.inputs if isinstance(one, TextInput | WhenInput)}
    picks = {one.name: joined(one.picked) for one in form.inputs if isinstance(one, PickInput)}
    held = noted(refused, picks=not texts) if refused is not None else texts or picks
    return was_of(held) if texts else PICKS + was_of(held)


def _input(kind: str, at: FieldId, label: str, how: Drawing, *, required: bool = False) -> Json:
    """An input. A label is drawn as a run is: without Markdown."""
    drawn: Json = {"type": f"Input.{kind}", "id": str(at)}
    drawn |= {"label": unexpanded(label)} if label.strip() else {}
    # The client's own message is Markdown: it holds our words alone.
    return drawn | ({"isRequired": True, "errorMessage": say(how.language, "required")} if required else {})


def _box(one: TextInput, how: Drawing, role: str = "", label: str = "", *, begun: str | None = None) -> Json:
    """A field to type in. One line cannot hold a text of several."""
    at = FieldId(one.name, role, how.nth)
    value = sound(kept_of(how.given, at, one.value if begun is None else begun))
    drawn = _input("Text", at, label or one.label, how, required=how.strict and one.required and not role)
    drawn |= {"isMultiline": True} if one.long or "\n" in value else {}
    drawn |= {"height": "stretch"} if value.count("\n") >= MANY else {}
    drawn |= {"maxLength": one.limit} if units(value) <= one.limit else {}
    drawn |= {"placeholder": sound(one.hint)} if one.hint else {}
    return drawn | ({"value": value} if value else {})


def _suggesting(one: TextInput, how: Drawing) -> list[Json]:
    """Words to pick from, and a field for another one, which wins.

    The list is no typeahead: a half-typed word in one is invalid, and every button of the card would be dead.
    """
    words = [(word, word) for word in dict.fromkeys(one.suggestions) if word.strip()]
    known = one.value in dict(words)
    at = FieldId(one.name, "picked", how.nth)
    picked = kept_of(how.given, at, one.value if known else "")
    own = _box(one, how, "typed", say(how.language, "own_word", label=one.label), begun="" if known else one.value)
    return [_choices(at, one.label, words, picked, how), own]


def _pick(one: PickInput, how: Drawing) -> list[Json]:
    at = FieldId(one.name, "many" if one.many else "pick", how.nth)
    held = kept_of(how.given, at, joined(one.picked) if one.many else "".join(one.picked[:1]))
    if not one.many:
        options = [(key, label) for key, label in one.options]
        few = len(options) <= FEW and not held and all(_is_plain(label) for _, label in options)
        return [_choices(at, one.label, options, held, how, required=how.strict and one.required, expanded=few)]
    # Several are always shown as a list with boxes, whose words Markdown reads: where it would change them they stand
    # above, and the boxes have numbers. A list to open has no Markdown, but holds one choice only.
    keys = [(packed(key), label) for key, label in one.options]
    marked = not all(_is_plain(label) for _, label in keys)
    legend = [each for n, (_, label) in enumerate(keys, 1) for each in lines(f"{n}) {label}", spacing="none")]
    options = [(key, str(n)) for n, (key, _) in enumerate(keys, 1)] if marked else keys
    required = how.strict and one.required
    drawn = _choices(at, one.label, options, held, how, required=required, expanded=True)
    return [*(legend if marked else []), drawn | {"isMultiSelect": True}]


def _choices(
    at: FieldId,
    label: str,
    options: Sequence[tuple[str, str]],
    held: str,
    how: Drawing,
    *,
    required: bool = False,
    expanded: bool = False,
) -> Json:
    """A list to open; or one in full, which takes less taps, for words that Markdown leaves alone."""
    drawn = _input("ChoiceSet", at, label, how, required=required)
    drawn |= {"style": "expanded" if expanded else "compact", "wrap": True}
    drawn["choices"] = [
        {"title": unexpanded(filler(" ".join(title.split()))), "value": sound(key)} for key, title in options
    ]
    return drawn | ({"value": sound(held)} if held else {})


def _is_plain(title: str) -> bool:
    return _PLAIN.fullmatch(title) is not None and not _LINKED.search(title) and title == title.strip()


def _when(one: WhenInput, how: Drawing) -> Json:
    """A date and a time side by side; as text, if it is one that they cannot hold."""
    date, time = FieldId(one.name, "date", how.nth), FieldId(one.name, "time", how.nth)
    found = _MOMENT.fullmatch(one.value)
    begun = (found[1], found[2]) if found else ("", "")
    required = how.strict and one.required
    days = _input("Date", date, one.label, how, required=required)
    hours = _input("Time", time, say(how.language, "time"), how, required=required)
    columns = []
    for drawn, at, value in ((days, date, begun[0]), (hours, time, begun[1])):
        held = kept_of(how.given, at, value)
        item = drawn | ({"value": held} if held else {})
        columns.append({"type": "Column", "width": "stretch", "verticalContentAlignment": "bottom", "items": [item]})
    return {"type": "ColumnSet", "columns": columns}


def _who(one: WhoInput, how: Drawing) -> list[Json]:
    """Colleagues to type the first letters of."""
    if not how.colleagues:
        return [line(run(one.label)), *lines(say(how.language, "no_colleagues"))]
    at = FieldId(one.name, "who", how.nth)
    names = Counter(name for _, name in how.colleagues)
    # A typeahead tells people apart by what it shows: two of one name would both be the first of them.
    options = [(key, name if names[name] == 1 else f"{name} ({key[-6:]})") for key, name in how.colleagues]
    drawn = _choices(at, one.label, options, kept_of(how.given, at, ""), how, required=how.strict)
    return [drawn | {"style": "filtered"}]
