"""Between playground and bot: signs each request, as Microsoft's connector does, and breaks the line when told to."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from tests.peers.slack.waiting import Arrivals
from tests.peers.teams.team import Json

Sign = Callable[[Json], str]
"""Makes the token of an activity: a JWT."""


@dataclass(slots=True)
class Delivery:
    """One activity and how the bot answered. `status`: 0 when no answer came back to the playground."""

    activity: Json
    token: str
    status: int = 0
    answer: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Proxy:
    """Give the playground `url`; read `deliveries`, which are there when they are answered."""

    bot: str
    sign: Sign
    client: aiohttp.ClientSession
    url: str = ""
    deliveries: Arrivals[Delivery] = field(default_factory=Arrivals)
    _breaks: int = 0
    _losses: int = 0

    def break_line(self, times: int = 1, *, after: bool = False) -> None:
        """Let the next activities not arrive; `after`: they do, but the bot's answer is lost."""
        if after:
            self._losses = times
        else:
            self._breaks = times

    async def again(self, delivery: Delivery) -> Delivery:
        """The same activity once more, with a new token, as after an answer that came too late."""
        repeated = Delivery(delivery.activity, self.sign(delivery.activity))
        await self._deliver(repeated)
        self.deliveries.add(repeated)
        return repeated

    async def pass_on(self, request: web.Request) -> web.Response:
        activity: Json = await request.json()
        delivery = Delivery(activity, self.sign(activity))
        lost = False
        if self._breaks:
            self._breaks -= 1
            lost = True
        else:
            await self._deliver(delivery)
            lost = self._losses > 0
            self._losses -= lost
        self.deliveries.add(delivery)
        if lost and request.transport:
            request.transport.abort()
        kind = {name: value for name, value in delivery.headers.items() if name.lower() == "content-type"}
        return web.Response(status=delivery.status or 502, body=delivery.answer, headers=kind)

    async def _deliver(self, delivery: Delivery) -> None:
        headers = {"Authorization": f"Bearer {delivery.token}"}
        async with self.client.post(self.bot, json=delivery.activity, headers=headers) as response:
            delivery.answer = await response.read()
            delivery.status, delivery.headers = response.status, dict(response.headers)


@asynccontextmanager
async def signing(bot: str, sign: Sign) -> AsyncIterator[Proxy]:
    """A proxy in front of the bot at this address (its whole messaging endpoint)."""
    async with aiohttp.ClientSession() as client:
        proxy = Proxy(bot, sign, client)
        site = web.Application(client_max_size=2**24)
        site.router.add_post("/api/messages", proxy.pass_on)
        runner = web.AppRunner(site, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
            yield proxy
        finally:
            await runner.cleanup()
