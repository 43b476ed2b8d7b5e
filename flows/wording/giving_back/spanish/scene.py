"""What stands around a Spanish verb, and who does what it says. Mostly only its ending tells."""

from dataclasses import dataclass
from enum import Enum, auto

from flows.wording.giving_back.spanish import words
from flows.wording.giving_back.spanish.verbs import VOS, VerbForm, in_person, verb_forms
from flows.wording.giving_back.word_sets import word_set

MAX_ADVERBIAL_WORDS = 4
"""Words that a preposition begins, before a verb; more of them may hold a subject too."""


class Doer(Enum):
    """Who does what a verb says."""

    CLIENT = auto()
    """The client alone: "usted"."""
    CLIENTS = auto()
    """The client and their people: "ustedes"."""
    US = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class SpokenVerb:
    """A verb with its role. `word` stands for it; `subject` is put before its group, which begins at `group_start`."""

    index: int
    group_start: int
    clitics: range
    role: Doer
    word: str
    infinitive: str
    is_plural: bool
    subject: str = ""


_TO_US = frozenset({"2s", "2p", VOS})
_SUBJECT_SINGULAR = word_set("nadie alguien nada todo esto eso ninguno ninguna quien él ella uno cada")
_PAST_CUES = word_set("ayer anoche pasada pasado pasados pasadas hace anterior") | word_set(
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_PRESENT_CUES = word_set("siempre cada todavía aún ahora hoy")
_PAST_TENSES = frozenset({"past", "imperfect"})
_CLIENT_POSSESSIVES = word_set("mi mis nuestro nuestra nuestros nuestras")
_OURS_OF_CLIENT = word_set("su sus tu tus vuestro vuestra vuestros vuestras suya vuestra ustedes usted vosotros")
_PASSING = frozenset({"pasar", "faltar", "quedar"})
_LINKS = word_set("y e ni pero")


@dataclass(frozen=True, slots=True)
class Scene:
    """A verb and all that tells who does it."""

    keys: list[str]
    verbs: list[SpokenVerb]
    index: int
    clitics: range
    clause_start: int
    group_start: int
    forms: tuple[VerbForm, ...]

    def role(self) -> Doer | None:
        """Who does what the verb says; None if it is not sure."""
        persons = {form.person for form in self.forms}
        subject = self.subject()
        if "1s" in persons and "3s" not in persons:
            return Doer.CLIENT if subject in {"", "yo", "?"} else None
        if "1p" in persons:
            later = self.keys[self.index + 1 : self.index + 3]
            if (
                self.forms[0].infinitive == "tener"
                and later[:1] in (["un"], ["una"])
                and set(later) & words.SHARED_THINGS
            ):
                return None
            if self.forms[0].infinitive == "ser" and set(self.keys[self.index + 1 : self.index + 3]) & words.BOTH_SIDES:
                return None
            is_inclusive = any(form.infinitive in words.INCLUSIVE_VERBS for form in self.forms)
            return Doer.CLIENTS if subject in {"", "nosotros", "?"} and not is_inclusive else None
        if self._is_order():
            return None
        if persons & _TO_US and not persons & {"3s", "3p"}:
            return Doer.US if self._infinitive() not in {"ser", "estar", "quedar", "parecer"} else None
        if subject == "us":
            return Doer.US
        if persons == {"3p"}:
            return self._role_of_third_plural(subject)
        if "1s" in persons:
            return self._role_of_shared_form(subject)
        return self._role_of_third_singular(subject) if persons == {"3s"} else None

    def subject(self) -> str:
        """Who stands before the verb: "singular", "plural", "us", "yo", "nosotros", "" for nobody, "?" if not sure."""
        material = [key for key in self.keys[self.clause_start : self.group_start] if key not in words.ADVERBS]
        last_time = max((place for place, key in enumerate(material) if key in words.TIME_WORDS), default=-1)
        material = [key for key in material[last_time + 1 :] if key not in _PAST_CUES]
        if not material:
            return ""
        first = material[0]
        if first in {"ustedes", "vosotros", "vosotras", "usted", "vos", "tú"}:
            return "us" if len(material) == 1 else "?"
        if first in {"yo", "nosotros", "nosotras"}:
            return "yo" if first == "yo" else "nosotros"
        if any(key in {"nadie", "nada", "alguien"} for key in material):
            return "singular"
        if first in words.PREPOSITIONS:
            return "" if len(material) <= MAX_ADVERBIAL_WORDS else "?"
        if first in _SUBJECT_SINGULAR:
            return "singular"
        is_plural = first in words.PLURAL_DETERMINERS or first[:1].isdigit()
        is_bare_plural = first not in words.DETERMINERS and first.endswith("s") and len(material) == 1
        return "plural" if is_plural or is_bare_plural else "singular"

    def form_for(self, role: Doer) -> VerbForm | None:
        """The form to go by; None if it can be of two tenses and nothing tells which."""
        persons = {Doer.CLIENT: {"1s"}, Doer.CLIENTS: {"1p"}}.get(role)
        forms = [form for form in self.forms if persons is None or form.person in persons]
        if role is Doer.CLIENT and not forms:
            forms = list(self.forms)
        if role is Doer.CLIENTS and len({in_person(form, "3p") for form in forms}) > 1:
            tense = self._tense()
            forms = [form for form in forms if form.tense == tense]
        target = {Doer.CLIENT: "3s", Doer.CLIENTS: "3p", Doer.US: "1p"}.get(role)
        is_sure = target is None or len({in_person(form, target) for form in forms}) == 1
        return forms[0] if forms and is_sure else None

    def _tense(self) -> str:
        infinitive = self.forms[0].infinitive
        if infinitive in words.STATE_VERBS:
            return "present"
        if infinitive in words.EVENT_VERBS:
            return "present" if set(self.keys) & {"siempre", "cada"} else "past"
        others = {form.tense for index, key in enumerate(self.keys) if index != self.index for form in _sure_forms(key)}
        if others & _PAST_TENSES or set(self.keys) & _PAST_CUES:
            return "" if "present" in others else "past"
        is_present = infinitive == "necesitar" or "present" in others or set(self.keys) & _PRESENT_CUES
        return "present" if is_present else ""

    def _infinitive(self) -> str:
        """The verb's infinitive, or that of the participle or gerund after "haber" and "estar"."""
        infinitive = self.forms[0].infinitive
        following = self.keys[self.index + 1 : self.index + 4]
        if infinitive == "haber" and following:
            stem = following[0][:-3]
            participles = {"dicho": "decir", "hecho": "hacer", "roto": "romper", "puesto": "poner"}
            regular = {"ado": stem + "ar", "ido": stem + "er"}.get(following[0][-3:], infinitive)
            return participles.get(following[0], regular)
        if infinitive in {"ir", "poder", "tener", "deber", "volver", "querer"}:
            return next(
                (key for key in following if key.endswith(("ar", "er", "ir")) and verb_forms(key) == ()), infinitive
            )
        return infinitive

    def _is_order(self) -> bool:
        """Whether it is a command: a subjunctive that nothing asks for."""
        is_subjunctive = all(form.tense == "subjunctive" for form in self.forms)
        return is_subjunctive and self._boundary() not in {"que", "cuando", "aunque", "si", "donde"}

    def _boundary(self) -> str:
        return self.keys[self.clause_start - 1] if self.clause_start else ""

    def _antecedent(self) -> str:
        """The noun that a relative "que" goes back to; empty if it is no relative."""
        if self._boundary() != "que" or not self.keys[: self.clause_start - 1]:
            return ""
        place = self.clause_start - 2
        before = self.keys[place]
        is_noun = before not in words.PREPOSITIONS | words.ADVERBS and all(verb.index != place for verb in self.verbs)
        return before if is_noun and before != "lo" and before not in words.TIME_WORDS else ""

    def _has_client_clitic(self) -> bool:
        return any(self.keys[place] in {"me", "nos"} for place in self.clitics)

    def _following(self) -> str:
        """The word after the verb and its participle, gerund or infinitive."""
        place = self.index + 1
        while place < len(self.keys) and self.keys[place].endswith(("ado", "ido", "ando", "iendo", "dicho", "hecho")):
            place += 1
        return self.keys[place] if place < len(self.keys) else ""

    def _last_role(self) -> Doer | None:
        return self.verbs[-1].role if self.verbs else None

    def _role_of_third_plural(self, subject: str) -> Doer | None:
        if subject in {"plural", "singular", "?"}:
            return Doer.OTHER if subject == "plural" else None
        if (antecedent := self._antecedent()) and antecedent.endswith("s"):
            return None
        if antecedent in {"gente", "cliente", "clientes"}:
            return Doer.OTHER
        following, infinitive = self._following(), self._infinitive()
        if self._has_client_clitic() and (infinitive in words.DEEDS_OF_OTHERS or self._is_blamed_on_us()):
            return Doer.OTHER
        is_after_link = self._boundary() in _LINKS or not self._boundary()
        if self.verbs and self.verbs[-1].role is Doer.OTHER and self.verbs[-1].is_plural and is_after_link:
            return Doer.OTHER
        may_follow = following in words.PLURAL_DETERMINERS or (
            following.endswith("s") and following not in words.TIME_WORDS | words.ADVERBS
        )
        is_amount_of_time = may_follow and any(
            key in words.TIME_WORDS for key in self.keys[self.index + 1 : self.index + 4]
        )
        is_of_being = self.forms[0].infinitive in {"ser", "estar"} and following not in words.PLURAL_DETERMINERS
        if may_follow and is_of_being:
            return None
        if may_follow and (self._is_passive() or (infinitive in _PASSING and not self._has_client_clitic())):
            return Doer.OTHER
        if may_follow and not is_amount_of_time and infinitive not in words.PLURAL_TRANSITIVE:
            return Doer.OTHER if infinitive in words.IMPERSONAL and not self._has_client_clitic() else None
        later = self.keys[self.index + 1 : self.index + 6]
        is_ours = infinitive in words.VENDOR_VERBS or self.forms[0].infinitive in words.VENDOR_VERBS
        is_about_client = infinitive in words.PLURAL_TRANSITIVE and bool(_CLIENT_POSSESSIVES & set(later))
        is_second = self._last_role() is Doer.US
        return Doer.US if self._has_client_clitic() or is_ours or is_about_client or is_second else None

    def _is_blamed_on_us(self) -> bool:
        """Whether others did it, and we are the cause: "por su error me han denegado el crédito"."""
        causes = [self.keys[place + 1 : place + 4] for place, key in enumerate(self.keys) if key == "por"]
        return any(
            (cause[:1] == ["culpa"] and set(cause) & _OURS_OF_CLIENT)
            or (cause[:1] and cause[0] in _OURS_OF_CLIENT and set(cause) & words.FAULTS)
            for cause in causes
        )

    def _is_passive(self) -> bool:
        is_with_se = any(self.keys[place] == "se" for place in self.clitics)
        return is_with_se and self.forms[0].infinitive not in words.PRONOMINAL and not self._has_client_clitic()

    def _role_of_shared_form(self, subject: str) -> Doer | None:
        infinitive = self._infinitive()
        if subject == "yo":
            return Doer.CLIENT
        if subject in {"singular", "plural", "?"}:
            return Doer.OTHER if subject == "singular" else None
        if self._has_client_clitic():
            if self._last_role() is Doer.OTHER and not self.verbs[-1].is_plural and self._boundary() == "que":
                return Doer.OTHER
            return Doer.OTHER if infinitive in {"gustar", "parecer", "importar", "costar", "faltar"} else None
        if self._boundary() == "que" and self._last_role() in {Doer.OTHER, Doer.US} and not self._antecedent():
            return Doer.OTHER
        if infinitive in words.FIRST_PERSON_IMPERFECTS or (
            self._last_role() is Doer.CLIENT and self._boundary() in _LINKS
        ):
            return Doer.CLIENT
        is_thing = infinitive in words.IMPERSONAL and self.index > 0 and not self._following_is_gerund()
        return Doer.OTHER if is_thing else None

    def _following_is_gerund(self) -> bool:
        return self.index + 1 < len(self.keys) and self.keys[self.index + 1].endswith(("ando", "iendo", "yendo"))

    def _role_of_third_singular(self, subject: str) -> Doer | None:
        if subject == "singular" or self._antecedent():
            return Doer.OTHER
        if subject in {"plural", "yo", "nosotros"}:
            return None
        has_subject_after = self._following() in words.DETERMINERS | _SUBJECT_SINGULAR and self._following() not in {
            "los",
            "las",
        }
        is_thing = self._infinitive() in words.IMPERSONAL
        if not subject and not is_thing and self._last_role() is Doer.CLIENT and self._boundary() in _LINKS:
            return None
        is_same = self._last_role() is Doer.OTHER and self._boundary() in _LINKS
        is_impersonal = any(self.keys[place] == "se" for place in self.clitics)
        return Doer.OTHER if has_subject_after or is_thing or is_same or is_impersonal or subject == "?" else None


def _sure_forms(key: str) -> tuple[VerbForm, ...]:
    if key in words.NEVER_VERBS or key in words.NOUN_HOMOGRAPHS or key in words.CLITICS:
        return ()
    forms = tuple(form for form in verb_forms(key) if form.infinitive not in {"ser", "estar", "haber", "tener"})
    return forms if len({form.tense for form in forms}) == 1 else ()
