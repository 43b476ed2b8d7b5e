"""The ids of a view's input blocks: they say which input of a form a block is, or which part of it."""

import re
from dataclasses import dataclass

from flows.errors import UnknownForm

ANSWER = "answer"
"""The action id of whatever stands in an input block."""

CHOICE_ROLE, TEXT_ROLE = "picked", "typed"
SEPARATORS = {"n": "\n", "nn": "\n\n", "s": " ", "": ""}
"""What stood between a part and the one before it."""

_ID = re.compile(r"(?P<name>[^~]+)~(?P<nth>\d+)(?:~(?:(?P<role>picked|typed)|(?P<part>\d+)(?P<glue>n|nn|s)?))?")


@dataclass(frozen=True, slots=True)
class InputBlockId:
    """An input's name, how often its form was shown in a row, and which of its blocks this is.

    `role`: the one to pick a suggestion in, or to type another word. `part`: of a long text, counted from 1.
    `nth` is there because Slack keeps what was typed for as long as the id is the same.
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
    """The input that a block belongs to.

    Raises:
        UnknownForm: not one of ours.

    """
    read = _ID.fullmatch(block_id)
    if read is None:
        raise UnknownForm
    return InputBlockId(read["name"], int(read["nth"]), read["role"] or "", int(read["part"] or 0), read["glue"] or "")
