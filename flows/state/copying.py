"""`replace_fields(recovery, step=...)`: a copy with other values, ten times as fast as `dataclasses.replace`.

A frozen dataclass sets each of its thirty fields one by one; copying its dictionary does not. Type checkers see
`dataclasses.replace` itself, so names and types of the changes are checked. For dataclasses without slots and without
`__post_init__` only.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace as replace_fields
else:
    _new, _set = object.__new__, object.__setattr__

    def replace_fields(state: object, **changes: object) -> object:
        """Return a copy of a frozen dataclass with these fields replaced."""
        copy = _new(type(state))
        _set(copy, "__dict__", state.__dict__ | changes)
        return copy


__all__ = ["replace_fields"]
