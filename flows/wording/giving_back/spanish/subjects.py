"""Who does what in a Spanish sentence: the client, we, or somebody else. Mostly only the verb tells."""

from flows.wording.giving_back.spanish import words
from flows.wording.giving_back.spanish.scene import Doer, Scene, SpokenVerb
from flows.wording.giving_back.spanish.verbs import VerbForm, in_person, verb_forms
from flows.wording.giving_back.tokens import Token
from flows.wording.giving_back.word_sets import word_set

_UNKNOWN_VERB_ENDINGS = (
    "aron", "ieron", "yeron", "jeron", "amos", "emos", "imos", "aste", "iste", "asteis", "isteis", "áis", "éis", "aban",
    "ían", "é", "í", "an", "en",
)  # fmt: skip
_PRONOUNS = word_set("yo usted ustedes nosotros vosotros nadie él ella ellos")
_NO_VERBS = word_set(
    "café así aquí ahí allí sí mí qué por porqué bien también tan sin con en plan examen imagen origen orden joven "
    "volumen resumen gran quien alguien están vean últimos mismos extremos quién según recién ambos tren fin ni sen"
)
_ORDER_ENDINGS = (
    "nme",
    "nlo",
    "nla",
    "nnos",
    "nlos",
    "nlas",
    "nles",
    "nmelo",
    "nmela",
    "ame",
    "eme",
    "ime",
    "anos",
    "enos",
)

_ACCENTED_ORDER_ENDINGS = ("ale", "ele", "ile", "nle", "nse", "ase", "ese", "ame", "eme", "nme")
"""Ends of an order where there is an accent before them: "dígale"."""


def spoken_verbs(tokens: list[Token], keys: list[str]) -> list[SpokenVerb] | None:
    """The verbs of a sentence with their roles; None if one of them is not sure."""
    first = next((key for key in keys if key not in words.ADVERBS), keys[0])
    is_order = first.endswith(_ORDER_ENDINGS) or (
        first.endswith(_ACCENTED_ORDER_ENDINGS) and any(letter in "áéíóú" for letter in first[:-3])
    )
    if first not in words.COMMON_WORDS and is_order and not verb_forms(first):
        return None
    verbs: list[SpokenVerb] = []
    for index, key in enumerate(keys):
        forms = _forms_at(keys, index)
        if forms is None:
            return None
        if forms:
            verb = _spoken_verb(tokens, keys, verbs, index, forms)
            if verb is None:
                return None
            verbs.append(verb)
        elif key in words.NEVER_VERBS:
            continue
    return verbs


def _forms_at(keys: list[str], index: int) -> tuple[VerbForm, ...] | None:
    """What a word is as a verb where it stands; nothing if it is none, None if it may be a verb that is not known."""
    key, before = keys[index], keys[index - 1] if index else ""
    is_after_clitic = before in words.CLITICS and not (before in words.ARTICLES and key in words.NOUN_HOMOGRAPHS)
    is_after_noun_marker = before in (words.DETERMINERS - words.CLITICS) | words.PREPOSITIONS or before[:1].isdigit()
    if key in words.NEVER_VERBS or key in words.CLITICS:
        return ()
    forms = verb_forms(key)
    is_after_being = any(form.infinitive in {"ser", "estar"} for form in verb_forms(before))
    if is_after_being and forms and all(form.person == "1s" and form.tense == "present" for form in forms):
        return ()
    if is_after_noun_marker:
        return None if _is_surely_of_person(forms) else ()
    if forms and _is_noun(keys, index, forms):
        return ()
    if not forms:
        return None if _may_be_verb(key, before) else ()
    if key in words.NOUN_HOMOGRAPHS and not (is_after_clitic and before not in words.ARTICLES):
        is_first_person = any(form.person == "1s" and form.tense == "present" for form in forms)
        is_verb_place = before in words.BEFORE_VERB or before in {"yo", "ustedes", "usted", "que", "nosotros"}
        if not is_verb_place:
            return None if is_first_person and index == 0 and len(keys) > index + 1 and keys[1] != "de" else ()
    return forms


