"""A responder's English notes about the client, said to that client: "she expected an apology" → "you expected …"."""

from flows.wording.giving_back.english import words
from flows.wording.giving_back.english.note_words import (
    ACTIVE_WITH_TO,
    ADJECTIVES,
    AFTER_CLIENT_VERB,
    ALWAYS_PASSIVE,
    CHARGES,
    CLIENT_NAMES,
    CLIENT_PASTS,
    CLIENT_VERBS,
    NO_PERSON_ENDINGS,
    PASSIVES,
    PERSON_ENDINGS,
    PERSON_NOUNS,
    REPORTS,
    SUPPLIER_VERBS,
    THIRD_PERSONS,
    UNSAID_VERBS,
)
from flows.wording.giving_back.english.turning import turn_sentence
from flows.wording.giving_back.tokens import Token, tokens_of
from flows.wording.giving_back.word_sets import word_set

_OWN_PERSONS = word_set(
    "i me my mine myself we us our ours ourselves i'm i've i'd i'll we're we've we'd we'll you your yours yourself "
    "you're you've you'd you'll"
)
_CLIENT_OR_YOU = _OWN_PERSONS - word_set("we us our ours ourselves we're we've we'd we'll")
_HONORIFICS = word_set("mr mrs ms mr. mrs. ms.")
_CONTRACTIONS = {"he's": "you're", "she's": "you're", "he'd": "you'd", "she'd": "you'd", "he'll": "you'll",
                 "she'll": "you'll"}  # fmt: skip
_PLURAL_VERBS = {"is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't",
                 "hasn't": "haven't", "doesn't": "don't"}  # fmt: skip
_NOTE_ADVERBS = word_set("still never always again not just also twice already now constantly repeatedly only even")
_JOINING = word_set("and but or")
_AFTER_PASSIVE = word_set(
    "to by for at in on over again twice since between around as like into out from down off up that "
    "of about because before after without and with until when despite during"
)
_NUMBERS = word_set("two three four five six seven eight nine ten")
_COUNTED = word_set("times months weeks days hours years minutes")
_COMPOUNDS = word_set("service support care data database list relations success area card side desk")
_MAX_NOTE_ADVERBS = 2


def client_note(text: str, *, is_first: bool) -> str | None:
    """What such a note says, as the responder says it; empty if it cannot be said, None if the text is no such note.

    `is_first`: whether no sentence comes before it in which somebody else may have been named.
    """
    tokens = tokens_of(text, words.SPELLING_CORRECTIONS)
    tokens, is_named = _without_client_name(tokens)
    keys = [token.key for token in tokens]
    if not keys:
        return "" if is_named else None
    if is_named and keys[0] in REPORTS:
        return _reported(tokens[1:])
    if keys[0] in REPORTS and (is_named or keys[0] in {"says", "claims", "complains"}):
        return _reported(tokens[1:])
    if is_named and keys[0] in words.PREPOSITIONS:
        tokens = [Token("", "she", ""), Token("", "is", ""), *tokens]
        keys = [token.key for token in tokens]
    elif is_named and keys[0] not in THIRD_PERSONS:
        tokens, keys = _with_subject_she(tokens)
    has_own_person = any(key in _OWN_PERSONS for key in keys)
    fragment = _fragment(tokens, keys)
    if has_own_person:
        return _note_with_own_persons(tokens, keys, fragment, is_named=is_named)
    if fragment:
        return _about_you(fragment) if is_first or is_named else None
    first_person = next((place for place, key in enumerate(keys) if key in THIRD_PERSONS), None)
    if first_person is None or not (is_first or is_named) or _has_antecedent(tokens[:first_person]):
        return None
    if first_person == 0 and keys[0] in {"he", "she"} and _is_supplier_verb(keys):
        return None
    return _about_you(tokens)


def _without_client_name(tokens: list[Token]) -> tuple[list[Token], bool]:
    start = 1 if tokens and tokens[0].key == "the" else 0
    if len(tokens) > 2 and tokens[0].key in _HONORIFICS and tokens[1].word[:1].isupper():  # noqa: PLR2004
        return tokens[2:], True
    name = tokens[start].key if len(tokens) > start else ""
    rest = tokens[start + 1 :]
    following = rest[0].key if rest else ""
    is_compound = not name.endswith("'s") and (following in words.NOUNS - words.BASE_VERBS or following in _COMPOUNDS)
    if name.removesuffix("'s") not in CLIENT_NAMES or is_compound:
        return tokens, False
    return ([Token("", "her", ""), *rest] if name.endswith("'s") else rest), True


