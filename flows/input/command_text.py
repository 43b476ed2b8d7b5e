"""What was typed, without the noise of typing: the one step before a command is read, on every platform."""

import unicodedata
from collections.abc import Collection

from flows.text import fold_text

COMMAND = "/trust-recover"
COMMAND_SPELLINGS = frozenset({"trust-recover", "trustrecover"})
"""Keys of the first word of a message that is a command."""
NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
"""Characters without a width that come along when text is copied."""
BLANKS = (
    NO_WIDTH
    + " \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    + ("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a")
)
QUOTES = {
    '"': '"',
    "'": "'",
    "“": "”",
    "„": "“",
    "‘": "’",
    "‚": "‘",
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "`": "`",
}
"""The sign that closes each opening quotation mark; “Acme” may also be closed as it was opened."""
WORD_EDGES = "".join({*QUOTES, *QUOTES.values()}) + ".,;:!?…/\\*_~-()[]<>=¡¿。、，．！？："
"""Signs around a word that do not belong to it."""
SEPARATORS = ":=：＝\u200b"
"""Signs that people put between a word and what follows it, and the space without a width."""
FULL_STOPS = ".。．"
SHORT_COMPANY_FORMS = {
    "ag", "bros", "bv", "co", "corp", "inc", "kg", "llc", "llp", "ltd", "ltda", "nv", "oy", "plc", "pte", "pty", "sa",
    "sl", "spa", "srl",
}  # fmt: skip
COMPANY_FORMS = SHORT_COMPANY_FORMS | {"company", "corporation", "gmbh", "group", "holding", "holdings", "limited"}
"""Words that can only stand behind a company's name."""
ABBREVIATIONS = SHORT_COMPANY_FORMS | {"cia", "cie", "dept", "etc", "int", "intl", "jr", "no", "sr", "st"}
"""Words at the end of a name that are written with a full stop."""


def command_line(text: str) -> str:
    """The first line that says something, without `/trust-recover` before it, however often, and without quotes.

    Lines after it are no part of a command: they are often a quotation or a signature.
    """
    return next(filter(None, map(_without_command, text.splitlines())), "")


def lines_after_command(text: str) -> str:
    """What follows the line of the command, as it was typed: for the one command that takes a whole text."""
    lines = text.splitlines()
    command = next((number for number, line in enumerate(lines) if _without_command(line)), len(lines))
    return "\n".join(lines[command + 1 :])


def after_command(text: str) -> str | None:
    """What follows `/trust-recover` in a message; None if the message does not begin with it.

    The slash may be missing, or stand apart, and so may the dash.
    """
    line = _trim(_trim(text).removeprefix("/"))
    first, rest = split_first_word(line, COMMAND_SPELLINGS)
    if word_key(first) in COMMAND_SPELLINGS:
        return rest
    second, after = split_first_word(rest, COMMAND_SPELLINGS)
    is_command = line != _trim(text) and f"/{word_key(first)}-{word_key(second)}" == COMMAND
    return after if is_command else None


def split_first_word(line: str, words: Collection[str] = ()) -> tuple[str, str]:
    """The first word and what follows it. One of `words` also ends at a separator: "start:Acme"."""
    first, *rest = [*line.split(maxsplit=1), ""]
    remaining = _trim(rest[0]) if rest else ""
    for end, character in enumerate(first):
        if character in SEPARATORS:
            if word_key(first[:end]) in words:
                return first[:end], _trim(f"{first[end + 1 :]} {remaining}")
            break
    return first, remaining


def word_key(word: str) -> str:
    """A word to be compared with ours: in small letters, without accents, quotes and signs around it."""
    return fold_text(word).strip(WORD_EDGES)


def clean_account(text: str) -> str:
    """The name of a client as it is meant: without separators before it, quotes around it and a full stop behind it."""
    name = " ".join(_trim(text).split())
    while name and (name[0] in SEPARATORS or (fold_text(name[0]) == "-" and name[1:2] in {"", " "})):
        name = _trim(name[1:])
    name = _unquote(name)
    last_word = name.rpartition(" ")[2]
    is_abbreviation = "." in last_word[:-1] or word_key(last_word) in ABBREVIATIONS or len(last_word) <= 2  # noqa: PLR2004 - an initial and its full stop
    return _trim(name[:-1]) if name[-1:] and name[-1] in FULL_STOPS and not is_abbreviation else name


def shows_something(text: str) -> bool:
    """Whether there is a letter, a digit or a symbol, not only punctuation."""
    return any(unicodedata.category(character)[0] in "LNS" for character in text)


def is_company_form(text: str) -> bool:
    """Whether all of these words can only stand behind a company's name: "Ltd", "& Co. KG"."""
    words = [key for word in text.split() if (key := word_key(word))]
    return all(word in COMPANY_FORMS or word == "&" for word in words) and bool(words)


def _without_command(line: str) -> str:
    line = _unquote(_trim(line))
    while line:
        first, rest = split_first_word(line)
        if word_key(first) not in COMMAND_SPELLINGS:
            break
        line = _unquote(rest)
    return line


def _trim(text: str) -> str:
    """The text without blanks and characters without a width around it."""
    return text.strip(BLANKS)


def _unquote(text: str) -> str:
    """The text without the quotation marks around all of it."""
    closing_marks = {QUOTES[text[0]], text[0]} if text and text[0] in QUOTES else set()
    quotation = text.rstrip(f"{FULL_STOPS}!{BLANKS}")
    inside = quotation[1:-1]
    return _trim(inside) if inside and quotation[-1] in closing_marks and not closing_marks & set(inside) else text
