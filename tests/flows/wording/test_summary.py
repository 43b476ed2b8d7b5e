"""The two summaries, from one record, and where each of them may go."""

import pytest

from flows.state.entries import (
    Commitment,
    CommitmentState,
    Expression,
    Fact,
    Feeling,
    Holder,
    Level,
    Moment,
    Selection,
    Standing,
    Text,
)
from flows.state.events import ClientWrote, CloseRecovery
from flows.state.record_events import RemoveEntry
from flows.state.summaries import SummaryVersion
from tests.conftest import ANA, NOON
from tests.flows.recovery_driver import DAY, RecoveryDriver, begin_recovery

INTERNAL, CLIENT = SummaryVersion.INTERNAL, SummaryVersion.CLIENT

INTERNAL_EN = """\
Trust recovery: Acme (internal)

Outcome: Improving
Led by Ana · Fri 15 Jan 2027, 09:00
Contact: Kim, answers to the board

The problem in one sentence
• Exports can fail without a word to you.

Facts
• the export was empty
• nobody called back (parked; our view: we called once; evidence: call log)
• the board saw it (do not say it)
• the job ran at 2 (us)
• About us alone, or the last straw?: About us alone

Feelings
• ignored (very; they confirmed it)
• sold short (a little; they said no)
• What told you: Raised voice, Capitals
• Their answer: Nobody cares there

How we acknowledged it
• Empty on Monday, and not a word from us.

What we own
• I did not check the export

What they need
• Time, Apology

Promises
• Ana: fix the export, by Sat 16 Jan 2027, 09:00
• Ben: a call to the board (kept)
• Ben: a discount (dropped)

Next update
• Sun 17 Jan 2027, 09:00

What broke the trust
• nobody watches the export

Broken expectations
• Prompt response, Reliable facts

Anger, from 1 (calm) to 5 (furious)
• 5 → 3 → 2

Time at each step
• Be prepared: 2 min
• Get the facts: 13 min
• Frame the problem: 4 min"""

INTERNAL_ES = """\
Recuperar la confianza: Acme (interno)

Resultado: Va mejorando
A cargo de Ana · vie 15 ene 2027, 09:00
Contacto: Kim, answers to the board

El problema en una frase
• Exports can fail without a word to you.

Hechos
• the export was empty
• nobody called back (aplazado; nuestra versión: we called once; prueba: call log)
• the board saw it (no lo dice)
• the job ran at 2 (nosotros)
• ¿Solo por nosotros, o la última gota?: Solo por nosotros

Sentimientos
• abandono (mucho; lo confirmó)
• sold short (un poco; dijo que no)
• En qué lo notaste: Voz alta, Mayúsculas
• Su respuesta: Nobody cares there

Cómo lo reconocimos
• Empty on Monday, and not a word from us.

Lo que asumimos
• I did not check the export

Lo que necesita
• Tiempo, Disculpa

Compromisos
• Ana: fix the export, para el sáb 16 ene 2027, 09:00
• Ben: a call to the board (cumplido)
• Ben: a discount (descartado)

Próxima noticia
• dom 17 ene 2027, 09:00

Qué rompió la confianza
• nobody watches the export

Expectativas rotas
• Una respuesta rápida, Datos fiables

Enojo, de 1 (calma) a 5 (furia)
• 5 → 3 → 2

Tiempo en cada paso
• Prepárate: 2 min
• Reúne los hechos: 13 min
• Define el problema: 4 min"""

CLIENT_EN = """\
Hello,

Thank you for telling me so clearly what went wrong.

It comes down to this: exports can fail without a word to you.

I did not check the export. I am sorry.

This is what happens next:
• I will fix the export by Saturday 16 January 2027, 09:00 (Madrid time).
• Done: a call to the board

You will hear from me next on Sunday 17 January 2027, 09:00 (Madrid time), whether there is news or not.

If I have missed anything, please tell me here.

Ana"""

CLIENT_ES = """\
Hola:

Gracias por contarme con tanta claridad qué salió mal.

Se resume en esto: exports can fail without a word to you.

I did not check the export. Lo siento.

Esto es lo que haremos ahora:
• De mi parte: fix the export, para el sábado 16 de enero de 2027, 09:00 (hora de Madrid).
• Hecho: a call to the board

Volverá a tener noticias mías el domingo 17 de enero de 2027, 09:00 (hora de Madrid), haya novedades o no.

Si me falta algo, por favor, dígamelo aquí.

Ana"""


