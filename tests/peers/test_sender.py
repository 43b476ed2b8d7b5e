"""What the sender sends is understood by slack-bolt, which was made for Slack's own requests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.peers.slack import events
from tests.peers.slack.emulate import Slack, emulator
from tests.peers.slack.forms import FieldValue, NotOffered, filled_view
from tests.peers.slack.sender import Sender, sending

Json = dict[str, Any]

GROUP = {"label": {"type": "plain_text", "text": "People"}, "options": []}


def option(words: str, value: str) -> Json:
    return {"text": {"type": "plain_text", "text": words}, "value": value}


def input_block(label: str, element: Json, *, optional: bool = False) -> Json:
    name = label.split(maxsplit=1)[0].lower()
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": label},
        "optional": optional,
        "element": {"action_id": name, **element},
    }


BUTTONS = {
    "type": "actions",
    "block_id": "buttons",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go on"}, "value": "7"},
        {"type": "overflow", "action_id": "more", "options": [option("Pause", "pause"), option("End", "end")]},
    ],
}
FORM: Json = {
    "type": "modal",
    "callback_id": "step",
    "private_metadata": "kept",
    "title": {"type": "plain_text", "text": "Step 1"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        input_block("What happened?", {"type": "plain_text_input", "max_length": 20}),
        input_block("How bad?", {"type": "radio_buttons", "options": [option("Bad", "1"), option("Very bad", "2")]}),
        input_block(
            "Which apply?", {"type": "checkboxes", "options": [option("Late", "l"), option("Lost", "x")]}, optional=True
        ),
        input_block("Team", {"type": "static_select", "options": [option("Support", "s")]}),
        input_block(
            "Skills", {"type": "multi_static_select", "option_groups": [GROUP | {"options": [option("SQL", "q")]}]}
        ),
        input_block("Until when?", {"type": "datetimepicker"}),
        input_block("Lead", {"type": "users_select"}),
        input_block("Note", {"type": "plain_text_input", "initial_value": "as before"}, optional=True),
        BUTTONS,
    ],
}
FILLED: dict[str, FieldValue] = {
    "What happened?": "Export was down",
    "How bad?": "Very bad",
    "Team": "s",
    "Skills": ["SQL"],
    "Until when?": 1_800_000_000,
    "Lead": "omar",
}


@dataclass(slots=True)
class BoltRecorder:
    """What bolt made of the requests, by kind."""

    bodies: dict[str, Json] = field(default_factory=dict)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with emulator() as one:
        yield one


@pytest.fixture
def recorder() -> BoltRecorder:
    return BoltRecorder()


@pytest.fixture
async def sender(slack: Slack, recorder: BoltRecorder) -> AsyncIterator[Sender]:
    async def authorize(**_: object) -> AuthorizeResult:
        team = slack.workspace.team
        return AuthorizeResult(
            enterprise_id=None, team_id=team.team_id, bot_token=team.bot_token, bot_user_id=team.bot_user
        )

    client = AsyncWebClient(base_url=slack.base_url)
    bolt = AsyncApp(
        signing_secret=slack.shim.app.signing_secret, client=client, authorize=authorize, process_before_response=True
    )

    async def hear(kind: str, body: Json) -> None:
        recorder.bodies[kind] = body

    @bolt.command("/trust-recover")
    async def command(ack: Any, body: Json, client: AsyncWebClient, respond: Any) -> None:  # noqa: ANN401 - Bolt gives what it likes
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await respond("opened")
        await hear("command", body)

    @bolt.action("go")
    @bolt.action("more")
    async def action(ack: Any, body: Json) -> None:  # noqa: ANN401 - Bolt gives what it likes
        await ack()
        await hear("action", body)

    @bolt.view("step")
    async def view(ack: Any, body: Json) -> None:  # noqa: ANN401 - Bolt gives what it likes
        await ack(response_action="errors", errors={"what": "Tell more"})
        await hear("view", body)

    @bolt.shortcut("here")
    async def shortcut(ack: Any, body: Json) -> None:  # noqa: ANN401 - Bolt gives what it likes
        await ack()
        await hear("shortcut", body)

    for name in ("message", "app_home_opened", "app_uninstalled", "tokens_revoked", "channel_shared"):
        bolt.event(name)(_hearing(recorder))
    bolt.event("member_joined_channel")(_hearing(recorder))

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", take)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with sending(slack.workspace, url) as one:
        yield one
    await runner.cleanup()


def _hearing(recorder: BoltRecorder) -> Any:  # noqa: ANN401 - Bolt gives what it likes
    async def event(body: Json) -> None:
        recorder.bodies[body["event"]["type"]] = body

    return event


async def test_a_command_opens_a_form_that_is_filled_by_its_labels(
    slack: Slack, recorder: BoltRecorder, sender: Sender
) -> None:
    reply = await sender.command("dana", "acct-acme", "new")
    assert (reply.status, recorder.bodies["command"]["text"]) == (200, "new")
    assert [body["text"] for body in await sender.urls.wait_for(reply.payload["response_url"])] == ["opened"]
    answer = await sender.submit("dana", slack.workspace.view(), FILLED)
    assert answer.json == {"response_action": "errors", "errors": {"what": "Tell more"}}
    payload = recorder.bodies["view"]["view"]
    assert payload["private_metadata"] == "kept"
    assert {name: next(iter(state.values())) for name, state in payload["state"]["values"].items()} == {
        "what": {"type": "plain_text_input", "value": "Export was down"},
        "how": {"type": "radio_buttons", "selected_option": option("Very bad", "2")},
        "which": {"type": "checkboxes", "selected_options": []},
        "team": {"type": "static_select", "selected_option": option("Support", "s")},
        "skills": {"type": "multi_static_select", "selected_options": [option("SQL", "q")]},
        "until": {"type": "datetimepicker", "selected_date_time": 1_800_000_000},
        "lead": {"type": "users_select", "selected_user": slack.workspace.user("omar")},
        "note": {"type": "plain_text_input", "value": "as before"},
    }


async def test_a_button_is_pressed_in_a_message_that_was_posted(
    slack: Slack, recorder: BoltRecorder, sender: Sender
) -> None:
    bot = AsyncWebClient(slack.workspace.team.bot_token, base_url=slack.base_url)
    await bot.chat_postMessage(channel=slack.workspace.user("dana"), text="Look", blocks=[BUTTONS])
    direct = await slack.workspace.direct("dana")
    (message,) = await slack.workspace.received("dana")
    reply = await sender.press("dana", message | {"channel": direct}, "Go on")
    body = recorder.bodies["action"]
    assert reply.status == 200
    assert (body["actions"][0]["value"], body["channel"]["name"]) == ("7", "directmessage")
    assert body["container"]["message_ts"] == message["ts"]
    await sender.press("dana", message | {"channel": direct}, "more", value="End")
    assert recorder.bodies["action"]["actions"][0]["selected_option"]["value"] == "end"


async def test_blocks_without_an_id_get_one_as_slack_gives_it(
    slack: Slack, recorder: BoltRecorder, sender: Sender
) -> None:
    message = await slack.workspace.say("dana", "acct-acme", "x")
    buttons = [{"type": "divider"}, {name: part for name, part in BUTTONS.items() if name != "block_id"}]
    await sender.press("dana", message | {"blocks": buttons}, "Go on")
    body = recorder.bodies["action"]
    assert body["actions"][0]["block_id"] == body["message"]["blocks"][1]["block_id"]


async def test_a_button_is_pressed_in_a_form_that_is_half_filled(
    slack: Slack, recorder: BoltRecorder, sender: Sender
) -> None:
    await sender.command("dana", "acct-acme")
    await sender.press_in("dana", slack.workspace.view(), "Go on", values={"Team": "Support"})
    body = recorder.bodies["action"]
    assert body["view"]["state"]["values"]["team"]["team"]["selected_option"]["value"] == "s"
    assert body["container"] == {"type": "view", "view_id": slack.workspace.view()["id"]}


async def test_a_shortcut_carries_the_thread(slack: Slack, recorder: BoltRecorder, sender: Sender) -> None:
    message = await slack.workspace.say("dana", "acct-acme", "The export was down")
    reply = await slack.workspace.say("omar", "acct-acme", "Again?", message["ts"])
    assert (await sender.shortcut("dana", reply, "here")).status == 200
    body = recorder.bodies["shortcut"]
    assert body["message"]["thread_ts"] == message["ts"]
    assert body["channel"] == {"id": slack.workspace.channel("acct-acme"), "name": "acct-acme"}


@pytest.mark.parametrize(
    "event",
    [
        events.message("C1", "U1", "hello"),
        events.home_opened("U1", "D1"),
        events.app_uninstalled(),
        events.tokens_revoked(bot=("U1",)),
        events.member_joined("C1", "U1", "T1"),
        events.channel_shared("C1", "T2"),
    ],
    ids=lambda event: event["type"],
)
async def test_an_event_arrives_as_it_was_sent(recorder: BoltRecorder, sender: Sender, event: Json) -> None:
    reply = await sender.event(event, event_id="Ev1", retry=1)
    assert reply.status == 200
    body = recorder.bodies[event["type"]]
    assert body["event_id"] == "Ev1"
    assert {name: body["event"][name] for name in event} == event


async def test_socket_mode_carries_the_same(slack: Slack, recorder: BoltRecorder, sender: Sender) -> None:
    async def handle(client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        recorder.bodies[envelope.type] = envelope.payload
        await client.send_socket_mode_response(SocketModeResponse(envelope.envelope_id, {"text": "taken"}))

    client = SocketModeClient("xapp-1", web_client=AsyncWebClient(base_url=slack.base_url))
    client.socket_mode_request_listeners.append(handle)
    sender.sockets = slack.shim.sockets
    await client.connect()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
    await slack.shim.sockets.open.until(lambda _: True)
    reply = await sender.command("dana", "acct-acme", "new")
    await sender.event(events.app_uninstalled())
    await client.close()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
    assert (reply.json, recorder.bodies["slash_commands"]["text"]) == ({"text": "taken"}, "new")
    assert recorder.bodies["events_api"]["event"]["type"] == "app_uninstalled"


async def test_the_url_is_verified(sender: Sender) -> None:
    assert (await sender.verify_url("abc")).json == {"challenge": "abc"}


@pytest.mark.parametrize("forged", [{"secret": "another"}, {"late": 400}])
async def test_a_forged_or_old_request_is_refused(recorder: BoltRecorder, sender: Sender, forged: Any) -> None:  # noqa: ANN401 - Bolt gives what it likes
    assert (await sender.command("dana", "acct-acme", **forged)).status == 401
    assert recorder.bodies == {}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"Colour": "red"}, "has no"),
        ({"How bad?": "Mild"}, "does not offer"),
        ({"What happened?": ""}, "left empty"),
        ({"What happened?": "x" * 21}, "may not have 21"),
        ({"Skills": ["Go"]}, "does not offer"),
    ],
)
def test_a_form_takes_only_what_it_offers(values: dict[str, FieldValue], why: str) -> None:
    with pytest.raises(NotOffered, match=why):
        filled_view(FORM, FILLED | values)


async def test_a_button_that_is_not_there_cannot_be_pressed(sender: Sender) -> None:
    with pytest.raises(NotOffered, match="There is no “Stop” here; there is: Go on, more"):
        await sender.press("dana", {"channel": "acct-acme", "ts": "1.0", "blocks": [BUTTONS]}, "Stop")


async def test_a_response_url_is_good_for_five_uses(sender: Sender) -> None:
    url = sender.urls.new()
    statuses = []
    for _ in range(6):
        async with sender.client.post(url, json={"text": "x"}) as response:
            statuses.append(response.status)
    assert statuses == [200] * 5 + [404]
