"""The small pronouns of Spanish, before a verb and after an infinitive: "me" → "le", "presentarme" → "presentarse"."""

from itertools import pairwise

from flows.wording.giving_back.spanish import words
from flows.wording.giving_back.spanish.scene import Doer, SpokenVerb

_THINGS = frozenset({"lo", "la", "los", "las"})
_ENCLITIC_STEMS = ("ar", "er", "ir", "ár", "ér", "ír", "ándo", "iéndo", "yéndo")
_CLIENTS = (Doer.CLIENT, Doer.CLIENTS)


def turned_clitic(keys: list[str], verb: SpokenVerb, index: int) -> str | None:
    """What stands for a pronoun before a verb; None if nothing is sure."""
    key = keys[index]
    is_before_thing = index + 1 in verb.clitics and keys[index + 1] in _THINGS
    if key in {"te", "os"}:
        return "nos" if verb.role is not Doer.US or verb.infinitive in words.PRONOMINAL else None
    if key == "me":
        if verb.role is Doer.CLIENTS:
            return None
        return "se" if verb.role is Doer.CLIENT or is_before_thing else "le"
    if key == "nos":
        if verb.role is Doer.CLIENT:
            return None
        return "se" if verb.role is Doer.CLIENTS or is_before_thing else "les"
    if key in {"le", "les"}:
        return _turned_dative(keys, verb, index)
    if key == "se":
        return _turned_se(keys, verb, is_before_thing=is_before_thing)
    is_person = key in _THINGS and verb.infinitive in words.PERSON_OBJECT_VERBS
    is_unsure = is_person and key != "lo" and verb.role is not Doer.US and index - 1 not in verb.clitics
    is_thing_after_all = verb.infinitive in {"necesitar", "esperar", "conocer"}
    return None if is_unsure and not is_thing_after_all else key


def turned_enclitic(keys: list[str], verbs: list[SpokenVerb], index: int) -> str | None:
    """What stands for an infinitive or gerund with a pronoun at its end; empty if it has none, None if not sure."""
    key = keys[index]
    if _is_us_by_name(keys, index):
        return key[:-3] + "nos"
    if _has_unsure_pronouns(keys, index):
        return None
    role = next((verb.role for verb in reversed(verbs) if verb.index < index), None)
    if role is Doer.US and key.endswith(("arse", "erse", "irse")):
        return key.removesuffix("se") + "nos"
    for pronoun in ("me", "nos", "te", "os", "les", "le"):
        stem = key.removesuffix(pronoun)
        if stem == key or not stem.endswith(_ENCLITIC_STEMS) or key in words.COMMON_WORDS:
            continue
        if pronoun in {"te", "os"}:
            return stem + "nos" if role in _CLIENTS else None
        if pronoun in {"le", "les"}:
            return _turned_dative_enclitic(keys, index, stem, role)
        return _turned_enclitic_of_client(keys, index, pronoun, role)
    return ""


def _has_unsure_pronouns(keys: list[str], index: int) -> bool:
    """Whether it ends in two pronouns, or in one of which it is not sure who it is."""
    key = keys[index]
    pairs = ("melo", "mela", "noslo", "nosla", "telo", "selo", "sela", "melos", "melas")
    if any(key.endswith(pair) and key.removesuffix(pair).endswith(_ENCLITIC_STEMS) for pair in pairs):
        return True
    is_of_persons = any(key == f"{verb}{pronoun}" for verb in words.PERSON_OBJECT_VERBS for pronoun in ("los", "las"))
    is_perfect = key in {"haberlos", "haberlas"} and "".join(keys[index + 1 : index + 2]).endswith(("ado", "ido"))
    return is_of_persons or is_perfect


def _turned_enclitic_of_client(keys: list[str], index: int, pronoun: str, role: Doer | None) -> str | None:
    """The same for "me" and "nos" at its end."""
    stem = keys[index].removesuffix(pronoun)
    is_reflexive = (role is Doer.CLIENT and pronoun == "me") or (role is Doer.CLIENTS and pronoun == "nos")
    if is_reflexive and not _is_done_by_thing(keys, index):
        return stem + "se"
    if role is None or (role in _CLIENTS and not is_reflexive):
        return None
    return stem + ("le" if pronoun == "me" else "les")


def _is_us_by_name(keys: list[str], index: int) -> bool:
    """Whether "los" at its end is "a ustedes": "haberlos elegido a ustedes"."""
    key = keys[index]
    is_enclitic = key.endswith(("los", "las")) and key[:-3].endswith(_ENCLITIC_STEMS)
    later = keys[index + 1 : index + 4]
    return is_enclitic and any(pair in {("a", "ustedes"), ("a", "vosotros")} for pair in pairwise(later))


def _is_done_by_thing(keys: list[str], index: int) -> bool:
    """Whether a noun with its article stands before a gerund: "un bot diciéndome"."""
    return index > 1 and keys[index].endswith(("ndome", "ndonos")) and keys[index - 2] in words.ARTICLES


def _turned_dative_enclitic(keys: list[str], index: int, stem: str, role: Doer | None) -> str | None:
    if _names_receiver(keys, index):
        return ""
    if role not in _CLIENTS:
        return "" if role is Doer.US else None
    is_unsure = stem == "decir" or any(key in words.PLURAL_DETERMINERS for key in keys[:index])
    return None if is_unsure else stem + "nos"


def _turned_dative(keys: list[str], verb: SpokenVerb, index: int) -> str | None:
    if _names_receiver(keys, verb.index):
        return "nos" if _names_us(keys, verb.index) else keys[index]
    if verb.role in _CLIENTS:
        return "nos"
    return keys[index] if verb.role is Doer.US else None


def _turned_se(keys: list[str], verb: SpokenVerb, *, is_before_thing: bool) -> str | None:
    if is_before_thing and verb.role in _CLIENTS:
        return keys[verb.clitics[0]] if _names_receiver(keys, verb.index) else "nos"
    if verb.role in _CLIENTS:
        return None
    if verb.role is Doer.US and not is_before_thing:
        return "nos" if verb.infinitive in words.PRONOMINAL else None
    return "se"


def _names_receiver(keys: list[str], index: int) -> bool:
    """Whether it is said after the verb to whom: "a mi compañera"."""
    return any(
        key == "a"
        and place + 1 < len(keys)
        and (not keys[place + 1][:1].isdigit() or (place == index + 1 and keys[index].endswith(("le", "les"))))
        and not keys[place + 1].endswith(("ar", "er", "ir"))
        for place, key in enumerate(keys[index + 1 : index + 7], start=index + 1)
    )


def _names_us(keys: list[str], index: int) -> bool:
    later = keys[index + 1 : index + 7]
    return any(
        pair in {("a", "ustedes"), ("a", "usted"), ("a", "vosotros"), ("a", "vos"), ("a", "ti")}
        for pair in pairwise(later)
    )
