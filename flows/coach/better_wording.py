"""Says a sentence with a fault better: by the rule's sentences, filled from the draft and the record alone."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from flows.coach.clauses import EDGE, is_clause, is_greeting, lead, rest
from flows.coach.compiled_rules import CompiledRules
from flows.coach.model import DraftContext, Wording
from flows.coach.notation import PhraseLists
from flows.coach.patterns import Pattern, compile_phrase, fold
from flows.wording.giving_back.facts import facts_clause

SLOT = re.compile(r"\{([a-z]+)(\?)?\}")
_SPACE_BEFORE_MARK = re.compile(r" ([,.;:!?…])")
_MARKS = re.compile(r"([,;:–—-])(?:\s*[,;:–—-])+|[,;:]\s*(?=[.!?…])")
_COMMA_AFTER_END = re.compile(r"([.!?…])\s*,")
_DOUBLED_END = re.compile(r"([.!?…])(?:\s*\.)+")
_SENTENCE_START = re.compile(r"(^|[.!?…]\s+)([\"“¿¡(]*)(\w)")


@dataclass(frozen=True, slots=True)
class _Fault:
    """A fault from `start` to `end` in a sentence, what is known of the recovery, and what the rule would change."""

    sentence: str
    start: int
    end: int
    context: DraftContext
    language: str
    lists: PhraseLists
    change: Mapping[str, str]

    @property
    def before(self) -> str:
        return self.sentence[: self.start]

    @property
    def span(self) -> str:
        return self.sentence[self.start : self.end]

    @property
    def after(self) -> str:
        return self.sentence[self.end :]


def better_sentences(
    rules: CompiledRules, sentence: str, start: int, end: int, wordings: tuple[Wording, ...], context: DraftContext
) -> Iterator[str]:
    """The sentence as each wording of the rule says it, with the fault from `start` to `end` in it.

    Wordings whose slots cannot be filled are left out. Nothing is put in that stands neither in the draft nor in the
    record.
    """
    for wording in wordings:
        fault = _Fault(sentence, start, end, context, rules.file.language, rules.lists, wording.change)
        for template in wording.better:
            text = _fill(template, fault)
            if text is not None and text != sentence:
                yield text


def _changed(fault: _Fault) -> str:
    span = fault.span
    for phrase, replacement in fault.change.items():
        for match in reversed(_pattern(phrase, fault.lists).matches(fold(span))):
            span = span[: match.span_start] + replacement + span[match.span_end :]
    return span.strip(EDGE)


@lru_cache(maxsize=256)
def _pattern(phrase: str, lists: PhraseLists) -> Pattern:
    return compile_phrase(phrase, lists)


def _greeting(before: str) -> str:
    words = before.strip(EDGE)
    return f"{words}," if words and is_greeting(words) else ""


def _spoken_fact(fault: _Fault) -> str:
    """The first fact that can be turned around; a quotation does not go into an apology."""
    clauses = (facts_clause([fact], fault.language) for fact in fault.context.facts)
    return next((clause for clause in clauses if "“" not in clause and is_clause(clause)), "")


def _noted_fact(fault: _Fault) -> str:
    """The first fact as it was noted."""
    return next((fact.strip(" .!") for fact in fault.context.facts if "?" not in fact), "")


_SLOTS: Mapping[str, Callable[[_Fault], str]] = MappingProxyType(
    {
        "before": lambda fault: fault.before.strip(EDGE),
        "after": lambda fault: fault.after.strip(EDGE),
        "lead": lambda fault: lead(fault.before),
        "greeting": lambda fault: _greeting(fault.before),
        "clause": lambda fault: fault.after.strip(EDGE) if is_clause(fault.after.strip(EDGE)) else "",
        "rest": lambda fault: rest(fault.after),
        "span": lambda fault: fault.span,
        "changed": _changed,
        "fact": _spoken_fact,
        "noted": _noted_fact,
        "feeling": lambda fault: fault.context.feeling,
        "owned": lambda fault: fault.context.owned.rstrip(" .!…"),
        "promise": lambda fault: fault.context.promise.rstrip(" .!…"),
        "date": lambda fault: fault.context.date,
    }
)
SLOT_NAMES = frozenset(_SLOTS)


def _fill(template: str, fault: _Fault) -> str | None:
    """The template with its slots filled and its marks and capitals in order; None if a slot has nothing to put in."""
    slots = {name: _SLOTS[name](fault) for name, _may_be_empty in SLOT.findall(template)}
    if any(not slots[name] and not may_be_empty for name, may_be_empty in SLOT.findall(template)):
        return None
    return _tidy(SLOT.sub(lambda slot: slots[slot.group(1)], template))


def _tidy(text: str) -> str:
    text = " ".join(text.split())
    text = _SPACE_BEFORE_MARK.sub(r"\1", text)
    text = _MARKS.sub(lambda marks: marks.group(1) or "", text)
    text = _COMMA_AFTER_END.sub(r"\1", text)
    ends_with_comma = text.endswith(",")
    text = _DOUBLED_END.sub(r"\1", text).strip(EDGE).lstrip(f"{EDGE}.!?…")
    if not re.search(r"\w", text):
        return ""
    text = text if text[-1] in '.!?…"”)' else text + ("," if ends_with_comma else ".")
    return _SENTENCE_START.sub(lambda start: f"{start.group(1)}{start.group(2)}{start.group(3).upper()}", text)
