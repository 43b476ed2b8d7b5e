"""The addresses that Slack puts into interactions, to answer them: five uses each, in half an hour."""

import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.peers.slack.team import Json
from tests.peers.slack.waiting import SECONDS_OF_PATIENCE, Arrivals

USES = 5


@dataclass(frozen=True, slots=True)
class ResponsePost:
    """What the product posted to a `response_url`."""

    url: str
    body: Json
    at: float


@dataclass(slots=True)
class ResponseUrls:
    """Makes such addresses and keeps what is posted to them."""

    base: str = ""
    posts: Arrivals[ResponsePost] = field(default_factory=Arrivals)
    _used: Counter[str] = field(default_factory=Counter)

    def new(self) -> str:
        return f"{self.base}/{secrets.token_hex(8)}"

    async def wait_for(self, url: str = "", count: int = 1, seconds: float = SECONDS_OF_PATIENCE) -> list[Json]:
        """The first `count` bodies posted to `url`, or to any."""
        result = await self.posts.until(lambda post: url in ("", post.url), count, seconds)
        return [post.body for post in result]

    async def take(self, request: web.Request) -> web.Response:
        url = f"{self.base}/{request.match_info['key']}"
        self._used[url] += 1
        if self._used[url] > USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        self.posts.add(ResponsePost(url, await request.json(), time.time()))
        return web.json_response({"ok": True})


@asynccontextmanager
async def response_urls() -> AsyncIterator[ResponseUrls]:
    """Listens on a free port of this machine."""
    urls = ResponseUrls()
    site = web.Application()
    site.router.add_post("/actions/{key}", urls.take)
    runner = web.AppRunner(site, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        urls.base = f"http://127.0.0.1:{runner.addresses[0][1]}/actions"
        yield urls
    finally:
        await runner.cleanup()
