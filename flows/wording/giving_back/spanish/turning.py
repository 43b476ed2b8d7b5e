"""What a Spanish-speaking client said, turned around: "no me llamaron nunca" → "no le llamamos nunca"."""

from flows.wording.giving_back.spanish import words
from flows.wording.giving_back.spanish.clitics import turned_clitic, turned_enclitic
from flows.wording.giving_back.spanish.nouns import our_possessive
from flows.wording.giving_back.spanish.scene import Doer, SpokenVerb
from flows.wording.giving_back.spanish.subjects import spoken_verbs
from flows.wording.giving_back.spanish.verbs import verb_forms
from flows.wording.giving_back.tokens import Token, tokens_of
from flows.wording.giving_back.word_sets import word_set

_SPANISH_ENDINGS = (
    "ción",
    "ado",
    "ados",
    "ada",
    "adas",
    "ido",
    "idos",
    "ida",
    "idas",
    "mente",
    "dad",
    "ando",
    "iendo",
    "ar",
    "er",
    "ir",
)
_OPENINGS = word_set("y pero pues bueno che mire mira oiga oye además encima")
_OPENING_PHRASES = (
    ("con", "todo", "respeto"),
    ("con", "todo", "el", "respeto"),
    ("la", "verdad"),
    ("hola",),
    ("buenas", "tardes"),
    ("buenos", "días"),
    ("buenas",),
    ("a", "ver"),
    ("por", "cierto"),
)
_POSSESSIVES = {
    "mi": "su", "mis": "sus", "nuestro": "su", "nuestra": "su", "nuestros": "sus", "nuestras": "sus",
}  # fmt: skip
_OWN = {"mío": "suyo", "mía": "suya", "míos": "suyos", "mías": "suyas", "nuestro": "suyo", "nuestra": "suya",
        "nuestros": "suyos", "nuestras": "suyas"}  # fmt: skip
_OUR = frozenset({"su", "sus", "tu", "tus", "vuestro", "vuestra", "vuestros", "vuestras"})
_PRONOUNS = {"yo": "usted", "nosotros": "ustedes", "nosotras": "ustedes", "mí": "usted", "conmigo": "con usted",
             "ustedes": "nosotros", "vosotros": "nosotros", "vosotras": "nosotros", "vos": "nosotros", "tú": "nosotros",
             "ti": "nosotros", "contigo": "con nosotros", "usted": "nosotros", "ud": "nosotros", "uds": "nosotros",
             "ud.": "nosotros", "uds.": "nosotros"}  # fmt: skip
_CORRECTIONS = {"todavia": "todavía", "dia": "día", "dias": "días", "mas": "más", "ultima": "última",
                "ultimo": "último",
                "numero": "número", "numeros": "números", "tecnico": "técnico", "telefono": "teléfono", "aqui": "aquí",
                "alli": "allí", "asi": "así", "pagina": "página", "migracion": "migración", "solucion": "solución",
                "actualizacion": "actualización", "uds": "ustedes", "uds.": "ustedes", "ud": "usted", "ud.": "usted",
                "vds.": "ustedes", "xq": "porque", "q": "que", "tb": "también", "nadien": "nadie"}  # fmt: skip


def turn_sentence(sentence: str) -> str | None:
    """The sentence as the responder says it to the client; None where that is not sure."""
    tokens = _without_opening(tokens_of(sentence, _CORRECTIONS))
    keys = [token.key for token in tokens]
    if not tokens or not _is_spanish(keys) or tokens[0].is_quotation or keys[0] == "que":
        return None
    verbs = spoken_verbs(tokens, keys)
    if verbs is None:
        return None
    turned_words: list[str] = []
    for index, token in enumerate(tokens):
        word = _turned_word(tokens, keys, verbs, index)
        if word is None:
            return None
        subject = next((verb.subject for verb in verbs if verb.group_start == index and verb.subject), "")
        turned_words += [subject] if subject else []
        turned_words += [f"{token.before}{word}{token.after}"] if word else []
    return " ".join(turned_words)


