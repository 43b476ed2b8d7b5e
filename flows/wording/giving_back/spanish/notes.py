"""A responder's Spanish notes about the client, said to that client: "pide ayuda" → "usted pide ayuda"."""

from itertools import pairwise

from flows.wording.giving_back.spanish import words
from flows.wording.giving_back.spanish.verbs import verb_forms
from flows.wording.giving_back.tokens import tokens_of
from flows.wording.giving_back.word_sets import word_set

_CLIENT_NAMES = word_set("cliente clienta clientes")
_REPORTS = word_set("dice dijo afirma afirmó cuenta comenta comentó reclama asegura insiste explica")
_FIRST_PERSON = word_set("me mi mis mí yo conmigo mío mía míos mías")
_OWN_COMPANY = word_set("nos nosotros nosotras nuestro nuestra nuestros nuestras")
_SECOND_PERSON = word_set(
    "ustedes usted vosotros vosotras vos tú te os tu tus ti contigo vuestro vuestra vuestros vuestras"
)
_NOTE_ADVERBS = word_set("no ya todavía aún sigue siempre nunca casi también muy bastante totalmente")
_CLIENT_VERBS = word_set(
    "quiere quería pide pidió exige exigió espera esperaba necesita necesitaba reclama solicita solicitó queda quedó "
    "teme recibió pagó contrató firmó confiaba confió cree duda desconfía lamenta siente sintió ruega prefiere "
    "considera insiste esperó perdió llamó escribió preguntó insistió merece usa tuvo tenía lleva llevaba"
)
_CLIENT_REFLEXIVES = word_set(
    "siente sintió queja quejó enteró queda quedó arrepiente avergüenza avergonzó disculpó desespera vio encontró ve "
    "cree creía fía fiaba conforma"
)
_FEELINGS = (
    "hart", "furios", "enfadad", "enojad", "cansad", "preocupad", "molest", "decepcionad", "desesperad", "angustiad",
    "frustrad", "indignad", "avergonzad", "agotad", "dolid", "ofendid", "disgustad", "agobiad", "confundid",
    "descontent", "insatisfech", "convencid", "asustad", "desbordad",
)  # fmt: skip
_DEEDS = (
    "tratad", "ignorad", "humillad", "ningunead", "acusad", "amenazad", "transferid", "derivad", "atendid", "rechazad",
    "plantad", "insultad", "culpad", "interrumpid", "despreciad", "presionad", "señalad", "engañad", "citad",
)  # fmt: skip
_COMPULSIONS = ("obligad", "forzad")
_GENDERS = ("o", "a", "os", "as")
_UNSAID_WORDS = word_set(
    "amenaza amenazó amenazando grita gritó insulta insultó agresivo agresiva maleducado maleducada"
)
_MAX_PLACE_OF_RECEIVER = 6
_TOLD = word_set(
    "informó prometió dijo aseguró avisó cobró facturó garantizó comunicó explicó notificó negó denegó entregó devolvió"
)
_NO_RECEIVERS = word_set("importa interesa importó falta pasa")
_THINGS_AWAITED = word_set("el la un una su sus respuesta noticias internet luz servicio")
_LACKS = word_set(
    "internet luz agua servicio línea teléfono respuesta respuestas noticias dormir cobrar acceso calefacción gas "
    "solución correo llamada llamadas"
)
_COMING = word_set("venir ir salir intervenir llamar entrar subir")


def client_note(text: str, *, is_first: bool) -> str | None:
    """What such a note says, as the responder says it; empty if it cannot be said, None if the text is no such note.

    `is_first`: whether no sentence comes before it in which somebody else may have been named.
    """
    tokens = tokens_of(text, {})
    start = 1 if tokens and tokens[0].key in {"el", "la", "los"} and len(tokens) > 1 else 0
    is_named = bool(tokens) and tokens[start].key in _CLIENT_NAMES
    if is_named:
        tokens = tokens[start + 1 :]
    line = " ".join(f"{token.before}{token.word}{token.after}" for token in tokens)
    keys = [token.key for token in tokens]
    if not keys:
        return "" if is_named else None
    if keys[0] in _REPORTS and (is_named or keys[0] in {"dice", "afirma"}):
        return _reported(line, keys)
    if _is_of_client(keys):
        return "" if is_named else None
    if any(key in _UNSAID_WORDS for key in keys[:3]):
        return "" if is_named or keys[0] in _UNSAID_WORDS else None
    said_line = _with_subject(line, keys) if is_first or is_named else None
    return (
        said_line
        if said_line is not None
        else (f"usted {line}" if is_named and _is_third_person(keys[0]) else "" if is_named else None)
    )


def _reported(line: str, keys: list[str]) -> str:
    """What "el cliente dice que" reports; empty if who does what in it is not sure."""
    rest = line.partition(" ")[2].removeprefix("que ")
    persons = set(keys) & (
        _FIRST_PERSON | _OWN_COMPANY | _SECOND_PERSON | words.CLITICS - words.ARTICLES | {"su", "sus"}
    )
    if not persons:
        return rest
    is_sure = persons <= word_set("le lo la se su sus") and keys[1:2] == ["que"]
    return f"usted {keys[0]} que {rest}" if is_sure else ""


