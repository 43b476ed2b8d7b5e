"""What Teams sends, signed: a mention of the app in a thread, and a tap on a card; and Microsoft, which signs it."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.fake_connector import BOT, CHANNEL, GROUP_ID, TEAM
from tests.adapters.teams.fake_microsoft import APP_ID, SECRET, TENANT
from tests.bench.load import post

Json = dict[str, Any]
T = TypeVar("T")

PATH = "/api/messages"
THREAD = f"{CHANNEL};messageid=1500000000000"
CERTIFICATES = "REQUESTS_CA_BUNDLE"
_numbers = count(1_700_000_000_000)


@dataclass(frozen=True, slots=True)
class Company:
    """A company's Teams. `service_url`: where it takes our messages. `proof`: its token, the same for an hour."""

    service_url: str
    proof: str

    def mention(self, user: str, text: str) -> bytes:
        """Somebody writes to the app in the thread of a channel."""
        called = {
            "type": "mention",
            "text": "<at>Trust Recover</at>",
            "mentioned": {"id": BOT, "name": "Trust Recover"},
        }
        body = self._activity("message", user, THREAD, "channel") | {"text": f"<at>Trust Recover</at> {text}"}
        body["entities"] = [*body["entities"], called]
        body["channelData"] |= {"team": {"id": TEAM, "aadGroupId": GROUP_ID}, "channel": {"id": CHANNEL}}
        return self._signed(body)

    def tap(self, user: str, data: Json) -> bytes:
        """Somebody taps a button of a card in their chat with the app."""
        action = {"type": "Action.Execute", "verb": "tap", "title": "Go on", "data": data}
        value = {"action": action, "trigger": "manual"}
        return self._signed(
            self._activity("invoke", user, f"a:{user}", "personal") | {"name": "adaptiveCard/action", "value": value}
        )

    def _activity(self, kind: str, user: str, conversation: str, scope: str) -> Json:
        where = {"id": conversation, "conversationType": scope, "tenantId": TENANT, "isGroup": scope != "personal"}
        client_info = {"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web", "timezone": "UTC"}
        return {
            "type": kind,
            "id": str(next(_numbers)),
            "timestamp": "2026-11-22T08:00:00.000Z",
            "localTimezone": "UTC",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": user, "name": user, "aadObjectId": f"object-{user}"},
            "recipient": {"id": BOT, "name": "Trust Recover"},
            "conversation": where,
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "en-US",
            "entities": [client_info],
        }

    def _signed(self, body: Json) -> bytes:
        headers = {"Host": "localhost", "Content-Type": "application/json", "Authorization": self.proof}
        return post(PATH, headers, json.dumps(body).encode())


@dataclass(frozen=True, slots=True)
class Microsoft:
    """Who signs requests to us, and who gives us tokens."""

    keys_url: str
    login_url: str

    def company(self, port: int) -> Company:
        """A company whose connector listens there."""
        url = f"http://127.0.0.1:{port}/"
        return Company(url, fake_microsoft.header(serviceurl=url))

    @property
    def settings(self) -> dict[str, str]:
        """With which our server believes it, without the prefix of their names."""
        return {
            "TEAMS_APP_ID": APP_ID,
            "TEAMS_APP_SECRET": SECRET,
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_LOGIN_URL": self.login_url,
            "TEAMS_OPENID_URL": self.keys_url,
            "ENCRYPTION_KEYS": "an encryption key for the bench that is made up",
        }


@contextmanager
def signing(folder: Path) -> Iterator[Microsoft]:
    """Microsoft on loopback, trusted by the programs that are started in the block; idle once it was asked."""
    with (
        _in_a_thread(fake_microsoft.fake_open_id_server()) as keys,
        _in_a_thread(fake_microsoft.fake_login_server(folder)) as login,
    ):
        os.environ[CERTIFICATES] = str(login.certificate)
        try:
            yield Microsoft(keys.url, login.url)
        finally:
            del os.environ[CERTIFICATES]


@contextmanager
def _in_a_thread(manager: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """The rest of the bench has no event loop for as long as its servers run."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(_entered(manager), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(_left(manager), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _entered(manager: AbstractAsyncContextManager[T]) -> T:
    return await manager.__aenter__()


async def _left(manager: AbstractAsyncContextManager[object]) -> None:
    await manager.__aexit__(None, None, None)
