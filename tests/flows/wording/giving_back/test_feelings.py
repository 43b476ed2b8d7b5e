"""A typed feeling stands after "you felt" or "sintió", or the phrase goes without it."""

import pytest

from flows.state.entries import Fact, Feeling
from flows.wording.giving_back.feelings import feeling_words
from flows.wording.phrases import phrase
from tests.conftest import NOON
from tests.flows.recovery_driver import begin_recovery

ENGLISH = {
    "Like an idiot.": "like an idiot",
    "a fool": "like a fool",
    "ANGER!!!": "angry",
    "she was in tears": "in tears",
    "worried about her job": "worried about your job",
    "that nobody cares about us": "that nobody cares about you",
    "as if we did not exist": "as if you did not exist",
    "we feel very small": "very small",
}
SPANISH = {
    "ENFADO!!!": "enfado",
    "me sentí abandonada": "abandono",
    "muy decepcionado": "mucha decepción",
    "un poco triste": "un poco de tristeza",
    "frustrado y solo": "frustración y soledad",
    "como un número": "que se le trataba como a un número",
    "desprecio": "que se le despreciaba",
    "que no la toman en serio": "que no la toman en serio",
}
UNFIT = [
    "😡",
    "pissed off",
    "You don't care!",
    "enojado",
    "crying",
    "that we don't care",
    "disappointed in us",
    "3/5",
    "mail",
]
UNFIT_SPANISH = ["😡", "una mierda", "angry", "llorando", "que no nos importa", "está hasta las narices"]


@pytest.mark.parametrize("word", ENGLISH)
def test_an_english_feeling_fits(word: str) -> None:
    assert feeling_words(word, "en") == ENGLISH[word]


@pytest.mark.parametrize("word", SPANISH)
def test_a_spanish_feeling_becomes_a_noun(word: str) -> None:
    assert feeling_words(word, "es") == SPANISH[word]


@pytest.mark.parametrize("word", UNFIT)
def test_what_does_not_fit_in_english_is_left_out(word: str) -> None:
    assert feeling_words(word, "en") == ""


@pytest.mark.parametrize("word", UNFIT_SPANISH)
def test_what_does_not_fit_in_spanish_is_left_out(word: str) -> None:
    assert feeling_words(word, "es") == ""


def test_the_first_complaint_and_the_feeling_are_said_in_one_sentence() -> None:
    driver = begin_recovery("trust-recovery", "en")
    complaint = "You never called me back! This is the third time and I am done with you people."
    driver.note("facts", Fact(complaint))
    driver.note("facts", Fact("I had to face my board with nothing."))
    driver.note("feeling", Feeling("Like an idiot."))
    driver.jump("acknowledge")
    assert phrase(driver.flow, driver.recovery, NOON) == (
        "Let me check I've got this right: we never called you back, you had to face your board with nothing, "
        "and you felt like an idiot. What have I missed?"
    )


def test_a_feeling_that_does_not_fit_leaves_the_facts() -> None:
    driver = begin_recovery("trust-recovery", "es")
    driver.note("facts", Fact("¡No me llamaron nunca!"))
    driver.note("feeling", Feeling("una mierda"))
    driver.jump("acknowledge")
    assert phrase(driver.flow, driver.recovery, NOON) == (
        "Déjeme ver si lo entendí bien: no le llamamos nunca. ¿Qué me falta?"
    )
