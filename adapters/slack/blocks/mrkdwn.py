"""Slack's text format: plain text is escaped, and messages are read as plain text."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.slack.blocks.limits import ELLIPSIS, shorten, split_text
from adapters.slack.blocks.words import say

Json = dict[str, Any]
MAX_EPOCH_DIGITS = 11

MAX_TEXT_CHARACTERS = 3000
"""Characters of one text object, escaped."""

MAX_FALLBACK_CHARACTERS = 4000
"""Characters of a message's text, which notifications and screen readers take."""

SLACK_HOSTS = (".slack.com", ".slack-gov.com")
_MARKUP = re.compile(r"<([^<>]+)>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">"}
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
_LINK = re.compile(
    r"<?https?://(?P<host>[a-z0-9.-]+(?::\d+)?)/archives/(?P<channel>[A-Z][A-Z0-9]+)/p(?P<second>\d{10})(?P<rest>\d{6})"
    r"(?P<query>\?[^\s<>|]*)?(?:\|[^<>]*)?(?(query)|(?![^\s<>|]))>?",
    re.IGNORECASE,
)
_THREAD = re.compile(r"[?&;]thread_ts=(\d{10}\.\d{6})(?!\d)")


def escape(text: str) -> str:
    """The text with `&`, `<` and `>` escaped: it cannot contain a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The text as it was before Slack or we escaped it."""
    return _ENTITY.sub(lambda match: _SIGNS[match[1]], text)


def plain_text(text: str, most: int = MAX_TEXT_CHARACTERS) -> Json:
    """One text object that shows the text as it was typed. A longer text is shortened."""
    visible_text = text if text.strip() else ELLIPSIS  # Slack refuses an empty one
    return {"type": "plain_text", "text": escape(shorten(visible_text, most)), "emoji": False}


def plain_texts(text: str, most: int = MAX_TEXT_CHARACTERS) -> list[Json]:
    """As many text objects as the text needs; none for a text of blanks."""
    pieces = (piece.strip("\n") for piece in split_text(text, most))
    return [plain_text(piece, most) for piece in pieces if piece.strip()]


def fallback_text(text: str) -> str:
    """The text of a message with blocks, for notifications and screen readers."""
    return escape(shorten(text, MAX_FALLBACK_CHARACTERS))


def date_text(label: str, epoch_seconds: float, fallback: str) -> str:
    """A text of ours with a time in it, as markup. `label`: it has one of Slack's tokens for a time, such as `{ago}`.

    Slack counts the time in view, in the reader's language and time zone. `fallback`: for readers whose Slack cannot.
    """
    token_text, alternative = (escape(text).replace("|", "/").replace("^", " ") for text in (label, fallback))
    return f"<!date^{int(epoch_seconds)}^{token_text}|{alternative}>"


def read_message(text: str, names: Mapping[str, str], language: str = "en") -> str:
    """A Slack message as a person reads it. `names`: of people and channels, by id.

    `language`: of the words that stand for somebody or something whose name is not known: an id says nothing.
    """
    return unescape(_MARKUP.sub(lambda match: _read_markup(match[1], names, language), text))


def parse_permalink(text: str, host: str = "") -> tuple[str, str, str] | None:
    """Channel, thread and what is left of a text with a link to a Slack message. `host`: one more that is Slack's."""
    for link in _LINK.finditer(text):
        if _is_slack(link["host"].lower(), host.lower()):
            thread = _THREAD.search(link["query"] or "")
            rest = f"{text[: link.start()]} {text[link.end() :]}"
            return link["channel"], thread[1] if thread else f"{link['second']}.{link['rest']}", " ".join(rest.split())
    return None


def first_mention(text: str) -> tuple[str, str] | None:
    """Id and name (may be empty) of the first person that a command's text names."""
    match = _PERSON.search(text)
    return (match[1], unescape(match[2] or "")) if match else None


def _is_slack(host: str, also: str) -> bool:
    return host.endswith(SLACK_HOSTS) or (also != "" and host == also)


def _read_markup(markup: str, names: Mapping[str, str], language: str) -> str:
    """The text for what stands between angle brackets. It is still escaped."""
    target, _, label = markup.partition("|")
    kind, name = target[:1], target[1:]
    label = label if label.strip() else ""
    match kind:
        case "@" | "#":
            label_or_name = escape(names.get(name, "")) or label
            substitute = say(language, "unnamed_person" if kind == "@" else "unnamed_channel")
            return kind + (label_or_name or escape(substitute)).removeprefix(kind)
        case "!" if name.startswith("date^"):
            return label or _date(name)
        case "!":
            substitute = say(language, "unnamed_group") if name.startswith("subteam^") else name
            return "@" + (label or substitute).removeprefix("@")
        case _:
            return label or target.removeprefix("mailto:")


def _date(name: str) -> str:
    """A date that has no text of its own: `date^`, epoch seconds, and a format."""
    seconds = name.split("^")[1]
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= MAX_EPOCH_DIGITS):
        return ELLIPSIS
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d %H:%M} UTC"
