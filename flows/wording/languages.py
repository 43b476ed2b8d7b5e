"""Which language somebody is spoken to in: one choice for words, dates and numbers together."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from flows.definition.model import LocalizedText

FALLBACK_LANGUAGE = "en"
SHARED_LANGUAGES = ("en", "es")
"""The languages of the texts that all flows share, and so those of dates and numbers."""
MAX_TAG_CHARACTERS = 64
CACHED_TAGS = 1024


@lru_cache(CACHED_TAGS)
def match_language(tag: str, languages: tuple[str, ...] = SHARED_LANGUAGES) -> str:
    """The one of these languages that a language tag of a platform asks for; English if there is none.

    The tag may name more than the language, in any case: `es-MX`, `EN`, `en_US.UTF-8` and `zh-Hant-TW` are read.
    """
    by_tag = {language.casefold(): language for language in reversed(languages)}
    subtags = tag[:MAX_TAG_CHARACTERS].strip().partition(".")[0].casefold().replace("_", "-").split("-")
    prefixes = ["-".join(subtags[:count]) for count in range(len(subtags), 0, -1)]
    exact_match = next((by_tag[prefix] for prefix in prefixes if prefix in by_tag), None)
    same_language = (language for language in languages if language.casefold().partition("-")[0] == subtags[0])
    return exact_match or next(same_language, FALLBACK_LANGUAGE)


def flow_language(tag: str, languages: tuple[str, ...]) -> str:
    """The one of a flow's languages that a tag asks for; else English; else, without English, its first one."""
    language = match_language(tag, languages)
    return language if language in languages else languages[0]


def text_in(text_by_language: LocalizedText, language: str) -> str:
    """A text in this language; where it is missing, in English or any other language."""
    return (
        text_by_language.get(language)
        or text_by_language.get(FALLBACK_LANGUAGE)
        or next(iter(text_by_language.values()), "")
    )


def format_number(number: int, language: str) -> str:
    """A whole number for reading, in the language of the shared texts: "12,000"."""
    return format_decimal(number, locale=match_language(language))


def language_name(code: str) -> str:
    """The language's own name for itself: "español". The code, if it is no language that Babel knows."""
    try:
        name = Locale.parse(code, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
    return name or code
