"""Finds out quickly which patterns can match in a sentence: by the words without which each cannot."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from flows.coach.patterns import MIN_STEM_CHARACTERS

Item = TypeVar("Item")


class PhraseIndex(Generic[Item]):
    """Items by the words of which each needs one. An item that needs none is a candidate for each sentence."""

    def __init__(self, items: Iterable[tuple[Item, frozenset[str]]]) -> None:
        """Put the items in order; candidates come out in it."""
        self._items: list[Item] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._always: list[int] = []
        for item, needed_words in items:
            number = len(self._items)
            self._items.append(item)
            if not needed_words:
                self._always.append(number)
            for word in needed_words:
                if word.endswith("*"):
                    self._by_stem[word[:MIN_STEM_CHARACTERS]].append((word[:-1], number))
                else:
                    self._by_word[word].append(number)

    def candidates(self, words: Iterable[str]) -> list[Item]:
        """The items that may match where these words stand."""
        numbers = set(self._always)
        for word in words:
            numbers.update(self._by_word.get(word, ()))
            for stem, number in self._by_stem.get(word[:MIN_STEM_CHARACTERS], ()):
                if word.startswith(stem):
                    numbers.add(number)
        return [self._items[number] for number in sorted(numbers)]
