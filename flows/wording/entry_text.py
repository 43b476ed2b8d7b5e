"""How one entry reads, in a card, a panel or a summary."""

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
from flows.wording.localization import Localizer


def entry_text(flow: Flow, entry: Entry, localizer: Localizer) -> str:
    """One entry in one line, with everything that is known of it."""
    value = entry.value
    field = flow.field(entry.field_id)
    match value:
        case Fact():
            return fact_text(value, localizer)
        case Feeling():
            return feeling_text(field, value, localizer)
        case Commitment():
            return commitment_text(value, localizer)
        case Text(text=text, is_confirmed=confirmed):
            unasked = field is not None and field.needs_yes and not confirmed
            return f"{text} ({localizer.text('text.unconfirmed')})" if unasked else text
        case Selection(options=options):
            return ", ".join(localizer(field.options[o]) if field and o in field.options else o for o in options)
        case Level(level=level):
            return localizer.text("level", level=str(level))
        case Moment(time=at):
            return localizer.format_time(at)


def fact_text(value: Fact, localizer: Localizer) -> str:
    """A fact, with how it was told and how it stands where that is not plain."""
    marks = [localizer.text(f"expression.{value.expression}")] if value.expression is not Expression.SAID else []
    marks += [localizer.text("holder.us")] if value.holder is Holder.US else []
    marks += [localizer.text(f"standing.{value.standing}")] if value.standing is not Standing.HELD else []
    marks += [localizer.text("fact.our_view", text=value.our_view)] if value.our_view else []
    marks += [localizer.text("fact.evidence", text=value.evidence)] if value.evidence else []
    return f"{value.text} ({'; '.join(marks)})" if marks else value.text


def feeling_text(field: Field | None, value: Feeling, localizer: Localizer) -> str:
    """A feeling's word, its strength and the client's answer."""
    word = localizer(field.options[value.word]) if field and value.word in field.options else value.word
    marks = [localizer.text(f"strength.{value.strength}")]
    if value.is_confirmed is not None:
        marks.append(localizer.text("feeling.confirmed" if value.is_confirmed else "feeling.denied"))
    return f"{word} ({'; '.join(marks)})"


def commitment_text(value: Commitment, localizer: Localizer) -> str:
    """Who does what by when."""
    text = f"{value.who}: {value.what}"
    if value.due_at is not None:
        text += f", {localizer.text('commitment.by', when=localizer.format_time(value.due_at))}"
    return text if value.state is CommitmentState.OPEN else f"{text} ({localizer.text(f'promise.{value.state}')})"
