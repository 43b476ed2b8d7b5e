"""Which noted facts a draft mentions."""

import re

from flows.coach.patterns import fold

MIN_COMMON_SHARE = {"en": 0.55, "es": 0.4}
"""So large a share of a fact's words must stand in the draft, each with its weight. Spanish inflects more: fewer words
look the same."""
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
_NUMBER_STEMS = frozenset(
    _ENDINGS[language].sub("", word)
    for language, words in (
        ("en", "two three four five six seven eight nine ten twelve twice monday tuesday wednesday thursday friday"),
        ("en", "saturday sunday january february march april june july august september october november december"),
        ("es", "dos tres cuatro cinco seis siete ocho nueve diez doce lunes martes miercoles jueves viernes sabado"),
        ("es", "domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    )
    for word in words.split()
)
_EMPTY_WORDS = {
    "en": frozenset(
        [
            "a",
            "an",
            "the",
            "and",
            "or",
            "of",
            "to",
            "in",
            "on",
            "at",
            "for",
            "with",
            "by",
            "from",
            "is",
            "are",
            "was",
            "were",
            "be",
            "been",
            "has",
            "have",
            "had",
            "it",
            "its",
            "this",
            "that",
            "they",
            "their",
            "you",
            "your",
            "we",
            "our",
            "i",
            "me",
            "my",
            "us",
            "them",
            "not",
            "no",
            "nobody",
            "never",
            "as",
            "so",
            "than",
            "then",
            "into",
            "onto",
            "one",
            "did",
            "didn",
            "don",
            "wasn",
            "when",
            "what",
            "who",
            "out",
            "up",
            "about",
            "after",
            "before",
            "again",
            "still",
            "too",
            "much",
            "out",
        ]
    ),
    "es": frozenset(
        [
            "el",
            "la",
            "los",
            "las",
            "un",
            "una",
            "unos",
            "unas",
            "y",
            "o",
            "de",
            "del",
            "al",
            "en",
            "con",
            "por",
            "para",
            "que",
            "se",
            "su",
            "sus",
            "es",
            "son",
            "fue",
            "eran",
            "era",
            "ha",
            "han",
            "he",
            "no",
            "nadie",
            "nunca",
            "lo",
            "le",
            "les",
            "me",
            "mi",
            "nos",
            "nuestro",
            "nuestra",
            "yo",
            "tu",
            "usted",
            "ustedes",
            "como",
            "muy",
            "mas",
            "ya",
            "cuando",
            "sin",
            "sobre",
        ]
    ),
}


def unmentioned_facts(draft: str, facts: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The facts that the draft does not mention, in their order."""
    draft_words = stems(draft, language)
    share = MIN_COMMON_SHARE.get(language, MIN_COMMON_SHARE["en"])
    return tuple(fact for fact in facts if not _is_mentioned(stems(fact, language), draft_words, share))


def _is_mentioned(fact_words: set[str], draft_words: set[str], min_common_share: float) -> bool:
    common_weight = sum(COMMON_NUMBER_WEIGHT if _is_number(word) else WORD_WEIGHT for word in fact_words & draft_words)
    absent_weight = sum(ABSENT_NUMBER_WEIGHT if _is_number(word) else WORD_WEIGHT for word in fact_words - draft_words)
    return not fact_words or common_weight >= min_common_share * (common_weight + absent_weight)


def _is_number(stem: str) -> bool:
    return stem in _NUMBER_STEMS or any(map(str.isdigit, stem))


def stems(text: str, language: str) -> set[str]:
    """The different words of a text that carry meaning, without their endings."""
    language = language if language in _ENDINGS else "en"
    words = _WORD.findall(fold(text.lower()).replace(",", "").replace("'", " "))
    return {
        _ENDINGS[language].sub("", word)
        for word in words
        if word not in _EMPTY_WORDS[language] and (len(word) >= MIN_WORD_CHARACTERS or word.isdigit())
    }
