"""Typed text as a clean part of a spoken sentence."""

from textwrap import shorten

MAX_SPOKEN_CHARACTERS = 120
"""Characters of one entry in a phrase. A longer one is too much to say in one go."""


def inner_sentence(text: str, language: str, max_characters: int = MAX_SPOKEN_CHARACTERS) -> str:  # noqa: ARG001 - which words keep their capital depends on it
    """The text as it can stand within a sentence: no mark at its end, as much as can be said in one go."""
    line = " ".join(text.split())
    short_line = shorten(line, max_characters, placeholder="…")
    return (short_line if short_line != "…" else line[: max_characters - 1] + "…").rstrip(" .;,!")
