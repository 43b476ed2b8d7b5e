"""How one entry reads, in a card, a panel or a summary."""

from flows.flow import Field, Flow
from flows.values import Commitment, Entry, Fact, Feeling, Holder, Level, Moment, Picked, Promise, Standing, Text, Told
from flows.voice import Voice


def worded(flow: Flow, entry: Entry, voice: Voice) -> str:
    """One entry in one line, with everything that is known of it."""
    value = entry.value
    field = flow.field(entry.field)
    match value:
        case Fact():
            return fact(value, voice)
        case Feeling():
            return feeling(field, value, voice)
        case Commitment():
            return commitment(value, voice)
        case Text(text=text, confirmed=confirmed):
            unasked = field is not None and field.needs_yes and not confirmed
            return f"{text} ({voice.say('text.unconfirmed')})" if unasked else text
        case Picked(options=options):
            return ", ".join(voice(field.options[o]) if field and o in field.options else o for o in options)
        case Level(level=level):
            return voice.say("level", level=str(level))
        case Moment(at=at):
            return voice.moment(at)


def fact(value: Fact, voice: Voice) -> str:
    """A fact, with how it was told and how it stands where that is not plain."""
    marks = [voice.say(f"told.{value.told}")] if value.told is not Told.SAID else []
    marks += [voice.say("holder.us")] if value.holder is Holder.US else []
    marks += [voice.say(f"standing.{value.standing}")] if value.standing is not Standing.HELD else []
    marks += [voice.say("fact.our_view", text=value.our_view)] if value.our_view else []
    marks += [voice.say("fact.evidence", text=value.evidence)] if value.evidence else []
    return f"{value.text} ({'; '.join(marks)})" if marks else value.text


def feeling(field: Field | None, value: Feeling, voice: Voice) -> str:
    """A feeling's word, its strength and the client's answer."""
    word = voice(field.options[value.word]) if field and value.word in field.options else value.word
    marks = [voice.say(f"strength.{value.strength}")]
    if value.confirmed is not None:
        marks.append(voice.say("feeling.confirmed" if value.confirmed else "feeling.denied"))
    return f"{word} ({'; '.join(marks)})"


def commitment(value: Commitment, voice: Voice) -> str:
    """Who does what by when."""
    text = f"{value.who}: {value.what}"
    if value.due is not None:
        text += f", {voice.say('commitment.by', when=voice.moment(value.due))}"
    return text if value.state is Promise.OPEN else f"{text} ({voice.say(f'promise.{value.state}')})"
