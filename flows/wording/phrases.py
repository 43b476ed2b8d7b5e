"""The phrase to say: the first of a step's phrases that can be filled from the record. The last one needs nothing."""

from textwrap import shorten

from flows.definition.model import FieldKind, Flow
from flows.definition.placeholders import PLACEHOLDER, placeholder_names
from flows.state.entries import Entry, Expression, Fact, Feeling, Holder, Selection, Text
from flows.state.recovery import Recovery
from flows.wording.languages import flow_language, text_in

MAX_SPOKEN_CHARACTERS = 120
"""Characters of one entry in a phrase. A longer one is too much to say in one go."""


def phrase(flow: Flow, recovery: Recovery) -> str:
    """What to say at this step, in the recovery's language."""
    text, _names = _choose_phrase(flow, recovery)
    return _fill_placeholders(flow, recovery, text)


def filled_phrase(flow: Flow, recovery: Recovery) -> str | None:
    """The phrase, if it was filled from the record; None if it is a sentence of the flow without placeholders."""
    text, names = _choose_phrase(flow, recovery)
    return _fill_placeholders(flow, recovery, text) if names else None


def spoken_text(flow: Flow, recovery: Recovery, field_id: str) -> str:
    """What was recorded in a field, in a form that can be said; empty if nothing was."""
    entries = recovery.entries_of(field_id)
    field = flow.field(field_id) if entries else None
    if field is None:
        return ""
    if field.kind is FieldKind.FACT:
        client_facts = [entry for entry in entries if _is_said_by_client(entry)]
        return ", ".join(_entry_as_spoken(flow, recovery, entry) for entry in client_facts[-2:])
    valid_entries = [entry for entry in entries if not _is_denied_feeling(entry)]
    return _entry_as_spoken(flow, recovery, valid_entries[-1]) if valid_entries else ""


def _choose_phrase(flow: Flow, recovery: Recovery) -> tuple[str, tuple[str, ...]]:
    """The first phrase that can be filled, and the names in it."""
    language = flow_language(recovery.language, flow.languages)
    recorded_names = {"account", *[entry.field_id for entry in recovery.entries]}
    for candidate in flow.steps[recovery.step].say:
        text = text_in(candidate.text, language)
        names = placeholder_names(text)
        if not (recorded_names.issuperset(names) and recorded_names.issuperset(candidate.needs)):
            continue
        if not names or all(_spoken_placeholder(flow, recovery, name) for name in names):
            return text, names
    return "", ()


def _fill_placeholders(flow: Flow, recovery: Recovery, text: str) -> str:
    text = PLACEHOLDER.sub(lambda match: _spoken_placeholder(flow, recovery, match.group(1)), text)
    return text[:1].upper() + text[1:]


def _spoken_placeholder(flow: Flow, recovery: Recovery, name: str) -> str:
    return recovery.account if name == "account" else spoken_text(flow, recovery, name)


def _is_said_by_client(entry: Entry) -> bool:
    """Only what the client said themselves may be repeated as the client's words."""
    fact = entry.value
    return isinstance(fact, Fact) and fact.holder is Holder.CLIENT and fact.expression is Expression.SAID


def _is_denied_feeling(entry: Entry) -> bool:
    return isinstance(entry.value, Feeling) and entry.value.is_confirmed is False


def _entry_as_spoken(flow: Flow, recovery: Recovery, entry: Entry) -> str:
    value = entry.value
    field = flow.field(entry.field_id)
    options = field.options if field else {}
    language = flow_language(recovery.language, flow.languages)
    match value:
        case Fact(text=text) | Text(text=text):
            return _shorten(text).rstrip(" .;,")
        case Feeling(word=word):
            return _shorten(text_in(options[word], language) if word in options else word)
        case Selection(options=selected_options):
            return ", ".join(text_in(options[option], language) for option in selected_options if option in options)
        case _:
            return ""


def _shorten(text: str) -> str:
    """As much as can be said in one go. A text without spaces is cut within a word."""
    text = " ".join(text.split())
    short_text = shorten(text, MAX_SPOKEN_CHARACTERS, placeholder="…")
    return short_text if short_text != "…" else text[: MAX_SPOKEN_CHARACTERS - 1] + "…"
