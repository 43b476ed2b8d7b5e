"""The one card: what is on it, how much it can hold, and what its buttons send."""

from dataclasses import replace

import pytest

from adapters.teams.cards.elements import MAX_CARD_BYTES, json_bytes, parse_form_data, parse_tap
from adapters.teams.cards.guide_card import guide_card_json, notification_text
from adapters.teams.cards.markup import Json
from flows.screens import plain_text
from flows.screens.card import guide_card
from flows.screens.elements import (
    Button,
    ButtonKind,
    ButtonRow,
    Card,
    InlineForm,
    Note,
    NoteList,
    SummaryText,
    TextLine,
    Tone,
)
from flows.screens.inputs import Form, TextInput
from flows.state.entries import Fact
from flows.state.events import AddObserver, CloseRecovery, ThreadReadersChange
from flows.state.identity import Place
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import PostSummary, PreviewSummary
from flows.wording.document import parse_document
from tests.adapters.slack.blocks.test_messages import LONGEST
from tests.adapters.slack.payloads import wordy
from tests.adapters.teams.card_schema import faults_of, parts, shown_at_once
from tests.adapters.teams.payloads import (
    CHANNEL,
    LINK,
    action,
    actions,
    buttons,
    card_of,
    inputs,
    missing,
    sent,
    shown_text,
)
from tests.conftest import ANA, BEN
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery
from tests.flows.test_golden import filled, titled_recoveries

SURE = "Everybody can read it. Post it?"


def card(
    *elements: TextLine | SummaryText | NoteList | InlineForm | ButtonRow, title: str = "Trust recovery", link: str = ""
) -> Json:
    return guide_card_json(Card("r", 3, title, elements), "en", CHANNEL, link)


def at(step: str, language: str = "en") -> RecoveryDriver:
    driver = filled("trust-recovery", language)
    driver.jump(step)
    return driver


def closing(*, shared: bool = False) -> RecoveryDriver:
    driver = at("close")
    driver.do(ThreadReadersChange(has_external_users=shared))
    driver.do(CloseRecovery(ANA))
    driver.do(PreviewSummary(ANA, SummaryVersion.CLIENT))
    return driver


# --- at a glance


