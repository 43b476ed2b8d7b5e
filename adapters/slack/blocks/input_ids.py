"""The ids of input blocks: which input of a form a block is, or which part of one."""

import re
from dataclasses import dataclass

from flows.errors import UnknownForm

ANSWER = "answer"
"""The action id of the element in every input block."""

CHOICE_ROLE, TEXT_ROLE, CALENDAR_ROLE = "picked", "typed", "calendar"
ROLES = ("", CHOICE_ROLE, TEXT_ROLE, CALENDAR_ROLE)
"""In the order in which they stand in a view."""
SEPARATORS = {"n": "\n", "nn": "\n\n", "s": " ", "": ""}
"""The separator between a part and the one before it."""

_ID = re.compile(
    r"(?P<name>[^~]+)~(?P<nth>\d+)(?:~(?:(?P<role>picked|typed|calendar)|(?P<part>\d+)(?P<glue>n|nn|s)?))?"
)


@dataclass(frozen=True, slots=True)
class InputBlockId:
    """An input's name, how often its form was shown in a row, and which of the input's blocks this is.

    `role`: the block to choose in, the one to type a text of one's own, or the one with a calendar. `part`: of a long
    text, from 1. `repeat` is needed because Slack keeps what was typed while the id stays the same.
    """

    name: str
    repeat: int
    role: str = ""
    part: int = 0
    separator: str = ""

    def __str__(self) -> str:
        place = f"{self.part}{self.separator}" if self.part else self.role
        return f"{self.name}~{self.repeat}" + (f"~{place}" if place else "")


def parse_block_id(block_id: str) -> InputBlockId:
    """The parsed id of an input block.

    Raises:
        UnknownForm: not one of ours.

    """
    read = _ID.fullmatch(block_id)
    if read is None:
        raise UnknownForm
    return InputBlockId(read["name"], int(read["nth"]), read["role"] or "", int(read["part"] or 0), read["glue"] or "")
