"""Texts with headings, as sections."""

from collections.abc import Sequence

from adapters.slack.blocks.elements import MAX_HEADER_CHARACTERS, bold_block, section_blocks
from adapters.slack.blocks.limits import size
from adapters.slack.blocks.mrkdwn import Json
from flows.wording.document import BlockKind, TextBlock, blocks_text

BOLD_KINDS = frozenset({BlockKind.TITLE, BlockKind.HEADING})


def document_blocks(text_blocks: Sequence[TextBlock]) -> list[Json]:
    """A text with its title and its headings in bold type, unless they are longer than a header of Slack may be."""
    blocks: list[Json] = []
    plain_blocks: list[TextBlock] = []
    for text_block in text_blocks:
        is_short = size(text_block.text) <= MAX_HEADER_CHARACTERS
        if text_block.kind in BOLD_KINDS and is_short and text_block.text.strip():
            blocks += [*section_blocks(blocks_text(plain_blocks)), bold_block(text_block.text)]
            plain_blocks = []
        else:
            plain_blocks.append(text_block)
    return [*blocks, *section_blocks(blocks_text(plain_blocks))]
