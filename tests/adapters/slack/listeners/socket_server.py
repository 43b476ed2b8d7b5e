"""A server that speaks Slack's Socket Mode: addresses that work once, hello, envelopes, acks, farewells, silence."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]
PATIENCE = 60.0
TOKEN = "xapp-made-up"


@dataclass(slots=True, eq=False)
class Connection:
    """One connection of the client. `deaf`: it answers nothing more, not even a ping."""

    socket: web.WebSocketResponse
    deaf: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def say(self, **message: object) -> None:
        await self.socket.send_str(json.dumps(message))

    async def envelope(self, id_: str, payload: Json, type_: str = "slash_commands", **more: object) -> None:
        await self.say(envelope_id=id_, type=type_, payload=payload, accepts_response_payload=True, **more)


@dataclass(slots=True)
class SlackSocket:
    """The server. `answers`: what `apps.connections.open` says before it works again: status, body, headers."""

    url: str = ""
    answers: list[tuple[int, Json | str, dict[str, str]]] = field(default_factory=list)
    greets: bool = True
    opened: int = 0
    tickets: set[str] = field(default_factory=set)
    connections: "asyncio.Queue[Connection]" = field(default_factory=asyncio.Queue)
    acks: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    open_now: set[Connection] = field(default_factory=set)

    async def connection(self) -> Connection:
        """The next connection that the client makes."""
        return await asyncio.wait_for(self.connections.get(), PATIENCE)

    async def ack(self) -> Json:
        """The next ack."""
        return await asyncio.wait_for(self.acks.get(), PATIENCE)

    async def give_address(self, request: web.Request) -> web.Response:
        self.opened += 1
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        if self.answers:
            status, body, headers = self.answers.pop(0)
            if isinstance(body, str):
                return web.Response(status=status, text=body, headers=headers)
            return web.json_response(body, status=status, headers=headers)
        ticket = f"ticket-{self.opened}"
        self.tickets.add(ticket)
        return web.json_response({"ok": True, "url": f"{self.url.replace('http', 'ws')}/link?ticket={ticket}"})

    async def link(self, request: web.Request) -> web.StreamResponse:
        if request.query["ticket"] not in self.tickets:
            raise web.HTTPForbidden
        self.tickets.remove(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False, timeout=0.1)
        await socket.prepare(request)
        connection = Connection(socket)
        self.open_now.add(connection)
        if self.greets:
            await connection.say(type="hello", num_connections=1, connection_info={"app_id": "A1"})
        self.connections.put_nowait(connection)
        try:
            await self._listen(connection)
        finally:
            self.open_now.discard(connection)
            connection.ended.set()
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.deaf:
                continue
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self.acks.put_nowait(json.loads(message.data))


@asynccontextmanager
async def slack_socket() -> AsyncIterator[SlackSocket]:
    slack = SlackSocket()
    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", slack.give_address), web.get("/link", slack.link)])
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield slack
    finally:
        await runner.cleanup()
