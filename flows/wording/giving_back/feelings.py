"""A typed feeling as a part of a spoken sentence: after "you felt" an adjective, after "sintió" a noun."""

import re

from flows.wording.giving_back.cleaning import clean_sentences, has_address
from flows.wording.giving_back.english import words as english_words
from flows.wording.giving_back.english.turning import turn_sentence as turn_english
from flows.wording.giving_back.feeling_words import (
    ENGLISH_ADJECTIVES,
    SPANISH_NOUNS,
    SPANISH_NOUNS_BY_ADJECTIVE,
    is_spanish_noun,
    noun_of_adjective,
)
from flows.wording.giving_back.remarks import has_swearword
from flows.wording.giving_back.sentences import plain_sentence
from flows.wording.giving_back.spanish.verbs import verb_forms
from flows.wording.giving_back.spanish.words import PREPOSITIONS
from flows.wording.giving_back.word_sets import word_set

MAX_FEELING_CHARACTERS = 60
"""Characters of a feeling. What is longer is no feeling but a story."""
_ENGLISH_LEAD = re.compile(
    r"(?:and |so )?(?:i|we|he|she|they|it|(?:the )?client|(?:the )?customer)"
    r"(?:'m|'re|'s| am| are| is| was| were| just)?(?: |$)"
    r"(?:just |really |simply )?(?:(?:feels|feel|felt|feeling|seems|seemed) )?"
)
_SPANISH_LEAD = re.compile(
    r"(?:el cliente |la clienta |yo |él |ella )?(?:me |se |nos )?(?:siento|siente|sentí|sintió|"
    r"sentía|sentimos|sienten|estoy|está|estaba|estuve|estamos|están|tengo|tiene|tenía|sentido)(?: |$)"
)
_FOOLS = frozenset(
    ("idiota", "tonto", "tonta", "estúpido", "estúpida", "imbécil", "ridículo", "ridícula", "novato", "novata")
)
_TOO_MUCH = (
    " when ",
    " because ",
    " since ",
    " after ",
    " as if ",
    " but ",
    " cuando ",
    " porque ",
    " pero ",
    " desde ",
)
_POSSESSIVES = {"her": "your", "his": "your", "their": "your", "my": "your", "our": "your"}
_PERSONS = word_set("i you we he she they me us him them myself ourselves himself herself themselves")
_THIRD_PERSONS = word_set("she he him her them they his their")
_FIRST_PERSONS = word_set("yo me mi mis nos nosotros nuestro nuestra nuestros nuestras te os tu tus usted ustedes")
_ENGLISH_STARTS = word_set(
    "like as in at on out under let taken treated not so very really too a bit little close betrayed left not that "
    "completely totally extremely quite rather utterly deeply pretty more less on"
)


def feeling_words(text: str, language: str) -> str:
    """The feeling, as it can stand after "you felt" or "sintió": trimmed, in small letters. Empty if it cannot."""
    sentences = clean_sentences(text)
    if not sentences or has_address(text):
        return ""
    line = plain_sentence(sentences[0].text, language).replace("“", "").replace("”", "")
    words = _spanish_feeling(line.lower()) if language == "es" else _english_feeling(line.lower())
    is_speakable = len(words) <= MAX_FEELING_CHARACTERS and not has_swearword(words)
    return words if is_speakable else ""


def _english_feeling(line: str) -> str:
    words = line.removeprefix("feeling ").removeprefix("felt ")
    match = _ENGLISH_LEAD.match(words)
    words = words[match.end() :] if match else words
    if words.startswith(("that ", "as if ", "as though ", "like we ", "like i ", "like you ", "like nobody ")):
        return _turned_comparison(words)
    words = _before_story(words)
    keys = words.replace(",", "").split()
    if not keys or any(key in _PERSONS or key in {"your", "our", "my"} for key in keys):
        return ""
    if keys[0] in {"a", "an"} and keys[1:2] not in (["bit"], ["little"]):
        return f"like {words}"
    if len(keys) == 1:
        return ENGLISH_ADJECTIVES.get(words, "" if _is_no_english_adjective(words) else words)
    if any(key in english_words.FOREIGN_WORDS or not key.replace("-", "").replace("'", "").isascii() for key in keys):
        return ""
    is_phrase = keys[0] in _ENGLISH_STARTS or keys[0].endswith(("ed", "ful", "less", "ous")) or _is_adjective(keys[0])
    return " ".join(_POSSESSIVES.get(word, word) for word in words.split()) if is_phrase else ""


