"""Payloads for Slack, made from recoveries, and read as Slack shows them."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace

from adapters.slack.blocks.card import card_blocks
from adapters.slack.blocks.home import home_view
from adapters.slack.blocks.modals import form_view, panel_view
from adapters.slack.blocks.mrkdwn import Json
from flows.definition.model import LocalizedText
from flows.screens import forms
from flows.screens.card import guide_card
from flows.screens.elements import HomeView
from flows.screens.home import OpenCommitment, RecoveryWithFlow, home_screen
from flows.screens.inputs import Form
from flows.screens.panel import more_panel
from flows.state.entries import Commitment
from flows.state.identity import Person
from flows.state.local_time.working_hours import DEFAULT_HOURS
from tests.flows.recovery_driver import RecoveryDriver
from tests.peers.slack.team import Json as AnyJson

NASTY = (
    "<!channel> <@U123> &lt; *b* _i_ ~s~ `c` :smile: > q <https://x.example|Sign in> \u202egnol\u202c a\u200bb\u2060c"
)
TIME_MARK = re.compile(r"<!date\^\d+\^[^<>&|^]*\{ago\}\|[^<>&|^]*>")
LANGUAGES = (("en", "English"), ("es", "Español"))


def seal(meaning: Json) -> str:
    return json.dumps(meaning)


def card_of(driver: RecoveryDriver, viewer: Person | None = None) -> list[Json]:
    view = guide_card(driver.flow, driver.recovery, viewer or driver.recovery.responder, driver.localizer, driver.now)
    return card_blocks(view, driver.localizer.language)


def panel_of(driver: RecoveryDriver) -> Json:
    return panel_view(more_panel(driver.flow, driver.recovery, driver.localizer), driver.localizer.language, seal)


def view_of(driver: RecoveryDriver, form: Form | None, nth: int = 0) -> Json:
    assert form
    return form_view(form, driver.recovery.id, driver.localizer.language, seal, nth=nth)


def forms_of(driver: RecoveryDriver) -> Iterator[Form]:
    """Every form that a recovery can open, and those that no recovery is needed for."""
    fields = [f"note:{name}" for step in driver.flow.steps.values() for name in step.fields]
    edits = [f"edit:{entry.id}" for entry in driver.recovery.entries]
    for form_id in ("tip", "hand_over", "observe", "summary:internal", "summary:client", *fields, *edits):
        if form := forms.dialog_form(driver.flow, driver.recovery, form_id, driver.localizer, driver.now):
            yield form
    yield forms.start_form(driver.localizer, account=driver.recovery.account, message="The export was empty.")
    yield forms.settings_form(driver.localizer, DEFAULT_HOURS, LANGUAGES)


def home_of(driver: RecoveryDriver, recoveries: int = 2) -> HomeView:
    owed = [
        OpenCommitment(driver.recovery.id, driver.recovery.account, e.id, e.value)
        for e in driver.recovery.entries
        if isinstance(e.value, Commitment)
    ]
    mine = RecoveryWithFlow(driver.flow, driver.recovery)
    return home_screen([mine] * recoveries, [mine], owed, driver.localizer, DEFAULT_HOURS, {})


def home_view_of(driver: RecoveryDriver) -> Json:
    return home_view(home_of(driver), driver.localizer.language)


def text_objects(part: AnyJson | list[AnyJson]) -> Iterator[Json]:
    """Every text object in a payload, wherever it stands."""
    if isinstance(part, list):
        for item in part:
            yield from text_objects(item)
    elif isinstance(part, dict):
        if part.get("type") in {"plain_text", "mrkdwn", "text"}:
            yield part
        for item in part.values():
            if isinstance(item, dict | list):
                yield from text_objects(item)


def text_of(part: AnyJson | list[AnyJson], between: str = "") -> str:
    """What can be read in a payload, as Slack shows it, and what stands in its fields."""
    texts = [text["text"] if text["type"] == "text" else html.unescape(text["text"]) for text in text_objects(part)]
    return between.join([*texts, *_user_texts(part)])


def _user_texts(part: AnyJson | list[AnyJson]) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _user_texts(item)
    elif isinstance(part, dict):
        if "initial_value" in part:
            yield part["initial_value"]
        for item in part.values():
            if isinstance(item, dict | list):
                yield from _user_texts(item)


def assert_neutral(part: AnyJson | list[AnyJson]) -> None:
    """No text in a payload can mean anything to Slack."""
    for text in text_objects(part):
        if text["type"] == "text":
            continue  # of a rich text, which has no markup
        if text["type"] == "mrkdwn" and all(map(TIME_MARK.fullmatch, text["text"].split(" · "))):
            continue  # times that Slack counts
        assert text["type"] == "plain_text", text
        assert text["emoji"] is False, text
        assert "<" not in text["text"], text
        assert ">" not in text["text"], text
        assert "&" not in text["text"].replace("&amp;", "").replace("&lt;", "").replace("&gt;", ""), text


def wordy(driver: RecoveryDriver, longer: int = 4) -> RecoveryDriver:
    """The recovery under an operator's flow whose every text is several times as long as ours."""

    def long(words: LocalizedText) -> LocalizedText:
        return {language: " / ".join([text] * longer) for language, text in words.items()}

    def long_all(table: dict[str, LocalizedText]) -> dict[str, LocalizedText]:
        return {key: long(words) for key, words in table.items()}

    steps = {
        name: replace(
            step,
            title=long(step.title),
            nudge=long(step.nudge),
            gates={gate: replace(g, label=long(g.label)) for gate, g in step.gates.items()},
            fields={
                f: replace(field, label=long(field.label), hint=long(field.hint), options=long_all(field.options))
                for f, field in step.fields.items()
            },
        )
        for name, step in driver.flow.steps.items()
    }
    return replace(driver, flow=replace(driver.flow, steps=steps))
