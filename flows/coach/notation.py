"""The notation of phrases in rule files: what a linguist writes instead of a regular expression.

- `sorry if` is these words one after the other, in any case; a comma may stand between them.
- `apolog*` is any word that begins so, `*ly` any that ends so, `*` any one word. `#` is a number of up to four digits,
  with or without the sign of a currency.
- `(we|the team)` is one of these, `[very]` may be there or not, `<sorry>` is one of a list that the file defines.
- `..` is a gap of up to five words, `..8` of up to eight. `~` and `~8` are such gaps within a clause: no comma, colon,
  semicolon or dash stands in them. A gap at the end takes as many words as it can, one before others as few.
- `^` is the beginning of a sentence and `$` its end. `,` `;` `:` `?` `!` and `–` must stand there.
- `{if}` marks the words that are shown as the fault; without it all words of the phrase are.

No phrase can repeat anything without a limit, so that none can take exponential time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DEFAULT_GAP_WORDS = 5
MAX_GAP_WORDS = 15
"""Words of one gap."""
MAX_GAPS_WORDS = 24
"""Words of all gaps of one phrase together."""
MAX_PHRASE_CHARACTERS = 6000
"""Characters of a phrase, its lists put in."""
MAX_NESTING = 12
"""Groups and lists inside each other."""
PUNCTUATION = frozenset(",;:?!–")
_SYMBOL = re.compile(
    r"(?:\.\.|~)\d{0,4}|#(?:[:./,]#){1,4}[^\s()\[\]{}|<>^$,;:?!–~]{0,30}|<[^<>\s]{0,60}>|[()\[\]{}|^$,;:?!–]|[^\s()\[\]{}|<>^$,;:?!–~]+|\S"
)
_WORD = re.compile(r"[\w'’*#%/.&@+:,-]+")


class PhraseFault(Exception):
    """A phrase is not well formed: `fault` says how, `remedy` what to write instead."""

    def __init__(self, fault: str, remedy: str) -> None:
        """Keep both for whoever knows the file and the line."""
        self.fault, self.remedy = fault, remedy
        super().__init__(f"{fault} {remedy}")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a sign of PUNCTUATION. `*` and `#` in it are wild."""

    text: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or the end of a sentence."""

    is_start: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to this many words of any kind; within one clause, or across commas and the like."""

    max_words: int
    is_in_clause: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One of several sequences; none at all if it is optional; the words at fault if it is marked."""

    choices: tuple["Sequence", ...]
    is_optional: bool = False
    is_marked: bool = False


Node = Word | Edge | Gap | Group
Sequence = tuple[Node, ...]


class PhraseLists:
    """The lists of a file. Each is read when it is needed first."""

    def __init__(self, phrases: Mapping[str, tuple[str, ...]]) -> None:
        """Keep the phrases of each list, by its name."""
        self._phrases = phrases
        self._groups: dict[str, Group] = {}
        self._open_names: list[str] = []

    def group(self, name: str) -> Group:
        """A list as a group of choices.

        Raises:
            PhraseFault: there is no such list, it contains itself, or a phrase of it is not well formed.

        """
        if name not in self._phrases:
            names = ", ".join(f"<{known}>" for known in sorted(self._phrases)) or "none"
            raise PhraseFault(f"There is no list <{name}>.", f"The lists of this file are: {names}.")
        if name in self._open_names or len(self._open_names) >= MAX_NESTING:
            raise PhraseFault(f"The list <{name}> contains itself.", "Write its words out.")
        if name not in self._groups:
            self._open_names.append(name)
            try:
                self._groups[name] = Group(tuple(_parse(text, self) for text in self._phrases[name]))
            finally:
                self._open_names.pop()
        return self._groups[name]


_CLOSING = {"(": ")", "[": "]", "{": "}"}


def parse_phrase(text: str, lists: PhraseLists) -> Sequence:
    """Read a phrase.

    Raises:
        PhraseFault: it is not well formed.

    """
    sequence = _parse(text, lists)
    gaps_words = sum(_gap_words(sequence))
    if gaps_words > MAX_GAPS_WORDS:
        fault = f"The gaps of this phrase have {gaps_words} words together."
        raise PhraseFault(fault, f"Leave at most {MAX_GAPS_WORDS}, or split the phrase.")
    if _size(sequence) > MAX_PHRASE_CHARACTERS:
        raise PhraseFault("This phrase is too long.", "Split it, or shorten the lists that it names.")
    if all(isinstance(node, Edge) or _can_be_empty(node) for node in sequence):
        raise PhraseFault("This phrase can match where no word stands.", "Write at least one word that must be there.")
    return sequence


def can_be_empty(node: Node) -> bool:
    """Whether the node may stand for no word at all."""
    return _can_be_empty(node)


def _parse(text: str, lists: PhraseLists) -> Sequence:
    if len(text) > MAX_PHRASE_CHARACTERS:
        raise PhraseFault("This phrase is too long.", "Split it.")
    symbols = _Symbols(_SYMBOL.findall(text), lists)
    choices = _choices(symbols, end="")
    return choices[0] if len(choices) == 1 else (Group(choices),)


@dataclass(slots=True)
class _Symbols:
    """What is left of a phrase."""

    texts: list[str]
    lists: PhraseLists
    position: int = 0
    nesting: int = 0

    def next(self) -> str:
        """The next symbol; empty at the end."""
        symbol = self.texts[self.position] if self.position < len(self.texts) else ""
        self.position += 1
        return symbol


def _choices(symbols: _Symbols, end: str) -> tuple[Sequence, ...]:
    """The sequences up to the sign that ends the group, separated by `|`."""
    choices: list[Sequence] = []
    nodes: list[Node] = []
    while (symbol := symbols.next()) != end:
        if not symbol:
            raise PhraseFault(f"A “{end}” is missing.", f"Close the group with “{end}”.")
        if symbol == "|":
            choices.append(_checked(nodes))
            nodes = []
        else:
            nodes.append(_node(symbol, symbols))
    return (*choices, _checked(nodes))


def _checked(nodes: list[Node]) -> Sequence:
    if not nodes:
        raise PhraseFault("A choice is empty.", "Write words on both sides of “|”; what may be missing goes into [ ].")
    return tuple(nodes)


def _node(symbol: str, symbols: _Symbols) -> Node:
    match symbol[0]:
        case "(" | "[" | "{":
            return _group(symbol, symbols)
        case ")" | "]" | "}":
            raise PhraseFault(f"This “{symbol}” closes nothing.", "Remove it, or open the group before.")
        case "<" if len(symbol) > 1:
            return symbols.lists.group(symbol[1:-1])
        case "^" | "$":
            return Edge(is_start=symbol == "^")
        case "." | "~" if symbol.startswith(("..", "~")):
            return _gap(symbol)
        case _ if symbol in PUNCTUATION:
            return Word(symbol)
    if not _WORD.fullmatch(symbol):
        raise PhraseFault(
            f"“{symbol}” is neither a word nor a sign of the notation.", "docs/coach.md shows the notation."
        )
    return Word(symbol.replace("’", "'").lower())


def _group(symbol: str, symbols: _Symbols) -> Group:
    symbols.nesting += 1
    if symbols.nesting > MAX_NESTING:
        raise PhraseFault("Too many groups stand inside each other.", f"Use at most {MAX_NESTING}.")
    choices = _choices(symbols, _CLOSING[symbol])
    symbols.nesting -= 1
    return Group(choices, is_optional=symbol == "[", is_marked=symbol == "{")


def _gap(symbol: str) -> Gap:
    max_words = int(symbol.lstrip(".~") or DEFAULT_GAP_WORDS)
    if not 1 <= max_words <= MAX_GAP_WORDS:
        raise PhraseFault(f"A gap cannot have {max_words} words.", f"Write a number from 1 to {MAX_GAP_WORDS}.")
    return Gap(max_words, is_in_clause=symbol.startswith("~"))


def _can_be_empty(node: Node) -> bool:
    match node:
        case Gap():
            return True
        case Group(choices=choices, is_optional=is_optional):
            return is_optional or any(all(map(_can_be_empty, choice)) for choice in choices)
        case _:
            return False


def _gap_words(sequence: Sequence) -> Iterator[int]:
    """Words of each gap that can come one after the other: of a group's choices the one with the most."""
    for node in sequence:
        match node:
            case Gap(max_words=max_words):
                yield max_words
            case Group(choices=choices):
                yield max(sum(_gap_words(choice)) for choice in choices)


def _size(sequence: Sequence) -> int:
    return sum(
        sum(map(_size, node.choices)) if isinstance(node, Group) else len(node.text) if isinstance(node, Word) else 1
        for node in sequence
    )
