"""The possessives of Spanish nouns: "su técnico" → "nuestro técnico"."""

from collections.abc import Sequence

from flows.wording.giving_back.spanish import words
from flows.wording.giving_back.word_sets import word_set

_FEMININE_ENDINGS = (
    "a",
    "as",
    "ción",
    "ciones",
    "sión",
    "siones",
    "dad",
    "dades",
    "tad",
    "tades",
    "tud",
    "tudes",
    "umbre",
    "ez",
)
_ADJECTIVES = word_set(
    "último última últimos últimas nuevo nueva nuevos nuevas propio propia propios propias mal mala malos malas "
    "primer primera famoso famosa famosos famosas supuesto supuesta maldito querido segundo segunda"
)


def our_possessive(possessive: str, following: Sequence[str]) -> str:
    """The form of "nuestro" that fits the noun after it. `following`: the words after the possessive."""
    noun = following[0] if following else ""
    is_plural = possessive.endswith("s")
    word = noun.rstrip(".,;")
    singular = (
        word.removesuffix("es")
        if is_plural and word.endswith(("ores", "ones", "ades", "udes", "eres", "iles", "ales", "edes"))
        else word.removesuffix("s")
        if is_plural
        else word
    )
    is_feminine = (
        word in words.FEMININE_EXCEPTIONS
        or singular in words.FEMININE_EXCEPTIONS
        or (word.endswith(_FEMININE_ENDINGS) and singular not in words.MASCULINE_EXCEPTIONS)
    )
    return ("nuestra" if is_feminine else "nuestro") + ("s" if is_plural else "")
