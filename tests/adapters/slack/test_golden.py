"""Every card, panel, form and home of the full recovery, in both languages, as Slack gets it.

The payloads are in `golden/`. After a change that is meant, write them anew and read the difference:
`UPDATE_GOLDEN=1 .venv/bin/pytest tests/adapters/slack/test_golden.py`, then `git diff tests/adapters/slack/golden`.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.slack.blocks.card import card_text
from adapters.slack.blocks.mrkdwn import Json
from flows.screens.card import guide_card
from flows.state.events import AddObserver
from tests.adapters.slack.payloads import assert_neutral, card_of, forms_of, home_view_of, panel_of, view_of
from tests.conftest import ANA, BEN, EVE
from tests.flows.recovery_driver import begin_recovery
from tests.flows.test_golden import LANGUAGES, filled, titled_recoveries
from tests.peers.slack.typescript import type_faults
from tests.peers.slack.validate import faults_of_message, faults_of_view

GOLDEN = Path(__file__).parent / "golden"
FLOW = "trust-recovery"


def cards(language: str) -> dict[str, Json]:
    view = {}
    for title, driver in titled_recoveries(FLOW, language):
        text = card_text(guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now))
        view[title] = {"text": text, "blocks": card_of(driver)}
    driver = filled(FLOW, language)
    driver.do(AddObserver(ANA, BEN))
    for title, viewer in (("an observer's card", BEN), ("a stranger's card", EVE)):
        text = card_text(guide_card(driver.flow, driver.recovery, viewer, driver.localizer, driver.now))
        view[title] = {"text": text, "blocks": card_of(driver, viewer)}
    return view


def panels(language: str) -> dict[str, Json]:
    content = {"prepare, empty", "facts, filled", "closed, filled", "shared with outsiders, filled"}
    return {title: panel_of(driver) for title, driver in titled_recoveries(FLOW, language) if title in content}


def forms(language: str) -> dict[str, Json]:
    driver = filled(FLOW, language)
    return {form.id: view_of(driver, form) for form in forms_of(driver)}


def homes(language: str) -> dict[str, Json]:
    return {"empty": home_view_of(begin_recovery(FLOW, language)), "filled": home_view_of(filled(FLOW, language))}


def readable(payloads: dict[str, Json]) -> str:
    """The same as JSON, one line a block."""
    parts = []
    for title, content in payloads.items():
        blocks = ",\n".join(f"  {json.dumps(block, ensure_ascii=False)}" for block in content["blocks"])
        head = json.dumps({name: value for name, value in content.items() if name != "blocks"}, ensure_ascii=False)
        parts.append(f'{json.dumps(title, ensure_ascii=False)}: {head[:-1]}, "blocks": [\n{blocks}\n]}}')
    return "{\n" + ",\n\n".join(parts) + "\n}\n"


GALLERIES: dict[str, Callable[[str], dict[str, Json]]] = {
    "cards": cards,
    "panels": panels,
    "forms": forms,
    "homes": homes,
}
EVERY = pytest.mark.parametrize(("name", "language"), [(name, spoken) for name in GALLERIES for spoken in LANGUAGES])


@EVERY
def test_the_guide_is_drawn_as_it_was(name: str, language: str) -> None:
    file = GOLDEN / f"{name}.{language}.json"
    view = GALLERIES[name](language)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(readable(view), "utf-8")
    assert view == json.loads(file.read_text("utf-8"))


def test_no_golden_payload_is_left_over() -> None:
    expected_text = {f"{name}.{language}.json" for name in GALLERIES for language in LANGUAGES}
    assert {file.name for file in GOLDEN.iterdir()} == expected_text


@EVERY
def test_slack_takes_all_of_it(name: str, language: str) -> None:
    for title, view in GALLERIES[name](language).items():
        faults = faults_of_message(view["blocks"], view["text"]) if name == "cards" else faults_of_view(view)
        assert not faults, title
        assert_neutral(view["blocks"])


def test_slacks_own_types_fit() -> None:
    view = {
        name: [content for language in LANGUAGES for content in gallery(language).values()]
        for name, gallery in GALLERIES.items()
    }
    messages = [message["blocks"] for message in view["cards"]]
    assert not type_faults(messages, [*view["panels"], *view["forms"]], view["homes"])
