"""The talks with ten angry clients, step by step: the same words and taps on every platform."""

import os

from flows.definition.model import LocalizedText
from tests.adapters.parity.steps import FillCardInputs, FillForm, Step, TapButton, TypeCommand, Writes
from tests.flows.recovery_driver import REGISTRY
from tests.talks.clients import CLIENTS, Client


def talk_steps(client: Client) -> tuple[Step, ...]:
    """A whole talk, from the client's first message to the posted message to the client."""
    first, *others = client.messages
    promise = client.promise
    feeling: Step = FillCardInputs("dana", {"Feeling": client.typed_feeling})
    if client.feeling:
        feeling = TapButton("dana", _feeling_words()[client.feeling]["en"])
    return (
        TypeCommand("dana", "Acme"),
        Writes("kim", first),
        TapButton("dana", "I am ready"),
        *(FillCardInputs("dana", {"What happened": fact}) for fact in client.facts),
        *(Writes("kim", message) for message in others),
        TapButton("dana", "All said"),
        feeling,
        TapButton("dana", "They confirmed"),
        TapButton("dana", "They said yes"),
        TapButton("dana", "No, nothing"),
        FillCardInputs("dana", {"The problem": client.frame}),
        TapButton("dana", "Agreed"),
        FillCardInputs("dana", {"Our part": client.our_part}),
        TapButton("dana", "Took it in"),
        FillCardInputs("dana", {"Who": promise.who or "Dana", "Does what": promise.what, "By when": promise.when}),
        FillForm("dana", "Other…", {"Next update": client.next_update}),
        TapButton("dana", "Agreed"),
        TapButton("dana", "Improving"),
        TapButton("dana", "See the summary"),
        TapButton("dana", "Post client version"),
    )


def _feeling_words() -> dict[str, LocalizedText]:
    field = REGISTRY.newest_or_default("").field("feeling")
    assert field
    return field.options


CLIENTS_IN_SUITE = ("long", "shouting", "sarcastic")
"""Whose talks are played with all other tests. `make talks` plays all ten."""
ALL_TALKS = "TRUST_RECOVER_ALL_TALKS"
TALKS = {
    f"a client who is {key.replace('_', ' ')}": talk_steps(client)
    for key, client in CLIENTS.items()
    if key in CLIENTS_IN_SUITE or os.environ.get(ALL_TALKS)
}
"""By how the client is angry."""
