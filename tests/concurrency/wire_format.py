"""What goes over HTTP between tests, workers and the fake platform: events one way, messages the other."""

from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import TypeAdapter

from adapters.port import CardOut, Outgoing, PostOut, PrivateMessageOut, StoredEvent
from flows.screens.elements import ButtonKind, Card, ChipRow, Element, InlineForm
from flows.screens.inputs import TimeInput
from flows.screens.plain_text import card_text

PLATFORM = "chat"
Json = dict[str, Any]
_KINDS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(StoredEvent)}


def dump(incoming: StoredEvent) -> Json:
    kind = type(incoming).__name__
    return {"kind": kind, "of": _KINDS[kind].dump_python(incoming, mode="json")}


def load(data: Json) -> StoredEvent:
    incoming: StoredEvent = _KINDS[data["kind"]].validate_python(data["of"])
    return incoming


@dataclass(frozen=True, slots=True)
class Message:
    """What a worker asks the platform to show. `key`: of the outbox, or of the card that is shown anew."""

    key: str
    kind: str
    workspace: str
    lane: str
    recovery: str
    text: str
    visit: int
    worker: str


MESSAGE = TypeAdapter(Message)


def lasting_card_text(card: Card) -> str:
    """A card without the times that it offers: they change with the hour, whatever the state."""
    return card_text(replace(card, elements=tuple(one for one in card.elements if not _offers_times(one))))


def _offers_times(element: Element) -> bool:
    match element:
        case ChipRow(chips=chips):
            return any(chip.kind is ButtonKind.OPENS_DIALOG for chip in chips)
        case InlineForm(form=form):
            return any(isinstance(field, TimeInput) for field in form.inputs)
        case _:
            return False


def message(outgoing: Outgoing, worker: str) -> Message:
    """A message in the platform's own terms. Its lane is told by the same rule as ours, but not by the same code."""
    place = outgoing.place
    workspace = f"{place.platform}:{place.workspace}"
    recovery = outgoing.key.partition(":")[0]
    match outgoing:
        case CardOut(key=key, recipient=to, card=card):
            text, lane = lasting_card_text(card), f"{workspace}:@{to.user_id}"
            return Message(key, "card", workspace, lane, recovery, text, card.card_revision, worker)
        case PrivateMessageOut(key=key, recipient=to, text=text):
            return Message(key, "private_message", workspace, f"{workspace}:@{to.user_id}", recovery, text, 0, worker)
        case PostOut(key=key, text=text):
            return Message(key, "post", workspace, f"{workspace}:{place.conversation}", recovery, text, 0, worker)
