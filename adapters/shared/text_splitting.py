"""Text too long for one place: cut where it hurts least, never losing any. Each platform measures in its own way."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable

from flows.text import clean_text

ELLIPSIS = "…"
JOINER = "\u200d"
Measure = Callable[[str], int]


def utf16_length(text: str) -> int:
    """The text's length, an emoji counted as two, as platforms do that count UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, most: int, measure: Measure = utf16_length) -> list[str]:
    """Pieces of at most `most`, ending where a paragraph, a line or a word does; together they are the whole text."""
    pieces = []
    while measure(text) > most:
        end = _split_position(text, _fitting_length(text, most, measure))
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text] if text else pieces


def shorten(text: str, most: int, measure: Measure = utf16_length) -> str:
    """The text, or its beginning and an ellipsis. A change of direction that was cut open is closed."""
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
    """The nearest place before `end` that is not within one sign, such as a flag or a letter with its accents."""
    before = next((at for at in range(end, end // 2, -1) if not _is_inside_grapheme(text, at)), end)
    return max(before, 1)


def _is_inside_grapheme(text: str, at: int) -> bool:
    """Whether the characters around this place are seen as one."""
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
