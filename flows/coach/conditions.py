"""Where a phrase counts, and where it does not."""

from collections.abc import Callable
from dataclasses import dataclass

from flows.coach.model import Exceptions, Phrases
from flows.coach.notation import PhraseLists
from flows.coach.patterns import Match, Pattern, compile_phrase
from flows.coach.phrase_index import PhraseSet
from flows.coach.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Conditions:
    """Exceptions of a rule or a case, compiled."""

    unless: PhraseSet
    unless_before: tuple[Pattern, ...]
    unless_after: tuple[Pattern, ...]
    unless_dated: bool


def compile_conditions(exceptions: Exceptions, lists: PhraseLists) -> Conditions:
    """The exceptions, ready to be looked for.

    Raises:
        PhraseFault: a phrase is not well formed.

    """
    return Conditions(
        PhraseSet(compile_phrases(exceptions.unless, lists)),
        compile_phrases(exceptions.unless_before, lists),
        compile_phrases(exceptions.unless_after, lists),
        exceptions.unless_dated,
    )


def compile_phrases(phrases: Phrases, lists: PhraseLists) -> tuple[Pattern, ...]:
    """Phrases, ready to be looked for.

    Raises:
        PhraseFault: a phrase is not well formed.

    """
    return tuple(compile_phrase(phrase, lists) for phrase in phrases)


def counted_matches(
    pattern: Pattern,
    sentence: Sentence,
    all_conditions: tuple[Conditions, ...],
    is_dated: Callable[[Sentence], bool] = lambda _sentence: False,
) -> list[Match]:
    """Where a phrase stands in a sentence without any exception. `is_dated`: whether the sentence has a time."""
    matches = pattern.matches(sentence.text)
    if not matches or (any(conditions.unless_dated for conditions in all_conditions) and is_dated(sentence)):
        return []
    if any(conditions.unless.is_in(sentence) for conditions in all_conditions):
        return []
    return [match for match in matches if not _is_excused(match, sentence.text, all_conditions)]


def _is_excused(match: Match, text: str, all_conditions: tuple[Conditions, ...]) -> bool:
    return any(
        any(pattern.precedes(text, match.span_start) for pattern in conditions.unless_before)
        or any(pattern.follows(text, match.span_end) for pattern in conditions.unless_after)
        for conditions in all_conditions
    )
