"""How what real-shaped clients said is given back: the sentences, read line by line.

The clauses are in `golden/`: what was said, and what is said back. After a change that is meant, write them anew and
read the difference: `UPDATE_GOLDEN=1 .venv/bin/pytest tests/flows/wording/giving_back`.
"""

import os
from pathlib import Path

import pytest
import yaml

from flows.wording.giving_back.facts import facts_clause
from flows.wording.giving_back.feelings import feeling_words
from flows.wording.giving_back.sentences import inner_sentence

SENTENCES = Path(__file__).parents[1] / "sentences"
GOLDEN = Path(__file__).parent / "golden"
FACTS = ("first_half", "read_aloud", "neighbours")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", [*FACTS, "feelings", "problems"])
def test_it_is_given_back_as_it_was(kind: str, language: str) -> None:
    name = f"{language}_{kind}" if kind in FACTS else f"{kind}_{language}"
    texts: list[str] = yaml.safe_load((SENTENCES / f"{name}.yaml").read_text(encoding="utf-8"))
    lines = [f"{text!r}\n    {_given_back(kind, text, language) or '(left out)'}" for text in texts]
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "\n".join(lines) + "\n" == path.read_text(encoding="utf-8")


def _given_back(kind: str, text: str, language: str) -> str:
    match kind:
        case "feelings":
            return feeling_words(text, language)
        case "problems":
            return inner_sentence(text, language)
        case _:
            return facts_clause([text], language)
