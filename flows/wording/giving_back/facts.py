"""A client's facts as clauses of one sentence that the responder says."""

from collections.abc import Sequence

from flows.wording.giving_back.sentences import inner_sentence


def facts_clause(facts: Sequence[str], language: str) -> str:
    """These facts, in the client's words, as they can stand within a sentence of the responder: "…, …"."""
    quotations = ", ".join(f"“{inner_sentence(fact, language)}”" for fact in facts)
    return f"usted me dijo: {quotations}" if language == "es" else f"you told me: {quotations}"
