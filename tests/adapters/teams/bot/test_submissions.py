"""What somebody fills in comes back as they left it, and a note that nobody sent is seen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.form_input import FormInput
from adapters.teams.cards.dialogs import form_card
from adapters.teams.cards.elements import UnknownCard, parse_form_data, parse_tap
from adapters.teams.cards.guide_card import guide_card_json
from adapters.teams.cards.input_values import has_unsent_note, read_answers
from adapters.teams.cards.markup import Json
from flows.input import form_answers as meaning
from flows.input.form_answers import FormErrors
from flows.screens.card import guide_card
from flows.screens.elements import Button, ButtonKind, ButtonRow, Card, InlineForm
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput
from flows.state.entries import Moment
from flows.state.record_events import EditEntry, RecordEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary
from flows.text import clean_text, is_blank
from tests.adapters.slack.payloads import forms_of
from tests.adapters.teams.payloads import COLLEAGUES, NASTY, action, actions, form_of, inputs, sent
from tests.conftest import ANA
from tests.examples import examples
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery
from tests.flows.test_golden import filled as filled_recovery

WORDS = ("frustrated", "ignored", "R&D <b>, *x*")


def form(*fields: Input) -> Form:
    return Form("f", "Note", fields, "Add")


def given_back(*fields: Input, **answers: str) -> FormInput:
    """What comes back from a form with these inputs, after somebody filled in some of them, by id without `in.`."""
    card = form_card(form(*fields), "en", "r", colleagues=COLLEAGUES)
    return read_answers(sent(card, card["actions"][0], {f"in.{key}~0": value for key, value in answers.items()}))


# --- as it was


@examples(60)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=300))
def test_a_text_that_nobody_changed_comes_back_as_it_was(text: str) -> None:
    back = given_back(TextInput("text", "T", text, limit=12_000), TextInput("word", "W", text, suggestions=WORDS))
    assert back.answers.get("text", "") == text
    assert back.answers.get("word", "") == ("" if is_blank(text) else text)


@pytest.mark.parametrize("picked", [(), ("a",), ("a", "b,c"), ("b,c", "d%2Ce", "%")])
def test_what_is_picked_comes_back(picked: tuple[str, ...]) -> None:
    options = tuple((key, f"Option {key}") for key in ("a", "b,c", "d%2Ce", "%"))
    assert (
        given_back(ChoiceInput("options", "O", options, picked, allows_several=True)).answers.get("options", ())
        == picked
    )
    one = given_back(ChoiceInput("level", "O", options, picked[:1])).answers.get("level", "")
    assert one == "".join(picked[:1])


def test_a_date_and_a_time_come_back_as_one() -> None:
    assert given_back(TimeInput("when", "When", "2026-11-24T16:30")).answers == {"when": "2026-11-24T16:30"}


@pytest.mark.parametrize(
    ("date", "time", "fault"),
    [
        ("", "16:30", "“… 16:30” is not clear as a time"),
        ("2026-13-44", "16:30", "“2026-13-44T16:30” is not clear as a time"),
    ],
)
def test_half_a_time_is_told_and_not_dropped(date: str, time: str, fault: str) -> None:
    driver = filled_recovery("trust-recovery", "en")
    back = read_answers({"in.when.date~0": date, "in.when.time~0": time})
    event = meaning.event_from_form(
        driver.flow, driver.recovery, "note:next_update", back.answers, ANA, driver.localizer, driver.now
    )
    assert isinstance(event, FormErrors)
    assert fault in event.by_input["when"]


def test_a_date_without_a_time_is_the_end_of_its_working_day() -> None:
    driver = filled_recovery("trust-recovery", "en")
    back = read_answers({"in.when.date~0": "2099-11-24", "in.when.time~0": ""})
    event = meaning.event_from_form(
        driver.flow, driver.recovery, "note:next_update", back.answers, ANA, driver.localizer, driver.now
    )
    assert isinstance(event, RecordEntry)
    assert isinstance(event.value, Moment)
    assert driver.localizer.local_iso_time(event.value.time) == "2099-11-24T17:00"


def test_no_time_is_no_time() -> None:
    assert read_answers({"in.when.date~0": "", "in.when.time~0": ""}).answers == {"when": ""}


def test_a_person_comes_back_by_id() -> None:
    back = given_back(PersonInput("person", "Who"), TextInput("text", "T"), **{"person.who": "29:ben"})
    assert (back.person_ids, back.person_id, back.answers) == ({"person": "29:ben"}, "29:ben", {})


def test_nobody_is_nobody() -> None:
    assert read_answers({"in.person.who~0": None}).person_id == ""
    assert read_answers({}).person_id == ""


@pytest.mark.parametrize(
    ("held", "picked", "user_text", "word"),
    [
        ("", "ignored", "", "ignored"),
        ("", "", "exhausted", "exhausted"),
        ("", "ignored", "exhausted", "exhausted"),
        ("ignored", None, None, "ignored"),
        ("exhausted", None, None, "exhausted"),
        ("", "ignored", " \u200b", "ignored"),
        ("", WORDS[2], "", WORDS[2]),
        ("", None, None, ""),
    ],
)
def test_a_typed_word_goes_before_a_picked_one(held: str, picked: str | None, user_text: str | None, word: str) -> None:
    answers = {"word.picked": picked, "word.typed": user_text}
    back = given_back(
        TextInput("word", "W", held, suggestions=WORDS), **{k: v for k, v in answers.items() if v is not None}
    )
    assert back.answers.get("word", "") == word


# --- every form of a recovery


def meant(driver: RecoveryDriver, one: Form) -> object:
    """What a form means when it is sent as it came up."""
    card = form_of(driver, one)
    back = read_answers(sent(card, card["actions"][0]))
    return meaning.event_from_form(
        driver.flow, driver.recovery, one.id, back.answers, ANA, driver.localizer, driver.now
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_form_that_is_sent_as_it_came_up_changes_nothing(language: str) -> None:
    driver = filled_recovery("trust-recovery", language)
    for entry in driver.recovery.entries:
        one = next(one for one in forms_of(driver) if one.id == f"edit:{entry.id}")
        assert meant(driver, one) == EditEntry(ANA, entry.id, entry.value)


def test_a_summary_that_is_sent_as_it_came_up_stays_the_one_from_the_notes() -> None:
    driver = filled_recovery("trust-recovery", "en")
    for one in forms_of(driver):
        if one.id.startswith("summary:"):
            event = meant(driver, one)
            assert isinstance(event, EditSummary)
            assert (event.summary_version, event.text) == (SummaryVersion(one.id.split(":")[1]), "")


def test_a_field_that_holds_one_entry_is_noted_again_as_it_was() -> None:
    driver = filled_recovery("trust-recovery", "es")
    one = next(one for one in forms_of(driver) if one.id == "note:contact")
    assert meant(driver, one) == RecordEntry(ANA, "contact", driver.recovery.entries_of("contact")[-1].value)


# --- what nobody sent


ASKED: tuple[Input, ...] = (
    TextInput("text", "T", limit=2000),
    ChoiceInput("told", "They", (("said", "said"), ("unsaid", "unsaid")), ("said",)),
)


def tap_of(*fields: Input, answers: dict[str, str] | None = None) -> Json:
    """What a gate sends while this is typed into the card's own inputs."""
    card = guide_card_json(
        Card(
            "r",
            4,
            "t",
            (
                InlineForm(form(*fields), Button("Add…", "open:note:x", ButtonKind.OPENS_DIALOG)),
                ButtonRow((Button("On", "choose:on"), Button("More", "open:more", ButtonKind.OPENS_MORE))),
            ),
        ),
        "en",
    )
    ids = {one["id"].rpartition("~")[0].removeprefix("in."): one["id"] for one in inputs(card)}
    return sent(card, action(card, "On"), {ids[key]: value for key, value in (answers or {}).items()})


