"""Plain text and Slack's: what goes out is shown as it was typed, what comes in is read as a person reads it."""

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks.limits import shorten, size, split_text, utf16_length
from adapters.slack.blocks.mrkdwn import (
    MAX_FALLBACK_CHARACTERS,
    escape,
    fallback_text,
    first_mention,
    parse_permalink,
    plain_text,
    plain_texts,
    read_message,
    unescape,
)
from tests.examples import examples

SIGNS = st.sampled_from([*"ab &<>;\n\n", "&amp;", "😀", "👩‍👧", "🇪🇸", "é", "\u202e", "\u202c", "\u200b", "漢"])
LONG = st.lists(st.tuples(st.lists(SIGNS, max_size=12).map("".join), st.integers(1, 900)), max_size=12).map(
    lambda parts: "".join(text * times for text, times in parts)[:40_000]
)
FEW = examples(60)
ANA = {"U1": "Ana & Co", "C1": "acme"}


@given(st.text())
def test_what_is_escaped_means_nothing_and_reads_the_same(text: str) -> None:
    assert "<" not in escape(text)
    assert ">" not in escape(text)
    assert html.unescape(escape(text)) == text
    assert unescape(escape(text)) == text


def test_only_three_signs_are_escaped() -> None:
    assert escape("""<a> & "b" 'c'""") == """&lt;a&gt; &amp; "b" 'c'"""


def test_a_text_object_shows_no_emoji_and_no_markup() -> None:
    assert plain_text("*x* :smile: <!here>") == {
        "type": "plain_text",
        "text": "*x* :smile: &lt;!here&gt;",
        "emoji": False,
    }


@pytest.mark.parametrize("blank", ["", " ", "\n\n"])
def test_a_text_object_is_never_empty(blank: str) -> None:
    assert plain_text(blank)["text"] == "…"
    assert plain_texts(blank) == []


@FEW
@given(LONG)
def test_a_long_text_becomes_several_that_lose_nothing(text: str) -> None:
    parts = [part["text"] for part in plain_texts(text)]
    assert all(part.strip() and len(part) <= 3000 for part in parts)
    assert "".join("".join(map(html.unescape, parts)).split()) == "".join(text.split())


def test_two_thousand_ampersands_are_ten_thousand_characters() -> None:
    assert [len(part["text"]) for part in plain_texts("&" * 2000)] == [3000, 3000, 3000, 1000]


@FEW
@given(LONG, st.integers(20, 3000))
def test_pieces_are_the_whole_text(text: str, most: int) -> None:
    for measure in (size, utf16_length):
        pieces = split_text(text, most, measure)
        assert "".join(pieces) == text
        assert all(0 < measure(piece) <= most for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("one two\nthree\n\nfour five", ["one two\nthree\n\n", "four five"]),
        ("one two three\nfour five six", ["one two three\n", "four five six"]),
        ("one two three four five", ["one two three four ", "five"]),
        ("a" * 25, ["a" * 20, "a" * 5]),
    ],
)
def test_a_cut_is_at_a_paragraph_a_line_or_a_word(text: str, pieces: list[str]) -> None:
    assert split_text(text, 20) == pieces


@pytest.mark.parametrize("sign", ["e\u0301", "👩‍👩‍👧", "👍🏽", "🇪🇸", "❤️"])
def test_a_cut_is_never_within_one_sign(sign: str) -> None:
    for before in range(12):
        for piece in split_text("a" * before + sign * 30, 20):
            assert piece.replace("a", "").replace(sign, "") == ""


def test_an_entity_is_never_cut() -> None:
    assert [part["text"] for part in plain_texts("a&b<c>a&b", 12)] == ["a&amp;b&lt;c", "&gt;a&amp;b"]


@FEW
@given(LONG, st.integers(12, 200))
def test_what_is_shortened_fits_and_says_so(text: str, most: int) -> None:
    short = shorten(text, most)
    assert size(short) <= most
    assert short == text or short.endswith("…")


def test_what_is_shortened_turns_no_other_words_round() -> None:
    short = shorten("\u202e" + "a" * 50, 20)
    assert [unicodedata.bidirectional(sign) for sign in short if not sign.isalpha()] == ["RLO", "PDF", "ON"]


