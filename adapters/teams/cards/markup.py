"""Makes the HTML of our messages: nothing that people type becomes markup. Links into Teams are made and read."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from adapters.shared.documents import split_document
from flows.wording.document import BlockKind, Document, TextBlock

Json = dict[str, Any]

MAX_POST_BYTES = 19_000
"""Bytes of one message's HTML. Teams accepts some 28 KB for the whole message."""

MESSAGE_LINK_PATH = "/l/message/"
"""How the path of a link to a message begins."""
TEAMS_HOSTS = ("teams.microsoft.com", "teams.cloud.microsoft", "gov.teams.microsoft.us", "dod.teams.microsoft.us")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKDOWN = re.compile(r"[*_`~|\\\[\]#]|^[-+=](?=[ \t\-=]|$)|^\d{1,9}[.)]", re.MULTILINE)
"""What begins emphasis, code, links, tables, headings or lists."""
_WORD = re.compile(r"[^\s<>\"|]+")
_OPENING, _CLOSING = "<([{‘“\"'", ">)]}’”\"'.,;:!?"
"""What people write around a link."""
_URL_START = re.compile(r"https?://", re.IGNORECASE)
_CONVERSATION = re.compile(r"19:[^\s/?#<>]{1,250}@(?:thread\.(?:tacv2|v2|skype)|unq\.gbl\.spaces)")
_CHANNEL = ("@thread.tacv2", "@thread.skype")
_MESSAGE = re.compile(r"\d{9,17}")
_TENANT = re.compile(r"[0-9A-Za-z.-]{1,64}")
_PATH = re.compile(rf"{MESSAGE_LINK_PATH}(?P<conversation>[^/]+)/(?P<message>[^/]+)/?")


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
    for word in _WORD.finditer(text):
        start = _URL_START.search(word[0])
        if start and (link := _parse_link(word[0][start.start() :].rstrip(_CLOSING))):
            before, after = text[: word.start() + start.start()].rstrip(_OPENING), text[word.end() :].lstrip(_CLOSING)
            lines = (" ".join(line.split()) for line in f"{before} {after}".splitlines())
            return MessageLink(*link, "\n".join(lines).strip())
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
    is_conversation = _CONVERSATION.fullmatch(conversation) is not None and conversation.isprintable()
    if not (is_conversation and _MESSAGE.fullmatch(message)):
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
