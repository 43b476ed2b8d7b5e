"""Lists of words, written as text."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text, which are parted by spaces."""
    return frozenset(text.split())
