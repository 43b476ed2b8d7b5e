"""Promises beyond the latitude: what the responder noted that they may promise without asking anyone."""

import re
from collections.abc import Iterator

from flows.coach.compiled_rules import CompiledLatitude, CompiledRules
from flows.coach.conditions import counted_matches
from flows.coach.model import DraftContext
from flows.coach.patterns import Match, fold
from flows.coach.sentences import Sentence

_CLAUSE_END = re.compile(r"[,;.\n](?=\s|$)|\b(?:but|except|pero|salvo|excepto)\b")
_PERCENT = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?) ?(?:%|percent|per cent|por ?ciento)")
_NUMBER = r"(\d{1,3}(?:[.,]\d{3}){1,3}|\d{1,9})"
_AMOUNT = re.compile(rf"[$€£] ?{_NUMBER}|{_NUMBER} ?(?:[$€£]|(?:eur|usd|gbp|euros?|dollars?|pounds?|dolares|pesos)\b)")


def promise_beyond(rules: CompiledRules, sentence: Sentence, context: DraftContext) -> tuple[int, int] | None:
    """Where a sentence promises what the latitude denies, does not name, or limits to less; None if nowhere."""
    compiled = rules.latitude
    matches = list(_topic_matches(rules, sentence))
    if not matches or not compiled.promises.is_in(sentence):
        return None
    clauses = list(_clauses(compiled, context.latitude))
    for topic, match in matches:
        is_only_if_denied = topic in compiled.only_if_denied
        if not _is_allowed(topic, sentence.text, clauses, is_only_if_denied=is_only_if_denied):
            return match.span_start, match.span_end
    return None


def _topic_matches(rules: CompiledRules, sentence: Sentence) -> Iterator[tuple[str, Match]]:
    """Where a sentence speaks of what costs something."""
    for topic, pattern in rules.latitude.topics.candidates(sentence.words):
        for match in counted_matches(pattern, sentence, (rules.latitude.conditions,), rules.is_dated):
            yield topic, match


Clause = tuple[str, bool, frozenset[str]]
"""A part of the latitude, whether it denies, and its topics."""


def _clauses(compiled: CompiledLatitude, latitude: str) -> Iterator[Clause]:
    text = fold(latitude)
    start = 0
    for end in [*(match.start() for match in _CLAUSE_END.finditer(text)), len(text)]:
        clause = Sentence(start, text[start:end])
        topics = frozenset(
            topic
            for phrases in (compiled.topics, compiled.names)
            for topic, pattern in phrases.candidates(clause.words)
            if pattern.is_in(clause.text)
        )
        yield clause.text, compiled.denials.is_in(clause), topics
        start = end


def _is_allowed(topic: str, promise: str, clauses: list[Clause], *, is_only_if_denied: bool) -> bool:
    about_topic = [(clause, is_denied) for clause, is_denied, topics in clauses if topic in topics]
    if any(is_denied for _clause, is_denied in about_topic):
        return False
    if not about_topic:
        return is_only_if_denied
    return all(_is_within(expression, promise, about_topic) for expression in (_PERCENT, _AMOUNT))


def _is_within(expression: re.Pattern[str], promise: str, about_topic: list[tuple[str, bool]]) -> bool:
    limits = [number for clause, _is_denied in about_topic for number in _numbers(expression, clause)]
    return not limits or all(number <= max(limits) for number in _numbers(expression, promise))


def _numbers(expression: re.Pattern[str], text: str) -> list[float]:
    numbers = []
    for match in expression.finditer(text.lower()):
        digits = next(group for group in match.groups() if group is not None)
        is_grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits) is not None
        numbers.append(float(re.sub(r"[.,]", "", digits) if is_grouped else digits.replace(",", ".")))
    return numbers
