"""Sentences that are a fault, and plain ones that are none, by language (sentences_LANGUAGE.yaml)."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from flows.coach.checker import check_draft
from flows.coach.compiled_rules import CompiledRules, compile_rules
from flows.coach.rule_files import load_rules

HERE = Path(__file__).parent
TABLES = {path.stem.removeprefix("sentences_"): path for path in sorted(HERE.glob("sentences_*.yaml"))}


@cache
def table(language: str) -> dict[str, dict[str, list[str]]]:
    content: dict[str, dict[str, list[str]]] = yaml.safe_load(TABLES[language].read_text(encoding="utf-8"))
    return content


@cache
def default_rules(language: str) -> CompiledRules:
    path = Path("flows/data/coach") / f"{language}.yaml"
    return compile_rules(load_rules(path.read_text(encoding="utf-8"), path.name))


def flags(language: str, text: str) -> set[str]:
    return {flag.id for flag in check_draft(default_rules(language), text).flags}


@pytest.mark.parametrize(
    ("language", "rule_id"), [(language, rule_id) for language in TABLES for rule_id in table(language)["flagged"]]
)
def test_a_fault_is_named(language: str, rule_id: str) -> None:
    sentences = table(language)["flagged"][rule_id]
    assert [text for text in sentences if rule_id not in flags(language, text)] == []


@pytest.mark.parametrize("language", TABLES)
def test_a_plain_answer_has_no_fault(language: str) -> None:
    found = {text: flags(language, text) for text in table(language)["harmless"]}
    assert {text: rule_ids for text, rule_ids in found.items() if rule_ids} == {}
