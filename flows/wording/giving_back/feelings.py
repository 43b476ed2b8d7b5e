"""A typed feeling as a part of a spoken sentence."""

from flows.wording.giving_back.sentences import inner_sentence


def feeling_words(text: str, language: str) -> str:
    """The word, as it can stand after "you felt" or "sintió": trimmed, in small letters. Empty if it cannot."""
    return inner_sentence(text, language).casefold()
