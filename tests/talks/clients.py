"""Ten angry clients, and what a responder notes while they talk: the same talks are played on every surface."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class TypedPromise:
    """A promise as it is typed. `who` is empty for the responder."""

    who: str
    what: str
    when: str


@dataclass(frozen=True, slots=True)
class Client:
    """One client. `language` is that of the guide. `feeling`: an option of the flow, or else a word that is typed."""

    account: str
    name: str
    language: str
    messages: tuple[str, ...]
    facts: tuple[str, ...]
    frame: str
    our_part: str
    promise: TypedPromise
    next_update: str
    feeling: str = ""
    typed_feeling: str = ""
    key: str = field(default="")


def _load_clients() -> dict[str, Client]:
    text = Path(__file__).with_name("clients.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Client]).validate_python(yaml.safe_load(text))


CLIENTS = _load_clients()
"""By the way in which they are angry."""
