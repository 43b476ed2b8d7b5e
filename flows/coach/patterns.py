"""Phrases as regular expressions, and the words without which a phrase cannot match."""

import re
from dataclasses import dataclass
from functools import cached_property

from flows.coach.notation import (
    PUNCTUATION,
    Edge,
    Gap,
    Group,
    Node,
    PhraseLists,
    Sequence,
    Word,
    can_be_empty,
    parse_phrase,
)
from flows.wording.giving_back.word_sets import word_set

SPAN = "span"
"""The group of a pattern that holds the words at fault."""
MIN_STEM_CHARACTERS = 3
WORD = re.compile(r"[\w#%](?:[\w'#%-]*[\w#%])?")
"""A word of a folded sentence."""
_IS_ONE_WORD = re.compile(r"[\w#%*](?:[\w'#%*-]*[\w#%*])?")
_SPACE = r"(?:\s?,)?\s{1,3}"
"""What stands between two words. Never more than a few characters, so that no pattern has to try many ways."""
_ANY_WORD = r"[^\s,]{1,30}"
_SPACE_IN_CLAUSE = r"\s{1,3}"
_WORD_IN_CLAUSE = r"(?![–—-]+(?:\s|$))[^\s,;:]{1,30}"
_ENDS_HERE = r"(?!\w|'\w)"
_BEGINS_HERE = r"(?<!\w)(?<!\w')"
_FOLDED = str.maketrans(
    "’‘ʼ`´\u00a0áàâäãéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ",
    "''''' aaaaaeeeeiiiiooooouuuuncAAAAAEEEEIIIIOOOOOUUUUNC",
)
COMMON_WORDS = word_set(
    "a an and are as at be but by can do for from had has have i i'm if in is it it's me my no not of on or our "
    "so that the there this to us was we we're were what when will with you your you're we'll i'll al con de del "
    "el en es esta eso esto la las le les lo los mi nos o os para por que se si su sus te tu un una y ya"
)
"""Words that stand in many sentences: a phrase is looked for by another of its words, if it has one."""


def fold(text: str) -> str:
    """The text in small letters, with one kind of apostrophe and space and without accents.

    Each character keeps its place.
    """
    small_text = text.lower()
    if len(small_text) != len(text):  # “İ” becomes two
        small_text = "".join(small if len(small := character.lower()) == 1 else character for character in text)
    return small_text.translate(_FOLDED)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a phrase stands: all of it, and the words at fault in it."""

    start: int
    end: int
    span_start: int
    span_end: int


@dataclass(frozen=True)
class Pattern:
    """A phrase that can be looked for in a folded sentence."""

    phrase: str
    sequence: Sequence

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The regular expression. It is compiled when it is needed first: most phrases never are."""
        return re.compile(_whole_source(self.sequence))

    @cached_property
    def _expression_at_end(self) -> re.Pattern[str]:
        return re.compile(_whole_source(self.sequence) + r"[\s,;:–—-]{0,4}\Z")

    @cached_property
    def needed_words(self) -> tuple[frozenset[str], ...]:
        """Sets of words and of beginnings of words (with `*`): of each set one must stand in the sentence."""
        return tuple({words for node in self.sequence if (words := _needed_words_of(node))})

    def matches(self, sentence: str) -> list[Match]:
        """Where the phrase stands in a sentence, from left to right."""
        return [_as_match(found) for found in self.expression.finditer(sentence)]

    def is_in(self, sentence: str) -> bool:
        """Whether the phrase stands in a sentence."""
        return self.expression.search(sentence) is not None

    def follows(self, sentence: str, end: int) -> bool:
        """Whether the phrase begins right behind `end`."""
        start = end + len(sentence[end : end + 4]) - len(sentence[end : end + 4].lstrip(" ,"))
        return self.expression.match(sentence, start) is not None

    def precedes(self, sentence: str, start: int, max_characters: int = 120) -> bool:
        """Whether the phrase ends right before `start`."""
        begin = max(0, start - max_characters)
        while begin and sentence[begin - 1 : begin].strip():  # not within a word
            begin -= 1
        return self._expression_at_end.search(sentence[begin:start]) is not None


def compile_phrase(phrase: str, lists: PhraseLists) -> Pattern:
    """A pattern from the notation.

    Raises:
        PhraseFault: the phrase is not well formed.

    """
    return Pattern(phrase, parse_phrase(phrase, lists))


