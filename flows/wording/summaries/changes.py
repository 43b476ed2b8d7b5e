"""What changed in a summary since it was posted."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class TextChanges:
    """The lines that a text has now and had not, and those that it had and has not, in their order."""

    new_lines: tuple[str, ...]
    old_lines: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything changed that can be seen."""
        return bool(self.new_lines or self.old_lines)


def text_changes(posted_text: str, text: str) -> TextChanges:
    """What changed between what was posted and what would be posted now. Empty lines do not count."""
    before, after = _lines(posted_text), _lines(text)
    new_lines: list[str] = []
    old_lines: list[str] = []
    for _tag, start, end, new_start, new_end in _differences(before, after):
        old_lines += before[start:end]
        new_lines += after[new_start:new_end]
    return TextChanges(tuple(new_lines), tuple(old_lines))


def _differences(before: list[str], after: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return (opcode for opcode in matcher.get_opcodes() if opcode[0] != "equal")


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]
