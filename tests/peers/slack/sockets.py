"""Slack's end of Socket Mode, which `emulate` lacks: connections that the product opened, and envelopes down them."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.peers.slack.team import Json
from tests.peers.slack.waiting import Arrivals


@dataclass(slots=True)
class Sockets:
    """`open` and `acknowledged` can be waited on. A ticket of apps.connections.open lets in once."""

    app_id: str
    base: str = ""
    open: Arrivals[web.WebSocketResponse] = field(default_factory=Arrivals)
    acknowledged: Arrivals[Json] = field(default_factory=Arrivals)
    _tickets: set[str] = field(default_factory=set)

    def address(self) -> str:
        """A new one, for one connection."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"{self.base}?ticket={ticket}&app_id={self.app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._alive()) + 1,
                "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self.app_id},
            }
        )
        self.open.add(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.add(message.json())
        return socket

    async def send(
        self, kind: str, payload: Mapping[str, object], *, retry: int = 0, reason: str = "timeout", seconds: float = 3
    ) -> Json:
        """An envelope (events_api, interactive, slash_commands) down one connection; its acknowledgement's payload.

        Raises AssertionError when none comes in `seconds`: Slack would send it again.
        """
        alive = self._alive()
        assert alive, "the product has no connection open"
        envelope = {
            "envelope_id": secrets.token_hex(8),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **({"retry_attempt": retry, "retry_reason": reason} if retry else {}),
        }
        await alive[-1].send_json(envelope)
        (ack,) = await self.acknowledged.until(lambda ack: ack["envelope_id"] == envelope["envelope_id"], 1, seconds)
        answered: Json = ack.get("payload") or {}
        return answered

    async def end(self, reason: str = "refresh_requested", *, farewell: bool = True) -> None:
        """Slack ends all connections, as it does every few hours; without farewell, as a network does."""
        for socket in self._alive():
            if farewell:
                await socket.send_str(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {}}))
            await asyncio.shield(socket.close())

    def _alive(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self.open if not socket.closed]