def test_a_fallback_is_escaped_and_short() -> None:
    assert fallback_text("<!channel>") == "&lt;!channel&gt;"
    assert len(fallback_text("&" * 5000)) <= MAX_FALLBACK_CHARACTERS


# --- what comes in


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<@U1>: hi", "@Ana & Co: hi"),
        ("<@U2|ben>", "@ben"),
        ("<@U2>", "@somebody"),
        ("<#C1|old>", "#acme"),
        ("<#C9|general>", "#general"),
        ("<#C9>", "#a channel"),
        ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
        ("<https://a.example|the &lt;report&gt;>", "the <report>"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("<tel:123|123>", "123"),
        ("<!channel> <!here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S1|@leads> <!subteam^S2>", "@leads @a group"),
        ("<!date^1392734382^{date}|18 Feb 2014>", "18 Feb 2014"),
        ("&lt;@U1&gt; &amp;lt; &quot;", "<@U1> &lt; &quot;"),
        ("*b* a < b", "*b* a < b"),
    ],
)
def test_slacks_markup_reads_as_a_person_reads_it(text: str, read: str) -> None:
    assert read_message(text, ANA) == read


@given(st.text())
def test_what_was_typed_comes_back(text: str) -> None:
    assert read_message(escape(text), {}) == text


LINK = "https://x.slack.com/archives/C123/p1700000000000100"
POINT = "1700000000.000100"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (LINK, ("C123", POINT, "")),
        (f"Acme <{LINK}> late", ("C123", POINT, "Acme late")),
        (f"<{LINK}|link text> Acme", ("C123", POINT, "Acme")),
        (f"{LINK}?thread_ts=1600000000.000200&cid=C123 Acme", ("C123", "1600000000.000200", "Acme")),
        (f"<{LINK}?cid=C123&amp;thread_ts=1600000000.000200>", ("C123", "1600000000.000200", "")),
        (f"{LINK}?thread_ts=nonsense", ("C123", POINT, "")),
        (LINK.replace("x.slack.com", "x.enterprise.slack.com"), ("C123", POINT, "")),
        (LINK.replace("x.slack.com", "x.slack-gov.com"), ("C123", POINT, "")),
        (LINK.replace("x.slack.com", "X.Slack.com"), ("C123", POINT, "")),
        (f"https://evil.example/archives/C1/p1700000000000100 {LINK}", ("C123", POINT, None)),
    ],
)
def test_a_pasted_link_names_a_thread(text: str, read: tuple[str, str, str | None]) -> None:
    result = parse_permalink(text)
    assert result
    assert result[:2] == read[:2]
    assert read[2] is None or result[2] == read[2]


@pytest.mark.parametrize(
    "text",
    [
        "Acme",
        LINK.replace("x.slack.com", "x.slack.com.evil.example"),
        LINK.replace("x.slack.com", "notslack.com"),
        LINK.replace("x.slack.com", "xslack.com"),
        LINK.replace("https://", "https://x.slack.com@evil.example/"),
        LINK.replace("https://", "https://evil.example/"),
        f"{LINK}9",
        LINK[:-1],
        LINK.replace("archives", "files"),
    ],
)
def test_other_links_name_none(text: str) -> None:
    assert parse_permalink(text) is None


def test_one_more_host_can_be_slacks() -> None:
    link = "http://127.0.0.1:4003/archives/C123/p1700000000000100"
    assert parse_permalink(link) is None
    assert parse_permalink(link, "127.0.0.1:4003") == ("C123", POINT, "")
    assert parse_permalink(link, "127.0.0.1:4004") is None


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("handover <@U123|ana.ruiz>", ("U123", "ana.ruiz")),
        ("<@W123>", ("W123", "")),
        ("<@U1|a &amp; b> <@U2|b>", ("U1", "a & b")),
        ("@ana", None),
        ("<#C123|general>", None),
        ("&lt;@U123&gt;", None),
    ],
)
def test_a_command_can_name_a_person(text: str, mention: tuple[str, str] | None) -> None:
    assert first_mention(text) == mention
