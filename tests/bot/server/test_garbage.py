"""What no browser sends: it is answered in a word, and leaves one line in the log that repeats none of it."""

import asyncio
import logging.handlers
import queue
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.server.bootstrap import running_application
from bot.server.connections import ConnectionRules
from bot.settings import Settings
from tests.bot.server.http_server import HttpServer, http_server, status_of
from tests.conftest import migrated
from tests.examples import examples

MARK = b"STRANGER"
"""Stands in everything that a stranger sends here, and in nothing that we log."""
ORIGIN = b"Host: localhost\r\nOrigin: http://localhost\r\n"
RULES = ConnectionRules(head_seconds=0.5)
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One event loop and one server for all examples of this module."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def server(loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpServer]:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path_factory.mktemp('garbage')}/room.db",
        port=0,
        access_token="a-word-for-this-test-only",
        slack_signing_secret="0123456789abcdef0123456789abcdef",
        slack_app_token=None,
        slack_client_id="123.456",
        slack_client_secret="fedcba9876543210fedcba9876543210",
        encryption_keys="4f1c9a07be52d8633e9b70c5a1f28d46",
        public_url="https://localhost",
        teams_app_id="00000000-1111-2222-3333-444444444444",
        teams_app_secret="s" * 20 + "0123456789abcdefXYZ",
    )
    migrated(settings)

    async def served() -> AsyncIterator[HttpServer]:
        async with running_application(settings) as parts, http_server(parts.web, RULES) as running:
            yield running

    serving = served()
    yield loop.run_until_complete(anext(serving))
    with pytest.raises(StopAsyncIteration):
        loop.run_until_complete(anext(serving))


def post(path: bytes, body: bytes, headers: bytes = FORM) -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return b"POST " + path + b" HTTP/1.1\r\n" + ORIGIN + headers + length + b"Connection: close\r\n\r\n" + body


def get(path: bytes, headers: bytes = ORIGIN) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n"


GARBAGE = {
    "a host that is no host": get(b"/login", b"Host: [" + MARK + b"\r\n"),
    "a host with control characters": get(b"/login", b"Host: \x7f\xff" + MARK + b"\r\n"),
    "two hosts": get(b"/login", b"Host: a\r\nHost: b" + MARK + b"\r\n"),
    "an origin that is none": post(b"/login", MARK).replace(b"http://localhost", b"http://[" + MARK),
    "an unknown charset": post(b"/login", MARK, b"Content-Type: text/plain; charset=" + MARK + b"\r\n"),
    "an unknown charset of a form": post(b"/login", MARK, FORM.strip() + b"; charset=" + MARK + b"\r\n"),
    "a form in multipart": post(b"/login", MARK, b"Content-Type: multipart/form-data; boundary=x\r\n"),
    "multipart without a boundary": post(b"/login", MARK, b"Content-Type: multipart/form-data\r\n"),
    "half of a surrogate pair": post(b"/login", b"token=%ED%A0%80" + MARK),
    "bytes that are no UTF-8": post(b"/login", b"token=\xff\xfe" + MARK),
    "too many fields": post(b"/login", b"&".join([b"a=" + MARK] * 200)),
    "a token that is too long": post(b"/login", b"token=" + MARK * 2_000),
    "a body that is too long": post(b"/login", MARK * 40_000),
    "percent signs that encode nothing": get(b"/room/%zz%" + MARK),
    "a path that is no path": get(b"\\\\" + MARK),
    "a path with NUL": get(b"/room/%00" + MARK),
    "an absolute address": get(b"http://[" + MARK),
    "no version": b"GET /login\r\n\r\n" + MARK,
    "a strange version": b"GET /login HTTP/9.9" + MARK + b"\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00" + MARK,
    "a strange method": MARK + b" /login HTTP/1.1\r\n" + ORIGIN + b"\r\n",
    "a head without end": b"GET /login HTTP/1.1\r\nX: " + MARK * 5_000,
    "too many headers": get(b"/login", ORIGIN + b"".join(b"X-%d: STRANGER\r\n" % n for n in range(500))),
    "a header without a name": get(b"/login", ORIGIN + b": " + MARK + b"\r\n"),
    "broken chunks": post(b"/login", b"zz\r\n" + MARK, FORM + b"Transfer-Encoding: chunked\r\n").replace(
        b"Content-Length: 12\r\n", b""
    ),
    "a length that is none": get(b"/login", ORIGIN + b"Content-Length: -1" + MARK + b"\r\n"),
    "two lengths": post(b"/login", MARK, FORM + b"Content-Length: 3\r\n"),
    "a compressed body that is not": post(b"/login", MARK, FORM + b"Content-Encoding: gzip\r\n"),
    "an expectation": post(b"/login", MARK, FORM + b"Expect: " + MARK + b"\r\n"),
    "an upgrade to something": get(b"/login", ORIGIN + b"Upgrade: " + MARK + b"\r\nConnection: upgrade\r\n"),
    "cookies that are none": get(b"/room/practice", ORIGIN + b"Cookie: __Host-trust_recover=\xff;;=;" + MARK + b"\r\n"),
    "a language that is none": get(b"/login", ORIGIN + b"Accept-Language: \xff\xfe" + MARK + b"\r\n"),
    "an address that is none": post(b"/login", b"token=" + MARK, FORM + b"X-Forwarded-For: ,[:" + MARK + b"\r\n"),
    "a room of the login that is none": get(b"/login?room=..%2f" + MARK),
    "a number of 5,000 digits": get(b"/room/practice/live?after=" + b"9" * 5_000 + b"&x=" + MARK),
    "a file with NUL in its name": get(b"/static/%00" + MARK),
    "a file with too long a name": get(b"/static/" + MARK * 500),
    "a file outside": get(b"/static/../../../../etc/passwd" + MARK),
    "a range that is none": get(b"/static/room.css" + b"?" + MARK, ORIGIN + b"Range: bytes=9-1" + MARK + b"\r\n"),
    "a date that is none": get(b"/static/icon.svg", ORIGIN + b"If-Modified-Since: " + MARK + b"\r\n"),
    "a WebSocket with a strange key": get(
        b"/room/practice/live",
        ORIGIN + b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + MARK + b"\r\n",
    ),
    "a WebSocket of a strange version": get(
        b"/room/practice/live", ORIGIN + b"Upgrade: websocket\r\nSec-WebSocket-Version: " + MARK + b"\r\n"
    ),
    "Slack: an unknown charset": post(b"/slack/events", MARK, b"Content-Type: text/plain; charset=" + MARK + b"\r\n"),
    "Slack: bytes that are no UTF-8": post(b"/slack/events", b"\xff" + MARK),
    "Teams: deep JSON": post(b"/api/messages", b"[" * 50_000 + MARK, b"Content-Type: application/json\r\n"),
    "Teams: no JSON": post(b"/api/messages", b"\xff" + MARK, b"Content-Type: application/json\r\n"),
    "Teams: a strange token": post(b"/api/messages", b"{}", b"Authorization: Bearer \xff." + MARK + b"\r\n"),
}


