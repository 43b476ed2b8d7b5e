"""The adapter's own words: those of Slack's dialogs, which no card or form has."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

FALLBACK = "en"
_Words = dict[str, dict[str, str]]


def say(language: str, key: str, **args: str) -> str:
    """The words for a key in this language, filled; in English where it is missing."""
    words = _words()[key]
    return (words.get(language) or words[FALLBACK]).format(**args)


@cache
def _words() -> _Words:
    text = files("adapters.slack").joinpath("words.yaml").read_text("utf-8")
    return TypeAdapter(_Words).validate_python(yaml.load(text, Loader=yaml.CSafeLoader))
