"""The product in the Agents Playground: requests are signed as Microsoft signs them, and really checked."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from sqlalchemy import RowMapping, Table, select

from bot.server.bootstrap import Runtime, running_application
from bot.settings import Settings
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.card_client import Given, Json, action, sent
from tests.adapters.teams.fake_microsoft import APP_ID, SECRET, TENANT, FakeLoginServer
from tests.adapters.teams.payloads import shown_text
from tests.peers.teams.playground import Playground, playground
from tests.peers.teams.proxy import Proxy, signing
from tests.peers.teams.streams import LogEntry
from tests.peers.teams.team import ALEX, PERSONAL, Person

KEY = "an encryption key for tests that is made up"
CARD, TOLD = "application/vnd.microsoft.card.adaptive", "application/vnd.microsoft.activity.message"


@dataclass(slots=True)
class PlaygroundHarness:
    """Everything, running. `endpoint`: where the product itself listens, behind the proxy that signs."""

    parts: Runtime
    endpoint: str
    proxy: Proxy
    teams: Playground
    login: FakeLoginServer

    def user(self, person: Person = ALEX) -> "PlaygroundUser":
        return PlaygroundUser(self, person)

    async def rows(self, table: Table) -> list[RowMapping]:
        """What is stored in a table."""
        return await self.parts.database.run(lambda tx: list(tx.execute(select(table)).mappings().all()))

    async def status(self, activity: Json, token: str = "") -> int:
        """What the product says to somebody who sends it this by themselves."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with ClientSession() as client, client.post(self.endpoint, json=activity, headers=headers) as response:
            return response.status


@dataclass(slots=True)
class PlaygroundUser:
    """Somebody who taps and fills by script. `card`: what they look at; `chat`: theirs with the app."""

    harness: PlaygroundHarness
    person: Person
    chat: str = PERSONAL
    card: Json = field(default_factory=dict)

    async def sees(self, *texts: str) -> Json:
        """The newest card that was brought to anybody and shows all of these texts."""
        cards = self.harness.teams.log
        await cards.until(lambda entry: any(_shows(card, texts) for card in _cards(entry)))
        self.card = [card for entry in cards for card in _cards(entry) if _shows(card, texts)][-1]
        return self.card

    async def tap(self, label: str, answers: Mapping[str, Given] | None = None, *, see: str = "") -> None:
        """Tap a button of the card, with what was typed into it; the card that answers it shows `see`."""
        one = action(self.card, label)
        assert one["type"] == "Action.Execute", one
        done = {"type": "Action.Execute", "verb": one["verb"], "data": sent(self.card, one, answers or {})}
        answer = await self._asked("adaptiveCard/action", {"action": done, "trigger": "manual"})
        assert answer["type"] == CARD, answer
        self.card = answer["value"]
        assert see in shown_text(self.card), shown_text(self.card)

    async def open(self, label: str) -> Json:
        """Tap a button of the card that opens a dialog; the dialog."""
        data = sent(self.card, action(self.card, label), {})
        assert data["msteams"] == {"type": "task/fetch"}, data
        return _dialog(await self._asked("task/fetch", {"data": data, "context": {"theme": "default"}}))

    async def submit(self, dialog: Json, label: str, answers: Mapping[str, Given] | None = None) -> Json:
        """Tap something in a dialog; what it shows then, nothing if it closes."""
        data = sent(dialog, action(dialog, label), answers or {})
        answer = await self._asked("task/submit", {"data": data, "context": {"theme": "default"}})
        return _dialog(answer) if answer else {}

    async def point(self, conversation: str, message: Json) -> Json:
        """“Recover trust from here”, in a message's menu; the dialog."""
        value = {"commandId": "recoverHere", "commandContext": "message", "messagePayload": message}
        return _dialog(await self._asked("composeExtension/fetchTask", value, conversation))

    async def submit_point(self, conversation: str, dialog: Json, answers: Mapping[str, Given]) -> Json:
        (one,) = dialog["actions"]
        value = {"commandId": "recoverHere", "commandContext": "message", "data": sent(dialog, one, answers)}
        return _dialog(await self._asked("composeExtension/submitAction", value, conversation))

    async def _asked(self, name: str, value: Json, conversation: str = "") -> Json:
        passed = await self.harness.teams.invoke(conversation or self.chat, name, value, self.person)
        assert (passed.status, passed.answer is not None) == (200, True), passed
        return passed.answer or {}


def _cards(entry: LogEntry) -> list[Json]:
    """The cards that the product brought with a request."""
    there = () if entry.to_bot else entry.body.get("attachments", ())
    return [one["content"] for one in there if one.get("contentType") == CARD]


def _shows(card: Json, texts: tuple[str, ...]) -> bool:
    card_text = shown_text(card)
    return all(text in card_text for text in texts)


def _dialog(answer: Json) -> Json:
    content: Json = answer["task"]["value"]["card"]["content"]
    return content


@asynccontextmanager
async def playground_harness(
    folder: Path, clock: Callable[[], float] | None = None
) -> AsyncIterator[PlaygroundHarness]:
    """The product on a new database, and Teams. The login's certificate must be trusted (see conftest.py)."""
    async with AsyncExitStack() as stack:
        keys = await stack.enter_async_context(fake_microsoft.fake_open_id_server())
        login = await stack.enter_async_context(fake_microsoft.fake_login_server(folder))
        overrides: dict[str, Any] = {
            "database_url": f"sqlite:///{folder}/stage.db",
            "port": 0,
            "teams_app_id": APP_ID,
            "teams_app_secret": SECRET,
            "teams_tenant_id": TENANT,
            "teams_login_url": login.url,
            "teams_openid_url": keys.url,
            "encryption_keys": KEY,
        }
        settings = Settings(**overrides, _env_file=None)
        parts = await stack.enter_async_context(
            running_application(settings, clock) if clock else running_application(settings)
        )
        server = await stack.enter_async_context(TestServer(parts.web))
        endpoint = str(server.make_url("/api/messages"))
        proxy = await stack.enter_async_context(signing(endpoint, _token))
        teams = await stack.enter_async_context(playground(proxy.url, app_id=APP_ID, tenant=TENANT))
        yield PlaygroundHarness(parts, endpoint, proxy, teams, login)


def _token(activity: Json) -> str:
    return fake_microsoft.token(serviceurl=activity.get("serviceUrl"))
