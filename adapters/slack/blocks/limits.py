"""Text too long for one place in Slack, which counts it escaped."""

from adapters.shared import text_splitting
from adapters.shared.text_splitting import ELLIPSIS, Measure, utf16_length

__all__ = ["ELLIPSIS", "shorten", "size", "split_text", "utf16_length"]

ENTITIES = {"&": len("&amp;"), "<": len("&lt;"), ">": len("&gt;")}


def size(text: str) -> int:
    """The text's length once it is escaped. Slack does not say how it counts: this is the larger figure."""
    return utf16_length(text) + sum((length - 1) * text.count(sign) for sign, length in ENTITIES.items())


def split_text(text: str, most: int, measure: Measure = size) -> list[str]:
    """Pieces of at most `most`; together they are the whole text."""
    return text_splitting.split_text(text, most, measure)


def shorten(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text_splitting.shorten(text, most, size)
