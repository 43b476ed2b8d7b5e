"""Socket Mode against a server that speaks Slack's protocol, and breaks in the ways that it is known to."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack.listeners.connection import SocketClient
from adapters.slack.listeners.socket_mode import SocketMode, SocketTimeouts
from tests.adapters.slack.listeners.socket_server import PATIENCE, TOKEN, Json, SlackSocket, slack_socket

QUICK = SocketTimeouts(silence=0.3, connect=0.5, first_rest=0.01, longest_rest=0.05, finish=2.0)
STEADY = SocketTimeouts(silence=30, connect=5, first_rest=0.01, longest_rest=0.05, finish=2.0)
"""Its watchdog does not look in the time of a test."""


@dataclass
class SocketModeHarness:
    """The server, Socket Mode running against it, the clients it made, and what was dispatched."""

    slack: SlackSocket
    mode: SocketMode
    stop: asyncio.Event
    running: "asyncio.Task[None]"
    clients: list[SocketModeClient]
    requests: list[AsyncBoltRequest] = field(default_factory=list)

    async def stopped(self) -> None:
        self.stop.set()
        await asyncio.wait_for(asyncio.shield(self.running), PATIENCE)


Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


async def _fine(_request: AsyncBoltRequest) -> BoltResponse:
    return BoltResponse(status=200)


@asynccontextmanager
async def socket_mode_harness(
    patience: SocketTimeouts = STEADY, dispatch: Dispatch = _fine, slack: SlackSocket | None = None
) -> AsyncIterator[SocketModeHarness]:
    async with slack_socket() as server:
        if slack is not None:
            server.answers, server.greets = slack.answers, slack.greets
        acceptance: list[AsyncBoltRequest] = []
        clients: list[SocketModeClient] = []

        async def noted(request: AsyncBoltRequest) -> BoltResponse:
            acceptance.append(request)
            return await dispatch(request)

        def product(token: str, url: str, ping: float) -> SocketModeClient:
            clients.append(SocketClient(token, url, ping))
            return clients[-1]

        mode, stop = SocketMode(TOKEN, f"{server.url}/api/", noted, patience, product), asyncio.Event()
        running = asyncio.create_task(mode.run(stop))
        result = SocketModeHarness(server, mode, stop, running, clients, acceptance)
        try:
            yield result
        finally:
            await result.stopped()
            assert not result.mode.is_connected
            assert asyncio.all_tasks() == _ours(server), "a task was left behind"


def _ours(_server: SlackSocket) -> set["asyncio.Task[object]"]:
    return {
        task
        for task in asyncio.all_tasks()
        if task is asyncio.current_task() or "aiohttp/web" in getattr(task.get_coro(), "__code__", _NONE).co_filename
    }


_NONE = compile("", "", "exec")


async def test_an_envelope_is_acknowledged_with_what_dispatch_returned() -> None:
    async def dispatch(request: AsyncBoltRequest) -> BoltResponse:
        if request.body["command"] == "/form":
            return BoltResponse(status=200, body={"response_action": "update"})
        return BoltResponse(status=200, body="said" if request.body["command"] == "/text" else "")

    async with socket_mode_harness(dispatch=dispatch) as at:
        connection = await at.slack.connection()
        for command in ("/empty", "/form", "/text"):
            await connection.envelope(command, {"command": command})
        acks = [await at.slack.ack() for _ in range(3)]
        assert sorted(acks, key=json.dumps) == [
            {"envelope_id": "/empty"},
            {"envelope_id": "/form", "payload": {"response_action": "update"}},
            {"envelope_id": "/text", "payload": {"text": "said"}},
        ]
        assert at.mode.is_connected


async def test_a_retry_is_told_as_over_http() -> None:
    async with socket_mode_harness() as at:
        connection = await at.slack.connection()
        await connection.envelope("e", {"event": {}}, "events_api", retry_attempt=2, retry_reason="timeout")
        await at.slack.ack()
        [request] = at.requests
        assert request.mode == "socket_mode"
        assert request.headers["x-slack-retry-num"] == ["2"]
        assert request.headers["x-slack-retry-reason"] == ["timeout"]


async def test_a_bolt_app_answers() -> None:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U0", bot_id="B0")

    app = AsyncApp(authorize=authorize, process_before_response=True)

    @app.command("/trust-recover")
    async def command(ack: AsyncAck) -> None:
        await ack("hello")

    async with socket_mode_harness(dispatch=app.async_dispatch) as at:
        connection = await at.slack.connection()
        await connection.envelope("1", {"command": "/trust-recover", "team_id": "T1", "user_id": "U1"})
        assert await at.slack.ack() == {"envelope_id": "1", "payload": {"text": "hello"}}


async def test_nothing_is_acknowledged_before_it_is_stored() -> None:
    rows = asyncio.Event()

    async def dispatch(request: AsyncBoltRequest) -> BoltResponse:
        if request.body["n"] == 1:
            await rows.wait()
        return BoltResponse(status=200)

    async with socket_mode_harness(dispatch=dispatch) as at:
        connection = await at.slack.connection()
        await connection.envelope("first", {"n": 1})
        await connection.envelope("second", {"n": 2})
        assert await at.slack.ack() == {"envelope_id": "second"}
        rows.set()
        assert await at.slack.ack() == {"envelope_id": "first"}


@pytest.mark.parametrize("status", [404, 503, 0])
async def test_what_was_not_taken_is_not_acknowledged_and_comes_again(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    failed = asyncio.Event()

    async def dispatch(request: AsyncBoltRequest) -> BoltResponse:
        if request.headers.get("x-slack-retry-num"):
            return BoltResponse(status=200)
        failed.set()
        if not status:
            message = "what the client wrote"
            raise RuntimeError(message)
        return BoltResponse(status=status, body="a secret")

    async with socket_mode_harness(dispatch=dispatch) as at:
        connection = await at.slack.connection()
        await connection.envelope("e1", {"event_id": "Ev1"}, "events_api")
        await asyncio.wait_for(failed.wait(), PATIENCE)
        await connection.envelope("e2", {"event_id": "Ev1"}, "events_api", retry_attempt=1, retry_reason="timeout")
        assert await at.slack.ack() == {"envelope_id": "e2"}
        assert at.slack.acks.empty()
        assert len(at.requests) == 2
    assert "Slack sends it again" in caplog.text
    assert "secret" not in caplog.text
    assert "client wrote" not in caplog.text


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_slack_wants_to_end_is_replaced_before_it_ends_and_nothing_is_lost(reason: str) -> None:
    async with socket_mode_harness() as at:
        old = await at.slack.connection()
        await old.say(type="disconnect", reason=reason, debug_info={"host": "h"})
        await old.envelope("between", {})
        new = await at.slack.connection()
        await old.envelope("late", {})
        await new.envelope("new", {})
        assert {(await at.slack.ack())["envelope_id"] for _ in range(3)} == {"between", "late", "new"}
        assert at.slack.opened == 2
        await old.socket.close()
        await new.envelope("after", {})
        assert await at.slack.ack() == {"envelope_id": "after"}
        assert at.mode.is_connected


async def test_what_is_under_way_when_its_connection_ends_is_acknowledged_by_the_next() -> None:
    go_on = asyncio.Event()

    async def dispatch(_request: AsyncBoltRequest) -> BoltResponse:
        await go_on.wait()
        return BoltResponse(status=200)

    async with socket_mode_harness(dispatch=dispatch) as at:
        old = await at.slack.connection()
        await old.envelope("slow", {})
        await old.socket.close()
        await at.slack.connection()
        go_on.set()
        assert await at.slack.ack() == {"envelope_id": "slow"}


async def test_a_closed_connection_is_made_anew() -> None:
    async with socket_mode_harness() as at:
        for _ in range(3):
            await (await at.slack.connection()).socket.close()
        await (await at.slack.connection()).envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}


async def test_a_broken_connection_is_made_anew() -> None:
    async with socket_mode_harness() as at:
        old = await at.slack.connection()
        transport = old.socket._req.transport  # type: ignore[union-attr]  # noqa: SLF001 - the cable is cut
        assert transport
        transport.abort()
        await (await at.slack.connection()).envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}


async def test_the_watchdog_notices_a_connection_that_went_silent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with socket_mode_harness(QUICK) as at:
        old = await at.slack.connection()
        old.deaf = True
        new = await at.slack.connection()
        await new.envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}
        await asyncio.wait_for(old.ended.wait(), PATIENCE)
    assert "a new connection to Slack" in caplog.text
    assert "ticket" not in caplog.text
    assert TOKEN not in caplog.text


async def test_the_watchdog_notices_silence_even_if_the_library_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.client_ws.ClientWebSocketResponse._pong_not_received", lambda _self: None)
    async with socket_mode_harness(QUICK) as at:
        old = await at.slack.connection()
        old.deaf = True
        await (await at.slack.connection()).envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}


async def test_a_quiet_connection_that_answers_pings_is_kept() -> None:
    patient = replace(QUICK, silence=1.0)  # longer than a busy machine lets this process wait
    async with socket_mode_harness(patient) as at:
        connection = await at.slack.connection()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(at.slack.connections.get(), 2.5 * patient.silence)
        assert at.mode.is_connected
        await connection.envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}


async def test_a_client_whose_session_was_closed_is_thrown_away() -> None:
    async with socket_mode_harness(QUICK) as at:
        await at.slack.connection()
        await at.clients[0].aiohttp_client_session.close()
        await (await at.slack.connection()).envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}
        assert at.clients[0].closed
        assert len(at.clients) == 2


@pytest.mark.parametrize("task", ["message_processor", "message_receiver"])
async def test_a_client_that_listens_no_more_is_thrown_away(task: str) -> None:
    async with socket_mode_harness(QUICK) as at:
        await at.slack.connection()
        getattr(at.clients[0], task).cancel()
        await (await at.slack.connection()).envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}


NO: dict[str, tuple[int, Json | str, dict[str, str]]] = {
    "broken": (500, "<html>", {}),
    "unavailable": (503, {"ok": False, "error": "service_unavailable"}, {}),
    "too often": (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "0"}),
    "too often, as text": (429, "", {"Retry-After": "0"}),
    "wrong token": (200, {"ok": False, "error": "invalid_auth"}, {}),
    "no address": (200, {"ok": True}, {}),
    "unusable address": (200, {"ok": True, "url": "nonsense://x?ticket=t"}, {}),
    "used address": (200, {"ok": True, "url": "ws://127.0.0.1:9/link?ticket=t"}, {}),
}


@pytest.mark.parametrize("what", NO)
async def test_it_connects_when_slack_is_well_again(what: str, caplog: pytest.LogCaptureFixture) -> None:
    async with socket_mode_harness(QUICK, slack=SlackSocket(answers=[NO[what]] * 2)) as at:
        await (await at.slack.connection()).envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}
        assert at.slack.opened == 3
    assert "no connection to Slack" in caplog.text
    assert "ticket" not in caplog.text
    assert TOKEN not in caplog.text


async def test_it_waits_as_long_as_slack_asks(caplog: pytest.LogCaptureFixture) -> None:
    too_often = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
    loop = asyncio.get_running_loop()
    start_time = loop.time()
    async with socket_mode_harness(QUICK, slack=SlackSocket(answers=[too_often])) as at:
        await at.slack.connection()
        assert loop.time() - start_time >= 1
    assert "1.0 s" in caplog.text


async def test_a_server_that_does_not_greet_is_not_a_connection() -> None:
    async with socket_mode_harness(QUICK, slack=SlackSocket(greets=False)) as at:
        await at.slack.connection()
        assert not at.mode.is_connected
        at.slack.greets = True
        await (await at.slack.connection()).envelope("here", {})
        assert await at.slack.ack() == {"envelope_id": "here"}
        assert at.mode.is_connected


async def test_socket_mode_that_was_turned_off_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with socket_mode_harness() as at:
        connection = await at.slack.connection()
        at.slack.answers = [(200, {"ok": False, "error": "link_disabled"}, {})] * 2
        await connection.say(type="disconnect", reason="link_disabled")
        await connection.socket.close()
        await at.slack.connection()
    assert "Socket Mode is off: turn it on in the app's settings at Slack" in caplog.text


async def test_stopping_finishes_what_is_under_way_and_takes_nothing_new() -> None:
    start, go_on = asyncio.Event(), asyncio.Event()

    async def dispatch(_request: AsyncBoltRequest) -> BoltResponse:
        start.set()
        await go_on.wait()
        return BoltResponse(status=200)

    async with socket_mode_harness(dispatch=dispatch) as at:
        connection = await at.slack.connection()
        await connection.envelope("last", {})
        await asyncio.wait_for(start.wait(), PATIENCE)
        at.stop.set()
        await asyncio.sleep(0)
        await connection.envelope("too late", {})
        go_on.set()
        assert await at.slack.ack() == {"envelope_id": "last"}
        await asyncio.wait_for(connection.ended.wait(), PATIENCE)
        assert at.slack.acks.empty()


async def test_stopping_closes_a_connection_that_slack_still_held_open() -> None:
    async with socket_mode_harness() as at:
        old = await at.slack.connection()
        await old.say(type="disconnect", reason="warning")
        new = await at.slack.connection()
        await at.stopped()
        for connection in (old, new):
            await asyncio.wait_for(connection.ended.wait(), PATIENCE)


async def test_an_envelope_that_makes_no_sense_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    async def dispatch(request: AsyncBoltRequest) -> BoltResponse:
        return BoltResponse(status=200, body="said" if request.body else "{not json")

    async with socket_mode_harness(dispatch=dispatch) as at:
        connection = await at.slack.connection()
        await connection.socket.send_str("not json")
        await connection.say(type="news")
        await connection.envelope("odd", {})
        await connection.envelope("here", {"command": "/trust-recover"})
        assert await at.slack.ack() == {"envelope_id": "here", "payload": {"text": "said"}}
        assert len(at.clients) == 1
    assert "could not be processed (JSONDecodeError)" in caplog.text


async def test_stopping_does_not_wait_for_ever() -> None:
    start = asyncio.Event()

    async def dispatch(_request: AsyncBoltRequest) -> BoltResponse:
        start.set()
        await asyncio.Event().wait()
        return BoltResponse(status=200)

    quick = SocketTimeouts(silence=30, connect=5, finish=0.05)
    async with socket_mode_harness(quick, dispatch) as at:
        connection = await at.slack.connection()
        await connection.envelope("never", {})
        await asyncio.wait_for(start.wait(), PATIENCE)
        await at.stopped()
        assert at.slack.acks.empty()


@pytest.mark.parametrize("seconds", [0, 0.02])
async def test_stopping_while_it_connects_leaves_nothing_behind(seconds: float) -> None:
    async with socket_mode_harness(slack=SlackSocket(greets=False)):
        await asyncio.sleep(seconds)


async def test_a_redirect_is_not_followed() -> None:
    async with slack_socket() as other:
        redirect = (307, "", {"Location": f"{other.url}/api/apps.connections.open"})
        async with socket_mode_harness(slack=SlackSocket(answers=[redirect])) as at:
            await at.slack.connection()
            assert at.slack.opened == 2
        assert other.opened == 0
