"""The rules of both languages, compiled once."""

from functools import cache
from pathlib import Path

import pytest

from flows.coach.compiled_rules import CompiledRules, compile_rules
from flows.coach.rule_files import load_rules

RULES = Path("flows/data/coach")


@cache
def shipped_rules(language: str) -> CompiledRules:
    """A language's rules that are on."""
    path = RULES / f"{language}.yaml"
    return compile_rules(load_rules(path.read_text(encoding="utf-8"), path.name))


@pytest.fixture(scope="session")
def english() -> CompiledRules:
    """The English rules that are on."""
    return shipped_rules("en")


@pytest.fixture(scope="session")
def spanish() -> CompiledRules:
    """The Spanish rules that are on."""
    return shipped_rules("es")
