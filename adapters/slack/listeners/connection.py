"""One connection of Socket Mode, from its greeting to its end. It never connects again by itself.

Slack's own client would: its loops may keep a dead address or a closed session for ever.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from aiohttp import ClientSession, WSMessage
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.shared.outgoing import proxy_for
from adapters.slack.web_api.library_logging import SILENT_LOGGER
from adapters.slack.web_api.redirects import refuse_redirects
from adapters.slack.web_api.web_client import open_web_client

log = logging.getLogger(__name__)

CLOSE_SECONDS = 1.0
"""Seconds to wait for the end of a connection whose other side may be gone."""
PINGS_PER_SILENCE = 3
"""Pings in the time after which a silent connection counts as dead."""
CHECKS_PER_SILENCE = 6
"""Checks in that time, but at least one a second: a broken line reports nothing."""
LINK_DISABLED = "link_disabled"
"""Slack's reason when Socket Mode was turned off in the app's settings."""

OnRequest = Callable[["SocketConnection", SocketModeRequest], Awaitable[None]]


class SocketClient(SocketModeClient):
    """Slack's client without its own way to connect again: `SocketMode` decides when to do that."""

    def __init__(self, app_token: str, api_url: str, ping_interval: float) -> None:
        web_client = open_web_client(api_url)
        super().__init__(
            app_token,
            SILENT_LOGGER,
            web_client,
            auto_reconnect_enabled=False,
            ping_interval=ping_interval,
            trace_enabled=False,
        )
        self.aiohttp_client_session.detach()  # it follows redirects, and our token would go along
        self.aiohttp_client_session = web_client.session = ClientSession(middlewares=(refuse_redirects,))

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - Slack's signature
        """Do nothing: after a `disconnect` message, Slack's client would connect again here."""

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Hand on each envelope: Slack's client drops one without an object in it, so that it would come again."""
        if "envelope_id" in message and not isinstance(message.get("payload"), dict):
            message = {"type": message.get("type"), "envelope_id": message["envelope_id"], "payload": {}}
        await super().run_message_listeners(message, raw_message)


class SocketConnection:
    """A connection. `on_request` gets each envelope. `silence`: seconds without any message until it counts as dead."""

    def __init__(self, client: SocketModeClient, on_request: OnRequest, silence: float) -> None:
        self._client = client
        self._silence = silence
        self._check_seconds = min(1.0, silence / CHECKS_PER_SILENCE)
        self._last_heard = monotonic()
        self._pong: float | None = None
        self._hello = asyncio.Event()
        self._end_reason: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        client.on_message_listeners.append(self._on_message)
        client.on_close_listeners.append(self._on_close)
        client.on_error_listeners.append(self._on_close)

        async def request(_client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            await on_request(self, request)

        client.socket_mode_request_listeners.append(request)

    @property
    def is_alive(self) -> bool:
        """Whether Slack sent its greeting and is not silent."""
        return self._hello.is_set() and not self._problem()

    async def open(self) -> None:
        """Ask for an address, connect, and wait for the greeting.

        Raises:
            SlackClientError, ClientError, ConnectionError: no address was given.
            TimeoutError: raised by the caller's own limit; connecting is tried until then.

        """
        response = await self._client.web_client.apps_connections_open(app_token=self._client.app_token)
        address = response.get("url")
        if not isinstance(address, str):  # without one, the client would go its own ways to get it
            raise ConnectionError
        self._client.wss_uri = address
        self._client.proxy = proxy_for(address)
        await self._client.connect()  # type: ignore[no-untyped-call]  # Slack's
        self._last_heard = monotonic()
        await self._hello.wait()

    async def wait_for_end(self) -> str:
        """Wait for the end; why the connection ends: Slack's reason, or what the check found."""
        while not self._end_reason.done():
            trouble = self._problem()
            if trouble:
                return trouble
            await asyncio.wait({self._end_reason}, timeout=self._check_seconds)
        return self._end_reason.result()

    async def wait_for_close(self) -> None:
        """Wait until no more envelopes can come here."""
        while not self._problem():
            await asyncio.wait({self._closed}, timeout=self._check_seconds)

    async def acknowledge(self, response: SocketModeResponse) -> bool:
        """Acknowledge an envelope; whether that was sent."""
        session = self._client.current_session
        if session is None or session.closed:
            return False
        try:
            await self._client.send_socket_mode_response(response)
        except (OSError, RuntimeError):  # aiohttp's errors of a connection that has just ended
            return False
        return True

    async def close(self) -> None:
        """Close the connection and stop its tasks."""
        client = self._client
        client.closed = True
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        running = [task for task in tasks if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        with suppress(Exception):
            async with asyncio.timeout(CLOSE_SECONDS):
                await client.disconnect()  # type: ignore[no-untyped-call]  # Slack's
        await client.aiohttp_client_session.close()

    def _problem(self) -> str:
        client = self._client
        session = client.current_session
        if session is None or session.closed:
            return "the connection is closed"
        if any(task is None or task.done() for task in (client.message_processor, client.message_receiver)):
            return "nobody listens to it"
        if client.last_ping_pong_time != self._pong:  # a pong came, or the client's first ping was sent
            self._pong, self._last_heard = client.last_ping_pong_time, monotonic()
        silent = monotonic() - self._last_heard
        return f"nothing was heard for {silent:.1f} s" if silent > self._silence else ""

    async def _on_message(self, message: WSMessage) -> None:
        self._last_heard = monotonic()
        try:
            payload = json.loads(message.data)
        except (ValueError, RecursionError) as error:
            log.warning("a message from Slack was not read: %s", type(error).__name__)
            return
        if not isinstance(payload, dict):
            return
        kind = payload.get("type")
        if kind == "hello":
            self._hello.set()
        elif kind == "disconnect":
            _resolve(self._end_reason, str(payload.get("reason") or kind))

    async def _on_close(self, _message: WSMessage) -> None:
        for future in (self._end_reason, self._closed):
            _resolve(future, "the connection was closed")


def _resolve(future: "asyncio.Future[str]", reason: str) -> None:
    if not future.done():
        future.set_result(reason)
