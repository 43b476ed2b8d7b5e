"""Reads the text of an activity: mentions of the app are taken out, those of people become their names.

A mention stands twice in an activity: as an `<at>` element in the text, and as an entity that says who it is. Their
spellings differ (attributes, capitals, blanks, entities of HTML), so no copy of the markup is searched for: the
elements are found in the text itself, in linear time, and each is matched with its entity.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from adapters.teams.text.html_text import read_html, tidy_lines
from flows.text import name_key

HTML_FORMATS = frozenset({"html", "xml"})
"""The values of `textFormat` with which the text is HTML."""
MAX_MENTIONS = 100
"""Mentions of one message that are looked at. The rest are read as names."""
MAX_NAME_CHARACTERS, MAX_NAME_WORDS = 200, 8
"""How much of a text can be a name, where nothing says where the name ends."""
MAX_MARKUP_CHARACTERS = 1_000
"""How much of the markup of one mention is compared."""
_TAG = re.compile(r"<(?P<end>/?)(?P<name>at|br|p|div)(?P<attributes>(?:[\s/][^<>]*)?)>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")
_SPAN = re.compile(r"<span(?P<attributes>\s[^<>]*)>(?P<name>[^<>]*)</span\s*>", re.IGNORECASE)
_SPAN_KIND = "schema.skype.com/mention"
_INDEX = re.compile(r"\b(?:item)?id\s*=\s*[\"']?(\d{1,4})\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_TAGS = frozenset({"p", "div"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who was mentioned, as the entity says. `markup`: of the mention; the text may spell it differently."""

    user_id: str
    name: str
    markup: str = ""


@dataclass(slots=True)
class _Element:
    """An `<at>` element of a text. `index`: by its attribute. `words`: in it."""

    index: int | None
    words: str
    mention: Mention | None = None


@dataclass(slots=True)
class _Reader:
    """Gathers the parts of a text. `keeps_markup`: the text is HTML, of which only mentions are read here."""

    keeps_markup: bool
    keys: dict[str, list[int]]
    parts: "list[str | _Element]" = field(default_factory=list)
    element: _Element | None = None
    depth: int = 0

    def read_text(self, text: str) -> None:
        if not text:
            return
        if self.element is not None:
            self.element.words += text
        else:
            self.parts.append(text if self.keeps_markup else decode_entities(text))

    def read_tag(self, tag: re.Match[str]) -> None:
        name, is_end = tag["name"].lower(), bool(tag["end"])
        if name == "at":
            self._read_mention_tag(tag["attributes"], is_end=is_end)
        elif self.element is not None:
            self.element.words += " "
        elif self.keeps_markup:
            self.parts.append(tag[0])
        elif name in _LINE_TAGS:
            self._end_line()
        else:
            self.parts.append("\n")

    def close(self) -> None:
        """The text is over: what was begun and not ended is."""
        self._end_unclosed_element()

    def _read_mention_tag(self, attributes: str, *, is_end: bool) -> None:
        if is_end:
            if self.depth > 1:
                self.depth -= 1
            elif self.element is not None:
                self._end_element()
            return
        if self.element is not None and not self.element.words.strip():  # one in the other
            self.depth += 1
            return
        self._end_unclosed_element()
        index = _INDEX.search(attributes)
        self.element, self.depth = _Element(int(index[1]) if index else None, ""), 1

    def _end_element(self) -> None:
        if self.element is not None:
            self.parts.append(self.element)
        self.element, self.depth = None, 0

    def _end_unclosed_element(self) -> None:
        """Without an end tag, only the name of somebody who was mentioned is the mention; the rest was typed."""
        if self.element is None:
            return
        words, rest = self._split_name(self.element.words)
        if words:
            self.element.words = words
            self._end_element()
        self.element, self.depth = None, 0
        self.read_text(rest)

    def _split_name(self, text: str) -> tuple[str, str]:
        """The name of a mention with which the text begins, and what follows it; the name is empty if there is none."""
        ends = [word.end() for word in re.finditer(r"\S+", text[:MAX_NAME_CHARACTERS])][:MAX_NAME_WORDS]
        for end in reversed(ends):
            if _key(text[:end]) in self.keys:
                return text[:end], text[end:]
        return "", text

    def _end_line(self) -> None:
        last = self.parts[-1] if self.parts else "\n"
        if isinstance(last, _Element) or not last.endswith("\n"):
            self.parts.append("\n")


