"""A check takes time in proportion to the length of the draft, whatever stands in it."""

import random
import time

import pytest

from flows.coach.checker import check_draft
from flows.coach.compiled_rules import CompiledRules
from flows.coach.model import DraftContext

SLOW_WORDS = """
sorry if we you i for any the inconvenience this may have caused will never again as soon possible very really so and ,
but understand your frustration please be patient calm told already that to of a in by 10 at : ; - not more than i'm
we'll you're quickly deeply once accept my apologies hope can forgive
"""
CONTEXT = DraftContext(latitude="no refund, nothing on dates", facts=("it broke twice",))
CHARACTERS = 1500
MAX_GROWTH = 10
"""Four times the text takes at most so many times the time; with quadratic time it would be 16, and more beyond."""


def texts() -> list[str]:
    """Texts that are made to be slow: words of the rules repeated, mixed, and signs alone."""
    chance = random.Random(5)
    patterns = [" ".join(chance.choices(SLOW_WORDS.split(), k=count)) for count in (1, 2, 3, 4) for _ in range(8)]
    patterns += [" ".join(chance.choices(SLOW_WORDS.split(), k=600)) for _ in range(6)]
    return [*patterns, "a", " ", ",", "'", "-", "#", "1", "é", ". "]


def seconds(rules: CompiledRules, text: str) -> float:
    """The time of the quickest of a few checks."""
    times = []
    for _ in range(3):
        start = time.process_time()
        check_draft(rules, text, CONTEXT)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("text", texts())
def test_time_grows_with_length(english: CompiledRules, text: str) -> None:
    """A longer draft takes longer in proportion."""
    longer = (text + " ") * (4 * CHARACTERS // (len(text) + 1) + 1)
    check_draft(english, longer[:CHARACTERS], CONTEXT)  # patterns are compiled when they are needed first
    base = max(seconds(english, longer[:CHARACTERS]), 0.0005)
    assert seconds(english, longer[: 4 * CHARACTERS]) < MAX_GROWTH * base
