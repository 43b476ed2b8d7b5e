"""What a filled form means, and what is said about answers that cannot be used."""

from dataclasses import replace

import pytest

from flows.errors import UnknownForm
from flows.input import form_answers
from flows.input.form_answers import FormErrors
from flows.input.form_reader import FormAnswers
from flows.state.entries import (
    Commitment,
    CommitmentState,
    Expression,
    Fact,
    Feeling,
    Holder,
    Level,
    Moment,
    Selection,
    Standing,
    Text,
    Value,
)
from flows.state.events import AddObserver, HandOver, SendTip
from flows.state.record_events import EditEntry, RecordEntry
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary
from tests.conftest import ANA, BEN, NOON
from tests.flows.input.form_helpers import CHOICE, OWNER, REQUIRED, edited, faults, noted, read, utc
from tests.flows.recovery_driver import DAY, RecoveryDriver, begin_recovery

# --- good answers of every form

NOTES: list[tuple[str, FormAnswers, Value]] = [
    ("contact", {"text": "Kim, answers to the board"}, Text("Kim, answers to the board")),
    ("facts", {"text": "nobody called"}, Fact("nobody called")),
    ("facts", {"text": "nobody called", "expression": "unsayable"}, Fact("nobody called", Expression.UNSAYABLE)),
    ("facts", {"text": "the job ran", "holder": "us"}, Fact("the job ran", holder=Holder.US)),
    ("feeling", {"word": "Let down", "strength": "3"}, Feeling("let_down", 3)),
    ("feeling", {"word": "angry"}, Feeling("angry", 2)),
    ("feeling", {"word": "decepción"}, Feeling("let_down", 2)),
    ("feeling", {"word": "sold short"}, Feeling("sold short", 2)),
    ("frame", {"text": "Exports fail."}, Text("Exports fail.")),
    ("setting", {"options": ("private", "quiet")}, Selection(("private", "quiet"))),
    ("outcome", {"options": "restored"}, Selection(("restored",))),
    ("outcome", {"options": ("restored",)}, Selection(("restored",))),
    ("temperature_start", {"level": "5"}, Level(5)),
    ("commitment", {"who": "Ben", "what": "a fixed export", "when": "@none"}, Commitment("Ben", "a fixed export")),
    ("commitment", {"who": "Ben", "what": "x", "when": "2027-01-16T08:00"}, Commitment("Ben", "x", NOON + DAY)),
    ("next_update", {"when": "2027-01-16T08:00"}, Moment(NOON + DAY)),
]


@pytest.mark.parametrize(("field", "filled", "value"), NOTES)
def test_a_note_is_what_was_answered(driver: RecoveryDriver, field: str, filled: FormAnswers, value: Value) -> None:
    assert noted(driver, field, filled) == value


def test_a_tip_is_what_was_answered(driver: RecoveryDriver) -> None:
    assert read(driver, "tip", {"text": "Ask about the board."}) == SendTip(ANA, "Ask about the board.")


def test_handing_over_names_the_person(driver: RecoveryDriver) -> None:
    assert read(driver, "hand_over", {"person": BEN}) == HandOver(ANA, BEN)


def test_inviting_names_the_person(driver: RecoveryDriver) -> None:
    assert read(driver, "observe", {"person": BEN}) == AddObserver(ANA, BEN)


def test_a_summary_is_what_was_written(driver: RecoveryDriver) -> None:
    filled = {"text": "Acme\r\n\r\nWe call you."}
    event = read(driver, "summary:client", filled)
    assert isinstance(event, EditSummary)
    assert (event.summary_version, event.text) == (SummaryVersion.CLIENT, "Acme\n\nWe call you.")
    assert "\n".join(part.text for part in event.original_parts) == driver.summary(SummaryVersion.CLIENT).replace(
        "\n\n", "\n"
    )


