"""Each deliberate fault is found by our rules, Slack's Python models or Slack's types; what is right passes all."""

from typing import Any

import pytest

from tests.peers.slack.typescript import type_faults
from tests.peers.slack.validate import faults_of_message, faults_of_view

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": words}


def section(words: str = "words", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(words), **more}


def button(**more: object) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go on"), "value": "1", **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "block_id": "buttons", "elements": list(elements), **more}


def option(words: str = "One", value: str = "1", **more: object) -> Json:
    return {"text": plain(words), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"Option {n}", str(n)) for n in range(count)]


def menu(kind: str = "static_select", **more: object) -> Json:
    return {"type": kind, "action_id": "menu", "placeholder": plain("Choose"), "options": options(2), **more}


def choice(kind: str = "radio_buttons", **more: object) -> Json:
    return {"type": kind, "action_id": "choice", "options": options(2), **more}


def input_block(element: Json, **more: object) -> Json:
    return {"type": "input", "block_id": "asked", "label": plain("What happened?"), "element": element, **more}


def text_input(**more: object) -> Json:
    return {"type": "plain_text_input", "action_id": "words", **more}


def modal(*blocks: Json, **more: object) -> Json:
    view = {"type": "modal", "title": plain("Step 1"), "submit": plain("Save"), "blocks": list(blocks), **more}
    return {name: content for name, content in view.items() if content is not None}


def home(*blocks: Json, **more: object) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def asking(**more: object) -> Json:
    sure = {"title": plain("Sure?"), "text": plain("It ends."), "confirm": plain("Yes"), "deny": plain("No")}
    return button(action_id="end", confirm={**sure, **more})


GROUPED: Json = {"label": plain("People"), "options": [option()]}
DIVIDER: Json = {"type": "divider"}

GOOD_MESSAGES: dict[str, list[Json]] = {
    "all kinds of blocks": [
        {"type": "header", "text": plain("Acme is angry")},
        section("*Bold* &amp; <https://example.com|a link>", accessory=button(action_id="why")),
        section(fields=[mrkdwn("*Client*\nAcme"), mrkdwn("*Step*\n1 of 8")]),
        {"type": "context", "elements": [mrkdwn("Only you can see this")]},
        DIVIDER,
        actions(button(style="primary"), asking(), menu(), choice()),
    ],
    "as many blocks as there may be": [section() for _ in range(50)],
    "as long as may be": [section("x" * 3000), actions(button(text=plain("x" * 75), value="x" * 2000))],
}
GOOD_VIEWS: dict[str, Json] = {
    "all kinds of inputs": modal(
        input_block(
            text_input(multiline=True, max_length=3000, initial_value="x"), hint=plain("One line"), optional=True
        ),
        input_block(choice(initial_option=options(2)[1]), block_id="b"),
        input_block(choice("checkboxes", initial_options=options(1)), block_id="c", optional=True),
        input_block(menu(), block_id="d"),
        input_block(
            {"type": "multi_static_select", "action_id": "m", "placeholder": plain("Who"), "option_groups": [GROUPED]},
            block_id="e",
        ),
        input_block({"type": "datetimepicker", "action_id": "at", "initial_date_time": 1_800_000_000}, block_id="f"),
        input_block({"type": "users_select", "action_id": "who"}, block_id="g"),
        private_metadata="x" * 3000,
        callback_id="step",
        close=plain("Not now"),
        notify_on_close=True,
    ),
    "a modal without inputs": modal(section(), submit=None),
    "a home tab": home(section(), actions(button())),
}

