"""Says a sentence with a fault better: by the rule's sentences, filled from the draft and the record alone."""

import re
from collections.abc import Iterator, Mapping

from flows.coach.model import DraftContext, RuleFile, Wording
from flows.coach.patterns import compile_phrase, fold
from flows.wording.giving_back.facts import facts_clause

SLOT = re.compile(r"\{([a-z]+)(\?)?\}")
SLOT_NAMES = frozenset({"before", "after", "span", "changed", "fact", "feeling", "owned", "promise", "date"})
_SPACE_BEFORE_MARK = re.compile(r"\s+([,.;:!?…])")
_MARKS = re.compile(r"([,;:–—-])(?:\s*[,;:–—-])+|[,;:]\s*(?=[.!?…])")
_DOUBLED_END = re.compile(r"([.!?…])(?:\s*\.)+")
_EDGE = " \t\n,;:–—-"
_SENTENCE_START = re.compile(r"(^|[.!?…]\s+)([\"“¿¡(]*)(\w)")


def better_sentences(
    file: RuleFile, sentence: str, start: int, end: int, wordings: tuple[Wording, ...], context: DraftContext
) -> Iterator[str]:
    """The sentence as each wording of the rule says it, with the fault from `start` to `end` in it.

    Wordings whose slots cannot be filled are left out. Nothing is put in that stands neither in the draft nor in the
    record.
    """
    for wording in wordings:
        slots = _slots(file, sentence, start, end, wording.change, context)
        for template in wording.better:
            text = _fill(template, slots)
            if text is not None and text != sentence:
                yield text


def _slots(
    file: RuleFile, sentence: str, start: int, end: int, change: Mapping[str, str], context: DraftContext
) -> dict[str, str]:
    return {
        "before": sentence[:start].strip(_EDGE),
        "after": sentence[end:].strip(_EDGE),
        "span": sentence[start:end],
        "changed": _changed(file, sentence[start:end], change),
        "fact": _spoken_fact(context.facts, file.language),
        "feeling": context.feeling,
        "owned": context.owned.rstrip(" .!…"),
        "promise": context.promise.rstrip(" .!…"),
        "date": context.date,
    }


def _changed(file: RuleFile, span: str, change: Mapping[str, str]) -> str:
    for phrase, replacement in change.items():
        for match in reversed(compile_phrase(phrase, file.lists).matches(fold(span))):
            span = span[: match.span_start] + replacement + span[match.span_end :]
    return span.strip(_EDGE)


def _spoken_fact(facts: tuple[str, ...], language: str) -> str:
    """The first fact that can be turned around; a quotation does not go into an apology."""
    clauses = (facts_clause([fact], language) for fact in facts)
    return next((clause for clause in clauses if clause and "“" not in clause), "")


def _fill(template: str, slots: Mapping[str, str]) -> str | None:
    """The template with its slots filled and its marks and capitals in order; None if a slot has nothing to put in."""
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