def _as_match(found: re.Match[str]) -> Match:
    span = found.span(SPAN) if SPAN in found.re.groupindex and found.group(SPAN) is not None else found.span()
    return Match(found.start(), found.end(), *span)


def _whole_source(sequence: Sequence) -> str:
    """The source of a phrase that does not begin or end within a word."""
    begins = "" if _is_sign(sequence[0]) else _BEGINS_HERE
    return begins + _sequence_source(sequence) + ("" if _is_sign(sequence[-1]) else _ENDS_HERE)


def _is_sign(node: Node) -> bool:
    return isinstance(node, Word) and node.text in PUNCTUATION


def _sequence_source(sequence: Sequence) -> str:
    """The sequence's source. What may be missing before the first sure word brings its own space."""
    parts: list[str] = []
    has_word = False
    for node in sequence:
        source = _node_source(node)
        if isinstance(node, Edge):
            parts.append(source)
        elif isinstance(node, Word) and node.text in PUNCTUATION:
            parts.append(rf"\s?{source}" if has_word else source)
            has_word = True
        elif isinstance(node, Gap):
            repeat = f"{{0,{node.max_words}}}" + ("" if node is sequence[-1] else "?")
            space, word = (_SPACE_IN_CLAUSE, _WORD_IN_CLAUSE) if node.is_in_clause else (_SPACE, _ANY_WORD)
            parts.append(f"(?:{space}{word}){repeat}" if has_word else f"(?:{word}{space}){repeat}")
        elif can_be_empty(node):
            parts.append(f"(?:{_spaced(node, source)})?" if has_word else f"(?:{source}{_SPACE})?")
        else:
            parts.append(_spaced(node, source) if has_word else source)
            has_word = True
    return "".join(parts)


def _spaced(node: Node, source: str) -> str:
    """The source behind another word. A choice that begins with a sign or an edge needs no space before it."""
    if not isinstance(node, Group) or node.is_marked or not any(map(_begins_without_space, node.choices)):
        return _SPACE + source
    choices = (
        rf"\s?{_sequence_source(choice)}" if _begins_without_space(choice) else _SPACE + _sequence_source(choice)
        for choice in node.choices
    )
    return f"(?:{'|'.join(choices)})"


def _begins_without_space(sequence: Sequence) -> bool:
    first = sequence[0]
    return isinstance(first, Edge) or _is_sign(first)


def _node_source(node: Node) -> str:
    match node:
        case Word(text=text):
            return _word_source(text)
        case Edge(is_start=is_start):
            return r"(?<![^\W_])(?:^|(?<=^[\"“'(¿¡–—-])|(?<=^[–—-]\s))" if is_start else r"(?=[\W_]{0,10}$)"
        case Gap():
            return ""
        case Group(choices=choices, is_marked=is_marked):
            return f"(?{f'P<{SPAN}>' if is_marked else ':'}{'|'.join(map(_sequence_source, choices))})"


def _word_source(text: str) -> str:
    if text == "*":
        return r"[\w'-]{1,25}"
    return "".join(
        {"*": r"\w{0,15}", "#": r"[£€$]?\d{1,4}"}.get(character) or re.escape(fold(character)) for character in text
    )


def _needed_words(sequence: Sequence) -> frozenset[str] | None:
    """The best set of words of which one must be there, or None."""
    sets = [words for node in sequence if (words := _needed_words_of(node))]
    return max(sets, key=_rarity) if sets else None


def _needed_words_of(node: Node) -> frozenset[str] | None:
    match node:
        case Word(text=text):
            return _needed_word(text)
        case Group(choices=choices, is_optional=False):
            sets = [_needed_words(choice) for choice in choices]
            return frozenset().union(*sets) if all(sets) else None  # type: ignore[arg-type]  # all are sets
        case _:
            return None


def _needed_word(text: str) -> frozenset[str] | None:
    text = fold(text)
    if not _IS_ONE_WORD.fullmatch(text):
        return None
    if not {"*", "#"} & set(text):
        return frozenset([text])
    stem = re.split(r"[*#]", text, maxsplit=1)[0]
    return frozenset([stem + "*"]) if len(stem) >= MIN_STEM_CHARACTERS else None


def _rarity(words: frozenset[str]) -> tuple[bool, int]:
    """Sets without common words first, then small ones."""
    return not words & COMMON_WORDS, -len(words)
