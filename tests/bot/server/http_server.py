"""The application behind the real HTTP server, in this process, and strangers who speak to it over bare TCP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import web

from bot.server.connection_limits import ConnectionLimits
from bot.server.connections import ConnectionRules, LimitedRunner


@dataclass(frozen=True, slots=True)
class HttpServer:
    """A port of this machine at which the application answers."""

    port: int
    limits: ConnectionLimits

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    async def send(self, request: bytes, *, is_all: bool = False) -> bytes:
        """Send these bytes, and return all that comes back until the server closes the connection.

        `is_all`: say that nothing more will be sent.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answer = b""
        with suppress(ConnectionError):
            writer.write(request)
            await writer.drain()
            if is_all:
                writer.write_eof()
            answer = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        return answer


@asynccontextmanager
async def http_server(app: web.Application, rules: ConnectionRules | None = None) -> AsyncIterator[HttpServer]:
    rules = rules or ConnectionRules()
    runner = LimitedRunner(app, rules, 0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield HttpServer(runner.addresses[0][1], rules.limits)
    finally:
        await runner.cleanup()


def status_of(answer: bytes) -> int:
    """The status of an HTTP answer; 0 if it is none."""
    parts = answer.split(b" ", 2)
    return int(parts[1]) if answer.startswith(b"HTTP/1.") and parts[1].isdigit() else 0