@pytest.mark.parametrize("flow", ["trust-recovery", "first-response"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_recovery_is_taken_and_says_all_there_is(flow: str, language: str) -> None:
    for title, driver in titled_recoveries(flow, language):
        card_json = card_of(driver, place=CHANNEL, link=LINK)
        assert faults_of(card_json) == [], title
        whole = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
        assert missing(plain_text.card_text(whole), shown_text(card_json)) == [], title


def test_the_instruction_is_the_largest_thing_on_the_card() -> None:
    driver = at("facts")
    large = [part["text"] for part in parts(card_of(driver)) if part.get("size") == "large"]
    assert large == ["Ask, then listen. Write their words, not yours."]


def test_a_bar_shows_how_far_the_recovery_is() -> None:
    assert "●●◉○○○○○  3 of 8 · Find the feelings" in shown_text(card_of(at("feelings")))


def test_the_phrase_to_say_stands_on_a_ground_of_its_own() -> None:
    (ground,) = [part for part in parts(card_of(at("feelings"))) if part.get("style") == "emphasis"]
    assert shown_text(ground).startswith("Say\n“")


def test_a_notification_says_nothing_of_the_client_but_the_name() -> None:
    driver = at("facts")
    card_json = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
    assert notification_text(card_json) == "Acme\nAsk, then listen. Write their words, not yours."


def test_a_notification_is_short() -> None:
    assert len(notification_text(Card("r", 1, "t", (TextLine("x" * 900, Tone.INSTRUCTION),)))) == 300


def test_an_observer_has_a_form_for_a_tip_and_no_gate() -> None:
    driver = at("facts")
    driver.do(AddObserver(ANA, BEN))
    card_json = card_of(driver, BEN)
    assert faults_of(card_json) == []
    assert [one["verb"] for one in actions(card_json) if "verb" in one] == ["fill", "tap"]
    assert [one["title"] for one in buttons(card_json)] == ["Stop observing"]


# --- buttons


def test_a_gate_executes_and_more_opens_a_dialog() -> None:
    card_json = card_of(at("facts"))
    gate, more = buttons(card_json)
    assert (gate["type"], gate["verb"], gate["style"], gate["associatedInputs"]) == (
        "Action.Execute",
        "tap",
        "positive",
        "auto",
    )
    assert (more["type"], more["associatedInputs"]) == ("Action.Submit", "none")
    assert more["data"]["msteams"] == {"type": "task/fetch"}
    assert parse_tap(more["data"]).action == "open:more"


def test_what_a_gate_sends_says_which_form_was_open() -> None:
    driver = at("facts")
    tap = parse_tap(sent(card_json := card_of(driver), buttons(card_json)[0]))
    assert (tap.recovery_id, tap.card_revision, tap.form_id) == (
        driver.recovery.id,
        driver.recovery.card_revision,
        "note:facts",
    )


def test_the_form_has_one_button_that_sends_it() -> None:
    card_json = card_of(at("facts"))
    fill = parse_form_data(sent(card_json, action(card_json, "Add")))
    assert (fill.form_id, fill.signed_place) == ("note:facts", "")
    assert all(one["id"].endswith(f"~{fill.repeat}") for one in inputs(card_json))


def test_nothing_on_the_card_is_required_for_it_would_block_every_button() -> None:
    for step in begin_recovery().flow.steps:
        assert not any("isRequired" in one for one in inputs(card_of(at(step))))


def test_a_form_comes_up_empty_after_a_note_and_at_another_step_and_else_as_it_was() -> None:
    driver = begin_recovery()
    driver.jump("facts")
    (before, *_), (again, *_) = inputs(card_of(driver)), inputs(card_of(driver))
    driver.note("facts", Fact("late"))
    (after, *_) = inputs(card_of(driver))
    driver.note("facts", Fact("late"))
    (later, *_) = inputs(card_of(driver))
    assert before["id"] == again["id"]
    assert len({before["id"], after["id"], later["id"]}) == 3


def test_a_form_that_is_back_after_a_move_comes_up_empty() -> None:
    ask = InlineForm(
        Form("note:facts", "Facts", (TextInput("text", "T"),), "Add"),
        Button("Add…", "open:note:facts", ButtonKind.OPENS_DIALOG),
    )
    ids = {inputs(guide_card_json(Card("r", visit, "t", (ask,)), "en"))[0]["id"] for visit in (1, 2, 2)}
    assert len(ids) == 2


def test_a_button_that_asks_back_shows_the_question_and_the_tap_that_counts() -> None:
    card_json = card(
        ButtonRow((Button("Post", "post:client", ButtonKind.POSTS_SUMMARY, is_main=True, confirmation=SURE),)),
        link=LINK,
    )
    assert faults_of(card_json) == []
    (shows,) = buttons(card_json)
    assert (shows["type"], shows["title"], shows["style"]) == ("Action.ShowCard", "Post", "positive")
    assert shown_text(shows["card"]) == f"{SURE}\nYes: Post"
    (counts,) = shows["card"]["actions"]
    assert (counts["type"], parse_tap(counts["data"]).action) == ("Action.Execute", "post:client")


def test_buttons_fill_no_line_that_a_narrow_pane_would_cut() -> None:
    labels = ("Post client version", "Post internal version…", "Edit")
    row = ButtonRow(tuple(Button(label, "choose:x") for label in labels))
    rows = [part["actions"] for part in card(row)["body"] if part["type"] == "ActionSet"]
    assert [[one["title"] for one in actions] for actions in rows] == [[labels[0]], [labels[1], labels[2]]]


def test_more_stands_at_the_top() -> None:
    more = Button("More", "open:more", ButtonKind.OPENS_MORE)
    top, below = card(ButtonRow((Button("Agreed", "choose:agreed"), more)))["body"]
    assert shown_text(top).endswith("More")
    assert [one["title"] for one in below["actions"]] == ["Agreed"]


def test_words_too_long_for_a_button_are_told_in_full() -> None:
    label = "They said everything that they had to say " * 3
    card_json = card(ButtonRow((Button(label, "choose:x"),)))
    assert len(buttons(card_json)[0]["title"]) == 60
    assert buttons(card_json)[0]["tooltip"] == label
    assert label in shown_text({"items": card_json["body"]})


def test_an_operators_long_words_are_taken() -> None:
    driver = wordy(filled("trust-recovery", "en"))
    for step in driver.flow.steps:
        driver.jump(step)
        card_json = card_of(driver)
        assert faults_of(card_json) == []
        whole = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
        assert missing(plain_text.card_text(whole), shown_text(card_json)) == []


def test_six_actions_at_the_most_are_shown_at_once() -> None:
    assert max(shown_at_once(card_of(driver)) for _, driver in titled_recoveries("trust-recovery", "en")) == 4


# --- where it goes


@pytest.mark.parametrize(
    ("place", "place_line"),
    [
        (CHANNEL, "It will be posted in the thread in the channel. Open the thread"),
        (replace(CHANNEL, thread=""), "It will be posted in the channel. Open the thread"),
        (Place("teams", "t1", "19:abc@thread.v2"), "It will be posted in the group chat. Open the thread"),
        (
            Place("teams", "t1", ""),
            (
                "There is no thread to post it to yet. Start from a message in the thread, or type start "
                "with a link to one."
            ),
        ),
    ],
)
def test_a_card_that_posts_says_where(place: Place, place_line: str) -> None:
    card_json = card_of(closing(), place=place, link=LINK)
    assert faults_of(card_json) == []
    assert place_line in shown_text(card_json).split("\n")


def test_the_thread_can_be_opened_before_and_after_it_is_posted() -> None:
    driver = closing()
    before = [one for one in parts(card_of(driver, place=CHANNEL, link=LINK)) if one.get("url") == LINK]
    driver.do(PostSummary(ANA, SummaryVersion.CLIENT, driver.recovery.card_revision))
    card_json = card_of(driver, place=CHANNEL, link=LINK)
    after = [one for one in parts(card_json) if one.get("url") == LINK]
    assert before == after == [{"type": "Action.OpenUrl", "url": LINK}]
    assert "again" in shown_text(card_json)


def test_without_a_link_only_the_place_is_told() -> None:
    card_json = card_of(closing(), place=CHANNEL)
    assert "It will be posted in the thread in the channel." in shown_text(card_json).split("\n")


def test_a_card_that_posts_nothing_says_nothing_of_it() -> None:
    assert "It will be posted" not in shown_text(card_of(at("facts"), place=CHANNEL, link=LINK))


def test_headings_of_a_summary_stand_out_and_nothing_else() -> None:
    text = "Acme: where we stand\n\nWhat happened\n• late\n• *b*\nand\n\nNext\n• **x**"
    card_json = card(SummaryText(parse_document(text)))
    bold = [part["text"] for part in parts(card_json) if part.get("weight") == "bolder"]
    assert bold == ["Trust recovery", "What happened", "Next"], "the title of the card, and the headings"


# --- as much as there can be


@pytest.mark.parametrize("text", [*LONGEST, "日本語" * 4000, '"\\' * 6000, "\x07" * 12_000])
def test_a_summary_of_twelve_thousand_characters_begins_as_it_does_and_says_that_there_is_more(text: str) -> None:
    card_json = card(
        TextLine(text),
        ButtonRow(
            (
                Button("Post", "post:client", ButtonKind.POSTS_SUMMARY),
                Button("More", "open:more", ButtonKind.OPENS_MORE),
            )
        ),
        link=LINK,
    )
    assert faults_of(card_json) == []
    assert json_bytes(card_json) <= MAX_CARD_BYTES
    place_line = shown_text(card_json)
    begun = "".join("".join(place_line.split("\n")[2:]).split("…")[0].split())
    if json_bytes(guide_card_json(Card("r", 3, "t", (TextLine(text),)), "en")) > 12_000:
        assert len(begun) > 200
    assert "".join(text.split()).startswith(begun.partition("Itwillbeposted")[0])
    assert ("shortened" in place_line) is ("…" in place_line)
    assert "Open the thread" in place_line


def test_four_notes_as_long_as_can_be_are_taken_and_the_last_buttons_are_there() -> None:
    driver = begin_recovery()
    driver.jump("facts")
    for _ in range(4):
        driver.note("facts", Fact("日本" * 1000, our_view="&" * 2000, evidence='"' * 2000))
    card_json = card_of(driver)
    assert faults_of(card_json) == []
    assert "Long texts are shortened here" in shown_text(card_json)
    assert "All said" in shown_text(card_json)


def test_what_fits_is_not_shortened() -> None:
    driver = begin_recovery()
    driver.jump("facts")
    for number in range(4):
        driver.note("facts", Fact(f"{number} " + "wort " * 390))
    assert shown_text(card_of(driver)).count("wort") == 4 * 390


def test_what_was_noted_is_never_cut_in_its_own_input() -> None:
    form = Form("note:x", "X", (TextInput("text", "T", "日" * 2000, limit=2000),), "Add")
    card_json = card(
        TextLine("x" * 12_000),
        NoteList("Noted", (Note("日" * 6000),)),
        InlineForm(form, Button("Add…", "open:note:x", ButtonKind.OPENS_DIALOG)),
    )
    assert faults_of(card_json) == []
    assert inputs(card_json)[0]["value"] == "日" * 2000


def test_notes_are_folded_at_first() -> None:
    card_json = card(NoteList("Noted (1)", (Note("they called twice"),)))
    folded = [part for part in parts(card_json) if part.get("id") == "notes-0"]
    assert [part.get("isVisible") for part in folded] == [False]
