"""The Slack that the other tests stand on does what Slack does."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.peers.slack.emulate import Slack, emulator
from tests.peers.slack.faults import AmendedAnswer, AnswerLoss, Broken, ConnectionDrop, ErrorReply, Hanging, RateLimited
from tests.peers.slack.team import App, Team

NORTH = Team()
SOUTH = Team("T0SOUTHWIND", "Southwind", {"sol": "Sol Vega"}, channels=("acct-cove",), bot_in=())
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Step 1"}, "blocks": [{"type": "divider"}]}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with emulator(NORTH, SOUTH) as both:
        yield both


@pytest.fixture
def bot(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(NORTH.bot_token, base_url=slack.base_url)


async def test_a_message_is_posted_changed_and_found(slack: Slack, bot: AsyncWebClient) -> None:
    workspace = slack.workspace
    acme = workspace.channel("acct-acme")
    response = await bot.chat_postMessage(channel=acme, text="first", blocks=[{"type": "divider"}])
    await bot.chat_update(channel=acme, ts=response["ts"], text="second")
    link = await bot.chat_getPermalink(channel=acme, message_ts=response["ts"])
    assert [message["text"] for message in await workspace.history("acct-acme")] == ["second"]
    assert link["permalink"].startswith(f"https://northwind.slack.com/archives/{acme}/p")
    (call,) = await slack.shim.wait_for("chat.postMessage")
    assert (call.arguments["blocks"], call.token, call.ok) == ([{"type": "divider"}], NORTH.bot_token, True)


async def test_a_person_and_the_bot_write_in_a_thread(slack: Slack, bot: AsyncWebClient) -> None:
    first_message = await slack.workspace.say("dana", "acct-acme", "The export was down")
    await bot.chat_postMessage(channel=first_message["channel"], thread_ts=first_message["ts"], text="I am here")
    thread = await slack.workspace.replies("acct-acme", first_message["ts"])
    assert [message["text"] for message in thread] == ["The export was down", "I am here"]
    assert thread[0]["user"] == slack.workspace.users["dana"]


async def test_an_ephemeral_message_is_seen_in_no_history(slack: Slack, bot: AsyncWebClient) -> None:
    acme, dana = slack.workspace.channel("acct-acme"), slack.workspace.user("dana")
    await bot.chat_postEphemeral(channel=acme, user=dana, text="only you")
    assert [call.arguments["text"] for call in slack.workspace.ephemerals()] == ["only you"]
    assert await slack.workspace.history("acct-acme") == []


async def test_the_bots_direct_message_is_in_the_persons_conversation(slack: Slack, bot: AsyncWebClient) -> None:
    response = await bot.conversations_open(users=[slack.workspace.user("dana")])
    await bot.chat_postMessage(channel=response["channel"]["id"], text="psst")
    assert [message["text"] for message in await slack.workspace.received("dana")] == ["psst"]
    assert await slack.workspace.received("omar") == []


async def test_a_modal_opens_with_a_new_trigger_once(slack: Slack, bot: AsyncWebClient) -> None:
    trigger = await slack.workspace.trigger("dana")
    response = await bot.views_open(trigger_id=trigger, view=MODAL)
    assert slack.workspace.view()["id"] == response["view"]["id"]
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await bot.views_open(trigger_id=trigger, view=MODAL)


async def test_an_old_trigger_is_refused(slack: Slack, bot: AsyncWebClient) -> None:
    trigger = await slack.workspace.trigger("dana")
    await asyncio.sleep(3)  # nothing tells when it is too old
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await bot.views_open(trigger_id=trigger, view=MODAL)


async def test_a_form_is_pushed_changed_and_the_home_tab_published(slack: Slack, bot: AsyncWebClient) -> None:
    workspace = slack.workspace
    response = await bot.views_open(trigger_id=await workspace.trigger("dana"), view=MODAL)
    pressed = await workspace.trigger("dana", response["view"]["id"])
    await bot.views_push(trigger_id=pressed, view=MODAL | {"callback_id": "next"})
    await bot.views_update(view_id=response["view"]["id"], view=MODAL | {"callback_id": "changed"})
    await bot.views_publish(user_id=workspace.user("dana"), view={"type": "home", "blocks": [{"type": "divider"}]})
    assert [view["callback_id"] for view in workspace.views("views.push", "views.update")] == ["next", "changed"]
    assert workspace.view()["type"] == "home"


async def test_people_and_places_are_told_as_the_bots_scopes_allow(slack: Slack, bot: AsyncWebClient) -> None:
    workspace = slack.workspace
    dana = await bot.users_info(user=workspace.user("dana"))
    members = await bot.conversations_members(channel=workspace.channel("acct-acme"))
    assert dana["user"]["real_name"] == "Dana Ruiz"
    assert {workspace.user("dana"), NORTH.bot_user} <= set(members["members"])
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await bot.conversations_info(channel=workspace.channel("leads"))
    with pytest.raises(SlackApiError, match="missing_scope"):
        await bot.conversations_create(name="new")


async def test_one_base_url_serves_two_workspaces(slack: Slack, bot: AsyncWebClient) -> None:
    south = AsyncWebClient(SOUTH.bot_token, base_url=slack.base_url)
    teams = [(await client.auth_test())["team_id"] for client in (bot, south)]
    await south.chat_postMessage(channel=slack.workspaces["T0SOUTHWIND"].channel("acct-cove"), text="from the south")
    assert teams == ["T0NORTHWIND", "T0SOUTHWIND"]
    assert [m["text"] for m in await slack.workspaces["T0SOUTHWIND"].history("acct-cove")] == ["from the south"]
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await AsyncWebClient("xoxb-nobody", base_url=slack.base_url).auth_test()


async def test_an_installation_ends_with_a_token_of_that_workspace(slack: Slack) -> None:
    app = App()
    url = f"https://slack.com/oauth/v2/authorize?client_id={app.client_id}&scope=chat:write&state=s1&redirect_uri={app.redirect_uri}"
    back = await slack.shim.authorized(url, "T0SOUTHWIND", "sol")
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    stranger = AsyncWebClient(base_url=slack.base_url)
    token = await stranger.oauth_v2_access(
        client_id=app.client_id, client_secret=app.client_secret, code=query["code"], redirect_uri=app.redirect_uri
    )
    assert query["state"] == "s1"
    assert token["team"]["id"] == "T0SOUTHWIND"
    who = await AsyncWebClient(token["access_token"], base_url=slack.base_url).auth_test()
    assert (who["team_id"], who["user_id"]) == ("T0SOUTHWIND", SOUTH.bot_user)


async def test_a_socket_is_for_app_level_tokens(bot: AsyncWebClient) -> None:
    response = await bot.apps_connections_open(app_token="xapp-1")
    assert response["url"].startswith("ws://")
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await bot.apps_connections_open(app_token=NORTH.bot_token)


async def test_too_many_calls_are_told_when_to_come_back(slack: Slack, bot: AsyncWebClient) -> None:
    slack.shim.fail("chat.postMessage", RateLimited(retry_after=7), times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as error:
            await bot.chat_postMessage(channel=slack.workspace.channel("acct-acme"), text="again")
        assert error.value.response.status_code == 429
        assert error.value.response.headers["Retry-After"] == "7"
    await bot.chat_postMessage(channel=slack.workspace.channel("acct-acme"), text="again")
    assert len(await slack.workspace.history("acct-acme")) == 1


@pytest.mark.parametrize("fault", [Broken(), Hanging(), ConnectionDrop(), AnswerLoss(), ErrorReply("not_in_channel")])
async def test_a_fault_leaves_the_caller_without_an_answer(
    slack: Slack, fault: Broken | Hanging | ConnectionDrop | AnswerLoss | ErrorReply
) -> None:
    bot = AsyncWebClient(NORTH.bot_token, base_url=slack.base_url, timeout=1, retry_handlers=[])
    slack.shim.fail("chat.postMessage", fault)
    with pytest.raises((SlackApiError, aiohttp.ClientError, TimeoutError)):
        await bot.chat_postMessage(channel=slack.workspace.channel("acct-acme"), text="once")
    (call,) = await slack.shim.wait_for("chat.postMessage")
    assert call.fault is fault
    assert len(await slack.workspace.history("acct-acme")) == isinstance(fault, AnswerLoss)


async def test_slacks_own_client_posts_twice_when_an_answer_is_lost(slack: Slack, bot: AsyncWebClient) -> None:
    slack.shim.fail("chat.postMessage", AnswerLoss())
    await bot.chat_postMessage(channel=slack.workspace.channel("acct-acme"), text="once")
    assert len(await slack.workspace.history("acct-acme")) == 2


async def test_an_answer_can_say_what_the_peer_cannot(slack: Slack, bot: AsyncWebClient) -> None:
    slack.shim.fail("conversations.info", AmendedAnswer(lambda answer: answer["channel"].update(is_ext_shared=True)))
    info = await bot.conversations_info(channel=slack.workspace.channel("acct-acme"))
    assert info["channel"]["is_ext_shared"]


async def test_a_call_can_be_waited_for(slack: Slack, bot: AsyncWebClient) -> None:
    waiting = asyncio.create_task(slack.shim.wait_for("chat.postMessage", fits=lambda c: c.arguments["text"] == "two"))
    for text in ("one", "two"):
        await bot.chat_postMessage(channel=slack.workspace.channel("acct-acme"), text=text)
    (call,) = await waiting
    assert call.arguments["text"] == "two"
    with pytest.raises(AssertionError, match="0 of 1 came"):
        await slack.shim.wait_for("chat.update", seconds=0.05)
