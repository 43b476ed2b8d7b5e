"""The inputs of a form, as input blocks. What comes back from them is read by `adapters.slack.filled`."""

from dataclasses import replace

from adapters.slack.fields import ANSWER, GLUES, PICKED, TYPED, FieldId
from adapters.slack.kit import LABEL, VALUE
from adapters.slack.pieces import cut, size, units
from adapters.slack.text import Json, plain
from adapters.slack.words import say
from flows.cards import Input, PickInput, TextInput, WhenInput, WhoInput

MOST_TYPED = 3000
"""Characters that one input takes."""

PART = 2400
"""Characters of a longer text that one input begins with: there is room to add some."""

PLACEHOLDER, NAME = 150, 2000
"""Characters of a hint, and of an input's label."""

IN_VIEW = 10
"""Options that radio buttons and checkboxes take."""

IN_LIST = 100
"""Options of a list, or of one of its groups."""

MOMENTS = range(10**9, 10**10)
"""Epoch seconds that a date picker takes: those with ten digits."""


def input_blocks(field: Input, nth: int, language: str) -> list[Json]:
    """The blocks of one input: one, unless it offers words or holds a long text."""
    at = FieldId(field.name, nth)
    match field:
        case TextInput(suggestions=words) if words:
            return _suggesting(field, at, language)
        case TextInput(value=value) if units(value) > PART:
            return _parted(field, at, language)
        case TextInput():
            return [_input(at, field.label, _box(field, field.value), optional=not field.required)]
        case PickInput(options=options):
            pick = _pick(field)
            answered = "initial_option" in pick  # and stays so: one choice can be changed, not taken back
            return [_input(at, field.label, pick, optional=not (field.required or answered))] if options else []
        case WhenInput():
            return [_input(at, field.label, _when(field), optional=not field.required)]
        case WhoInput():
            return [_input(at, field.label, {"type": "users_select"}, optional=False)]


def _input(at: FieldId, label: str, element: Json, *, optional: bool) -> Json:
    return {
        "type": "input",
        "block_id": str(at),
        "label": plain(label, NAME),
        "element": element | {"action_id": ANSWER},
        "optional": optional,
    }


def _box(field: TextInput, value: str) -> Json:
    """A field to type in. One line sends the form with Enter, but it cannot hold a text of several."""
    box: Json = {"type": "plain_text_input", "multiline": field.long or "\n" in value}
    limit = min(field.limit, MOST_TYPED)
    if units(value) <= limit:
        box["max_length"] = limit
    if field.hint:
        box["placeholder"] = plain(field.hint, PLACEHOLDER)
    return box | ({"initial_value": value} if value else {})


def _suggesting(field: TextInput, at: FieldId, language: str) -> list[Json]:
    """Words to pick from, and a field for another one, which wins."""
    words = tuple((word, word) for word in dict.fromkeys(field.suggestions) if size(word) <= VALUE)
    known = field.value in dict(words)
    offered = PickInput(field.name, field.label, words, (field.value,) if known else ())
    own = _box(field, "" if known else field.value)
    label = say(language, "own_word", label=field.label)
    picks = [_input(replace(at, role=PICKED), field.label, _pick(offered), optional=True)] if words else []
    return [*picks, _input(replace(at, role=TYPED), label, own, optional=True)]


def _parted(field: TextInput, at: FieldId, language: str) -> list[Json]:
    """A long text in several fields, and an empty one at the end while there may be more."""
    parts = _parts(field.value)
    if len(field.value) < field.limit:
        parts.append(("n", ""))
    blocks = []
    for number, (glue, part) in enumerate(parts, 1):
        label = say(language, "part", label=field.label, number=str(number), total=str(len(parts)))
        box = _box(replace(field, long=True, hint=field.hint if not part else ""), part)
        optional = number > 1 or not field.required
        blocks.append(_input(replace(at, part=number, glue=glue), label, box, optional=optional))
    return blocks


def _parts(text: str) -> list[tuple[str, str]]:
    """The parts of a text, each with what stood before it."""
    parts, glue = [], ""
    *pieces, last = cut(text, PART, units) or [""]
    for piece in pieces:
        after = next(mark for mark in ("nn", "n", "s", "") if piece.endswith(GLUES[mark]))
        parts.append((glue, piece.removesuffix(GLUES[after])))
        glue = after
    return [*parts, (glue, last)]


def _pick(field: PickInput) -> Json:
    options = [_option(key, label) for key, label in field.options]
    picked = [option for option, (key, _) in zip(options, field.options, strict=True) if key in field.picked]
    few = len(options) <= IN_VIEW
    if field.many:
        begun: Json = {"initial_options": picked} if picked else {}
        return {"type": "checkboxes" if few else "multi_static_select"} | _offered(options) | begun
    begun = {"initial_option": picked[0]} if picked else {}
    return {"type": "radio_buttons" if few else "static_select"} | _offered(options) | begun


def _offered(options: list[Json]) -> Json:
    """The options; in groups, named by their numbers, if a list takes no more of them."""
    if len(options) <= IN_LIST:
        return {"options": options}
    starts = range(0, len(options), IN_LIST)
    groups = [(start, options[start : start + IN_LIST]) for start in starts]
    return {
        "option_groups": [
            {"label": plain(f"{start + 1}–{start + len(some)}", LABEL), "options": some} for start, some in groups
        ]
    }


def _option(key: str, label: str) -> Json:
    """An option; what is too long for its words goes on in its description."""
    first, *rest = cut(label.replace("\n", " "), LABEL) or [""]
    more = {"description": plain("".join(rest), LABEL)} if rest else {}
    return {"text": plain(first, LABEL), "value": key} | more


def _when(field: WhenInput) -> Json:
    """A date and time; as text, if it is one that Slack's own field cannot hold."""
    if field.at is not None and int(field.at) not in MOMENTS:
        return {"type": "plain_text_input", "multiline": False} | (
            {"initial_value": field.value} if field.value else {}
        )
    return {"type": "datetimepicker"} | ({"initial_date_time": int(field.at)} if field.at is not None else {})