def test_an_empty_summary_is_an_answer(driver: RecoveryDriver) -> None:
    event = read(driver, "summary:internal", {"text": ""})
    assert isinstance(event, EditSummary)
    assert (event.summary_version, event.text) == (SummaryVersion.INTERNAL, "")


def test_a_dispute_weighs_the_fact(driver: RecoveryDriver) -> None:
    fact = driver.note("facts", Fact("nobody called", Expression.UNSAID))
    filled = {"fact": fact.id, "our_view": "we called once", "evidence": "call log", "standing": "parked"}
    weighed = Fact(
        "nobody called", Expression.UNSAID, standing=Standing.PARKED, our_view="we called once", evidence="call log"
    )
    assert read(driver, "note:dispute", filled) == EditEntry(ANA, fact.id, weighed)


# --- good answers of every edit


def test_an_edited_fact_takes_every_answer(driver: RecoveryDriver) -> None:
    fact = driver.note("facts", Fact("nobody called"))
    filled = {"text": "nobody rang", "expression": "unsaid", "holder": "us", "standing": "agreed", "our_view": "V"}
    assert edited(driver, fact.id, filled) == Fact("nobody rang", Expression.UNSAID, Holder.US, Standing.AGREED, "V")


@pytest.mark.parametrize(("answer", "confirmed"), [("yes", True), ("no", False), ("open", None)])
def test_an_edited_feeling_takes_the_clients_answer(
    driver: RecoveryDriver, answer: str, *, confirmed: bool | None
) -> None:
    feeling = driver.note("feeling", Feeling("angry", 2, is_confirmed=True))
    filled = {"word": "angry", "strength": "1", "confirmed": answer}
    assert edited(driver, feeling.id, filled) == Feeling("angry", 1, confirmed)


def test_an_edited_feeling_keeps_the_clients_answer_where_the_form_does_not_ask(driver: RecoveryDriver) -> None:
    feeling = driver.note("feeling", Feeling("angry", 2, is_confirmed=True))
    assert edited(driver, feeling.id, {"word": "angry", "strength": "3"}) == Feeling("angry", 3, is_confirmed=True)


def test_an_edited_frame_in_the_same_words_keeps_its_yes(driver: RecoveryDriver) -> None:
    frame = driver.note("frame", Text("Exports fail.", is_confirmed=True))
    assert edited(driver, frame.id, {"text": "Exports fail."}) == Text("Exports fail.", is_confirmed=True)


def test_an_edited_frame_in_other_words_needs_a_new_yes(driver: RecoveryDriver) -> None:
    frame = driver.note("frame", Text("Exports fail.", is_confirmed=True))
    assert edited(driver, frame.id, {"text": "Exports fail at night."}) == Text(
        "Exports fail at night.", is_confirmed=None
    )


def test_a_text_that_needs_no_yes_has_none(driver: RecoveryDriver) -> None:
    part = driver.note("our_part", Text("I did not check"))
    assert edited(driver, part.id, {"text": "I did not check", "confirmed": "yes"}) == Text("I did not check")


@pytest.mark.parametrize("state", list(CommitmentState))
def test_an_edited_promise_takes_its_state(driver: RecoveryDriver, state: CommitmentState) -> None:
    commitment = driver.note("commitment", Commitment("Ben", "x"))
    filled = {"who": "Ben", "what": "x", "state": state.value}
    assert edited(driver, commitment.id, filled) == Commitment("Ben", "x", None, state)


