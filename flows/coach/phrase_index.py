"""Finds out quickly which patterns can match in a sentence: by the words without which each cannot."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from flows.coach.patterns import COMMON_WORDS, MIN_STEM_CHARACTERS, Match, Pattern
from flows.coach.sentences import Sentence

Item = TypeVar("Item")
MAX_KNOWN_WORDS = 20_000
"""Words of which an index keeps what they are good for: some megabytes at the most."""


@dataclass(slots=True)
class _Entry:
    """What a word, or a beginning of words, is good for."""

    bits: int = 0
    """The sets of needed words that it is in, each with a bit of its own."""
    items: list[int] = field(default_factory=list)
    """The items whose rarest set that is."""


class PhraseIndex(Generic[Item]):
    """Items with their patterns: an item is looked at where a word of its rarest set stands, and of all other sets."""

    def __init__(self, items: Iterable[tuple[Item, Pattern]]) -> None:
        """Put the items in order; candidates come out in it."""
        bits: defaultdict[frozenset[str], int] = defaultdict(lambda: 1 << len(bits))
        self._items: list[tuple[Item, int]] = []
        self._always: list[int] = []
        self._words: defaultdict[str, _Entry] = defaultdict(_Entry)
        self._stems: defaultdict[str, defaultdict[str, _Entry]] = defaultdict(lambda: defaultdict(_Entry))
        self._known_words: dict[str, tuple[int, tuple[int, ...]]] = {}
        for item, pattern in items:
            number = len(self._items)
            self._items.append((item, sum(bits[words] for words in pattern.needed_words)))
            rarest_words = max(pattern.needed_words, key=_rarity, default=None)
            if rarest_words is None:
                self._always.append(number)
            for word in rarest_words or ():
                self._entry(word).items.append(number)
        for words, bit in bits.items():
            for word in words:
                self._entry(word).bits |= bit

    def _entry(self, word: str) -> _Entry:
        return self._stems[word[:MIN_STEM_CHARACTERS]][word[:-1]] if word.endswith("*") else self._words[word]

    def __len__(self) -> int:
        """How many items there are."""
        return len(self._items)

    def candidates(self, words: Iterable[str]) -> list[Item]:
        """The items that may match where these words stand."""
        bits = 0
        numbers = set(self._always)
        for word in words:
            word_bits, word_items = self._known_words.get(word) or self._look_up(word)
            bits |= word_bits
            if word_items:
                numbers.update(word_items)
        items = (self._items[number] for number in sorted(numbers))
        return [item for item, needed_bits in items if needed_bits & bits == needed_bits]

    def _look_up(self, word: str) -> tuple[int, tuple[int, ...]]:
        """What a word is good for by itself and by its beginning; it is kept, for people use the same words."""
        entries = [self._words[word]] if word in self._words else []
        stems: Mapping[str, _Entry] = self._stems.get(word[:MIN_STEM_CHARACTERS], {})
        entries += [entry for stem, entry in stems.items() if word.startswith(stem)]
        bits = 0
        for entry in entries:
            bits |= entry.bits
        items = tuple(number for entry in entries for number in entry.items)
        if len(self._known_words) < MAX_KNOWN_WORDS:
            self._known_words[word] = (bits, items)
        return bits, items


def _rarity(words: frozenset[str]) -> tuple[bool, int]:
    """Sets without common words last, of these the smallest."""
    return not words & COMMON_WORDS, -len(words)


class PhraseSet:
    """Phrases of which it matters only whether, or where, one of them stands in a sentence."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        """Put them in order."""
        self._index = PhraseIndex((pattern, pattern) for pattern in patterns)

    def is_in(self, sentence: Sentence) -> bool:
        """Whether one of them stands in the sentence."""
        return any(pattern.is_in(sentence.text) for pattern in self.candidates(sentence))

    def candidates(self, sentence: Sentence) -> list[Pattern]:
        """Those that may stand in the sentence."""
        return self._index.candidates(sentence.words)

    def matches(self, sentence: Sentence) -> Iterator[Match]:
        """Where each of them stands in the sentence."""
        for pattern in self.candidates(sentence):
            yield from pattern.matches(sentence.text)

    def __bool__(self) -> bool:
        """Whether there is any phrase."""
        return bool(self._index)
