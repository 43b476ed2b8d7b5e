"""Converts between plain text and Teams' HTML. Nothing that people type becomes markup; links are read and made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from lxml import etree

from adapters.shared.documents import split_document
from flows.wording.document import BlockKind, Document, TextBlock

Json = dict[str, Any]

MAX_POST_BYTES = 19_000
"""Bytes of one message's HTML. Teams accepts some 28 KB for the whole message."""

TEAMS_HOSTS = ("teams.microsoft.com", "teams.cloud.microsoft", "gov.teams.microsoft.us", "dod.teams.microsoft.us")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKDOWN = re.compile(r"[*_`~|\\\[\]#]|^[-+=](?=[ \t\-=]|$)|^\d{1,9}[.)]", re.MULTILINE)
"""What begins emphasis, code, links, tables, headings or lists."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MESSAGE_LINK = re.compile(r"<?(https?://[^\s<>\"|]+/l/message/[^\s<>\"|]+)>?", re.IGNORECASE)
_CONVERSATION = re.compile(r"19:[^\s/?#<>]{1,250}@(?:thread\.(?:tacv2|v2|skype)|unq\.gbl\.spaces)")
_CHANNEL = ("@thread.tacv2", "@thread.skype")
_MESSAGE = re.compile(r"\d{9,17}")
_TENANT = re.compile(r"[0-9A-Za-z.-]{1,64}")
_PATH = re.compile(r"/l/message/(?P<conversation>[^/]+)/(?P<message>[^/]+)/?")


def json_safe(text: str) -> str:
    """The text as JSON and UTF-8 can carry it: half of a surrogate pair becomes U+FFFD, NUL goes."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def escape_html(text: str) -> str:
    """The text as HTML for a message whose `textFormat` is `xml`: nothing typed in it is read as markup.

    Signs of Markdown are entities too, for Microsoft's playground reads Markdown in such messages as well.
    """
    html = escape(_NO_XML.sub("", json_safe(text)), quote=False)
    return _MARKDOWN.sub(lambda sign: f"{sign[0][:-1]}&#{ord(sign[0][-1])};", html).replace("\n", "<br/>")


def post_markup(document: Document) -> str:
    """The HTML of a document: its title and its headings are bold."""
    first, *others = document.blocks
    return _block_markup(first) + "".join(_line_ends(block) + _block_markup(block) for block in others)


def split_post(document: Document) -> list[str]:
    """The HTML of a document, in as many messages as it needs, each small enough for Teams."""
    return [post_markup(part) for part in split_document(document, MAX_POST_BYTES, _block_bytes)]


def _block_bytes(block: TextBlock) -> int:
    return len((_line_ends(block) + _block_markup(block)).encode())


def _line_ends(block: TextBlock) -> str:
    return "<br/>" * (block.empty_lines_above + 1)


def _block_markup(block: TextBlock) -> str:
    markup = escape_html(block.plain_text)
    return f"<b>{markup}</b>" if block.kind in {BlockKind.TITLE, BlockKind.HEADING} else markup


def read_message(text: str, mentions: Mapping[str, str]) -> str:
    """An activity's text as a person reads it.

    `mentions`: from the markup of each mention to its text: empty for the app's own, "@Name" for a person's.
    """
    if not mentions:
        return _unescape(text).strip()
    longest = sorted(mentions, key=len, reverse=True)
    parts = re.split("(" + "|".join(map(re.escape, longest)) + ")", text)
    return "".join(mentions.get(part, "") if n % 2 else _unescape(part) for n, part in enumerate(parts)).strip()


def _unescape(text: str) -> str:
    """The text with its entities replaced once: what somebody typed like an entity stays as typed."""
    return _ENTITY.sub(lambda match: unescape(match[0]), text).replace("\xa0", " ")


