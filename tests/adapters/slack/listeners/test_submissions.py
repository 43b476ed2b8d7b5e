"""What somebody fills in comes back as they left it, and what is wrong with it stands where they see it."""

import json
import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.shared.form_input import FormInput
from adapters.slack.blocks.modals import form_view
from adapters.slack.blocks.mrkdwn import Json
from adapters.slack.blocks.view_values import errors_by_block, read_view_values
from flows.errors import UnknownForm
from flows.input import form_answers as meaning
from flows.input.form_answers import FormErrors
from flows.screens.inputs import ChoiceInput, Form, Input, PersonInput, TextInput, TimeInput
from flows.state.record_events import EditEntry, RecordEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary
from tests.adapters.slack.blocks.test_messages import recovery_with_markup
from tests.adapters.slack.blocks.test_mrkdwn import LONG
from tests.adapters.slack.harness import SlackHarness
from tests.adapters.slack.payloads import NASTY, forms_of, seal, view_of
from tests.adapters.slack.raw_requests import deliver, draft_sender, signed, written
from tests.conftest import ANA, NOON
from tests.examples import examples
from tests.flows.recovery_driver import RecoveryDriver
from tests.flows.test_golden import filled as filled_recovery
from tests.peers.slack.forms import FieldValue as Typed
from tests.peers.slack.forms import filled_view

FEW = examples(60)
WORDS = ("frustrated", "ignored", "R&D <b>")


def view(*inputs: Input) -> Json:
    return form_view(Form("f", "Note", inputs, "Add"), "r", "en", seal)


def given_back(*inputs: Input, **text_input: Typed) -> FormInput:
    """What comes back from a form with these inputs, after somebody filled in some of them, named by label."""
    return read_view_values(filled_view(view(*inputs), text_input))


def answer(field: Input, **text_input: Typed) -> str | tuple[str, ...]:
    return given_back(field, **text_input).answers[field.name]


# --- as it was


@FEW
@given(LONG)
def test_a_text_that_nobody_changed_comes_back_as_it_was(text: str) -> None:
    for limit in (2000, 12_000, 40_000):
        assert answer(TextInput("text", "Text", text, limit=limit, is_multiline=True)) == text


@FEW
@given(LONG, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400))
def test_what_is_added_to_a_long_text_is_a_line_of_its_own(text: str, added: str) -> None:
    field = TextInput("text", "T", text, limit=100_000)
    blocks = view(field)["blocks"]
    assume(len(blocks) > 1)
    label = f"T ({len(blocks)} of {len(blocks)})"
    assert answer(field, **{label: added}) == (f"{text}\n{added}" if text else added)


@pytest.mark.parametrize("text", ["", "late", "<!channel> & *b*", "\u202egnol\u202c", "a\u200bb", "&lt;", NASTY])
def test_what_is_typed_comes_back_as_it_was_typed(text: str) -> None:
    assert answer(TextInput("text", "Text"), Text=text) == text


def test_a_part_that_is_emptied_leaves_no_gap() -> None:
    text = "\n".join(["a" * 2399, "b" * 2399, "c" * 2399])
    assert answer(TextInput("text", "T", text, limit=12_000), **{"T (2 of 4)": ""}) == f"{'a' * 2399}\n{'c' * 2399}"


def test_parts_are_joined_in_their_order_whatever_order_they_come_in() -> None:
    text = "\n".join(f"line {n}" for n in range(4000))
    values = filled_view(view(TextInput("text", "T", text, limit=40_000)), {})
    assert read_view_values(dict(reversed(values.items()))).answers["text"] == text


@FEW
@given(st.sets(st.integers(0, 119)), st.sampled_from([1, 10, 11, 120]))
def test_what_is_picked_comes_back(picked: set[int], count: int) -> None:
    options = tuple((f"o{n}", f"Option & {n}") for n in range(count))
    ids = tuple(f"o{n}" for n in sorted(picked) if n < count)
    assert answer(ChoiceInput("options", "Pick", options, ids, allows_several=True)) == ids
    assert answer(ChoiceInput("options", "Pick", options, ids[:1])) == "".join(ids[:1])
    if ids:
        assert answer(ChoiceInput("options", "Pick", options, allows_several=True), Pick=ids) == ids
        assert answer(ChoiceInput("options", "Pick", options), Pick=ids[-1]) == ids[-1]


