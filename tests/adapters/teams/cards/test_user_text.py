"""What people type is shown to the last sign, and is text alone: no markup, no mention, no date, no other structure."""

import json
import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.text_splitting import utf16_length
from adapters.teams.cards.dialogs import (
    confirmation_card,
    dialog_response,
    form_card,
    home_card,
    notice_card,
    panel_card,
)
from adapters.teams.cards.guide_card import guide_card_json, notification_text
from adapters.teams.cards.markup import Json, escape_html, json_safe, split_post
from flows.screens.elements import (
    Button,
    ButtonKind,
    ButtonRow,
    Card,
    Confirmation,
    Group,
    HomeView,
    InlineForm,
    Note,
    NoteList,
    Panel,
    Progress,
    Row,
    SpokenPhrase,
    StepState,
    TextLine,
    Tone,
    Trap,
)
from flows.screens.inputs import ChoiceInput, Form, PersonInput, TextInput
from flows.wording.document import parse_document
from tests.adapters.teams.card_schema import faults_of, parts
from tests.adapters.teams.payloads import CHANNEL, LINK, shown_text
from tests.examples import examples

ZALGO = "é" + "\u0301\u0489" * 40
TEXTS = {
    "a link of Markdown": "[Sign in](https://e.example) ![x](https://e.example/x.png) <https://e.example>",
    "emphasis": "**b** __b__ *i* _i_ ~~s~~ `c` ***",
    "a list": "- x\n1. y\n* z\n+ w",
    "headings and quotes": "# h\n## h\n> q\n---\n===\n| a | b |\n|---|---|",
    "a mention": '<at>Ben</at> <at id="0">everyone</at> @Ben',
    "HTML": "<b>x</b><script>alert(1)</script><br><img src=x onerror=alert(1)> </TextRun> ]]>",
    "a date": "{{DATE(2026-11-24T10:00:00Z, SHORT)}} {{TIME(2026-11-24T10:00:00Z)}} {{{date(2026-11-24T10:00:00Z)}}}",
    "a template": "${name} {account} {0} %s {{x}}",
    "entities": "&nbsp; &lt;at&gt; &amp;amp; &#60;b&#62; &copy; AT&T",
    "backslashes": "\\* \\[x\\] \\\\ C:\\n \\u0041 \"quoted\" 'single'",
    "a direction left open": "paid \u202e001 \u2067twice",
    "NUL and other controls": "a\x00b \x07c \x1b[31m \x85d \u2028e",
    "half of a pair": "x\ud83d y\udc4d",
    "accents on accents": ZALGO,
    "unseen and joined": "a\u200bb\u2060c\u00ad \ufeff👨‍👩‍👧‍👦 🇩🇪 👍🏽",
    "commas": "a,b,, c , d%2Ce",
}
each = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
TYPES = ("size", "weight", "color", "spacing", "width", "isRequired", "isMultiline", "maxLength")


def card_with(text: str) -> Json:
    """A card on which everything is this text."""
    form = Form(
        "note:facts",
        text,
        (
            TextInput("text", text, text, text, 4000, is_required=True),
            TextInput("word", text, text, suggestions=(f"{text} ", text, "late")),
            ChoiceInput("told", text, (("a", text), ("b", f"{text}!"))),
            ChoiceInput("options", text, (("a", text), ("b,c", "x")), ("b,c",), allows_several=True),
        ),
        text,
        text,
    )
    elements = (
        Progress(1, 2, text, text, ((text, StepState.HERE), (text, StepState.AHEAD))),
        TextLine(text, Tone.INSTRUCTION),
        TextLine(text),
        TextLine(text, Tone.NOTICE),
        SpokenPhrase(text, text, text),
        Trap(text, text),
        NoteList(text, (Note(text), Note(text)), text),
        InlineForm(form, Button("Add…", "open:note:x", ButtonKind.OPENS_DIALOG)),
        ButtonRow(
            (
                Button(text, "choose:x", is_main=True),
                Button(text, "post:client", ButtonKind.POSTS_SUMMARY, confirmation=text),
                Button(text, "open:more", ButtonKind.OPENS_MORE),
            )
        ),
    )
    return guide_card_json(Card("r", 1, text, elements), "en", CHANNEL, LINK)


def form_with(text: str) -> Json:
    names = (("29:1", text), ("29:2", "Ben"), ("29:3", text))
    inputs = (
        TextInput("text", text, text, text, 4000, is_multiline=True, is_required=True),
        ChoiceInput("fact", text, (("e1", text), ("e2", "plain")), is_required=True),
        ChoiceInput("options", text, ((text, text), ("x", "x")), (text,), allows_several=True),
        PersonInput("person", text),
    )
    faults = {"text": text, "elsewhere": text}
    return form_card(
        Form("f", text, inputs, text, text),
        "en",
        "r",
        signed_place="sealed",
        errors=faults,
        colleagues=names,
        notice=text,
    )


