"""Forms and panels: each input as Slack offers it, with everything that it began with."""

import json
from dataclasses import replace

import pytest

from adapters.slack.blocks.elements import parse_button_value
from adapters.slack.blocks.input_ids import InputBlockId, parse_block_id
from adapters.slack.blocks.modals import form_view, note_view, panel_view
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.view_values import errors_by_block, read_view_values, state_values
from flows.errors import UnknownForm
from flows.screens.elements import Button, ButtonKind, Group, Panel, Row
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput
from flows.state.entries import Fact
from flows.state.events import AddObserver
from flows.state.identity import Person
from flows.state.record_events import RemoveEntry
from tests.adapters.slack.blocks.test_messages import AMPERSANDS, recovery_with_markup
from tests.adapters.slack.payloads import (
    NASTY,
    assert_neutral,
    forms_of,
    panel_of,
    seal,
    text_of,
    view_of,
    wordy,
)
from tests.conftest import ANA, NOON
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery
from tests.flows.test_golden import filled
from tests.peers.slack.forms import FieldValue, elements, filled_view
from tests.peers.slack.validate import faults_of_view


def view(*inputs: Input, title: str = "Note", again: bool = False, language: str = "en", nth: int = 0) -> Json:
    """A form with these inputs, which Slack takes."""
    view_json = form_view(Form("f", title, inputs, "Add", may_repeat=again), "r", language, seal, nth=nth)
    assert faults_of_view(view_json) == []
    return view_json


def element(field: Input) -> Json:
    (block,) = view(field)["blocks"]
    result: Json = block["element"]
    return result


def options(count: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"o{number}", f"Option {number}") for number in range(count))


def label_of(block: Json) -> str:
    return str(block["label"]["text"])


# --- what was typed


def test_what_was_typed_means_nothing_in_any_form() -> None:
    driver = recovery_with_markup()
    count_before = 0
    for form in forms_of(driver):
        view_json = view_of(driver, form)
        assert faults_of_view(view_json) == [], form.id
        assert_neutral(view_json["blocks"])
        values = [field.value for field in form.inputs if isinstance(field, TextInput) and field.value]
        count_before += sum(NASTY[:60] in value for value in values)
        assert all(value in text_of(view_json) for value in values if len(value) < 2400), form.id
    assert count_before > 20


def test_what_was_typed_means_nothing_in_the_panel() -> None:
    driver = recovery_with_markup()
    view_json = panel_of(driver)
    assert faults_of_view(view_json) == []
    assert_neutral(view_json["blocks"])
    assert text_of(view_json).count(NASTY) > 10
    assert NASTY[:120] in text_of(view_json)


def test_a_note_to_read_is_shown_as_it_was_typed() -> None:
    view_json = note_view(NASTY, NASTY, "en")
    assert faults_of_view(view_json) == []
    assert_neutral(view_json["blocks"])
    assert text_of(view_json["blocks"]) == NASTY + NASTY
    assert view_json["close"]["text"] == "Close"


# --- the frame


def test_a_form_says_which_one_it_is_when_it_comes_back() -> None:
    view_json = view(TextInput("text", "Text"), nth=2)
    assert json.loads(view_json["private_metadata"]) == {"recovery": "r", "form": "f", "nth": 2}
    assert view_json["callback_id"] == "form"


@pytest.mark.parametrize(
    ("again", "language", "close"),
    [(False, "en", "Cancel"), (True, "en", "Done"), (True, "es", "Listo"), (False, "xx", "Cancel")],
)
def test_a_form_is_left_with_a_word_that_fits(again: bool, language: str, close: str) -> None:  # noqa: FBT001 - a case
    assert view(TextInput("text", "Text"), again=again, language=language)["close"]["text"] == close


