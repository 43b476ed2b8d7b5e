"""Reads the HTML of a message as a person reads it, in plain text and in linear time."""

import re
from collections.abc import Mapping

from lxml import etree

from adapters.teams.cards.markup import MESSAGE_LINK_PATH, json_safe

MAX_HTML_CHARACTERS = 100_000
"""Characters of a message's HTML. Teams itself takes some 28 KB; more is not read at all."""


def read_html(content: str, *, keeps_message_links: bool = False) -> str:
    """A message's HTML as a person reads it; empty if it is longer than any message of Teams.

    A quoted message that it replies to is left out: those are another person's words. Never raises.
    `keeps_message_links`: what a link says is followed by its address, if that is the address of a message.
    """
    if len(content) > MAX_HTML_CHARACTERS:
        return ""
    visible_text = _VisibleText(keeps_message_links=keeps_message_links)
    parser = etree.HTMLParser(target=visible_text, encoding="utf-8", huge_tree=True)  # without the limit of 256 levels
    parser.feed(f"<body>{json_safe(content)}".encode())  # the parser takes a document without any tag for an error
    parser.close()
    return tidy_lines("".join(visible_text.parts))


def tidy_lines(text: str) -> str:
    """The text with one kind of blank and of line end, without blanks at the end of a line or many empty lines."""
    lines = (line.rstrip() for line in text.replace("\xa0", " ").splitlines())
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

    def __init__(self, *, keeps_message_links: bool) -> None:
        self.parts: list[str] = []
        """None is empty."""
        self._keeps_message_links = keeps_message_links
        self._link = ""
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
        elif tag == "a" and self._keeps_message_links:
            address = attributes.get("href", "")
            self._link = address if MESSAGE_LINK_PATH in address else ""
        elif tag == "emoji" or (tag == "img" and "emoji" in kind):
            self._append(attributes.get("alt", ""))

    def end(self, tag: str) -> None:
        if self._hidden_depth:
            self._hidden_depth -= 1
        elif tag == "a" and self._link:
            self._append(f" {self._link} ")
            self._link = ""
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
