"""Which noted facts a draft mentions."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from flows.coach.fact_words import CALENDAR_WORDS, EMPTY_WORDS, NUMBER_WORDS, SAME_WORDS
from flows.coach.patterns import fold

MIN_COMMON_SHARE = 0.4
"""So large a share of a fact's words must stand in the draft, each with its weight: much is said in other words."""
WORD_WEIGHT, COMMON_NUMBER_WEIGHT, ABSENT_NUMBER_WEIGHT = 1.0, 2.0, 0.5
"""A number or day that both have says much; one that only the fact has says little: it can be said in other ways."""
MIN_WORD_CHARACTERS = 3
_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = {
    "en": re.compile(r"(?:ing|ed|es|s|ly|e)$"),
    "es": re.compile(
        r"(?:amente|mente|aron|ieron|aban|ando|iendo|adas?|ados?|idas?|idos?|abais|amos|emos|imos|es|s|[aeo])$"
    ),
}
_STEM_CHARACTERS = {"en": 5, "es": 12}
"""So long a beginning of a word is compared."""


def unmentioned_facts(draft: str, facts: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The facts that the draft does not mention, in their order."""
    draft_words = _fact_words(draft, language)
    return tuple(fact for fact in facts if not _is_mentioned(_fact_words(fact, language), draft_words))


def _is_mentioned(fact_words: set[str], draft_words: set[str]) -> bool:
    common_weight = sum(COMMON_NUMBER_WEIGHT if _is_number(word) else WORD_WEIGHT for word in fact_words & draft_words)
    absent_weight = sum(ABSENT_NUMBER_WEIGHT if _is_number(word) else WORD_WEIGHT for word in fact_words - draft_words)
    return not fact_words or common_weight >= MIN_COMMON_SHARE * (common_weight + absent_weight)


def _is_number(word: str) -> bool:
    return word in CALENDAR_WORDS or any(map(str.isdigit, word))


def _fact_words(text: str, language: str) -> set[str]:
    """The words of a text as they are compared: numbers as digits, and one word for all that say the same."""
    return {
        word if _is_number(word) else _same_words(language).get(stem := _stem(word, language), stem)
        for word in (NUMBER_WORDS.get(word, word) for word in _meaningful_words(text, language))
    }


@cache
def _same_words(language: str) -> Mapping[str, str]:
    """The first stem of a group of words that say the same, by each stem of it."""
    groups = ([_stem(word, language) for word in words.split()] for words in SAME_WORDS.get(language, ()))
    return {stem: group[0] for group in groups for stem in group}


def _stem(word: str, language: str) -> str:
    stem = _ENDINGS.get(language, _ENDINGS["en"]).sub("", word)
    return (stem if len(stem) >= MIN_WORD_CHARACTERS else word)[: _STEM_CHARACTERS.get(language, 5)]


def stems(text: str, language: str) -> set[str]:
    """The different words of a text that carry meaning, without their endings."""
    endings = _ENDINGS.get(language, _ENDINGS["en"])
    return {endings.sub("", word) for word in _meaningful_words(text, language)}


def _meaningful_words(text: str, language: str) -> Iterator[str]:
    empty_words = EMPTY_WORDS.get(language, EMPTY_WORDS["en"])
    for word in _WORD.findall(fold(text).replace(",", "").replace("'", " ")):
        if word not in empty_words and (len(word) >= MIN_WORD_CHARACTERS or word.isdigit()):
            yield word
