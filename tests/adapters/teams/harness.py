"""The product on one side, a hand-written Teams on the other, and people who type, tap and fill between them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import RowMapping, Table, select

from adapters.teams.activity import RECOVER_COMMAND_ID
from adapters.teams.directory import tables as teams_tables
from bot.clock import system_clock
from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from bot.storage import tables as t
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.card_client import Given, Json, action, sent
from tests.adapters.teams.fake_connector import BOT, CHANNEL, GROUP_ID, TEAM, FakeConnector, fake_connector
from tests.adapters.teams.fake_microsoft import APP_ID, SECRET, TENANT, FakeLoginServer, FakeOpenIdServer
from tests.adapters.teams.payloads import shown_text
from tests.conftest import SetClock, migrated
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE

KEY = "an encryption key for tests that is made up"
COMPANY = "the-company"
SECONDS_BETWEEN_LOOKS = 0.01
SECONDS_FOR_A_CARD = 20
"""After so many without any call, no other card will come: the test then says what is there."""
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the product answered to an activity."""

    status: int
    body: Json

    @property
    def card(self) -> Json:
        """The card that a tap is answered with, or that a dialog shows."""
        if "task" in self.body:
            content: Json = self.body["task"]["value"]["card"]["content"]
            return content
        assert self.body["type"] == "application/vnd.microsoft.card.adaptive", self.body
        card: Json = self.body["value"]
        return card

    @property
    def word(self) -> str:
        """What somebody is told instead."""
        value = self.body["value"]
        return str(value if isinstance(value, str) else value["message"])