def _with_subject_she(tokens: list[Token]) -> tuple[list[Token], list[str]]:
    keys = [token.key for token in tokens]
    is_subject = keys[0] != "her" and _fragment(tokens, keys) is None
    tokens = [Token("", "she", ""), *tokens] if is_subject else tokens
    return tokens, [token.key for token in tokens]


def _reported(tokens: list[Token]) -> str:
    """What "client says" reports. Empty if who "we" and "they" are in it is not sure."""
    if tokens and tokens[0].key == "that":
        tokens = tokens[1:]
    keys = {token.key.split("'")[0] for token in tokens}
    if keys & {"i", "we", "me", "us", "my", "our", "you", "your", "ours", "yours", "mine", "they", "them", "their"}:
        return ""
    has_client = bool(keys & THIRD_PERSONS)
    return f"you say {_about_you(tokens)}" if has_client else " ".join(f"{t.before}{t.word}{t.after}" for t in tokens)


def _note_with_own_persons(
    tokens: list[Token], keys: list[str], fragment: list[Token] | None, *, is_named: bool
) -> str | None:
    """A sentence in which "I", "we" or "you" stands too: mostly the client's own words."""
    names_only_us = not any(key in _CLIENT_OR_YOU for key in keys)
    if is_named:
        return _about_you(fragment or tokens) if names_only_us else ""
    if fragment and names_only_us and any(key in THIRD_PERSONS for key in keys):
        return _about_you(fragment)
    if fragment and names_only_us and fragment[1].word not in {"are", "were"}:
        return _about_you(fragment) if not set(keys[:1]) <= CLIENT_PASTS else None
    is_done = fragment is not None and fragment[1].word in {"are", "were"}
    if fragment and is_done and not any(key in THIRD_PERSONS for key in keys):
        line = " ".join(f"{t.before}{t.word}{t.after}" for t in fragment[1:])
        verb = {"are": "am", "were": "was"}.get(fragment[1].word, fragment[1].word)
        return turn_sentence(f"I {verb} {line.partition(' ')[2]}")
    is_about_client = keys[0] in {"he", "she"} and not _is_supplier_verb(keys)
    return "" if is_about_client and names_only_us and "her" not in keys[:1] else None


def _fragment(tokens: list[Token], keys: list[str]) -> list[Token] | None:
    """A note without a subject, with "you" before it; None if it is no such note."""
    start = 0
    while start < min(_MAX_NOTE_ADVERBS, len(keys) - 1) and keys[start] in _NOTE_ADVERBS:
        start += 1
    key, following = keys[start], keys[start + 1] if start + 1 < len(keys) else ""
    adverbs, rest = tokens[:start], tokens[start:]
    you = Token("", "you", "")
    if key in ADJECTIVES or (key in {"waiting", "chasing"} and following):
        return [you, Token("", "are", ""), *adverbs, *rest]
    if _is_passive(keys[start:]):
        return [you, Token("", "were", ""), *adverbs, *rest]
    if key in CLIENT_VERBS and _is_of_person(keys[start:]):
        return [you, *adverbs, Token(rest[0].before, _base(rest[0].word), rest[0].after), *rest[1:]]
    is_past = key in CLIENT_PASTS or (key == "had" and following in {"his", "her"})
    return [you, *tokens] if is_past and not start else None


def _is_passive(keys: list[str]) -> bool:
    """Whether a participle tells what was done to the client, and not what we did: "told to wait"."""
    key, following, third = (*keys[:3], "", "")[:3]
    if key in ACTIVE_WITH_TO and following == "to":
        return False
    if following[:1].isdigit() or following in _NUMBERS:
        return key in CHARGES or (key in PASSIVES and third in _COUNTED)
    is_asking = key == "asked" and following not in {"to", "by", "repeatedly"}
    is_done = key in PASSIVES and not is_asking and following in _AFTER_PASSIVE
    return is_done or (key in ALWAYS_PASSIVE and following not in _OWN_PERSONS)


def _is_of_person(keys: list[str]) -> bool:
    """Whether a verb in the third person tells of the client, and not of a thing: "doesn't believe us"."""
    key, following, third = (*keys[:3], "", "")[:3]
    if not following or (following == "to" and key not in {"wants", "expects", "needs", "hopes", "asks"}):
        return False
    if following == "been":
        return third in PASSIVES | {"paid", "able"}
    is_about_somebody = any(later in {"he", "she", "his", "her"} for later in keys)
    return is_about_somebody or following in AFTER_CLIENT_VERB.get(key.replace("cannot", "can't"), {following})


