"""Dataclasses as JSON types and back, checked. What is stored today must be readable by every later release."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from flows.errors import UnreadableData

Json = dict[str, Any]
"""A JSON object."""

_T = TypeVar("_T")
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def dump_json(value: object) -> Json:
    """A dataclass's fields as JSON types."""
    fields: Json = _adapter(type(value)).dump_python(value, mode="json")
    return fields


def load_json(kind: type[_T], data: Json) -> _T:
    """A dataclass of this kind from JSON types.

    Raises:
        UnreadableData: the data is not of this kind. The message names the first fields that do not fit.

    """
    try:
        value: _T = _adapter(kind).validate_python(data)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, detail["loc"])) for detail in error.errors()[:3])
        message = f"A stored {kind.__name__} cannot be read ({where}). A newer release may have written it."
        raise UnreadableData(message) from None  # pydantic's own message shows what was stored: a client's words
    return value


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """The adapter of a class, made when it is first needed: making one takes milliseconds."""
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        adapter = _ADAPTERS[kind] = TypeAdapter(kind)
    return adapter
