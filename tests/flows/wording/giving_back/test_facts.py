"""Facts that are turned around, quoted or left out, and how several stand in one sentence."""

import pytest

from flows.wording.giving_back.facts import MAX_FACTS_CHARACTERS, MAX_TURNED_CHARACTERS, facts_clause

TURNED_ENGLISH = {
    "You never called me back!": "we never called you back",
    "I was told to wait and am still waiting": "you were told to wait and are still waiting",
    "I asked for a refund and was told to wait.": "you asked for a refund and were told to wait",
    "You told me I had to wait": "we told you that you had to wait",
    "The last mail from you was in March.": "the last mail from us was in March",
    "What you delivered is not what we ordered.": "what we delivered is not what you ordered",
    "I sent you the files and you lost them": "you sent us the files and we lost them",
    "my boss asks me why we chose you": "your boss asks you why you chose us",
    "The figures did not match ours.": "the figures did not match yours",
    "I ended up doing it myself": "you ended up doing it yourself",
    "The damn invoice is wrong": "the invoice is wrong",
    "YOU CHARGED MY CARD TWICE AND NOBODY ANSWERS": "we charged your card twice and nobody answers",
    "Your guy said 'not my problem'": "our guy said “not my problem”",
    "- no call\n- no mail\n- nobody there": "no call, no mail, nobody there",
    "I can't believe you forgot us again": "we forgot you again",
    "u never reply to my mails and i dont know why": "we never reply to your mails and you don't know why",
}
TURNED_SPANISH = {
    "No me llamaron nunca.": "no le llamamos nunca",
    "Me prometisteis una solución el lunes": "le prometimos una solución el lunes",
    "Nunca me avisaste": "nunca le avisamos",
    "Me lo tenían que haber dicho antes": "se lo teníamos que haber dicho antes",
    "Tuve que presentarme ante mi consejo sin nada": "usted tuvo que presentarse ante su consejo sin nada",
    "Nos subieron el precio sin preguntarnos": "les subimos el precio sin preguntarles",
    "Quiero que me devuelvan mi dinero": "usted quiere que le devolvamos su dinero",
    "Les mandé los archivos y no me contestaron": "usted nos mandó los archivos y no le contestamos",
    "Su última actualización borró nuestros datos": "nuestra última actualización borró sus datos",
    "Sus técnicos vinieron dos veces y no arreglaron nada": "nuestros técnicos vinieron dos veces y no arreglaron nada",
    "Confié en ustedes y me fallaron": "usted confió en nosotros y le fallamos",
    "Se olvidaron de nosotros": "nos olvidamos de ustedes",
    "Nos prometieron algo, y seguimos igual": "les prometimos algo, y ustedes siguen igual",
    "Nadie nos ha pedido disculpas": "nadie les ha pedido disculpas",
    "el repartidor dejó mi paquete en la calle": "el repartidor dejó su paquete en la calle",
    "han pasado veinte días": "han pasado veinte días",
    "Ya no les creo": "usted ya no nos cree",
}
QUOTED_ENGLISH = [
    "my boss and I were waiting in the lobby",
    "I will talk to my lawyer",
    "we agreed on Friday",
    "your always late",
    "you was late",
    "us customers deserve better",
    "we spoke on Monday and you promised a fix",
    "I was promised a refund, was sent a voucher instead",
    "just fix it",
    "you never called, ni una llamada",
    "you lied to us",
    "I looked like a fool",
    "fix it",
    "repair them today",
    "reply now",
    "do your job",
    "I'm sure the fifth time is the charm",
    "if this happens again, we leave",
]
QUOTED_SPANISH = [
    "nos mintieron",
    "seguro que a la quinta va la vencida",
    "le di acceso a su técnico y borró todo",
    "no podían pagar en nuestra tienda",
    "arréglenlo y ya",
    "voy a llamar a mi abogado",
    "la culpa es suya",
    "no sabía nada del cambio",
    "no me parece normal tener que perseguirlos",
    "yo mismo tuve que arreglarlo",
    "sé que están ocupados, pero yo también",
    "estoy cansada de ser yo la que los persigue",
]
OMITTED = [
    "Unacceptable.",
    "WTF",
    "😡😡",
    "You people are useless",
    "great job, really",
    "are you kidding me",
    "https://x.example/a",
]


@pytest.mark.parametrize("said", TURNED_ENGLISH)
def test_english_is_turned_around(said: str) -> None:
    assert facts_clause([said], "en") == TURNED_ENGLISH[said]


@pytest.mark.parametrize("said", TURNED_SPANISH)
def test_spanish_is_turned_around(said: str) -> None:
    assert facts_clause([said], "es") == TURNED_SPANISH[said]


@pytest.mark.parametrize("said", QUOTED_ENGLISH)
def test_what_is_not_sure_in_english_is_quoted(said: str) -> None:
    assert facts_clause([said], "en") == f"you told me: “{said}”"


