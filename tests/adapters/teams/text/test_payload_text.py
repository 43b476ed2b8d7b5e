"""The words of a message from whose menu the app is called, wherever in it they are."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.cards.markup import Json
from adapters.teams.text.payload_text import payload_text
from tests.examples import examples


def body(content: str, kind: str = "html") -> Json:
    return {"body": {"contentType": kind, "content": content}}


def attached(kind: str, content: object, **more: object) -> Json:
    """A message whose only words are in an attachment; its body refers to it."""
    attachment = {"id": "1", "contentType": kind, "content": content} | more
    return body('<attachment id="1"></attachment>') | {"attachments": [attachment]}


RUNS = [{"type": "TextRun", "text": "nobody "}, {"type": "TextRun", "text": "called"}]
CARD_WORDS = "Ticket 7\nnobody called\nin a column\nSince: Monday"
ADAPTIVE = {
    "type": "AdaptiveCard",
    "body": [
        {"type": "TextBlock", "text": "Ticket 7"},
        {"type": "RichTextBlock", "inlines": RUNS},
        {"type": "ColumnSet", "columns": [{"items": [{"type": "TextBlock", "text": "in a column"}]}]},
        {"type": "FactSet", "facts": [{"title": "Since", "value": "Monday"}]},
    ],
    "actions": [{"type": "Action.OpenUrl", "title": "Open"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (body("<p>Nobody <b>called</b></p>"), "Nobody called"),
        (body("a <b> c", "text"), "a <b> c"),
        (body('<at id="0">Sam</at> look'), "@Sam look"),
        ({"subject": "Outage", **body("<p>again</p>")}, "Outage\nagain"),
        (
            attached(
                "forwardedMessageReference",
                json.dumps({"originalMessageId": "1", "originalMessageContent": "<p>Nobody called</p>"}),
            ),
            "Nobody called",
        ),
        (
            body("<p>See:</p>")
            | {
                "attachments": [
                    {
                        "contentType": "forwardedMessageReference",
                        "content": json.dumps({"originalMessageContent": "<p>late</p>"}),
                    }
                ]
            },
            "See:\nlate",
        ),
        (
            attached("messageReference", json.dumps({"messagePreview": "another person's words"})),
            "",
        ),
        (
            attached("application/vnd.microsoft.card.adaptive", json.dumps(ADAPTIVE)),
            CARD_WORDS,
        ),
        (attached("application/vnd.microsoft.card.adaptive", ADAPTIVE), CARD_WORDS),
        (
            attached(
                "application/vnd.microsoft.card.thumbnail",
                json.dumps({"title": "Mail", "subtitle": "from Kim", "text": "<p>Nobody<br>called</p>"}),
            ),
            "Mail\nfrom Kim\nNobody\ncalled",
        ),
        (
            attached(
                "application/vnd.microsoft.teams.card.o365connector",
                {"title": "CI", "sections": [{"activityTitle": "Build", "facts": [{"name": "State", "value": "red"}]}]},
            ),
            "CI\nBuild\nState: red",
        ),
        (attached("reference", None, name="complaint.docx", contentUrl="https://x"), "complaint.docx"),
        (body("<p>look</p>") | {"attachments": [{"contentType": "reference", "name": "x.docx"}]}, "look"),
        (attached("application/vnd.microsoft.card.adaptive", "no json"), ""),
        (attached("application/vnd.microsoft.card.adaptive", "[" * 5000), ""),
        ({"attachments": [None, 1, "x", {}, {"contentType": 7, "content": []}], "body": "x", "subject": 3}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_the_words_of_a_message_are_read_wherever_they_are(message: Json, words: str) -> None:
    assert payload_text(message) == words


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["body", "text", "title", "items", "facts", "inlines", "value", "content", "attachments"]),
            children,
        )
    ),
    max_leaves=12,
)


@examples(150)
@given(JSON, st.sampled_from(["application/vnd.microsoft.card.adaptive", "forwardedMessageReference", "reference"]))
def test_nothing_attached_is_too_odd_to_read(content: object, kind: str) -> None:
    words = payload_text(
        {"body": content, "subject": content, "attachments": [{"contentType": kind, "content": content}]}
    )
    assert words == words.strip()


def test_a_deep_or_long_card_is_read_in_linear_time() -> None:
    def seconds(count: int) -> float:
        items = [{"type": "TextBlock", "text": "<a "}] * count
        began = time.thread_time()
        payload_text(attached("application/vnd.microsoft.card.adaptive", {"body": items}))
        return time.thread_time() - began

    short, long = min(seconds(500) for _ in range(3)), min(seconds(2_000) for _ in range(3))
    assert long < 12 * short + 0.02
