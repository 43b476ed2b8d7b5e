"""Teams' requests as turns of Microsoft's SDK."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity, ActivityTypes, Attachment, InvokeResponse

from adapters.port import Undeliverable
from adapters.teams.activity import TeamsActivity, parse_activity
from adapters.teams.bot.bot import TeamsBot
from adapters.teams.bot.bot_adapter import TeamsBotAdapter, activity_json, message_activity, sdk_activity
from adapters.teams.cards.markup import Json
from adapters.teams.cards.message import card_message, text_message
from adapters.teams.connector.client import open_connector
from adapters.teams.service_urls import ServiceHosts
from tests.adapters.teams.fake_connector import CHANNEL, FakeConnector, fake_connector
from tests.adapters.teams.fake_microsoft import TENANT
from tests.adapters.teams.harness import TeamsHarness, TeamsUser

CARD: Json = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Hello"}]}


class FixedToken:
    async def token(self) -> str:
        return "token"

    def forget(self, token: str) -> None:
        del token


class ScriptedBot(TeamsActivityHandler):
    """A bot as the SDK's documentation writes them: what it does with a message or an invoke is given."""

    def __init__(self, script: Callable[[TurnContext], Awaitable[object]]) -> None:
        self.script = script

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self.script(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> object:
        return await self.script(turn_context)


@pytest.fixture
async def connector() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as connector:
        yield connector


async def raise_error(turn_context: TurnContext, error: Exception) -> None:
    del turn_context
    raise error


def personal_activity(connector: FakeConnector, kind: str = "message") -> TeamsActivity:
    return parse_activity(
        {
            "type": kind,
            "id": "1",
            "name": "task/fetch",
            "serviceUrl": connector.url,
            "from": {"id": "29:dana", "name": "Dana", "aadObjectId": "object-dana"},
            "recipient": {"id": "28:app"},
            "conversation": {"id": "a:dana", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "text": "hello",
        }
    )


async def run_turn(
    connector: FakeConnector, script: Callable[[TurnContext], Awaitable[object]], kind: str = "message"
) -> tuple[int, Json | None]:
    """What the request is answered with when the bot does this in its turn."""
    async with open_connector(FixedToken(), time.time, ServiceHosts(allows_loopback=True)) as client:
        bot_adapter = TeamsBotAdapter(client, raise_error)
        response = await bot_adapter.process_activity(personal_activity(connector, kind), ScriptedBot(script).on_turn)
    return response.status, response.body


# -- What a turn sends, changes and deletes goes through our own client --------------------------------------------


async def test_a_message_of_a_turn_is_sent_to_its_conversation(connector: FakeConnector) -> None:
    async def script(turn_context: TurnContext) -> None:
        sent = await turn_context.send_activity("good morning")
        assert sent.id == next(iter(connector.messages["a:dana"]))

    assert await run_turn(connector, script) == (200, None)
    (call,) = connector.sent("send")
    assert (call.conversation, call.body) == ("a:dana", {"type": "message", "text": "good morning"})
    assert call.token == "token"


async def test_a_message_of_a_turn_is_changed_in_its_place(connector: FakeConnector) -> None:
    async def script(turn_context: TurnContext) -> None:
        sent = await turn_context.send_activity("good morning")
        card = Attachment(content_type="application/vnd.microsoft.card.adaptive", content=CARD)
        await turn_context.update_activity(Activity(id=sent.id, type="message", attachments=[card]))

    await run_turn(connector, script)
    (message,) = connector.messages_in("a:dana")
    assert message["attachments"] == [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}]


async def test_a_message_of_a_turn_is_deleted(connector: FakeConnector) -> None:
    async def script(turn_context: TurnContext) -> None:
        sent = await turn_context.send_activity("good morning")
        await turn_context.delete_activity(sent.id)

    await run_turn(connector, script)
    assert connector.messages_in("a:dana") == []
    assert [call.what for call in connector.calls] == ["send", "delete"]


async def test_what_teams_refuses_ends_the_turn_with_our_own_error(connector: FakeConnector) -> None:
    connector.closed.add("dana")
    with pytest.raises(Undeliverable, match="MessageWritesBlocked"):
        await run_turn(connector, lambda turn_context: turn_context.send_activity("good morning"))


async def test_traces_are_for_the_emulator_alone(connector: FakeConnector) -> None:
    await run_turn(connector, lambda turn_context: turn_context.send_trace_activity("a trace"))
    assert list(connector.calls) == []


@pytest.mark.parametrize("message", [text_message("a *line*", alert=True), card_message(CARD, "summary")])
def test_our_messages_are_the_same_after_the_sdk_had_them(message: Json) -> None:
    assert activity_json(message_activity(message)) == message


# -- What an invoke is answered with -------------------------------------------------------------------------------


async def test_an_invoke_that_the_sdks_own_way_answers_has_its_body(connector: FakeConnector) -> None:
    async def script(turn_context: TurnContext) -> InvokeResponse:
        del turn_context
        return InvokeResponse(status=200, body={"task": "a dialog"})

    assert await run_turn(connector, script, "invoke") == (200, {"task": "a dialog"})
    assert list(connector.calls) == []


async def test_an_invoke_that_was_answered_as_an_activity_has_its_body(connector: FakeConnector) -> None:
    async def script(turn_context: TurnContext) -> None:
        value = InvokeResponse(status=404, body={"code": "NotFound"})
        await turn_context.send_activity(Activity(type=ActivityTypes.invoke_response, value=value))

    assert await run_turn(connector, script, "invoke") == (404, {"code": "NotFound"})


def test_the_activity_of_a_turn_knows_who_and_where() -> None:
    activity = sdk_activity(personal_activity(FakeConnector("https://smba.example/teams/")))
    assert (activity.channel_id, activity.service_url) == ("msteams", "https://smba.example/teams")
    assert (activity.id, activity.type, activity.text) == ("1", "message", "hello")
    assert (activity.from_property.id, activity.from_property.aad_object_id) == ("29:dana", "object-dana")
    assert (activity.conversation.id, activity.conversation.tenant_id) == ("a:dana", TENANT)


# -- Every request of the product is such a turn -------------------------------------------------------------------


async def tap(dana: TeamsUser) -> Json:
    return (await dana.press(await dana.guide("1 of 8"), "I am ready")).body


async def open_dialog(dana: TeamsUser) -> Json:
    return (await dana.press(await dana.guide("1 of 8"), "More")).body


async def send_from_dialog(dana: TeamsUser) -> Json:
    return (await dana.more("Client version", "1 of 8")).body


async def point_at_a_message(dana: TeamsUser) -> Json:
    return await dana.point("Nobody called us back")


@pytest.mark.parametrize(
    ("act", "method"),
    [
        (tap, "on_adaptive_card_invoke"),
        (open_dialog, "on_teams_task_module_fetch"),
        (send_from_dialog, "on_teams_task_module_submit"),
        (point_at_a_message, "on_teams_messaging_extension_fetch_task"),
    ],
)
async def test_an_invoke_is_a_turn_that_answers_200_with_a_body(
    on_teams: TeamsHarness,
    act: Callable[[TeamsUser], Awaitable[Json]],
    method: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dana = on_teams.user("dana")
    await dana.begin()
    turns = recorded_calls(monkeypatch, method)
    assert await act(dana), "it has a body"
    assert isinstance(turns[-1], TurnContext)
    assert isinstance(turns[-1].adapter, TeamsBotAdapter)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("message", "on_message_activity"),
        ("installationUpdate", "on_installation_update"),
        ("conversationUpdate", "on_conversation_update_activity"),
        ("somethingNew", "on_unrecognized_activity_type"),
    ],
)
async def test_an_event_is_a_turn(
    on_teams: TeamsHarness, kind: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = recorded_calls(monkeypatch, method)
    dana = on_teams.user("dana")
    reply = await dana.send(dana.activity(kind, CHANNEL))
    assert (reply.status, reply.body) == (200, {})
    (turn,) = turns
    assert isinstance(turn, TurnContext)


async def test_an_invoke_that_is_not_ours_is_not_implemented(on_teams: TeamsHarness) -> None:
    reply = await on_teams.user("dana").invoke("fileConsent/invoke", {})
    assert (reply.status, reply.body) == (501, {})


async def test_an_answer_in_somebodys_chat_is_sent_by_the_turn(
    on_teams: TeamsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Activity] = []
    send_activities = TeamsBotAdapter.send_activities

    async def recorded(self: TeamsBotAdapter, context: TurnContext, activities: list[Activity]) -> object:
        sent.extend(activities)
        return await send_activities(self, context, activities)

    monkeypatch.setattr(TeamsBotAdapter, "send_activities", recorded)
    await on_teams.user("dana").type("help")
    (message,) = on_teams.connector.messages_in("a:dana")
    assert [activity.text for activity in sent] == [message["text"]]


async def test_teams_is_not_asked_about_each_member_when_the_app_is_added(on_teams: TeamsHarness) -> None:
    dana = on_teams.user("dana")
    added = [{"id": dana.activity("message")["recipient"]["id"]}]
    await dana.send(dana.activity("conversationUpdate", CHANNEL, membersAdded=added))
    assert on_teams.connector.sent("member") == []


def recorded_calls(monkeypatch: pytest.MonkeyPatch, method: str) -> list[TurnContext]:
    """The turns with which this method of the bot is called from now on."""
    turns: list[TurnContext] = []
    original = getattr(TeamsBot, method)

    async def recorded(self: TeamsBot, turn_context: TurnContext, *values: object) -> object:
        turns.append(turn_context)
        return await original(self, turn_context, *values)

    monkeypatch.setattr(TeamsBot, method, recorded)
    return turns
