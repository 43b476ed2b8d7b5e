"""The server with an access token, in this process, on a clock that is set; and browsers without a window."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import text
from yarl import URL

from bot.server.bootstrap import Runtime, running_application
from bot.settings import load_settings
from tests.bot.server.http_server import HttpServer, http_server
from tests.conftest import SetClock, migrated
from tests.server_process import Visitor

TOKEN = "a-token-for-this-test-only"


@dataclass(frozen=True, slots=True)
class Room:
    """A running server and what is in its database."""

    http: HttpServer
    parts: Runtime
    clock: SetClock
    browsers: list[aiohttp.ClientSession] = field(default_factory=list)

    def browser(self, **headers: str) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(self.http.url, headers={"Origin": self.http.url, **headers})
        self.browsers.append(session)
        return session

    async def signed_in(self) -> aiohttp.ClientSession:
        browser = self.browser()
        assert await sign_in(browser) == 200
        return browser

    async def visitor(self) -> Visitor:
        """Somebody who opened the room's page."""
        session = aiohttp.ClientSession()
        self.browsers.append(session)
        visitor = Visitor(session, self.http.url)
        await visitor.enter()
        return visitor

    async def count(self, table: str) -> int:
        query = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own words
        return await self.parts.database.run(lambda tx: tx.execute(query).scalar_one())


@asynccontextmanager
async def serving_room(folder: Path, token: str = TOKEN, **settings: str) -> AsyncIterator[Room]:
    own_settings = load_settings(database_url=f"sqlite:///{folder}/room.db", port=0, access_token=token, **settings)
    migrated(own_settings)
    clock = SetClock()
    async with running_application(own_settings, clock) as parts, http_server(parts.web) as http:
        room = Room(http, parts, clock)
        try:
            yield room
        finally:
            for browser in room.browsers:
                await browser.close()


async def sign_in(browser: aiohttp.ClientSession, token: str = TOKEN, **headers: str) -> int:
    """Try this token; the status of what comes then, which is the room if the token is right."""
    async with browser.post("/login", data={"token": token, "room": "practice"}, headers=headers) as response:
        return response.status


async def is_let_in(browser: aiohttp.ClientSession) -> bool:
    async with browser.get("/room/practice") as response:
        assert response.status == 200
        return response.url.path == "/room/practice"


def secret(browser: aiohttp.ClientSession, name: str = "trust_recover") -> str:
    return next((cookie.value for cookie in browser.cookie_jar if cookie.key == name), "")


def give_secret(browser: aiohttp.ClientSession, value: str, url: str) -> None:
    browser.cookie_jar.update_cookies({"trust_recover": value}, URL(url))