def recorded(language: str) -> RecoveryDriver:
    """A recovery with something in every field that a summary knows."""
    driver = begin_recovery(language=language, timezone="Europe/Madrid")
    driver.note("temperature_start", Level(5))
    driver.note("expectations", Selection(("prompt_response", "reliable_facts")))
    driver.note("contact", Text("Kim, answers to the board"))
    driver.note("latitude", Text("two days of work"))
    driver.later(2)
    driver.tap("ready")
    driver.note("facts", Fact("the export was empty"))
    parked = Fact("nobody called back", standing=Standing.PARKED, our_view="we called once", evidence="call log")
    driver.note("facts", parked)
    driver.note("facts", Fact("the board saw it", Expression.UNSAID))
    driver.note("facts", Fact("the job ran at 2", holder=Holder.US))
    driver.note("last_straw", Selection(("us_alone",)))
    driver.later(13)
    driver.jump("frame")
    driver.note("feeling", Feeling("ignored", 3, is_confirmed=True))
    driver.note("feeling", Feeling("sold short", 1, is_confirmed=False))
    driver.note("cue", Selection(("raised_voice", "capitals")))
    driver.note("answer", Text("Nobody cares there"))
    driver.note("words", Text("Empty on Monday, and not a word from us.", is_confirmed=True))
    driver.note("frame", Text("Exports can fail without a word to you."))
    driver.later(4)
    driver.tap("agreed")
    driver.note("our_part", Text("I did not check the export"))
    driver.note("own_feeling", Text("I am embarrassed"))
    driver.note("need", Selection(("time", "apology")))
    driver.note("temperature_repair", Level(3))
    driver.note("offer", Text("a draft today"))
    driver.note("commitment", Commitment("Ana", "fix the export", NOON + DAY))
    driver.note("commitment", Commitment("Ben", "a call to the board", state=CommitmentState.KEPT))
    driver.note("commitment", Commitment("Ben", "a discount", state=CommitmentState.DROPPED))
    driver.note("next_update", Moment(NOON + 2 * DAY))
    driver.note("outcome", Selection(("improving",)))
    driver.note("temperature_close", Level(2))
    driver.note("root_cause", Text("nobody watches the export"))
    return driver


# --- the texts


@pytest.mark.parametrize(
    ("language", "version", "text"),
    [
        ("en", INTERNAL, INTERNAL_EN),
        ("es", INTERNAL, INTERNAL_ES),
        ("en", CLIENT, CLIENT_EN),
        ("es", CLIENT, CLIENT_ES),
    ],
)
def test_one_record_makes_each_summary(language: str, version: SummaryVersion, text: str) -> None:
    assert recorded(language).summary(version) == text


def test_an_empty_record_makes_a_title_and_who_led(driver: RecoveryDriver) -> None:
    assert driver.summary(INTERNAL) == "Trust recovery: Acme (internal)\n\nLed by Ana · Fri 15 Jan 2027, 08:00"


def test_an_empty_record_makes_a_message_that_promises_nothing(driver: RecoveryDriver) -> None:
    assert driver.summary(CLIENT).split("\n\n") == [
        "Hello,",
        "Thank you for telling me so clearly what went wrong.",
        "If I have missed anything, please tell me here.",
        "Ana",
    ]


def test_the_message_greets_the_client_who_wrote(driver: RecoveryDriver) -> None:
    driver.do(ClientWrote("Well?", "Kim Lee"))
    assert driver.summary(CLIENT).startswith("Hello Kim Lee,\n")


def test_a_closed_recovery_says_how_long_it_took(driver: RecoveryDriver) -> None:
    driver.later(42)
    driver.do(CloseRecovery(ANA))
    assert "Led by Ana · Fri 15 Jan 2027, 08:00 · 42 min" in driver.summary(INTERNAL)


