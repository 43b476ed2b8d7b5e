"""The words of a Slack message, wherever they stand: in its text, its blocks, what it forwards, or an e-mail."""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack.blocks.mrkdwn import escape
from flows import limits

MAX_MESSAGE_CHARACTERS = 5 * limits.MAX_MESSAGE_CHARACTERS
"""Characters of a message that are read, as Slack writes them: an “&” is written with five."""
MAX_PARTS, MAX_DEPTH = 500, 12
"""Blocks and elements of a message that are read, and levels of those within each other."""


def message_markup(message: Mapping[str, Any]) -> str:
    """The words of a message in Slack's text format, of whatever shape the message came.

    Blocks repeat the text, so they count only where there is none. A message that is forwarded, and an e-mail, are
    added to the text; of files there are the titles, where there is nothing else.
    """
    reader = _Reader()
    parts = [_text(message, "text") or reader.blocks(message.get("blocks"))]
    for attachment in _objects(message.get("attachments")):
        if attachment.get("is_share") or attachment.get("message_blocks") or not parts[0]:
            parts.append(reader.attachment(attachment))
    files = list(_objects(message.get("files")))
    parts += [_email(file) for file in files if file.get("mode") == "email"]
    parts = [part for part in parts if part] or [escape(_text(file, "title") or _text(file, "name")) for file in files]
    return "\n\n".join(part for part in parts if part)[:MAX_MESSAGE_CHARACTERS]


def _email(file: Mapping[str, Any]) -> str:
    """Subject and text of an e-mail, which are not in Slack's text format."""
    content = _text(file, "plain_text") or _text(file, "preview_plain_text")
    return escape("\n".join(part for part in (_text(file, "subject") or _text(file, "title"), content) if part))


class _Reader:
    """Reads blocks, up to so many parts and levels."""

    def __init__(self) -> None:
        self._remaining_parts = MAX_PARTS

    def attachment(self, attachment: Mapping[str, Any]) -> str:
        """The words of an attachment, such as a message that was forwarded."""
        lines = [_text(attachment, name) for name in ("pretext", "title", "text")]
        lines += [
            ": ".join(part for part in (_text(field, "title"), _text(field, "value")) if part)
            for field in _objects(attachment.get("fields"))
        ]
        if not lines[2]:
            lines.append(self.blocks(attachment.get("blocks")))
            lines += [
                self.blocks(message.get("blocks"))
                for container in _objects(attachment.get("message_blocks"))
                if isinstance(message := container.get("message"), dict)
            ]
        return "\n".join(line for line in lines if line) or _text(attachment, "fallback")

    def blocks(self, blocks: object) -> str:
        """The words of blocks, each on lines of its own."""
        lines = (self._block(block, 0) for block in _objects(blocks))
        return "\n".join(line for line in lines if line)

    def _block(self, block: Mapping[str, Any], depth: int) -> str:
        """The words of a block, or of a part of a rich text that is like one."""
        if depth > MAX_DEPTH or not self._take_part():
            return ""
        if _text(block, "type") in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}:
            return "".join(self._inline(element) for element in _objects(block.get("elements")))
        lines = [_text(block, "text") or _text_object(block.get("text")), _text_object(block.get("title"))]
        lines += [_text_object(field) for field in _objects(block.get("fields"))]
        mark = "• " if block.get("type") == "rich_text_list" else ""
        for element in _objects(block.get("elements")):
            words = _text_object(element) or self._block(element, depth + 1)
            lines.append(mark + words if words and element.get("type") == "rich_text_section" else words)
        rows = block.get("rows")
        for row in rows if isinstance(rows, list) else ():
            lines.append(" | ".join(filter(None, (self._cell(cell, depth + 1) for cell in _objects(row)))))
        return "\n".join(line for line in lines if line)

    def _cell(self, cell: Mapping[str, Any], depth: int) -> str:
        return escape(_text(cell, "text")) if cell.get("type") == "raw_text" else self._block(cell, depth)

    def _inline(self, element: Mapping[str, Any]) -> str:
        """A piece of a line of rich text, whose words are not escaped."""
        if not self._take_part():
            return ""
        match element.get("type"):
            case "text":
                return escape(_text(element, "text"))
            case "link":
                return escape(_text(element, "text") or _text(element, "url"))
            case "user":
                return f"<@{escape(_text(element, 'user_id'))}>"
            case "channel":
                return f"<#{escape(_text(element, 'channel_id'))}>"
            case "usergroup":
                return f"<!subteam^{escape(_text(element, 'usergroup_id'))}>"
            case "broadcast":
                return f"<!{escape(_text(element, 'range'))}>"
            case "emoji":
                return f":{escape(_text(element, 'name'))}:"
            case "date":
                return escape(_text(element, "fallback"))
            case _:
                return escape(_text(element, "value"))

    def _take_part(self) -> bool:
        self._remaining_parts -= 1
        return self._remaining_parts >= 0


def _objects(parts: object) -> Iterator[Mapping[str, Any]]:
    return (part for part in parts if isinstance(part, dict)) if isinstance(parts, list) else iter(())


def _text(part: Mapping[str, Any], name: str) -> str:
    """A field that is a text; empty if it is anything else, or blank."""
    value = part.get(name)
    return value[:MAX_MESSAGE_CHARACTERS] if isinstance(value, str) and value.strip() else ""


def _text_object(part: object) -> str:
    if not isinstance(part, dict) or _text(part, "type") not in {"plain_text", "mrkdwn"}:
        return ""
    return _text(part, "text")