BAD_MESSAGES: dict[str, list[Json]] = {
    "51 blocks": [DIVIDER] * 51,
    "block id twice": [section(block_id="s"), section(block_id="s")],
    "block id of 256": [section(block_id="s" * 256)],
    "action id twice in a block": [actions(button(), button())],
    "action id twice in a message": [actions(button(), block_id="a"), actions(button(), block_id="b")],
    "action id of 256": [actions(button(action_id="a" * 256))],
    "no action id": [actions({"type": "button", "text": plain("Go")})],
    "an unknown block": [{"type": "nothing"}],
    "an unknown field": [section(colour="red")],
    "an unknown field of a button": [actions(button(colour="red"))],
    "an unknown element": [actions({"type": "slider", "action_id": "a"})],
    "a section without text": [{"type": "section"}],
    "a section with empty text": [section("")],
    "a section of 3001": [section("x" * 3001)],
    "11 fields": [{"type": "section", "fields": [mrkdwn("x")] * 11}],
    "a field of 2001": [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
    "a header of 151": [{"type": "header", "text": plain("x" * 151)}],
    "a header in mrkdwn": [{"type": "header", "text": mrkdwn("x")}],
    "button text of 76": [actions(button(text=plain("x" * 76)))],
    "button text in mrkdwn": [actions(button(text=mrkdwn("x")))],
    "an empty button": [actions(button(text=plain("")))],
    "a button's value of 2001": [actions(button(value="x" * 2001))],
    "a green button": [actions(button(style="green"))],
    "no elements": [actions()],
    "26 elements": [actions(*(button(action_id=f"a{n}") for n in range(26)))],
    "11 in a context": [{"type": "context", "elements": [mrkdwn("x")] * 11}],
    "a context of 2001": [{"type": "context", "elements": [mrkdwn("x" * 2001)]}],
    "a button in a context": [{"type": "context", "elements": [button()]}],
    "option text of 76": [actions(menu(options=[option("x" * 76)]))],
    "option text in mrkdwn in a menu": [actions(menu(options=[{"text": mrkdwn("x"), "value": "1"}]))],
    "option value of 151": [actions(menu(options=[option(value="x" * 151)]))],
    "an empty option": [actions(menu(options=[option("")]))],
    "an option without value": [actions(menu(options=[{"text": plain("x")}]))],
    "one value twice": [actions(menu(options=[option("a"), option("b")]))],
    "no options": [actions(menu(options=[]))],
    "101 options": [actions(menu(options=options(101)))],
    "options and groups": [actions(menu(option_groups=[GROUPED]))],
    "101 option groups": [actions({"type": "static_select", "action_id": "m", "option_groups": [GROUPED] * 101})],
    "an initial option that is not there": [actions(menu(initial_option=option("Other", "9")))],
    "11 radio buttons": [actions(choice(options=options(11)))],
    "11 checkboxes": [actions(choice("checkboxes", options=options(11)))],
    "a placeholder of 151": [actions(menu(placeholder=plain("x" * 151)))],
    "a placeholder in mrkdwn": [actions(menu(placeholder=mrkdwn("x")))],
    "a confirm title of 101": [actions(asking(title=plain("x" * 101)))],
    "a confirm text of 301": [actions(asking(text=plain("x" * 301)))],
    "a confirm button of 31": [actions(asking(confirm=plain("x" * 31)))],
    "a deny button of 31": [actions(asking(deny=plain("x" * 31)))],
    "an alert in a message": [{"type": "alert", "text": mrkdwn("x"), "level": "info"}],
    "a button as an input": [input_block({"type": "button", "action_id": "a", "text": plain("x")})],
}
BAD_VIEWS: dict[str, Json] = {
    "no blocks": modal(),
    "101 blocks": modal(*[DIVIDER] * 101),
    "101 blocks on the home tab": home(*[DIVIDER] * 101),
    "no title": modal(section(), title=None),
    "a title of 25": modal(section(), title=plain("x" * 25)),
    "a title in mrkdwn": modal(section(), title=mrkdwn("x")),
    "submit of 25": modal(section(), submit=plain("x" * 25)),
    "close of 25": modal(section(), close=plain("x" * 25)),
    "an input and no submit": modal(input_block(text_input()), submit=None),
    "private metadata of 3001": modal(section(), private_metadata="x" * 3001),
    "callback id of 256": modal(section(), callback_id="x" * 256),
    "an unknown field of a view": modal(section(), colour="red"),
    "an unknown type": {"type": "sheet", "blocks": [DIVIDER]},
    "a title on the home tab": home(section(), title=plain("x")),
    "250 KB": modal(*(section("x" * 2990) for _ in range(90))),
    "a label of 2001": modal(input_block(text_input(), label=plain("x" * 2001))),
    "a label in mrkdwn": modal(input_block(text_input(), label=mrkdwn("x"))),
    "a hint of 2001": modal(input_block(text_input(), hint=plain("x" * 2001))),
    "no element": modal({"type": "input", "label": plain("x")}),
    "max_length 0": modal(input_block(text_input(max_length=0))),
    "max_length 3001": modal(input_block(text_input(max_length=3001))),
    "initial value over its own limit": modal(input_block(text_input(max_length=5, initial_value="longer"))),
    "initial value of 3001": modal(input_block(text_input(initial_value="x" * 3001))),
    "initial options that are not there": modal(
        input_block(choice("checkboxes", initial_options=[option("Other", "9")]))
    ),
    "initial options that are empty": modal(input_block(choice("checkboxes", initial_options=[]))),
    "a date in milliseconds": modal(
        input_block({"type": "datetimepicker", "action_id": "at", "initial_date_time": 1_800_000_000_000})
    ),
    "block id twice in a view": modal(section(block_id="s"), section(block_id="s")),
    "two that want the focus": modal(
        input_block(text_input(focus_on_load=True)), input_block(text_input(focus_on_load=True), block_id="b")
    ),
}


@pytest.mark.parametrize("name", GOOD_MESSAGES)
def test_a_good_message_passes(name: str) -> None:
    assert faults_of_message(GOOD_MESSAGES[name], "Acme is angry") == []


@pytest.mark.parametrize("name", GOOD_VIEWS)
def test_a_good_view_passes(name: str) -> None:
    assert faults_of_view(GOOD_VIEWS[name]) == []


def test_good_messages_and_views_have_slacks_types() -> None:
    modals = [view for view in GOOD_VIEWS.values() if view["type"] == "modal"]
    homes = [view for view in GOOD_VIEWS.values() if view["type"] == "home"]
    assert type_faults(list(GOOD_MESSAGES.values()), modals, homes) == []


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_a_message_with_a_fault_is_refused(name: str) -> None:
    blocks = BAD_MESSAGES[name]
    assert faults_of_message(blocks, "text") or type_faults([blocks], [], [])


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_view_with_a_fault_is_refused(name: str) -> None:
    view = BAD_VIEWS[name]
    assert faults_of_view(view) or type_faults([], [view], [])


@pytest.mark.parametrize("text", ["", " ", "x" * 40_001])
def test_a_message_needs_a_text_for_its_notification(text: str) -> None:
    assert faults_of_message([DIVIDER], text)


def test_one_wrong_block_among_thousands_is_named_once() -> None:
    messages = [[section(f"message {number}"), section(colour="red")] for number in range(2000)]
    (fault,) = type_faults(messages, [], [])
    assert "colour" in fault
