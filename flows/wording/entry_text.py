"""The text of one entry, on a card, in a panel or in a summary."""

from flows.definition.model import Field, Flow
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
)
from flows.text import without_end_mark
from flows.wording.localization import Localizer


def entry_text(flow: Flow, entry: Entry, localizer: Localizer) -> str:
    """One entry in one line, with everything that is known about it."""
    value = entry.value
    field = flow.field(entry.field_id)
    match value:
        case Fact():
            return fact_text(value, localizer)
        case Feeling():
            return feeling_text(field, value, localizer)
        case Commitment():
            return commitment_text(value, localizer)
        case Text(text=text, is_confirmed=is_confirmed):
            needs_confirmation = field is not None and field.needs_yes and not is_confirmed
            return _with_remarks(text, [localizer.text("text.unconfirmed")] if needs_confirmation else [])
        case Selection(options=options):
            return ", ".join(localizer(field.options[o]) if field and o in field.options else o for o in options)
        case Level(level=level):
            return localizer.text("level", level=str(level))
        case Moment(time=promised_time):
            return localizer.format_time(promised_time)


def fact_text(value: Fact, localizer: Localizer) -> str:
    """A fact, with how it was expressed and how it stands where that is out of the ordinary."""
    remarks = [localizer.text(f"expression.{value.expression}")] if value.expression is not Expression.SAID else []
    remarks += [localizer.text("holder.us")] if value.holder is Holder.US else []
    remarks += [localizer.text(f"standing.{value.standing}")] if value.standing is not Standing.HELD else []
    remarks += [localizer.text("fact.our_view", text=value.our_view)] if value.our_view else []
    remarks += [localizer.text("fact.evidence", text=value.evidence)] if value.evidence else []
    return _with_remarks(value.text, remarks)


def feeling_text(field: Field | None, value: Feeling, localizer: Localizer) -> str:
    """A feeling with its strength and the client's answer."""
    word = localizer(field.options[value.word]) if field and value.word in field.options else value.word
    remarks = [localizer.text(f"strength.{value.strength}")]
    if value.is_confirmed is not None:
        remarks.append(localizer.text("feeling.confirmed" if value.is_confirmed else "feeling.denied"))
    return _with_remarks(word, remarks)


def commitment_text(value: Commitment, localizer: Localizer) -> str:
    """Who does what by when."""
    text = f"{value.who}: {value.what}"
    if value.due_at is not None:
        when = localizer.text("commitment.by", when=localizer.format_time(value.due_at))
        text = f"{without_end_mark(text)}, {when}"
    remarks = [localizer.text(f"promise.{value.state}")] if value.state is not CommitmentState.OPEN else []
    return _with_remarks(text, remarks)


def _with_remarks(text: str, remarks: list[str]) -> str:
    """The text with the remarks in brackets, and without a full stop before them."""
    return f"{without_end_mark(text)} ({'; '.join(remarks)})" if remarks else text
