"""The forms, drawn from the state. What comes back is read by `flows.input.form_answers`."""

from flows.action_ids import FormId, FormKind, decode_form_id
from flows.definition.model import Field, FieldKind, Flow
from flows.errors import UnknownForm
from flows.limits import (
    MAX_ACCOUNT_CHARACTERS,
    MAX_MESSAGE_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_SUMMARY_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_WORD_CHARACTERS,
)
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput
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
from flows.state.recovery import Recovery, SummaryVersion
from flows.state.working_hours import WorkingHours, hours_as_typed
from flows.wording.localization import Localizer
from flows.wording.summary import summary_document

MAX_LEVEL = 5
MAX_STRENGTH = 3
REPEATABLE_KINDS = frozenset({FieldKind.FACT, FieldKind.COMMITMENT})
"""Kinds of which people say several in a row."""
MAX_OPTION_CHARACTERS = 60
"""Characters of a fact in a list to pick from."""


def dialog_form(flow: Flow, recovery: Recovery, form_id_text: str, localizer: Localizer) -> Form | None:
    """The form of a recovery with this id; None if there is none, or if what it was about is gone."""
    try:
        form_id = decode_form_id(form_id_text)
    except UnknownForm:
        return None
    match form_id.kind:
        case FormKind.TIP:
            return tip_form(localizer)
        case FormKind.HAND_OVER | FormKind.OBSERVE:
            return _person_form(form_id, localizer)
        case FormKind.NOTE:
            return note_form(flow, recovery, form_id.subject, localizer)
        case FormKind.EDIT:
            return _edit_form(flow, recovery, form_id.subject, localizer)
        case FormKind.SUMMARY if form_id.subject in set(SummaryVersion):
            return _summary_form(flow, recovery, SummaryVersion(form_id.subject), localizer)
        case _:
            return None


def _person_form(form_id: FormId, localizer: Localizer) -> Form:
    person = PersonInput("person", localizer.text("form.person"))
    title, submit_label = localizer.text(f"form.{form_id.kind}"), localizer.text(f"form.{form_id.kind}.submit")
    return Form(form_id.encode(), title, (person,), submit_label)


def start_form(localizer: Localizer, flow_id: str = "", account: str = "", message: str = "") -> Form:
    """Asks for the account to start this flow with; the default flow, if none is named.

    `message`: what somebody wrote, which can be the first fact.
    """
    inputs = [
        TextInput("account", localizer.text("form.account"), account, limit=MAX_ACCOUNT_CHARACTERS, is_required=True)
    ]
    if message:
        label, hint = localizer.text("form.first_fact"), localizer.text("form.first_fact.hint")
        inputs.append(TextInput("message", label, message, hint, MAX_MESSAGE_CHARACTERS, is_multiline=True))
    return Form(
        FormId(FormKind.START, flow_id).encode(),
        localizer.text("form.start"),
        tuple(inputs),
        localizer.text("form.start.submit"),
    )


def settings_form(localizer: Localizer, hours: WorkingHours, languages: tuple[tuple[str, str], ...]) -> Form:
    """Asks in which language the guide speaks to somebody, and when they work. `languages`: code and own name."""
    selected_ids = (localizer.language,) if localizer.language in dict(languages) else ()
    inputs = (
        ChoiceInput("language", localizer.text("form.language"), languages, selected_ids),
        TextInput(
            "hours",
            localizer.text("form.hours"),
            hours_as_typed(hours),
            localizer.text("form.hours.hint"),
            MAX_NAME_CHARACTERS,
            is_required=True,
        ),
    )
    return Form(
        FormId(FormKind.SETTINGS).encode(), localizer.text("form.settings"), inputs, localizer.text("form.save")
    )


def tip_form(localizer: Localizer) -> Form:
    """An observer's private word to the responder."""
    text = TextInput("text", localizer.text("form.tip.text"), limit=MAX_TEXT_CHARACTERS, is_required=True)
    return Form(FormId(FormKind.TIP).encode(), localizer.text("form.tip"), (text,), localizer.text("form.send"))


def note_form(flow: Flow, recovery: Recovery, field_id: str, localizer: Localizer) -> Form | None:
    """A new entry in a field. A field that holds one entry shows it, and the new one replaces it."""
    field = flow.field(field_id)
    if field is None:
        return None
    entries = recovery.entries_of(field_id)
    value = entries[-1].value if entries and field.holds_one else None
    inputs = (
        _dispute_inputs(recovery, localizer, None)
        if field.kind is FieldKind.DISPUTE
        else _entry_inputs(field, value, localizer)
    )
    may_repeat = field.many and field.kind in REPEATABLE_KINDS
    if not inputs:
        return None
    form_id = FormId(FormKind.NOTE, field_id).encode()
    return Form(form_id, localizer(field.label), inputs, localizer.text("form.add"), may_repeat=may_repeat)


