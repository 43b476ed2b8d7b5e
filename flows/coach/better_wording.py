"""Says a sentence with a fault better: by the rule's sentences, filled from the draft and the record alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flows.coach.compiled_rules import CompiledRules
from flows.coach.model import DraftContext, Wording
from flows.coach.notation import PhraseLists
from flows.coach.patterns import Pattern, compile_phrase, fold
from flows.wording.giving_back.facts import facts_clause

SLOT = re.compile(r"\{([a-z]+)(\?)?\}")
SLOT_NAMES = frozenset({"before", "after", "span", "changed", "fact", "feeling", "owned", "promise", "date"})
_SPACE_BEFORE_MARK = re.compile(r"\s+([,.;:!?…])")
_MARKS = re.compile(r"([,;:–—-])(?:\s*[,;:–—-])+|[,;:]\s*(?=[.!?…])")
_DOUBLED_END = re.compile(r"([.!?…])(?:\s*\.)+")
_EDGE = " \t\n,;:–—-"
_SENTENCE_START = re.compile(r"(^|[.!?…]\s+)([\"“¿¡(]*)(\w)")


@dataclass(frozen=True, slots=True)
class _Fault:
    """A fault from `start` to `end` in a sentence of a draft that belongs to a recovery, in a language with lists."""

    sentence: str
    start: int
    end: int
    context: DraftContext
    language: str
    lists: PhraseLists


def better_sentences(
    rules: CompiledRules, sentence: str, start: int, end: int, wordings: tuple[Wording, ...], context: DraftContext
) -> Iterator[str]:
    """The sentence as each wording of the rule says it, with the fault from `start` to `end` in it.

    Wordings whose slots cannot be filled are left out. Nothing is put in that stands neither in the draft nor in the
    record.
    """
    fault = _Fault(sentence, start, end, context, rules.file.language, rules.lists)
    for wording in wordings:
        for template in wording.better:
            text = _fill(template, fault, wording.change)
            if text is not None and text != sentence:
                yield text


def _slot(name: str, fault: _Fault, change: Mapping[str, str]) -> str:
    """What goes into a slot; empty if there is nothing."""
    span = fault.sentence[fault.start : fault.end]
    match name:
        case "before":
            return fault.sentence[: fault.start].strip(_EDGE)
        case "after":
            return fault.sentence[fault.end :].strip(_EDGE)
        case "span":
            return span
        case "changed":
            return _changed(span, change, fault.lists)
        case "fact":
            return _spoken_fact(fault.context.facts, fault.language)
        case "feeling":
            return fault.context.feeling
        case "date":
            return fault.context.date
        case "owned":
            return fault.context.owned.rstrip(" .!…")
        case _:
            return fault.context.promise.rstrip(" .!…")


def _changed(span: str, change: Mapping[str, str], lists: PhraseLists) -> str:
    for phrase, replacement in change.items():
        for match in reversed(_pattern(phrase, lists).matches(fold(span))):
            span = span[: match.span_start] + replacement + span[match.span_end :]
    return span.strip(_EDGE)


@lru_cache(maxsize=256)
def _pattern(phrase: str, lists: PhraseLists) -> Pattern:
    return compile_phrase(phrase, lists)


def _spoken_fact(facts: tuple[str, ...], language: str) -> str:
    """The first fact that can be turned around; a quotation does not go into an apology."""
    clauses = (facts_clause([fact], language) for fact in facts)
    return next((clause for clause in clauses if clause and "“" not in clause), "")


def _fill(template: str, fault: _Fault, change: Mapping[str, str]) -> str | None:
    """The template with its slots filled and its marks and capitals in order; None if a slot has nothing to put in."""
    slots = {name: _slot(name, fault, change) for name, _may_be_empty in SLOT.findall(template)}
    if any(not slots[name] and not may_be_empty for name, may_be_empty in SLOT.findall(template)):
        return None
    return _tidy(SLOT.sub(lambda slot: slots[slot.group(1)], template))


def _tidy(text: str) -> str:
    text = " ".join(text.split())
    text = _SPACE_BEFORE_MARK.sub(r"\1", text)
    text = _MARKS.sub(lambda marks: marks.group(1) or "", text)
    text = _DOUBLED_END.sub(r"\1", text).strip(_EDGE)
    if not re.search(r"\w", text):
        return ""
    text = text if text[-1] in '.!?…"”)' else text + "."
    return _SENTENCE_START.sub(lambda start: f"{start.group(1)}{start.group(2)}{start.group(3).upper()}", text)
