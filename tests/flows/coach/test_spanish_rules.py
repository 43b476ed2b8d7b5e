"""The Spanish rules: what they flag, what they leave alone, and which of them are on."""

import re
from pathlib import Path

import pytest
import yaml

from flows.coach.checker import check_draft
from flows.coach.compiled_rules import CompiledRules
from flows.coach.model import DraftContext

SENTENCES = yaml.safe_load(Path(__file__).with_name("spanish_sentences.yaml").read_text(encoding="utf-8"))
FLAGGED: dict[str, list[str]] = SENTENCES["flagged"]
HARMLESS: list[str] = SENTENCES["harmless"]
RECORD = DraftContext(
    facts=("No me llamaron el martes",),
    feeling="decepción",
    owned="Olvidé pasar su caso al turno de tarde",
    promise="Le enviaré el informe corregido mañana a las 10:00",
    date="mañana a las 10:00",
)


def flags(rules: CompiledRules, text: str) -> set[str]:
    """The flags of a text."""
    return {flag.id for flag in check_draft(rules, text).flags}


@pytest.mark.parametrize("rule_id", FLAGGED)
def test_a_fault_is_named(spanish: CompiledRules, rule_id: str) -> None:
    """Each way to commit it has the flag."""
    assert [text for text in FLAGGED[rule_id] if rule_id not in flags(spanish, text)] == []


def test_plain_answers_have_no_flag(spanish: CompiledRules) -> None:
    """What agents answer all day, and what only looks like a fault, is left alone."""
    flagged = {text: rule_ids for text in HARMLESS if (rule_ids := flags(spanish, text))}
    assert flagged == {}


def test_the_same_rules_are_on_as_in_english(english: CompiledRules, spanish: CompiledRules) -> None:
    """A flag is shown in both languages, with the same gravity, or in none."""
    for attribute in ("is_on", "is_grave", "rank"):
        by_language = [
            {rule_id: getattr(rule, attribute) for rule_id, rule in rules.file.rules.items()}
            for rules in (english, spanish)
        ]
        assert by_language[0] == by_language[1]
    assert all(len(rule.why) < 90 for rule in spanish.file.rules.values())


def test_what_a_grave_rule_says_next_has_no_flag(spanish: CompiledRules) -> None:
    """The repair does not do what it repairs."""
    repairs = [rule.repair for rule in spanish.rules.values() if rule.is_grave]
    assert len(repairs) == 5
    assert [repair for repair in repairs if not repair or flags(spanish, repair)] == []


def test_better_wordings_have_no_flag(spanish: CompiledRules) -> None:
    """Whoever takes a better wording is not told that it is wrong."""
    better = [
        (flag.id, flag.better)
        for texts in FLAGGED.values()
        for text in texts
        for context in (DraftContext(), RECORD)
        for flag in check_draft(spanish, text, context).flags
        if flag.better
    ]
    assert len(better) > 200
    assert [(rule_id, text) for rule_id, text in better if flags(spanish, text)] == []


@pytest.mark.parametrize(
    ("draft", "better"),
    [
        ("Hola Marta, lamento si le causamos algún problema.", "Hola Marta, lo siento: no le llamamos el martes."),
        ("Como ya le dije, el plazo es de diez días.", "El plazo es de diez días."),
        ("Le mantendremos informado.", "Le enviaré el informe corregido mañana a las 10:00."),
        ("Lo siento, pero el plazo es de diez días.", "Lo siento. El plazo es de diez días."),
    ],
)
def test_how_it_is_said_better(spanish: CompiledRules, draft: str, better: str) -> None:
    """Only the clause with the fault is said anew, with what was noted."""
    assert check_draft(spanish, draft, RECORD).flags[0].better == better


@pytest.mark.parametrize(
    ("latitude", "promise", "is_flagged"),
    [
        ("hasta 10 % de descuento, ninguna devolución", "Le devolveremos el dinero del mes entero.", True),
        ("hasta 10 % de descuento", "Le hago un descuento del 15 % en la factura.", True),
        ("hasta 10 % de descuento", "Le hago un descuento del 8 % en la factura.", False),
        ("rehacer la pared sin cargo", "Ponemos la pared de nuevo, sin cargo para usted.", False),
        ("sin reembolso", "No puedo reembolsarle el vuelo.", False),
        ("nada sobre fechas de entrega", "El grupo llega el jueves a las 9.", True),
        ("hasta 200 euros", "El grupo llega el jueves a las 9.", False),
        ("", "Le devolveremos el dinero del mes entero.", False),
    ],
)
def test_a_promise_beyond_the_latitude(
    spanish: CompiledRules, latitude: str, promise: str, *, is_flagged: bool
) -> None:
    """Money that the latitude denies, does not name or limits is flagged."""
    found = {flag.id for flag in check_draft(spanish, promise, DraftContext(latitude=latitude)).flags}
    assert found == ({"over_promise"} if is_flagged else set())


@pytest.mark.parametrize(
    ("draft", "missing"),
    [
        ("Perdí su palé. Le mando otro mañana a las 10.", set()),
        ("El palé se perdió. Le mando otro mañana a las 10.", {"owner"}),
        ("El palé va de camino.", {"owner", "date"}),
        ("Enviamos el palé a otra ciudad, y estuvo mal.", {"date"}),
        ("Lamentamos las molestias.", {"owner", "date", "facts"}),
        ("Nuestro conductor rompió su palé. El jueves a las 9 tiene otro.", set()),
    ],
)
def test_missing_parts(spanish: CompiledRules, draft: str, missing: set[str]) -> None:
    """An apology owns it, says by when, and mentions what was noted."""
    judgement = check_draft(spanish, draft, DraftContext(facts=("el palé",)))
    assert {part.id for part in judgement.missing} == missing


def test_reasons_speak_to_the_responder_as_the_guide_does(spanish: CompiledRules) -> None:
    """The responder is "tú"; only what is said to the client is in "usted"."""
    formal = re.compile(r"\b(usted|diga|díga\w+|use|quítelo|pregunte|nombre lo|prometa|ofrezca|dé un)\b", re.IGNORECASE)
    reasons = [rule.why for rule in spanish.file.rules.values()] + [part.why for part in spanish.file.parts.values()]
    assert [reason for reason in reasons if formal.search(reason)] == []
