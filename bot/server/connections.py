"""aiohttp's HTTP server with what it has not: time-outs for the head of a request, limits, and quiet errors.

Written against aiohttp 3.14: where it reaches into its request handler, `tests/bot/server/test_connections.py` tells
whether a newer one still works so.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from adapters.shared.safe_logging import safe_description
from adapters.web.attempts import address_group
from bot.server.connection_limits import ConnectionLimits
from bot.server.log_lines import LimitedLog

log = logging.getLogger(__name__)
unreadable = LimitedLog(log)

HEAD_SECONDS = 10.0
"""Seconds for the head of a request, from its first byte on; of the first one, from the connection on."""
KEEP_ALIVE_SECONDS = 620.0
"""Seconds for which a connection that has had a request may be idle: longer than any usual load balancer keeps one."""
ANSWER_SECONDS = 60.0
"""Seconds in which the answer must have been taken."""
LINGERING_SECONDS = 2.0
"""Seconds for which the rest of a request is read that was answered before it ended."""
_UNREADABLE = "This is not an HTTP request that this server can read.\n"
_TOO_MANY = "There are too many connections. Try again.\n"
_ERRORS_OF_SENDER = (HttpProcessingError, ValueError, LookupError)
"""What reading the head of a request raises. Errors of our own are answered before they come here."""


@dataclass(frozen=True, slots=True)
class ConnectionRules:
    """How long and how many, for all connections of a server."""

    limits: ConnectionLimits = field(default_factory=ConnectionLimits)
    head_seconds: float = HEAD_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    keep_alive_seconds: float = KEEP_ALIVE_SECONDS


class LimitedRequestHandler(web.RequestHandler):
    """One connection. Nothing that a stranger sends is logged, or sent back."""

    __slots__ = ("_has_begun_head", "_head_timer", "_is_refused", "_rules", "address")

    def __init__(self, manager: web.Server, rules: ConnectionRules, **options: Any) -> None:  # noqa: ANN401 - aiohttp's
        super().__init__(manager, **options)
        self._rules = rules
        self._head_timer: asyncio.TimerHandle | None = None
        self._has_begun_head = False
        self._is_refused = False
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, if there is room for it."""
        peer = transport.get_extra_info("peername")
        self.address = address_group(peer[0] if isinstance(peer, tuple) else None)
        if not self._rules.limits.admit(self):
            self._is_refused = True
            self.transport = transport  # type: ignore[assignment]  # it is one that can be written to
            self._answer_and_close("503 Service Unavailable", _TOO_MANY)
            return
        super().connection_made(transport)
        self._start_head_timer()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        self._stop_head_timer()
        self._rules.limits.release(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, and see whether the head of a request is complete."""
        if self._is_refused:
            return
        requests = self._request_count
        try:
            super().data_received(data)
        except Exception as error:  # noqa: BLE001 - whatever the parser raises, the connection is of no more use
            unreadable.info("a request could not be read: %s", safe_description(error))
            self._answer_and_close("400 Bad Request", _UNREADABLE)
            return
        if self._request_count != requests:
            self._stop_head_timer()
            self._has_begun_head = False
            self._rules.limits.set_busy(self)
        elif self._is_waiting:
            self._has_begun_head = True
            if self._head_timer is None:
                self._start_head_timer()

    def set_parser(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - aiohttp's
        """From here on it is a WebSocket."""
        self._rules.limits.exempt_from_address(self)
        super().set_parser(*arguments, **options)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Answer; then the connection is idle until the next request."""
        if isinstance(resp, web.HTTPExpectationFailed):  # made before any route is called, and quotes what was sent
            resp.text = "This expectation cannot be met.\n"
        try:
            async with asyncio.timeout(self._rules.answer_seconds):
                result = await super().finish_response(request, resp, start_time)
        except TimeoutError:
            if self.transport is not None:
                self.transport.abort()  # what is not taken would keep it open
            return resp, True
        self._rules.limits.set_idle(self)
        return result

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it quotes what was sent
    ) -> web.StreamResponse:
        """Answer what could not be read, or what failed before any route was called."""
        unreadable.info("a request could not be read: %s", safe_description(exc) if exc else status)
        if request.writer.output_size > 0:
            error = "the answer has begun already"
            raise ConnectionError(error)
        is_fault_of_sender = status < 500 or isinstance(exc, _ERRORS_OF_SENDER)  # noqa: PLR2004 - HTTP's
        response = web.Response(
            status=400 if is_fault_of_sender else status,
            text=_UNREADABLE if is_fault_of_sender else "Something failed here. Try again.\n",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
        )
        response.force_close()
        return response

    def log_exception(self, *_arguments: Any, **options: Any) -> None:  # noqa: ANN401 - aiohttp's
        """Log kind and place of an error, in one line."""
        error = options.get("exc_info")
        if isinstance(error, (web.RequestPayloadError, HttpProcessingError)):  # logged when the body was read
            return
        place = safe_description(error) if isinstance(error, BaseException) else "no answer"
        log.error("a request could not be answered: %s", place)

    def drop(self) -> None:
        """Close the connection to make room for another."""
        self._stop_head_timer()
        if self._has_begun_head:
            self._answer_and_close("503 Service Unavailable", _TOO_MANY)
        self.force_close()

    @property
    def _is_waiting(self) -> bool:
        """Whether it waits for the head of a request."""
        return self._waiter is not None and not self._waiter.done()

    def _start_head_timer(self) -> None:
        self._head_timer = self._loop.call_later(self._rules.head_seconds, self._on_head_timeout)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _on_head_timeout(self) -> None:
        """Close a connection whose head did not come. One that never began a request is owed no answer."""
        self._head_timer = None
        if not self._has_begun_head:
            self.force_close()
            return
        self._answer_and_close("408 Request Timeout", "The request took too long.\n")

    def _answer_and_close(self, status: str, text: str) -> None:
        if self.transport is not None:
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(text)}\r\n"
            self.transport.write(f"{head}Connection: close\r\n\r\n{text}".encode())
        self.force_close()


class LimitedServer(web.Server):
    """Makes a `LimitedRequestHandler` for each connection."""

    def __init__(self, server: web.Server, rules: ConnectionRules, **options: Any) -> None:  # noqa: ANN401 - aiohttp's
        super().__init__(server.request_handler, request_factory=server.request_factory)
        self._rules = rules
        self._options = options

    def __call__(self) -> web.RequestHandler:
        """A handler for a new connection."""
        return LimitedRequestHandler(
            self,
            self._rules,
            loop=self._loop,
            access_log=None,
            keepalive_timeout=self._rules.keep_alive_seconds,
            lingering_time=LINGERING_SECONDS,
            **self._options,
        )


class LimitedRunner(web.AppRunner):
    """Runs an application with limits for its connections."""

    __slots__ = ("_rules",)

    def __init__(self, app: web.Application, rules: ConnectionRules, shutdown_seconds: float) -> None:
        super().__init__(app, access_log=None, shutdown_timeout=shutdown_seconds)
        self._rules = rules

    async def _make_server(self) -> web.Server:
        return LimitedServer(await super()._make_server(), self._rules)
