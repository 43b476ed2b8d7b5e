"""The client's summary: a message from a person. Nothing is in it that was not entered or confirmed."""

import re

from flows.definition.model import CLIENT_SAFE_KINDS, FieldKind, Flow, Section
from flows.state.entries import Commitment, CommitmentState, Entry, Moment, Text
from flows.state.recovery import Recovery
from flows.wording.document import BlockKind, Document, TextBlock
from flows.wording.giving_back.cleaning import without_pictures
from flows.wording.giving_back.sentences import written_words
from flows.wording.languages import flow_language
from flows.wording.localization import Localizer
from flows.wording.promises import LIST_MARKS, promise_sentence, promised_words
from flows.wording.spoken_times import written_time
from flows.wording.summaries.internal_report import item_key

SILENT_MARKS = " .,;:…"
"""Marks around a sentence that say nothing."""
_WORD = re.compile(r"\w+")


def client_message(flow: Flow, recovery: Recovery, localizer: Localizer) -> Document:
    """A greeting, a sentence for each thing that was agreed, the promises as a list, and who signs."""
    name = " ".join(without_pictures(recovery.client_name).split())
    greeting = localizer.text("summary.greeting_name", name=name) if name else localizer.text("summary.greeting")
    blocks = [
        TextBlock(BlockKind.PARAGRAPH, greeting, 0, "greeting"),
        TextBlock(BlockKind.PARAGRAPH, localizer.text("summary.thanks"), 1, "thanks"),
    ]
    for number, section in enumerate(flow.summary.client):
        blocks += _section_blocks(flow, recovery, section, number, localizer)
    signature = recovery.responder.name or recovery.responder.user_id
    return Document(
        (
            *blocks,
            TextBlock(BlockKind.PARAGRAPH, localizer.text("summary.anything_missing"), 1, "anything_missing"),
            TextBlock(BlockKind.PARAGRAPH, signature, 1, "signature"),
        )
    )


def _section_blocks(
    flow: Flow, recovery: Recovery, section: Section, number: int, localizer: Localizer
) -> list[TextBlock]:
    entries = [entry for field in section.fields for entry in recovery.entries_of(field)]
    safe_entries = [entry for entry in entries if _client_may_read(flow, entry)]
    language = flow_language(recovery.language, flow.languages)
    promises = [
        entry
        for entry in safe_entries
        if isinstance(entry.value, Commitment) and promised_words(entry.value.what, language)
    ]
    blocks = [
        TextBlock(BlockKind.PARAGRAPH, text, 1, item_key(flow, entry))
        for entry in safe_entries
        if (text := _sentence(section, entry, recovery, language, localizer))
    ]
    if promises:
        blocks.append(TextBlock(BlockKind.PARAGRAPH, localizer.text("summary.promises"), 1, f"promises:{number}"))
        blocks += [
            TextBlock(
                BlockKind.ITEM, _promise_line(entry.value, recovery, language, localizer), 0, item_key(flow, entry)
            )
            for entry in promises
            if isinstance(entry.value, Commitment)
        ]
    return blocks


def _sentence(section: Section, entry: Entry, recovery: Recovery, language: str, localizer: Localizer) -> str:
    """A text or a time as a sentence; empty for a promise, which stands in the list."""
    template = localizer(section.sentence) or "{text}."
    match entry.value:
        case Text(text=text):
            words = written_words(text, language).lstrip(LIST_MARKS).strip(SILENT_MARKS)
        case Moment(time=time):
            words = written_time(time, recovery.timezone, language)
            template = localizer(section.sentence) or localizer.text("summary.next_update", text="{text}")
        case _:
            return ""
    if not _WORD.search(words):
        return ""
    template = _said_once(template, words)
    if words.endswith(("?", "!")):
        template = template.replace("{text}.", "{text}")
    sentence = template.replace("{text}", words)
    return sentence[:1].upper() + sentence[1:]


def _said_once(template: str, words: str) -> str:
    """The template without what it says after the words, if they say it themselves: nobody apologizes twice."""
    last_word = template.rpartition("{text}.")[2].strip(" .").rpartition(" ")[2].casefold()
    is_said = bool(last_word) and last_word in _WORD.findall(words.casefold())
    return "{text}." if is_said and template.startswith("{text}.") else template


def _promise_line(promise: Commitment, recovery: Recovery, language: str, localizer: Localizer) -> str:
    if promise.state is CommitmentState.KEPT:
        return localizer.text("line.kept", what=promised_words(promise.what, language))
    when = written_time(promise.due_at, recovery.timezone, language) if promise.due_at is not None else ""
    sentence = promise_sentence(promise, recovery.responder.name, language, when)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _client_may_read(flow: Flow, entry: Entry) -> bool:
    """Only what its field marks, of kinds that carry no doubt, agreed where it must be; no promise that was dropped."""
    field = flow.field(entry.field_id)
    if field is None or not field.client_safe or field.kind not in CLIENT_SAFE_KINDS:
        return False
    match entry.value:
        case Text(is_confirmed=is_confirmed):
            return is_confirmed is True or not field.needs_yes
        case Commitment(state=state):
            return state is not CommitmentState.DROPPED
        case Moment(is_done=is_done):
            return not is_done
        case _:
            return field.kind is not FieldKind.FACT
