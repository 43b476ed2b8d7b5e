"""Between plain text and Teams': no markup can be typed on the way out; on the way in it reads as a person reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from adapters.shared.text_splitting import split_text

Json = dict[str, Any]

MAX_POST_BYTES = 19_000
"""Bytes of one message's HTML. Teams takes some 28 KB, the envelope included."""

TEAMS_HOSTS = ("teams.microsoft.com", "teams.cloud.microsoft", "gov.teams.microsoft.us", "dod.teams.microsoft.us")
HEADING_PATTERN = re.compile(r"^([^\W_][^\n•]{0,79})\n(?=• )", re.MULTILINE)
"""A line above a list."""

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
    """The text as a message's body whose `textFormat` is `xml`: nothing typed in it can be markup.

    Signs of Markdown are written as entities too, for Microsoft's playground reads it in such messages as well.
    """
    escaped = escape(_NO_XML.sub("", json_safe(text)), quote=False)
    return _MARKDOWN.sub(lambda sign: f"{sign[0][:-1]}&#{ord(sign[0][-1])};", escaped).replace("\n", "<br/>")


def post_markup(text: str) -> str:
    """A message for everybody: the first of several lines and the lines above lists stand out."""
    first, end, rest = text.partition("\n")
    return (
        f"<b>{escape_html(first)}</b><br/>{_with_headings(rest)}"
        if end and rest.strip() and first.strip()
        else escape_html(text)
    )


def split_post(text: str) -> list[str]:
    """The same in as many messages as it takes, each small enough for Teams."""
    first, *others = [piece for piece in split_text(text, MAX_POST_BYTES, _size) if piece.strip()] or [text]
    return [post_markup(first), *(_with_headings(other.strip("\n")) for other in others)]


def _size(text: str) -> int:
    """Bytes that a text takes at most: each of its headings is in bold type."""
    return len(_with_headings(text).encode()) + len("<b></b>")


def _with_headings(text: str) -> str:
    parts, since = [], 0
    for found in HEADING_PATTERN.finditer(text):
        parts += [escape_html(text[since : found.start()]), f"<b>{escape_html(found[1])}</b><br/>"]
        since = found.end()
    return "".join([*parts, escape_html(text[since:])])


def read_message(text: str, mentions: Mapping[str, str]) -> str:
    """An activity's text as a person reads it.

    `mentions`: from the very markup of a mention to what stands for it: nothing for our own, "@Name" for another one.
    """
    if not mentions:
        return _unescape(text).strip()
    longest = sorted(mentions, key=len, reverse=True)
    parts = re.split("(" + "|".join(map(re.escape, longest)) + ")", text)
    return "".join(mentions.get(part, "") if n % 2 else _unescape(part) for n, part in enumerate(parts)).strip()


def _unescape(text: str) -> str:
    """What the entities stand for. One level of them: what somebody typed like an entity stays as typed."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text).replace("\xa0", " ")


def read_html(content: str) -> str:
    """A message's HTML as a person reads it, in plain text.

    A quoted message that it replies to is left out: those are another one's words. Never raises.
    """
    reader = _TextReader()
    reader.feed(json_safe(content))
    reader.close()
    lines = (line.rstrip() for line in "".join(reader.parts).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _TextReader(HTMLParser):
    """Gathers what is to be read: text, line ends, names of people mentioned, emoji."""

    BLOCKS = frozenset(
        {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "codeblock", "hr"}
    ) | frozenset(f"h{n}" for n in range(1, 7))
    DROPPED = frozenset({"script", "style", "title", "attachment"})
    KEPT = frozenset({"pre", "codeblock"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._out = 0  # how deep we are in what is left out, counted in tags of the kind that began it
        self._out_of = ""
        self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if self._out:
            self._out += tag == self._out_of
        elif tag in self.DROPPED or (tag == "blockquote" and "reply" in (known.get("itemtype") or "").lower()):
            self._out, self._out_of = 1, tag
        elif tag == "br":
            self.parts.append("\n")
        elif tag in self.BLOCKS:
            self._line()
            self.parts += ["• "] if tag == "li" else []
            self._kept += tag in self.KEPT
        elif tag == "at":
            self.parts.append("@")
        elif tag in {"td", "th"}:
            self.parts += [] if self._is_spaced() else [" "]
        elif tag == "emoji" or (tag == "img" and "emoji" in (known.get("itemtype") or "").lower()):
            self.parts.append(known.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._out:
            self._out -= tag == self._out_of
        elif tag in self.BLOCKS:
            self._line()
            self._kept = max(0, self._kept - (tag in self.KEPT))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.DROPPED and tag != "blockquote":  # an empty one begins nothing to leave out
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if not self._out:
            text = data if self._kept else re.sub(r"[ \t\n\f]+", " ", data)
            self.parts.append(text.lstrip(" ") if self._is_spaced() and not self._kept else text)

    def unknown_decl(self, data: str) -> None:
        """What Word leaves in a text: nothing to read."""

    def _is_spaced(self) -> bool:
        """Whether a blank here would be one too many."""
        before = next((part for part in reversed(self.parts) if part), "\n")
        return before.endswith((" ", "\n"))

    def _line(self) -> None:
        if self.parts and not "".join(self.parts[-2:]).endswith("\n"):
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
    for found in _MESSAGE_LINK.finditer(text):
        if link := _parse_link(found[1]):
            rest = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
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
    conversation: str, thread: str, tenant: str, group: str, base: str = f"https://{TEAMS_HOSTS[0]}"
) -> str:
    """Where a thread, a channel or a group chat is to be seen, as Teams itself copies such links.

    `group`: the team's id in Entra. Empty ones are left out. A message of a group chat is named by `thread` too.
    `base`: of the cloud.
    """
    where = quote(conversation, safe="")
    if conversation.endswith(_CHANNEL):
        query = {"tenantId": tenant, "groupId": group, "parentMessageId": thread}
        path = f"l/message/{where}/{quote(thread, safe='')}" if thread else f"l/channel/{where}/0"
    else:
        query = {"tenantId": tenant, "context": '{"contextType":"chat"}'}
        path = f"l/message/{where}/{quote(thread, safe='')}" if thread else f"l/chat/{where}/conversations"
    told = urlencode({name: value for name, value in query.items() if value})
    return f"{base}/{path}" + (f"?{told}" if told else "")
