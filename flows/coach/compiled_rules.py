"""A rule file, ready to be looked for in sentences."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from flows.coach.conditions import Conditions, compile_conditions, compile_phrases, counted_matches
from flows.coach.model import Case, Part, Phrases, Rule, RuleFile, Wording
from flows.coach.notation import PhraseLists
from flows.coach.patterns import Match, Pattern
from flows.coach.phrase_index import PhraseIndex, PhraseSet
from flows.coach.sentences import Sentence, split_sentences

_SLOT_AND_MARKS = re.compile(r"\{[a-z]+\??\}[,.]?")
MAX_CHARACTERS_BETWEEN = 20
"""So far from each other, two phrases of one rule are one fault."""


@dataclass(frozen=True, slots=True)
class CompiledCase:
    """A case with its owner (a rule's or a part's id) and the exceptions of both."""

    owner_id: str
    case: Case
    conditions: tuple[Conditions, ...]
    same_sentence: PhraseSet
    previous_sentence: PhraseSet
    unless_previous: PhraseSet


@dataclass(frozen=True, slots=True)
class CaseMatch:
    """Where a case's phrase stands in a sentence, with other phrases of its owner right behind it."""

    case: CompiledCase
    match: Match


@dataclass(frozen=True, slots=True)
class CompiledLatitude:
    """What finds a promise beyond the latitude."""

    promises: PhraseSet
    denials: PhraseSet
    topics: PhraseIndex[tuple[str, Pattern]]
    names: PhraseIndex[tuple[str, Pattern]]
    only_if_denied: frozenset[str]
    conditions: Conditions


@dataclass(frozen=True)
class CompiledRules:
    """A language's rules and parts that are switched on."""

    file: RuleFile
    lists: PhraseLists
    rules: Mapping[str, Rule]
    parts: Mapping[str, Part]
    dates: PhraseSet
    apologies: PhraseSet
    repeated_apologies: PhraseSet
    latitude: CompiledLatitude
    _rule_cases: PhraseIndex[tuple[CompiledCase, Pattern]]
    _part_cases: Mapping[str, PhraseIndex[tuple[CompiledCase, Pattern]]]

    @cached_property
    def own_sentences(self) -> dict[str, bool | None]:
        """The sentences that stand word for word in the rules' wordings, and whether they have no fault, once known."""
        cases = chain.from_iterable(rule.cases for rule in self.rules.values())
        wordings: Iterable[Wording] = (*self.rules.values(), *cases, self.file.latitude)
        templates = chain.from_iterable(wording.better for wording in wordings)
        texts = (_SLOT_AND_MARKS.sub(" ", template) for template in templates)
        return {sentence.text: None for text in texts for sentence in split_sentences(text)}

    def rule_matches(self, sentence: Sentence, previous: Sentence | None) -> Iterator[CaseMatch]:
        """The first fault of each rule in a sentence."""
        matches_by_rule: dict[str, list[tuple[Match, CompiledCase]]] = {}
        for case, match in self._matches(self._rule_cases, sentence, previous):
            matches_by_rule.setdefault(case.owner_id, []).append((match, case))
        for matches in matches_by_rule.values():
            yield _joined(sorted(matches, key=lambda place: (place[0].span_start, -place[0].end)))

    def has_part(self, part_id: str, sentences: Iterable[Sentence]) -> bool:
        """Whether one of the sentences has a part of an apology."""
        index = self._part_cases[part_id]
        return any(any(True for _match in self._matches(index, sentence, None)) for sentence in sentences)

    def is_dated(self, sentence: Sentence) -> bool:
        """Whether a time that can be checked stands in a sentence."""
        return self.dates.is_in(sentence)

    def _matches(
        self, index: PhraseIndex[tuple[CompiledCase, Pattern]], sentence: Sentence, previous: Sentence | None
    ) -> Iterator[tuple[CompiledCase, Match]]:
        for case, pattern in index.candidates(sentence.words):
            matches = counted_matches(pattern, sentence, case.conditions, self.is_dated)
            if matches and _has_context(case, sentence, previous, self.is_dated):
                yield case, matches[0]


def compile_rules(file: RuleFile) -> CompiledRules:
    """The rules of a file that are switched on.

    Raises:
        PhraseFault: a phrase is not well formed (`rule_files.load_rules` names the line).

    """
    lists = PhraseLists(file.lists)
    rules = {rule_id: rule for rule_id, rule in file.rules.items() if rule.is_on}
    parts = {part_id: part for part_id, part in file.parts.items() if part.is_on}
    return CompiledRules(
        file,
        lists,
        rules,
        parts,
        PhraseSet(compile_phrases(file.dates, lists)),
        PhraseSet(compile_phrases(file.apologies, lists)),
        PhraseSet(compile_phrases(file.repeated_apologies, lists)),
        CompiledLatitude(
            PhraseSet(compile_phrases(file.latitude.promises, lists)),
            PhraseSet(compile_phrases(file.latitude.denials, lists)),
            _topics(file.latitude.topics, lists),
            _topics(file.latitude.names, lists),
            frozenset(file.latitude.only_if_denied),
            compile_conditions(file.latitude, lists),
        ),
        PhraseIndex(chain.from_iterable(_cases(lists, rule_id, rule.cases, rule) for rule_id, rule in rules.items())),
        {part_id: PhraseIndex(_cases(lists, part_id, part.cases, None)) for part_id, part in parts.items()},
    )


def _topics(phrases_by_topic: Mapping[str, Phrases], lists: PhraseLists) -> PhraseIndex[tuple[str, Pattern]]:
    return PhraseIndex(
        ((topic, pattern), pattern)
        for topic, phrases in phrases_by_topic.items()
        for pattern in compile_phrases(phrases, lists)
    )


def _cases(
    lists: PhraseLists, owner_id: str, cases: tuple[Case, ...], rule: Rule | None
) -> Iterator[tuple[tuple[CompiledCase, Pattern], Pattern]]:
    rule_conditions = (compile_conditions(rule, lists),) if rule else ()
    for case in cases:
        conditions = (compile_conditions(case, lists), *rule_conditions)
        compiled_case = CompiledCase(
            owner_id,
            case,
            conditions,
            PhraseSet(compile_phrases(case.same_sentence, lists)),
            PhraseSet(compile_phrases(case.previous_sentence, lists)),
            PhraseSet(compile_phrases(case.unless_previous, lists)),
        )
        for pattern in compile_phrases(case.phrases, lists):
            yield (compiled_case, pattern), pattern


def _joined(matches: list[tuple[Match, CompiledCase]]) -> CaseMatch:
    """The first match, with those that follow it closely."""
    joined, case = matches[0]
    for match, _case in matches[1:]:
        if match.start <= joined.end + MAX_CHARACTERS_BETWEEN:
            joined = Match(
                min(joined.start, match.start),
                max(joined.end, match.end),
                joined.span_start,
                max(joined.span_end, match.span_end),
            )
    return CaseMatch(case, joined)


def _has_context(
    case: CompiledCase, sentence: Sentence, previous: Sentence | None, is_dated: Callable[[Sentence], bool]
) -> bool:
    """Whether all else is there that the case asks for."""
    return (
        (not case.same_sentence or case.same_sentence.is_in(sentence))
        and (not case.previous_sentence or (previous is not None and case.previous_sentence.is_in(previous)))
        and not (previous is not None and case.unless_previous.is_in(previous))
        and (not case.case.only_dated or is_dated(sentence))
    )
