"""What a filled form means: an event, or a fault for each answer that cannot be used. Nothing typed is ever cut."""

from dataclasses import dataclass, replace

from flows.commands import COMMAND
from flows.errors import UnknownForm
from flows.events import Edit, EditSummary, Event, HandOver, ObserverJoins, Record, Tip
from flows.flow import Field, FieldKind, Flow
from flows.forms import LEVELS, STRENGTHS
from flows.hours import Hours
from flows.hours import read as read_hours
from flows.limits import ACCOUNT, MESSAGE, NAME, SUMMARY, TEXT, WORD
from flows.people import Person
from flows.reader import Answers, Reader
from flows.recovery import Recovery, Version
from flows.summary import from_record
from flows.typed import split
from flows.values import (
    Commitment,
    Entry,
    Fact,
    Feeling,
    Holder,
    Level,
    Moment,
    Picked,
    Promise,
    Standing,
    Text,
    Told,
    Value,
)
from flows.voice import Voice


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong, by input name."""

    of: dict[str, str]


def read(
    flow: Flow, recovery: Recovery, form_id: str, answers: Answers, by: Person, voice: Voice, now: float
) -> Event | Faults:
    """The event that a filled form means, or what is wrong with it.

    Raises:
        UnknownForm: no such form, or what it was about is gone.

    """
    reader = Reader(answers, voice, now)
    event = _read(flow, recovery, form_id, reader, by)
    return Faults(reader.faults) if reader.faults else event


@dataclass(frozen=True, slots=True)
class Beginning:
    """The account to start with, and the first facts in the client's words."""

    account: str
    facts: tuple[Fact, ...] = ()


def beginning(answers: Answers, voice: Voice) -> Beginning | Faults:
    """What the start form or the command says, or what is wrong with it. A long message becomes several facts."""
    reader = Reader(answers, voice, 0)
    name = " ".join(reader.text("account", ACCOUNT).split())
    name = name.removeprefix(f"{COMMAND} ").strip() or name  # typed into the wrong field, but well meant
    message = reader.text("message", MESSAGE, required=False)
    if reader.faults:
        return Faults(reader.faults)
    return Beginning(name, tuple(Fact(part) for part in split(message, TEXT)))


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody chose for themselves."""

    language: str
    hours: Hours


def settings(answers: Answers, languages: tuple[str, ...], voice: Voice) -> Settings | Faults:
    """What the settings form says, or what is wrong with it."""
    reader = Reader(answers, voice, 0)
    language = reader.choice("language", languages, voice.language)
    hours = read_hours(reader.text("hours", NAME))
    if hours is None:
        reader.fault("hours", "error.hours")
    return Faults(reader.faults) if reader.faults or hours is None else Settings(language, hours)


def _read(flow: Flow, recovery: Recovery, form_id: str, reader: Reader, by: Person) -> Event:
    kind, _, subject = form_id.partition(":")
    match kind:
        case "tip":
            return Tip(by, reader.text("text", TEXT))
        case "hand_over":
            return HandOver(by, reader.person(by))
        case "observe":
            return ObserverJoins(by, reader.person(by))
        case "note":
            found = flow.field(subject)
            if found is None:
                raise UnknownForm
            if found.kind is FieldKind.DISPUTE:
                return _dispute(recovery, reader, by)
            return Record(by, subject, _value(found, reader, None))
        case "edit":
            return _edit(flow, recovery, subject, reader, by)
        case "summary" if subject in set(Version):
            text = reader.text("text", SUMMARY, required=False)
            built = from_record(flow, recovery, Version(subject), reader.voice)
            return EditSummary(by, Version(subject), "" if text == built else text)
        case _:
            raise UnknownForm


def _edit(flow: Flow, recovery: Recovery, entry_id: str, reader: Reader, by: Person) -> Event:
    entry = recovery.entry(entry_id)
    found = flow.field(entry.field) if entry else None
    if entry is None or found is None:
        raise UnknownForm
    return Edit(by, entry_id, _value(found, reader, entry))


def _dispute(recovery: Recovery, reader: Reader, by: Person) -> Event:
    entry = recovery.entry(reader.one("fact"))
    if entry is None or not isinstance(entry.value, Fact):
        reader.fault("fact", "error.required")
        return Edit(by, "", Fact(""))
    weighed = _weighed(entry.value, reader)
    before = entry.value  # the form begins blank: what is left blank stays as it was
    kept = replace(weighed, our_view=weighed.our_view or before.our_view, evidence=weighed.evidence or before.evidence)
    return Edit(by, entry.id, kept)


def _weighed(fact: Fact, reader: Reader) -> Fact:
    return replace(
        fact,
        our_view=reader.text("our_view", TEXT, required=False),
        evidence=reader.text("evidence", TEXT, required=False),
        standing=Standing(reader.choice("standing", tuple(Standing), fact.standing)),
    )


def _value(found: Field, reader: Reader, entry: Entry | None) -> Value:
    match found.kind:
        case FieldKind.FACT:
            return _fact(reader, entry)
        case FieldKind.FEELING:
            return _feeling(found, reader, entry)
        case FieldKind.COMMITMENT:
            return _commitment(reader, entry)
        case FieldKind.PICK:
            return Picked(reader.options(tuple(found.options), many=found.many))
        case FieldKind.LEVEL:
            return Level(reader.number("level", LEVELS))
        case FieldKind.MOMENT:
            return Moment(reader.moment("when", required=True) or 0.0)
        case _:
            return _sentence(found, reader, entry)


def _sentence(found: Field, reader: Reader, entry: Entry | None) -> Text:
    text = reader.text("text", TEXT)
    before = entry.value if entry and isinstance(entry.value, Text) else Text("")
    if not found.needs_yes:
        return Text(text)
    answer = reader.answer(before.confirmed)
    unasked = text != before.text and answer == before.confirmed  # a "yes" to other words is no yes to these
    return Text(text, None if unasked else answer)


def _fact(reader: Reader, entry: Entry | None) -> Fact:
    fact = entry.value if entry and isinstance(entry.value, Fact) else Fact("")
    fact = replace(
        fact,
        text=reader.text("text", TEXT),
        told=Told(reader.choice("told", tuple(Told), fact.told)),
        holder=Holder(reader.choice("holder", tuple(Holder), fact.holder)),
    )
    return _weighed(fact, reader) if entry else fact


def _feeling(found: Field, reader: Reader, entry: Entry | None) -> Feeling:
    typed = reader.text("word", WORD)
    names = {label.casefold(): key for key, words in found.options.items() for label in words.values()}
    before = entry.value.confirmed if entry and isinstance(entry.value, Feeling) else None
    strength = int(reader.choice("strength", tuple(str(n) for n in range(1, STRENGTHS + 1)), "2"))
    return Feeling(names.get(typed.casefold(), typed), strength, reader.answer(before))


def _commitment(reader: Reader, entry: Entry | None) -> Commitment:
    promise = entry.value if entry and isinstance(entry.value, Commitment) else Commitment("", "")
    return Commitment(
        who=reader.text("who", NAME, missing="error.owner"),
        what=reader.text("what", TEXT),
        due=reader.moment("when", kept=promise.due),
        state=Promise(reader.choice("state", tuple(Promise), promise.state)),
    )
