"""The English rules: what they flag, what they leave alone, and which of them are on."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from flows.coach.checker import check_draft
from flows.coach.compiled_rules import CompiledRules, compile_rules
from flows.coach.model import DraftContext
from tests.flows.coach.conftest import shipped_rules

SENTENCES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("english_sentences.yaml").read_text(encoding="utf-8")
)
CASES = [
    (rule_id, sentence, kind == "right")
    for rule_id, kinds in SENTENCES.items()
    for kind, sentences in kinds.items()
    for sentence in sentences
]
HARMLESS = Path(__file__).with_name("plain_english_answers.txt").read_text(encoding="utf-8").splitlines()
GRAVE = {"calm_down", "sorry_you_feel", "sorry_if", "told_you", "over_promise"}
OFF = {"blame_you", "blame_other", "minimise", "hidden_agent", "policy", "edge", "no_owner", "repeat_sorry"}
OFF |= {"hard_words"}


@cache
def only_rule(rule_id: str) -> CompiledRules:
    """The English rules with one of them, so that no graver one stands on its words."""
    file = shipped_rules("en").file
    return compile_rules(replace(file, rules={rule_id: replace(file.rules[rule_id], is_on=True)}))


@pytest.mark.parametrize(("rule_id", "sentence", "is_flagged"), CASES)
def test_a_sentence(rule_id: str, sentence: str, *, is_flagged: bool) -> None:
    """A sentence has the flag, or only looks as if it had."""
    flags = {flag.id for flag in check_draft(only_rule(rule_id), sentence).flags}
    assert (rule_id in flags) == is_flagged


def test_plain_answers_have_no_flag(english: CompiledRules) -> None:
    """What agents answer all day is left alone."""
    flagged = [(line, flag.id) for line in HARMLESS for flag in check_draft(english, line).flags]
    assert not flagged


def test_which_rules_are_on(english: CompiledRules) -> None:
    """The rules that were measured well enough are on, the rest waits for an operator."""
    rules = english.file.rules
    assert {rule_id for rule_id, rule in rules.items() if not rule.is_on} == OFF
    assert {rule_id for rule_id, rule in rules.items() if rule.is_grave} == GRAVE
    assert max(english.rules, key=lambda rule_id: rules[rule_id].rank) == "no_date"
    assert all(len(rule.why) < 90 for rule in rules.values())


def test_what_a_grave_rule_says_next_has_no_flag(english: CompiledRules) -> None:
    """The repair does not do what it repairs."""
    repairs = [english.file.rules[rule_id].repair for rule_id in GRAVE]
    assert all(repairs)
    assert not [flag for repair in repairs for flag in check_draft(english, repair).flags]


@pytest.mark.parametrize(
    ("latitude", "promise", "words"),
    [
        ("up to 10 % off the next invoice, no refund", "We'll refund the whole month.", "refund the"),
        ("up to 10 % off the next invoice", "I'll take 15% off your invoice.", "15% off"),
        ("up to 10 % off the next invoice", "I'll take 8% off your invoice.", ""),
        ("nothing on dates", "We'll have the lift running by Thursday noon.", "running by Thursday"),
        ("free lunch", "We'll have the lift running by Thursday noon.", ""),
        ("no refund", "I can't refund the flight.", ""),
        ("replacement only", "You asked for a refund.", ""),
        ("", "We'll refund the whole month.", ""),
    ],
)
def test_a_promise_beyond_the_latitude(english: CompiledRules, latitude: str, promise: str, words: str) -> None:
    """Money that the latitude does not name, or limits, is flagged; a time only where it is denied."""
    flags = check_draft(english, promise, DraftContext(latitude=latitude)).flags
    assert [promise[flag.start : flag.end] for flag in flags] == ([words] if words else [])


@pytest.mark.parametrize(
    ("draft", "missing"),
    [
        ("We forgot your pallet. I'll send it by 10:00 tomorrow.", set()),
        ("The pallet is on its way.", {"owner", "date"}),
        ("Sorry for the trouble.", {"owner", "date", "facts"}),
        ("I lost your pallet, and that was wrong.", {"date"}),
        ("The pallet arrives on Tuesday at 9.", {"owner"}),
    ],
)
def test_missing_parts(english: CompiledRules, draft: str, missing: set[str]) -> None:
    """An apology owns it, says by when, and mentions what was noted."""
    judgement = check_draft(english, draft, DraftContext(facts=("the pallet",)))
    assert {part.id for part in judgement.missing} == missing
