"""Connections have time-outs and limits, each with an answer; who asks honestly is served beside those who do not."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.server import request_guards
from bot.server.connection_limits import ConnectionLimits
from bot.server.connections import ConnectionRules
from tests.bot.server.http_server import HttpServer, http_server, status_of

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def socket(request: web.Request) -> web.WebSocketResponse:
    opened_socket = web.WebSocketResponse()
    await opened_socket.prepare(request)
    async for _ in opened_socket:
        pass
    return opened_socket


@asynccontextmanager
async def serving(
    max_connections: int = 1_000, max_per_address: int = 1_000, head_seconds: float = 20.0, body_seconds: float = 20.0
) -> AsyncIterator[HttpServer]:
    guards = [request_guards.answer_errors, request_guards.body_reader((), (), body_seconds)]
    app = web.Application(middlewares=guards)
    app.router.add_get("/", hello)
    app.router.add_post("/", hello)
    app.router.add_get("/socket", socket)
    rules = ConnectionRules(ConnectionLimits(max_connections, max_per_address), head_seconds, keep_alive_seconds=20.0)
    async with http_server(app, rules) as server:
        yield server


async def opened(server: HttpServer, stack: AsyncExitStack, count: int, begin: bytes = b"") -> list[Line]:
    """So many connections, each with this beginning of a request."""
    lines = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        stack.callback(writer.close)
        writer.write(begin)
        lines.append((reader, writer))
    return lines


async def answer(line: Line) -> bytes:
    return await asyncio.wait_for(line[0].read(), 30)


async def get(server: HttpServer) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/") as response:
        return await response.text()


@pytest.mark.parametrize(
    "begin", [b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: y"]
)
async def test_a_head_that_does_not_end_is_ended(begin: bytes) -> None:
    async with serving(head_seconds=0.3) as server, AsyncExitStack() as stack:
        lines = await opened(server, stack, 30, begin)
        assert await get(server) == "hello"
        for line in lines:
            assert status_of(await answer(line)) == 408


async def test_a_head_that_comes_byte_by_byte_is_ended_all_the_same() -> None:
    async with serving(head_seconds=0.3) as server, AsyncExitStack() as stack:
        (line,) = await opened(server, stack, 1, b"GET / HTTP/1.1\r\nX: ")

        async def drip() -> None:
            while True:
                line[1].write(b"x")
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert status_of(await answer(line)) == 408
        dripping.cancel()


async def test_the_second_head_of_a_connection_is_watched_as_well() -> None:
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with serving(head_seconds=0.3) as server, AsyncExitStack() as stack:
        (line,) = await opened(server, stack, 1, request)
        assert status_of(await line[0].readuntil(b"hello")) == 200
        line[1].write(request)
        assert status_of(await line[0].readuntil(b"hello")) == 200
        line[1].write(b"GET / HTTP/1.1\r\n")
        assert status_of(await answer(line)) == 408


async def test_who_has_asked_may_be_silent_for_longer_than_a_head_may_take() -> None:
    async with serving(head_seconds=0.2) as server, AsyncExitStack() as stack:
        (line,) = await opened(server, stack, 1, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status_of(await line[0].readuntil(b"hello")) == 200
        (silent,) = await opened(server, stack, 1)
        assert await answer(silent) == b""  # it has asked for nothing, so it ends
        line[1].write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status_of(await line[0].readuntil(b"hello")) == 200


@pytest.mark.parametrize(
    "begin",
    [
        b"Content-Length: 10\r\n\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"Content-Length: 9\r\n\r\n",
    ],
)
async def test_a_body_that_does_not_end_is_ended(begin: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
    async with serving(body_seconds=0.3) as server, AsyncExitStack() as stack:
        lines = await opened(server, stack, 30, head + begin)
        assert await get(server) == "hello"
        for line in lines:
            assert status_of(await line[0].readuntil(b"\r\n\r\n")) == 408


async def test_an_answer_that_nobody_takes_ends() -> None:
    async def large(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 30_000_000)

    app = web.Application()
    app.router.add_get("/", large)
    rules = ConnectionRules(answer_seconds=0.3)
    async with http_server(app, rules) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1_000)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readline()
        async with asyncio.timeout(20):
            while rules.limits != ConnectionLimits():  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
        writer.transport.abort()


@pytest.mark.parametrize("length", [b"Content-Length: 99999999999\r\n\r\n", b"Content-Length: 262145\r\n\r\n"])
async def test_a_body_that_is_too_long_is_refused_before_it_is_read(length: bytes) -> None:
    async with serving() as server, AsyncExitStack() as stack:
        (line,) = await opened(server, stack, 1, b"POST / HTTP/1.1\r\nHost: localhost\r\n" + length)
        assert status_of(await line[0].readuntil(b"bytes.")) == 413


# --- how many


async def test_who_keeps_connections_open_shuts_nobody_out() -> None:
    """The one that has been idle for longest makes room."""
    async with serving(max_connections=40) as server, AsyncExitStack() as stack:
        lines = await opened(server, stack, 100)
        assert await get(server) == "hello"
        ended = [await answer(line) for line in lines[:60]]
        assert ended == [b""] * 60
        assert all(not line[0].at_eof() for line in lines[70:])


async def test_one_address_has_only_so_many() -> None:
    async with serving(max_per_address=20) as server, AsyncExitStack() as stack:
        lines = await opened(server, stack, 50, b"GET / HTTP/1.1\r\n")
        assert [status_of(await answer(line)) for line in lines[:30]] == [503] * 30
        assert await get(server) == "hello"


async def test_pages_that_are_kept_up_to_date_do_not_count_for_their_address() -> None:
    """A whole company may come from one address."""
    async with serving(max_per_address=10) as server, aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(session.ws_connect(f"{server.url}/socket")) for _ in range(30)]
        assert await get(server) == "hello"
        assert not any(opened_socket.closed for opened_socket in sockets)


async def test_where_nobody_is_idle_a_new_connection_is_told_to_come_again() -> None:
    async with serving(max_connections=10) as server, aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(session.ws_connect(f"{server.url}/socket"))
        (line,) = await opened(server, stack, 1)
        assert status_of(await answer(line)) == 503


async def test_nothing_is_remembered_of_connections_that_ended() -> None:
    async with serving() as server:
        for begin in (b"", b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"):
            async with AsyncExitStack() as stack:
                await opened(server, stack, 20, begin)
        async with asyncio.timeout(10):
            while server.limits != ConnectionLimits(1_000, 1_000):  # noqa: ASYNC110 - a closed connection tells nobody
                await asyncio.sleep(0.01)


# --- errors that nobody expected


async def test_an_error_of_ours_is_one_line_and_says_nothing_of_the_request(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_request: web.Request) -> web.Response:
        message = "the client's words"
        raise RuntimeError(message)

    app = web.Application(middlewares=[request_guards.answer_errors])
    app.router.add_get("/{name}", fail)
    async with http_server(app) as server:
        answer_text = (await server.send(b"GET /secret-path HTTP/1.0\r\n\r\n")).decode()
    assert answer_text.startswith("HTTP/1.0 500")
    (line,) = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert line.getMessage().startswith("GET /{name} failed: RuntimeError ← ")
    for word in ("client's", "secret"):
        assert word not in line.getMessage() + answer_text
    assert line.exc_info is None
