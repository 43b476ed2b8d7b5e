"""What an English-speaking client said, turned around: "you never called me back" → "we never called you back"."""

from itertools import pairwise

from flows.wording.giving_back.english import words
from flows.wording.giving_back.tokens import Token, tokens_of

_OPENINGS = frozenset(
    {"and", "but", "so", "well", "also", "plus", "look", "listen", "honestly", "seriously", "ok", "okay"}
)
_CALLS = frozenset({"look", "listen"})
"""Openings that are orders where no comma follows: "look at my file"."""
_OPENING_PHRASES: tuple[tuple[str, ...], ...] = (
    ("hello",),
    ("hi",),
    ("good", "morning"),
    ("good", "afternoon"),
    ("with", "respect"),
    ("with", "all", "respect"),
    ("with", "all", "due", "respect"),
    ("to", "be", "honest"),
)
_DISBELIEF: tuple[tuple[str, ...], ...] = (("i", "can't", "believe"), ("i", "cannot", "believe"))
_YOUR_CROWD = frozenset({"guys", "people", "lot", "folks"})
_SIMPLE = {
    "i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "mine": "yours", "ours": "yours",
    "myself": "yourself", "ourselves": "yourselves", "your": "our", "yours": "ours", "yourself": "ourselves",
    "yourselves": "ourselves", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "we're": "you're",
    "we've": "you've", "we'd": "you'd", "we'll": "you'll", "you're": "we're", "you've": "we've", "you'd": "we'd",
    "you'll": "we'll",
}  # fmt: skip
_AFTER_I = {"am": "are", "was": "were", "wasn't": "weren't"}
_THIRD_PERSON_VERBS = frozenset({"was", "wasn't", "is", "isn't", "has", "hasn't", "does", "doesn't"})
_VERB_ENDINGS = ("'m", "'ve", "'s", "'re", "'d", "'ll")
_PERSONS = frozenset(_SIMPLE) | {"you"}
_SENDER_NOTE = frozenset({"says", "said", "claims", "reports", "complains", "thinks", "feels"})
_ORDER_OBJECTS = frozenset({"it", "them", "him", "her", "now", "immediately", "asap", "today", "properly"})
"""What follows a word that may be a verb or a noun where it is an order: "fix it"."""
_VERB_STARTS = frozenset(
    {"please", "just", "don't", "do", "stop", "let's", "let", "make", "never", "be", "if", "unless"}
)


def turn_sentence(sentence: str) -> str | None:
    """The sentence as the responder says it to the client; None where that is not sure."""
    tokens = _with_subject(_without_opening(tokens_of(sentence, words.SPELLING_CORRECTIONS)))
    keys = [token.key for token in tokens]
    if not tokens or not _is_statement(tokens) or not _is_english(keys) or _is_about_both(keys):
        return None
    turned_words: list[str] = []
    for index, token in enumerate(tokens):
        word = _turned_word(tokens, keys, index)
        if word is None:
            return None
        if word == "you" and turned_words and turned_words[-1] == "you":
            turned_words.append("that")
        if word:
            turned_words.append(f"{token.before}{word}{token.after}")
    return " ".join(turned_words)


def _without_opening(tokens: list[Token]) -> list[Token]:
    """Without what only leads in: "but", "with all respect"."""
    for phrase in _DISBELIEF:
        if tuple(token.key for token in tokens[: len(phrase)]) == phrase:
            tokens = tokens[len(phrase) :]
    while len(tokens) > 1 and tokens[0].key in _OPENINGS and (tokens[0].key not in _CALLS or tokens[0].after):
        tokens = tokens[1:]
    for phrase in _OPENING_PHRASES:
        if tuple(token.key for token in tokens[: len(phrase)]) == phrase and tokens[len(phrase) - 1].after:
            tokens = tokens[len(phrase) :]
    return tokens


def _with_subject(tokens: list[Token]) -> list[Token]:
    """With the "I" that a note leaves out: "had to call twice"."""
    pair = tuple(token.key for token in tokens[:2])
    if pair[:1] in {("waited",), ("tried",), ("spent",)} or pair == ("had", "to"):
        return [Token("", "I", ""), *tokens]
    return [Token("", "I've", ""), *tokens] if pair == ("been", "waiting") else tokens