@pytest.mark.parametrize(
    ("fields", "answers", "seen"),
    [
        (ASKED, {}, False),
        (ASKED, {"text": "late"}, True),
        (ASKED, {"text": " \u200b\n"}, False),
        (ASKED, {"told.pick": "unsaid"}, False),
        (ASKED, {"told.pick": "unsaid", "text": "x"}, True),
        ((TextInput("text", "T", "held"),), {}, False),
        ((TextInput("text", "T", "held"),), {"text": "held and more"}, True),
        ((TextInput("text", "T", "held"),), {"text": ""}, False),
        ((TextInput("word", "W", suggestions=WORDS),), {"word.picked": "ignored"}, True),
        ((TextInput("word", "W", "ignored", suggestions=WORDS),), {}, False),
        ((TextInput("word", "W", "other", suggestions=WORDS),), {}, False),
        ((TimeInput("when", "When", "2026-11-24T16:30"),), {}, False),
        ((TimeInput("when", "When"),), {"when.typed": "tue 4pm"}, True),
        ((TimeInput("when", "When", choices=(("@today", "Today"),)),), {"when.chosen": "@today"}, True),
        ((ChoiceInput("options", "O", (("a", "a"),), allows_several=True),), {"options.many": "a"}, True),
        ((ChoiceInput("options", "O", (("a", "a"),), ("a",), allows_several=True),), {}, False),
        ((ChoiceInput("level", "L", (("1", "1"), ("2", "2")), ("1",)),), {}, False),
        ((ChoiceInput("level", "L", (("1", "1"), ("2", "2")), ("1",)),), {"level.pick": "2"}, True),
    ],
)
def test_a_note_that_nobody_sent_is_seen(fields: tuple[Input, ...], answers: dict[str, str], *, seen: bool) -> None:
    data = tap_of(*fields, answers=answers)
    assert parse_tap(data).form_id == "f"
    assert has_unsent_note(data) is seen


