"""The words of a message, wherever they stand: the first fact is offered from them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks.message_text import MAX_MESSAGE_CHARACTERS, message_markup
from adapters.slack.blocks.mrkdwn import read_message
from tests.adapters.slack.harness import FIRST_FACT, SlackHarness
from tests.peers.slack.team import Json

WORDS = "The export was empty again."


def text(words: str = WORDS, kind: str = "mrkdwn") -> Json:
    return {"type": kind, "text": words}


def rich(*elements: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def share(**fields: object) -> Json:
    return {"text": "", "attachments": [{"is_share": True, "author_name": "Ana", "from_url": "https://x", **fields}]}


MESSAGES: dict[str, tuple[Json, str]] = {
    "its text": ({"text": WORDS}, WORDS),
    "its text, which blocks repeat": ({"text": WORDS, "blocks": [rich(text(WORDS, "text"))]}, WORDS),
    "a rich text": ({"blocks": [rich(text("The ", "text"), text("export", "text"))]}, "The export"),
    "a section": ({"text": "", "blocks": [{"type": "section", "text": text()}]}, WORDS),
    "fields": ({"blocks": [{"type": "section", "fields": [text("a"), text("b")]}]}, "a\nb"),
    "a header": ({"blocks": [{"type": "header", "text": text(kind="plain_text")}]}, WORDS),
    "a context": ({"blocks": [{"type": "context", "elements": [text()]}]}, WORDS),
    "markdown": ({"blocks": [{"type": "markdown", "text": WORDS}]}, WORDS),
    "a quote": ({"blocks": [rich(text(WORDS, "text"), kind="rich_text_quote")]}, WORDS),
    "code": ({"blocks": [rich(text(WORDS, "text"), kind="rich_text_preformatted")]}, WORDS),
    "a list": (
        {
            "blocks": [
                rich(
                    {"type": "rich_text_section", "elements": [text("one", "text")]},
                    {"type": "rich_text_section", "elements": [text("two", "text")]},
                    kind="rich_text_list",
                )
            ]
        },
        "• one\n• two",
    ),
    "an attachment": ({"attachments": [{"pretext": "a", "title": "b", "text": "c"}]}, "a\nb\nc"),
    "an attachment's fields": ({"attachments": [{"fields": [{"title": "Order", "value": "7"}]}]}, "Order: 7"),
    "an attachment's blocks": ({"attachments": [{"blocks": [{"type": "section", "text": text()}]}]}, WORDS),
    "an attachment's fallback": ({"attachments": [{"fallback": WORDS}]}, WORDS),
    "a forwarded message": (share(text=WORDS), WORDS),
    "a forwarded message of blocks": (
        share(message_blocks=[{"message": {"blocks": [rich(text(WORDS, "text"))]}}]),
        WORDS,
    ),
    "a forward with a word to it": (share(text=WORDS) | {"text": "Look"}, f"Look\n\n{WORDS}"),
    "an e-mail": (
        {"text": "", "files": [{"mode": "email", "subject": "Invoice", "plain_text": WORDS}]},
        f"Invoice\n{WORDS}",
    ),
    "the preview of an e-mail": (
        {"files": [{"mode": "email", "title": "T", "preview_plain_text": WORDS}]},
        f"T\n{WORDS}",
    ),
    "the title of a file": ({"text": "", "files": [{"mode": "hosted", "title": "contract.pdf"}]}, "contract.pdf"),
    "a robot's message": ({"subtype": "bot_message", "bot_id": "B1", "attachments": [{"text": WORDS}]}, WORDS),
    "a text with signs": ({"blocks": [rich(text("a < b & c", "text"))]}, "a < b & c"),
    "a text with a link": (
        {"blocks": [rich({"type": "link", "url": "https://x.example", "text": "here"})]},
        "here",
    ),
    "a preview of a link is not theirs": (
        {"text": "https://x.example", "attachments": [{"title": "X", "text": "an advertisement"}]},
        "https://x.example",
    ),
    "a table": (
        {
            "blocks": [
                {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]}
            ]
        },
        "a | b",
    ),
}


@pytest.mark.parametrize(("message", "words"), MESSAGES.values(), ids=MESSAGES)
def test_the_words_are_read_from(message: Json, words: str) -> None:
    assert read_message(message_markup(message), {}) == words


UNNAMED = [
    ("see <#C123>", "en", "see #a channel"),
    ("see <#C123|>", "en", "see #a channel"),
    ("see <#C123>", "es", "see #un canal"),
    ("<!subteam^S123> knows", "en", "@a group knows"),
    ("<!subteam^S123|@support> knows", "en", "@support knows"),
    ("<@U123> knows", "en", "@somebody knows"),
    ("<@U123> knows", "es", "@alguien knows"),
    ("<!date^1392734382^{date}>", "en", "2014-02-18 14:39 UTC"),
    ("<!date^1392734382^{date}|Feb 18>", "en", "Feb 18"),
    ("<!date^99999999999999999999^{date}>", "en", "…"),
    ("<!date^>", "en", "…"),
    ("<!here> look", "en", "@here look"),
]


@pytest.mark.parametrize(("markup", "language", "words"), UNNAMED)
def test_what_has_no_name_is_never_shown_as_an_id(markup: str, language: str, words: str) -> None:
    assert read_message(markup, {}, language) == words


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "blocks", "elements", "attachments", "message_blocks", "message", "fields", "rows",
                             "type", "files", "mode", "title", "is_share"]),
            parts | st.sampled_from(["rich_text", "rich_text_section", "rich_text_list", "email", "plain_text"]),
            max_size=5,
        )
    ),
    max_leaves=30,
)  # fmt: skip


@given(message=st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "files"]), JSON))
def test_a_message_of_any_shape_has_some_words(message: dict[str, Any]) -> None:
    assert len(message_markup(message)) <= MAX_MESSAGE_CHARACTERS


def test_a_message_without_end_is_read_in_part() -> None:
    deep: Json = {"type": "rich_text", "elements": []}
    for _ in range(5000):
        deep = {"type": "rich_text", "elements": [deep] * 2}
    assert message_markup({"blocks": [deep] * 100}) == ""
    assert (
        len(message_markup({"blocks": [{"type": "section", "text": text("x" * 50_000)}] * 50}))
        == MAX_MESSAGE_CHARACTERS
    )


async def test_the_shortcut_offers_what_a_forwarded_message_says(on_slack: SlackHarness) -> None:
    dana = on_slack.user("dana")
    message = await dana.workspace.say("kim", "acct-acme", "FYI")
    form = await dana.point(message | share(text=WORDS))
    (field,) = [block for block in form["blocks"] if block.get("label", {}).get("text", "").startswith(FIRST_FACT)]
    assert field["element"]["initial_value"] == WORDS
