"""Whether there is a verb in a sentence: what has none is a fragment."""

from flows.wording.giving_back.english import words as english
from flows.wording.giving_back.spanish import words as spanish
from flows.wording.giving_back.spanish.verbs import verb_forms
from flows.wording.giving_back.word_sets import word_set

_ENGLISH_VERB_ENDINGS = ("'m", "'ve", "'s", "'re", "'d", "'ll", "n't")
_SPANISH_VERB_ENDINGS = ("aron", "ieron", "yeron", "aban", "asteis", "isteis", "ió", "aste", "iste", "ó")

_PAST_OR_PARTICIPLE = word_set("cut set put read left lost cost spread")


def has_verb(text: str, language: str) -> bool:
    """Whether a verb form is in it. `language`: "en", "es", or empty for any of the two. Quotations do not count."""
    keys = _keys(text)
    return (language != "es" and _has_english_verb(keys)) or (language != "en" and _has_spanish_verb(keys))


def _keys(text: str) -> list[str]:
    outside = " ".join(text.replace("”", "“").split("“")[::2])
    return [word.strip(".,;:!?").casefold() for word in outside.split()]


def _has_english_verb(keys: list[str]) -> bool:
    return any(
        key in english.AUXILIARIES - {"be", "been", "being"}
        or key in english.PAST_FORMS - _PAST_OR_PARTICIPLE
        or (key[2:].endswith("ed") and key not in english.NOT_PAST)
        or key.endswith(_ENGLISH_VERB_ENDINGS)
        or (key in english.BASE_VERBS | english.PAST_FORMS and before in english.SUBJECT_PRONOUNS)
        or (key in _PAST_OR_PARTICIPLE and before and before not in english.DETERMINERS)
        or (key.endswith("s") and key[:-1] in english.BASE_VERBS and key not in english.NOUNS)
        for before, key in zip(["", *keys], keys, strict=False)
    )


def _has_spanish_verb(keys: list[str]) -> bool:
    never = spanish.NEVER_VERBS | spanish.CLITICS
    for before, key in zip(["", *keys], keys, strict=False):
        is_after_clitic = before in spanish.CLITICS - spanish.ARTICLES
        if is_after_clitic and key not in spanish.COMMON_WORDS:
            return True
        if key in never or (key in spanish.NOUN_HOMOGRAPHS and not is_after_clitic):
            continue
        is_after_noun_marker = before in (spanish.DETERMINERS - spanish.CLITICS) | spanish.PREPOSITIONS
        if not is_after_noun_marker and (verb_forms(key) or key.endswith(_SPANISH_VERB_ENDINGS)):
            return True
    return False
