"""One lean HTTP client for every contender: it shares two cores with what it measures, so it does little."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import Self

_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)
_GOOD = b"HTTP/1.1 200"
SECONDS_AT_MOST = 120.0

Batch = tuple[int, Sequence[bytes]]
"""A port, and the requests that one connection sends there."""


class UnexpectedReply(RuntimeError):
    """A reply that must not be counted: not 200, or no reply at all."""


def post(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A form's POST request, as it goes over the wire."""
    fields = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))} | dict(headers)
    lines = (f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()))
    return "\r\n".join(lines).encode() + _HEAD_ENDS + body


class Line(asyncio.Protocol):
    """One keep-alive connection; the next request is written as soon as the reply to the last one is complete."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport
        self._received = b""
        self._waiting: Iterator[bytes] = iter(())
        self._seconds: list[float] = []
        self._began = 0.0
        self._done: asyncio.Future[list[float]] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int) -> AsyncIterator[Self]:
        """Connect to a port of this machine, until the end of the block."""
        transport, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        try:
            yield line
        finally:
            transport.close()

    async def send(self, requests: Iterable[bytes]) -> list[float]:
        """Send them one after the other; the seconds that each took.

        Raises:
            UnexpectedReply: one was not answered with 200.

        """
        self._waiting, self._seconds = iter(requests), []
        self._done = asyncio.get_running_loop().create_future()
        self._next()
        return await self._done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what requests are written to."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Count a reply once it is here as a whole."""
        self._received += data
        head = self._received.find(_HEAD_ENDS)
        if head < 0:
            return
        length = _LENGTH.search(self._received, 0, head)
        if length is None or not self._received.startswith(_GOOD):
            self._fail(self._received.decode(errors="replace"))
            return
        if len(self._received) < head + len(_HEAD_ENDS) + int(length.group(1)):
            return
        self._seconds.append(perf_counter() - self._began)
        self._received = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody answers any more."""
        self._fail(f"the connection was lost ({exc})")

    def _next(self) -> None:
        request = next(self._waiting, None)
        if request is not None:
            self._began = perf_counter()
            self._transport.write(request)
        elif self._done is not None and not self._done.done():
            self._done.set_result(self._seconds)

    def _fail(self, reply: str) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(UnexpectedReply(reply))


async def serial(port: int, requests: Sequence[bytes]) -> list[float]:
    """One connection, one request at a time: the seconds that each took."""
    async with asyncio.timeout(SECONDS_AT_MOST), Line.open(port) as line:
        return await line.send(requests)


async def at_once(batches: Sequence[Batch]) -> float:
    """A connection for each batch, all at the same time: all the seconds, divided by all requests."""
    async with asyncio.timeout(SECONDS_AT_MOST), AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(Line.open(port)) for port, _ in batches]
        began = perf_counter()
        await asyncio.gather(*(line.send(requests) for line, (_, requests) in zip(lines, batches, strict=True)))
        return (perf_counter() - began) / sum(len(requests) for _, requests in batches)
