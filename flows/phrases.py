"""The phrase to say: the first of a step's phrases that the record can fill. The last one needs nothing."""

import re
from textwrap import shorten

from flows.flow import FieldKind, Flow, Phrase
from flows.recovery import Recovery
from flows.values import Entry, Fact, Feeling, Holder, Picked, Text, Told

PLACEHOLDER = re.compile(r"\{(\w+)\}")
MOST_SPOKEN = 120
"""Characters of one note in a phrase: nobody can say more in a breath."""


def phrase(flow: Flow, recovery: Recovery) -> str:
    """What to say at this step, in the recovery's language."""
    found = _choose(flow, recovery)
    return _fill(flow, recovery, found) if found else ""


def filled(flow: Flow, recovery: Recovery) -> str | None:
    """The phrase, if it was filled from the record; None if it is one of the flow's own sentences."""
    found = _choose(flow, recovery)
    return _fill(flow, recovery, found) if found and placeholders(_text(recovery, found)) else None


def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces."""
    return tuple(PLACEHOLDER.findall(text))


def spoken(flow: Flow, recovery: Recovery, field_id: str) -> str:
    """What was recorded in a field, as one says it; empty when nothing was."""
    field = flow.field(field_id)
    entries = recovery.of(field_id)
    if field is None or not entries:
        return ""
    if field.kind is FieldKind.FACT:
        theirs = [e for e in entries if isinstance(e.value, Fact) and _said_by_client(e.value)]
        return ", ".join(_said(flow, recovery, entry) for entry in theirs[-2:])
    return _said(flow, recovery, entries[-1])


def _choose(flow: Flow, recovery: Recovery) -> Phrase | None:
    return next((p for p in flow.steps[recovery.step].say if _can_fill(flow, recovery, p)), None)


def _can_fill(flow: Flow, recovery: Recovery, candidate: Phrase) -> bool:
    if not all(recovery.of(field) for field in candidate.needs):
        return False
    names = placeholders(_text(recovery, candidate))
    return all(name == "account" or spoken(flow, recovery, name) for name in names)


def _fill(flow: Flow, recovery: Recovery, chosen: Phrase) -> str:
    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        return recovery.account if name == "account" else spoken(flow, recovery, name)

    text = PLACEHOLDER.sub(put, _text(recovery, chosen))
    return text[:1].upper() + text[1:]


def _said_by_client(fact: Fact) -> bool:
    """What they did not say themselves is not given back as theirs."""
    return fact.holder is Holder.CLIENT and fact.told is Told.SAID


def _text(recovery: Recovery, chosen: Phrase) -> str:
    return chosen.text.get(recovery.language) or next(iter(chosen.text.values()), "")


def _said(flow: Flow, recovery: Recovery, entry: Entry) -> str:
    value = entry.value
    field = flow.field(entry.field)
    options = field.options if field else {}
    match value:
        case Fact(text=text) | Text(text=text):
            return shorten(text, MOST_SPOKEN, placeholder="…").rstrip(" .;,")
        case Feeling(word=word):
            return shorten(options[word][recovery.language] if word in options else word, MOST_SPOKEN, placeholder="…")
        case Picked(options=picked):
            return ", ".join(options[option][recovery.language] for option in picked if option in options)
        case _:
            return ""
