"""Forms, panels and homes: each input as Teams offers it, hundreds of things to tap, and never too much for a card."""

from dataclasses import replace

import pytest

from adapters.teams.cards.dialogs import dialog_response, form_card, notice_card
from adapters.teams.cards.elements import UnknownCard, parse_form_data
from adapters.teams.cards.input_values import read_answers
from adapters.teams.cards.markup import Json
from adapters.teams.cards.words import say
from flows.screens import plain_text
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput
from tests.adapters.slack.blocks.test_messages import recovery_with_markup
from tests.adapters.slack.payloads import forms_of
from tests.adapters.teams.card_schema import faults_of, parts
from tests.adapters.teams.payloads import (
    COLLEAGUES,
    LINK,
    action,
    form_of,
    in_dialog,
    inputs,
    missing,
    sent,
    shown_text,
)
from tests.flows.test_golden import filled


def view(*fields: Input, title: str = "Note", chat: bool = False, faults: dict[str, str] | None = None) -> Json:
    card_json = form_card(
        Form("f", title, fields, "Add"), "en", "r", is_chat=chat, errors=faults or {}, colleagues=COLLEAGUES
    )
    assert faults_of(card_json) == []
    return card_json


def element(field: Input) -> Json:
    (field_element,) = inputs(view(field))
    return field_element


# --- forms


@pytest.mark.parametrize(
    "make", [lambda: filled("trust-recovery", "en"), lambda: filled("first-response", "es"), recovery_with_markup]
)
def test_every_form_is_taken_and_says_all_there_is(make: object) -> None:
    assert callable(make)
    driver = make()
    for one in forms_of(driver):
        card_json = form_of(driver, one)
        assert faults_of(card_json) == [], one.id
        assert missing(plain_text.form_text(one), in_dialog(one.title, card_json)) == [], one.id


def test_a_dialog_submits_and_a_form_in_the_chat_executes() -> None:
    (submit,), (execute,) = view(TextInput("text", "T"))["actions"], view(TextInput("text", "T"), chat=True)["actions"]
    assert (submit["type"], submit["title"], submit["style"]) == ("Action.Submit", "Add", "positive")
    assert (execute["type"], execute["verb"]) == ("Action.Execute", "fill")
    assert parse_form_data(submit["data"]) == parse_form_data(execute["data"])


def test_a_form_in_the_chat_says_what_it_is_for_and_a_dialog_has_a_title() -> None:
    assert shown_text(view(TextInput("text", "T"), title="Start", chat=True)).startswith("Start\n")
    assert "Start" not in shown_text(view(TextInput("text", "T"), title="Start"))
    assert "long title " * 9 in shown_text(view(TextInput("text", "T"), title="long title " * 9))


def test_what_is_sealed_comes_back() -> None:
    card_json = form_card(
        Form("start:", "Start", (TextInput("account", "A"),), "Go"), "en", "", repeat=3, signed_place="sealed"
    )
    assert parse_form_data(card_json["actions"][0]["data"]) == parse_form_data(
        {"recovery": "", "form": "start:", "nth": 3, "place": "sealed"}
    )
    assert inputs(card_json)[0]["id"] == "in.account~3"


def test_what_is_required_is_asked_for_before_it_is_sent() -> None:
    needed: list[Input] = [
        TextInput("text", "T", is_required=True),
        ChoiceInput("fact", "F", (("a", "a"),), is_required=True),
        TimeInput("when", "W", is_required=True),
        PersonInput("who", "P"),
    ]
    field_element = inputs(view(*needed))
    required = [one for one in field_element if one.get("isRequired")]
    assert [one["label"] for one in required] == ["T", "F", "P"], "of the ways to give a time, each is enough"
    assert all(one["errorMessage"] == "Please fill this in." for one in required)
    assert not any("isRequired" in one for one in inputs(view(TextInput("text", "T"), TimeInput("when", "W"))))


def test_a_long_text_has_lines_and_a_limit() -> None:
    box = element(TextInput("text", "T", "a\nb", "hint *x*", 12_000))
    assert (box["isMultiline"], box["maxLength"], box["value"], box["placeholder"]) == (
        True,
        12_000,
        "a\nb",
        "hint *x*",
    )
    assert "isMultiline" not in element(TextInput("text", "T", "a"))


def test_a_text_longer_than_its_limit_is_not_cut_by_the_client() -> None:
    assert "maxLength" not in element(TextInput("text", "T", "😀" * 40, limit=60))


def test_few_options_are_all_in_view_and_one_that_is_answered_is_folded() -> None:
    options = (("a", "Alone"), ("b", "The last straw"))
    assert element(ChoiceInput("p", "P", options))["style"] == "expanded"
    folded = element(ChoiceInput("p", "P", options, ("b",)))
    assert (folded["style"], folded["value"]) == ("compact", "b")


