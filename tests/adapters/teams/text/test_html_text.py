"""The HTML of messages, read as a person reads it: whatever it is, in plain text and soon."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.text.html_text import read_html
from tests.examples import examples

REPLY = (
    '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1"><strong>Kim</strong>'
    "<blockquote>old</blockquote><p>quoted</p></blockquote><p>mine</p>"
)


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<div>one<br>two<br/></div>three", "one\ntwo\nthree"),
        ("one\n  two &amp; &lt;b&gt;&nbsp;x", "one two & <b> x"),
        ('<p><at id="0">Sam</at> look</p>', "@Sam look"),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>d", "• a\n• b c\nd"),
        (REPLY, "mine"),
        ("<blockquote><p>said</p></blockquote>so", "said\nso"),
        ('<p>x<attachment id="1"></attachment><img src="y" alt="z"></p>', "x"),
        (
            'a <emoji id="smile" alt="😀" title="S"></emoji><img itemtype="http://schema.skype.com/Emoji" alt="👍">',
            "a 😀👍",
        ),
        ("<script>alert(1)</script><style>p{}</style>x", "x"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<a href="https://e.example">here</a>', "here"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>&nbsp;</p><p>x</p>", "x"),
        ("<p>open <b>and", "open and"),
        ("<![if x]>a<![endif]>b <!-- c --> </nothing> <", "ab <"),
        ("<attachment/>kept<blockquote/>kept", "kept\nkept"),
        ("<![;", ""),
        ("a<![;b", "a"),
        ("", ""),
    ],
)
def test_html_reads_as_plain_text(content: str, read: str) -> None:
    assert read_html(content) == read


@examples(200)
@given(st.text(st.sampled_from('<>/!-[]&;#"= abpdivlitqcro\n\ud83d'), max_size=60))
def test_no_html_is_too_broken_to_read(content: str) -> None:
    read_html(content).encode()
    read_html("<blockquote itemtype='Reply'>" + content).encode()


TAGS = [
    f"{begin}{name}{attributes}>"
    for name in (
        "p",
        "div",
        "blockquote",
        "pre",
        "li",
        "ul",
        "td",
        "table",
        "script",
        "title",
        "at",
        "emoji",
        "svg",
        "select",
    )
    for begin in ("<", "</")
    for attributes in ("", "/", " itemtype='Reply' alt='x'")
]


@examples(200)
@given(st.lists(st.sampled_from([*TAGS, "text", " \n ", "<!--", "-->", "<![", "&amp", "<"]) | st.text(), max_size=40))
def test_no_nesting_of_tags_is_too_odd_to_read(pieces: list[str]) -> None:
    read = read_html("".join(pieces))
    assert read == read.strip()
    assert "\n\n\n" not in read


LONGEST_CONTENT = 28_000
ORDINARY = "<p>They said that <b>nobody</b> called back.</p>\n"
MAX_TIMES_ORDINARY = 20
"""The slowest takes 4 times as long as an ordinary message of its length; a reader that goes back takes thousands."""


def seconds_to_read(piece: str) -> float:
    """Of this thread's own time, so that other programs do not count."""
    content, seconds = piece * (LONGEST_CONTENT // len(piece)), []
    for _ in range(3):
        began = time.thread_time()
        read_html(content)
        seconds.append(time.thread_time() - began)
    return min(seconds)


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a b='", "<", "&", "&#x", "<!--", "<![;", "<?", "<div>", "</div>", "<b><p>", "<a><b><i>", "<ul><li>",
     "<table><tr><td>", "<svg><math>", "<script>", "<pre>\n", "<emoji alt=''>", "<blockquote itemtype='Reply'>"],
)  # fmt: skip
def test_nothing_of_a_messages_length_takes_long_to_read(piece: str) -> None:
    assert seconds_to_read(piece) < MAX_TIMES_ORDINARY * seconds_to_read(ORDINARY)
