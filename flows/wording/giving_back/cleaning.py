"""Typed text as clean sentences: one line each, without signs that nobody can speak."""

import re
import unicodedata
from dataclasses import dataclass

from flows.wording.giving_back.capitals import with_small_first_letter
from flows.wording.giving_back.laughter import without_laughter
from flows.wording.giving_back.word_sets import word_set

MIN_LIST_LINES = 3
"""From so many lines on, they are the items of a list."""
MAX_READ_CHARACTERS = 1000
"""As much of a long text is read. What can be said in one go is far shorter."""
ABBREVIATIONS = word_set(
    "mr. mrs. ms. dr. st. no. nr. vs. etc. e.g. i.e. a.m. p.m. inc. ltd. co. corp. approx. dept. min. max. jan. feb. "
    "mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. sr. sra. srta. dra. ud. uds. vd. vds. núm. pág. art. ej. "
    "p.ej. aprox. dpto. tel. av. s.a. s.l. ene. abr. ago. set. dic."
)
_QUOTES = dict.fromkeys(map(ord, '„«»“”"＂〝〞‟'), '"')
_APOSTROPHES = dict.fromkeys(map(ord, "’‘`´ʼ′‛"), "'")
_UNSPEAKABLE = dict.fromkeys(map(ord, "*_~#|<>[]{}\\^=•·▪◦‣●○■□➢➤►→←⇒¬§¶†‡¤¦"), " ")
_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBERED_ITEM = re.compile(r"(?:^|(?<=\s))\(?(?:\d{1,2}|[a-h])\)(?=\s|$)|^\s*\d{1,2}\.(?=\s)")
_DOTTED_ITEM = re.compile(r"(?:^|(?<=\s))\d{1,2}\.(?=\s)")
_FIRST_DOTTED_ITEM = "1. "
_BULLET = re.compile(r"^\s*[-–—+](?=\s)")
_DASH = re.compile(r"(?<=\S) (?:-|–|—|--|---)(?= \S)|(?<=\w)—(?=\w)")
_ADDRESS = re.compile(r"://|\bwww\.|\S@\S")
_MARK_RUN = re.compile(r"[.,;:!?…](?: ?[.,;:!?…])+")
_MARKS_BEFORE = re.compile(r"^([“]?)[.,;:!?…]+")
_MARK_INSIDE = re.compile(r"[!?…]")
_BEFORE_ADDRESS = word_set("to at on under via from see a en por desde al ver")
_TIMES = re.compile(r"\b(\d{1,2})\s?[xX×]$")
_SKIN_TONES = "🏻🏼🏽🏾🏿"
_EMOJI_PARTS = dict.fromkeys(map(ord, "\ufe0e\ufe0f\u200d\u20e3"))
_REPEATED_LETTER = re.compile(r"([a-zñáéíóúü])\1{2,}", re.IGNORECASE)
_END_MARKS = ".!?…"
_CLOSING = "\"')"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its end mark."""

    text: str
    is_question: bool = False
    is_list_item: bool = False


def clean_sentences(text: str) -> list[Sentence]:
    """The sentences of a text, each on one line. Quotations inside stand in “…”, always in pairs."""
    sentences: list[Sentence] = []
    lines = [line for line in text[:MAX_READ_CHARACTERS].splitlines() if line.strip()]
    for line in lines:
        is_dotted = line.lstrip().startswith(_FIRST_DOTTED_ITEM)
        items = (_DOTTED_ITEM if is_dotted else _NUMBERED_ITEM).split(_BULLET.sub("", line, count=1))
        is_list = len(items) > 1 or _BULLET.match(line) is not None
        for item in items:
            sentences += [
                Sentence(sentence.text, sentence.is_question, is_list or len(lines) >= MIN_LIST_LINES)
                for sentence in _split(item)
            ]
    return [sentence for sentence in sentences if any(map(str.isalnum, sentence.text))]


def has_address(text: str) -> bool:
    """Whether there is a web or mail address in it, which nobody says aloud."""
    return _ADDRESS.search(text) is not None


def without_addresses(text: str) -> str:
    """The text without web and mail addresses, and without the "at" or "to" before them."""
    words: list[str] = []
    for word in text.split(" "):
        if not has_address(word):
            words.append(word)
        elif words and words[-1].casefold() in _BEFORE_ADDRESS:
            words.pop()
    return " ".join(words)


def _split(item: str) -> list[Sentence]:
    sentences: list[Sentence] = []
    words: list[str] = []
    tokens = _clean(item).split()
    places = _quoted_places(tokens)
    for index, token in enumerate(tokens):
        if index and index - 1 in places and tokens[index - 1].endswith(tuple(_END_MARKS)) and token[:1] != '"':
            token = _with_small_letter(token)  # noqa: PLW2901 - the sentence that it began goes on
        body = token.rstrip(_END_MARKS + _CLOSING)
        tail = token[len(body) :]
        marks = "".join(mark for mark in tail if mark in _END_MARKS)
        next_token = tokens[index + 1] if index + 1 < len(tokens) else ""
        if index in places and marks:
            words.append(body + "".join(mark for mark in tail if mark in _CLOSING) + ("" if '"' in tail else ","))
        elif not marks or _is_abbreviation(token, next_token):
            words += [token.rstrip(";"), ";"] if token[:-1] and token.endswith(";") else [token]
        elif _is_pause(marks, next_token):
            words.append(body + "".join(mark for mark in tail if mark in _CLOSING) + ",")
        else:
            words.append(body + "".join(mark for mark in tail if mark in _CLOSING))
            sentences += _finish(words, is_question="?" in marks)
            words = []
        if words and words[-1] == ";":
            sentences += _finish(words[:-1], is_question=False)
            words = []
    return sentences + _finish(words, is_question=False)


def _with_small_letter(word: str) -> str:
    """A word that began a sentence, with a small letter unless it is a name or "I"."""
    if word == "I" or word.startswith("I'"):
        return word
    small_word = with_small_first_letter(word, "en")
    return small_word if small_word != word else with_small_first_letter(word, "es")


def _quoted_places(tokens: list[str]) -> set[int]:
    """The words within quotations inside a sentence, whose marks do not end it."""
    if sum(token.count('"') for token in tokens) % 2:
        return set()
    places: set[int] = set()
    is_open = False
    for index, token in enumerate(tokens):
        quotes = token.count('"')
        was_open = is_open
        is_open = is_open != bool(quotes % 2)
        next_token = tokens[index + 1] if index + 1 < len(tokens) else ""
        is_end_inside = was_open and not is_open and next_token[:1].islower()
        if index and ((is_open and not token.endswith('"')) or is_end_inside):
            places.add(index)
    return places if tokens and not tokens[0].startswith('"') else set()


def _finish(words: list[str], *, is_question: bool) -> list[Sentence]:
    text = _pair_quotes(" ".join(words).replace(" ,", ","))
    tokens = [_MARKS_BEFORE.sub(r"\1", token) for token in _MARK_INSIDE.sub(" ", text).split()]
    text = " ".join(" ".join(tokens).split()).replace(" ,", ",")
    text = _MARK_RUN.sub(",", text).strip(" ,;:.!?…-–—+/&'")
    text = text if text.count("“") == text.count("”") else text.replace("“", "").replace("”", "")
    return [Sentence(text, is_question)] if text else []


def _clean(item: str) -> str:
    """The line without emoji, brackets and other signs, with simple quotes and commas in place of dashes."""
    item = without_laughter(unicodedata.normalize("NFC", item).translate(_APOSTROPHES).translate(_QUOTES))
    without_brackets = _BRACKETS.sub(" ", item)
    item = (without_brackets if any(map(str.isalnum, without_brackets)) else item).translate(_UNSPEAKABLE)
    item = "".join(map(_speakable, item)).replace("(", " ").replace(")", " ")
    item = _DASH.sub(",", item).replace("...", "… ").replace("¡", "").replace("¿", "")
    item = " ".join(_clean_token(token) for token in item.split() if not token.strip(",;") or any(map(_is_kept, token)))
    return item.replace(": ", ", ").replace(" ,", ",").replace(" ;", ";")


def without_pictures(text: str) -> str:
    """The text without emoji and signs that are pictures."""
    return "".join(" " if _is_picture(character) else character for character in text).translate(_EMOJI_PARTS)


def _is_picture(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _SKIN_TONES or (category == "So" and character not in "°©®™")


def _speakable(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return " "
    if category in {"Cf", "Cs", "Co", "Cn", "Sk", "Me"} or _is_picture(character):
        return "" if category == "Cf" else " "
    return "" if ord(character) in _EMOJI_PARTS else character


def _is_kept(character: str) -> bool:
    return character.isalnum() or character in _END_MARKS + '"&%€$'


def _clean_token(token: str) -> str:
    """A token without doubled marks and letters that are drawn out: "sooo,," → "so,"."""
    if has_address(token):
        return token
    token = re.sub(r"([,;:'\"-])\1+", r"\1", token)
    token = re.sub(
        r"(?<![!?.…])[!?.…]+(?=[^\W\d_]{2,})", lambda match: match.group() if match.group() == "." else "", token
    )
    return _REPEATED_LETTER.sub(lambda match: match.group(1), token)


def _is_abbreviation(token: str, next_token: str) -> bool:
    is_initial = token[0].isupper() and token[1:] == "."
    is_known = token.casefold() in ABBREVIATIONS
    return bool(next_token) and (is_known or is_initial) and not (is_known and token.casefold() == "no.")


def _is_pause(marks: str, next_token: str) -> bool:
    """Whether marks stand for a pause within a sentence: "well... it never came"."""
    return "…" in marks and "?" not in marks and next_token[:1].islower()


def _pair_quotes(text: str) -> str:
    """Quotes as “…”; without them, if they are not in pairs. A quotation in apostrophes counts too."""
    marks = text.count('"')
    if marks == 0:
        text = re.sub(r"(?:^|(?<=\s))'(?=[^\s'])([^'\s]+(?: [^'\s]+)*)'(?=[\s,]|$)", r'"\1"', text)
        marks = text.count('"')
    parts = text.split('"')
    if marks % 2 or any(not part.strip(" .,") for part in parts[1::2]):
        return " ".join("".join(parts).split())
    line = ""
    for index, part in enumerate(parts):
        line += f"“{part.strip(' .,;:!')}”" if index % 2 else part
    is_whole = line[:1] == "“" and line[-1:] == "”" and line.count("“") == 1
    return line[1:-1] if is_whole else line


def spoken_count(text: str, language: str) -> str:
    """The text with "2x" at the end of a word spelled out, as it is spoken."""
    words = {
        "en": {"1": "once", "2": "twice", "3": "three times", "4": "four times", "5": "five times"},
        "es": {"1": "una vez", "2": "dos veces", "3": "tres veces", "4": "cuatro veces", "5": "cinco veces"},
    }
    numbers = words["es" if language == "es" else "en"]
    match = _TIMES.search(text)
    return text[: match.start()] + numbers[match.group(1)] if match and match.group(1) in numbers else text
