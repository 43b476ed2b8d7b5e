"""A rule file, ready to be looked for in sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from flows.coach.conditions import Conditions, compile_conditions, compile_phrases, counted_matches, is_any_in
from flows.coach.model import Case, Part, Rule, RuleFile
from flows.coach.patterns import Match, Pattern
from flows.coach.phrase_index import PhraseIndex
from flows.coach.sentences import Sentence


@dataclass(frozen=True, slots=True)
class CompiledCase:
    """A case with its owner (a rule's or a part's id) and the exceptions of both."""

    owner_id: str
    case: Case
    conditions: tuple[Conditions, ...]
    same_sentence: tuple[Pattern, ...]
    previous_sentence: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class CaseMatch:
    """Where a case's phrase stands in a sentence."""

    case: CompiledCase
    match: Match


@dataclass(frozen=True, slots=True)
class CompiledLatitude:
    """What finds a promise beyond the latitude."""

    promises: tuple[Pattern, ...]
    denials: tuple[Pattern, ...]
    topics: Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """A language's rules and parts that are switched on."""

    file: RuleFile
    rules: Mapping[str, Rule]
    parts: Mapping[str, Part]
    dates: tuple[Pattern, ...]
    apologies: tuple[Pattern, ...]
    repeated_apologies: tuple[Pattern, ...]
    latitude: CompiledLatitude
    _rule_cases: PhraseIndex[tuple[CompiledCase, Pattern]]
    _part_cases: PhraseIndex[tuple[CompiledCase, Pattern]]

    def rule_matches(self, sentence: Sentence, previous: Sentence | None) -> Iterator[CaseMatch]:
        """The first match of each rule in a sentence, in the order of the file."""
        return self._first_matches(self._rule_cases, sentence, previous)

    def part_matches(self, sentence: Sentence) -> Iterator[CaseMatch]:
        """The parts of an apology that a sentence has, each once."""
        return self._first_matches(self._part_cases, sentence, None)

    def is_dated(self, sentence: Sentence) -> bool:
        """Whether a time that can be checked stands in a sentence."""
        return any(pattern.is_in(sentence.text) for pattern in self.dates)

    def _first_matches(
        self, index: PhraseIndex[tuple[CompiledCase, Pattern]], sentence: Sentence, previous: Sentence | None
    ) -> Iterator[CaseMatch]:
        seen_owners: set[str] = set()
        for case, pattern in index.candidates(sentence.words):
            if case.owner_id in seen_owners:
                continue
            match = self._first_match(case, pattern, sentence, previous)
            if match is not None:
                seen_owners.add(case.owner_id)
                yield CaseMatch(case, match)

    def _first_match(
        self, case: CompiledCase, pattern: Pattern, sentence: Sentence, previous: Sentence | None
    ) -> Match | None:
        matches = counted_matches(pattern, sentence, case.conditions, self.is_dated)
        return matches[0] if matches and self._has_context(case, sentence, previous) else None

    def _has_context(self, case: CompiledCase, sentence: Sentence, previous: Sentence | None) -> bool:
        """Whether all else is there that the case asks for."""
        return (
            (not case.same_sentence or is_any_in(case.same_sentence, sentence))
            and (not case.previous_sentence or is_any_in(case.previous_sentence, previous))
            and (not case.case.only_dated or self.is_dated(sentence))
        )


def compile_rules(file: RuleFile) -> CompiledRules:
    """The rules of a file that are switched on.

    Raises:
        PhraseFault: a phrase is not well formed (`rule_files.load_rules` names the line).

    """
    rules = {rule_id: rule for rule_id, rule in file.rules.items() if rule.is_on}
    parts = {part_id: part for part_id, part in file.parts.items() if part.is_on}
    return CompiledRules(
        file,
        rules,
        parts,
        compile_phrases(file.dates, file.lists),
        compile_phrases(file.apologies, file.lists),
        compile_phrases(file.repeated_apologies, file.lists),
        CompiledLatitude(
            compile_phrases(file.latitude.promises, file.lists),
            compile_phrases(file.latitude.denials, file.lists),
            {topic: compile_phrases(phrases, file.lists) for topic, phrases in file.latitude.topics.items()},
        ),
        PhraseIndex(chain.from_iterable(_cases(file, rule_id, rule.cases, rule) for rule_id, rule in rules.items())),
        PhraseIndex(chain.from_iterable(_cases(file, part_id, part.cases, None) for part_id, part in parts.items())),
    )


def _cases(
    file: RuleFile, owner_id: str, cases: tuple[Case, ...], rule: Rule | None
) -> Iterator[tuple[tuple[CompiledCase, Pattern], frozenset[str]]]:
    rule_conditions = (compile_conditions(rule, file.lists),) if rule else ()
    for case in cases:
        conditions = (compile_conditions(case, file.lists), *rule_conditions)
        compiled_case = CompiledCase(
            owner_id,
            case,
            conditions,
            compile_phrases(case.same_sentence, file.lists),
            compile_phrases(case.previous_sentence, file.lists),
        )
        for pattern in compile_phrases(case.phrases, file.lists):
            yield (compiled_case, pattern), pattern.needed_words
