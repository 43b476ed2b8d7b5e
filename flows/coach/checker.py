"""Checks a draft: what in it will hurt an angry client, why, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.coach.apologies import apology_faults
from flows.coach.better_wording import better_sentences
from flows.coach.compiled_rules import CompiledRules
from flows.coach.facts import unmentioned_facts
from flows.coach.latitude import promise_beyond
from flows.coach.model import DraftContext, Flag, Judgement, MissingPart, Wording
from flows.coach.sentences import Sentence, split_sentences

FACTS = "facts"
"""The part of an apology that is there when all noted facts are mentioned."""
OVER_PROMISE = "over_promise"
_EDGE = " ,;:\n"
MAX_MENDED_FLAGS = 4
"""Flags of one draft that come with a better wording: one more than are shown."""
MAX_MENDED_CHARACTERS = 320
"""Characters of a sentence that is said better. A longer one is none, or has to be written anew."""
MAX_REWRITES = 3
"""Faults of one sentence that are mended one after the other to say it better."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Words at fault, from `start` to `end`, and the whole phrase in which they stand."""

    rule_id: str
    start: int
    end: int
    phrase_start: int
    phrase_end: int
    sentence: Sentence
    wordings: tuple[Wording, ...]


def check_draft(rules: CompiledRules, draft: str, context: DraftContext | None = None) -> Judgement:
    """What the coach says of a draft. Flags never overlap: of two on the same words the graver one is kept."""
    context = context or DraftContext()
    sentences = list(split_sentences(draft))
    faults = [*_sentence_faults(rules, sentences, context), *_draft_faults(rules, sentences)]
    kept = _without_overlaps(rules, faults)
    flags = tuple(
        _flag(rules, draft, fault, _seen_words(draft, fault, kept), context if number < MAX_MENDED_FLAGS else None)
        for number, fault in enumerate(kept)
    )
    return Judgement(flags, tuple(_missing_parts(rules, draft, sentences, context)))


def _seen_words(draft: str, fault: _Fault, faults: list[_Fault]) -> tuple[int, int]:
    """The whole phrase that a person recognises, as far as no other fault stands in it."""
    others = [other for other in faults if other is not fault and other.sentence is fault.sentence]
    start = max([fault.phrase_start, *(other.end for other in others if other.end <= fault.start)])
    end = min([fault.phrase_end, *(other.start for other in others if other.start >= fault.end)])
    text = draft[start:end]
    return start + len(text) - len(text.lstrip(_EDGE)), end - (len(text) - len(text.rstrip(_EDGE)))


def _flag(
    rules: CompiledRules, draft: str, fault: _Fault, seen_words: tuple[int, int], context: DraftContext | None
) -> Flag:
    sentence = fault.sentence
    better = None
    if context and len(sentence.text) <= MAX_MENDED_CHARACTERS:
        better = _better(rules, draft, fault, context, MAX_REWRITES)
    if better == "" and not (draft[: sentence.start] + draft[sentence.end :]).strip():
        better = None
    return Flag(fault.rule_id, *seen_words, rules.rules[fault.rule_id].why, better, sentence.start, sentence.end)


def _better(rules: CompiledRules, draft: str, fault: _Fault, context: DraftContext, rewrites: int) -> str | None:
    """The sentence without this fault and without any other; None if the rules know no such sentence."""
    sentence_text = draft[fault.sentence.start : fault.sentence.end]
    start, end = fault.start - fault.sentence.start, fault.end - fault.sentence.start
    max_apologies = max(1, _apologies(rules, [fault.sentence]))
    for text in better_sentences(rules, sentence_text, start, end, fault.wordings, context):
        sentences = list(split_sentences(text))
        if _repeats_itself(sentences) or _apologies(rules, sentences) > max_apologies:
            continue
        faults = _without_overlaps(rules, list(_sentence_faults(rules, sentences, context)))
        if not faults:
            _remember_own_sentences(rules, sentences)
            return text
        if rewrites > 1 and text != sentence_text:
            other = faults[0]
            mended = _better(rules, text, other, context, rewrites - 1)
            if mended is not None:
                whole_text = f"{text[: other.sentence.start]}{mended}{text[other.sentence.end :]}".strip()
                whole_sentences = list(split_sentences(whole_text))
                if not _repeats_itself(whole_sentences) and not any(_sentence_faults(rules, whole_sentences, context)):
                    return whole_text
    return None


def _remember_own_sentences(rules: CompiledRules, faultless_sentences: list[Sentence]) -> None:
    """So that the rules' own sentences are looked at once."""
    for sentence in faultless_sentences:
        if sentence.text in rules.own_sentences:
            rules.own_sentences[sentence.text] = True


def _repeats_itself(sentences: list[Sentence]) -> bool:
    return len(sentences) > len({sentence.text for sentence in sentences})


def _apologies(rules: CompiledRules, sentences: list[Sentence]) -> int:
    """How often sentences apologise."""
    return sum(1 for sentence in sentences for _match in rules.apologies.matches(sentence))


def _sentence_faults(rules: CompiledRules, sentences: list[Sentence], context: DraftContext) -> Iterator[_Fault]:
    previous: Sentence | None = None
    for sentence in sentences:
        if rules.own_sentences.get(sentence.text):
            previous = sentence
            continue
        for rule_match in rules.rule_matches(sentence, previous):
            rule_id, match = rule_match.case.owner_id, rule_match.match
            wordings = (rule_match.case.case, rules.rules[rule_id])
            yield _Fault(
                rule_id,
                sentence.start + match.span_start,
                sentence.start + match.span_end,
                sentence.start + match.start,
                sentence.start + match.end,
                sentence,
                wordings,
            )
        if (
            context.latitude
            and OVER_PROMISE in rules.rules
            and (match_beyond := promise_beyond(rules, sentence, context))
        ):
            start, end = (sentence.start + place for place in match_beyond)
            yield _Fault(OVER_PROMISE, start, end, start, end, sentence, (rules.file.latitude,))
        previous = sentence


def _draft_faults(rules: CompiledRules, sentences: list[Sentence]) -> Iterator[_Fault]:
    for rule_id, start, end in apology_faults(rules, sentences):
        if rule_id in rules.rules:
            sentence = next(sentence for sentence in sentences if sentence.start <= start < sentence.end)
            yield _Fault(rule_id, start, end, start, end, sentence, (rules.rules[rule_id],))


def _without_overlaps(rules: CompiledRules, faults: list[_Fault]) -> list[_Fault]:
    """The faults, the gravest first, without those on words of a graver one."""
    kept: list[_Fault] = []
    kept_by_sentence: dict[int, list[_Fault]] = {}
    for fault in sorted(faults, key=lambda fault: (rules.rules[fault.rule_id].rank, fault.start)):
        others = kept_by_sentence.setdefault(fault.sentence.start, [])
        if all(fault.start >= other.end or other.start >= fault.end for other in others):
            others.append(fault)
            kept.append(fault)
    return kept


def _missing_parts(
    rules: CompiledRules, draft: str, sentences: list[Sentence], context: DraftContext
) -> Iterator[MissingPart]:
    for part_id, part in rules.parts.items():
        if part_id == FACTS:
            if facts := unmentioned_facts(draft, context.facts, rules.file.language):
                yield MissingPart(part_id, part.why, facts)
        elif not rules.has_part(part_id, sentences):
            yield MissingPart(part_id, part.why)
