"""The adapter's own words: those of Slack's dialogs, which no card or form has."""

from functools import cache

from adapters.drawing import Words, words

FALLBACK = "en"


def say(language: str, key: str, **args: str) -> str:
    """The words for a key in this language, filled; in English where it is missing."""
    found = _words()[key]
    return (found.get(language) or found[FALLBACK]).format(**args)


@cache
def _words() -> Words:
    return words("adapters.slack", "words.yaml")