@dataclass(slots=True)
class TeamsUser:
    """One person in Teams."""

    name: str
    harness: "TeamsHarness"
    tenant: str = TENANT
    answered: Json = field(default_factory=dict)
    """The guide as the last tap on it was answered: what they see before it is brought to all their devices."""

    @property
    def id(self) -> str:
        return self.harness.connector.id_of(self.name)

    @property
    def chat(self) -> str:
        return self.harness.connector.chat_of(self.name)

    def activity(self, kind: str, conversation: str = "", **more: object) -> Json:
        """What Teams sends when this person does something."""
        where = conversation or self.chat
        scope = "personal" if where.startswith("a:") else "groupChat" if "@thread.v2" in where else "channel"
        channel: Json = {"tenant": {"id": self.tenant}}
        if scope == "channel":
            channel |= {"team": {"id": TEAM, "aadGroupId": GROUP_ID}, "channel": {"id": where.partition(";")[0]}}
        number = next(_NUMBERS)
        return {
            "type": kind,
            "id": f"{1_600_000_000_000 + number}",
            "timestamp": datetime.now(UTC).isoformat(),
            "localTimezone": "UTC",
            "channelId": "msteams",
            "serviceUrl": self.harness.connector.url,
            "from": {
                "id": self.id,
                "name": self.harness.connector.people[self.name]["name"],
                "aadObjectId": self.harness.connector.people[self.name]["aadObjectId"],
            },
            "recipient": {"id": BOT, "name": "Trust Recover"},
            "conversation": {
                "id": where,
                "conversationType": scope,
                "tenantId": self.tenant,
                "isGroup": scope != "personal",
            },
            "channelData": channel,
            "locale": "en-US",
            "entities": [
                {"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web", "timezone": "UTC"}
            ],
        } | more

    async def send(self, activity: Json) -> Reply:
        """Let Teams send this."""
        return await self.harness.send(activity)

    async def type(self, text: str, conversation: str = "", **more: object) -> Reply:
        """Write to the app: in the chat with it, or with a mention of it."""
        where = conversation or self.chat
        mention = {
            "type": "mention",
            "text": "<at>Trust Recover</at>",
            "mentioned": {"id": BOT, "name": "Trust Recover"},
        }
        message = self.activity("message", where, text=text, textFormat="plain")
        if conversation:
            message |= {"text": f"<at>Trust Recover</at> {text}", "entities": [*message["entities"], mention]}
        reply = await self.send(message | more)
        assert reply.status == 200, reply
        return reply

    async def write(self, text: str, conversation: str, **more: object) -> Reply:
        """Write in a channel or a group chat, to everybody there."""
        return await self.send(self.activity("message", conversation, text=text, textFormat="plain") | more)

    async def begin(self, account: str = "Acme", conversation: str = CHANNEL + ";messageid=1500000000000") -> Json:
        """Begin a recovery in a thread; the guide, once it is there."""
        await self.type(f"start {account}", conversation)
        return await self.guide("1 of 8", account)

    async def guide(self, *texts: str) -> Json:
        """The newest card in this person's chat with the app that shows all of these texts."""
        if self.answered and all(text in shown_text(self.answered) for text in texts):
            return self.answered
        card: Json = (await self.message(*texts))["attachments"][0]["content"]
        return card

    async def message(self, *texts: str) -> Json:
        """The newest message in the chat whose card shows all of these texts, once there is one."""
        connector = self.harness.connector
        while True:
            seen = len(connector.calls)
            for message in connector.messages_in(self.chat)[::-1]:
                cards = [one["content"] for one in message.get("attachments", ())]
                if any(all(text in shown_text(card) for text in texts) for card in cards):
                    return message
            try:
                async with asyncio.timeout(SECONDS_FOR_A_CARD):
                    await connector.calls.until(lambda _: True, seen + 1)
            except TimeoutError as late:
                what = f"no card shows {texts}; the chat has {self.harness.texts_in(self.chat)}"
                raise AssertionError(what) from late

    async def lines(self, number: int = 1) -> list[str]:
        """The lines in this person's chat, once there are so many."""
        await self.harness.connector.calls.until(
            lambda call: call.what == "send" and call.ok and call.conversation == self.chat and "text" in call.body,
            number,
        )
        return [one["text"] for one in self.harness.connector.messages_in(self.chat) if "text" in one]

    async def press(
        self, card: Json, label: str, answers: Mapping[str, Given] | None = None, beside: str = ""
    ) -> Reply:
        """Tap something on a card in the chat, with what was typed into it."""
        return await self.do(action(card, label, beside), card, answers)

    async def do(self, one: Json, card: Json, answers: Mapping[str, Given] | None = None) -> Reply:
        data = sent(card, one, answers or {})
        if one["type"] == "Action.Execute":
            done = {"type": "Action.Execute", "verb": one["verb"], "data": data, "title": one.get("title", "")}
            return await self.invoke("adaptiveCard/action", {"action": done, "trigger": "manual"})
        assert data["msteams"] == {"type": "task/fetch"}, one
        return await self.invoke("task/fetch", {"data": data, "context": {"theme": "default"}})

    async def submit(
        self, dialog: Json, label: str, answers: Mapping[str, Given] | None = None, beside: str = ""
    ) -> Reply:
        """Tap something in a dialog."""
        one = action(dialog, label, beside)
        assert one["type"] == "Action.Submit", one
        return await self.invoke(
            "task/submit", {"data": sent(dialog, one, answers or {}), "context": {"theme": "default"}}
        )

    async def invoke(self, name: str, value: Json, conversation: str = "") -> Reply:
        return await self.send(self.activity("invoke", conversation, name=name, value=value))

    async def tap(self, label: str, *texts: str) -> Json:
        """Tap a button of the guide that shows these texts; the card that answers."""
        return await self.fill(label, {}, *texts)

    async def fill(self, label: str, answers: Mapping[str, Given], *texts: str) -> Json:
        """Fill in the inputs on the guide and tap the button below; the card that answers."""
        reply = await self.press(await self.guide(*texts), label, answers)
        assert reply.status == 200, reply
        self.answered = reply.card
        return reply.card

    async def open(self, label: str, *texts: str) -> Json:
        """Tap a button of the guide that opens a dialog; the dialog."""
        reply = await self.press(await self.guide(*texts), label)
        assert reply.status == 200, reply
        return reply.card

    async def more(self, label: str, *texts: str, beside: str = "") -> Reply:
        """Open "More" and tap something in it; the guide is brought anew."""
        reply = await self.submit(await self.open("More", *texts), label, beside=beside)
        assert reply.status == 200, reply
        self.answered = {}
        return reply

    async def point(
        self, text: str, conversation: str = CHANNEL, message: str = "1500000000000", by: str = "kim"
    ) -> Json:
        """“Recover trust from here” on a message; the dialog that asks for the account."""
        return (await self.choose(RECOVER_COMMAND_ID, text, conversation, message, by)).card

    async def choose(
        self, command: str, text: str, conversation: str = CHANNEL, message: str = "1500000000000", by: str = "kim"
    ) -> Reply:
        """An action in the menu of somebody's message; the dialog."""
        payload = {
            "id": message,
            "replyToId": None,
            "body": {"contentType": "html", "content": text},
            "from": {"user": {"id": f"object-{by}", "displayName": by.capitalize()}},
            "linkToMessage": "https://teams.microsoft.com/l/message/x",
        }
        value = {"commandId": command, "commandContext": "message", "messagePayload": payload}
        return await self.invoke("composeExtension/fetchTask", value, f"{conversation};messageid={message}")

    async def submit_point(self, dialog: Json, answers: Mapping[str, Given]) -> Reply:
        (one,) = dialog["actions"]
        return await self.submit_chosen(RECOVER_COMMAND_ID, dialog, str(one["title"]), answers)

    async def submit_chosen(
        self, command: str, dialog: Json, label: str, answers: Mapping[str, Given] | None = None, beside: str = ""
    ) -> Reply:
        """Tap something in the dialog that this action opened."""
        data = sent(dialog, action(dialog, label, beside), answers or {})
        value = {"commandId": command, "commandContext": "message", "data": data}
        return await self.invoke("composeExtension/submitAction", value)


