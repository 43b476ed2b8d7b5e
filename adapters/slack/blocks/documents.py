"""Texts with headings, as sections."""

import re
from collections.abc import Sequence

from adapters.slack.blocks.elements import section_blocks
from adapters.slack.blocks.mrkdwn import Json
from flows.wording.document import BlockKind, TextBlock, blocks_text

_WITHOUT_MARKUP = re.compile(r"[^\W_](?:[^\W_]|[ ,.()’/-]){0,78}[^\W_)]")
"""Letters, digits and marks that mean nothing to Slack: such words can stand in bold type."""


def document_blocks(text_blocks: Sequence[TextBlock]) -> list[Json]:
    """A text with bold headings, unless a heading has a character that Slack could take for markup."""
    blocks: list[Json] = []
    plain_blocks: list[TextBlock] = []
    for text_block in text_blocks:
        if text_block.kind is BlockKind.HEADING and _WITHOUT_MARKUP.fullmatch(text_block.text):
            heading = {"type": "section", "text": _bold_text(text_block.text)}
            blocks += [*section_blocks(blocks_text(plain_blocks)), heading]
            plain_blocks = []
        else:
            plain_blocks.append(text_block)
    return [*blocks, *section_blocks(blocks_text(plain_blocks))]


def _bold_text(heading: str) -> Json:
    """Bold text. It must not contain markup."""
    return {"type": "mrkdwn", "text": f"*{heading}*"}
