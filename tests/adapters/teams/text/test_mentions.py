"""The text of an activity: mentions are found in it, however they are spelled there."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.text.mentions import Mention, read_html_copy, read_message
from tests.examples import examples

APP = "28:11112222-3333-4444-5555-666677778888"
GUIDE = Mention(APP, "Trust Recover", "<at>Trust Recover</at>")
SAM = Mention("29:sam", "Sam O'Neil", "<at>Sam O'Neil</at>")


def read(text: str, *mentions: Mention, text_format: str = "plain") -> str:
    return read_message(text, text_format, mentions or (GUIDE,), APP)


@pytest.mark.parametrize(
    "markup",
    [
        "<at>Trust Recover</at>",
        '<at id="0">Trust Recover</at>',
        "<at id='0'>Trust Recover</at>",
        "<AT ID=0>Trust Recover</AT>",
        "<at >Trust Recover</at >",
        '<at\nid="0">Trust\nRecover</at>',
        "<at>trust recover</at>",
        "<at>Trust&nbsp;Recover</at>",
        "<at>Trust\xa0 Recover</at>",
        "<at>@Trust Recover</at>",
        "<at><b>Trust</b> Recover</at>",
        "<at><at>Trust Recover</at></at>",
        "<at>Trust&#32;Recover</at>",
        "<at>Recover Bot</at>",
        '<at id="0">TR</at>',
        "<at>Trust Recover<at>",
        "<at>Trust Recover",
        "</at><at>Trust Recover</at>",
        "<at>Trust Recover</at></at>",
        "<at></at>",
    ],
)
def test_a_mention_of_the_app_is_taken_out_however_it_is_spelled(markup: str) -> None:
    assert read(f"{markup} start Acme") == "start Acme"


@pytest.mark.parametrize(
    "text",
    [
        "<at>Trust Recover</at> <at>Trust Recover</at> start Acme",
        '<at id="0">Trust Recover</at>start Acme<at id="0">Trust Recover</at>',
        "start Acme <at>Trust Recover</at>",
        "<at>Trust</at> start Acme",
        "<at>Trust Recover</at>&nbsp;start Acme",
        "<p><at>Trust Recover</at></p><p>start Acme</p>",
        "<div><at>Trust Recover</at><br/>start Acme</div>",
        "<at>Trust Recover</at>\r\nstart Acme",
        "<at>Trust Recover</at>\u2028start Acme",
    ],
)
def test_one_or_several_mentions_of_the_app_leave_the_command(text: str) -> None:
    assert read(text) == "start Acme"


def test_a_name_in_parts_that_are_each_a_mention_is_taken_out() -> None:
    parts = (Mention(APP, "Trust Recover", "<at>Trust</at>"), Mention(APP, "Trust Recover", "<at>Recover</at>"))
    assert read('<at id="0">Trust</at>&nbsp;<at id="1">Recover</at> start Acme', *parts) == "start Acme"


@pytest.mark.parametrize("mentions", [(GUIDE, SAM), (SAM, GUIDE)])
@pytest.mark.parametrize(
    "markup",
    [
        "<at>Trust Recover</at> handover <at>Sam O'Neil</at>",
        "<at>Trust Recover</at> handover <at>Sam O&#39;Neil</at>",
        "<AT>trust recover</AT> handover <at >sam  o'neil</at>",
        "<at>Trust Recover handover <at>Sam O'Neil</at>",
    ],
)
def test_a_mention_of_a_person_is_their_name_in_whichever_order_the_entities_come(
    mentions: tuple[Mention, ...], markup: str
) -> None:
    assert read(markup, *mentions) == "handover @Sam O'Neil"


def test_where_no_name_is_alike_the_attribute_counts_and_then_the_order() -> None:
    assert read('<at id="1">Sammy</at> <at id="0">TR</at> x', GUIDE, SAM) == "@Sam O'Neil   x"
    assert read("<at>TR</at> handover <at>Sammy</at>", GUIDE, SAM) == "handover @Sam O'Neil"


def test_a_mention_that_no_entity_explains_keeps_its_words() -> None:
    assert read("<at>Trust Recover</at> tell <at>Everyone</at>") == "tell @Everyone"
    assert read_message("<at>Everyone</at> hello", "plain", (), APP) == "@Everyone hello"


def test_an_entity_whose_person_cannot_be_read_shifts_no_other() -> None:
    assert read("<at>A</at> <at>B</at> x", Mention("", ""), GUIDE) == "@A   x"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a &lt;at&gt;Guide&lt;/at&gt; &amp;lt;", "a <at>Guide</at> &lt;"),
        ("AT&T &copy=1 &bogus;", "AT&T &copy=1 &bogus;"),
        ("a <b> c <attic> <pre> <brand>", "a <b> c <attic> <pre> <brand>"),
        (" \n x\ny \n", "x\ny"),
        ("start Acme\n\n\n\nthey shout", "start Acme\n\nthey shout"),
        ("a\rb\r\nc\u2029d\x85e<br>f<BR />g", "a\nb\nc\nd\ne\nf\ng"),
        ("<p>a</p><p>b</p><div>c</div>d", "a\nb\nc\nd"),
        ("<at", "<at"),
        ("", ""),
    ],
)
def test_the_rest_of_a_text_reads_as_it_was_typed_with_its_line_ends(text: str, words: str) -> None:
    assert read(text) == words


@pytest.mark.parametrize("text_format", ["html", "xml", "HTML"])
def test_of_a_text_that_is_html_the_markup_goes(text_format: str) -> None:
    text = '<div><p><at id="0">Trust Recover</at> <b>start</b> Stop &amp; Shop</p><p>they <i>shout</i></p></div>'
    assert read(text, text_format=text_format) == "start Stop & Shop\nthey shout"
    odd = Mention("29:x", "<b>Sam</b> & co")
    assert read("<at>x</at> hello", odd, text_format=text_format) == "@<b>Sam</b> & co hello"


def test_of_a_link_to_a_message_the_address_is_read() -> None:
    text = (
        'start Acme <a href="https://teams.microsoft.com/l/message/19:x@thread.v2/1">Kim: hello</a> <a href="y">z</a>'
    )
    assert "https://teams.microsoft.com/l/message/19:x@thread.v2/1" in read(text, text_format="html")


def test_the_html_copy_reads_alike() -> None:
    copy = (
        '<div><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">Trust Recover</span>&nbsp;start'
        "<br>Acme <span>x</span></div>"
    )
    assert read_html_copy(copy, (GUIDE,), APP) == "start\nAcme x"


PIECES = [
    "<at>",
    "</at>",
    '<at id="0">',
    "<AT id=9>",
    "<at ",
    "<p>",
    "<br>",
    "<",
    ">",
    "&lt;",
    "&nbsp;",
    "\n",
    "Trust Recover",
    "Sam",
]


@examples(200)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30),
    st.sampled_from(["plain", "html", "markdown", ""]),
)
def test_no_markup_of_mentions_is_too_odd_to_read(pieces: list[str], text_format: str) -> None:
    words = read("".join(pieces), GUIDE, SAM, text_format=text_format)
    assert words == words.strip()
    assert "\n\n\n" not in words


@examples(200)
@given(
    st.lists(st.sampled_from(["<at>Trust Recover</at>", '<at id="0">Trust Recover</at>']), min_size=1, max_size=9),
    st.text("abc ", min_size=1),
)
def test_nothing_of_the_apps_mention_stays_and_nothing_that_was_typed_goes(markups: list[str], typed: str) -> None:
    assert read(typed.join(markups)).split() == f"{typed} ".join([""] * len(markups)).split()


def seconds_to_read(piece: str, characters: int, text_format: str) -> float:
    text, seconds = piece * (characters // len(piece)), []
    people = tuple(Mention(f"29:{n}", f"Person Number {n}") for n in range(100))
    for _ in range(3):
        began = time.thread_time()
        read_message(text, text_format, people, APP)
        seconds.append(time.thread_time() - began)
    return min(seconds)


@pytest.mark.parametrize("text_format", ["plain", "html"])
@pytest.mark.parametrize(
    "piece",
    ["<at>", "<at ", "<at>a ", "<at>Person Number 7 ", "</at>", "<at><br>", "<at>x</at>", "<at id=", "<span ",
     "<span itemtype=schema.skype.com/Mention>", "&", "&#", " ", "\n", "\xa0", "<p>", "<", "<a ", "https://"],
)  # fmt: skip
def test_four_times_the_text_takes_no_more_than_some_four_times_as_long(piece: str, text_format: str) -> None:
    short, long = (seconds_to_read(piece, characters, text_format) for characters in (7_000, 28_000))
    assert long < 12 * short + 0.02
