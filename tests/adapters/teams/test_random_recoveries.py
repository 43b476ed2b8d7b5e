"""In any state that a recovery can reach, Teams takes its card, panel and forms, and they say all there is to say."""

import pytest
from hypothesis.stateful import invariant, run_state_machine_as_test

from adapters.teams.cards.dialogs import form_card, panel_card
from adapters.teams.cards.elements import parse_form_data, parse_tap
from adapters.teams.cards.guide_card import guide_card_json, notification_text
from adapters.teams.cards.input_values import has_unsent_note, read_answers
from adapters.teams.cards.markup import Json
from flows.screens import forms, plain_text
from flows.screens.card import guide_card
from flows.screens.panel import more_panel
from flows.state.identity import Person
from tests.adapters.teams.card_schema import faults_of, parts
from tests.adapters.teams.payloads import (
    CHANNEL,
    COLLEAGUES,
    LINK,
    MARKED,
    actions,
    in_dialog,
    missing,
    sent,
    shown_text,
)
from tests.conftest import BEN
from tests.examples import random_recoveries
from tests.flows import test_random_events

USUAL_KINDS = {
    "RichTextBlock",
    "Container",
    "ActionSet",
    "Action.Execute",
    "Action.Submit",
    "Input.Text",
    "Input.ChoiceSet",
}
"""Of elements and actions: what a few recoveries come to, whatever happens in them."""
STRANGER = Person("web", "practice", "nobody")


class ShownInTeams(test_random_events.AnyOrder):
    """Every recovery of `AnyOrder`, with markup in whatever is typed."""

    kinds: set[str]

    def _mark(self, kind: str) -> str:
        return f"{super()._mark(kind)} {MARKED}"

    @invariant()
    def teams_takes_every_card(self) -> None:
        if not hasattr(self, "recovery"):
            return
        for viewer in (self.recovery.responder, *self.recovery.observers, BEN, STRANGER):
            card = guide_card(self.flow, self.recovery, viewer, self._voice(), self.now)
            card_json = guide_card_json(card, self.recovery.language, CHANNEL, LINK)
            self._taken(card_json)
            assert missing(plain_text.card_text(card), shown_text(card_json)) == []
            assert MARKED not in notification_text(card)
            for act in actions(card_json):
                self._comes_back(card_json, act)

    @invariant()
    def teams_takes_the_panel_and_every_form_that_it_opens(self) -> None:
        if not hasattr(self, "recovery"):
            return
        more = more_panel(self.flow, self.recovery, self._voice())
        card_json = panel_card(more, self.recovery.language)
        self._taken(card_json)
        card_text = shown_text(card_json)
        if "not shown here" not in card_text and "no se muestran" not in card_text and "…" not in card_text:
            assert missing(plain_text.panel_text(more), f"{more.title}\n{card_text}") == []
        opens = {button.action.partition(":")[2] for button in self._buttons() if button.action.startswith("open:")}
        for form_id in sorted(opens - {"more"}):
            form = forms.dialog_form(self.flow, self.recovery, form_id, self._voice(), self.now)
            assert form
            view = form_card(form, self.recovery.language, "r", colleagues=COLLEAGUES)
            self._taken(view)
            assert missing(plain_text.form_text(form), in_dialog(form.title, view)) == []

    def _comes_back(self, card_json: Json, act: Json) -> None:
        if act["type"] in {"Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility"}:
            return
        data = sent(card_json, act)
        read_answers(data)
        if act.get("verb") == "fill":
            assert parse_form_data(data).recovery_id == self.recovery.id
        else:
            assert parse_tap(data).card_revision == self.recovery.card_revision
            assert not has_unsent_note(data)

    def _taken(self, card: Json) -> None:
        assert faults_of(card) == []
        self.kinds |= {str(part.get("type")) for part in parts(card)}


@pytest.mark.hypothesis
@pytest.mark.parametrize("machine", [test_random_events.TrustRecovery, test_random_events.FirstResponse])
def test_teams_takes_whatever_a_recovery_comes_to(machine: type[test_random_events.AnyOrder]) -> None:
    kinds: set[str] = set()
    machine_class = type("Shown", (ShownInTeams,), {"flow": machine.flow, "kinds": kinds})
    run_state_machine_as_test(machine_class, settings=random_recoveries(10, 18))
    assert kinds >= USUAL_KINDS