def test_a_title_too_long_for_its_place_stands_in_full_on_top() -> None:
    title = "Who, and what they stand to lose"
    view_json = view(TextInput("text", "Text"), title=title)
    assert view_json["title"]["text"] == "Note"
    assert view_json["blocks"][0]["text"]["text"] == title


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_title_of_a_form_or_panel_is_cut(language: str) -> None:
    driver = filled("trust-recovery", language)
    driver.recovery = replace(driver.recovery, account="A company with a long name & Sons")
    views = [panel_of(driver), *(view_of(driver, form) for form in forms_of(driver))]
    assert all("…" not in view_json["title"]["text"] for view_json in views)
    assert driver.recovery.account in text_of(views[0]["blocks"])


def test_what_is_seldom_needed_stands_last_below_a_line() -> None:
    seldom = ChoiceInput("holder", "Whose view it is", options(2), ("o1",), is_secondary=True)
    blocks = view(seldom, TextInput("text", "Text"))["blocks"]
    assert [block.get("block_id") for block in blocks if block["type"] == "input"] == ["text~0", "holder~0"]
    assert [block["type"] for block in blocks] == ["input", "divider", "input"]


@pytest.mark.parametrize("title", ["Who, and what they stand to lose", "Our part"])
def test_a_title_that_an_input_repeats_is_not_said_twice(title: str) -> None:
    view_json = view(TextInput("text", title), title=title)
    assert (view_json["title"]["text"], text_of(view_json["blocks"])) == ("Note", title)


def test_a_form_shown_again_has_other_ids() -> None:
    ids = [{block["block_id"] for block in view(TextInput("text", "Text"), nth=nth)["blocks"]} for nth in (0, 1)]
    assert ids[0].isdisjoint(ids[1])


@pytest.mark.parametrize(
    ("block_id", "field"),
    [
        ("text~0", InputBlockId("text", 0)),
        ("word~1~typed", InputBlockId("word", 1, role="typed")),
        ("text~0~12nn", InputBlockId("text", 0, part=12, separator="nn")),
        ("text~0~1", InputBlockId("text", 0, part=1)),
    ],
)
def test_a_blocks_id_says_what_it_is(block_id: str, field: InputBlockId) -> None:
    assert str(field) == block_id
    assert parse_block_id(block_id) == field


@pytest.mark.parametrize("block_id", ["", "text", "~0", "text~x", "text~0~other", "text~0~1~2"])
def test_a_block_of_another_kind_is_refused(block_id: str) -> None:
    with pytest.raises(UnknownForm):
        parse_block_id(block_id)


# --- inputs


def test_a_text_begins_with_what_it_was() -> None:
    view_json = element(TextInput("text", "Text", "late", "the report", 2000, is_required=True))
    assert (view_json["initial_value"], view_json["max_length"], view_json["placeholder"]["text"]) == (
        "late",
        2000,
        "the report",
    )
    assert view_json["multiline"] is False


def test_a_text_of_several_lines_has_room_for_them() -> None:
    assert element(TextInput("text", "Text", "one\ntwo"))["multiline"] is True


def test_a_text_longer_than_its_limit_is_not_refused_before_it_is_read() -> None:
    assert "max_length" not in element(TextInput("text", "Text", "a" * 70, limit=60))


def test_what_must_be_filled_in_is_not_optional() -> None:
    blocks = view(TextInput("a", "A", is_required=True), TextInput("b", "B"), PersonInput("person", "Who"))["blocks"]
    assert [block["optional"] for block in blocks] == [False, True, False]


@pytest.mark.parametrize(
    ("count", "many", "kind"),
    [
        (1, False, "radio_buttons"),
        (10, False, "radio_buttons"),
        (11, False, "static_select"),
        (300, False, "static_select"),
        (10, True, "checkboxes"),
        (11, True, "multi_static_select"),
        (300, True, "multi_static_select"),
    ],
)
def test_a_choice_is_drawn_by_how_many_there_are(count: int, many: bool, kind: str) -> None:  # noqa: FBT001 - a case
    assert element(ChoiceInput("options", "Pick", options(count), allows_several=many))["type"] == kind


