"""A promise as a sentence: who will do what by when, right for whatever was typed."""

import re

from flows.state.entries import Commitment
from flows.text import name_key
from flows.wording.giving_back.sentences import written_words
from flows.wording.languages import match_language

SELF_WORDS = frozenset({"me", "i", "myself", "yo", "mi", "mí", "yo mismo", "yo misma"})
"""What responders type for themselves."""
GROUP_WORDS = frozenset({"we", "us", "our team", "nosotros", "nosotras", "nuestro equipo"})
"""What responders type for their company."""
_VERB_TEXT = """
    accept act add adjust agree align allow answer apologise apologize apply approve arrange ask assign attend audit
    back be block book bring build buy call cancel change charge chase check clarify clean clear close collect come
    compare compensate complete confirm contact continue convert coordinate copy correct cover create credit cut
    deactivate debug decide deliver demonstrate deploy describe discuss do document double draft drop email enable
    end ensure escalate estimate exchange explain export extend file fill find finish fix follow forward free gather
    get give go grant guide hand have help hire hold host implement import improve include increase inform inspect
    install introduce investigate invite invoice issue join keep know launch lead leave let list lock look lower
    mail make manage map measure meet mend message migrate monitor move name notify offer open order organise
    organize pay phone pick plan post postpone prepare present prevent print produce propose provide publish pull
    push put raise reach read rebuild recalculate receive recover redo reduce refund reimburse reinstall reissue
    release remind remove renew reopen repair repeat replace reply report reprint request reschedule resend reserve
    reset resolve respond restart restore retest return reverse review revise rewrite ring roll rollback run save
    say schedule search see send separate set settle share ship show sign simplify sit solve sort speak split start
    stay stop submit supply support switch take talk tell test think track train transfer translate try turn undo
    unlock update upgrade upload use validate verify visit waive walk warn watch work write
"""
BASE_VERBS = frozenset(_VERB_TEXT.split())
"""Verbs that a promise can begin with, in the form that stands after "will"."""
_ENGLISH_LEAD = re.compile(
    r"(?:(?:i|we|you)(?: will| shall| promise to|['’]ll)|will|shall|to|"
    r"(?:(?:i am|i['’]m|we are|we['’]re) )?going to) (?=\S)",
    re.IGNORECASE,
)
_ENGLISH_ADVERB = re.compile(r"(?:not|never|also|always|now|please|\w+ly)", re.IGNORECASE)
"""A word that can stand between "will" and its verb."""
_SPANISH_INFINITIVE = re.compile(
    r"(?:[a-záéíóúñü]+(?:ar|er|ir|ír|[áéí]r)|ir)(?:me|te|se|nos|os|le|les|lo|la|los|las){0,2}", re.IGNORECASE
)
_NOUN_TEXT = """
    auxiliar ayer bar celular cualquier dólar ejemplar familiar hogar lugar mujer par particular popular preliminar
    primer regular similar singular taller tercer titular
"""
_NO_INFINITIVES = frozenset(_NOUN_TEXT.split())
"""Words that look like an infinitive, or are used as something else more often."""
TODAY_AT = "today at "
_SPANISH_LEAD = re.compile(r"(?:voy a|vamos a|va a) (?=\S)", re.IGNORECASE)
LIST_MARKS = "-–—•*·> "
"""What people begin an item of a list with."""
OUTER_MARKS = " .,;:!?¡¿…"
QUOTATION_MARKS = (("“", "”"), ("«", "»"), ('"', '"'), ("'", "'"), ("‘", "’"))


def promise_sentence(promise: Commitment, responder_name: str, language: str, when: str = "") -> str:
    """Who will do what by when, without a mark at its end: "I will send the report by Tuesday 1 December at 16:00".

    `responder_name`: of who says it; a promise of theirs is said as "I". `when`: the time as it can stand after "by" in
    English; in Spanish, after "para". Words that begin with no verb that we know follow a colon.
    """
    who, what = " ".join(promise.who.split()).strip(OUTER_MARKS), promised_words(promise.what, language)
    make_sentence = _spanish if match_language(language) == "es" else _english
    return make_sentence(who, what, when, responder_name)


def promised_words(what: str, language: str) -> str:
    """What was promised, to stand within a sentence: without the marks around it, and without an "I will" before it."""
    words = written_words(what, language).lstrip(LIST_MARKS)
    for opening, closing in QUOTATION_MARKS:
        inner = words.strip(OUTER_MARKS).removeprefix(opening).removesuffix(closing)
        if len(inner) + 2 == len(words.strip(OUTER_MARKS)) and opening not in inner and closing not in inner:
            words = inner
    return without_lead(words.strip(OUTER_MARKS), language)


def without_lead(what: str, language: str) -> str:
    """What was promised, without an "I will" or "voy a" before it."""
    lead = _SPANISH_LEAD if match_language(language) == "es" else _ENGLISH_LEAD
    what = what.strip()
    return what[match.end() :] if (match := lead.match(what)) else what


def _english(who: str, what: str, when: str, responder_name: str) -> str:
    is_self, is_group = _is_self(who, responder_name), name_key(who) in GROUP_WORDS
    subject = "I" if is_self else "we" if is_group else who
    words = (word.strip(OUTER_MARKS).casefold() for word in what.split())
    if next((word for word in words if not _ENGLISH_ADVERB.fullmatch(word)), "") in BASE_VERBS:
        return f"{subject} will {_with_small_letter(what)}" + _deadline(" by ", when)
    return f"{'from me' if is_self else 'from us' if is_group else who}: {what}" + _deadline(", by ", when)


def _deadline(link: str, when: str) -> str:
    """The time after "by": people say "by 16:00 today", not "by today at 16:00"."""
    clock_time = when.removeprefix(TODAY_AT)
    return f"{link}{when if clock_time == when else f'{clock_time} today'}" if when else ""


def _spanish(who: str, what: str, when: str, responder_name: str) -> str:
    is_self, is_group = _is_self(who, responder_name), name_key(who) in GROUP_WORDS
    first_word = next(iter(what.split()), "").strip(OUTER_MARKS)
    if _SPANISH_INFINITIVE.fullmatch(first_word) and first_word.casefold() not in _NO_INFINITIVES:
        verb = "voy a" if is_self else "vamos a" if is_group else f"{who} va a"
        return f"{verb} {_with_small_letter(what)}" + (f" para {when}" if when else "")
    giver = "de mi parte" if is_self else "de nuestra parte" if is_group else who
    return f"{giver}: {what}" + (f", para {when}" if when else "")


def _with_small_letter(words: str) -> str:
    """The words with a small letter at the beginning; a word in capitals becomes small."""
    first_word, space, rest = words.partition(" ")
    is_in_capitals = len(first_word) > 1 and first_word.isupper()
    return (first_word.lower() if is_in_capitals else first_word[:1].lower() + first_word[1:]) + space + rest


def _is_self(who: str, responder_name: str) -> bool:
    return not who or name_key(who) in SELF_WORDS or name_key(who) == name_key(responder_name)
