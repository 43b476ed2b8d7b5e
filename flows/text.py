"""What people type: made harmless without losing a character, told apart from nothing, split but never cut."""

import unicodedata

ISOLATES = "\u2066\u2067\u2068"
EMBEDDINGS = "\u202a\u202b\u202d\u202e"
END_ISOLATE, END_EMBEDDING = "\u2069", "\u202c"
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters that show nothing: fillers of Hangul, and Braille without a dot."""


def clean(text: str) -> str:
    """The same text, safe to store and to put beside other text.

    Line ends become one kind; what no database stores goes (NUL) or becomes U+FFFD (half of a surrogate pair). A change
    of the direction of writing that a line leaves open is closed at its end, so that it turns no other words round.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip().split("\n")
    return "\n".join(map(_close_directions, lines))


def is_blank(text: str) -> bool:
    """Whether there is nothing to see."""
    return all(letter.isspace() or letter in BLANKS or unicodedata.category(letter) in {"Cf", "Cc"} for letter in text)


def name_key(name: str) -> str:
    """What a name is known by: case, width, accents' spelling, spaces and what cannot be seen make no other name."""
    letters = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(letter for letter in letters if unicodedata.category(letter) != "Cf").split())


def split_text(text: str, most: int) -> list[str]:
    """The text in parts of at most `most` characters, at the ends of paragraphs, lines or words where there are any."""
    parts = []
    rest = text.strip()
    while len(rest) > most:
        ends = (rest.rfind(mark, 1, most + 1) for mark in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > most // 2), most)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _close_directions(line: str) -> str:
    """The line with whatever it opens closed."""
    closing: list[str] = []
    for letter in line:
        if letter in ISOLATES:
            closing.append(END_ISOLATE)
        elif letter in EMBEDDINGS:
            closing.append(END_EMBEDDING)
        elif closing and letter == closing[-1]:
            closing.pop()
    return line + "".join(reversed(closing))