def panel_with(text: str) -> Json:
    buttons = (
        Button(text, "back"),
        Button("Edit", "open:edit:e1", ButtonKind.OPENS_DIALOG),
        Button(text, "close", confirmation=text),
    )
    groups = (Group(text, (Row(text, buttons[:1]), Row(text, buttons), Row("", buttons), Row(text, ()))),)
    return panel_card(Panel("r", 3, text, groups, text), "en", text)


def home_with(text: str) -> Json:
    start = Button(text, "open:start", ButtonKind.OPENS_DIALOG, is_main=True)
    rows = (Row(text, (Button(text, "kept:e1"),), "r"), Row("", (start,)))
    return home_card(HomeView(text, (Group(text, rows),)), "es")


def confirmation(text: str) -> Confirmation:
    return Confirmation("r", 3, text, text, Button(text, "close"), Button(text, "open:more", ButtonKind.OPENS_MORE))


def others_with(text: str) -> list[Json]:
    return [notice_card(text, "en", (text, LINK)), confirmation_card(confirmation(text), "en")]


def all_with(text: str) -> list[Json]:
    return [card_with(text), form_with(text), panel_with(text), home_with(text), *others_with(text)]


@each
def test_it_is_taken_and_nothing_in_it_means_anything(text: str) -> None:
    for card in all_with(text):
        assert faults_of(card) == []
        json.dumps(dialog_response(text, card), ensure_ascii=False).encode()


@each
def test_it_is_shown_line_by_line_as_it_was_typed(text: str) -> None:
    lines = [line for line in json_safe(text).split("\n") if line.strip()]
    for card in all_with(text):
        card_text = shown_text(card)
        assert all(line in card_text for line in lines)
    runs = ["".join(run["text"] for run in part.get("inlines", ())) for part in parts(card_with(text))]
    for line in lines:
        assert sum(run.replace("{\u2060{", "{{") == line for run in runs) >= 4, line


@each
def test_it_stands_in_the_inputs_unchanged(text: str) -> None:
    for card in (card_with(text), form_with(text)):
        (value,) = [part["value"] for part in parts(card) if re.fullmatch(r"in\.text~\d+", str(part.get("id")))]
        assert value == json_safe(text)


@each
def test_it_changes_nothing_but_the_words(text: str) -> None:
    line = " ".join(json_safe(text).split("\n"))
    for user_text, harmless in zip(all_with(line), all_with("x" * utf16_length(line)), strict=True):
        assert _built(user_text) == _built(harmless)


def _built(card: Json) -> list[object]:
    """Of what a card is made. Words that Markdown would change stand in a list of another style, or above it."""
    return [
        (part.get("type"), *(part.get(key) for key in TYPES))
        for part in parts(card)
        if not (part.get("type") in {"RichTextBlock", "TextRun"} and _is_legend(card, part))
    ]


def _is_legend(card: Json, part: Json) -> bool:
    text = part.get("text") or part["inlines"][0]["text"]
    return re.match(r"\d\) ", text) is not None and any(one.get("isMultiSelect") for one in parts(card))


@each
def test_a_message_for_everybody_holds_it_as_text_alone(text: str) -> None:
    message = "".join(split_post(parse_document(f"{text}\n\n{text}")))
    assert set(re.findall(r"<[^>]*>", message)) <= {"<b>", "</b>", "<br/>"}
    read = "".join("\n" if node.tag == "br" else "" for node in ET.fromstring(f"<m>{message}</m>").iter())  # noqa: S314 - ours
    assert len(read) == message.count("<br/>")
    plain_text = unescape(re.sub(r"</?b>", "", message).replace("<br/>", "\n"))
    assert plain_text == re.sub("[\x07\x1b]", "", json_safe(f"{text}\n\n{text}"))


@each
def test_a_notification_says_it_as_it_is(text: str) -> None:
    assert notification_text(Card("r", 1, text, ())) == json_safe(text)


@examples(150)
@given(st.text(st.sampled_from("*_[]()<>&#-+.!|`~\\{}$%^@:/1aA \u202e\u2060\n\x00,DATEIM"), max_size=40))
def test_whatever_is_typed_means_nothing(text: str) -> None:
    for card in (card_with(f"x{text}x"), form_with(f"x{text}x"), panel_with(f"x{text}x")):
        assert faults_of(card) == []
    assert set(re.findall(r"<[^>]*>", escape_html(text))) <= {"<br/>"}