def _is_of_client(keys: list[str]) -> bool:
    """Whether they are the client's own words: "I" or "you" is in them."""
    if any(key in _FIRST_PERSON or key in _SECOND_PERSON for key in keys):
        return True
    no_verbs = words.NOUN_HOMOGRAPHS | words.NEVER_VERBS
    no_verb_places = (words.DETERMINERS - words.CLITICS) | words.PREPOSITIONS
    return any(
        not _is_form(key, _FEELINGS)
        and {form.person for form in verb_forms(key)} == {"1s"}
        and key not in no_verbs
        and before not in no_verb_places
        for before, key in zip(["", *keys], keys, strict=False)
    )


def _with_subject(line: str, keys: list[str]) -> str | None:
    start = 0
    while start < len(keys) - 1 and keys[start] in _NOTE_ADVERBS:
        start += 1
    key, following = keys[start], keys[start + 1] if start + 1 < len(keys) else ""
    names_us = any(key in _OWN_COMPANY for key in keys)
    if following and (verbs := _verbs_of_participle(key, following)) and not (names_us and _is_form(key, _FEELINGS)):
        is_plural = key.endswith(("os", "as"))
        return f"ustedes {verbs[1]} {line}" if is_plural else f"usted {verbs[0]} {line}"
    is_reflexive = key == "se" and following in _CLIENT_REFLEXIVES and keys[start + 2 : start + 3] != ["que"]
    is_feeling = key in {"está", "estaba", "sigue", "anda"} and _is_form(following, _FEELINGS) and not names_us
    if is_reflexive or is_feeling or (key in _CLIENT_VERBS and _is_client_verb(keys, start)):
        return f"usted {line}"
    if key == "sigue" and following == "sin" and "".join(keys[start + 2 : start + 3]) in _THINGS_AWAITED:
        return f"usted {line}"
    is_denied = keys[start - 1 : start] == ["no"] and {form.person for form in verb_forms(key)} == {"3s"}
    if is_denied and not names_us and not {"su", "sus"} & set(keys):
        return line
    is_lack = key == "sin" and names_us and following in _LACKS
    return line if is_lack or (_is_told_of(keys) and not names_us) else None


def _verbs_of_participle(key: str, following: str) -> tuple[str, str] | None:
    """The verb that such a note leaves out, for one and for several."""
    if _is_form(key, _FEELINGS):
        return "está", "están"
    if _is_form(key, _COMPULSIONS) and following == "a":
        return "se vio", "se vieron"
    return ("fue", "fueron") if _is_form(key, _DEEDS) else None


def _is_told_of(keys: list[str]) -> bool:
    """Whether it tells what was done to the client: "nadie le avisó"."""
    if "le" not in keys[:_MAX_PLACE_OF_RECEIVER]:
        return False
    place = keys.index("le")
    before, verb = keys[:place], keys[place + 1 : place + 2]
    is_passive = before[-1:] == ["se"] and bool(_TOLD & set(verb))
    is_other = bool({"a", "al", "su", "sus"} & set(before)) or ("se" in before and not is_passive)
    return (
        not is_other and "a" not in keys[place : place + 4] and not _NO_RECEIVERS & set(verb) and not _may_be_mine(verb)
    )


def _may_be_mine(following: list[str]) -> bool:
    """Whether the verb after "le" can tell what "I" do."""
    return any(form.person == "1s" for key in following for form in verb_forms(key))


def _is_client_verb(keys: list[str], start: int) -> bool:
    """Whether a verb without a subject tells of the client, and not of a thing or of who comes after it."""
    key, following = keys[start], keys[start + 1] if start + 1 < len(keys) else ""
    if key in {"tuvo", "tenía"}:
        infinitive = keys[start + 2] if start + 2 < len(keys) else ""
        return (
            following == "que"
            and infinitive.endswith(("ar", "er", "ir", "arse", "erse", "irse"))
            and infinitive not in _COMING
        )
    if key in {"lleva", "llevaba"}:
        is_without = any(pair[0] == "sin" and pair[1] in _LACKS for pair in pairwise(keys))
        return is_without or any(
            later in {"esperando", "llamando", "pidiendo", "reclamando", "intentando"} for later in keys
        )
    if key in {"queda", "quedó"}:
        return following in {"en", "mal", "como", "fatal"}
    is_object_first = following in {"el", "la", "los", "las"} and key in {"llamó", "escribió", "preguntó", "usa"}
    return following != "" and not is_object_first


def _is_form(key: str, stems: tuple[str, ...]) -> bool:
    return any(key.removesuffix(ending) in stems for ending in _GENDERS if key.endswith(ending))


def _is_third_person(key: str) -> bool:
    return (
        key in {"se", "le"} or any(form.person == "3s" for form in verb_forms(key)) or key.endswith(("ó", "aba", "ía"))
    )
