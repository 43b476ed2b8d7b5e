"""Messages and the home: what people typed is shown as they typed it, all of it, and Slack takes it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks.card import card_blocks, card_text
from adapters.slack.blocks.elements import ANY_REVISION, SlackButtonCodec, parse_button_value, text_length
from adapters.slack.blocks.home import home_view
from adapters.slack.blocks.messages import (
    MAX_TEXT_CHARACTERS,
    post_blocks,
    post_text,
    private_message_blocks,
    private_message_text,
)
from adapters.slack.blocks.mrkdwn import Json
from flows.definition.model import FieldKind
from flows.errors import UnknownAction
from flows.screens.card import guide_card
from flows.screens.elements import (
    Button,
    ButtonKind,
    ButtonRow,
    Card,
    Group,
    HomeView,
    Note,
    NoteList,
    Row,
    SpokenPhrase,
    TextLine,
    Tone,
)
from flows.state.entries import Commitment, Fact, Feeling, Standing, Text
from flows.state.events import AddObserver, CloseRecovery, ThreadReadersChange
from flows.state.summaries import SummaryVersion
from flows.state.summary_events import EditSummary, PreviewSummary
from flows.wording.document import parse_document
from tests.adapters.slack.payloads import (
    NASTY,
    assert_neutral,
    card_of,
    home_view_of,
    text_objects,
    text_of,
    wordy,
)
from tests.conftest import ANA, BEN
from tests.examples import examples
from tests.flows.recovery_driver import RecoveryDriver, begin_recovery
from tests.flows.test_golden import filled
from tests.peers.slack.forms import elements
from tests.peers.slack.validate import faults_of_message, faults_of_view

AMPERSANDS = "&" * 2000
HALF_FILLED = ("&" * 310 + "\n") * 6
"""Its lines are so long that little more than one of them fits into a section."""
LONG_SUMMARY = "\n".join(f"Line {number} & its words, as somebody typed them." for number in range(260))[:12_000]


def card(*elements: TextLine | NoteList | ButtonRow, title: str = "Trust recovery") -> list[Json]:
    return card_blocks(Card("r", 3, title, elements), "en")


def valid_blocks(blocks: list[Json], text: str = "text") -> list[Json]:
    """The blocks, if Slack takes them."""
    assert faults_of_message(blocks, text) == []
    return blocks


def recovery_with_markup() -> RecoveryDriver:
    """A recovery in which somebody typed markup wherever one can type."""
    driver = filled("trust-recovery", "en")
    recovery = replace(
        driver.recovery, account=NASTY[:120], client_message=NASTY, responder=replace(ANA, name=NASTY), observers=(BEN,)
    )
    driver.recovery = recovery
    for step in driver.flow.steps.values():
        for name, field in step.fields.items():
            match field.kind:
                case FieldKind.FACT:
                    driver.note(name, Fact(NASTY, standing=Standing.PARKED, our_view=NASTY, evidence=NASTY))
                case FieldKind.FEELING:
                    driver.note(name, Feeling(NASTY[:60].strip(), 2))
                case FieldKind.COMMITMENT:
                    driver.note(name, Commitment(NASTY[:80].strip(), NASTY))
                case FieldKind.TEXT:
                    driver.note(name, Text(NASTY))
                case _:
                    pass
    return driver


# --- what was typed


@pytest.mark.parametrize("step", ["facts", "feelings", "acknowledge", "dispute", "frame", "repair", "resolve", "close"])
def test_what_was_typed_into_a_card_means_nothing_to_slack(step: str) -> None:
    driver = recovery_with_markup()
    driver.jump(step)
    view = guide_card(driver.flow, driver.recovery, driver.recovery.responder, driver.localizer, driver.now)
    blocks = valid_blocks(card_blocks(view, "en"), card_text(view))
    assert_neutral(blocks)
    assert view.title in text_of(blocks)
    assert text_of(blocks).count("<!channel>") > 1


def test_the_phrase_is_a_quotation_in_which_slack_reads_no_markup() -> None:
    said = SpokenPhrase("Say", NASTY, "What would help most?")
    _, block = valid_blocks(card_blocks(Card("r", 3, "Acme", (said,)), "en"))
    title, quote = block["elements"]
    assert title["elements"] == [{"type": "text", "text": "Say", "style": {"bold": True}}]
    text = {"type": "text", "text": f"{NASTY}\nWhat would help most?"}
    assert quote == {"type": "rich_text_quote", "elements": [text]}, "all that is to be said, and nothing else"


def test_what_is_needed_stands_above_the_buttons_and_what_folds_below() -> None:
    driver = filled("trust-recovery", "en")
    driver.jump("acknowledge")
    kinds = [block["type"] for block in card_of(driver)]
    assert kinds[:3] == ["context", "header", "rich_text"]
    labels = [text_of(block) for block in card_of(driver)]
    buttons = next(number for number, label in enumerate(labels) if label.startswith("They said yes"))
    assert all(label not in "".join(labels[:buttons]) for label in ("Noted (", "Avoid: ", "Facts to give back"))


def test_a_fact_to_give_back_is_there_in_full_with_a_box_that_one_tap_ticks_or_clears() -> None:
    driver = begin_recovery()
    for fact in ("You never called me back", "a " * 60, "the export was empty", "the report was late"):
        driver.note("facts", Fact(fact))
    driver.jump("acknowledge")
    rows = [block for block in valid_blocks(card_of(driver)) if block.get("accessory", {}).get("value", "").count("e")]
    boxes = {text_of(row["text"]): (row["accessory"]["text"]["text"], row["accessory"]["value"]) for row in rows}
    assert boxes["You never called me back"] == ("☑", "r|2|leave_out:e1")
    assert sorted(box for box, _ in boxes.values()) == ["☐", "☑", "☑", "☑"]
    assert all(("leave_out" in value) is (box == "☑") for box, value in boxes.values())
    assert all(row["accessory"]["accessibility_label"].startswith(("☑ ", "☐ ")) for row in rows)


def test_a_chip_acts_at_once_and_only_the_way_on_is_green() -> None:
    driver = begin_recovery()
    driver.jump("feelings")
    driver.note("feeling", Feeling("ignored", 2))
    chips = {element["text"]["text"]: element for _, element in elements(valid_blocks(card_of(driver)))}
    assert chips["✓ ignored"]["value"].endswith("|unpick:feeling:ignored")
    assert chips["let down"]["value"].endswith("|pick:feeling:let_down")
    assert [label for label, element in chips.items() if "style" in element] == ["They confirmed"]


def test_chips_that_need_no_label_have_it_for_screen_readers_only() -> None:
    driver = begin_recovery()
    driver.jump("feelings")
    blocks = valid_blocks(card_of(driver))
    assert "Feeling" not in [text_of(block) for block in blocks if block["type"] == "context"]
    chips = {element["text"]["text"]: element for _, element in elements(blocks)}
    assert chips["let down"]["accessibility_label"] == "Feeling: let down"


def test_a_single_chip_stands_beside_its_label() -> None:
    driver = begin_recovery()
    driver.jump("resolve")
    driver.note("commitment", Commitment("Ana", "send the report", None))
    (row,) = [block for block in valid_blocks(card_of(driver)) if "accessory" in block]
    assert (row["text"]["text"], row["accessory"]["text"]["text"]) == ("Promise", "Another…")


def test_the_title_and_the_headings_of_a_summary_are_bold_whatever_stands_in_them() -> None:
    driver = filled("trust-recovery", "en")
    text = "Acme: *internal*\n\nWhat <they> said:\n• late"
    driver.do(EditSummary(driver.recovery.responder, SummaryVersion.INTERNAL, text))
    driver.do(CloseRecovery(driver.recovery.responder))
    driver.do(PreviewSummary(driver.recovery.responder, SummaryVersion.INTERNAL))
    bold = [block["elements"][0]["elements"][0] for block in card_of(driver) if block["type"] == "rich_text"]
    style = {"bold": True}
    assert bold == [
        {"type": "text", "text": "Acme: *internal*", "style": style},
        {"type": "text", "text": "What <they> said:", "style": style},
    ]


def test_times_are_counted_by_slack_and_read_as_times_elsewhere() -> None:
    driver = begin_recovery()
    driver.recovery = replace(driver.recovery, client_wrote_at=driver.now)
    assert [text["text"] for text in text_objects(card_of(driver)[0])][1:] == [
        "<!date^1800000000^started {ago}|started 08:00> · <!date^1800000000^client {ago}|client 08:00>"
    ]


def test_the_clients_message_can_be_noted_with_one_tap() -> None:
    driver = begin_recovery()
    driver.recovery = replace(driver.recovery, client_message="Nobody <called>.", client_wrote_at=driver.now)
    driver.jump("facts")
    blocks = valid_blocks(card_of(driver))
    (row,) = (block for block in blocks if "Nobody <called>." in text_of(block))
    assert text_of(row["text"]) == "Client: “Nobody <called>.”"
    assert row["accessory"]["value"].startswith("r|2|take:")


@pytest.mark.parametrize("version", list(SummaryVersion))
def test_a_summary_is_shown_as_it_was_typed(version: SummaryVersion) -> None:
    driver = recovery_with_markup()
    driver.do(EditSummary(driver.recovery.responder, version, f"{NASTY}\n\n{NASTY}"))
    driver.do(CloseRecovery(driver.recovery.responder))
    driver.do(PreviewSummary(driver.recovery.responder, version))
    blocks = valid_blocks(card_of(driver))
    assert_neutral(blocks)
    assert text_of(blocks).replace("\n\n", "").count(NASTY) >= 3, "the account, and the two lines"


def test_a_name_is_shown_as_it_was_typed() -> None:
    driver = recovery_with_markup()
    blocks = valid_blocks(card_of(driver, BEN))
    assert_neutral(blocks)
    assert NASTY in text_of(blocks)


def test_a_notification_of_a_card_says_nothing_of_the_client_but_the_name() -> None:
    driver = filled("trust-recovery", "en")
    driver.jump("facts")
    view = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
    assert card_text(view) == "Acme\nAsk, then listen. Write their words, not yours."


def test_a_notification_mentions_nobody() -> None:
    assert card_text(Card("r", 1, "<!channel> & co", ())) == "&lt;!channel&gt; &amp; co"
    assert post_text("<!channel>") == "&lt;!channel&gt;"


def test_a_post_is_shown_as_it_was_typed() -> None:
    (blocks,) = post_blocks(parse_document(f"{NASTY}\n{NASTY}\n\n{NASTY}"))
    valid_blocks(blocks)
    assert_neutral(blocks)
    assert text_of(blocks, "\n") == f"{NASTY}\n{NASTY}\n\n{NASTY}"


def test_a_posts_first_line_is_its_header() -> None:
    (blocks,) = post_blocks(parse_document("Acme: where we stand\n\nThe export works."))
    assert [(block["type"], block["text"]["text"]) for block in blocks] == [
        ("header", "Acme: where we stand"),
        ("section", "The export works."),
    ]


def test_a_post_of_one_line_has_no_header() -> None:
    (blocks,) = post_blocks(parse_document("Done: a fixed export (Ben)"))
    assert [block["type"] for block in blocks] == ["section"]


def test_a_nudge_mentions_whom_it_is_for_and_nobody_else() -> None:
    call, words = private_message_blocks(NASTY, "U1")
    assert call["text"] == {"type": "mrkdwn", "text": "<@U1>"}
    assert_neutral(words)
    assert text_of(words) == NASTY
    assert private_message_text("<!here>", "U1") == "<@U1> &lt;!here&gt;"


def test_a_line_without_a_mention_is_only_its_words() -> None:
    assert [block["type"] for block in private_message_blocks("Your tip was sent.")] == ["section"]
    assert private_message_text("<!here>") == "&lt;!here&gt;"


def test_a_home_shows_what_was_typed_as_it_was_typed() -> None:
    driver = recovery_with_markup()
    view = home_view_of(driver)
    assert faults_of_view(view) == []
    assert_neutral(view["blocks"])
    assert text_of(view).count(NASTY[:120]) >= 4
    assert NASTY in text_of(view)


# --- as much as there can be


def test_an_observer_who_has_no_more_sees_every_note_of_the_card() -> None:
    driver = begin_recovery()
    driver.jump("facts")
    driver.do(AddObserver(ANA, BEN))
    for number in range(4):
        driver.note("facts", Fact(f"{number} " + "wort " * 390))
    blocks = valid_blocks(card_of(driver, BEN))
    assert text_of(blocks).count("wort") == 4 * 390
    assert "shortened" not in text_of(blocks)


def test_notes_take_one_line_with_their_number_and_the_newest() -> None:
    driver = begin_recovery()
    driver.jump("facts")
    for fact in ("the first", "the second\nin two lines", "wort " * 390):
        driver.note("facts", Fact(fact))
        (line,) = (text_of(block) for block in valid_blocks(card_of(driver)) if "Noted (" in text_of(block))
        assert len(line) < 170
        assert "\n" not in line
    assert line.startswith("Noted (3) · wort")


@pytest.mark.parametrize("text", [AMPERSANDS, HALF_FILLED])
def test_four_notes_as_long_as_can_be_are_shortened_and_say_so(text: str) -> None:
    driver = begin_recovery()
    driver.jump("facts")
    driver.do(AddObserver(ANA, BEN))
    for _ in range(4):
        driver.note("facts", Fact(text, our_view=text, evidence=text))
    blocks = valid_blocks(card_of(driver, BEN))
    assert text_length(blocks) <= MAX_TEXT_CHARACTERS + 200
    assert "Long texts are shortened here" in text_of(blocks)
    assert "Stop observing" in text_of(blocks)


LONGEST = [LONG_SUMMARY, "&" * 12_000, "😀" * 12_000, "word " * 2400, "&\n\n" * 4000]


@pytest.mark.parametrize("text", LONGEST)
def test_a_summary_of_twelve_thousand_characters_is_posted_whole(text: str) -> None:
    messages = post_blocks(parse_document(text))
    assert "".join("".join(text_of(valid_blocks(message)) for message in messages).split()) == "".join(text.split())
    assert all(text_length(message) <= MAX_TEXT_CHARACTERS for message in messages)


@pytest.mark.parametrize("text", LONGEST)
def test_on_the_card_it_begins_as_it_does_and_says_that_there_is_more(text: str) -> None:
    blocks = valid_blocks(card(TextLine(text), ButtonRow((Button("More", "open:more", ButtonKind.OPENS_MORE),))))
    assert text_length(blocks) <= MAX_TEXT_CHARACTERS + 200
    start = "".join(text_of(blocks[1:-2]).split()).removesuffix("…")
    assert len(start) > 900
    assert "".join(text.split()).startswith(start)
    assert "Long texts are shortened here" in text_of(blocks)


def test_an_account_of_ampersands_fits() -> None:
    driver = begin_recovery()
    driver.recovery = replace(driver.recovery, account="&" * 120)
    assert "&" * 120 in text_of(valid_blocks(card_of(driver)))
    assert faults_of_view(home_view_of(driver)) == []


def test_promises_as_long_as_can_be_are_counted_where_they_do_not_fit_on_the_home() -> None:
    driver = begin_recovery()
    for number in range(15):
        driver.note("commitment", Commitment(f"Promise-{number}-", HALF_FILLED))
    view = home_view_of(driver)
    assert faults_of_view(view) == []
    there = [number for number in range(15) if f"Promise-{number}-" in text_of(view)]
    assert there == list(range(len(there))), "the most urgent stay"
    assert len(there) > 10
    assert f"and {15 - len(there)} more" in text_of(view)
    assert [e["value"] for _, e in elements(view["blocks"])].count("|0|open:start") == 1


def test_an_operators_long_labels_are_shown_in_full() -> None:
    driver = wordy(filled("trust-recovery", "en"))
    driver.recovery = replace(driver.recovery, has_external_users=False)
    for step in driver.flow.steps.values():
        driver.jump(next(name for name, other in driver.flow.steps.items() if other is step))
        view = guide_card(driver.flow, driver.recovery, ANA, driver.localizer, driver.now)
        blocks = valid_blocks(card_blocks(view, "en"))
        for element in view.elements:
            labels = [button.label for button in element.buttons] if isinstance(element, ButtonRow) else []
            assert all(label in text_of(blocks) for label in labels)
        assert driver.localizer(step.nudge) in text_of(blocks)
        assert step.closing or driver.localizer(step.title) in text_of(blocks)


# --- buttons


def test_a_button_tells_what_it_is_and_where_it_belongs() -> None:
    (_, actions) = card(
        ButtonRow(
            (Button("I am ready", "choose:ready", is_main=True), Button("More", "open:more", ButtonKind.OPENS_MORE))
        )
    )
    first, second = actions["elements"]
    assert (first["action_id"], first["style"], parse_button_value(first["value"])) == (
        "choose:ready",
        "primary",
        ("r", 3, "choose:ready"),
    )
    assert "style" not in second


def test_a_tap_that_is_asked_back_says_what_it_asks() -> None:
    driver = filled("trust-recovery", "es")
    driver.do(CloseRecovery(ANA))
    driver.do(ThreadReadersChange(has_external_users=True))
    confirms = [element["confirm"] for _, element in elements(card_of(driver)) if "confirm" in element]
    assert [confirm["deny"]["text"] for confirm in confirms] == ["Cancelar"]
    assert confirms[0]["text"]["text"].startswith("Hay personas ajenas a tu empresa")


def test_a_question_too_long_for_its_place_is_shown_in_full() -> None:
    sure = "Sure? " * 60
    assert sure in text_of(
        valid_blocks(card(ButtonRow((Button("Post", "post:client", ButtonKind.POSTS_SUMMARY, confirmation=sure),))))
    )


def test_equal_actions_get_ids_of_their_own() -> None:
    rows = tuple(
        Row("Acme", (Button("More", "open:more", ButtonKind.OPENS_MORE),), recovery) for recovery in ("a", "b")
    )
    view = home_view(HomeView("Home", (Group("Mine", rows),)), "en")
    assert [(e["action_id"], e["value"]) for _, e in elements(view["blocks"])] == [
        ("open:more", "a|0|open:more"),
        ("open:more~2", "b|0|open:more"),
    ]


def test_no_note_on_a_card_has_a_button() -> None:
    blocks = card(
        NoteList("Noted (3)", (Note("late", Button("Edit", "open:edit:e1", ButtonKind.OPENS_DIALOG)),), "and 2 more")
    )
    assert not list(elements(blocks))
    assert text_of(blocks[1:]) == "Noted (3) · late"


def test_a_reminder_can_be_answered_and_leads_to_the_guide_if_its_address_is_known() -> None:
    buttons = (
        Button("Done", "kept:e1"),
        Button("Move", "open:edit:e1", ButtonKind.OPENS_DIALOG),
        Button("Open guide", "guide", ButtonKind.OPENS_GUIDE),
    )
    link = "https://acme.slack.com/archives/D1/p1"
    for links, expected in (({("r", "guide"): link}, [None, None, link]), ({("r", "guide"): ""}, [None, None])):
        codec = SlackButtonCodec("r", ANY_REVISION, "en", links)
        blocks = valid_blocks(private_message_blocks("Due in an hour.", "U1", buttons, codec))
        tappable = [element for _, element in elements(blocks)]
        assert [element.get("url") for element in tappable] == expected
        assert [element["value"] for element in tappable][:2] == ["r|0|kept:e1", "r|0|open:edit:e1"]


def test_the_question_of_a_long_button_is_answered_with_yes_and_not_with_half_a_word() -> None:
    long, short = "Publicar otra vez la del cliente", "Publicar versión interna"
    for label, expected in ((long, "Sí"), (short, short)):
        button = Button(label, "post:client", ButtonKind.POSTS_SUMMARY, confirmation="¿Publicar?")
        blocks = card_blocks(Card("r", 3, "Acme", (ButtonRow((button,)),)), "es")
        assert [element["confirm"]["confirm"]["text"] for _, element in elements(valid_blocks(blocks))] == [expected]


def test_what_must_be_noticed_has_a_sign() -> None:
    assert text_of(card(TextLine("People outside read this.", Tone.NOTICE))[1:]) == "⚠️ People outside read this."


def test_a_card_shows_how_far_the_recovery_is() -> None:
    driver = begin_recovery()
    driver.jump("feelings")
    assert [text["text"] for text in text_objects(card_of(driver)[0])] == [
        "Acme · 3 of 8 · Find the feelings ●●◉○○○○○",
        "<!date^1800000000^started {ago}|started 08:00>",
    ]


def test_an_observer_can_send_a_tip_and_leave() -> None:
    driver = filled("trust-recovery", "en")
    driver.do(AddObserver(ANA, BEN))
    assert [element["action_id"] for _, element in elements(card_of(driver, BEN))] == ["open:tip", "unobserve:ben"]


def test_the_same_state_is_drawn_the_same() -> None:
    driver = filled("trust-recovery", "en")
    assert card_of(driver) == card_of(driver)


RECOVERIES = st.from_regex(r"[0-9a-f]{0,32}", fullmatch=True)


@examples(200)
@given(RECOVERIES, st.integers(0, 10**9 - 1), st.text(min_size=1))
def test_what_a_button_holds_comes_back(recovery: str, visit: int, action: str) -> None:
    assert parse_button_value(SlackButtonCodec(recovery, visit, "en").value(action)) == (recovery, visit, action)


@pytest.mark.parametrize("value", ["", "x", "r|1", "r|1|", "r|x|back", "r|-1|back", "r|٣|back", "r r|1|back", "{}"])
def test_a_button_of_another_kind_is_refused(value: str) -> None:
    with pytest.raises(UnknownAction, match="Open the guide again"):
        parse_button_value(value)