def test_what_was_picked_is_picked() -> None:
    one = element(ChoiceInput("options", "Pick", options(3), ("o1",)))
    many = element(ChoiceInput("options", "Pick", options(300), ("o0", "o299"), allows_several=True))
    assert one["initial_option"]["value"] == "o1"
    assert [option["value"] for option in many["initial_options"]] == ["o0", "o299"]


def test_a_choice_that_is_made_already_is_not_called_optional() -> None:
    choices = (
        ChoiceInput("a", "A", options(3), ("o1",)),
        ChoiceInput("b", "B", options(3)),
        ChoiceInput("c", "C", options(3), ("o1",), allows_several=True),
    )
    assert [block["optional"] for block in view(*choices)["blocks"]] == [False, True, True]


def test_a_long_option_goes_on_below() -> None:
    label = "word & " * 10
    assert text_of(element(ChoiceInput("options", "Pick", (("a", label),)))) == label


def test_a_choice_of_nothing_is_not_drawn() -> None:
    blocks = view(TextInput("text", "Text"), ChoiceInput("options", "Pick", ()))["blocks"]
    assert [label_of(block) for block in blocks] == ["Text"]


CHOICES = (("@today", "Today 17:00"), ("@none", "No date yet"))
FRIDAY = TimeInput("when", "By when", "2027-01-15T08:00", epoch_seconds=NOON, text="Fri 15 Jan, 08:00", choices=CHOICES)


def test_a_time_is_chosen_typed_or_picked_and_the_one_that_was_there_is_chosen() -> None:
    choice, typed, calendar = view(FRIDAY)["blocks"]
    assert [option["text"]["text"] for option in choice["element"]["options"]] == [
        "Fri 15 Jan, 08:00",
        "Today 17:00",
        "No date yet",
    ]
    assert choice["element"]["initial_option"]["value"] == "2027-01-15T08:00"
    assert "initial_value" not in typed["element"]
    assert "initial_date_time" not in calendar["element"]
    assert [label_of(block) for block in (choice, typed, calendar)] == [
        "By when",
        "By when: in your own words",
        "By when: from a calendar",
    ]


def test_a_new_time_without_offers_is_typed_or_picked() -> None:
    typed, calendar = view(TimeInput("when", "By when", hint="tue 4pm"))["blocks"]
    assert typed["element"]["placeholder"]["text"] == "tue 4pm"
    assert calendar["element"]["type"] == "datetimepicker"


@pytest.mark.parametrize(
    ("filled_in", "answer", "marked"),
    [
        ({}, "2027-01-15T08:00", "when~0~picked"),
        ({"By when": "@today"}, "@today", "when~0~picked"),
        ({"By when: from a calendar": 1_800_000_060}, "1800000060", "when~0~calendar"),
        ({"By when": "@today", "By when: from a calendar": 1_800_000_060}, "1800000060", "when~0~calendar"),
        (
            {"By when: in your own words": "tue 4pm", "By when: from a calendar": 1_800_000_060},
            "tue 4pm",
            "when~0~typed",
        ),
        ({"By when": "@none", "By when: in your own words": " "}, "@none", "when~0~picked"),
    ],
)
def test_a_time_has_one_answer_and_its_error_stands_where_that_was_given(
    filled_in: dict[str, FieldValue], answer: str, marked: str
) -> None:
    view_json = view(FRIDAY)
    values = state_values({"values": filled_view(view_json, filled_in)}, view_json["blocks"])
    assert read_view_values(values).answers == {"when": answer}
    assert errors_by_block({"when": "That is past."}, values) == {marked: "That is past."}


def test_suggested_words_can_be_picked_or_another_one_typed() -> None:
    words = ("frustrated", "ignored")
    choice, text_input = view(TextInput("word", "Feeling", "ignored", "or your own", 60, suggestions=words))["blocks"]
    assert choice["element"]["initial_option"]["value"] == "ignored"
    assert "initial_value" not in text_input["element"]
    assert label_of(text_input) == "Feeling: in your own words"