def read_html(content: str) -> str:
    """A message's HTML as a person reads it, in plain text.

    A quoted message that it replies to is left out: those are another person's words. Never raises.
    """
    visible_text = _VisibleText()
    parser = etree.HTMLParser(target=visible_text, encoding="utf-8", huge_tree=True)  # without the limit of 256 levels
    parser.feed(f"<body>{json_safe(content)}".encode())  # the parser takes a document without any tag for an error
    parser.close()
    lines = (line.rstrip() for line in "".join(visible_text.parts).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _VisibleText:
    """The target of a parser: gathers what is to be read, which is text, line ends, names of people mentioned, emoji.

    The parser closes what was left open, so each start has its end.
    """

    BLOCKS = frozenset(
        {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "codeblock", "hr"}
    ) | frozenset(f"h{n}" for n in range(1, 7))
    HIDDEN = frozenset({"script", "style", "title", "attachment"})
    PREFORMATTED = frozenset({"pre", "codeblock"})

    def __init__(self) -> None:
        self.parts: list[str] = []
        """None is empty."""
        self._hidden_depth = 0
        self._preformatted_depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("itemtype", "").lower()
        if self._hidden_depth or tag in self.HIDDEN or (tag == "blockquote" and "reply" in kind):
            self._hidden_depth += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag in self.BLOCKS:
            self._end_line()
            self._append("• " if tag == "li" else "")
            self._preformatted_depth += tag in self.PREFORMATTED
        elif tag == "at":
            self.parts.append("@")
        elif tag in {"td", "th"}:
            self._append("" if self._ends_in_space() else " ")
        elif tag == "emoji" or (tag == "img" and "emoji" in kind):
            self._append(attributes.get("alt", ""))

    def end(self, tag: str) -> None:
        if self._hidden_depth:
            self._hidden_depth -= 1
        elif tag in self.BLOCKS:
            self._end_line()
            self._preformatted_depth -= tag in self.PREFORMATTED

    def data(self, data: str) -> None:
        if self._hidden_depth:
            return
        if not self._preformatted_depth:
            data = re.sub(r"[ \t\n\f]+", " ", data)
            data = data.lstrip(" ") if self._ends_in_space() else data
        self._append(data)

    def close(self) -> None:
        """Called by the parser at the end of the document."""

    def _append(self, text: str) -> None:
        if text:
            self.parts.append(text)

    def _ends_in_space(self) -> bool:
        return not self.parts or self.parts[-1].endswith((" ", "\n"))

    def _end_line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")


@dataclass(frozen=True, slots=True)
class MessageLink:
    """A link to a message. `parent`: the first message of its thread, if told. `rest`: the text around the link."""

    conversation: str
    message: str
    parent: str = ""
    tenant: str = ""
    rest: str = ""


def message_link(text: str) -> MessageLink | None:
    """The first link to a Teams message in a text; None if there is none."""
    for match in _MESSAGE_LINK.finditer(text):
        if link := _parse_link(match[1]):
            rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
            return MessageLink(*link, rest)
    return None


def _parse_link(url: str) -> tuple[str, str, str, str] | None:
    """Conversation, message, parent and tenant of a link, if it is one to a message of Teams."""
    try:
        parts = urlsplit(url)
        host, path = (parts.hostname or "").lower(), _PATH.fullmatch(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, max_num_fields=50).items()}
    except ValueError:
        return None
    if path is None or host not in TEAMS_HOSTS:
        return None
    conversation, message = unquote(path["conversation"]), path["message"]
    if not (_CONVERSATION.fullmatch(conversation) and _MESSAGE.fullmatch(message)):
        return None
    parent, tenant = query.get("parentMessageId", ""), query.get("tenantId", "")
    return (
        conversation,
        message,
        parent if _MESSAGE.fullmatch(parent) else "",
        tenant if _TENANT.fullmatch(tenant) else "",
    )


def thread_link(
    conversation: str, thread: str, tenant: str, group_id: str, base: str = f"https://{TEAMS_HOSTS[0]}"
) -> str:
    """Where a thread, a channel or a group chat is to be seen, as Teams itself copies such links.

    `group`: the team's id in Entra. Empty ones are left out. A message of a group chat is named by `thread` too.
    `base`: of the cloud.
    """
    quoted_conversation = quote(conversation, safe="")
    if conversation.endswith(_CHANNEL):
        query = {"tenantId": tenant, "groupId": group_id, "parentMessageId": thread}
        path = (
            f"l/message/{quoted_conversation}/{quote(thread, safe='')}"
            if thread
            else f"l/channel/{quoted_conversation}/0"
        )
    else:
        query = {"tenantId": tenant, "context": '{"contextType":"chat"}'}
        path = (
            f"l/message/{quoted_conversation}/{quote(thread, safe='')}"
            if thread
            else f"l/chat/{quoted_conversation}/conversations"
        )
    query_text = urlencode({name: value for name, value in query.items() if value})
    return f"{base}/{path}" + (f"?{query_text}" if query_text else "")
