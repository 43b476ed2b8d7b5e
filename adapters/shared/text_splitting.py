"""Texts that are too long for one place, split or shortened between words. Each platform counts in its own way."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable

from flows.text import clean_text

ELLIPSIS = "…"
JOINER = "\u200d"
Measure = Callable[[str], int]


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units: most emoji count as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, most: int, measure: Measure = utf16_length) -> list[str]:
    """Parts of at most `most` each, split after a paragraph, line or word if possible. Joined, they are the text."""
    pieces = []
    while measure(text) > most:
        end = _split_position(text, _fitting_length(text, most, measure))
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text] if text else pieces


def shorten(text: str, most: int, measure: Measure = utf16_length) -> str:
    """The text, or its beginning and an ellipsis. Marks of text direction that were left open are closed."""
    if measure(text) <= most:
        return text
    end = _grapheme_boundary(text, _fitting_length(text, most - len(ELLIPSIS), measure))
    while measure(short := clean_text(text[:end]) + ELLIPSIS) > most:
        end -= 1
    return short


def _fitting_length(text: str, most: int, measure: Measure) -> int:
    """How many characters fit."""
    return bisect_right(range(most + 1), most, key=lambda count: measure(text[:count])) - 1


def _split_position(text: str, room: int) -> int:
    """Where to cut: after the last paragraph, line or word in the second half of what fits."""
    ends = (text.rfind(mark, room // 2, room) + len(mark) for mark in ("\n\n", "\n", " "))
    return _grapheme_boundary(text, next((end for end in ends if end > room // 2), room))


def _grapheme_boundary(text: str, end: int) -> int:
    """The nearest position before `end` that is not inside a visible character, such as a flag."""
    before = next((at for at in range(end, end // 2, -1) if not _is_inside_grapheme(text, at)), end)
    return max(before, 1)


def _is_inside_grapheme(text: str, at: int) -> bool:
    """Whether the characters before and after this position are shown as one."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if JOINER in (left, right) or unicodedata.category(right).startswith("M"):
        return True
    if _is_flag_letter(left) and _is_flag_letter(right):
        run = next((i for i in range(at) if not _is_flag_letter(text[at - 1 - i])), at)
        return run % 2 == 1
    return "\U0001f3fb" <= right <= "\U0001f3ff" or "\U000e0020" <= right <= "\U000e007f"  # a skin tone, a region


def _is_flag_letter(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