@pytest.mark.parametrize(
    ("at", "back"), [(NOON, "2700-01-01T08:00"), (None, ""), (23_036_774_400.0, "2700-01-01T08:00")]
)
def test_a_date_comes_back(at: float | None, back: str) -> None:
    assert answer(TimeInput("when", "When", "2700-01-01T08:00" if at else "", epoch_seconds=at)) == back


def test_a_person_comes_back_by_id() -> None:
    back = given_back(PersonInput("person", "Who"), TextInput("text", "Text"), Who="U123")
    assert (back.person_ids, back.person_id, back.answers) == ({"person": "U123"}, "U123", {"text": ""})


def test_nobody_is_nobody() -> None:
    values = {"person~0": {"answer": {"type": "users_select", "selected_user": None}}}
    assert read_view_values(values).person_id == ""


@pytest.mark.parametrize(
    ("held", "picked", "text", "word"),
    [
        ("", "ignored", None, "ignored"),
        ("", None, "exhausted", "exhausted"),
        ("", "ignored", "exhausted", "exhausted"),
        ("ignored", None, None, "ignored"),
        ("exhausted", None, None, "exhausted"),
        ("ignored", None, "exhausted", "exhausted"),
        ("", "ignored", " ", "ignored"),
        ("", "R&D <b>", None, "R&D <b>"),
        ("", None, None, ""),
    ],
)
@pytest.mark.parametrize("more", [0, 9, 200])
def test_a_typed_word_goes_before_a_picked_one(
    held: str, picked: str | None, text: str | None, word: str, more: int
) -> None:
    words = (*WORDS, *(f"word {n}" for n in range(more)))
    field = TextInput("word", "Feeling", held, suggestions=words)
    notice = {"Feeling": picked, "Feeling: in your own words": text}
    assert answer(field, **{label: values for label, values in notice.items() if values is not None}) == word


def test_a_view_of_another_kind_is_refused() -> None:
    with pytest.raises(UnknownForm):
        read_view_values({"other": {"x": {"type": "plain_text_input", "value": "x"}}})


# --- every form of a recovery


def sent(driver: RecoveryDriver, form: Form) -> object:
    """What a form means when it is sent as it came up."""
    back = read_view_values(
        filled_view(view_of(driver, form), {"Who?": "U1"} if form.id in {"hand_over", "observe"} else {})
    )
    return meaning.event_from_form(
        driver.flow, driver.recovery, form.id, back.answers, ANA, driver.localizer, driver.now
    )


@pytest.mark.parametrize("make", [lambda: filled_recovery("trust-recovery", "en"), recovery_with_markup])
def test_a_form_that_is_sent_as_it_came_up_changes_nothing(make: Any) -> None:  # noqa: ANN401 - how to make a recovery
    driver: RecoveryDriver = make()
    for entry in driver.recovery.entries:
        form = next(form for form in forms_of(driver) if form.id == f"edit:{entry.id}")
        assert sent(driver, form) == EditEntry(ANA, entry.id, entry.value)


def test_a_summary_that_is_sent_as_it_came_up_stays_the_one_from_the_notes() -> None:
    driver = recovery_with_markup()
    for form in forms_of(driver):
        if form.id.startswith("summary:"):
            event = sent(driver, form)
            assert isinstance(event, EditSummary)
            assert (event.summary_version, event.text) == (SummaryVersion(form.id.split(":")[1]), "")


def test_a_field_that_holds_one_entry_is_noted_again_as_it_was() -> None:
    driver = filled_recovery("trust-recovery", "es")
    form = next(form for form in forms_of(driver) if form.id == "note:contact")
    assert sent(driver, form) == RecordEntry(ANA, "contact", driver.recovery.entries_of("contact")[-1].value)


