"""In any state that a recovery can reach, Slack takes its cards, its panel, and every form that they open."""

from typing import Any

import pytest
from hypothesis.stateful import invariant, run_state_machine_as_test

from adapters.slack.blocks.card import card_blocks, card_text
from adapters.slack.blocks.modals import form_view, panel_view
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.view_values import read_view_values
from flows.screens import forms
from flows.screens.card import guide_card
from flows.screens.panel import more_panel
from flows.state.identity import Person
from tests.adapters.slack.payloads import NASTY, assert_neutral, seal
from tests.conftest import BEN
from tests.examples import random_recoveries
from tests.flows import test_random_events
from tests.peers.slack.forms import filled_view
from tests.peers.slack.typescript import type_faults
from tests.peers.slack.validate import faults_of_message, faults_of_view

USUAL_KINDS = {
    "header",
    "section",
    "actions",
    "button",
    "context",
    "modal",
    "input",
    "plain_text_input",
    "radio_buttons",
}
"""Of blocks and elements: what a few recoveries come to, whatever happens in them."""
STRANGER = Person("web", "practice", "nobody")


class Sample:
    """One payload of each shape."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.messages: list[list[Json]] = []
        self.modals: list[Json] = []

    def message(self, blocks: list[Json]) -> None:
        self.messages.append(self._new(blocks))

    def modal(self, view: Json) -> None:
        self.modals.append(view | {"blocks": self._new(view["blocks"]), "private_metadata": ""})

    def _new(self, blocks: list[Json]) -> list[Json]:
        return [block for block in blocks if self._is_new(shape(block))]

    def _is_new(self, of: str) -> bool:
        new = of not in self.seen
        self.seen.add(of)
        return new


def shape(part: Any) -> str:  # noqa: ANN401 - any JSON
    """A payload without its texts and numbers."""
    if isinstance(part, dict):
        compared_keys = {"type", "style", "optional", "multiline"}
        return str(sorted((key, value if key in compared_keys else shape(value)) for key, value in part.items()))
    if isinstance(part, list):
        return str(sorted({shape(item) for item in part}))
    return type(part).__name__


def kinds(part: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """The types of all blocks and elements in a payload."""
    if isinstance(part, dict):
        own = {part["type"]} if isinstance(part.get("type"), str) else set()
        return own.union(*map(kinds, part.values()))
    return set().union(*map(kinds, part)) if isinstance(part, list) else set()


class ShownInSlack(test_random_events.AnyOrder):
    """Every recovery of `AnyOrder`, with markup in whatever is typed."""

    sample: Sample

    def _mark(self, kind: str) -> str:
        return f"{super()._mark(kind)} {NASTY}"

    @invariant()
    def slack_takes_every_card(self) -> None:
        if not hasattr(self, "recovery"):
            return
        for viewer in (self.recovery.responder, *self.recovery.observers, BEN, STRANGER):
            card = guide_card(self.flow, self.recovery, viewer, self._voice(), self.now)
            blocks, text = card_blocks(card, self.recovery.language), card_text(card)
            assert faults_of_message(blocks, text) == []
            assert_neutral(blocks)
            assert NASTY not in text
            self.sample.message(blocks)

    @invariant()
    def slack_takes_the_panel_and_every_form_that_it_opens(self) -> None:
        if not hasattr(self, "recovery"):
            return
        self._check(panel_view(more_panel(self.flow, self.recovery, self._voice()), self.recovery.language, seal))
        opens = {button.action.partition(":")[2] for button in self._buttons() if button.action.startswith("open:")}
        for form_id in sorted(opens - {"more"}):
            form = forms.dialog_form(self.flow, self.recovery, form_id, self._voice(), self.now)
            assert form
            view = form_view(form, "r", self.recovery.language, seal)
            self._check(view)
            if form_id.startswith("edit:"):
                assert {field.name for field in form.inputs} == set(read_view_values(filled_view(view, {})).answers)

    def _check(self, view: Json) -> None:
        assert faults_of_view(view) == []
        assert_neutral(view["blocks"])
        self.sample.modal(view)


@pytest.mark.hypothesis
@pytest.mark.parametrize("machine", [test_random_events.TrustRecovery, test_random_events.FirstResponse])
def test_slack_takes_whatever_a_recovery_comes_to(machine: type[test_random_events.AnyOrder]) -> None:
    sample = Sample()
    content = type("Shown", (ShownInSlack,), {"flow": machine.flow, "sample": sample})
    run_state_machine_as_test(content, settings=random_recoveries(20, 20))
    assert kinds([sample.messages, sample.modals]) >= USUAL_KINDS
    assert type_faults(sample.messages, sample.modals, []) == []