@pytest.mark.parametrize("title", ["*b*", "a_b_c", "1. x", "- x", "[x](y)", "`c`", "x & y", "https://x.example", "<b>"])
def test_an_option_that_markdown_would_change_is_in_a_list_that_reads_none(title: str) -> None:
    assert element(ChoiceInput("p", "P", (("a", title), ("b", "b"))))["style"] == "compact"


def test_several_options_that_markdown_would_change_stand_above_their_boxes() -> None:
    card_json = view(ChoiceInput("p", "P", (("a", "*b*"), ("b", "plain")), ("b",), allows_several=True))
    (boxes,) = inputs(card_json)
    assert [choice["title"] for choice in boxes["choices"]] == ["1", "2"]
    assert boxes["value"] == "b"
    assert "1) *b*\n2) plain" in shown_text(card_json)


def test_words_to_pick_from_are_a_list_and_a_field() -> None:
    pick, own = inputs(view(TextInput("word", "Feeling", "ignored", suggestions=("late", "ignored"), is_required=True)))
    assert (pick["id"], pick["style"], pick["value"]) == ("in.word.picked~0", "compact", "ignored")
    assert (own["id"], own["label"], own.get("value")) == ("in.word.typed~0", "Feeling: in your own words", None)
    _, other = inputs(view(TextInput("word", "Feeling", "exhausted", suggestions=("late",))))
    assert other["value"] == "exhausted"


TIMES = (("@today", "Today 17:00"), ("@none", "No date yet"))


def test_a_time_is_chosen_or_typed_and_a_calendar_folds() -> None:
    card_json = view(TimeInput("when", "By when", hint="tue 4pm", choices=TIMES))
    chosen, typed, days, hours = inputs(card_json)
    assert (chosen["label"], chosen["style"], "value" in chosen) == ("By when", "compact", False)
    assert [choice["title"] for choice in chosen["choices"]] == ["Today 17:00", "No date yet"]
    assert (typed["label"], typed["placeholder"]) == ("or type it", "tue 4pm")
    assert (days["type"], hours["type"]) == ("Input.Date", "Input.Time")
    (calendar,) = [part for part in parts(card_json) if part.get("isVisible") is False]
    assert inputs(calendar) == [days, hours]


def test_a_time_that_is_stored_is_the_first_choice() -> None:
    stored = TimeInput("when", "By when", "2026-11-24T16:30", text="Tue 24 Nov, 16:30 CET", choices=TIMES)
    chosen = inputs(view(stored))[0]
    assert chosen["value"] == "2026-11-24T16:30"
    assert chosen["choices"][0] == {"title": "Tue 24 Nov, 16:30 CET", "value": "2026-11-24T16:30"}


@pytest.mark.parametrize(
    ("answers", "answer"),
    [
        ({}, ""),
        ({"chosen": "@today"}, "@today"),
        ({"chosen": "@today", "date": "2026-12-01", "time": "09:00"}, "2026-12-01T09:00"),
        ({"chosen": "@today", "date": "2026-12-01", "time": ""}, "2026-12-01"),
        ({"chosen": "@today", "date": "", "time": "09:00"}, "… 09:00"),
        ({"chosen": "@today", "date": "2026-12-01", "time": "09:00", "typed": "tue 4pm"}, "tue 4pm"),
        ({"chosen": "@today", "typed": "  "}, "@today"),
    ],
)
def test_what_is_typed_counts_before_what_is_picked_and_that_before_what_is_chosen(
    answers: dict[str, str], answer: str
) -> None:
    data = {f"in.when.{role}~0": value for role, value in answers.items()} or {"in.when.typed~0": ""}
    assert read_answers(data).answers == {"when": answer}


def test_what_is_seldom_needed_folds_and_what_is_wrong_with_it_is_in_view() -> None:
    secondary = ChoiceInput("strength", "How strong", (("1", "a little"),), is_secondary=True)
    card_json = view(TextInput("word", "Feeling"), secondary)
    (fold,) = [part for part in parts(card_json) if part.get("isVisible") is False]
    assert [one["label"] for one in inputs(fold)] == ["How strong"]
    assert not [part for part in parts(view(secondary, faults={"strength": "No."})) if part.get("isVisible") is False]


def test_colleagues_are_found_by_their_first_letters_and_two_of_one_name_are_told_apart() -> None:
    names = (("29:0001aaaa", "Sam"), ("29:0002bbbb", "Sam"), ("29:0003cccc", "Kim"))
    card_json = form_card(Form("hand_over", "H", (PersonInput("person", "Who?"),), "Go"), "en", "r", colleagues=names)
    (who,) = inputs(card_json)
    assert who["style"] == "filtered"
    titles = [choice["title"] for choice in who["choices"]]
    assert titles == ["Sam (01aaaa)", "Sam (02bbbb)", "Kim"]


