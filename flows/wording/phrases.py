"""The phrase to say: the first of a step's phrases that can be filled from the record. The last one needs nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace

from flows.definition.model import FieldKind, Flow
from flows.definition.placeholders import PLACEHOLDER, placeholder_names
from flows.state.entries import Commitment, CommitmentState, Entry, Fact, Feeling, Moment, Selection, Text, Value
from flows.state.fact_choice import repeated_fact_ids
from flows.state.gates import has_entry
from flows.state.recovery import Recovery
from flows.wording.giving_back.facts import facts_clause
from flows.wording.giving_back.feelings import feeling_words
from flows.wording.giving_back.sentences import inner_sentence
from flows.wording.languages import flow_language, text_in
from flows.wording.promises import promise_sentence
from flows.wording.spoken_times import spoken_time

MAX_PROMISES = 2
"""Promises that are read back in one phrase."""
_LIST_LINKS = (", and ", ", y ")
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+[¿¡“]?)$")


def phrase(flow: Flow, recovery: Recovery, now: float) -> str:
    """What to say at this step at `now` (epoch seconds), in the recovery's language."""
    text, _names = _choose_phrase(flow, recovery, now)
    return _fill_placeholders(flow, recovery, text, now)


def filled_phrase(flow: Flow, recovery: Recovery, now: float) -> str | None:
    """The phrase, if it was filled from the record; None if it is a sentence of the flow without placeholders."""
    text, names = _choose_phrase(flow, recovery, now)
    return _fill_placeholders(flow, recovery, text, now) if names else None


def spoken_text(flow: Flow, recovery: Recovery, field_id: str, now: float, *, goes_on: bool = False) -> str:
    """What was recorded in a field, as it can stand within a sentence; empty if nothing can be said of it.

    `goes_on`: whether the phrase goes on with "and", so that a list does not end yet.
    """
    entries = recovery.entries_of(field_id)
    field = flow.field(field_id) if entries else None
    if field is None:
        return ""
    language = flow_language(recovery.language, flow.languages)
    match field.kind:
        case FieldKind.FACT:
            ids = repeated_fact_ids(recovery)
            facts = [entry.value.text for entry in entries if entry.id in ids and isinstance(entry.value, Fact)]
            return facts_clause(facts, language, goes_on=goes_on) if facts else ""
        case FieldKind.COMMITMENT:
            promises = [entry.value for entry in entries if _is_open_promise(entry)]
            return _spoken_promises(promises[-MAX_PROMISES:], recovery, language, now)
        case _:
            valid_entries = [entry for entry in entries if not _is_denied_feeling(entry)]
            return _entry_as_spoken(flow, recovery, valid_entries[-1], language, now) if valid_entries else ""


def _choose_phrase(flow: Flow, recovery: Recovery, now: float) -> tuple[str, tuple[str, ...]]:
    """The first phrase that can be filled, and the names in it."""
    language = flow_language(recovery.language, flow.languages)
    for candidate in flow.steps[recovery.step].say:
        text = text_in(candidate.text, language)
        names = placeholder_names(text)
        if all(has_entry(flow, recovery, field_id) for field_id in candidate.needs) and all(
            _spoken_placeholder(flow, recovery, name, now) for name in names
        ):
            return text, names
    return "", ()


def _fill_placeholders(flow: Flow, recovery: Recovery, text: str, now: float) -> str:
    """The text with its placeholders filled. What stands at the beginning of a sentence begins with a capital."""
    parts: list[str] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        goes_on = text[match.end() :].startswith(_LIST_LINKS)
        words = _spoken_placeholder(flow, recovery, match.group(1), now, goes_on=goes_on)
        before = text[: match.start()]
        parts += [text[end : match.start()], _with_capital(words) if _SENTENCE_START.search(before) else words]
        end = match.end() + (words.endswith("…") and text[match.end() :].startswith("."))
    return "".join([*parts, text[end:]])


def _with_capital(words: str) -> str:
    first = words[:1].upper()
    return first + words[1:] if len(first) == 1 else words


def _spoken_placeholder(flow: Flow, recovery: Recovery, name: str, now: float, *, goes_on: bool = False) -> str:
    return recovery.account if name == "account" else spoken_text(flow, recovery, name, now, goes_on=goes_on)


def _is_open_promise(entry: Entry) -> bool:
    return isinstance(entry.value, Commitment) and entry.value.state is CommitmentState.OPEN


def _is_denied_feeling(entry: Entry) -> bool:
    return isinstance(entry.value, Feeling) and entry.value.is_confirmed is False


def _spoken_promises(promises: Sequence[Value], recovery: Recovery, language: str, now: float) -> str:
    """Who will do what by when, a sentence each."""
    sentences = []
    for promise in promises:
        if isinstance(promise, Commitment):
            has_time = promise.due_at is not None
            when = spoken_time(promise.due_at or 0.0, recovery.timezone, language, now) if has_time else ""
            who, what = (inner_sentence(text, language, allows_questions=True) for text in (promise.who, promise.what))
            short_promise = replace(promise, who=who, what=what)
            sentence = promise_sentence(short_promise, recovery.responder.name, language, when)
            sentences += [_with_capital(sentence)] if what else []
    return ". ".join(sentences)


def _entry_as_spoken(flow: Flow, recovery: Recovery, entry: Entry, language: str, now: float) -> str:
    field = flow.field(entry.field_id)
    options = field.options if field else {}
    match entry.value:
        case Text(text=text):
            return inner_sentence(text, language)
        case Feeling(word=word):
            return text_in(options[word], language) if word in options else feeling_words(word, language)
        case Selection(options=selected_options):
            return ", ".join(text_in(options[option], language) for option in selected_options if option in options)
        case Moment(time=time, is_done=False):
            return spoken_time(time, recovery.timezone, language, now)
        case _:
            return ""
