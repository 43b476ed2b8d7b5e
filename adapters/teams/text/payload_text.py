"""The words of a message from whose menu the app was called: its own, those that it forwards, those on its cards."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.teams.payload_fields import dict_field, is_too_deep, objects_field, text_field
from adapters.teams.text.html_text import MAX_HTML_CHARACTERS, read_html, tidy_lines

HTML = "html"
FORWARD_TYPES = frozenset({"forwardedmessagereference"})
CARD_PREFIX = "application/vnd.microsoft.card."
CONNECTOR_CARD = "application/vnd.microsoft.teams.card.o365connector"
FILE_TYPES = frozenset({"reference", "file"})
_CARD_TEXTS = ("title", "subtitle", "activityTitle", "activitySubtitle", "text", "activityText", "summary")
_CARD_PARTS = ("body", "items", "columns", "rows", "cells", "inlines", "sections", "facts", "card", "content")


def payload_text(message: Mapping[str, Any]) -> str:
    """The plain text of a message as Teams sends it with the menu's command; empty if it has no words.

    Its subject comes first. A quoted message to which it replies is left out. Names of files count where there is
    nothing else to read.
    """
    attachments = objects_field(message, "attachments")
    texts = [tidy_lines(text_field(message, "subject")), _body_text(message)]
    texts += [_attachment_text(one) for one in attachments]
    whole = "\n".join(filter(None, texts))
    return whole or "\n".join(filter(None, (_file_name(one) for one in attachments)))


def _body_text(message: Mapping[str, Any]) -> str:
    body = dict_field(message, "body")
    content = text_field(body, "content")
    is_html = (text_field(body, "contentType") or HTML).lower() == HTML
    return read_html(content) if is_html else tidy_lines(content)


def _attachment_text(attachment: Mapping[str, Any]) -> str:
    kind, content = text_field(attachment, "contentType").lower(), _content(attachment)
    if kind in FORWARD_TYPES:
        return read_html(text_field(content, "originalMessageContent"))
    if kind.startswith(CARD_PREFIX) or kind == CONNECTOR_CARD:
        return tidy_lines("\n".join(filter(None, _card_lines(content))))
    return ""


def _content(attachment: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content of an attachment: Teams sends it as text that holds JSON, SDKs send the object itself."""
    content = attachment.get("content")
    if isinstance(content, str) and len(content) <= MAX_HTML_CHARACTERS:
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return {}
    return content if isinstance(content, dict) and not is_too_deep(content) else {}


def _card_lines(part: Mapping[str, Any]) -> Iterator[str]:
    """What can be read on a card of any kind, line by line."""
    if "inlines" in part:
        yield "".join(text_field(one, "text") for one in objects_field(part, "inlines"))
        return
    if "value" in part and ("title" in part or "name" in part):  # a fact
        name, value = text_field(part, "title") or text_field(part, "name"), text_field(part, "value")
        yield ": ".join(filter(None, (name, value)))
        return
    for name in _CARD_TEXTS:
        yield _plain(text_field(part, name))
    for name in _CARD_PARTS:
        child = part.get(name)
        children: Sequence[object] = child if isinstance(child, list) else [child]
        for one in children:
            if isinstance(one, dict):
                yield from _card_lines(one)


def _plain(text: str) -> str:
    """The text of a card, in which old kinds of cards have HTML."""
    return read_html(text) if "</" in text or "<br" in text.lower() else text


def _file_name(attachment: Mapping[str, Any]) -> str:
    is_file = text_field(attachment, "contentType").lower() in FILE_TYPES
    return tidy_lines(text_field(attachment, "name")) if is_file else ""
