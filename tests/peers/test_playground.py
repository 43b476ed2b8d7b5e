"""The Teams that the other tests stand on does what Teams does, and what `playground` says that it does not."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
import pytest_asyncio
from aiohttp import ClientSession, web

from tests.peers.slack.waiting import Arrivals
from tests.peers.teams.playground import Playground, PlaygroundSaidNo, playground
from tests.peers.teams.proxy import Proxy, signing
from tests.peers.teams.team import (
    ALEX,
    CHANNEL,
    GROUP,
    KIM,
    MEGAN,
    OTHERS,
    PERSONAL,
    SAM,
    TENANT,
    Json,
    bot_id,
)  # fmt: skip

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARD = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Step 1"}],
    "actions": [{"type": "Action.Execute", "title": "Next", "verb": "next"}],
}
DONE = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Step 2"}]}


@dataclass(slots=True)
class Echo:
    """A bot without an SDK: repeats what it is told, and answers every invoke."""

    client: ClientSession
    activities: Arrivals[Json] = field(default_factory=Arrivals)
    tokens: list[str] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        activity = await request.json()
        self.tokens.append(request.headers.get("Authorization", ""))
        self.activities.add(activity)
        if activity["type"] == "message":
            await self.post(activity, {"type": "message", "text": f"echo: {activity['text']}"})
        if activity["type"] != "invoke":
            return web.Response(status=401 if activity["type"] == "event" else 200)
        if activity["name"] != "adaptiveCard/action":
            return web.json_response({"task": {"type": "message", "value": activity["name"]}})
        card = "application/vnd.microsoft.card.adaptive"
        return web.json_response({"statusCode": 200, "type": card, "value": DONE})

    async def post(self, to: Json, activity: Json) -> None:
        place = quote(to["conversation"]["id"], safe="")
        async with self.client.post(f"{to['serviceUrl']}/v3/conversations/{place}/activities", json=activity) as answer:
            assert answer.ok, await answer.text()


@dataclass(slots=True)
class Peers:
    teams: Playground
    bot: Echo
    proxy: Proxy


@asynccontextmanager
async def together() -> AsyncIterator[Peers]:
    async with ClientSession() as client:
        bot = Echo(client)
        site = web.Application()
        site.router.add_post("/bot", bot.hear)
        runner = web.AppRunner(site, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        here = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
        try:
            async with signing(here, lambda body: f"token-of-{body['type']}") as proxy, playground(proxy.url) as teams:
                yield Peers(teams, bot, proxy)
        finally:
            await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[Peers]:
    async with together() as peers:
        yield peers


@pytest_asyncio.fixture(loop_scope="module")
async def peers(running: Peers) -> Peers:
    """One playground for all, which takes a second to start, with nothing said yet."""
    running.bot.tokens.clear()
    for arrivals in (running.bot.activities, running.proxy.deliveries, running.teams.log, running.teams.page):
        arrivals.all.clear()
    return running


def path(conversation: str, rest: str = "activities") -> str:
    return f"/_connector/v3/conversations/{quote(conversation, safe='')}/{rest}"


async def post(teams: Playground, conversation: str, **message: object) -> str:
    id_: str = (await teams.ask("POST", path(conversation), {"type": "message", **message}))["id"]
    return id_


async def test_a_private_message_is_answered_and_says_who_wrote(peers: Peers) -> None:
    await peers.teams.say(PERSONAL, "hello")
    [page_entry] = await peers.teams.page.until(lambda entry: entry.text == "echo: hello")
    assert page_entry.conversation == PERSONAL
    [activity] = peers.bot.activities
    assert activity["from"] == {"id": ALEX.id, "name": ALEX.name, "aadObjectId": ALEX.object_id}
    assert activity["conversation"] == {"id": PERSONAL, "conversationType": "personal", "tenantId": TENANT}
    assert activity["recipient"]["id"] == bot_id()
    assert (activity["locale"], activity["entities"][-1]["type"]) == ("en-US", "clientInfo")
    assert activity["channelData"]["tenant"]["id"] == TENANT
    assert peers.bot.tokens == ["Bearer token-of-message"]


async def test_in_a_channel_the_bot_hears_only_its_name_and_answers_in_the_thread(peers: Peers) -> None:
    root = await peers.teams.say(CHANNEL, "The export is down", by=MEGAN)
    assert root.conversation == f"{CHANNEL};messageid={root.id}"
    await peers.teams.say(root.conversation, "start Acme", mention=True)
    await peers.teams.page.until(lambda entry: entry.text.endswith("start Acme"))
    [activity] = peers.bot.activities
    assert (activity["conversation"]["id"], activity["channelData"]["channel"]["id"]) == (root.conversation, CHANNEL)
    assert [entry.text for entry in peers.teams.messages(root.conversation)] == [
        "echo: <at>Trust Recover</at> start Acme"
    ]
    await peers.teams.say(GROUP, "not for the bot")
    await peers.teams.say(root.conversation, "and still is", by=MEGAN, has_consent=True)
    assert [(activity["text"], activity["from"]["id"]) for activity in peers.bot.activities][1:] == [
        ("and still is", MEGAN.id)
    ]


async def test_a_message_is_changed_in_its_place(peers: Peers) -> None:
    teams = peers.teams
    thread = (await teams.say(CHANNEL, "Look")).conversation
    id_ = await post(teams, thread, text="first")
    await teams.ask("PUT", path(thread, f"activities/{id_}"), {"type": "message", "text": "second"})
    await teams.page.until(lambda entry: entry.action == "updateMessage")
    assert [entry.text for entry in teams.messages(thread)] == ["second"]
    for method, rest, status in (("PUT", "999", 404), ("DELETE", id_, 501)):
        with pytest.raises(PlaygroundSaidNo, match=f": {status} "):
            await teams.ask(method, path(thread, f"activities/{rest}"), {"type": "message", "text": "x"})
    with pytest.raises(PlaygroundSaidNo, match="ConversationNotFound"):
        await post(teams, f"{CHANNEL};messageid=123", text="to a thread that is not")


async def test_a_button_is_answered_with_a_card(peers: Peers) -> None:
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
    id_ = await post(peers.teams, PERSONAL, attachments=[card])
    [page_entry] = await peers.teams.page.until(lambda entry: entry.id == id_)
    assert page_entry.cards == (CARD,)
    answer = await peers.teams.execute(page_entry, "next", {"visit": 1}, by=KIM)
    assert (answer.status, (answer.answer or {})["value"]) == (200, DONE)
    [activity] = peers.bot.activities
    assert (activity["replyToId"], activity["from"]["id"], activity["value"]["action"]["verb"]) == (id_, KIM.id, "next")


@pytest.mark.parametrize("name", ["task/fetch", "task/submit", "composeExtension/fetchTask"])
async def test_what_opens_a_dialog_is_answered(peers: Peers, name: str) -> None:
    answer = await peers.teams.invoke(GROUP, name, {"commandId": "recoverHere"}, by=SAM)
    assert answer.answer == {"task": {"type": "message", "value": name}}


async def test_the_bot_writes_first_to_somebody_who_never_wrote(peers: Peers) -> None:
    teams = peers.teams
    await post(teams, await teams.personal(ALEX), text="a nudge")
    await teams.page.until(lambda entry: (entry.conversation, entry.text) == (PERSONAL, "a nudge"))
    await post(teams, await teams.personal(SAM), text="Sam leads now")
    await teams.log.until(lambda entry: (entry.text, entry.status) == ("Sam leads now", 201))
    await teams.say(await teams.personal(SAM), "status", by=SAM)
    assert next(iter(peers.bot.activities))["from"]["id"] == SAM.id
    nobody = await teams.ask("POST", "/_connector/v3/conversations", {"members": [{"id": "29:nobody"}]})
    with pytest.raises(PlaygroundSaidNo, match="UserNotFound"):
        await post(teams, nobody["id"], text="to nobody")


async def test_members_tell_their_object_ids_and_a_guest_only_by_the_principal_name(peers: Peers) -> None:
    paged = await peers.teams.ask("GET", path(GROUP, "pagedmembers?pageSize=100"))
    assert {member["id"] for member in paged["members"]} == {person.id for person in (ALEX, *OTHERS)}
    megan = await peers.teams.ask("GET", path(GROUP, f"members/{MEGAN.id}"))
    assert (megan["aadObjectId"], megan["tenantId"], megan["userRole"]) == (MEGAN.object_id, TENANT, "user")
    assert "#EXT#" in megan["userPrincipalName"]
    with pytest.raises(PlaygroundSaidNo, match="MemberNotFoundInConversation"):
        await peers.teams.ask("GET", path(GROUP, f"members/{MEGAN.object_id}"))


async def test_the_line_can_break_and_a_request_can_come_again(peers: Peers) -> None:
    peers.proxy.break_line()
    await peers.teams.say(PERSONAL, "lost")
    await peers.proxy.deliveries.until(lambda delivery: delivery.activity["text"] == "lost")
    peers.proxy.break_line(after=True)
    await peers.teams.say(PERSONAL, "unanswered")
    [unanswered] = await peers.proxy.deliveries.until(lambda delivery: delivery.activity["text"] == "unanswered")
    await peers.proxy.again(unanswered)
    assert [activity["text"] for activity in peers.bot.activities] == ["unanswered", "unanswered"]
    assert [delivery.status for delivery in peers.proxy.deliveries] == [0, 200, 200]


def listened(process: psutil.Process) -> list[tuple[str, int]]:
    return [(place.laddr.ip, place.laddr.port) for place in process.net_connections() if place.status == "LISTEN"]


async def test_it_listens_on_this_machine_only_and_leaves_nothing_behind() -> None:
    async with together() as peers:
        children = psutil.Process(os.getpid()).children(recursive=True)
        port = int(peers.teams.url.rpartition(":")[2])
        [node] = [child for child in children if port in [number for _, number in listened(child)]]
        places = {address for address, _ in listened(node)}
        folder = Path(node.cwd())
        await peers.teams.install(PERSONAL)
        await peers.bot.activities.until(lambda activity: activity["type"] == "installationUpdate")
    assert places == {"127.0.0.1"}
    assert not node.is_running()
    assert not await asyncio.to_thread(folder.exists)


async def test_it_tells_how_the_bot_answered_an_activity_of_any_kind(peers: Peers) -> None:
    event = peers.teams.write.message(PERSONAL, "") | {"type": "event", "name": "made up"}
    assert (await peers.teams.custom(event)).status == 401
