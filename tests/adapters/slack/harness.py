"""The product on one side, an emulated Slack on the other, and people who type, tap and fill between them."""

import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from html import unescape
from math import inf
from secrets import token_hex
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import RowMapping, Table, select

from adapters.shared.crypto import Keys
from adapters.slack.blocks.mrkdwn import escape
from adapters.slack.directory.installations import Installation, StoredInstallations
from bot.clock import system_clock
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from tests.conftest import SetClock, migrated
from tests.peers.slack import events
from tests.peers.slack.emulate import Slack, emulator
from tests.peers.slack.faults import AmendedAnswer
from tests.peers.slack.forms import FieldValue
from tests.peers.slack.sender import Reply, Sender, sending
from tests.peers.slack.shim import Call, Shim
from tests.peers.slack.team import ADMIN, App, Json, Team
from tests.peers.slack.workspace import Workspace

KEY = "an encryption key for tests that is made up"
APP = App(signing_secret="0123456789abcdef" * 2, redirect_uri="http://localhost:3000/slack/oauth_redirect")
NORTHWIND = Team()
FIRST_FACT = "The first fact, in their words"
"""The field of the shortcut's form that holds the message, or its first part."""


def strings(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every text that somebody sees in blocks or in a view, as Slack shows it."""
    if isinstance(node, dict):
        if node.get("type") in {"plain_text", "mrkdwn"} and isinstance(node.get("text"), str):
            yield unescape(node["text"])
        elif node.get("type") == "text" and isinstance(node.get("text"), str):
            yield node["text"]  # of a rich text, which has no markup
        else:
            for name, part in node.items():
                if name != "value":
                    yield from strings(part)
    elif isinstance(node, list):
        for part in node:
            yield from strings(part)


def words_of(part: Any) -> str:  # noqa: ANN401 - JSON
    """The same as one text."""
    return "\n".join(strings(part))


def beside(view: Json, text: str) -> str:
    """The action id of the button or menu that stands beside this text in a view or a message."""
    for block in view["blocks"]:
        if "accessory" in block and text in words_of(block.get("text")):
            action: str = block["accessory"]["action_id"]
            return action
    message = f"Nothing to tap stands beside “{text}” in: {words_of(view)}"
    raise AssertionError(message)


def labels(part: Json) -> list[str]:
    """What stands on the buttons and in the menus of a view or a message."""
    result: list[str] = []
    for block in part["blocks"]:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            options = element.get("options", ())
            labelled_elements = [element, *options] if element.get("type") in {"button", "overflow"} else []
            result += [unescape(one["text"]["text"]) for one in labelled_elements if isinstance(one.get("text"), dict)]
    return result


def field_of(view: Json, name: str) -> str:
    """The label of the first field that has this name: a long text has several, which are counted."""
    labels_of_inputs = [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]
    return next(label for label in map(unescape, labels_of_inputs) if label.startswith(name))


def again(view: Json, reply: Reply) -> Json:
    """The modal as it is after an answer that changed it: Slack keeps its id, and gives it another hash."""
    assert reply.json.get("response_action") == "update", reply.text
    changed: Json = reply.json["view"]
    return view | changed | {"hash": token_hex(8)}


@dataclass(slots=True)
class SlackUser:
    """One person in one workspace."""

    name: str
    sender: Sender
    shim: Shim

    @property
    def workspace(self) -> Workspace:
        return self.sender.workspace

    @property
    def id(self) -> str:
        return self.workspace.user(self.name)

    async def type(self, text: str = "", channel: str = "acct-acme") -> Reply:
        """`/trust-recover` and this text."""
        reply = await self.sender.command(self.name, channel, text)
        assert reply.status == 200, reply.text
        return reply

    async def begin(self, account: str = "Acme", channel: str = "acct-acme") -> Json:
        """Begin a recovery; the guide, once it is there."""
        await self.type(account, channel)
        return await self.guide("1 of 8", account)

    async def guide(self, *texts: str) -> Json:
        """The guide in this person's chat with the app, with its channel, once it shows all of these texts."""
        channel = await self.workspace.direct(self.name)
        while True:
            seen = len(self.shim.calls)
            for message in (await self.workspace.received(self.name))[::-1]:
                if all(text in words_of(message.get("blocks")) for text in texts):
                    return message | {"channel": channel}
            await self.shim.calls.until(lambda _: True, seen + 1)

    async def tap(self, label: str, *texts: str) -> Reply:
        """Tap a button of the guide that shows these texts."""
        reply = await self.sender.press(self.name, await self.guide(*texts), label)
        assert reply.status == 200, reply.text
        return reply

    async def open(self, label: str, *texts: str) -> Json:
        """Tap a button of the guide that opens a modal; the modal."""
        before = len(self.shim.calls)
        await self.tap(label, *texts)
        return self.opened(before)

    def opened(self, since: int = 0) -> Json:
        """The modal or home tab that was shown or changed last, after so many calls."""
        methods = {"views.open", "views.push", "views.update", "views.publish"}
        calls = [call for call in self.shim.calls.all[since:] if call.method in methods and call.ok]
        assert calls, "nothing was opened"
        view: Json = calls[-1].answer["view"]
        return view

    async def submit(self, view: Json, values: Mapping[str, FieldValue]) -> Reply:
        """Send a modal, filled by label."""
        reply = await self.sender.submit(self.name, view, values)
        assert reply.status == 200, reply.text
        return reply

    async def fill(self, label: str, values: Mapping[str, FieldValue], *texts: str) -> Reply:
        """Open a form by a button of the guide, fill it in by label, and send it."""
        return await self.submit(await self.open(label, *texts), values)

    async def more(self, label: str, *texts: str) -> Reply:
        """Open "More" and tap something in it."""
        view = await self.open("More", *texts)
        reply = await self.sender.press_in(self.name, view, label)
        assert reply.status == 200, reply.text
        return reply

    async def press(self, view: Json, label: str, value: str = "") -> Json:
        """Tap something in a modal or on the home tab that opens or changes one; the modal as it then is."""
        before = len(self.shim.calls)
        reply = await self.sender.press_in(self.name, view, label, value=value)
        assert reply.status == 200, reply.text
        return self.opened(before)

    async def point(self, message: Json) -> Json:
        """The shortcut on a message; the modal that asks for the account."""
        before = len(self.shim.calls)
        reply = await self.sender.shortcut(self.name, message, "recover_here")
        assert reply.status == 200, reply.text
        return self.opened(before)

    async def begin_in_thread(self, account: str = "Acme", channel: str = "acct-acme") -> Json:
        """Somebody wrote in the account's channel, and a recovery is bound to that; the message."""
        other = "dana" if self.name == ADMIN else ADMIN
        message = await self.workspace.say(other, channel, "They called, and they are angry.")
        form = await self.point(message)
        await self.submit(form, {"Which client?": account, field_of(form, FIRST_FACT): ""})
        await self.guide("1 of 8", account)
        return message

    async def ready_to_post(self, account: str = "Acme", channel: str = "acct-acme") -> Json:
        """A recovery that is bound to a thread, its internal summary in view; the thread's message."""
        message = await self.begin_in_thread(account, channel)
        await self.tap("I am ready", "1 of 8", account)
        await self.guide("2 of 8", account)
        await self.type("stop", channel)
        await self.guide(f"{account} (internal)")
        return message

    async def write(self, text: str, channel: str = "acct-acme", thread: str = "", **more: object) -> Json:
        """Write in a channel, and Slack tells the product; the message. `more`: what else the event says."""
        message = await self.workspace.say(self.name, channel, escape(text), thread)
        event = events.message(message["channel"], self.id, message["text"], message["ts"], thread) | more
        assert (await self.sender.event(event)).status == 200
        return message

    def link(self, message: Json, **query: str) -> str:
        """A message's address, as it is copied in Slack."""
        query_string = "&".join(f"{name}={value}" for name, value in query.items())
        address = f"https://{self.workspace.team.domain}.slack.com/archives/{message['channel']}"
        return f"{address}/p{message['ts'].replace('.', '')}" + (f"?{query_string}" if query_string else "")

    async def home(self, *texts: str) -> Json:
        """Look at the app's home tab; what it shows."""
        event = events.home_opened(self.id, await self.workspace.direct(self.name))
        assert (await self.sender.event(event)).status == 200
        return await self.at_home(*texts)

    async def at_home(self, *texts: str) -> Json:
        """The home tab, once it shows all of these texts."""

        def fits(call: Call) -> bool:
            mine = call.method == "views.publish" and call.ok and call.arguments["user_id"] == self.id
            return mine and all(text in words_of(call.answer["view"]) for text in texts)

        await self.shim.calls.until(fits)
        published: Json = [call for call in self.shim.calls if fits(call)][-1].answer["view"]
        return published

    async def lines(self, count: int = 1) -> list[str]:
        """The lines that only this person saw, once there are so many."""
        calls = await self.shim.wait_for(
            "chat.postEphemeral", count, lambda call: call.ok and call.arguments["user"] == self.id
        )
        return [words_of(call.arguments["blocks"]) for call in calls]

    async def nudges(self, count: int = 1) -> list[str]:
        """What came as messages beside the guide, once there are so many."""
        direct = await self.workspace.direct(self.name)

        def fits(call: Call) -> bool:
            arguments = call.arguments
            return bool(call.method == "chat.postMessage" and call.ok and arguments.get("thread_ts")) and (
                arguments["channel"] == direct
            )

        return [words_of(call.arguments["blocks"]) for call in await self.shim.calls.until(fits, count)]

    async def thread(self, channel: str, ts: str, count: int = 1) -> list[str]:
        """What the product posted in a thread, once there is so much of it, and all else there, as people read it."""
        id_ = self.workspace.channel(channel)
        await self.shim.wait_for("chat.postMessage", count, lambda call: call.arguments["channel"] == id_ and call.ok)
        replies = await self.workspace.replies(channel, ts)
        return [words_of(message.get("blocks")) or message["text"] for message in replies[1:]]


@dataclass(slots=True)
class SlackHarness:
    """Everything, running."""

    parts: Runtime
    slack: Slack
    senders: dict[str, Sender]
    url: str

    @property
    def shim(self) -> Shim:
        return self.slack.shim

    def user(self, name: str, team: Team = NORTHWIND) -> SlackUser:
        return SlackUser(name, self.senders[team.team_id], self.shim)

    def sender(self, team: Team = NORTHWIND) -> Sender:
        return self.senders[team.team_id]

    async def rows(self, table: Table) -> list[RowMapping]:
        """What is stored in a table."""
        return await self.parts.database.run(lambda tx: list(tx.execute(select(table)).mappings().all()))

    def amend_user(self, name: str, team: Team = NORTHWIND, **fields: object) -> None:
        """Slack says something else of a person from now on, such as `is_restricted` of a guest."""
        id_ = self.slack.workspaces[team.team_id].user(name)
        self._amend("users.info", "user", id_, fields)

    def amend_channel(self, name: str, team: Team = NORTHWIND, **fields: object) -> None:
        """Slack says something else of a channel from now on, such as `is_ext_shared`."""
        id_ = self.slack.workspaces[team.team_id].channel(name)
        self._amend("conversations.info", "channel", id_, fields)

    def _amend(self, method: str, what: str, id_: str, fields: Json) -> None:
        def change(answer: Json) -> None:
            answer.get(what, {}).update(fields)

        self.shim.fail(method, AmendedAnswer(change), inf, lambda call: call.arguments.get(what) == id_)


@asynccontextmanager
async def slack_harness(
    database_url: str,
    *teams: Team,
    clock: SetClock | None = None,
    listener: socket.socket | None = None,
    clients: tuple[str, ...] = (),
    app: App = APP,
    installed: bool = True,
    **extra: object,
) -> AsyncIterator[SlackHarness]:
    """The product with a token for one workspace; or installed in each, where there are several.

    `listener`: the server's socket, where its address must be known before. `clients`: people of the first workspace
    who count as the client. `installed`: else somebody has to install it first.
    """
    teams = teams or (NORTHWIND,)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(emulator(*teams, app=app))
        extra |= {"slack_client_user_ids": tuple(map(slack.workspace.user, clients))}
        one = installed and len(teams) == 1
        options: dict[str, Any] = (
            _settings(database_url, slack, app) | (_token(teams[0]) if one else _oauth(slack, app)) | extra
        )
        settings = Settings(**options, _env_file=None)
        migrated(settings)
        parts = await stack.enter_async_context(running_application(settings, clock or system_clock))
        for team in teams if installed and not one else ():
            await install(parts, team)
        server = await stack.enter_async_context(_serving(parts.web, listener or listening_socket()))
        url = str(server.make_url("/slack/events"))
        senders = {
            team.team_id: await stack.enter_async_context(sending(slack.workspaces[team.team_id], url, app))
            for team in teams
        }
        yield SlackHarness(parts, slack, senders, str(server.make_url("")).rstrip("/"))


async def install(parts: Runtime, team: Team) -> None:
    """As if somebody had come back from Slack's page of consent."""
    installation = Installation(
        team.team_id, "", team.team_id, team.name, team.bot_user, team.bot_token, team.bot_scopes, "U0ADMIN", 0.0
    )
    await StoredInstallations(parts.database, Keys([KEY]), system_clock).save(installation)


def listening_socket() -> socket.socket:
    """Bound to a port of its own from now on: a port that was only looked up could be another program's by then."""
    return socket.create_server(("127.0.0.1", 0))


@asynccontextmanager
async def _serving(app: web.Application, listener: socket.socket) -> AsyncIterator[TestServer]:
    server = TestServer(app, socket_factory=lambda *_: listener)
    await server.start_server()
    try:
        yield server
    finally:
        await server.close()


def _settings(database_url: str, slack: Slack, app: App) -> dict[str, Any]:
    return {
        "database_url": database_url,
        "port": 0,
        "slack_signing_secret": app.signing_secret,
        "slack_api_url": slack.base_url,
    }


def _token(team: Team) -> dict[str, Any]:
    return {"slack_bot_token": team.bot_token}


def _oauth(slack: Slack, app: App) -> dict[str, Any]:
    return {
        "slack_client_id": app.client_id,
        "slack_client_secret": app.client_secret,
        "slack_authorize_url": f"{slack.workspace.upstream.url}/oauth/v2/authorize",
        "public_url": app.redirect_uri.removesuffix("/slack/oauth_redirect"),
        "encryption_keys": KEY,
    }
