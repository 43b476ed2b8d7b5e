"""Finds out quickly which patterns can match in a sentence: by the words without which each cannot."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from flows.coach.patterns import MIN_STEM_CHARACTERS, Match, Pattern
from flows.coach.sentences import Sentence

Item = TypeVar("Item")


class PhraseIndex(Generic[Item]):
    """Items with their patterns. Each set of words that patterns need has one bit of a number."""

    def __init__(self, items: Iterable[tuple[Item, Pattern]]) -> None:
        """Put the items in order; candidates come out in it."""
        bits: defaultdict[frozenset[str], int] = defaultdict(lambda: 1 << len(bits))
        self._items = [(item, sum(bits[words] for words in pattern.needed_words)) for item, pattern in items]
        self._word_bits: defaultdict[str, int] = defaultdict(int)
        self._stem_bits: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for words, bit in bits.items():
            for word in words:
                if word.endswith("*"):
                    stems = self._stem_bits[word[:MIN_STEM_CHARACTERS]]
                    stems[word[:-1]] = stems.get(word[:-1], 0) | bit
                else:
                    self._word_bits[word] |= bit

    def __len__(self) -> int:
        """How many items there are."""
        return len(self._items)

    def candidates(self, words: Iterable[str]) -> list[Item]:
        """The items that may match where these words stand."""
        there = 0
        for word in words:
            there |= self._word_bits.get(word, 0)
            for stem, bits in self._stem_bits.get(word[:MIN_STEM_CHARACTERS], {}).items():
                if word.startswith(stem):
                    there |= bits
        return [item for item, needed in self._items if needed & there == needed]


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
