"""Whatever was noted, a phrase can be said."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.definition.model import FieldKind
from flows.definition.placeholders import placeholder_names
from flows.state.entries import Commitment, Fact, Feeling, Text, Value
from flows.wording.phrases import phrase
from tests.conftest import NOON
from tests.examples import examples
from tests.flows.recovery_driver import DAY, begin_recovery
from tests.flows.wording.giving_back.sayable import faults

SENTENCES = Path(__file__).parents[1] / "sentences"
BOTH = pytest.mark.parametrize("flow_id", ["trust-recovery", "first-response"])
SPOKEN = pytest.mark.parametrize("language", ["en", "es"])


def sentences(name: str) -> list[str]:
    texts: list[str] = yaml.safe_load((SENTENCES / f"{name}.yaml").read_text(encoding="utf-8"))
    return texts


REAL = sentences("en_first_half") + sentences("es_first_half") + sentences("feelings_en") + sentences("problems_es")
PIECES = [
    *" .,;:!?…-–—\n\t'\"“”‘’«»()[]{}*_#@/|<>&%+=¡¿😡👍🏽éİß出",
    *(
        "...",
        "!!!",
        "?!",
        "--",
        "\u200b",
        "\u202e",
        "\u2066",
        "\xa0",
        "2x",
        "1)",
        "- ",
        "•",
        "https://x.example",
        "a@b.example",
    ),
    *(
        "YOU",
        "NEVER",
        "I",
        "you",
        "we",
        "was",
        "SLA",
        "P1",
        "mr.",
        "e.g.",
        "sooooo",
        "and",
        "said",
        "“a",
        "i'm",
        "HTTPServer",
    ),
    *(
        "me",
        "nos",
        "llamaron",
        "no",
        "que",
        "les",
        "su",
        "yo",
        "y",
        "usted",
        "tuve",
        "عربي",
        "s.a.",
        "mandarnos",
        "COMO",
    ),
]
typed_texts = st.one_of(
    st.sampled_from(REAL),
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join),
    st.lists(st.sampled_from([*PIECES, *REAL]), min_size=1, max_size=8).map(" ".join),
)


def value_of(kind: FieldKind, text: str) -> Value | None:
    """The text as an entry of a field of this kind; None if such a field holds no text."""
    match kind:
        case FieldKind.FACT:
            return Fact(text)
        case FieldKind.FEELING:
            return Feeling(text[:60])
        case FieldKind.TEXT:
            return Text(text)
        case FieldKind.COMMITMENT:
            return Commitment("Ben", text, NOON + DAY)
        case _:
            return None


@BOTH
@SPOKEN
@given(texts=st.lists(typed_texts, min_size=1, max_size=3))
@examples(60)
def test_every_phrase_can_be_said(flow_id: str, language: str, texts: list[str]) -> None:
    driver = begin_recovery(flow_id, language)
    for step_id, step in driver.flow.steps.items():
        names = {name for say in step.say for text in say.text.values() for name in placeholder_names(text)}
        for name in sorted(names - {"account"}):
            field = driver.flow.field(name)
            for text in texts:
                if field and text.strip() and (value := value_of(field.kind, text)) is not None:
                    driver.note(name, value)
        driver.jump(step_id)
        spoken = phrase(driver.flow, driver.recovery, NOON)
        assert faults(spoken) == [], spoken
        assert phrase(driver.flow, driver.recovery, NOON) == spoken
