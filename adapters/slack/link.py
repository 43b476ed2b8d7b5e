"""One connection of Socket Mode, from its first hello until it is lost. It never connects again by itself.

Slack's client would: its loops keep a dead address or a closed session for ever, and wait without end for a limit.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

from aiohttp import WSMessage
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.quiet import QUIET

SECONDS_TO_CLOSE = 1.0
"""A peer that is gone does not answer a farewell."""
PINGS = 3
"""Pings in the time after which silence means that nobody is there."""
LOOKS = 6
"""Looks in that time, but at least one a second: a cable that is cut says nothing."""
REFUSED = "link_disabled"
"""Slack's reason when Socket Mode was turned off in the app's settings."""

OnRequest = Callable[["Link", SocketModeRequest], Awaitable[None]]


class Client(SocketModeClient):
    """Slack's client, told that the server wants to end the connection: what then happens is decided elsewhere."""

    def __init__(self, app_token: str, api_url: str, ping_interval: float) -> None:
        web_client = AsyncWebClient(base_url=api_url, logger=QUIET)
        super().__init__(
            app_token, QUIET, web_client, auto_reconnect_enabled=False, ping_interval=ping_interval, trace_enabled=False
        )

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - Slack's signature
        """Do nothing: a `disconnect` message would connect again here, or fail to without a trace."""


class Link:
    """A connection. `on_request` gets each envelope; `silence`: seconds after which it counts as dead."""

    def __init__(self, client: SocketModeClient, on_request: OnRequest, silence: float) -> None:
        self._client = client
        self._silence = silence
        self._look = min(1.0, silence / LOOKS)
        self._heard = monotonic()
        self._pong: float | None = None
        self._greeted = asyncio.Event()
        self._ending: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        client.on_message_listeners.append(self._hear)
        client.on_close_listeners.append(self._lose)
        client.on_error_listeners.append(self._lose)

        async def request(_client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            await on_request(self, request)

        client.socket_mode_request_listeners.append(request)

    @property
    def alive(self) -> bool:
        """Whether Slack greeted us here and is still heard of."""
        return self._greeted.is_set() and not self._trouble()

    async def open(self) -> None:
        """Ask for an address, connect, and wait for the greeting.

        Raises:
            SlackClientError, ClientError, ConnectionError: no address was given.
            TimeoutError: raised by the caller's own limit; connecting is tried until then.

        """
        told = await self._client.web_client.apps_connections_open(app_token=self._client.app_token)
        address = told.get("url")
        if not isinstance(address, str):  # without one, the client would go its own ways to get it
            raise ConnectionError
        self._client.wss_uri = address
        await self._client.connect()  # type: ignore[no-untyped-call]  # Slack's
        self._heard = monotonic()
        await self._greeted.wait()

    async def lost(self) -> str:
        """Why the connection ended or is about to: Slack's reason, or what the watchdog saw."""
        while not self._ending.done():
            trouble = self._trouble()
            if trouble:
                return trouble
            await asyncio.wait({self._ending}, timeout=self._look)
        return self._ending.result()

    async def ended(self) -> None:
        """Wait until nothing can come here any more."""
        while not self._trouble():
            await asyncio.wait({self._gone}, timeout=self._look)

    async def sent(self, response: SocketModeResponse) -> bool:
        """Acknowledge an envelope; whether the connection took it."""
        session = self._client.current_session
        if session is None or session.closed:
            return False
        try:
            await self._client.send_socket_mode_response(response)
        except (OSError, RuntimeError):  # aiohttp's errors of a connection that has just ended
            return False
        return True

    async def close(self) -> None:
        """Close it with all that it started."""
        client = self._client
        client.closed = True
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        running = [task for task in tasks if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        with suppress(Exception):
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                await client.disconnect()  # type: ignore[no-untyped-call]  # Slack's
        await client.aiohttp_client_session.close()

    def _trouble(self) -> str:
        client = self._client
        session = client.current_session
        if session is None or session.closed:
            return "the connection is closed"
        if any(task is None or task.done() for task in (client.message_processor, client.message_receiver)):
            return "nobody listens to it"
        if client.last_ping_pong_time != self._pong:  # a pong came, or the client's first ping was sent
            self._pong, self._heard = client.last_ping_pong_time, monotonic()
        silent = monotonic() - self._heard
        return f"nothing was heard for {silent:.1f} s" if silent > self._silence else ""

    async def _hear(self, message: WSMessage) -> None:
        self._heard = monotonic()
        told = json.loads(message.data)
        kind = told.get("type")
        if kind == "hello":
            self._greeted.set()
        elif kind == "disconnect":
            _resolve(self._ending, str(told.get("reason") or kind))

    async def _lose(self, _message: WSMessage) -> None:
        for waited in (self._ending, self._gone):
            _resolve(waited, "the connection was closed")


def _resolve(future: "asyncio.Future[str]", reason: str) -> None:
    if not future.done():
        future.set_result(reason)
