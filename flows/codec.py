"""State and events as JSON, and back, checked. What is stored today must be readable by every later release."""

from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter

from flows.cards import Card
from flows.events import Event
from flows.recovery import Recovery

_EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
T = TypeVar("T")
Json = dict[str, Any]


def dump_recovery(recovery: Recovery) -> Json:
    """A recovery as JSON types."""
    return _as_json(_adapter(Recovery).dump_python(recovery, mode="json"))


def load_recovery(data: Json) -> Recovery:
    """A recovery from JSON types.

    Raises:
        pydantic.ValidationError: this is not a stored recovery.
    """
    return _adapter(Recovery).validate_python(data)


def dump_card(card: Card) -> Json:
    """A card as JSON types."""
    return _as_json(_adapter(Card).dump_python(card, mode="json"))


def load_card(data: Json) -> Card:
    """A card from JSON types."""
    return _adapter(Card).validate_python(data)


def dump_event(event: Event) -> Json:
    """An event as JSON types, with its kind beside its fields."""
    kind = type(event)
    return {"kind": kind.__name__, "event": _adapter(kind).dump_python(event, mode="json")}


def load_event(data: Json) -> Event:
    """An event from JSON types.

    Raises:
        KeyError: an event of a kind that this release does not know.
        pydantic.ValidationError: this is not a stored event.
    """
    return _adapter(_EVENTS[data["kind"]]).validate_python(data["event"])


def _as_json(data: Any) -> Json:  # noqa: ANN401 - pydantic's own return type
    result: Json = data
    return result


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)