def _without_opening(tokens: list[Token]) -> list[Token]:
    while tokens and tokens[0].key in _OPENINGS and len(tokens) > 1:
        tokens = tokens[1:]
    for phrase in _OPENING_PHRASES:
        if tuple(token.key for token in tokens[: len(phrase)]) == phrase and tokens[len(phrase) - 1].after:
            tokens = tokens[len(phrase) :]
    return tokens


def _is_spanish(keys: list[str]) -> bool:
    """Whether no word of another language is in it, and enough Spanish ones."""
    named = [key for key in keys if key]
    known = [key for key in named if _is_known(key)]
    return not any(key in words.FOREIGN_WORDS for key in named) and len(known) * 2 >= len(named)


def _is_known(key: str) -> bool:
    is_word = key in words.COMMON_WORDS or key[:1].isdigit() or key in _PRONOUNS
    return is_word or bool(verb_forms(key)) or key.endswith(_SPANISH_ENDINGS)


def _turned_word(tokens: list[Token], keys: list[str], verbs: list[SpokenVerb], index: int) -> str | None:
    """The word that stands for this one; None if nothing is sure."""
    token, key = tokens[index], keys[index]
    for verb in verbs:
        if verb.index == index:
            return verb.word
        if index in verb.clitics:
            return turned_clitic(keys, verb, index)
    if token.is_quotation:
        return token.word
    if (possessive := _turned_possessive(tokens, keys, verbs, index)) != "":
        return possessive
    if key in _PRONOUNS:
        return _PRONOUNS[key]
    if key in {"me", "te", "os", "nos", "suyo", "suya", "suyos", "suyas", "tuyo", "tuya"}:
        return None
    enclitic = turned_enclitic(keys, verbs, index)
    return token.word if enclitic == "" else enclitic


def _turned_possessive(tokens: list[Token], keys: list[str], verbs: list[SpokenVerb], index: int) -> str | None:
    """What stands for a possessive; empty if the word is none, None if nothing is sure."""
    key = keys[index]
    before = keys[index - 1] if index else ""
    if key.startswith("vuestr"):
        return "n" + key[1:]
    is_own = before in words.ARTICLES or key.startswith("mí") or _follows_noun(tokens, keys, index)
    if key in _OWN and is_own:
        return _OWN[key]
    if key in _POSSESSIVES:
        return _POSSESSIVES[key]
    return _our(keys, verbs, index) if key in _OUR else ""


def _follows_noun(tokens: list[Token], keys: list[str], index: int) -> bool:
    """Whether a possessive stands after its noun: "sin noticias nuestras"."""
    following = keys[index + 1] if index + 1 < len(keys) else ""
    before = keys[index - 1] if index else ""
    is_after_noun = bool(before) and before not in words.PREPOSITIONS | words.BOUNDARIES | words.DETERMINERS
    ends = bool(tokens[index].after) or not following or following in words.PREPOSITIONS | words.BOUNDARIES
    return is_after_noun and ends and not verb_forms(before)


def _our(keys: list[str], verbs: list[SpokenVerb], index: int) -> str | None:
    """The form of "nuestro" for "su"; None where "su" may be of somebody else."""
    following = keys[index + 1 : index + 3]
    if keys[index] in {"su", "sus"} and following:
        role = next((verb.role for verb in reversed(verbs) if verb.index < index), None)
        is_theirs = (
            role is Doer.OTHER and following[0] not in words.VENDOR_NOUNS and following[-1] not in words.VENDOR_NOUNS
        )
        is_after_person = role is Doer.OTHER and any(
            key in words.PERSONS and before not in _POSSESSIVES
            for before, key in zip(["", *keys], keys[:index], strict=False)
        )
        if is_after_person and index and keys[index - 1] in {"y", "e", "con", "en", "de", "a"}:
            return None
        starts_clause = index == 0 or keys[index - 1] in words.BOUNDARIES
        if is_theirs and not starts_clause:
            return None
    return our_possessive(keys[index], following)