def test_a_word_that_is_suggested_twice_is_offered_once() -> None:
    choice, _ = view(TextInput("word", "Feeling", suggestions=("ignored", "angry", "ignored")))["blocks"]
    assert [option["value"] for option in choice["element"]["options"]] == ["ignored", "angry"]


def test_a_word_of_ones_own_stays_typed() -> None:
    choice, text_input = view(TextInput("word", "Feeling", "exhausted", suggestions=("ignored",)))["blocks"]
    assert "initial_option" not in choice["element"]
    assert text_input["element"]["initial_value"] == "exhausted"


def test_a_long_text_has_room_for_more() -> None:
    text = "\n".join("A line of the summary." for _ in range(300))
    blocks = view(TextInput("text", "Summary", text, limit=12_000, is_multiline=True))["blocks"]
    assert [label_of(block) for block in blocks] == [f"Summary ({n} of 4)" for n in (1, 2, 3, 4)]
    values = [block["element"].get("initial_value", "") for block in blocks]
    assert values[-1] == ""
    assert all(value == value.strip() for value in values)
    assert "\n".join(values[:-1]) == text


@pytest.mark.parametrize("text", ["", "short", "a" * 2400])
def test_what_fits_in_one_field_is_one_field(text: str) -> None:
    assert len(view(TextInput("text", "Summary", text, limit=12_000, is_multiline=True))["blocks"]) == 1


def test_a_longer_text_is_several_fields_and_an_empty_one() -> None:
    assert len(view(TextInput("text", "Summary", "a" * 2401, limit=12_000, is_multiline=True))["blocks"]) == 3


@pytest.mark.parametrize("text", ["&" * 12_000, "😀" * 12_000, "a\n\n" * 4000])
def test_a_long_text_at_its_limit_fits(text: str) -> None:
    assert text_of(view(TextInput("text", "Summary", text, limit=12_000, is_multiline=True))).count(
        text[0]
    ) >= text.count(text[0])


# --- the panel


def more(rows: tuple[Row, ...]) -> Json:
    view_json = panel_view(Panel("r", 3, "More", (Group("Noted so far", rows),), "2 of 8"), "en", seal)
    assert faults_of_view(view_json) == []
    return view_json


def test_a_panel_whose_title_is_too_long_says_the_account_below_and_more_once() -> None:
    account = "Northwind Textiles & Sons"
    view_json = panel_view(Panel("r", 3, f"More · {account}", (), "2 of 8"), "en", seal)
    assert (view_json["title"]["text"], text_of(view_json["blocks"])) == ("More", f"{account}2 of 8")


def test_a_row_is_one_block() -> None:
    buttons = (
        Button("Kept", "kept:e1"),
        Button("Edit", "open:edit:e1", ButtonKind.OPENS_DIALOG),
        Button("Remove", "remove:e1"),
    )
    _, _, row = more((Row("Ben: a fixed export", buttons),))["blocks"]
    values = [option["value"] for option in row["accessory"]["options"]]
    assert [parse_button_value(value)[2] for value in values] == [button.action for button in buttons]


def test_one_button_stands_beside_its_text() -> None:
    _, _, row = more((Row("Ben", (Button("Remove observer", "unobserve:U1"),)),))["blocks"]
    assert row["accessory"]["type"] == "button"


def test_many_buttons_stand_below_in_rows_of_twenty_five() -> None:
    buttons = tuple(Button(f"{n}", f"jump:{n}") for n in range(30))
    blocks = more((Row("Go to step", buttons),))["blocks"]
    assert [len(block["elements"]) for block in blocks if block["type"] == "actions"] == [25, 5]


