"""Recoveries and events as JSON, and back, checked."""

from typing import get_args

from flows.json_codec import Json, dump_json, load_json
from flows.state.events import Event
from flows.state.recovery import Recovery

_EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


def dump_recovery(recovery: Recovery) -> Json:
    """A recovery as JSON types."""
    return dump_json(recovery)


def load_recovery(data: Json) -> Recovery:
    """A recovery from JSON types.

    Raises:
        UnreadableData: this is not a stored recovery.

    """
    return load_json(Recovery, data)


def dump_event(event: Event) -> Json:
    """An event as JSON types, with the name of its class (`kind`) beside its fields (`event`)."""
    return {"kind": type(event).__name__, "event": dump_json(event)}


def load_event(data: Json) -> Event:
    """An event from JSON types.

    Raises:
        KeyError: an event of a kind that this release does not know.
        UnreadableData: this is not a stored event.

    """
    return load_json(_EVENTS[data["kind"]], data["event"])