def _is_surely_of_person(forms: tuple[VerbForm, ...]) -> bool:
    """Whether a word can only say what I, we or you did."""
    return bool(forms) and all(form.tense != "present" and form.person not in {"3s", "3p"} for form in forms)


def _is_noun(keys: list[str], index: int, forms: tuple[VerbForm, ...]) -> bool:
    """Whether a word that could be a verb is a noun here: "la calle", "pedir disculpas"."""
    before, before_that = keys[index - 1] if index else "", keys[index - 2] if index > 1 else ""
    is_verb_place = not before or before in words.BEFORE_VERB | words.CLITICS | words.BOUNDARIES | {"tú", "vos"}
    if all(form.person == "2s" and form.tense in {"present", "subjunctive"} for form in forms):
        return not is_verb_place
    may_be_noun = all(form.person in {"1s", "3s"} and form.tense in {"present", "subjunctive"} for form in forms)
    is_clitic_place = before_that in {"", "más"} or before_that in words.BEFORE_VERB | words.CLITICS | words.BOUNDARIES
    return may_be_noun and before in words.ARTICLES and not is_clitic_place and before_that not in _PRONOUNS


def _may_be_verb(key: str, before: str) -> bool:
    if key in words.COMMON_WORDS or key in _NO_VERBS or not key or key[:1].isdigit():
        return False
    if before in {"me", "nos", "te", "os", "se", "le", "les", "yo", "ustedes", "vosotros", "vos", "tú"}:
        return True
    if before in words.BEFORE_VERB and key.endswith(("o", "n", "s")) and not key.endswith(("ado", "ido")):
        return True
    return key.endswith(_UNKNOWN_VERB_ENDINGS) and (before not in words.DETERMINERS or before in words.CLITICS)


def _spoken_verb(
    tokens: list[Token], keys: list[str], verbs: list[SpokenVerb], index: int, forms: tuple[VerbForm, ...]
) -> SpokenVerb | None:
    clitics_start = index
    while clitics_start and keys[clitics_start - 1] in words.CLITICS and not tokens[clitics_start - 1].after:
        clitics_start -= 1
    group_start = clitics_start
    while group_start and keys[group_start - 1] in words.BEFORE_VERB and not tokens[group_start - 1].after:
        group_start -= 1
    clause_start = group_start
    while clause_start and not _ends_clause(tokens, keys, verbs, clause_start - 1):
        clause_start -= 1
    scene = Scene(keys, verbs, index, range(clitics_start, index), clause_start, group_start, forms)
    role = scene.role()
    if role is None:
        return None
    form = scene.form_for(role)
    if form is None:
        return None
    person = {Doer.CLIENT: "3s", Doer.CLIENTS: "3p", Doer.US: "1p"}.get(role, form.person)
    word = in_person(form, person) if role is not Doer.OTHER else tokens[index].word
    needs_subject = role in {Doer.CLIENT, Doer.CLIENTS} and scene.subject() not in {"yo", "nosotros"}
    is_new = not verbs or verbs[-1].role is not role
    is_new = is_new and (form.tense != "past subjunctive" or not verbs)
    subject = ("usted" if role is Doer.CLIENT else "ustedes") if needs_subject and is_new and "yo" not in keys else ""
    is_plural = form.person.endswith("p")
    return SpokenVerb(index, group_start, range(clitics_start, index), role, word, form.infinitive, is_plural, subject)


def _ends_clause(tokens: list[Token], keys: list[str], verbs: list[SpokenVerb], position: int) -> bool:
    is_verb = any(verb.index == position for verb in verbs)
    return keys[position] in words.BOUNDARIES or bool(tokens[position].after.strip("”")) or is_verb
