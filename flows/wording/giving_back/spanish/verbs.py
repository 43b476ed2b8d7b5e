"""Forms of common Spanish verbs: which person a form is, and what it is in another person."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.wording.giving_back.spanish import verb_tables as tables

PERSONS = ("1s", "2s", "3s", "1p", "2p", "3p")
"""First, second and third person, singular and plural; "2s" is "tú", "2p" is "vosotros"."""
VOS = "vos"


@dataclass(frozen=True, slots=True)
class VerbForm:
    """What a form can be. `person` is one of `PERSONS`, or `VOS`."""

    infinitive: str
    tense: str
    person: str


def _changed_stem(stem: str, change: str) -> str:
    """The stem with its last vowel as it is under stress."""
    vowels = {"ie": ("e", "ie"), "ue": ("o", "ue"), "i": ("e", "i"), "u": ("o", "u")}
    old, new = vowels[change]
    if change == "ue" and stem.endswith("ug"):
        old = "u"
    position = stem.rfind(old)
    return stem[:position] + new + stem[position + 1 :] if position >= 0 else stem


def _spelled_form(stem: str, group: str, ending: str) -> str:
    """Stem and ending as they are written: "pagé" → "pagué", "dirigo" → "dirijo"."""
    is_front = ending[:1] in "eéií"
    if group == "ar" and is_front:
        for old, new in (("c", "qu"), ("g", "gu"), ("z", "c")):
            if stem.endswith(old):
                return stem[: -len(old)] + new + ending
    if group != "ar" and not is_front:
        for old, new in (("gu", "g"), ("g", "j")):
            if stem.endswith(old):
                return stem[: -len(old)] + new + ending
        if stem.endswith("c"):
            is_after_vowel = stem[-2:-1] in "aeiou"
            return (stem[:-1] + "zc" if is_after_vowel else stem[:-1] + "z") + ending
    return stem + ending


def _forms(infinitive: str, group: str, tense: str) -> tuple[str, ...]:
    stem = infinitive[:-2]
    change = tables.CHANGE_OF.get(infinitive, "")
    weak_change = {"ie": "i", "i": "i", "ue": "u"}.get(change, "") if group == "ir" else ""
    forms: list[str] = []
    for index, ending in enumerate(tables.ENDINGS[group][tense]):
        part = stem
        if tense in {"present", "subjunctive"} and change and index in {0, 1, 2, 5}:
            part = _changed_stem(stem, change)
        elif weak_change and (
            tense == "past subjunctive"
            or (tense == "past" and index in {2, 5})
            or (tense == "subjunctive" and index in {3, 4})
        ):
            part = _changed_stem(stem, weak_change)
        form = _spelled_form(part, group, ending)
        if infinitive in tables.Y_STEMS:
            form = _with_y(stem, tense, index, ending, form)
        forms.append(form)
    if tense in {"present", "subjunctive"} and infinitive.endswith(("viar", "fiar")):
        forms = [
            form.replace("vi", "ví").replace("fi", "fí") if index in {0, 1, 2, 5} else form
            for index, form in enumerate(forms)
        ]
    return tuple(forms)


def _with_y(stem: str, tense: str, index: int, ending: str, form: str) -> str:
    if (
        tense in {"past", "past subjunctive"}
        and ending.startswith("i")
        and (ending in {"ió", "ieron"} or tense == "past subjunctive")
    ):
        return stem + "y" + ending[1:]
    if tense == "past" and index not in {2, 5} and stem[-1] in "aeo":
        return stem + "í" + ending.removeprefix("i").removeprefix("í")
    if stem.endswith("u") and tense in {"present", "subjunctive"} and index in {0, 1, 2, 5}:
        return stem + "y" + ending
    return form


def _all_forms(infinitive: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    group = {"ír": "ir"}.get(infinitive[-2:], infinitive[-2:])
    table = tables.IRREGULAR.get(infinitive, {})
    strong = tables.STRONG_STEMS.get(infinitive)
    for tense in tables.ENDINGS[group]:
        if tense in table:
            yield tense, table[tense]
        elif tense == "past" and (strong or infinitive in tables.FULL_PASTS):
            yield (
                tense,
                tables.FULL_PASTS.get(infinitive) or tuple(f"{strong}{ending}" for ending in tables.STRONG_PAST),
            )
        elif (
            tense == "subjunctive" and infinitive in tables.IRREGULAR and table.get("present", ("",))[0].endswith("go")
        ):
            stem = table["present"][0][:-1]
            yield tense, tuple(stem + ending for ending in tables.ENDINGS["er"]["subjunctive"])
        elif tense == "past subjunctive" and (strong or infinitive in tables.FULL_PASTS):
            past = (tables.FULL_PASTS.get(infinitive) or (f"{strong}ieron",))[-1].removesuffix("ron")
            accented_stem = past[:-1] + "é"
            yield (
                tense,
                tuple(
                    (accented_stem if ending == "ramos" else past) + ending
                    for ending in ("ra", "ras", "ra", "ramos", "rais", "ran")
                ),
            )
        else:
            yield tense, _forms(infinitive, group, tense)
    stem = tables.FUTURE_STEMS.get(infinitive, infinitive.replace("ír", "ir"))
    yield "conditional", tuple(stem + ending for ending in tables.CONDITIONAL)
    yield "future", tuple(stem + ending for ending in tables.FUTURE)


def _vos_present(infinitive: str) -> str:
    return infinitive[:-2] + {"ar": "ás", "er": "és", "ir": "ís", "ír": "ís"}[infinitive[-2:]]


INFINITIVES = frozenset(tables.REGULAR.split()) | frozenset(tables.IRREGULAR) | {"andar"}
_TABLES = {infinitive: dict(_all_forms(infinitive)) for infinitive in sorted(INFINITIVES)}


def _index() -> dict[str, tuple[VerbForm, ...]]:
    forms: dict[str, list[VerbForm]] = {}
    for infinitive, table in _TABLES.items():
        for tense, row in table.items():
            for person, form in zip(PERSONS, row, strict=True):
                forms.setdefault(form, []).append(VerbForm(infinitive, tense, person))
        forms.setdefault(_vos_present(infinitive), []).append(VerbForm(infinitive, "present", VOS))
    return {form: tuple(all_forms) for form, all_forms in forms.items()}


_FORMS = _index()
_WITHOUT_ACCENT = {
    "estan": "están", "esta": "está", "llamare": "llamaré", "tenian": "tenían", "tenia": "tenía", "habia": "había",
    "habian": "habían", "podia": "podía", "podian": "podían", "decian": "decían", "hacian": "hacían",
    "queria": "quería", "querian": "querían", "estabamos": "estábamos", "teniamos": "teníamos", "habiamos": "habíamos",
    "podiamos": "podíamos",
}  # fmt: skip
"""Forms that are often typed without their accent and are nothing else then."""


def verb_forms(word: str) -> tuple[VerbForm, ...]:
    """All that a word can be as a form of a common verb."""
    return _FORMS.get(_WITHOUT_ACCENT.get(word, word), ())


def in_person(form: VerbForm, person: str) -> str:
    """The form of the same verb and tense in another person."""
    return _TABLES[form.infinitive][form.tense][PERSONS.index(person)]


def is_gerund_or_infinitive(word: str) -> bool:
    """Whether it is an infinitive or a gerund, perhaps with a pronoun after it."""
    return word.endswith(("ar", "er", "ir", "ír", "ando", "iendo", "yendo"))