@pytest.mark.parametrize("said", QUOTED_SPANISH)
def test_what_is_not_sure_in_spanish_is_quoted(said: str) -> None:
    assert facts_clause([said], "es") == f"usted me dijo: “{said}”"


@pytest.mark.parametrize("said", OMITTED)
def test_what_says_no_fact_is_left_out(said: str) -> None:
    assert facts_clause([said], "en") == ""
    assert facts_clause([said, "the report was late"], "en") == "the report was late"


def test_several_facts_are_one_list() -> None:
    facts = ["You never called me back.", "I lost a day", "Why do I pay you?"]
    assert facts_clause(facts[:2], "en") == "we never called you back, and you lost a day"
    assert facts_clause(facts[:2], "en", goes_on=True) == "we never called you back, you lost a day"
    assert facts_clause(facts, "en").endswith("you lost a day, and you asked me: “why do I pay you?”")


def test_a_list_with_commas_is_parted_by_semicolons() -> None:
    assert facts_clause(["no call, no mail", "I waited"], "en") == "no call, no mail; and you waited"


def test_a_quotation_begins_without_what_led_over_to_it() -> None:
    assert facts_clause(["And please call me first."], "en") == "you told me: “please call me first”"
    assert facts_clause(["Pero nos mintieron."], "es") == "usted me dijo: “nos mintieron”"


def test_the_same_fact_is_said_once() -> None:
    assert facts_clause(["You never called me", "you never called me!!"], "en") == "we never called you"


def test_sentences_after_one_that_is_left_out_stand_alone() -> None:
    assert facts_clause(["Dave is an idiot! He never called us."], "en") == "you told me: “he never called us”"
    assert facts_clause(["Unbelievable! You never called me."], "en") == "we never called you"


def test_a_note_about_the_client_is_no_word_of_theirs() -> None:
    assert facts_clause(["client says nobody answers the hotline"], "en") == "nobody answers the hotline"
    assert facts_clause(["client says we never called him"], "en") == ""
    assert facts_clause(["el cliente dice que nadie contesta"], "es") == "nadie contesta"


def test_a_long_quotation_is_cut_between_words() -> None:
    for number in range(len("understand ")):  # wherever the limit falls
        clause = facts_clause([f"please {'wh' + 'y' * number} " + "understand this " * 40], "en")
        assert len(clause) < MAX_TURNED_CHARACTERS
        assert clause.endswith(("this…”", "understand…”"))


def test_many_long_facts_are_not_too_much_to_say() -> None:
    facts = [f"I waited for {number} " + "very long " * 11 + "hours" for number in range(3)]
    assert 0 < len(facts_clause(facts, "en")) <= MAX_FACTS_CHARACTERS


NOTES_AND_MOCKERY = {
    "she expected an apology and got a voucher": "you expected an apology and got a voucher",
    "charged twice, customer says he cancelled in time": "you were charged twice, you say you cancelled in time",
    "You lost my file twice, that takes talent 👏": "we lost your file twice",
    "How dare you close my ticket with a smiley?": "we had no right to close your ticket with a smiley",
    "Don't you dare tell me to wait.": "you don't want us to tell you to wait",
    "This can't be true. You sold my number.": "we sold your number",
    "the portal is down lol": "the portal is down",
    "Dave, you told me the price was fixed.": "we told you the price was fixed",
    "Spare me the surveys.": "",
}
NOTES_AND_MOCKERY_IN_SPANISH = {
    "pide una disculpa formal": "usted pide una disculpa formal",
    "nadie le explicó que la demo caducaba": "nadie le explicó que la demo caducaba",
    "cliente harto de repetir el número": "usted está harto de repetir el número",
    "Me cancelaron la reserva, todo muy profesional.": "le cancelamos la reserva",
    "No hay derecho. Perdimos dos días.": "ustedes perdieron dos días",
    "Por su error me han denegado el crédito": "por nuestro error le han denegado el crédito",
    "Confié en vosotros, Javier": "usted confió en nosotros",
    "Perdí un cliente por haberlos elegido a ustedes": "usted perdió un cliente por habernos elegido a nosotros",
    "Ah, claro, la culpa es del cliente. Siempre es del cliente, ¿verdad?": "",
}


@pytest.mark.parametrize("said", NOTES_AND_MOCKERY)
def test_notes_are_said_to_the_client_and_mockery_to_nobody(said: str) -> None:
    assert facts_clause([said], "en") == NOTES_AND_MOCKERY[said]


@pytest.mark.parametrize("said", NOTES_AND_MOCKERY_IN_SPANISH)
def test_spanish_notes_are_said_to_the_client_and_mockery_to_nobody(said: str) -> None:
    assert facts_clause([said], "es") == NOTES_AND_MOCKERY_IN_SPANISH[said]
