"""A promise as a sentence: who will do what by when, right for whatever was typed."""

import re

from flows.state.entries import Commitment
from flows.text import name_key
from flows.wording.giving_back.sentences import written_words
from flows.wording.languages import match_language

SELF_WORDS = frozenset({"me", "i", "myself", "yo", "mi", "yo mismo", "yo misma"})
"""What responders type for themselves."""
GROUP_WORDS = frozenset({"we", "us", "our team", "nosotros", "nosotras", "nuestro equipo"})
"""What responders type for their company."""
_VERB_TEXT = """
    accept add adjust agree align allow answer apologise apologize apply approve arrange ask assign attend audit
    back block book bring build buy call cancel change charge chase check clarify clean clear close collect come
    compare compensate complete confirm contact continue convert coordinate copy correct cover create credit cut
    deactivate debug decide deliver demonstrate deploy describe discuss document double draft drop email enable end
    ensure escalate estimate exchange explain export extend file fill find finish fix follow forward free gather get
    give go grant guide hand have help hire hold host implement import improve include increase inform inspect
    install introduce investigate invite invoice issue join keep launch lead leave let list lock look lower mail
    make manage map measure meet mend message migrate monitor move name notify offer open order organise organize
    pay phone pick plan post postpone prepare present prevent print produce propose provide publish pull push put
    raise reach read rebuild recalculate receive recover redo reduce refund reimburse reinstall reissue release
    remind remove renew reopen repair repeat replace reply report reprint request reschedule reserve reset resend
    resolve respond restart restore retest return reverse review revise rewrite ring roll rollback run schedule
    search send separate set settle share ship show sign simplify sit solve sort speak split start stay stop submit
    supply support switch take talk tell test track train transfer translate try turn undo unlock update upgrade
    upload use validate verify visit waive walk warn watch work write
"""
BASE_VERBS = frozenset(_VERB_TEXT.split())
"""Verbs that a promise can begin with, in the form that stands after "will"."""
_ENGLISH_LEAD = re.compile(r"(?:(?:i|we|you)(?: will|['’]ll)|will|to) (?=\S)", re.IGNORECASE)
_SPANISH_INFINITIVE = re.compile(
    r"[a-záéíóúñü]+(?:ar|er|ir|ír|[áéí]r)(?:me|te|se|nos|os|le|les|lo|la|los|las){0,2}", re.IGNORECASE
)
_SPANISH_LEAD = re.compile(r"(?:voy a|vamos a|va a) (?=\S)", re.IGNORECASE)


def promise_sentence(promise: Commitment, responder_name: str, language: str, when: str = "") -> str:
    """Who will do what by when, without a mark at its end: "I will send the report by Tuesday 1 December at 16:00".

    `responder_name`: of who says it; a promise of theirs is said as "I". `when`: the time as it can stand after "by" in
    English; in Spanish, after "para". Words that begin with no verb that we know follow a colon.
    """
    is_spanish = match_language(language) == "es"
    who = promise.who.strip()
    what = without_lead(written_words(promise.what, language), language)
    sentence = (_spanish if is_spanish else _english)(who, what, responder_name)
    return sentence + (f" para {when}" if is_spanish else f" by {when}") * bool(when)


def without_lead(what: str, language: str) -> str:
    """What was promised, without an "I will" or "voy a" before it."""
    lead = _SPANISH_LEAD if match_language(language) == "es" else _ENGLISH_LEAD
    what = what.strip()
    return what[match.end() :] if (match := lead.match(what)) else what


def _english(who: str, what: str, responder_name: str) -> str:
    is_self, is_group = _is_self(who, responder_name), name_key(who) in GROUP_WORDS
    subject = "I" if is_self else "we" if is_group else who
    if what.partition(" ")[0].casefold() in BASE_VERBS:
        return f"{subject} will {what[:1].lower()}{what[1:]}"
    return f"{'from me' if is_self else 'from us' if is_group else who}: {what}"


def _spanish(who: str, what: str, responder_name: str) -> str:
    is_self, is_group = _is_self(who, responder_name), name_key(who) in GROUP_WORDS
    if _SPANISH_INFINITIVE.fullmatch(what.partition(" ")[0]):
        verb = "voy a" if is_self else "vamos a" if is_group else f"{who} va a"
        return f"{verb} {what[:1].lower()}{what[1:]}"
    return f"{'de mi parte' if is_self else 'de nuestra parte' if is_group else who}: {what}"


def _is_self(who: str, responder_name: str) -> bool:
    return not who or name_key(who) in SELF_WORDS or name_key(who) == name_key(responder_name)