def test_the_panel_has_three_parts_and_marks_where_the_recovery_is() -> None:
    driver = filled("trust-recovery", "en")
    driver.jump("feelings")
    view_json = panel_of(driver)
    titles = [block["text"]["text"] for block in view_json["blocks"] if block["type"] == "header"]
    strip = next(block for block in view_json["blocks"] if block["type"] == "actions")["elements"]
    assert titles == ["Steps", "People", "Notes"]
    assert [text_of(step["text"])[:2].strip() for step in strip] == ["1", "2", "◉", "4", "5", "6", "7", "8", "Wr"]


def test_undo_and_what_can_be_noted_stay_where_many_notes_do_not_fit() -> None:
    driver = recorded(300, "late")
    driver.do(RemoveEntry(ANA, "e7"))
    values = [option["value"] for _, e in elements(panel_of(driver)["blocks"]) for option in e.get("options", [e])]
    assert {"restore:e7", "open:note:contact"} <= {value.split("|")[2] for value in values}


def test_a_removed_note_comes_back_by_the_panel() -> None:
    driver = recorded(2, "late")
    driver.do(RemoveEntry(ANA, "e1"))
    (row,) = (block for block in panel_of(driver)["blocks"] if "Removed:" in text_of(block))
    assert "Fact-0- late" in text_of(row)
    assert (row["accessory"]["text"]["text"], row["accessory"]["value"].split("|")[2]) == ("Undo", "restore:e1")


def test_a_menu_holds_no_value_that_is_too_long_for_it() -> None:
    buttons = (Button("A", "choose:" + "a" * 150), Button("B", "choose:b"))
    assert [block["type"] for block in more((Row("Text", buttons),))["blocks"]][-1] == "actions"


def recorded(count: int, text: str) -> RecoveryDriver:
    driver = begin_recovery()
    for number in range(count):
        driver.note("facts", Fact(f"Fact-{number}- {text}"))
    return driver


@pytest.mark.parametrize(("count", "text"), [(300, "late"), (300, AMPERSANDS), (300, "漢" * 1900), (40, "😀" * 1900)])
def test_a_panel_of_many_entries_shows_the_newest_and_counts_the_others(count: int, text: str) -> None:
    view_json = panel_of(recorded(count, text))
    assert faults_of_view(view_json) == []
    read = text_of(view_json)
    there = [number for number in range(count) if f"Fact-{number}- {text[:50]}" in read]
    assert there == list(range(count - len(there), count))
    assert sum(read.count(sign) for sign in set(text)) >= len(there) * len(text), "an entry is there as a whole"
    assert len(there) > 10
    assert f"{count - len(there)} older ones are not shown here" in read


def test_a_panel_with_everything_in_it_counts_nothing() -> None:
    view_json = panel_of(filled("trust-recovery", "en"))
    assert "not shown here" not in text_of(view_json)


def test_every_tap_of_a_panel_is_there_and_comes_back() -> None:
    driver = filled("trust-recovery", "en")
    for number in range(20):
        driver.do(AddObserver(ANA, Person("web", "practice", f"u{number}", "&" * 80)))
    view_json = panel_of(driver)
    assert faults_of_view(view_json) == []
    values = [o["value"] for _, e in elements(view_json["blocks"]) for o in e.get("options", [e])]
    taps = [parse_button_value(value) for value in values]
    assert {(recovery, visit) for recovery, visit, _ in taps} == {("r", driver.recovery.card_revision)}
    assert sum(action.startswith("unobserve:") for _, _, action in taps) == 20


def test_an_operators_long_words_fit_in_panel_and_forms() -> None:
    driver = wordy(filled("trust-recovery", "en"))
    view_json = panel_of(driver)
    assert faults_of_view(view_json) == []
    assert all(driver.localizer(step.title) in text_of(view_json) for step in driver.flow.steps.values() if step.title)
    for form in forms_of(driver):
        assert faults_of_view(view_of(driver, form)) == [], form.id