@pytest.mark.parametrize("text", [NASTY, " padded \r\n twice ", "paid \u202e001"])
def test_what_was_held_is_not_taken_for_new_whatever_it_is(text: str) -> None:
    assert not has_unsent_note(tap_of(TextInput("text", "T", clean_text(text), limit=4000)))


def test_a_tap_beside_no_form_brings_no_note() -> None:
    card = guide_card_json(Card("r", 4, "t", (ButtonRow((Button("On", "choose:on"),)),)), "en")
    data = sent(card, action(card, "On"))
    assert (parse_tap(data).form_id, has_unsent_note(data)) == ("", False)


def test_every_step_sees_what_was_typed_there() -> None:
    driver = begin_recovery()
    for step in driver.flow.steps:
        driver.jump(step)
        guide = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
        card = guide_card_json(guide, "en")
        ask = next((element.form for element in guide.elements if isinstance(element, InlineForm)), None)
        gate = next(one for one in actions(card) if one.get("verb") == "tap")
        assert parse_tap(gate["data"]).form_id == (ask.id if ask else "")
        for one in inputs(card):
            if one["type"] == "Input.Text":
                assert has_unsent_note(sent(card, gate, {one["id"]: "late"}))


# --- what is not ours


@pytest.mark.parametrize(
    "data",
    [
        {"in.text": "x"},
        {"in.text~x": "x"},
        {"in.~0": "x"},
        {"in.text.other~0": "x"},
        {"in.text~0~1": "x"},
        {"in.text~0": 7},
        {"in.text~0": ["x"]},
        {"in.text~9999999999": "x"},
    ],
)
def test_an_input_of_another_kind_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(UnknownCard):
        read_answers(data)


TAP = {"recovery": "0a1b", "revision": 3, "action": "choose:yes"}
FILL = {"recovery": "", "form": "start:", "nth": 0}


def test_what_is_ours_is_read_and_what_teams_adds_is_passed_over() -> None:
    tap = parse_tap(TAP | {"msteams": {"type": "task/fetch"}, "in.text~0": "x"})
    assert (tap.recovery_id, tap.card_revision, tap.action, tap.form_id, tap.needs_confirmation) == (
        "0a1b",
        3,
        "choose:yes",
        "",
        False,
    )
    assert parse_tap(TAP | {"sure": True}).needs_confirmation
    fill = parse_form_data(FILL | {"place": "sealed", "in.text~0": "x"})
    assert (fill.recovery_id, fill.form_id, fill.repeat, fill.signed_place) == ("", "start:", 0, "sealed")


WRONG: list[Any] = [None, "", " ", 7, True, -1, 1.5, [], {}, "x" * 5000, "a b", "\n"]


@pytest.mark.parametrize("key", ["recovery", "revision", "action", "form", "sure"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_tap_that_we_could_not_have_made_is_refused(key: str, value: Any) -> None:  # noqa: ANN401 - anything
    ours = (key, value) in {("recovery", ""), ("revision", 7)} if isinstance(value, str | int) else False
    if ours or (key == "sure" and value is True):
        return
    with pytest.raises(UnknownCard):
        parse_tap(TAP | {key: value})


@pytest.mark.parametrize("key", ["recovery", "form", "nth", "place"])
@pytest.mark.parametrize("value", [None, 1.5, [], {}, "x" * 5000, True], ids=repr)
def test_a_form_that_we_could_not_have_made_is_refused(key: str, value: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(UnknownCard):
        parse_form_data(FILL | {key: value})


@pytest.mark.parametrize("key", ["recovery", "revision", "action"])
def test_a_tap_with_something_missing_is_refused(key: str) -> None:
    with pytest.raises(UnknownCard):
        parse_tap({name: value for name, value in TAP.items() if name != key})
