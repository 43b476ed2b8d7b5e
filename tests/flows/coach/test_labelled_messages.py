"""What is found in clients' labelled messages does not fall. The figures are those of docs/coach.md."""

from pathlib import Path

import pytest

from tests.coach.feelings import measure, read_messages

MESSAGES = Path("tests/coach/messages")


@pytest.mark.parametrize(
    ("name", "first_three", "rare_found", "wrong_cues", "neutral_cues", "wrong_dangers"),
    [("en_1", 148, 71, 27, 6, 0), ("es_1", 82, 42, 4, 1, 0)],
)
def test_figures_do_not_fall(
    name: str, first_three: int, rare_found: int, wrong_cues: int, neutral_cues: int, wrong_dangers: int
) -> None:
    figures = measure(read_messages(MESSAGES / f"{name}.jsonl"))
    assert figures.first_three[0] >= first_three
    assert sum(found for found, _present in figures.recall.values()) >= rare_found
    assert figures.precision[1] - figures.precision[0] <= wrong_cues
    assert figures.neutral[0] <= neutral_cues
    assert sum(shown - right for right, shown, _present in figures.dangers.values()) <= wrong_dangers
