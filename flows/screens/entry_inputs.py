"""The inputs of the forms that record something, drawn from the value that is there."""

from flows.definition.model import Field, FieldKind
from flows.engine.choices import MAX_LEVEL
from flows.limits import (
    MAX_NAME_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_WORD_CHARACTERS,
)
from flows.screens.inputs import ChoiceInput, Input, TextInput, TimeInput
from flows.state.entries import (
    Commitment,
    CommitmentState,
    Entry,
    Expression,
    Fact,
    Feeling,
    Holder,
    Level,
    Moment,
    Selection,
    Standing,
    Text,
    Value,
)
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer
from flows.wording.time_choices import NO_DATE, time_choices

MAX_STRENGTH = 3
SECONDARY_INPUTS = frozenset({"expression", "holder"})
"""Questions that seldom have another answer than the usual one."""
MAX_OPTION_CHARACTERS = 60
"""Characters of a fact in a list to pick from."""


def entry_inputs(field: Field, value: Value | None, localizer: Localizer, now: float) -> tuple[Input, ...]:
    """The inputs for a value of this field, filled with the one that is there."""
    label, hint = localizer(field.label), localizer(field.hint)
    options = tuple((key, localizer(words)) for key, words in field.options.items())
    match field.kind:
        case FieldKind.FACT:
            fact = value if isinstance(value, Fact) else Fact("")
            text = TextInput(
                "text", label, fact.text, hint, MAX_TEXT_CHARACTERS, is_multiline="\n" in fact.text, is_required=True
            )
            return text, enum_input("expression", Expression, fact.expression, localizer)
        case FieldKind.FEELING:
            return _feeling_inputs(field, value, localizer)
        case FieldKind.COMMITMENT:
            return _commitment_inputs(field, value, localizer, now)
        case FieldKind.PICK:
            selected_ids = value.options if isinstance(value, Selection) else ()
            return (ChoiceInput("options", label, options, selected_ids, allows_several=field.many, is_required=True),)
        case FieldKind.LEVEL:
            selected_ids = (str(value.level),) if isinstance(value, Level) else ()
            levels = tuple((str(n), localizer.text(f"level.{n}")) for n in range(1, MAX_LEVEL + 1))
            return (ChoiceInput("level", label, levels, selected_ids, is_required=True),)
        case FieldKind.MOMENT:
            time = value.time if isinstance(value, Moment) else None
            return (_time_input(label, time, localizer, now, is_required=True),)
        case _:
            before = value.text if isinstance(value, Text) else ""
            return (
                TextInput(
                    "text", label, before, hint, MAX_TEXT_CHARACTERS, is_multiline="\n" in before, is_required=True
                ),
            )


def _feeling_inputs(field: Field, value: Value | None, localizer: Localizer) -> tuple[Input, ...]:
    words = tuple(localizer(option) for option in field.options.values())
    feeling = value if isinstance(value, Feeling) else Feeling("")
    word = localizer(field.options[feeling.word]) if feeling.word in field.options else feeling.word
    strengths = tuple((str(n), localizer.text(f"strength.{n}")) for n in range(1, MAX_STRENGTH + 1))
    return (
        TextInput(
            "word",
            localizer(field.label),
            word,
            localizer(field.hint),
            MAX_WORD_CHARACTERS,
            is_required=True,
            suggestions=words,
        ),
        ChoiceInput(
            "strength", localizer.text("form.strength"), strengths, (str(feeling.strength),), is_secondary=True
        ),
    )


def _commitment_inputs(field: Field, value: Value | None, localizer: Localizer, now: float) -> tuple[Input, ...]:
    promise = value if isinstance(value, Commitment) else Commitment("", "")
    return (
        TextInput(
            "who",
            localizer.text("form.who"),
            promise.who,
            localizer.text("form.who.hint"),
            MAX_NAME_CHARACTERS,
            is_required=True,
        ),
        TextInput(
            "what",
            localizer.text("form.what"),
            promise.what,
            localizer(field.hint),
            MAX_TEXT_CHARACTERS,
            is_required=True,
        ),
        _time_input(localizer.text("form.when"), promise.due_at, localizer, now, has_no_date_choice=True),
    )


def _time_input(
    label: str,
    time: float | None,
    localizer: Localizer,
    now: float,
    *,
    is_required: bool = False,
    has_no_date_choice: bool = False,
) -> TimeInput:
    """Asks for a time. `has_no_date_choice`: there may be none, if that is said."""
    choices = [(choice.answer, choice.label) for choice in time_choices(now, localizer)]
    if has_no_date_choice:
        choices.append((NO_DATE, localizer.text("time.none")))
    return TimeInput(
        "when",
        label,
        localizer.local_iso_time(time) if time is not None else "",
        localizer.text("form.when.hint"),
        is_required=is_required,
        epoch_seconds=time,
        text=localizer.format_time(time) if time is not None else "",
        choices=tuple(choices),
    )


def dispute_inputs(recovery: Recovery, localizer: Localizer, entry: Entry | None) -> tuple[Input, ...]:
    """Which fact is weighed, and our view of it; none if there are no facts. `entry`: the one fact that is meant."""
    facts = [e for e in recovery.entries if isinstance(e.value, Fact)]
    if not facts:
        return ()
    value = entry.value if entry and isinstance(entry.value, Fact) else Fact("")
    options = tuple((e.id, _shorten_option(e.value.text)) for e in facts if isinstance(e.value, Fact))
    selected_ids = (entry.id,) if entry else (facts[0].id,) if len(facts) == 1 else ()
    return (
        ChoiceInput("fact", localizer.text("form.fact"), options, selected_ids, is_required=True),
        TextInput("our_view", localizer.text("form.our_view"), value.our_view, limit=MAX_TEXT_CHARACTERS),
        TextInput("evidence", localizer.text("form.evidence"), value.evidence, limit=MAX_TEXT_CHARACTERS),
        enum_input("standing", Standing, value.standing if entry else Standing.DISPUTED, localizer),
    )


def _shorten_option(text: str) -> str:
    return text if len(text) <= MAX_OPTION_CHARACTERS else text[: MAX_OPTION_CHARACTERS - 1].rstrip() + "…"


def confirmation_input(value: Feeling | Text, localizer: Localizer) -> ChoiceInput:
    """What the client answered."""
    answers = {None: "open", True: "yes", False: "no"}
    options = tuple((key, localizer.text(f"confirmed.{key}")) for key in answers.values())
    return ChoiceInput("confirmed", localizer.text("form.confirmed"), options, (answers[value.is_confirmed],))


def enum_input(
    name: str,
    choices: type[Expression | Holder | Standing | CommitmentState],
    selected_id: str,
    localizer: Localizer,
    *,
    prefix: str = "",
) -> ChoiceInput:
    """A choice among the members of an enumeration."""
    options = tuple((choice.value, localizer.text(f"{prefix or name}.{choice.value}")) for choice in choices)
    is_secondary = name in SECONDARY_INPUTS
    return ChoiceInput(name, localizer.text(f"form.{name}"), options, (selected_id,), is_secondary=is_secondary)