def _has_antecedent(tokens: list[Token]) -> bool:
    """Whether somebody else is named before the first "he" or "her"."""
    for index, token in enumerate(tokens):
        key = token.key.removesuffix("'s")
        is_person = (key not in CLIENT_NAMES and key in PERSON_NOUNS) or (
            key.endswith(PERSON_ENDINGS) and not key.endswith(NO_PERSON_ENDINGS)
        )
        is_name = token.word[:1].isupper() and token.word[1:].islower() and key not in words.EVERY_WORD
        if is_person or (
            is_name and key not in words.DAYS_AND_MONTHS and (index == 0 or not _is_of_place(tokens, index))
        ):
            return True
    return False


def _is_of_place(tokens: list[Token], index: int) -> bool:
    return tokens[index - 1].key in {"in", "at", "to", "from", "near"}


def _is_supplier_verb(keys: list[str]) -> bool:
    return next((key in SUPPLIER_VERBS for key in keys[1:] if key not in words.ADVERBS), False)


def _about_you(tokens: list[Token]) -> str:
    """The words with "you" for "he" and "she"; empty where nobody says that aloud."""
    keys = [token.key for token in tokens]
    is_of_two = keys[:2] in (["you", "can't"], ["you", "cannot"]) and any(key in THIRD_PERSONS for key in keys)
    if is_of_two or any(key in UNSAID_VERBS for key in keys[:3]):
        return ""
    turned_words: list[str] = []
    is_you = keys[0] == "you"
    must_agree = is_you and len(keys) > 1 and keys[1] not in {"are", "were"}
    for index, token in enumerate(tokens):
        key, word = token.key, token.word
        following = keys[index + 1] if index + 1 < len(keys) else ""
        before = keys[index - 1] if index else ""
        if key in {"he", "she"} or (key in CLIENT_NAMES and before != "the" and following in REPORTS):
            word, is_you, must_agree = "you", True, True
        elif key in _CONTRACTIONS:
            is_perfect = key.endswith("'s") and (following in {"been", "had", "got"} or following in words.ADVERBS)
            word, is_you, must_agree = ("you've" if is_perfect else _CONTRACTIONS[key]), True, False
        elif key in {"him", "herself", "himself"} or (key == "her" and _ends_after(token, following)):
            word = "yourself" if key.endswith("self") else "you"
        elif key in {"his", "her", "hers"}:
            word = "yours" if key == "hers" or (key == "his" and not following) else "your"
        elif must_agree or (
            is_you and (before in _JOINING or (key in _PLURAL_VERBS and "," in tokens[index - 1].after))
        ):
            word = _agreeing(key, word)
            must_agree = must_agree and key in words.ADVERBS
        elif key in words.SUBJECT_PRONOUNS | words.DETERMINERS and before in _JOINING:
            is_you = False
        turned_words.append(f"{token.before}{word}{token.after}")
    return " ".join(turned_words)


def _ends_after(token: Token, following: str) -> bool:
    """Whether "her" is whom it happened to, and no possessive."""
    is_marker = following in (
        words.PREPOSITIONS | words.CONJUNCTIONS | words.DETERMINERS | words.ADVERBS | words.SUBJECT_PRONOUNS
        | word_set("after before since until feel look wait pay cry")
    )  # fmt: skip
    return bool(token.after) or not following or is_marker


def _agreeing(key: str, word: str) -> str:
    if key in _PLURAL_VERBS:
        return _PLURAL_VERBS[key]
    is_noun = key in words.NOUNS or key in {"always", "as", "this", "his", "perhaps", "twice", "has", "plus"}
    return word if is_noun or not key.endswith("s") or key.endswith("ss") or len(key) < 4 else _base(word)  # noqa: PLR2004


def _base(word: str) -> str:
    """A verb in the third person as it stands after "you": "needs" → "need"."""
    if word.casefold() in _PLURAL_VERBS:
        return _PLURAL_VERBS[word.casefold()]
    if word.endswith("ies"):
        return word[:-3] + "y"
    is_after_hiss = word.endswith(("sses", "ches", "shes", "xes", "zzes", "oes"))
    return word[:-2] if is_after_hiss else word.removesuffix("s")
