"""Socket Mode: Slack's requests come over connections that we open, for servers that Slack cannot reach."""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.listeners.app import slack_request
from adapters.slack.listeners.connection import PINGS_PER_SILENCE, SocketClient, SocketConnection
from adapters.slack.listeners.payloads import loggable_kind
from adapters.slack.web_api.library_logging import retry_after_seconds, slack_error_code

log = logging.getLogger(__name__)

OK = 200
ACK_SECONDS = 3.0
"""Seconds that Slack waits for an acknowledgement."""
TOO_MANY_SOCKETS = "too_many_websockets"
REMEDIES = {
    "link_disabled": "Socket Mode is off: turn it on in the app's settings at Slack",
    "invalid_auth": "the app token is wrong: make one with connections:write, it begins with xapp-",
    "not_authed": "there is no app token: make one with connections:write, it begins with xapp-",
    "not_allowed_token_type": "this is not an app token: it begins with xapp-",
    "token_revoked": "the app token was revoked: make a new one with connections:write",
    "account_inactive": "the app was removed or turned off at Slack",
}
"""What an operator can do about an error of Slack."""

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True)
class SocketTimeouts:
    """Seconds. `silence`: after which a connection counts as dead; `first_rest`, `longest_rest`: between two tries."""

    silence: float = 30.0
    connect: float = 10.0
    first_rest: float = 0.5
    longest_rest: float = 30.0
    finish: float = 5.0


