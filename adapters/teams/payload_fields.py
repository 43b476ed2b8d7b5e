"""Reads single fields of the JSON that Teams sends. Whatever the JSON holds, a field has the type that it should have.

An id that no database stores, or that is longer than any of Teams, is refused: a changed one could be another's. Other
text is made safe instead.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.teams.cards.markup import Json
from flows.errors import TrustRecoverError
from flows.text import clean_name

MAX_ID_CHARACTERS = 256
"""Characters of an id. Teams' longest have some 140; an index of PostgreSQL takes 2,700 bytes."""
MAX_DEPTH = 64
"""Objects and lists within each other in a request. Teams' own have about ten."""
UNREADABLE = "\ufffd"


class InvalidActivity(TrustRecoverError):
    """Not an activity of Teams: it has no type, tenant or conversation, or an id that cannot be one."""


def is_id(value: object) -> bool:
    """Whether this can be an id: it can be printed, so it holds no NUL, line end or half of a surrogate pair."""
    return isinstance(value, str) and 0 < len(value) <= MAX_ID_CHARACTERS and value.isprintable()


def id_field(body: Mapping[str, Any], name: str) -> str:
    """An id; empty if there is none.

    Raises:
        InvalidActivity: it can be none.

    """
    value = body.get(name)
    if value is None or value == "":
        return ""
    if not is_id(value):
        raise InvalidActivity
    return str(value)


def text_field(body: Mapping[str, Any], name: str) -> str:
    """A text; empty if there is none."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def name_field(body: Mapping[str, Any], name: str) -> str:
    """A name, in one line, that does not reverse what follows it."""
    return clean_name(text_field(body, name))


def dict_field(body: Mapping[str, Any], name: str) -> Json:
    """An object; empty if there is none."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def objects_field(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in a list; what else is in it does not count."""
    value = body.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def entities_of(body: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The entities of this kind. Teams writes the kinds with or without a capital letter."""
    return [one for one in objects_field(body, "entities") if text_field(one, "type").lower() == kind.lower()]


def member_ids(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The ids of the members in a list. Of one that cannot be read, the id is `UNREADABLE`."""
    members = body.get(name)
    entries = members if isinstance(members, list) else []
    ids = (entry.get("id") if isinstance(entry, dict) else None for entry in entries)
    return tuple(dict.fromkeys(str(one) if is_id(one) else UNREADABLE for one in ids))


def safe_value(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same JSON with texts that a database can store. What it cannot becomes U+FFFD, so no id becomes another."""
    if isinstance(value, str):
        return value if value.isprintable() else _safe_text(value)
    if isinstance(value, dict):
        return {_safe_text(name): safe_value(one) for name, one in value.items()}
    return [safe_value(one) for one in value] if isinstance(value, list) else value


def is_too_deep(value: object) -> bool:
    """Whether there are more objects and lists within each other than Teams sends."""
    level: Sequence[object] = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [child for one in level for child in _children(one) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _safe_text(text: str) -> str:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", UNREADABLE)