def test_every_fault_of_an_empty_form_stands_at_a_field_of_it() -> None:
    driver = filled_recovery("trust-recovery", "en")
    faulty = 0
    for form in forms_of(driver):
        if not form.id.startswith("note:"):
            continue
        inputs = [block for block in view_of(driver, form)["blocks"] if block["type"] == "input"]
        values = {block["block_id"]: {"answer": {"type": block["element"]["type"]}} for block in inputs}
        event = meaning.event_from_form(
            driver.flow, driver.recovery, form.id, read_view_values(values).answers, ANA, driver.localizer, driver.now
        )
        if isinstance(event, FormErrors):
            errors = errors_by_block(event.by_input, values)
            assert set(errors) <= set(values)
            assert len(errors) == len(event.by_input)
            faulty += 1
    assert faulty > 10


# --- faults


def test_a_fault_stands_at_its_field() -> None:
    values = filled_view(view(TextInput("who", "Who"), TextInput("what", "What")), {})
    assert errors_by_block({"what": "Please fill this in.", "who": "Add a name."}, values) == {
        "what~0": "Please fill this in.",
        "who~0": "Add a name.",
    }


def test_a_fault_of_a_long_text_stands_at_its_first_part() -> None:
    values = filled_view(view(TextInput("text", "T", "a" * 9000, limit=12_000)), {})
    assert errors_by_block({"text": "Too long."}, dict(reversed(values.items()))) == {"text~0~1": "Too long."}


@pytest.mark.parametrize(("text", "block"), [({}, "word~0~picked"), ({"W: in your own words": "x"}, "word~0~typed")])
def test_a_fault_of_a_word_stands_where_it_came_from(text: dict[str, Typed], block: str) -> None:
    values = filled_view(view(TextInput("word", "W", suggestions=WORDS)), text)
    assert errors_by_block({"word": "Please fill this in."}, values) == {block: "Please fill this in."}


def test_faults_of_what_is_not_in_view_stand_at_the_first_field() -> None:
    values = filled_view(view(TextInput("a", "A"), TextInput("b", "B")), {})
    assert errors_by_block({"x": "First.", "y": "Second.", "a": "Third."}, values) == {"a~0": "First. Second. Third."}


def test_a_fault_is_told_in_full() -> None:
    values = filled_view(view(TextInput("a", "A")), {})
    assert errors_by_block({"a": "long " * 600}, values) == {"a~0": "long " * 600}


EMPTY_STATES: dict[str, Any] = {
    "no state": None,
    "a state that is a list": [],
    "no values": {},
    "null as values": {"values": None},
    "no blocks": {"values": {}},
    "a block that is null": {"values": {"BLOCK": None}},
    "a block that is empty": {"values": {"BLOCK": {}}},
    "a block of null": {"values": {"BLOCK": {"answer": None}}},
    "an input without a type": {"values": {"BLOCK": {"answer": {"value": None}}}},
    "nothing selected": {"values": {"BLOCK": {"answer": {"type": "static_select", "selected_option": None}}}},
    "no list of options": {"values": {"BLOCK": {"answer": {"type": "checkboxes", "selected_options": None}}}},
    "an option without a value": {"values": {"BLOCK": {"answer": {"type": "radio_buttons", "selected_option": {}}}}},
    "a number": {"values": {"BLOCK": {"answer": {"type": "plain_text_input", "value": 7}}}},
}


@pytest.mark.parametrize("form_label", ["Add…", "Too close to this"])
async def test_a_form_whose_state_is_empty_asks_for_what_is_missing(on_slack: SlackHarness, form_label: str) -> None:
    dana = on_slack.user("dana")
    await dana.begin()
    if form_label == "Add…":
        await dana.tap("I am ready", "1 of 8")
    form = await dana.open(form_label, "2 of 8" if form_label == "Add…" else "1 of 8")
    block_id = next(block["block_id"] for block in form["blocks"] if block["type"] == "input")
    answers = {"What happened": "x"} if form_label == "Add…" else {"Who?": "omar"}
    payload = (await draft_sender(dana.sender).submit("dana", form, answers)).payload
    for name, state in EMPTY_STATES.items():
        payload["view"]["state"] = json.loads(json.dumps(state).replace("BLOCK", block_id))
        reply = await deliver(on_slack, signed(written(payload), time.time()))
        assert reply.status == 200, name
        assert reply.json["response_action"] == "errors", name
        assert list(reply.json["errors"]) == [block_id], name