@pytest.mark.parametrize("request_bytes", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_answered_in_a_word(
    request_bytes: bytes,
    server: HttpServer,
    loop: asyncio.AbstractEventLoop,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        answer = loop.run_until_complete(server.send(request_bytes))
    assert 200 <= status_of(answer) < 500, answer
    assert len(answer) < 4_000
    assert MARK not in answer
    check_log(caplog)


SOCKET = (
    b"GET /room/practice/live HTTP/1.1\r\n" + ORIGIN + b"Upgrade: websocket\r\nConnection: upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

PIECES = st.sampled_from(
    [
        b"GET ", b"POST ", b"/", b"/login", b"/room/practice", b"/slack/events", b"/api/messages", b"?", b"%", b"%zz",
        b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b"\r\n\r\n", b"\n", b"Host: localhost\r\n", b"Host: ", b"[", b"]", b":",
        b"Origin: http://localhost\r\n", b"Content-Length: 5\r\n", b"Content-Length: ",
        b"Transfer-Encoding: chunked\r\n", b"Content-Type: multipart/form-data; boundary=x\r\n",
        b"--x\r\n", b"Cookie: ", b"=", b";", b"\x00", b"\xff",
        b"Expect: 100-continue\r\n", b"Upgrade: websocket\r\n", b"Connection: upgrade\r\n",
        b"5\r\nhello\r\n", b"0\r\n\r\n",
    ]
)  # fmt: skip
REQUESTS = st.lists(PIECES | st.binary(max_size=20), max_size=25).map(b"".join)


@given(request_bytes=REQUESTS | st.binary(max_size=60).map(SOCKET.__add__))
@examples(150)
def test_no_bytes_make_the_server_fail(
    request_bytes: bytes, server: HttpServer, loop: asyncio.AbstractEventLoop
) -> None:
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    handler = logging.handlers.QueueHandler(records)
    logging.getLogger().addHandler(handler)
    try:
        answer = loop.run_until_complete(server.send(request_bytes, is_all=True))
    finally:
        logging.getLogger().removeHandler(handler)
    assert b"HTTP/1.1 5" not in answer
    while not records.empty():
        record = records.get()
        assert record.levelno < logging.ERROR, record.getMessage()


def check_log(caplog: pytest.LogCaptureFixture) -> None:
    """One line at the most of each kind, no traceback, and no word of the stranger."""
    lines = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert len(lines) <= 1, [line.getMessage() for line in lines]
    for line in lines:
        assert line.exc_info is None
        assert line.levelno < logging.ERROR, line.getMessage()
        assert MARK.decode() not in line.getMessage()
        assert "\n" not in line.getMessage()
