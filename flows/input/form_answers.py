"""What a filled form means: an event, or a fault for each answer that cannot be used. Nothing typed is ever cut."""

from dataclasses import dataclass, replace

from flows.action_ids import FormId, FormKind, SummaryFormSubject, decode_form_id, decode_summary_subject
from flows.coach.coach import NO_COACH, Coach
from flows.coach.recovery_context import summary_hints
from flows.definition.model import Field, FieldKind, Flow
from flows.engine.choices import MAX_LEVEL
from flows.errors import UnknownForm
from flows.input.command_text import clean_account, command_line, shows_something
from flows.input.drafts import draft_from_form
from flows.input.form_reader import FormAnswers, FormReader
from flows.limits import (
    MAX_ACCOUNT_CHARACTERS,
    MAX_MESSAGE_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_SUMMARY_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_WORD_CHARACTERS,
)
from flows.screens.entry_inputs import MAX_STRENGTH
from flows.state.copying import replace_fields
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
from flows.state.events import AddObserver, Event, HandOver, SendTip
from flows.state.identity import Person
from flows.state.local_time.working_hours import WorkingHours
from flows.state.local_time.working_hours import parse_hours as read_hours
from flows.state.record_events import EditEntry, RecordEntry
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary
from flows.text import clean_name, split_text
from flows.wording.localization import Localizer
from flows.wording.summaries.documents import document_from_record, summary_parts


@dataclass(frozen=True, slots=True)
class FormErrors:
    """What is wrong, by input name."""

    by_input: dict[str, str]


def event_from_form(
    flow: Flow,
    recovery: Recovery,
    form_id: str,
    answers: FormAnswers,
    actor: Person,
    localizer: Localizer,
    now: float,
    coach: Coach = NO_COACH,
) -> Event | FormErrors:
    """The event that a filled form means, or what is wrong with it.

    Raises:
        UnknownForm: no such form, or what it was about is gone.

    """
    reader = FormReader(answers, localizer, now)
    event = _event(flow, recovery, decode_form_id(form_id), reader, actor, coach)
    return FormErrors(reader.errors) if reader.errors else event


@dataclass(frozen=True, slots=True)
class StartAnswers:
    """The account to start with, and the first facts in the client's words."""

    account: str
    facts: tuple[Fact, ...] = ()


def read_start_form(answers: FormAnswers, localizer: Localizer) -> StartAnswers | FormErrors:
    """What the start form or the command says, or what is wrong with it. A long message becomes several facts."""
    reader = FormReader(answers, localizer, 0)
    text = " ".join(reader.text("account", MAX_ACCOUNT_CHARACTERS).split())
    name = clean_name(clean_account(command_line(text)), MAX_ACCOUNT_CHARACTERS)
    if not shows_something(name):
        reader.add_error("account", "error.required")
    message = reader.text("message", MAX_MESSAGE_CHARACTERS, is_required=False)
    if reader.errors:
        return FormErrors(reader.errors)
    return StartAnswers(name, tuple(Fact(part) for part in split_text(message, MAX_TEXT_CHARACTERS)))


@dataclass(frozen=True, slots=True)
class PersonalSettings:
    """What somebody chose for themselves."""

    language: str
    working_hours: WorkingHours


def read_settings_form(
    answers: FormAnswers, languages: tuple[str, ...], localizer: Localizer
) -> PersonalSettings | FormErrors:
    """What the settings form says, or what is wrong with it."""
    reader = FormReader(answers, localizer, 0)
    language = reader.choice("language", languages, localizer.language)
    hours = read_hours(reader.text("hours", MAX_NAME_CHARACTERS))
    if hours is None:
        reader.add_error("hours", "error.hours")
    return FormErrors(reader.errors) if reader.errors or hours is None else PersonalSettings(language, hours)


def _event(flow: Flow, recovery: Recovery, form_id: FormId, reader: FormReader, actor: Person, coach: Coach) -> Event:
    subject = form_id.subject
    match form_id.kind:
        case FormKind.TIP:
            return SendTip(actor, reader.text("text", MAX_TEXT_CHARACTERS))
        case FormKind.HAND_OVER:
            return HandOver(actor, reader.person(actor))
        case FormKind.OBSERVE:
            return AddObserver(actor, reader.person(actor))
        case FormKind.NOTE:
            return _new_entry(flow, recovery, subject, reader, actor)
        case FormKind.EDIT:
            return _edited_entry(flow, recovery, subject, reader, actor)
        case FormKind.SUMMARY:
            return _edited_summary(flow, recovery, decode_summary_subject(subject), reader, actor, coach)
        case FormKind.CHECK:
            return draft_from_form(flow, recovery, reader, actor, coach)
        case _:
            raise UnknownForm


