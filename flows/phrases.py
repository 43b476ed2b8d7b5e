"""The phrase to say: the first of a step's phrases that the record can fill. The last one needs nothing."""

import re
from functools import cache
from textwrap import shorten

from flows.flow import FieldKind, Flow
from flows.recovery import Recovery
from flows.values import Entry, Fact, Feeling, Holder, Picked, Text, Told

PLACEHOLDER = re.compile(r"\{(\w+)\}")
MOST_SPOKEN = 120
"""Characters of one note in a phrase: nobody can say more in a breath."""


def phrase(flow: Flow, recovery: Recovery) -> str:
    """What to say at this step, in the recovery's language."""
    text, _names = _choose(flow, recovery)
    return _fill(flow, recovery, text)


def filled(flow: Flow, recovery: Recovery) -> str | None:
    """The phrase, if it was filled from the record; None if it is one of the flow's own sentences."""
    text, names = _choose(flow, recovery)
    return _fill(flow, recovery, text) if names else None


@cache
def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces."""
    return tuple(PLACEHOLDER.findall(text))


def spoken(flow: Flow, recovery: Recovery, field_id: str) -> str:
    """What was recorded in a field, as one says it; empty when nothing was."""
    entries = recovery.of(field_id)
    field = flow.field(field_id) if entries else None
    if field is None:
        return ""
    if field.kind is FieldKind.FACT:
        theirs = [e for e in entries if isinstance(e.value, Fact) and _said_by_client(e.value)]
        return ", ".join(_said(flow, recovery, entry) for entry in theirs[-2:])
    held = [entry for entry in entries if not (isinstance(entry.value, Feeling) and entry.value.confirmed is False)]
    return _said(flow, recovery, held[-1]) if held else ""


def _choose(flow: Flow, recovery: Recovery) -> tuple[str, tuple[str, ...]]:
    """The first phrase that can be filled, and the names in it."""
    language = recovery.language
    recorded = {"account", *[entry.field for entry in recovery.entries]}
    for candidate in flow.steps[recovery.step].say:
        text = candidate.text.get(language) or next(iter(candidate.text.values()), "")
        names = placeholders(text)
        if not (recorded.issuperset(names) and recorded.issuperset(candidate.needs)):
            continue
        if not names or all(_spoken(flow, recovery, name) for name in names):
            return text, names
    return "", ()


def _fill(flow: Flow, recovery: Recovery, text: str) -> str:
    text = PLACEHOLDER.sub(lambda match: _spoken(flow, recovery, match.group(1)), text)
    return text[:1].upper() + text[1:]


def _spoken(flow: Flow, recovery: Recovery, name: str) -> str:
    return recovery.account if name == "account" else spoken(flow, recovery, name)


def _said_by_client(fact: Fact) -> bool:
    """What they did not say themselves is not given back as theirs."""
    return fact.holder is Holder.CLIENT and fact.told is Told.SAID


def _said(flow: Flow, recovery: Recovery, entry: Entry) -> str:
    value = entry.value
    field = flow.field(entry.field)
    options = field.options if field else {}
    match value:
        case Fact(text=text) | Text(text=text):
            return _short(text).rstrip(" .;,")
        case Feeling(word=word):
            return _short(options[word][recovery.language] if word in options else word)
        case Picked(options=picked):
            return ", ".join(options[option][recovery.language] for option in picked if option in options)
        case _:
            return ""


def _short(text: str) -> str:
    """As much as can be said in a breath; a text without spaces is cut within a word."""
    text = " ".join(text.split())
    words = shorten(text, MOST_SPOKEN, placeholder="…")
    return words if words != "…" else text[: MOST_SPOKEN - 1] + "…"