class SocketMode:
    """Hands each envelope to `dispatch`, and acknowledges it with the response, if its status is 200.

    Slack sends an envelope again that was not acknowledged, here or elsewhere. If it was stored, its event id is known.
    """

    def __init__(
        self,
        app_token: str,
        api_url: str,
        dispatch: Dispatch,
        patience: SocketTimeouts = SocketTimeouts(),
        client: Callable[[str, str, float], SocketModeClient] = SocketClient,
    ) -> None:
        self._make: Callable[[], SocketModeClient] = partial(
            client, app_token, api_url, patience.silence / PINGS_PER_SILENCE
        )
        self._dispatch = dispatch
        self._patience = patience
        self._current: SocketConnection | None = None
        self._connections: set[SocketConnection] = set()
        self._connect_event = asyncio.Event()
        self._is_stopping = False
        self._envelope_tasks: set[asyncio.Task[None]] = set()
        self._closing_tasks: set[asyncio.Task[None]] = set()

    @property
    def is_connected(self) -> bool:
        """Whether Slack can reach us now."""
        return self._current is not None and self._current.is_alive

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop` is set; then finish the envelopes under way and close."""
        connection_task, stop_task = asyncio.create_task(self._keep_connected()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({connection_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._is_stopping = True
            await _cancel_all([connection_task, stop_task])
            await self._finish()

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            try:
                failures = await self._connection(failures)
                rest = self._retry_seconds(failures - 1)
                log.info("a new connection to Slack in %.1f s", rest)
            except Exception as error:  # noqa: BLE001 - whatever it is, Slack must be reached again
                failures += 1
                rest = max(self._retry_seconds(failures), retry_after_seconds(error))
                log.warning("no connection to Slack (%s); the next try in %.1f s", _error_text(error), rest)
            await asyncio.sleep(rest)

    async def _connection(self, failures: int) -> int:
        """Connect, and wait until a new connection is needed; how many connections in a row ended too soon."""
        link = await self._open()
        self._replace_connection()
        self._current, since = link, monotonic()
        self._connect_event.set()
        log.info("connected to Slack by Socket Mode")
        reason = await link.wait_for_end()
        log.info("the connection to Slack ends: %s", REMEDIES.get(reason, reason))
        if reason == TOO_MANY_SOCKETS or not link.is_alive:
            self._replace_connection()
        return 0 if monotonic() - since > self._patience.silence else failures + 1

    async def _open(self) -> SocketConnection:
        link = SocketConnection(self._make(), self._receive, self._patience.silence)
        try:
            async with asyncio.timeout(self._patience.connect):
                await link.open()
        except BaseException:
            await link.close()
            raise
        self._connections.add(link)
        return link

    def _replace_connection(self) -> None:
        """Close the old connection when no more envelopes can come there: until then Slack may still use it."""
        link, self._current = self._current, None
        self._connect_event.clear()
        if link is not None:
            _start_task(self._closing_tasks, self._close_when_idle(link))

    async def _close_when_idle(self, link: SocketConnection) -> None:
        try:
            async with asyncio.timeout(self._patience.silence):
                await link.wait_for_close()
        except TimeoutError:
            log.debug("Slack keeps an old connection open")
        await self._close(link)

    async def _close(self, link: SocketConnection) -> None:
        await link.close()
        self._connections.discard(link)

    async def _receive(self, link: SocketConnection, envelope: SocketModeRequest) -> None:
        if not self._is_stopping:
            _start_task(self._envelope_tasks, self._handle(link, envelope))

    async def _handle(self, link: SocketConnection, envelope: SocketModeRequest) -> None:
        kind = loggable_kind(envelope.type)
        try:
            response = await self._dispatch(slack_request(envelope.payload, _headers(envelope)))
            answer = SocketModeResponse(envelope.envelope_id, _payload(response))
        except Exception as error:  # noqa: BLE001 - one envelope must not take the others with it
            log.error("%s could not be processed (%s); Slack sends it again", kind, type(error).__name__)  # noqa: TRY400 - a traceback would show what people wrote
            return
        if response.status != OK:
            log.warning("%s was not processed (%d); Slack sends it again", kind, response.status)
            return
        if not await self._acknowledge(link, answer):
            log.warning("%s could not be acknowledged; Slack sends it again, and it is then ignored", kind)

    async def _acknowledge(self, link: SocketConnection, answer: SocketModeResponse) -> bool:
        """Answer by the envelope's own connection or, as Slack's client does, by the next one if that is gone."""
        if await link.acknowledge(answer):
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(ACK_SECONDS):
                await self._connect_event.wait()
        return self._current is not None and await self._current.acknowledge(answer)

    async def _finish(self) -> None:
        if self._envelope_tasks:
            await asyncio.wait(self._envelope_tasks, timeout=self._patience.finish)
        await _cancel_all([*self._envelope_tasks, *self._closing_tasks])
        self._current = None
        await asyncio.gather(*map(self._close, self._connections))

    def _retry_seconds(self, failures: int) -> float:
        """Longer each time, with a random part so that not all servers try at once; none after a single loss."""
        if failures <= 0:
            return 0.0
        most = min(self._patience.longest_rest, self._patience.first_rest * 2.0 ** min(failures - 1, 30))
        return most * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it


def _headers(envelope: SocketModeRequest) -> dict[str, str | Sequence[str]] | None:
    """The headers with which Slack marks a retry over HTTP."""
    headers: dict[str, str | Sequence[str]] = {}
    if envelope.retry_attempt is not None:
        headers["x-slack-retry-num"] = str(envelope.retry_attempt)
    if envelope.retry_reason is not None:
        headers["x-slack-retry-reason"] = envelope.retry_reason
    return headers or None


def _payload(response: BoltResponse) -> dict[str, object] | None:
    if not response.body:
        return None
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        body: dict[str, object] = json.loads(response.body)
        return body
    return {"text": response.body}


def _error_text(error: Exception) -> str:
    """What happened, without addresses: they contain tickets."""
    error_code = "no answer in time" if isinstance(error, TimeoutError) else slack_error_code(error)
    return REMEDIES.get(error_code, error_code) if error_code else type(error).__name__


def _start_task(tasks: set["asyncio.Task[None]"], work: Coroutine[Any, Any, None]) -> None:
    """Start a task, and keep a reference to it until it ends."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def _cancel_all(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