def _edit_form(flow: Flow, recovery: Recovery, entry_id: str, localizer: Localizer) -> Form | None:
    entry = recovery.entry(entry_id)
    field = flow.field(entry.field_id) if entry else None
    if entry is None or field is None:
        return None
    inputs = _entry_inputs(field, entry.value, localizer)
    if isinstance(entry.value, Fact):
        dispute_inputs = tuple(i for i in _dispute_inputs(recovery, localizer, entry) if i.name != "fact")
        inputs = (*inputs, _enum_input("holder", Holder, entry.value.holder, localizer), *dispute_inputs)
    if isinstance(entry.value, Commitment):
        inputs = (*inputs, _enum_input("state", CommitmentState, entry.value.state, localizer, prefix="promise"))
    if isinstance(entry.value, Feeling) or (isinstance(entry.value, Text) and field.needs_yes):
        inputs = (*inputs, _confirmation_input(entry.value, localizer))
    return Form(FormId(FormKind.EDIT, entry_id).encode(), localizer(field.label), inputs, localizer.text("form.save"))


def _summary_form(flow: Flow, recovery: Recovery, version: SummaryVersion, localizer: Localizer) -> Form:
    text = summary_document(flow, recovery, version, localizer).text
    text_input = TextInput(
        "text", localizer.text(f"summary.name.{version}"), text, limit=MAX_SUMMARY_CHARACTERS, is_multiline=True
    )
    return Form(
        FormId(FormKind.SUMMARY, version).encode(),
        localizer.text("form.summary"),
        (text_input,),
        localizer.text("form.save"),
        localizer.text("form.summary.note"),
    )


def _entry_inputs(field: Field, value: Value | None, localizer: Localizer) -> tuple[Input, ...]:
    label, hint = localizer(field.label), localizer(field.hint)
    options = tuple((key, localizer(words)) for key, words in field.options.items())
    match field.kind:
        case FieldKind.FACT:
            fact = value if isinstance(value, Fact) else Fact("")
            text = TextInput(
                "text", label, fact.text, hint, MAX_TEXT_CHARACTERS, is_multiline="\n" in fact.text, is_required=True
            )
            return text, _enum_input("expression", Expression, fact.expression, localizer)
        case FieldKind.FEELING:
            return _feeling_inputs(field, value, localizer)
        case FieldKind.COMMITMENT:
            return _commitment_inputs(field, value, localizer)
        case FieldKind.PICK:
            selected_ids = value.options if isinstance(value, Selection) else ()
            return (ChoiceInput("options", label, options, selected_ids, allows_several=field.many, is_required=True),)
        case FieldKind.LEVEL:
            now = (str(value.level),) if isinstance(value, Level) else ()
            levels = tuple((str(n), localizer.text(f"level.{n}")) for n in range(1, MAX_LEVEL + 1))
            return (ChoiceInput("level", label, levels, now, is_required=True),)
        case FieldKind.MOMENT:
            at = localizer.local_iso_time(value.time) if isinstance(value, Moment) else ""
            return (
                TimeInput(
                    "when", label, at, is_required=True, epoch_seconds=value.time if isinstance(value, Moment) else None
                ),
            )
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
        ChoiceInput("strength", localizer.text("form.strength"), strengths, (str(feeling.strength),)),
    )


def _commitment_inputs(field: Field, value: Value | None, localizer: Localizer) -> tuple[Input, ...]:
    promise = value if isinstance(value, Commitment) else Commitment("", "")
    due = localizer.local_iso_time(promise.due_at) if promise.due_at is not None else ""
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
        TimeInput("when", localizer.text("form.when"), due, epoch_seconds=promise.due_at),
    )


def _dispute_inputs(recovery: Recovery, localizer: Localizer, entry: Entry | None) -> tuple[Input, ...]:
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
        _enum_input("standing", Standing, value.standing if entry else Standing.DISPUTED, localizer),
    )


def _shorten_option(text: str) -> str:
    return text if len(text) <= MAX_OPTION_CHARACTERS else text[: MAX_OPTION_CHARACTERS - 1].rstrip() + "…"


def _confirmation_input(value: Feeling | Text, localizer: Localizer) -> ChoiceInput:
    answers = {None: "open", True: "yes", False: "no"}
    options = tuple((key, localizer.text(f"confirmed.{key}")) for key in answers.values())
    return ChoiceInput("confirmed", localizer.text("form.confirmed"), options, (answers[value.is_confirmed],))


def _enum_input(
    name: str,
    choices: type[Expression | Holder | Standing | CommitmentState],
    selected_id: str,
    localizer: Localizer,
    *,
    prefix: str = "",
) -> ChoiceInput:
    options = tuple((choice.value, localizer.text(f"{prefix or name}.{choice.value}")) for choice in choices)
    return ChoiceInput(name, localizer.text(f"form.{name}"), options, (selected_id,))
