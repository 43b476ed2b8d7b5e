"""What was right and what was found on labelled drafts does not fall (tests/coach/drafts/figures.yaml)."""

from pathlib import Path

import pytest
import yaml

from tests.coach.__main__ import Tally
from tests.coach.labels import read_drafts

DRAFTS = Path("tests/coach/drafts")
FIGURES: dict[str, dict[str, list[int]]] = yaml.safe_load((DRAFTS / "figures.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FIGURES)
def test_figures_do_not_fall(name: str) -> None:
    tally = Tally()
    for draft in read_drafts(DRAFTS / f"{name}.jsonl"):
        tally.add(draft)
    for kind, (right, shown, found, present) in FIGURES[name].items():
        assert tally.present[kind] == present, kind
        assert tally.found[kind] >= found, f"{kind} is found less often"
        assert tally.shown[kind] - tally.right[kind] <= shown - right, f"{kind} is wrong more often"
