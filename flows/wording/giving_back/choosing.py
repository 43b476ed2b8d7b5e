"""Which sentences of one fact are said back: those that state something, before cries and fragments."""

from collections.abc import Sequence
from dataclasses import dataclass

_MIN_STATEMENT_WORDS = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence as it may be said: turned around, or as the client's own words.

    `is_fact`: whether it states something, and does not threaten or judge.
    """

    text: str
    is_quotation: bool = False
    is_question: bool = False
    is_fact: bool = True
    has_verb: bool = False
    has_number: bool = False
    is_cry: bool = False
    is_item: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether it says by itself what happened."""
        is_long = len(self.text.split()) >= _MIN_STATEMENT_WORDS
        return self.is_fact and self.has_verb and is_long and not self.is_cry and not self.is_question


def chosen(candidates: Sequence[Candidate]) -> tuple[Candidate | None, list[str]]:
    """The sentence to quote, if any, and the turned clauses to say after it."""
    quotations = [candidate for candidate in candidates if candidate.is_quotation]
    items = [candidate.text for candidate in candidates if candidate.is_item]
    turned = [candidate for candidate in candidates if not candidate.is_quotation and not candidate.is_item]
    has_statement = any(candidate.is_statement for candidate in candidates)
    if has_statement:
        turned = [
            candidate
            for place, candidate in enumerate(turned)
            if not candidate.is_cry
            and (candidate.has_verb or candidate.has_number or (place == 0 and candidate is candidates[0]))
        ]
    clauses = [", ".join(items), *(candidate.text for candidate in turned)][0 if items else 1 :]
    if not clauses:
        return _best(quotations), []
    is_only_fragment = not items and not any(candidate.has_verb for candidate in turned)
    first = candidates[0]
    if first.is_quotation and first.is_statement:
        return first, clauses
    statement = next((candidate for candidate in quotations if candidate.is_statement), None)
    return (statement, []) if is_only_fragment and statement is not None else (None, clauses)


def _best(quotations: Sequence[Candidate]) -> Candidate | None:
    """The first that states something; else the first that is more than a cry."""
    ranks = (
        [candidate for candidate in quotations if candidate.is_fact and candidate.has_verb and not candidate.is_cry],
        [candidate for candidate in quotations if candidate.has_verb and not candidate.is_cry],
        [candidate for candidate in quotations if not candidate.is_cry],
        quotations,
    )
    return next((rank[0] for rank in ranks if rank), None)