def read_message(text: str, text_format: str, mentions: Sequence[Mention], app_id: str) -> str:
    """An activity's text as a person reads it. `app_id`: whose mentions are taken out.

    A `<br>`, `<p>` or `<div>` ends a line in every format: what somebody typed like it comes with its entities.
    """
    is_html = text_format.lower() in HTML_FORMATS
    content = _replace_mentions(text, mentions, app_id, keeps_markup=is_html)
    return read_html(content, keeps_message_links=True) if is_html else tidy_lines(content)


def read_html_copy(content: str, mentions: Sequence[Mention], app_id: str) -> str:
    """The same for the copy of a message that Teams attaches as HTML, where mentions are `<span>` elements."""

    def element(span: re.Match[str]) -> str:
        is_mention = _SPAN_KIND in span["attributes"].lower()
        return f"<at{span['attributes']}>{span['name']}</at>" if is_mention else span[0]

    return read_message(_SPAN.sub(element, content), "html", mentions, app_id)


def decode_entities(text: str) -> str:
    """The text with its entities replaced once: what somebody typed like an entity stays as typed."""
    return _ENTITY.sub(lambda match: unescape(match[0]), text)


def _replace_mentions(text: str, mentions: Sequence[Mention], app_id: str, *, keeps_markup: bool) -> str:
    mentions = mentions[:MAX_MENTIONS]
    keys = _mentions_by_key(mentions)
    reader, position = _Reader(keeps_markup, keys), 0
    for tag in _TAG.finditer(text):
        reader.read_text(text[position : tag.start()])
        reader.read_tag(tag)
        position = tag.end()
    reader.read_text(text[position:])
    reader.close()
    elements = [part for part in reader.parts if isinstance(part, _Element)]
    _match_elements(elements, mentions, keys)
    return "".join(
        _shown_name(part, app_id, keeps_markup=keeps_markup) if isinstance(part, _Element) else part
        for part in reader.parts
    )


def _match_elements(elements: Sequence[_Element], mentions: Sequence[Mention], keys: dict[str, list[int]]) -> None:
    """Find each element's mention: by the name, then by the index in its attribute, then by their order."""
    unmatched, used = [], set()
    for position, element in enumerate(elements):
        numbers = keys.get(_key(element.words), [])
        if numbers:
            number = position if position in numbers else numbers[0]
            element.mention = mentions[number]
            used.add(number)
        else:
            unmatched.append(element)
    for element in unmatched:
        if element.index is not None and element.index < len(mentions) and element.index not in used:
            element.mention = mentions[element.index]
            used.add(element.index)
    others = (mention for number, mention in enumerate(mentions) if number not in used)
    for element in unmatched:
        if element.mention is None:
            element.mention = next(others, None)


def _mentions_by_key(mentions: Sequence[Mention]) -> dict[str, list[int]]:
    """The numbers of the mentions by the names under which they can stand in the text."""
    keys: dict[str, list[int]] = {}
    for number, mention in enumerate(mentions):
        for key in {_key(mention.name), _key(mention.markup)} - {""}:
            keys.setdefault(key, []).append(number)
    return keys


def _key(words: str) -> str:
    return name_key(decode_entities(_ANY_TAG.sub("", words[:MAX_MARKUP_CHARACTERS]))).removeprefix("@").strip()


def _shown_name(element: _Element, app_id: str, *, keeps_markup: bool) -> str:
    mention = element.mention
    if mention is not None and mention.user_id.casefold() == app_id.casefold():
        return " "
    own_words = decode_entities(_ANY_TAG.sub("", element.words))
    name = " ".join(((mention.name if mention else "") or own_words).split()).removeprefix("@")
    shown_name = f"@{name}" if name else ""
    return escape(shown_name) if keeps_markup else shown_name