def test_without_colleagues_it_says_how_to_name_one() -> None:
    card_json = form_card(Form("hand_over", "H", (PersonInput("person", "Who?"),), "Go"), "en", "r")
    assert faults_of(card_json) == []
    assert inputs(card_json) == []
    assert "handover @Name" in shown_text(card_json)


def test_faults_stand_at_their_inputs_and_others_above() -> None:
    card_json = view(TextInput("a", "A"), TextInput("b", "B"), faults={"a": "No *a*.", "b": "No b.", "x": "No x."})
    loud = [part["text"] for part in parts(card_json) if part.get("color") == "attention"]
    assert loud == ["⚠️ No x.", "⚠️ No *a*.", "⚠️ No b."]
    assert shown_text(card_json).split("\n")[:4] == ["⚠️ No x.", "A: ", "⚠️ No *a*.", "B: "]


def test_nothing_that_was_typed_is_lost_when_something_is_wrong() -> None:
    answers = {
        "in.who~0": "Sam",
        "in.what~0": "a\nb",
        "in.when.date~0": "2026-11-24",
        "in.when.time~0": "",
        "in.word.picked~0": "ignored",
        "in.word.typed~0": "own",
        "in.options.many~0": "a,b%2Cc",
        "in.level.pick~0": "2",
        "in.person.who~0": "29:ben",
    }
    fields = (
        TextInput("who", "Who", "before"),
        TextInput("what", "What"),
        TimeInput("when", "When", "2026-01-01T10:00"),
        TextInput("word", "W", suggestions=("ignored",)),
        ChoiceInput("options", "O", (("a", "a"), ("b,c", "b"))),
        ChoiceInput("level", "L", (("1", "one"), ("2", "two")), ("1",)),
        PersonInput("person", "P"),
    )
    fields = (*fields[:4], replace(fields[4], allows_several=True), *fields[5:])
    form = Form("f", "Note", fields, "Add")
    faulty = form_card(form, "en", "r", errors={"when": "Half."}, submitted_data=answers, colleagues=COLLEAGUES)
    assert faults_of(faulty) == []
    back = sent(faulty, faulty["actions"][0])
    assert {key: value for key, value in back.items() if key.startswith("in.")} == {
        k: v for k, v in answers.items() if v
    }
    assert read_answers(back).answers["options"] == ("a", "b,c")


def test_what_is_no_form_of_ours_is_not_shown_again() -> None:
    with pytest.raises(UnknownCard):
        form_card(Form("f", "N", (), "Add"), "en", "r", submitted_data={"in.x.y~0": "z"})


def test_a_text_that_no_card_holds_is_left_out_with_a_word_about_it_instead_of_cut() -> None:
    form = Form("s", "S", (TextInput("text", "Summary", "日" * 12_000, limit=12_000), TextInput("b", "B", "b")), "Save")
    card_json = form_card(form, "en", "r")
    assert faults_of(card_json) == []
    assert [one["id"] for one in inputs(card_json)] == ["in.b~0"]
    assert "Summary: this text is too long to be edited in Teams" in shown_text(card_json)
    kept = form_card(form, "en", "r", submitted_data={"in.text~0": "日" * 12_000})
    assert inputs(kept)[0]["value"] == "日" * 12_000


@pytest.mark.parametrize("text", ["word " * 2400, "ñ" * 12_000, "&\n\n" * 4000])
def test_a_summary_of_twelve_thousand_letters_can_be_edited(text: str) -> None:
    assert element(TextInput("text", "T", text, limit=12_000, is_multiline=True))["value"] == text


# --- notices and answers


def test_a_notice_is_a_card_with_at_most_a_link() -> None:
    card_json = notice_card("It *was* sent.\n\nTwice.", "en", (say("en", "open_guide"), LINK))
    assert faults_of(card_json) == []
    assert shown_text(card_json) == "It *was* sent.\nTwice.\nOpen your guide"
    assert action(card_json, "Open your guide")["url"] == LINK
    assert "actions" not in notice_card("Done.", "en")


def test_a_text_of_many_lines_is_edited_in_a_field_that_shows_more_than_four() -> None:
    card_json = view(TextInput("text", "T", "line\n" * 9, limit=12_000, is_multiline=True))
    assert (card_json["minHeight"], inputs(card_json)[0]["height"]) == ("400px", "stretch")
    assert "minHeight" not in view(TextInput("text", "T", "one line", is_multiline=True))


def test_a_dialog_is_an_answer_to_an_invoke() -> None:
    card = notice_card("Done.", "en")
    value = dialog_response("title " * 30, card)["task"]["value"]
    assert dialog_response("t", card)["task"]["type"] == "continue"
    assert len(value["title"]) == 60
    assert value["card"] == {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    assert {value["height"], value["width"]} == {"medium"}


def test_every_word_is_there_in_both_languages() -> None:
    assert all(set(words) == {"en", "es"} for words in say.translations.values())