@dataclass(slots=True)
class TeamsHarness:
    """Everything, running."""

    parts: Runtime
    connector: FakeConnector
    keys: FakeOpenIdServer
    login: FakeLoginServer
    client: "TestClient[Any, Any]"
    extra: Json = field(default_factory=dict)

    def user(self, name: str, tenant: str = TENANT) -> TeamsUser:
        return TeamsUser(name, self, tenant)

    async def send(self, activity: Json, **headers: str) -> Reply:
        """Post an activity, signed as Teams signs it."""
        signed = {"Authorization": fake_microsoft.header(serviceurl=activity.get("serviceUrl"))} | headers
        async with self.client.post("/api/messages", json=activity, headers=signed) as response:
            return Reply(response.status, await _body(response))

    async def rows(self, table: Table) -> list[RowMapping]:
        """What is stored in a table."""
        return await self.parts.database.run(lambda tx: list(tx.execute(select(table)).mappings().all()))

    async def traces(self) -> dict[str, list[str]]:
        """All that is stored: nothing was done if it stays the same."""
        tables = (*t.metadata.sorted_tables, *teams_tables.metadata.sorted_tables)
        return {table.name: sorted(repr(dict(row)) for row in await self.rows(table)) for table in tables}

    async def settled(self) -> None:
        """Wait until all mail is sent or given up. The outbox tells nobody, so this has to look."""
        async with asyncio.timeout(SECONDS_OF_PATIENCE):
            while any(row["state"] == "pending" for row in await self.rows(t.outbox)):  # noqa: ASYNC110 - see above
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    def texts_in(self, conversation: str) -> list[str]:
        """What can be read in a conversation, message by message, as it is now."""
        return [_read(message) for message in self.connector.messages_in(conversation)]


def _read(message: Json) -> str:
    return "\n".join([*filter(None, [message.get("text")]), *(shown_text(one["content"]) for one in attached(message))])


def attached(message: Json) -> list[Json]:
    """A message's cards, with the kind of each."""
    attachments: list[Json] = message.get("attachments", [])
    return attachments


async def _body(response: ClientResponse) -> Json:
    text = await response.text()
    body: Json = await response.json() if text else {}
    return body


@asynccontextmanager
async def teams_harness(
    database_url: str, folder: Path, *, clock: SetClock | None = None, **extra: object
) -> AsyncIterator[TeamsHarness]:
    """The product, set up for one tenant. The login's certificate must be trusted (see conftest.py)."""
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(fake_connector())
        if clock is not None:
            teams.clock = clock
        keys = await stack.enter_async_context(fake_microsoft.fake_open_id_server())
        login = await stack.enter_async_context(fake_microsoft.fake_login_server(folder))
        overrides: dict[str, Any] = {
            "database_url": database_url,
            "port": 0,
            "teams_app_id": APP_ID,
            "teams_app_secret": SECRET,
            "teams_tenant_id": TENANT,
            "teams_login_url": login.url,
            "teams_openid_url": keys.url,
            "encryption_keys": KEY,
        } | extra
        settings = Settings(**overrides, _env_file=None)
        if not database_url.startswith("sqlite"):  # that one, the product brings up to date by itself
            migrated(settings)
        parts = await stack.enter_async_context(running_application(settings, clock or system_clock))
        client = await stack.enter_async_context(TestClient(TestServer(parts.web)))
        yield TeamsHarness(parts, teams, keys, login, client)