def _edited_summary(
    flow: Flow, recovery: Recovery, subject: SummaryFormSubject, reader: FormReader, actor: Person, coach: Coach
) -> EditSummary:
    """The responder's own wording; nothing, where it is what the record says by itself.

    What was recorded or changed since the form was opened did not stand in it, so it was not deleted by the responder.
    """
    if subject.summary_version not in set(SummaryVersion):
        raise UnknownForm
    version = SummaryVersion(subject.summary_version)
    text = reader.text("text", MAX_SUMMARY_CHARACTERS, is_required=False)
    time = subject.record_changed_at
    entries_in_form = tuple(
        entry for entry in recovery.entries if time is None or (entry.changed_at or entry.recorded_at) <= time
    )
    document = document_from_record(flow, replace_fields(recovery, entries=entries_in_form), version, reader.localizer)
    text = "" if text == document.text else text
    hints = summary_hints(coach, flow, recovery, version, text, reader.now)
    return EditSummary(actor, version, text, summary_parts(document), hints)


def _new_entry(flow: Flow, recovery: Recovery, field_id: str, reader: FormReader, actor: Person) -> Event:
    field = flow.field(field_id)
    if field is None:
        raise UnknownForm
    if field.kind is FieldKind.DISPUTE:
        return _disputed_fact(recovery, reader, actor)
    return RecordEntry(actor, field_id, _value(field, reader, None))


def _edited_entry(flow: Flow, recovery: Recovery, entry_id: str, reader: FormReader, actor: Person) -> Event:
    entry = recovery.entry(entry_id)
    field = flow.field(entry.field_id) if entry else None
    if entry is None or field is None:
        raise UnknownForm
    return EditEntry(actor, entry_id, _value(field, reader, entry))


def _disputed_fact(recovery: Recovery, reader: FormReader, actor: Person) -> Event:
    entry = recovery.entry(reader.one("fact"))
    if entry is None or not isinstance(entry.value, Fact):
        reader.add_error("fact", "error.required")
        return EditEntry(actor, "", Fact(""))
    before, after = entry.value, _with_dispute_answers(entry.value, reader)
    our_view, evidence = after.our_view or before.our_view, after.evidence or before.evidence
    # The form begins blank: what is left blank stays as it was.
    return EditEntry(actor, entry.id, replace(after, our_view=our_view, evidence=evidence))


def _with_dispute_answers(fact: Fact, reader: FormReader) -> Fact:
    return replace(
        fact,
        our_view=reader.text("our_view", MAX_TEXT_CHARACTERS, is_required=False),
        evidence=reader.text("evidence", MAX_TEXT_CHARACTERS, is_required=False),
        standing=Standing(reader.choice("standing", tuple(Standing), fact.standing)),
    )


def _value(field: Field, reader: FormReader, entry: Entry | None) -> Value:
    match field.kind:
        case FieldKind.FACT:
            return _fact_value(reader, entry)
        case FieldKind.FEELING:
            return _feeling_value(field, reader, entry)
        case FieldKind.COMMITMENT:
            return _commitment_value(reader, entry)
        case FieldKind.PICK:
            return Selection(reader.options(tuple(field.options), many=field.many))
        case FieldKind.LEVEL:
            return Level(reader.number("level", MAX_LEVEL))
        case FieldKind.MOMENT:
            return Moment(reader.moment("when") or 0.0)
        case _:
            return _text_value(field, reader, entry)


def _text_value(field: Field, reader: FormReader, entry: Entry | None) -> Text:
    text = reader.text("text", MAX_TEXT_CHARACTERS)
    before = entry.value if entry and isinstance(entry.value, Text) else Text("")
    if not field.needs_yes:
        return Text(text)
    answer = reader.answer(before.is_confirmed)
    is_outdated = text != before.text and answer == before.is_confirmed  # a "yes" to other words is no yes to these
    return Text(text, None if is_outdated else answer)


def _fact_value(reader: FormReader, entry: Entry | None) -> Fact:
    fact = entry.value if entry and isinstance(entry.value, Fact) else Fact("")
    fact = replace(
        fact,
        text=reader.text("text", MAX_TEXT_CHARACTERS),
        expression=Expression(reader.choice("expression", tuple(Expression), fact.expression)),
        holder=Holder(reader.choice("holder", tuple(Holder), fact.holder)),
    )
    return _with_dispute_answers(fact, reader) if entry else fact


def _feeling_value(field: Field, reader: FormReader, entry: Entry | None) -> Feeling:
    word = reader.text("word", MAX_WORD_CHARACTERS)
    option_ids = {label.casefold(): key for key, words in field.options.items() for label in words.values()}
    before = entry.value.is_confirmed if entry and isinstance(entry.value, Feeling) else None
    strength = int(reader.choice("strength", tuple(str(n) for n in range(1, MAX_STRENGTH + 1)), "2"))
    return Feeling(option_ids.get(word.casefold(), word), strength, reader.answer(before))


def _commitment_value(reader: FormReader, entry: Entry | None) -> Commitment:
    before = entry.value if entry and isinstance(entry.value, Commitment) else Commitment("", "")
    state = CommitmentState(reader.choice("state", tuple(CommitmentState), before.state))
    has_no_date = entry is not None and before.due_at is None
    due_at = reader.moment(
        "when",
        missing="" if has_no_date else "error.no_date",
        time_before=before.due_at,
        may_be_over=state in {CommitmentState.KEPT, CommitmentState.DROPPED},
    )
    who, what = reader.text("who", MAX_NAME_CHARACTERS, missing="error.owner"), reader.text("what", MAX_TEXT_CHARACTERS)
    return Commitment(who, what, due_at, state)
