"""Where a phrase counts, and where it does not."""

from collections.abc import Callable
from dataclasses import dataclass

from flows.coach.model import Exceptions, Phrases
from flows.coach.notation import Lists
from flows.coach.patterns import Match, Pattern, compile_phrase
from flows.coach.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Conditions:
    """Exceptions of a rule or a case, compiled."""

    unless: tuple[Pattern, ...]
    unless_before: tuple[Pattern, ...]
    unless_after: tuple[Pattern, ...]
    unless_dated: bool


def compile_conditions(exceptions: Exceptions, lists: Lists) -> Conditions:
    """The exceptions, ready to be looked for.

    Raises:
        PhraseFault: a phrase is not well formed.

    """
    return Conditions(
        compile_phrases(exceptions.unless, lists),
        compile_phrases(exceptions.unless_before, lists),
        compile_phrases(exceptions.unless_after, lists),
        exceptions.unless_dated,
    )


def compile_phrases(phrases: Phrases, lists: Lists) -> tuple[Pattern, ...]:
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
    if any(is_any_in(conditions.unless, sentence) for conditions in all_conditions):
        return []
    return [match for match in matches if not _is_excused(match, sentence.text, all_conditions)]


def is_any_in(patterns: tuple[Pattern, ...], sentence: Sentence | None) -> bool:
    """Whether one of the phrases stands in the sentence."""
    return sentence is not None and any(pattern.is_in(sentence.text) for pattern in patterns)


def _is_excused(match: Match, text: str, all_conditions: tuple[Conditions, ...]) -> bool:
    return any(
        any(pattern.precedes(text, match.start) for pattern in conditions.unless_before)
        or any(pattern.follows(text, match.end) for pattern in conditions.unless_after)
        for conditions in all_conditions
    )
