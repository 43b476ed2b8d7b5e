"""Messages as text: what goes out holds no markup but ours, what comes in reads as a person reads it."""

import re
from html import unescape

import pytest

from adapters.teams.cards.markup import (
    MAX_POST_BYTES,
    MessageLink,
    escape_html,
    message_link,
    post_markup,
    split_post,
    thread_link,
)
from flows.wording.document import parse_document
from tests.adapters.slack.blocks.test_messages import LONGEST

CHANNEL, CHAT = "19:ab_c-1@thread.tacv2", "19:meeting_x@thread.v2"

# --- out


def test_a_text_has_no_markup_but_line_ends() -> None:
    assert escape_html("a <b> & &amp;\n<at>x</at>\r\n\x00\x07\ud83d") == (
        "a &lt;b&gt; &amp; &amp;amp;<br/>&lt;at&gt;x&lt;/at&gt;<br/>\ufffd"
    )


def test_a_posts_first_line_and_the_lines_above_lists_stand_out() -> None:
    assert post_markup(parse_document("Acme: <where>\n\nThe *facts*\n• late\n• x\nend")) == (
        "<b>Acme: &lt;where&gt;</b><br/><br/><b>The &#42;facts&#42;</b><br/>• late<br/>• x<br/>end"
    )


def test_a_post_of_one_line_stands_out_nowhere() -> None:
    assert post_markup(parse_document("Done: a fixed export")) == "Done: a fixed export"


@pytest.mark.parametrize("text", [*LONGEST, "日本語" * 13_000, "a\n• b\n" * 3000, "short", "", "\n\n"])
def test_as_many_messages_as_it_takes_hold_all_of_it(text: str) -> None:
    messages = split_post(parse_document(text))
    assert all(len(message.encode()) < 20_000 for message in messages)
    whole = "".join(re.sub(r"</?b>|<br/>", "", message) for message in messages)
    assert "".join(whole.split()) == "".join(escape_html(text).replace("<br/>", "").split())
    assert len(messages) <= 1 + 6 * len(text.encode()) // MAX_POST_BYTES


# --- links


@pytest.mark.parametrize(
    "host", ["teams.microsoft.com", "TEAMS.cloud.microsoft", "gov.teams.microsoft.us", "dod.teams.microsoft.us"]
)
def test_a_link_to_a_message_is_found(host: str) -> None:
    link = f"https://{host}/l/message/19%3Aab_c-1%40thread.tacv2/1700000000001?tenantId=t-1&groupId=g&parentMessageId=1700000000000&x=1"
    assert message_link(f"start Acme <{link}> please") == MessageLink(
        CHANNEL, "1700000000001", "1700000000000", "t-1", "start Acme please"
    )


@pytest.mark.parametrize("conversation", [CHAT, CHANNEL, "19:a_b@unq.gbl.spaces", "19:x@thread.skype"])
def test_a_link_as_it_is_typed_is_found_too(conversation: str) -> None:
    link = message_link(f"https://teams.microsoft.com/l/message/{conversation}/1700000000001")
    assert link == MessageLink(conversation, "1700000000001")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://teams.microsoft.com/l/chat/19:x@thread.v2/0",
        "https://teams.microsoft.com.e.example/l/message/19:x@thread.v2/1700000000001",
        "https://e.example/l/message/19:x@thread.v2/1700000000001",
        "https://teams.microsoft.com@e.example/l/message/19:x@thread.v2/1700000000001",
        "https://teams.microsoft.com/l/message/19:x@evil/1700000000001",
        "https://teams.microsoft.com/l/message/19:x@thread.v2/abc",
        "https://[teams.microsoft.com/l/message/19:x@thread.v2/1700000000001",
        "https://teams.microsoft.com/l/message/19%2Fx@thread.v2/1700000000001",
        "https://teams.microsoft.com/l/message/19%3Ax%00@thread.v2/1700000000001",
        "https://teams.microsoft.com/l/message/19%3Ax%7F@thread.v2/1700000000001",
    ],
)
def test_what_is_no_link_to_a_message_is_none(text: str) -> None:
    assert message_link(text) is None


@pytest.mark.parametrize("around", ["{}.", "({})", "<{}>", "“{}”", "{},", "{}!"])
def test_what_people_write_around_a_link_does_not_count(around: str) -> None:
    link = message_link(
        "start Acme " + around.format("https://teams.microsoft.com/l/message/19:x@thread.v2/1700000000001")
    )
    assert link == MessageLink("19:x@thread.v2", "1700000000001", rest="start Acme")


def test_the_lines_around_a_link_stay_lines() -> None:
    link = message_link("start  Acme\nhttps://teams.microsoft.com/l/message/19:x@thread.v2/1700000000001\nthey shout")
    assert link
    assert link.rest.split("\n")[0] == "start Acme"
    assert "they shout" not in link.rest.split("\n")[0]


def test_the_first_that_is_one_counts_and_what_it_tells_wrongly_is_nothing() -> None:
    good = "https://teams.microsoft.com/l/message/19:x@thread.v2/1700000000001?tenantId=<b>&parentMessageId=x"
    link = message_link(f"https://e.example/l/message/19:x@thread.v2/1 {good}")
    assert link
    assert (link.message, link.tenant, link.parent) == ("1700000000001", "", "")


@pytest.mark.parametrize(
    ("conversation", "thread", "group", "link"),
    [
        (
            CHANNEL,
            "17",
            "g",
            "https://teams.microsoft.com/l/message/19%3Aab_c-1%40thread.tacv2/17?tenantId=t&groupId=g&parentMessageId=17",
        ),
        (
            CHANNEL,
            "17",
            "",
            "https://teams.microsoft.com/l/message/19%3Aab_c-1%40thread.tacv2/17?tenantId=t&parentMessageId=17",
        ),
        (CHANNEL, "", "g", "https://teams.microsoft.com/l/channel/19%3Aab_c-1%40thread.tacv2/0?tenantId=t&groupId=g"),
        (
            CHAT,
            "",
            "",
            "https://teams.microsoft.com/l/chat/19%3Ameeting_x%40thread.v2/conversations?tenantId=t&context=%7B%22contextType%22%3A%22chat%22%7D",
        ),
    ],
)
def test_a_thread_can_be_linked_to(conversation: str, thread: str, group: str, link: str) -> None:
    assert thread_link(conversation, thread, "t", group) == link


def test_what_is_linked_to_is_found_again() -> None:
    for conversation in (CHANNEL, CHAT):
        link = message_link(thread_link(conversation, "1700000000000", "t-1", "g"))
        assert link
        assert (link.conversation, link.message, link.tenant) == (conversation, "1700000000000", "t-1")


@pytest.mark.parametrize(
    "user_text",
    [
        "**b** _i_ ~~s~~",
        "# h",
        "- a",
        "+ a",
        "1. a",
        "123) a",
        "| a | b |",
        "`c` \\*",
        "[x](http://e)",
        "a\n---",
        "a\n===",
    ],
)
def test_no_sign_of_markdown_stands_in_a_message_as_it_was_typed(user_text: str) -> None:
    body = escape_html(user_text)
    assert unescape(body.replace("<br/>", "\n")) == user_text
    assert not re.search(r"[*_`~|\\\[\]]|(?:^|<br/>)(?:#|[-+=]|\d+[.)])", body)