def _turned_comparison(words: str) -> str:
    """A comparison or a clause with persons, turned around: "as if we did not exist" → "as if you did not exist".

    Empty where "we" may be us: it is not sure then whether the client or the responder speaks.
    """
    keys = words.split()
    is_ours = keys[0] == "that" and bool({"we", "i"} & set(keys)) and "you" not in keys
    if is_ours or _THIRD_PERSONS & set(keys):
        return ""
    for lead in ("that ", "as if ", "as though ", "like "):
        if words.startswith(lead):
            turned = turn_english(words.removeprefix(lead))
            return f"{lead}{turned}" if turned else ""
    return ""


def _before_story(words: str) -> str:
    """The words before what is told of how it came to it, if they are too long with it."""
    if len(words) <= MAX_FEELING_CHARACTERS:
        return words
    ends = [end for mark in _TOO_MUCH if (end := words.find(mark)) > 0]
    return words[: min(ends)].rstrip(",") if ends else words


def _is_adjective(word: str) -> bool:
    return word in ENGLISH_ADJECTIVES.values()


def _is_no_english_adjective(word: str) -> bool:
    """Whether a single word is surely not one that fits after "felt": a noun, or a word of another language."""
    if _is_adjective(word):
        return False
    if word.endswith("ing") or not word.replace("-", "").isalpha():
        return True
    is_noun = word.endswith(
        ("tion", "sion", "ment", "ness", "ity", "ance", "ence", "ship", "ism", "acy", "age", "dad", "ción")
    )
    is_other = (
        word.endswith(("ado", "ada", "ido", "ida", "oso", "osa"))
        or word in SPANISH_NOUNS_BY_ADJECTIVE
        or word in SPANISH_NOUNS
    )
    return (
        is_noun
        or is_other
        or not word.replace("-", "").isascii()
        or word in english_words.EVERY_WORD - {"lost", "done", "sick", "tired"}
    )


def _spanish_feeling(line: str) -> str:
    match = _SPANISH_LEAD.match(line)
    has_verb = match is not None
    words = line[match.end() :] if match else line
    words = words.removeprefix("el ").strip()
    if words.startswith("que "):
        return "" if any(_is_of_person(key) for key in words.split()) else words
    words = _before_story(words)
    keys = words.split()
    if noun := _noun_of_description(keys):
        return noun
    if keys[:1] and keys[0] in {"mucho", "mucha", "tanto", "tanta", "gran"}:
        return words if keys[1:] and is_spanish_noun(keys[1]) else ""
    if not keys or not is_spanish_noun(keys[0]) or (has_verb and keys[0] not in SPANISH_NOUNS):
        return ""
    return " ".join("su" if key == "mi" else "sus" if key == "mis" else key for key in keys)


def _noun_of_description(keys: list[str]) -> str:
    """The noun for adjectives and comparisons: "muy triste" → "mucha tristeza". Empty if it is neither."""
    match keys:
        case ["como", "un" | "una", noun] if noun in _FOOLS:
            return f"que quedaba {' '.join(keys)}"
        case ["como", "un" | "una" as article, noun]:
            return f"que se le trataba como a {article} {noun}"
        case ["un", "poco", *adjectives]:
            noun = noun_of_adjective(" ".join(adjectives))
            return f"un poco de {noun}" if noun and not noun.startswith("que ") else noun
        case ["muy" | "tan" | "bastante", *adjectives]:
            noun = noun_of_adjective(" ".join(adjectives))
            quantity = "mucha" if is_feminine(noun) else "mucho"
            return f"{quantity} {noun}" if noun and not noun.startswith("que ") else noun
        case [adjective, preposition, *_] if preposition in PREPOSITIONS:
            return noun_of_adjective(adjective)
        case _:
            return noun_of_adjective(" ".join(keys))


def _is_of_person(key: str) -> bool:
    """Whether a Spanish word says "I", "we" or "you" (to a friend): it is not sure then who speaks."""
    forms = verb_forms(key)
    is_first = bool(forms) and all(form.person not in {"3s", "3p"} for form in forms)
    return is_first or key in _FIRST_PERSONS


def is_feminine(noun: str) -> bool:
    """Whether a Spanish noun of feeling is feminine."""
    return noun.endswith(("a", "ción", "sión", "dad", "tud", "ez", "umbre")) or noun.startswith("sensación")
