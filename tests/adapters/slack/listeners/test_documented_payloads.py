"""Every kind of payload that Slack documents, over HTTP and by Socket Mode: an answer to each, and nothing begun."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.storage import tables
from tests.adapters.slack import documented_payloads as documented
from tests.adapters.slack.harness import SlackHarness, slack_harness, words_of
from tests.adapters.slack.raw_requests import deliver, signed, stored_counts, written
from tests.conftest import SetClock
from tests.peers.slack.team import Json

pytestmark = pytest.mark.asyncio(loop_scope="module")

APP_TOKEN = "xapp-1-A0TRUSTRECOVER-123-made-up-for-these-tests"
UNKNOWN = "The app does not know this button or command"
TEXT_ANSWERS = {"shortcut", "message_action", "view_submission", "view_submission of a workflow step", "command"}
"""Somebody waits for the answer to these: they are told that the app does not know them."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def over_http(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHarness]:
    folder: Path = tmp_path_factory.mktemp("documented")
    async with slack_harness(f"sqlite:///{folder}/room.db", clock=SetClock()) as result:
        yield result


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on_sockets(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHarness]:
    folder: Path = tmp_path_factory.mktemp("sockets")
    url = f"sqlite:///{folder}/room.db"
    async with slack_harness(url, slack_signing_secret=None, slack_app_token=APP_TOKEN) as result:
        result.sender().sockets = result.shim.sockets
        await result.shim.sockets.open.until(lambda _: True, 1)
        yield result


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Nothing that Slack documents is an error of ours."""
    caplog.set_level(logging.INFO)
    yield caplog
    for record in caplog.get_records("call"):
        line = logging.Formatter("%(message)s").format(record)
        assert "Traceback" not in line
        assert "\n" not in line
        assert ".py:" not in line, line


def everything() -> Iterator[tuple[str, Json]]:
    yield "command", documented.command()
    yield from documented.interactions()
    yield from documented.events()


async def answer_over_http(harness: SlackHarness, payload: Json) -> Json:
    reply = await deliver(harness, signed(written(payload), SetClock().now))
    assert reply.status == 200, reply.text
    return reply.json


async def answer_on_sockets(harness: SlackHarness, payload: Json) -> Json:
    kind = "events_api" if "event" in payload else "slash_commands" if "command" in payload else "interactive"
    return await harness.shim.sockets.send(kind, payload)


@pytest.mark.parametrize("transport", ["over_http", "on_sockets"])
async def test_every_documented_payload_is_answered_as_its_kind_asks(
    over_http: SlackHarness, on_sockets: SlackHarness, transport: str
) -> None:
    harness = over_http if transport == "over_http" else on_sockets
    send = answer_over_http if transport == "over_http" else answer_on_sockets
    before = await stored_counts(harness)
    answers = {name: await send(harness, payload) for name, payload in everything()}
    assert await stored_counts(harness) == before
    suggestions = {name for name, answer in answers.items() if "suggestion" in name and answer == {"options": []}}
    assert suggestions == {"block_suggestion", "dialog_suggestion"}
    with_answer = {name for name, answer in answers.items() if answer} - suggestions
    assert with_answer <= TEXT_ANSWERS
    assert UNKNOWN in words_of(answers["command"])
    assert UNKNOWN in answers["view_submission"]["errors"]["b"]
    methods = {call.method for call in harness.shim.calls if not call.method.startswith(("users.", "conversations."))}
    assert methods <= {"auth.test", "apps.connections.open", "views.open"}, methods


async def test_urls_are_verified(over_http: SlackHarness) -> None:
    reply = await deliver(over_http, signed(json.dumps(documented.URL_VERIFICATION), SetClock().now))
    assert (reply.status, reply.json) == (200, {"challenge": documented.URL_VERIFICATION["challenge"]})


async def test_a_rate_limit_of_events_is_named_in_the_log_and_slack_is_not_called(
    over_http: SlackHarness, log: pytest.LogCaptureFixture
) -> None:
    calls = len(over_http.shim.calls)
    reply = await deliver(over_http, signed(json.dumps(documented.APP_RATE_LIMITED), SetClock().now))
    assert (reply.status, reply.text) == (200, "")
    assert len(over_http.shim.calls) == calls
    assert "T0NORTHWIND since 2023-11-14 22:14 UTC (app_rate_limited)" in log.text


@pytest.mark.parametrize("body", ["ssl_check=1&token=made-up", "token=made-up&ssl_check=1", "ssl_check=1"])
async def test_a_check_of_the_certificate_needs_no_signature_and_does_nothing(
    over_http: SlackHarness, log: pytest.LogCaptureFixture, body: str
) -> None:
    before, calls = await stored_counts(over_http), len(over_http.shim.calls)
    letter = signed(body, SetClock().now).with_(signature=None, stamp=None)
    assert (await deliver(over_http, letter)).status == 200
    assert [record for record in log.records if record.name.startswith("adapters")] == []
    assert (await stored_counts(over_http), len(over_http.shim.calls)) == (before, calls)


@pytest.mark.parametrize(
    "body",
    ["ssl_check=1&command=/trust-recover&text=Acme&user_id=U1", "ssl_check=0", "ssl_check=1&payload=%7B%7D", "token=x"],
)
async def test_nothing_else_is_let_in_as_a_check_of_the_certificate(over_http: SlackHarness, body: str) -> None:
    letter = signed(body, SetClock().now).with_(signature=None, stamp=None)
    assert (await deliver(over_http, letter)).status == 401


# -- Not what Slack documents --------------------------------------------------------------------------------------

DEEP = "[" * 50_000 + "]" * 50_000
STRAY = "\ud800"


def our_command(harness: SlackHarness, **fields: object) -> Json:
    dana = harness.user("dana")
    command = documented.command("status", "/trust-recover")
    return command | {"user_id": dana.id, "channel_id": dana.workspace.channel("acct-acme"), **fields}


BENT: dict[str, Json] = {
    "a submission without a state": documented.interaction(
        "view_submission", view={k: v for k, v in documented.view().items() if k != "state"}
    ),
    "a submission without a view": documented.interaction("view_submission"),
    "a submission of a list": documented.interaction("view_submission", view=[]),
    "a submission whose callback is a list": documented.interaction("view_submission", view={"callback_id": []}),
    "an interactive message without actions": documented.interaction("interactive_message", callback_id="x"),
    "an interactive message with an object as actions": documented.interaction(
        "interactive_message", callback_id="x", actions={}
    ),
    "a step without its step": documented.interaction("workflow_step_edit", callback_id="x"),
    "an event that is a list": documented.event_callback([]),  # type: ignore[arg-type]  # what no caller should send
    "an event that is null": documented.event_callback(None),  # type: ignore[arg-type]  # what no caller should send
    "an event that is a word": documented.event_callback("message"),  # type: ignore[arg-type]  # what no caller should send
    "an event without a type": documented.event_callback({"channel": "C1"}),
    "an event whose type is an object": documented.event_callback({"type": {}}),
    "a message without a channel": documented.event_callback({"type": "message", "user": "U1", "text": "x"}),
    "a message in an object": documented.event_callback({"type": "message", "channel": {"id": "C1"}, "user": "U1"}),
    "a home without a person": documented.event_callback({"type": "app_home_opened", "tab": "home"}),
    "an event with strange authorizations": documented.event_callback({"type": "message"}, authorizations="x"),
    "an event with a null authorization": documented.event_callback({"type": "message"}, authorizations=[None]),
    "a tap without actions": documented.interaction("block_actions"),
    "a tap with an empty list": documented.interaction("block_actions", actions=[]),
    "a tap with an object as actions": documented.interaction("block_actions", actions={}),
    "a tap with a word as its action": documented.interaction("block_actions", actions=["choose:ready"]),
    "a tap without a person": documented.block_actions("button") | {"user": None},
    "a tap of a person that is a word": documented.block_actions("button") | {"user": "U1"},
    "a tap of our own without a trigger": documented.interaction(
        "block_actions", actions=[{"action_id": "choose:ready"}], trigger_id=None
    ),
    "a shortcut without a message": documented.interaction("message_action", callback_id="recover_here"),
    "a shortcut on a word": documented.interaction("message_action", callback_id="recover_here", message="x"),
    "a team that is a word": documented.interaction("shortcut", callback_id="x", team="T0NORTHWIND"),
    "a team that is a number": documented.interaction("shortcut", callback_id="x", team=7, enterprise=[1]),
    "a type that is a list": {"type": ["block_actions"]},
    "no type": {"user": "U1"},
    "a challenge that is a list": {"type": "url_verification", "challenge": []},
    "a rate limit of no minute": {"type": "app_rate_limited", "minute_rate_limited": "x"},
    "a rate limit at the end of time": {"type": "app_rate_limited", "minute_rate_limited": 10**30},
    "half a character as an id": documented.event_callback({"type": "message", "channel": STRAY, "user": "U1"}),
    "NUL as an id": documented.event_callback({"type": "app_home_opened", "user": "U\x00", "tab": "home"}),
}


@pytest.mark.parametrize("transport", ["over_http", "on_sockets"])
async def test_a_shape_that_slack_does_not_document_is_acknowledged(
    over_http: SlackHarness, on_sockets: SlackHarness, transport: str
) -> None:
    harness = over_http if transport == "over_http" else on_sockets
    send = answer_over_http if transport == "over_http" else answer_on_sockets
    before = await stored_counts(harness)
    for payload in BENT.values():
        await send(harness, payload)
    assert await stored_counts(harness) == before


BODIES = {
    "a deep event": '{"type": "event_callback", "event": ' + DEEP + "}",
    "a deep interaction": "payload=" + DEEP,
    "a number with too many digits": '{"type": "event_callback", "event_time": ' + "9" * 5000 + "}",
    "a form with too many fields": "&".join(f"f{n}=1" for n in range(200)),
    "a list": "payload=[1]",
    "null": "payload=null",
    "a number": "payload=7",
    "not a number": "payload=NaN",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_body_that_is_no_payload_is_refused(over_http: SlackHarness, body: str) -> None:
    assert (await deliver(over_http, signed(body, SetClock().now))).status == 400


@pytest.mark.parametrize("missing", ["trigger_id", "user_id", "channel_id"])
async def test_a_command_that_lacks_what_it_needs_begins_nothing_and_says_so(
    over_http: SlackHarness, missing: str
) -> None:
    command = our_command(over_http, text="Acme")
    del command[missing]
    answer = await answer_over_http(over_http, command)
    assert "Slack sent this in a form that the app does not understand" in words_of(answer)
    assert await over_http.rows(tables.recovery) == []


async def test_a_tap_that_lacks_what_it_needs_is_answered_where_it_was_made(over_http: SlackHarness) -> None:
    url = over_http.sender().urls.new()
    tap = documented.interaction("block_actions", actions=[{"action_id": "choose:ready"}], response_url=url)
    await answer_over_http(over_http, tap | {"user": None})
    (post,) = await over_http.sender().urls.wait_for(url)
    assert "Slack sent this in a form that the app does not understand" in words_of(post)


async def test_a_command_without_the_apps_id_begins_the_recovery_and_says_so(over_http: SlackHarness) -> None:
    command = our_command(over_http, text="Acme", trigger_id="7.7.7")
    del command["api_app_id"]
    answer = words_of(await answer_over_http(over_http, command))
    assert "Acme" in answer
    assert "error" not in answer
    assert [row["account"] for row in await over_http.rows(tables.recovery)] == ["Acme"]


FRAMES = {
    "no JSON": "{",
    "a list": "[]",
    "a word": "hello",
    "deep": '{"type": "events_api", "payload": ' + DEEP + "}",
    "an unknown type": '{"type": "dance"}',
    "a type that is a list": '{"type": []}',
    "a greeting again": '{"type": "hello"}',
}


async def test_a_frame_that_is_no_envelope_does_not_end_the_connection(on_sockets: SlackHarness) -> None:
    sockets = on_sockets.shim.sockets
    (socket,) = [one for one in sockets.open if not one.closed]
    for frame in FRAMES.values():
        await socket.send_str(frame)
    answer = await sockets.send("slash_commands", our_command(on_sockets, text="help"))
    assert "/trust-recover" in words_of(answer)


@pytest.mark.parametrize("payload", [[], None, 7, "text", {}], ids=["list", "null", "number", "word", "empty"])
async def test_an_envelope_with_another_payload_is_acknowledged(on_sockets: SlackHarness, payload: Json) -> None:
    assert await on_sockets.shim.sockets.send("interactive", payload) == {}