def _is_statement(tokens: list[Token]) -> bool:
    """Whether it begins as a statement or a fragment, and not as an order, a condition or something unknown."""
    first, key = tokens[0], tokens[0].key
    if first.is_quotation or key in _VERB_STARTS:
        return False
    following = tokens[1].key if len(tokens) > 1 else ""
    if key in words.SUBJECT_PRONOUNS or key in words.DETERMINERS or key in words.TIME_STARTS or key in _SIMPLE:
        return key not in {"what", "that", "which"} or _has_finite_verb(tokens)
    if key[:1].isdigit():
        return True
    if key in words.BASE_VERBS and key not in words.NOUNS:
        return False
    if key in words.NOUNS or key in words.OTHER_WORDS:
        is_order = key in words.BASE_VERBS and following in words.DETERMINERS | _PERSONS | _ORDER_OBJECTS
        return not is_order
    is_verb = _is_finite(following) or following in {"never", "still", "always", "just", "only"}
    return is_verb and following not in words.BASE_VERBS


def _has_finite_verb(tokens: list[Token]) -> bool:
    return any(_is_finite(token.key) for token in tokens[1:])


def _is_english(keys: list[str]) -> bool:
    """Whether no word of another language is in it, and enough English ones."""
    named = [key for key in keys if key]
    known = [key for key in named if key in words.EVERY_WORD or key in _SIMPLE or key[:1].isdigit() or _is_past(key)]
    return not any(key in words.FOREIGN_WORDS for key in named) and len(known) * 2 >= len(named)


def _is_about_both(keys: list[str]) -> bool:
    """Whether "we" may mean both sides, or "you" may mean anybody."""
    line = f" {' '.join(keys)} "
    if any(f" {phrase} " in line for phrase in words.GENERIC_YOU):
        return True
    pairs = list(pairwise(keys))
    if any(
        pair[0] == "we" and pair[1] in words.INCLUSIVE_VERBS and "you" not in keys[place + 2 : place + 5]
        for place, pair in enumerate(pairs)
    ):
        return True
    if any(
        f" we {verb} {article} {noun} " in line
        for verb in ("had", "have")
        for article in ("a", "an")
        for noun in words.SHARED_THINGS
    ):
        return True
    if any(first == "our" and second in words.INCLUSIVE_NOUNS for first, second in pairs):
        return True
    beside_and = any(
        second in {"and", "or", "nor"} and first in {"you", "me", "us"} and _is_noun_start(third)
        for first, second, third in zip(keys, keys[1:], keys[2:], strict=False)
    )
    return beside_and or _has_shared_subject(keys)


def _is_noun_start(key: str) -> bool:
    return key in {"my", "our", "your", "the", "you", "i", "me", "us"}


def _has_shared_subject(keys: list[str]) -> bool:
    """Whether "… and I" is one subject of two: there is no verb before it in its clause."""
    places = [place for place, pair in enumerate(pairwise(keys)) if pair in {("and", "i"), ("and", "you")}]
    verbs = (place for place in range(len(keys)) if _is_verb_of_subject(keys, place))
    first_verb = next(verbs, len(keys))
    return bool(places) and places[0] < first_verb


def _is_verb_of_subject(keys: list[str], place: int) -> bool:
    before = keys[place - 1] if place else ""
    is_base = keys[place] in words.BASE_VERBS and before in words.SUBJECT_PRONOUNS | words.ADVERBS
    return is_base or _is_finite(keys[place]) or keys[place].endswith(_VERB_ENDINGS)


def _turned_word(tokens: list[Token], keys: list[str], index: int) -> str | None:
    """The word that stands for this one; empty if it goes, None if nothing is sure."""
    token, key = tokens[index], keys[index]
    if key in _YOUR_CROWD and index and keys[index - 1] == "you":
        return "" if not token.after else None
    if key == "you":
        return _turned_you(keys, index, ends_group=bool(token.after))
    if key == "your" and _looks_misspelled(keys, index):
        return None
    if (
        key in {"we", "us"}
        and keys[index + 1 : index + 2]
        and keys[index + 1] in words.NOUNS
        and keys[index + 1].endswith("s")
    ):
        return None
    if key in _AFTER_I and index and "," in tokens[index - 1].after and "i" in keys[: index - 1]:
        return None
    if key in _AFTER_I:
        return _verb_of_i(keys, index, token.word)
    if key == "ain't" or (token.word == "US" and key == "us"):
        return None if key == "ain't" else token.word
    return _SIMPLE.get(key, token.word)


