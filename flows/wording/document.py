"""A text with its structure: a title, headings, lists and paragraphs. Each platform prints it in its own way.

A summary is built with its structure from the record; the responder's own wording is read by `parse_document`, so that
no platform has to guess what is a heading.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

BULLET = "• "
"""What an item of a list begins with in plain text."""
MAX_HEADING_CHARACTERS = 80


class BlockKind(StrEnum):
    """What a block of a document is."""

    TITLE = "title"
    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A part of a document. `text` is without the bullet of an item; an item or a paragraph can have several lines.

    `empty_lines_above`: how many lines without a word stand between this block and the one before. `key` says of what a
    block tells that was made from the record, whatever its words are.
    """

    kind: BlockKind
    text: str
    empty_lines_above: int = 0
    key: str = ""

    @property
    def plain_text(self) -> str:
        """The block as plain text, with its bullet if it is an item."""
        return f"{BULLET}{self.text}" if self.kind is BlockKind.ITEM else self.text


@dataclass(frozen=True, slots=True)
class Document:
    """A text in blocks, from top to bottom."""

    blocks: tuple[TextBlock, ...]

    @property
    def text(self) -> str:
        """The same as plain text."""
        return blocks_text(self.blocks)


def blocks_text(blocks: Iterable[TextBlock]) -> str:
    """These blocks as plain text. Empty lines above the first of them are left out."""
    text = ""
    for number, block in enumerate(blocks):
        text += ("\n" * (block.empty_lines_above + 1) if number else "") + block.plain_text
    return text


def paragraph_document(text: str) -> Document:
    """A text without structure."""
    return Document((TextBlock(BlockKind.PARAGRAPH, text),))


def parse_document(text: str) -> Document:
    """What somebody wrote, with the structure that it shows. `Document.text` is what they wrote, to the letter.

    A line that begins with a bullet is an item. A line of at most `MAX_HEADING_CHARACTERS` directly above an item is a
    heading if it begins with a letter or a digit. The first line is the title if there is more than one. All other
    lines that stand together are one paragraph.
    """
    lines = text.split("\n")
    blocks: list[TextBlock] = []
    empty_lines = 0
    for number, line in enumerate(lines):
        if not line and number not in {0, len(lines) - 1}:
            empty_lines += 1
            continue
        kind = _line_kind(lines, number)
        last = blocks[-1] if blocks else None
        if last and not empty_lines and kind is last.kind is BlockKind.PARAGRAPH:
            blocks[-1] = TextBlock(kind, f"{last.text}\n{line}", last.empty_lines_above)
        else:
            words = line.removeprefix(BULLET) if kind is BlockKind.ITEM else line
            blocks.append(TextBlock(kind, words, empty_lines))
        empty_lines = 0
    return Document(tuple(blocks))


def parse_message(text: str) -> Document:
    """What somebody wrote as a message: its lists are lists, all else is paragraphs, and it has no title."""
    blocks = (
        replace(block, kind=BlockKind.ITEM if block.kind is BlockKind.ITEM else BlockKind.PARAGRAPH)
        for block in parse_document(text).blocks
    )
    return Document(tuple(blocks))


def _line_kind(lines: list[str], number: int) -> BlockKind:
    line = lines[number]
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if line.startswith(BULLET):
        return BlockKind.ITEM
    if number == 0 and line.strip() and any(other.strip() for other in lines[1:]):
        return BlockKind.TITLE
    if line[:1].isalnum() and len(line) <= MAX_HEADING_CHARACTERS and below.startswith(BULLET):
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH
