"""The forms, drawn from the state. What comes back is read by `flows.input.form_answers`."""

from dataclasses import replace

from flows.action_ids import SEPARATOR, FormId, FormKind, SummaryFormSubject, decode_form_id
from flows.definition.model import FieldKind, Flow
from flows.errors import UnknownForm
from flows.limits import (
    MAX_ACCOUNT_CHARACTERS,
    MAX_MESSAGE_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_SUMMARY_CHARACTERS,
    MAX_TEXT_CHARACTERS,
)
from flows.screens.draft_panel import check_form
from flows.screens.entry_inputs import confirmation_input, dispute_inputs, entry_inputs, enum_input
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput
from flows.state.entries import (
    Commitment,
    CommitmentState,
    Fact,
    Feeling,
    Holder,
    Text,
)
from flows.state.local_time.working_hours import WorkingHours, hours_as_typed
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.wording.localization import Localizer
from flows.wording.summaries.documents import summary_document

REPEATABLE_KINDS = frozenset({FieldKind.FACT, FieldKind.COMMITMENT})
"""Kinds of which people say several in a row."""


def dialog_form(flow: Flow, recovery: Recovery, form_id_text: str, localizer: Localizer, now: float) -> Form | None:
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
            return note_form(flow, recovery, form_id.subject, localizer, now)
        case FormKind.EDIT:
            return _edit_form(flow, recovery, form_id.subject, localizer, now)
        case FormKind.SUMMARY if (version := form_id.subject.partition(SEPARATOR)[0]) in set(SummaryVersion):
            return _summary_form(flow, recovery, SummaryVersion(version), localizer)
        case FormKind.CHECK:
            return check_form(flow, recovery, localizer, now)
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


def note_form(flow: Flow, recovery: Recovery, field_id: str, localizer: Localizer, now: float) -> Form | None:
    """A new entry in a field. A field that holds one entry shows it, and the new one replaces it."""
    field = flow.field(field_id)
    if field is None:
        return None
    entries = recovery.entries_of(field_id)
    value = entries[-1].value if entries and field.holds_one else None
    inputs = (
        dispute_inputs(recovery, localizer, None)
        if field.kind is FieldKind.DISPUTE
        else entry_inputs(field, value, localizer, now)
    )
    if field.kind is FieldKind.COMMITMENT:
        inputs = _with_text(inputs, "who", recovery.responder.name)
    if field.kind is FieldKind.FACT:
        inputs = (*inputs, enum_input("holder", Holder, Holder.CLIENT, localizer))
    may_repeat = field.many and field.kind in REPEATABLE_KINDS
    if not inputs:
        return None
    form_id = FormId(FormKind.NOTE, field_id).encode()
    submit_label = localizer.text("form.add" if value is None else "form.update")
    return Form(form_id, localizer(field.label), inputs, submit_label, may_repeat=may_repeat)


def _with_text(inputs: tuple[Input, ...], name: str, text: str) -> tuple[Input, ...]:
    """The inputs, with this text in the one of this name, unless it has one."""
    return tuple(
        replace(one, value=one.value or text) if isinstance(one, TextInput) and one.name == name else one
        for one in inputs
    )


def _edit_form(flow: Flow, recovery: Recovery, entry_id: str, localizer: Localizer, now: float) -> Form | None:
    entry = recovery.entry(entry_id)
    field = flow.field(entry.field_id) if entry else None
    if entry is None or field is None:
        return None
    inputs = entry_inputs(field, entry.value, localizer, now)
    if isinstance(entry.value, Fact):
        view_inputs = (one for one in dispute_inputs(recovery, localizer, entry) if one.name != "fact")
        inputs = (*inputs, enum_input("holder", Holder, entry.value.holder, localizer), *view_inputs)
    if isinstance(entry.value, Commitment):
        inputs = (*inputs, enum_input("state", CommitmentState, entry.value.state, localizer, prefix="promise"))
    if isinstance(entry.value, Feeling) or (isinstance(entry.value, Text) and field.needs_yes):
        inputs = (*inputs, confirmation_input(entry.value, localizer))
    return Form(FormId(FormKind.EDIT, entry_id).encode(), localizer(field.label), inputs, localizer.text("form.update"))


def _summary_form(flow: Flow, recovery: Recovery, version: SummaryVersion, localizer: Localizer) -> Form:
    text = summary_document(flow, recovery, version, localizer).text
    text_input = TextInput(
        "text", localizer.text(f"summary.name.{version}"), text, limit=MAX_SUMMARY_CHARACTERS, is_multiline=True
    )
    return Form(
        FormId(FormKind.SUMMARY, SummaryFormSubject(version, recovery.record_changed_at).encode()).encode(),
        localizer.text("form.summary"),
        (text_input,),
        localizer.text("form.save"),
        localizer.text("form.summary.note"),
    )