def _turned_you(keys: list[str], index: int, *, ends_group: bool) -> str | None:
    before = keys[index - 1] if index else ""
    rest = index + 1
    has_crowd = rest < len(keys) and keys[rest] in _YOUR_CROWD
    rest += has_crowd
    if before in words.PREPOSITIONS and before not in {"off", "out", "up", "down", "over"}:
        return "us"
    if ends_group or rest >= len(keys):
        return "us" if index and not _joins(before) and before not in words.ADVERBS else None
    is_subject = _verb_follows(keys, rest)
    if keys[rest] in _THIRD_PERSON_VERBS:
        return None
    if before in words.TAKES_BARE_INFINITIVE and is_subject and before not in {"had", "have", "has"}:
        return None
    if not index or _joins(before):
        return "we" if is_subject else None
    if before in words.NOUNS and _is_noun_phrase(keys, index - 1):
        return "we" if is_subject else None
    if before in words.REPORTING_VERBS:
        return "we" if is_subject else "us"
    if before in words.EITHER_PREPOSITION_OR_CONJUNCTION:
        return "we" if is_subject else None
    if _is_verb(before) or before.endswith("ing"):
        is_ambiguous = is_subject and keys[rest] not in words.AUXILIARIES
        return (
            None
            if is_ambiguous or (is_subject and before in words.TAKES_TWO_OBJECTS)
            else ("we" if is_subject else "us")
        )
    return "we" if is_subject else None


def _is_noun_phrase(keys: list[str], end: int) -> bool:
    """Whether the word is a noun after its article, perhaps with an adjective: "the last report"."""
    return any(key in words.DETERMINERS for key in keys[max(0, end - 2) : end])


def _joins(key: str) -> bool:
    return key in words.CONJUNCTIONS or key in words.DETERMINERS


def _verb_follows(keys: list[str], start: int) -> bool:
    """Whether a verb comes next, perhaps after adverbs."""
    for key in keys[start : start + 4]:
        if key in words.ADVERBS and key not in words.BASE_VERBS:
            continue
        return key in words.AUXILIARIES or _is_past(key) or key in words.BASE_VERBS
    return False


def _verb_of_i(keys: list[str], index: int, word: str) -> str | None:
    """The form of "am" and "was" where "I" has become "you"."""
    position = index - 1
    while position >= 0 and keys[position] in words.ADVERBS:
        position -= 1
    before = keys[position] if position >= 0 else ""
    following = keys[index + 1] if index + 1 < len(keys) else ""
    if before == "i" or following == "i":
        return _AFTER_I[keys[index]]
    if keys[index] == "am":
        return "are" if "i" in keys[:index] else word
    if before in {"and", "but", "or"} and "i" in keys[:position]:
        start = position - 1 - keys[:position][::-1].index("i")
        is_shared = sum(_is_finite(key) for key in keys[start:position]) <= 1
        return _AFTER_I[keys[index]] if is_shared else None
    return word if before != "who" or "i" not in keys[:position] else None


def _looks_misspelled(keys: list[str], index: int) -> bool:
    following = keys[index + 1] if index + 1 < len(keys) else ""
    return (
        not following
        or (following in words.ADVERBS - {"own", "last", "first"})
        or following in {"so", "too", "very", "right", "welcome", "wrong", "late", "wasting", "killing", "making"}
    )


def _is_past(key: str) -> bool:
    return key in words.PAST_FORMS or (key[2:].endswith("ed") and key not in words.NOT_PAST)


def _is_finite(key: str) -> bool:
    """Whether it is surely a verb that has a subject."""
    return key in words.AUXILIARIES - {"be", "been", "being"} or _is_past(key) or key in {"says", "keeps", "doesn't"}


def _is_verb(key: str) -> bool:
    is_third_person = key.endswith("s") and (key[:-1] in words.BASE_VERBS or key[:-2] in words.BASE_VERBS)
    return key in words.BASE_VERBS or _is_past(key) or is_third_person
