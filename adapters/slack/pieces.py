"""Text too long for one place in Slack, which counts it escaped."""

from adapters import pieces
from adapters.pieces import ELLIPSIS, Measure, units

__all__ = ["ELLIPSIS", "cut", "shortened", "size", "units"]

ENTITIES = {"&": len("&amp;"), "<": len("&lt;"), ">": len("&gt;")}


def size(text: str) -> int:
    """The text's length once it is escaped. Slack does not say how it counts: this is the larger figure."""
    return units(text) + sum((length - 1) * text.count(sign) for sign, length in ENTITIES.items())


def cut(text: str, most: int, measure: Measure = size) -> list[str]:
    """Pieces of at most `most`; together they are the whole text."""
    return pieces.cut(text, most, measure)


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return pieces.shortened(text, most, size)
