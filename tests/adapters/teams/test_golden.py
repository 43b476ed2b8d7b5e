"""A few cards, panels, forms and homes of the full recovery, in both languages, as Teams gets them.

They are in `golden/`. After a change that is meant, write them anew and read the difference:
`UPDATE_GOLDEN=1 .venv/bin/pytest tests/adapters/teams/test_golden.py`, then `git diff tests/adapters/teams/golden`.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.teams.cards.markup import Json
from flows.state.events import AddObserver
from tests.adapters.slack.payloads import forms_of
from tests.adapters.teams.card_schema import faults_of
from tests.adapters.teams.payloads import CHANNEL, LINK, card_of, form_of, home_card_of, panel_of
from tests.conftest import ANA, BEN
from tests.flows.recovery_driver import begin_recovery
from tests.flows.test_golden import LANGUAGES, filled, titled_recoveries

GOLDEN = Path(__file__).parent / "golden"
FLOW = "trust-recovery"
CARDS = {"prepare, empty", "feelings, filled", "resolve, filled", "client-safe summary, filled"}
SHARED = "shared with outsiders, filled"
FORMS = {"note:contact", "note:feeling", "note:commitment", "hand_over", "settings"}


def cards(language: str) -> dict[str, Json]:
    card_jsons = {
        title: card_of(driver, place=CHANNEL, link=LINK)
        for title, driver in titled_recoveries(FLOW, language)
        if title in CARDS | {SHARED}
    }
    driver = filled(FLOW, language)
    driver.do(AddObserver(ANA, BEN))
    return card_jsons | {"an observer's card": card_of(driver, BEN)}


def dialogs(language: str) -> dict[str, Json]:
    driver = filled(FLOW, language)
    forms = {one.id: form_of(driver, one) for one in forms_of(driver) if one.id in FORMS}
    return forms | {"panel": panel_of(begin_recovery(FLOW, language)), "home": home_card_of(driver)}


def readable(card_jsons: dict[str, Json]) -> str:
    """The same as JSON, one line an element."""
    lines = []
    for title, card in card_jsons.items():
        head = {name: value for name, value in card.items() if name not in {"body", "actions"}}
        lists = "".join(f', "{name}": [\n{_lines(card[name])}\n]' for name in ("body", "actions") if name in card)
        lines.append(f"{json.dumps(title, ensure_ascii=False)}: {json.dumps(head)[:-1]}{lists}}}")
    return "{\n" + ",\n\n".join(lines) + "\n}\n"


def _lines(elements: list[Json]) -> str:
    return ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in elements)


GALLERIES: dict[str, Callable[[str], dict[str, Json]]] = {"cards": cards, "dialogs": dialogs}
EVERY = pytest.mark.parametrize(("name", "language"), [(name, spoken) for name in GALLERIES for spoken in LANGUAGES])


@EVERY
def test_the_guide_is_drawn_as_it_was(name: str, language: str) -> None:
    file = GOLDEN / f"{name}.{language}.json"
    card_jsons = GALLERIES[name](language)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(readable(card_jsons), "utf-8")
    assert card_jsons == json.loads(file.read_text("utf-8"))
    assert not [title for title, card in card_jsons.items() if faults_of(card)]


def test_no_golden_card_is_left_over_and_none_is_missing() -> None:
    wanted = {f"{name}.{language}.json" for name in GALLERIES for language in LANGUAGES}
    assert {file.name for file in GOLDEN.iterdir()} == wanted
    assert CARDS | {SHARED} <= set(cards("en"))
    assert len(dialogs("en")) == len(FORMS) + 2
