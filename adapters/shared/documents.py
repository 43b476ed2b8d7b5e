"""Documents that are too long for one place: shortened, or split between their blocks where that is possible."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from adapters.shared.text_splitting import Measure, shorten, split_text, utf16_length
from flows.wording.document import Document, TextBlock


def shorten_document(document: Document, limit: int, measure: Measure = utf16_length) -> Document:
    """The document, or its beginning: its last block ends in an ellipsis then."""
    blocks: list[TextBlock] = []
    room = limit
    for block in document.blocks:
        block_characters = _size(block, measure)
        if block_characters > room:
            for_text = room - _size(replace(block, text=""), measure)
            return Document((*blocks, replace(block, text=shorten(block.text, max(1, for_text), measure))))
        blocks.append(block)
        room -= block_characters
    return document


def split_document(document: Document, limit: int, block_size: Callable[[TextBlock], int]) -> list[Document]:
    """The document in parts of at most `limit` each. `block_size`: of a block, with the lines that end above it."""
    parts: list[list[TextBlock]] = [[]]
    room = limit
    for block in _small_blocks(document, limit, block_size):
        size = block_size(block)
        if size > room and parts[-1]:
            parts.append([])
            room = limit
        parts[-1].append(block)
        room -= size
    return [Document(tuple(part)) for part in parts]


def _small_blocks(document: Document, limit: int, block_size: Callable[[TextBlock], int]) -> list[TextBlock]:
    """The document's blocks, each one split that would not fit by itself."""
    blocks: list[TextBlock] = []
    for block in document.blocks:
        if block_size(block) <= limit:
            blocks.append(block)
            continue
        texts = split_text(block.text, limit, partial(_size_with_text, block, block_size))
        blocks += [replace(block, text=text, empty_lines_above=0) for text in texts]
    return blocks


def _size_with_text(block: TextBlock, block_size: Callable[[TextBlock], int], text: str) -> int:
    return block_size(replace(block, text=text))


def _size(block: TextBlock, measure: Measure) -> int:
    """The room that a block takes, with the lines that end above it."""
    return measure("\n" * (block.empty_lines_above + 1) + block.plain_text)
