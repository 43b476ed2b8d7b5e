"""State and events as JSON, and back, checked. What is stored today must be readable by every later release."""

from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from flows.errors import UnreadableData
from flows.screens.elements import Card
from flows.state.events import Event
from flows.state.recovery import Recovery

_EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
Json = dict[str, Any]


def dump_recovery(recovery: Recovery) -> Json:
    """A recovery as JSON types."""
    return _as_json(_adapter(Recovery).dump_python(recovery, mode="json"))


def load_recovery(data: Json) -> Recovery:
    """A recovery from JSON types.

    Raises:
        Unreadable: this is not a stored recovery.

    """
    recovery: Recovery = _validate(Recovery, data)
    return recovery


def dump_card(card: Card) -> Json:
    """A card as JSON types."""
    return _as_json(_adapter(Card).dump_python(card, mode="json"))


def load_card(data: Json) -> Card:
    """A card from JSON types."""
    card: Card = _validate(Card, data)
    return card


def dump_event(event: Event) -> Json:
    """An event as JSON types, with its kind beside its fields."""
    kind = type(event)
    return {"kind": kind.__name__, "event": _adapter(kind).dump_python(event, mode="json")}


def load_event(data: Json) -> Event:
    """An event from JSON types.

    Raises:
        KeyError: an event of a kind that this release does not know.
        Unreadable: this is not a stored event.

    """
    event: Event = _validate(_EVENTS[data["kind"]], data["event"])
    return event


def _validate(kind: type[Any], data: Json) -> Any:  # noqa: ANN401 - of the kind
    try:
        return _adapter(kind).validate_python(data)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, detail["loc"])) for detail in error.errors()[:3])
        message = f"A stored {kind.__name__} cannot be read ({where}). A newer release may have written it."
        raise UnreadableData(message) from None  # pydantic's own message shows what was stored: a client's words


def _as_json(data: Any) -> Json:  # noqa: ANN401 - pydantic's own return type
    result: Json = data
    return result


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """The adapter of a class, made when it is first needed: making one takes milliseconds."""
    found = _ADAPTERS.get(kind)
    if found is None:
        found = _ADAPTERS[kind] = TypeAdapter(kind)
    return found