def test_an_edited_promise_keeps_its_state_where_the_form_does_not_ask(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", Commitment("Ben", "x", state=CommitmentState.KEPT))
    assert edited(driver, commitment.id, {"who": "Ben", "what": "y"}) == Commitment(
        "Ben", "y", None, CommitmentState.KEPT
    )


def test_a_promise_may_keep_a_date_that_is_long_past(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", Commitment("Ben", "x", NOON))
    driver.later(60 * 24 * 30)
    filled = {"who": "Ben", "what": "x", "when": driver.localizer.local_iso_time(NOON), "state": "kept"}
    assert edited(driver, commitment.id, filled) == Commitment("Ben", "x", NOON, CommitmentState.KEPT)


def test_an_edited_promise_takes_another_date(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", Commitment("Ben", "x", NOON + DAY))
    filled = {"who": "Ben", "what": "x", "when": str(int(NOON + 2 * DAY))}
    assert edited(driver, commitment.id, filled) == Commitment("Ben", "x", NOON + 2 * DAY)


def test_a_promise_loses_its_date_only_where_that_is_said(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", Commitment("Ben", "x", NOON + DAY))
    assert edited(driver, commitment.id, {"who": "Ben", "what": "x", "when": "@none"}) == Commitment("Ben", "x")
    filled = {"who": "Ben", "what": "x", "when": ""}
    assert faults(driver, f"edit:{commitment.id}", filled) == {
        "when": "By when? Choose a time, or type one such as “tue 4pm”. Or choose “No date yet”."
    }


@pytest.mark.parametrize("answer", ["yesterday 10:00", "2027-01-14T10:00", "14 jan 10:00", "@today"])
def test_a_promise_in_the_past_is_asked_about(driver: RecoveryDriver, answer: str) -> None:
    driver.later(60 * 10)  # the end of the day is over
    assert list(faults(driver, "note:commitment", {"who": "Ben", "what": "x", "when": answer})) == ["when"]


def test_a_promise_that_was_kept_already_may_have_a_date_in_the_past(driver: RecoveryDriver) -> None:
    commitment = driver.note("commitment", Commitment("Ben", "x", NOON + DAY))
    filled = {"who": "Ben", "what": "x", "when": "2027-01-14T10:00", "state": "kept"}
    assert edited(driver, commitment.id, filled).state is CommitmentState.KEPT  # type: ignore[union-attr]  # a promise


def test_a_choice_of_times_means_the_time_of_the_answer(driver: RecoveryDriver) -> None:
    driver.later(60 * 24 * 3)
    event = read(driver, "note:next_update", {"when": "@next_day"})
    assert isinstance(event, RecordEntry)
    assert event.value == Moment(utc("2027-01-19T10:00"))


# --- text is kept as it was typed


@pytest.mark.parametrize(
    "user_text",
    ["<!channel> now", "<b>late</b> & co", "{facts}", "%s $x `y`", "👩🏽‍🚒 🇪🇸", "línea 1\nlínea 2", "مرحبا"],
)
def test_a_note_is_kept_as_plain_text(driver: RecoveryDriver, user_text: str) -> None:
    assert noted(driver, "facts", {"text": user_text}) == Fact(user_text)


def test_nul_bytes_do_not_reach_the_record(driver: RecoveryDriver) -> None:
    assert noted(driver, "facts", {"text": "la\x00te\x00"}) == Fact("late")


def test_line_ends_are_the_same_from_every_browser(driver: RecoveryDriver) -> None:
    assert noted(driver, "facts", {"text": "one\r\ntwo"}) == Fact("one\ntwo")


def test_space_around_a_note_goes(driver: RecoveryDriver) -> None:
    assert noted(driver, "facts", {"text": "  late \n"}) == Fact("late")


def test_a_note_of_2000_characters_is_not_too_long(driver: RecoveryDriver) -> None:
    assert noted(driver, "facts", {"text": "😀" * 2000}) == Fact("😀" * 2000)


# --- answers that cannot be used

EMPTY = [
    ("tip", {}, "text"),
    ("tip", {"text": "  \n"}, "text"),
    ("hand_over", {}, "person"),
    ("observe", {}, "person"),
    ("note:contact", {}, "text"),
    ("note:facts", {"text": ""}, "text"),
    ("note:facts", {"text": "\x00"}, "text"),
    ("note:feeling", {"strength": "3"}, "word"),
    ("note:setting", {}, "options"),
    ("note:setting", {"options": ()}, "options"),
    ("note:outcome", {"options": ""}, "options"),
    ("note:temperature_start", {}, "level"),
    ("note:commitment", {"what": "x", "when": "@none"}, "who"),
    ("note:commitment", {"who": "Ben", "when": "@none"}, "what"),
    ("note:commitment", {"who": "Ben", "what": "x"}, "when"),
    ("note:next_update", {}, "when"),
    ("note:next_update", {"when": "   "}, "when"),
    ("note:dispute", {"our_view": "V"}, "fact"),
]


@pytest.mark.parametrize(("form", "filled", "name"), EMPTY)
def test_a_missing_answer_is_a_fault_at_its_input(
    driver: RecoveryDriver, form: str, filled: FormAnswers, name: str
) -> None:
    assert list(faults(driver, form, filled)) == [name]


def test_a_missing_answer_asks_for_it(driver: RecoveryDriver) -> None:
    assert faults(driver, "note:facts", {}) == {"text": REQUIRED}


def test_an_empty_choice_asks_for_one(driver: RecoveryDriver) -> None:
    assert faults(driver, "note:outcome", {"options": ""}) == {"options": REQUIRED}


def test_every_fault_of_a_form_is_said_at_once(driver: RecoveryDriver) -> None:
    assert faults(driver, "note:commitment", {"when": "2026-02-30"}).keys() == {"who", "what", "when"}


def test_a_promise_without_an_owner_asks_for_a_name(driver: RecoveryDriver) -> None:
    assert faults(driver, "note:commitment", {"what": "a fixed export", "who": " ", "when": "@none"}) == {"who": OWNER}


def test_a_missing_person_asks_to_pick_one(driver: RecoveryDriver) -> None:
    assert faults(driver, "hand_over", {"person": "ben"}) == {
        "person": "Nobody here has that name. Pick somebody from the list."
    }


def test_faults_are_told_in_the_language_of_the_recovery() -> None:
    assert faults(begin_recovery(language="es"), "note:facts", {}) == {"text": "Falta este dato."}


TOO_LONG = [
    ("tip", {"text": "x" * 2001}, "text", "2,000", "2,001"),
    ("note:facts", {"text": "x" * 102_400}, "text", "2,000", "102,400"),
    ("note:contact", {"text": "x" * 2001}, "text", "2,000", "2,001"),
    ("note:feeling", {"word": "x" * 61}, "word", "60", "61"),
    ("note:commitment", {"who": "x" * 81, "what": "y", "when": "@none"}, "who", "80", "81"),
    ("note:commitment", {"who": "x", "what": "y" * 2001, "when": "@none"}, "what", "2,000", "2,001"),
    ("summary:client", {"text": "x" * 12_001}, "text", "12,000", "12,001"),
]


@pytest.mark.parametrize(("form", "filled", "name", "most", "has"), TOO_LONG)
def test_what_is_too_long_is_refused_with_its_length(
    driver: RecoveryDriver, form: str, filled: FormAnswers, name: str, *, most: str, has: str
) -> None:
    wanted = f"This has {has} characters; the maximum is {most}. Shorten it or split it."
    assert faults(driver, form, filled) == {name: wanted}


@pytest.mark.parametrize("name", ["our_view", "evidence"])
def test_a_view_that_is_too_long_is_refused(driver: RecoveryDriver, name: str) -> None:
    fact = driver.note("facts", Fact("late"))
    assert list(faults(driver, "note:dispute", {"fact": fact.id, name: "x" * 2001})) == [name]


UNKNOWN = [
    ("note:facts", {"text": "late", "expression": "shouted"}, "expression"),
    ("note:facts", {"text": "late", "holder": "nobody"}, "holder"),
    ("note:feeling", {"word": "angry", "strength": "4"}, "strength"),
    ("note:setting", {"options": ("private", "loud")}, "options"),
    ("note:outcome", {"options": ("restored", "improving")}, "options"),
    ("note:outcome", {"options": "wonderful"}, "options"),
    ("note:temperature_start", {"level": "6"}, "level"),
    ("note:temperature_start", {"level": "0"}, "level"),
    ("note:temperature_start", {"level": "hot"}, "level"),
    ("note:temperature_start", {"level": "٣"}, "level"),
]


@pytest.mark.parametrize(("form", "filled", "name"), UNKNOWN)
def test_an_unknown_option_is_refused(driver: RecoveryDriver, form: str, filled: FormAnswers, name: str) -> None:
    assert faults(driver, form, filled) == {name: CHOICE}


@pytest.mark.parametrize("fact", ["e99", "", "nonsense"])
def test_a_dispute_of_an_unknown_fact_is_refused(driver: RecoveryDriver, fact: str) -> None:
    driver.note("facts", Fact("late"))
    assert faults(driver, "note:dispute", {"fact": fact, "our_view": "V"}) == {"fact": REQUIRED}


def test_a_dispute_of_what_is_no_fact_is_refused(driver: RecoveryDriver) -> None:
    feeling = driver.note("feeling", Feeling("angry"))
    assert list(faults(driver, "note:dispute", {"fact": feeling.id})) == ["fact"]


def test_an_unknown_standing_is_refused(driver: RecoveryDriver) -> None:
    fact = driver.note("facts", Fact("late"))
    assert faults(driver, "note:dispute", {"fact": fact.id, "standing": "won"}) == {"standing": CHOICE}


@pytest.mark.parametrize(
    "form",
    [
        "",
        "nonsense",
        "note:",
        "note:nonsense",
        "edit:",
        "edit:e99",
        "summary:",
        "summary:public",
        "start",
        "NOTE:facts",
    ],
)
def test_an_unknown_form_cannot_be_filled(driver: RecoveryDriver, form: str) -> None:
    with pytest.raises(UnknownForm):
        read(driver, form, {"text": "x"})


# --- the account


@pytest.mark.parametrize(
    "name", ["Acme", "👩🏽‍🚒🔥", "<!channel>", "<b>Acme</b> & Sons", "{account}", "株式会社", "x" * 120]
)
def test_an_account_is_kept_as_plain_text(driver: RecoveryDriver, name: str) -> None:
    assert form_answers.read_start_form({"account": name}, driver.localizer) == form_answers.StartAnswers(name)


def test_an_account_is_one_line(driver: RecoveryDriver) -> None:
    assert form_answers.read_start_form(
        {"account": "  Acme \n\t Corp "}, driver.localizer
    ) == form_answers.StartAnswers("Acme Corp")


@pytest.mark.parametrize("user_text", ["/trust-recover Acme", "/trust-recover   Acme"])
def test_the_command_in_the_field_for_the_client_is_no_part_of_the_name(driver: RecoveryDriver, user_text: str) -> None:
    assert form_answers.read_start_form({"account": user_text}, driver.localizer) == form_answers.StartAnswers("Acme")


def test_nul_bytes_do_not_reach_the_account(driver: RecoveryDriver) -> None:
    assert form_answers.read_start_form({"account": "Ac\x00me"}, driver.localizer) == form_answers.StartAnswers("Acme")


@pytest.mark.parametrize("name", ["", "   ", "\n", "\x00"])
def test_an_empty_account_is_refused(driver: RecoveryDriver, name: str) -> None:
    assert form_answers.read_start_form({"account": name}, driver.localizer) == FormErrors({"account": REQUIRED})


def test_an_account_of_10_000_characters_is_refused(driver: RecoveryDriver) -> None:
    wanted = "This has 10,000 characters; the maximum is 120. Shorten it or split it."
    assert form_answers.read_start_form({"account": "x" * 10_000}, driver.localizer) == FormErrors({"account": wanted})


def test_an_account_with_braces_does_not_break_the_card() -> None:
    driver = begin_recovery()
    driver.recovery = replace(driver.recovery, account="{account} {0} <!channel>")
    assert driver.card().splitlines()[0] == "{account} {0} <!channel>"
