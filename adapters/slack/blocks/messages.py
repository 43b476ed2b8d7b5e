"""Posts and private messages as Slack messages."""

from collections.abc import Sequence

from adapters.slack.blocks.documents import document_blocks
from adapters.slack.blocks.elements import (
    SlackButtonCodec,
    action_rows,
    context_blocks,
    header_blocks,
    section_blocks,
    text_length,
    with_ids,
)
from adapters.slack.blocks.mrkdwn import Json, escape, fallback_text
from flows.screens.elements import Button
from flows.wording.document import BlockKind, Document

MAX_BLOCKS = 50
"""Blocks of one message."""
MAX_TEXT_CHARACTERS = 10_000
"""Characters of all of them together: beyond some 11,000 people saw Slack refuse with `msg_blocks_too_long`."""
REMINDER_PREFIX = "line"
"""How the ids of the blocks of a private message begin."""


def post_blocks(document: Document) -> list[list[Json]]:
    """A message for everybody, as the blocks of one message; of several, if it is longer than any text of ours."""
    first, *rest = document.blocks
    if first.kind is BlockKind.TITLE:
        blocks = [*header_blocks(first.text), *document_blocks(rest)]
    else:
        blocks = document_blocks(document.blocks)
    blocks = blocks if len(blocks) <= MAX_BLOCKS else section_blocks(document.text)
    return [with_ids(message, "post") for message in _messages(blocks)]


def _messages(blocks: list[Json]) -> list[list[Json]]:
    """The blocks, divided into as many messages as needed."""
    messages: list[list[Json]] = [[]]
    for block in blocks:
        if len(messages[-1]) == MAX_BLOCKS or text_length([*messages[-1], block]) > MAX_TEXT_CHARACTERS:
            messages.append([])
        messages[-1].append(block)
    return [message for message in messages if message]


def post_text(text: str) -> str:
    """The text of a post, for notifications."""
    return fallback_text(text)


def private_message_blocks(
    text: str, mention: str | None = None, buttons: Sequence[Button] = (), codec: SlackButtonCodec | None = None
) -> list[Json]:
    """A private message. `mention`: the id of the user who must notice it. `codec`: makes the values of the buttons."""
    call = {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{escape(mention)}>"}} if mention else None
    rows = action_rows(buttons, codec) if codec is not None else []
    return with_ids([*([call] if call else []), *section_blocks(text), *rows], REMINDER_PREFIX)


def private_message_text(text: str, mention: str | None = None) -> str:
    """The text of a private message, for notifications."""
    return f"<@{escape(mention)}> {fallback_text(text)}" if mention else fallback_text(text)


def private_message(
    text: str, mention: str | None = None, buttons: Sequence[Button] = (), codec: SlackButtonCodec | None = None
) -> Json:
    """A private message, as a call of the Web API takes it."""
    return {
        "text": private_message_text(text, mention),
        "blocks": private_message_blocks(text, mention, buttons, codec),
    }


def answered_blocks(blocks: object, answer: str) -> list[Json]:
    """A reminder as it came back with a tap, with what was answered in place of its buttons."""
    kept = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    texts: list[Json] = [block for block in kept if block.get("type") != "actions"]
    return [*texts, *context_blocks(answer)]