def test_the_first_yes_is_told_inside(driver: RecoveryDriver) -> None:
    driver.later(12)
    driver.jump("acknowledge")
    driver.tap("yes")
    assert "How we acknowledged it\n• First yes after 12 min" in driver.summary(INTERNAL)
    assert "12 min" not in driver.summary(CLIENT)


def test_a_step_that_took_no_time_is_left_out(driver: RecoveryDriver) -> None:
    driver.taps("ready", "all_said")
    assert "0 min" not in driver.summary(INTERNAL)


def test_levels_of_some_steps_only_say_of_which(driver: RecoveryDriver) -> None:
    driver.note("temperature_close", Level(2))
    assert "• Wrap-up: 2" in driver.summary(INTERNAL)
    driver.note("temperature_start", Level(4))
    assert "• Be prepared: 4 → Wrap-up: 2" in driver.summary(INTERNAL)


@pytest.mark.parametrize(
    ("language", "who", "what", "sentence"),
    [
        ("en", "", "Send the report.", "I will send the report."),
        ("en", "me", "I'll call you!", "I will call you."),
        ("en", "Ana", "the corrected report", "From me: the corrected report."),
        ("en", "Ben Ito", "Fix the API", "Ben Ito will fix the API."),
        ("en", "we", "to refund invoice 12", "We will refund invoice 12."),
        ("en", "Ben Ito", "a call with the CTO..", "Ben Ito: a call with the CTO."),
        ("es", "yo", "Enviar el informe.", "Voy a enviar el informe."),
        ("es", "Ben Ito", "llamarle", "Ben Ito va a llamarle."),
        ("es", "nosotros", "devolver el dinero", "Vamos a devolver el dinero."),
        ("es", "Ana", "el informe", "De mi parte: el informe."),
    ],
)
def test_a_promise_is_a_sentence(language: str, who: str, what: str, sentence: str) -> None:
    driver = begin_recovery(language=language)
    driver.note("commitment", Commitment(who, what))
    assert f"• {sentence}" in driver.summary(CLIENT).splitlines()


def test_the_client_is_not_told_that_a_recovery_is_going_on() -> None:
    assert "recovery" not in recorded("en").summary(CLIENT).lower()


def test_a_second_stay_at_a_step_adds_to_its_time(driver: RecoveryDriver) -> None:
    driver.later(2)
    driver.tap("ready")
    driver.later(1)
    driver.jump("prepare")
    driver.later(3)
    driver.tap("ready")
    assert "• Be prepared: 5 min" in driver.summary(INTERNAL)


# --- what the client may read


@pytest.mark.parametrize("confirmed", [None, False])
def test_a_frame_that_is_not_agreed_stays_inside(driver: RecoveryDriver, *, confirmed: bool | None) -> None:
    driver.note("frame", Text("Exports fail.", confirmed))
    assert "exports fail" not in driver.summary(CLIENT).casefold()


def test_a_frame_that_is_not_agreed_says_so_inside(driver: RecoveryDriver) -> None:
    driver.note("frame", Text("Exports fail."))
    assert "• Exports fail (not confirmed yet)" in driver.summary(INTERNAL)


def test_a_frame_is_in_the_clients_summary_once_it_is_agreed(driver: RecoveryDriver) -> None:
    driver.jump("frame")
    driver.note("frame", Text("Exports fail."))
    driver.tap("agreed")
    assert "It comes down to this: exports fail." in driver.summary(CLIENT)


def test_a_dropped_promise_is_not_in_the_clients_summary(driver: RecoveryDriver) -> None:
    driver.note("commitment", Commitment("Ben", "a discount", state=CommitmentState.DROPPED))
    assert "discount" not in driver.summary(CLIENT)


def test_a_removed_note_is_in_no_summary(driver: RecoveryDriver) -> None:
    note = driver.note("our_part", Text("I did not check the export"))
    driver.do(RemoveEntry(ANA, note.id))
    assert "export" not in driver.summary(CLIENT) + driver.summary(INTERNAL)


def test_the_promised_time_is_in_the_zone_of_the_recovery() -> None:
    driver = begin_recovery(timezone="Asia/Tokyo")
    driver.note("next_update", Moment(NOON))
    assert "Friday 15 January 2027, 17:00 (Tokyo time)" in driver.summary(CLIENT)
