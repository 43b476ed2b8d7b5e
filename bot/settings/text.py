"""The text of a setting, without what people copy along: blanks, line ends and quotes around it."""

import re
from collections.abc import Iterable

_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»"}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters that nobody sees and that `str.strip` leaves: zero width blanks, joiners, a byte order mark."""
_SEPARATORS = re.compile(r"[,;\s]+")
_JSON_LIST = re.compile(r"""\[\s*["']""")


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters around it, and without one pair of quotes around the rest."""
    bare = _without_blanks(text)
    closing_quote = _QUOTES.get(bare[:1])
    if len(bare) > 1 and closing_quote == bare[-1] and not set(bare[1:-1]) & {bare[0], closing_quote}:
        bare = _without_blanks(bare[1:-1])
    return bare


def _without_blanks(text: str) -> str:
    while (shorter := text.strip().strip(_INVISIBLE)) != text:
        text = shorter
    return text


def entries(text: str) -> tuple[str, ...]:
    """The entries of a list of names or ids, which contain no blanks; commas, semicolons or blanks separate them.

    Raises:
        ValueError: it is written as JSON, or there are only separators.

    """
    return _trimmed_entries(_SEPARATORS.split(text), text)


def phrases(text: str) -> tuple[str, ...]:
    """The entries of a list whose entries may contain blanks; commas or line ends separate them.

    Raises:
        ValueError: it is written as JSON, or there are only separators.

    """
    return _trimmed_entries(re.split(r"[,\r\n]+", text), text)


def _trimmed_entries(parts: Iterable[str], text: str) -> tuple[str, ...]:
    if _JSON_LIST.match(text):
        message = "write the entries with commas between them, without brackets"
        raise ValueError(message)
    result = tuple(filter(None, map(trimmed, parts)))
    if text and not result:
        message = "there is nothing between the commas; leave it away if it is not needed"
        raise ValueError(message)
    return result


def printable(text: str) -> str:
    """The text, if every character in it can be seen or is a plain blank.

    Raises:
        ValueError: it contains control characters, line ends, invisible or undecodable characters.

    """
    if not text.isprintable():
        message = "it contains a line end or another character that cannot be seen; copy it again"
        raise ValueError(message)
    return text


def unbroken(text: str) -> str:
    """The text, if it is one word of visible characters that begins and ends without a quote.

    Raises:
        ValueError: it contains a blank, a quote at one end, or what `printable` refuses.

    """
    if re.search(r"\s", printable(text)):
        message = "it contains a blank; copy it again, and only the value itself"
        raise ValueError(message)
    if text[:1] in _QUOTES or text[-1:] in {*_QUOTES, *_QUOTES.values()}:
        message = "it has a quote at one end; write it without quotes"
        raise ValueError(message)
    return text
