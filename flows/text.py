"""Text that people typed: made safe to store and show, checked for being blank, and split into parts."""

import unicodedata
from textwrap import shorten

from flows.limits import MAX_NAME_CHARACTERS

ISOLATES = "\u2066\u2067\u2068"
EMBEDDINGS = "\u202a\u202b\u202d\u202e"
END_ISOLATE, END_EMBEDDING = "\u2069", "\u202c"
DIRECTIONS = frozenset(ISOLATES + EMBEDDINGS + END_ISOLATE + END_EMBEDDING)
BLANK_CHARACTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that cannot be seen: the fillers of Hangul, and the Braille pattern without a dot."""
DASHES = frozenset("−~→")
"""Signs that people type for a dash, besides those that Unicode calls dashes."""
ELLIPSIS = "…"


def clean_text(text: str) -> str:
    """The same text, safe to store and to show beside other text.

    - There is one kind of line end.
    - What no database stores is removed (NUL) or becomes U+FFFD (half of a surrogate pair).
    - A change of the writing direction that a line leaves open is closed at the end of the line, so that it does not
      reverse the text that follows.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip().split("\n")
    return "\n".join(map(_close_directions, lines))


def clean_name(name: str, max_characters: int = MAX_NAME_CHARACTERS) -> str:
    """A name that a platform or a person gave, safe to show within a sentence.

    It is one line without control characters and leaves no change of the writing direction open. A longer name is
    shortened.
    """
    if name.isprintable() and len(name) <= max_characters and name == " ".join(name.split()):
        return name
    line = "".join(" " if unicodedata.category(character) == "Cc" else character for character in name)
    line = clean_text(" ".join(line.split()))
    if len(line) <= max_characters:
        return line
    line = "".join(character for character in line if character not in DIRECTIONS)
    return line if len(line) <= max_characters else line[: max_characters - len(ELLIPSIS)].rstrip() + ELLIPSIS


def is_blank(text: str) -> bool:
    """Whether there is nothing to see."""
    return all(map(_is_invisible, text))


def name_key(name: str) -> str:
    """A key to compare names by. Case, width, spaces, invisible characters and the spelling of accents do not count."""
    normalized_name = unicodedata.normalize("NFKC", name).casefold()
    visible_name = "".join(character for character in normalized_name if unicodedata.category(character) != "Cf")
    return " ".join(visible_name.split())


def fold_text(text: str) -> str:
    """The text to recognize words in: small letters and digits of usual width, without accents, with one kind of dash.

    Characters without a width are removed.
    """
    characters = unicodedata.normalize("NFKD", text).casefold()
    categories = ((character, unicodedata.category(character)) for character in characters)
    return "".join(
        "-" if category == "Pd" or character in DASHES else character
        for character, category in categories
        if category not in {"Mn", "Cf"}
    )


def without_end_mark(text: str) -> str:
    """The text without the mark at its end that would stand in the way of what follows in the same line."""
    return text.rstrip(" .;,") or text


def shorten_line(text: str, max_characters: int) -> str:
    """The text as one line, cut after a word where it is too long; a text without spaces is cut within a word."""
    line = shorten(text, max_characters, placeholder=ELLIPSIS)
    return line if line != ELLIPSIS else text[: max_characters - len(ELLIPSIS)] + ELLIPSIS


def split_text(text: str, max_characters: int) -> list[str]:
    """The text in parts of at most `max_characters`, split after a paragraph, a line or a word where possible."""
    parts = []
    remaining_text = text.strip()
    while len(remaining_text) > max_characters:
        break_positions = (remaining_text.rfind(mark, 1, max_characters + 1) for mark in ("\n\n", "\n", " "))
        end = next((end for end in break_positions if end > max_characters // 2), max_characters)
        parts.append(remaining_text[:end].rstrip())
        remaining_text = remaining_text[end:].lstrip()
    return [*parts, remaining_text] if remaining_text else parts


def _is_invisible(character: str) -> bool:
    return character.isspace() or character in BLANK_CHARACTERS or unicodedata.category(character) in {"Cf", "Cc"}


def _close_directions(line: str) -> str:
    """The line, with each change of the writing direction closed that it leaves open."""
    open_directions: list[str] = []
    for character in line:
        if character in ISOLATES:
            open_directions.append(END_ISOLATE)
        elif character in EMBEDDINGS:
            open_directions.append(END_EMBEDDING)
        elif open_directions and character == open_directions[-1]:
            open_directions.pop()
    return line + "".join(reversed(open_directions))
