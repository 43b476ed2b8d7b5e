"""What Teams' connector answers, and what that means to us: the same for every kind of call."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import partial

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.teams.connector import client, rate_limit
from adapters.teams.connector.client import (
    DEFAULT_RETRY_SECONDS,
    MAX_RETRY_SECONDS,
    AnswerLost,
    TeamsConnector,
    TeamsRefusal,
    open_connector,
)
from adapters.teams.connector.credentials import InvalidCredentials
from adapters.teams.connector.rate_limit import RateLimiter
from adapters.teams.service_urls import ServiceHosts
from flows.state.delivery_failure import DeliveryFailure
from tests.conftest import NOON, SetClock

PLACE = "19:acme@thread.tacv2"
MESSAGE = {"type": "message", "text": "what Kim said"}
GOOD = web.json_response
Answer = Callable[[], web.Response]
Did = Callable[[TeamsConnector, str], Awaitable[object]]

CALLS: dict[str, Did] = {
    "send": lambda at, url: at.send(url, PLACE, MESSAGE),
    "send to one person": lambda at, url: at.send(url, PLACE, MESSAGE, recipient_id="29:dana"),
    "update": lambda at, url: at.update(url, PLACE, "1", MESSAGE),
    "delete": lambda at, url: at.delete(url, PLACE, "1"),
    "create": lambda at, url: at.chat(url, "28:app", "tenant", "29:dana"),
    "member": lambda at, url: at.member(url, PLACE, "29:dana"),
    "members": lambda at, url: at.members(url, PLACE, 100),
}
SENDS = ["send", "send to one person"]
QUESTIONS = ["create", "member", "members"]
of_each_call = pytest.mark.parametrize("did", CALLS.values(), ids=CALLS)


@dataclass(slots=True)
class Tokens:
    """Our proofs, numbered."""

    count: int = 1
    trouble: Exception | None = None

    async def token(self) -> str:
        if self.trouble:
            raise self.trouble
        await asyncio.sleep(0)
        return f"secret-{self.count}"

    def forget(self, token: str) -> None:
        self.count += token == f"secret-{self.count}"


@dataclass(slots=True)
class Connector:
    """A server that answers what it is told to, one answer after the other, and then well."""

    url: str = ""
    answers: deque[Answer | None] = field(default_factory=deque)
    """None: the line breaks."""
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    old: str = ""
    """A token that is refused."""
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.asked.append(token)
        self.bodies.append(await request.read())
        self.paths.append(request.raw_path)
        if token == self.old:
            return error(401, "Unauthorized")
        if not self.answers:
            return GOOD({"id": "1", "members": []})
        answer = self.answers.popleft()
        if answer is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        await self.go.wait()
        return answer()


@pytest.fixture
async def there() -> AsyncIterator[Connector]:
    async with serving() as connector:
        yield connector


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
async def ours(tokens: Tokens, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TeamsConnector]:
    monkeypatch.setattr(rate_limit, "RATE_WINDOWS", ())  # what is too fast is in test_rates.py
    async with open_connector(tokens, clock, ServiceHosts(allows_loopback=True)) as connector:
        yield connector


@asynccontextmanager
async def serving() -> AsyncIterator[Connector]:
    """A connector on loopback."""
    connector, app = Connector(), web.Application()
    connector.go.set()
    app.router.add_route("*", "/{path:.*}", connector.answer)
    server = TestServer(app)
    await server.start_server()
    connector.url = str(server.make_url("/amer/"))
    try:
        yield connector
    finally:
        connector.go.set()
        await server.close()


def error(status: int, code: str = "", **headers: str) -> web.Response:
    body = {"error": {"code": code, "message": "Kim said"}} if code else {}
    return web.json_response(body, status=status, headers={name.replace("_", "-"): headers[name] for name in headers})


@of_each_call
async def test_what_passes_is_tried_again_later(there: Connector, ours: TeamsConnector, did: Did) -> None:
    for status in (408, 412, 500, 502, 503, 504):
        there.answers.append(partial(error, status, "ServiceError"))
        with pytest.raises(Unavailable, match=f"{status} ServiceError"):
            await did(ours, there.url)
    await did(ours, there.url)


@of_each_call
async def test_teams_says_how_long_to_wait(there: Connector, ours: TeamsConnector, did: Did) -> None:
    there.answers.append(lambda: error(429, "TooManyRequests", Retry_After="17"))
    with pytest.raises(RateLimited) as limited:
        await did(ours, there.url)
    assert limited.value.retry_after == 17
    assert not limited.value.applies_to_workspace, "Teams counts each conversation by itself"


WAITS = {
    "3": 3.0,
    "1.5": 1.5,
    "0": 0.5,
    formatdate(NOON + 40, usegmt=True): 40.0,
    formatdate(NOON - 40, usegmt=True): 0.5,
    "": DEFAULT_RETRY_SECONDS,
    "soon": DEFAULT_RETRY_SECONDS,
    "-7": DEFAULT_RETRY_SECONDS,
    "²": DEFAULT_RETRY_SECONDS,
    "nan": DEFAULT_RETRY_SECONDS,
    "Mon, 99 Foo 2026": DEFAULT_RETRY_SECONDS,
    "9" * 400: MAX_RETRY_SECONDS,
    "Fri, 31 Dec 9999 23:59:59 GMT": MAX_RETRY_SECONDS,
    "Mon, 01 Jan 0001 00:00:00 -0000": 0.5,
}


@pytest.mark.parametrize("difference", [0, 3600, -3600], ids=["right", "ahead", "behind"])
async def test_a_wait_is_read_whatever_it_says_and_whatever_our_clock_says(
    there: Connector, ours: TeamsConnector, clock: SetClock, difference: float
) -> None:
    clock.forward(difference)
    for retry_after, seconds in WAITS.items():
        headers = {"Date": formatdate(NOON, usegmt=True)} | ({"Retry_After": retry_after} if retry_after else {})
        there.answers.append(partial(error, 429, "TooManyRequests", **headers))
        with pytest.raises(RateLimited) as limited:
            await ours.member(there.url, PLACE, "29:dana")
        assert limited.value.retry_after == seconds, retry_after


REFUSALS = {
    (403, "BotNotInConversationRoster"): DeliveryFailure.NOT_INVITED,
    (403, "MessageWritesBlocked"): DeliveryFailure.CHAT_CLOSED,
    (403, "botdisabledbyadmin"): DeliveryFailure.NOT_ALLOWED,
    (403, ""): DeliveryFailure.NOT_ALLOWED,
    (404, "ConversationNotFound"): DeliveryFailure.NO_THREAD,
    (404, "MemberNotFoundInConversation"): DeliveryFailure.DELETED,
    (404, ""): DeliveryFailure.NO_THREAD,
    (400, "BadSyntax"): DeliveryFailure.REFUSED,
    (413, "MessageSizeTooBig"): DeliveryFailure.REFUSED,
    (405, ""): DeliveryFailure.REFUSED,
}


@of_each_call
async def test_what_teams_will_never_take_has_its_reason(there: Connector, ours: TeamsConnector, did: Did) -> None:
    for (status, code), why in REFUSALS.items():
        there.answers.append(partial(error, status, code))
        with pytest.raises(TeamsRefusal) as refused:
            await did(ours, there.url)
        assert refused.value.reason is why, (status, code)
        assert refused.value.is_gone == (status == 404)
        assert "Kim said" not in str(refused.value), "Teams may quote what was sent"


@of_each_call
async def test_a_redirect_is_not_followed(there: Connector, ours: TeamsConnector, did: Did) -> None:
    async with serving() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            there.answers.append(partial(error, status, Location=elsewhere.url))
            with pytest.raises(Unavailable, match=str(status)):
                await did(ours, there.url)
        assert elsewhere.asked == []
    await did(ours, there.url)


@of_each_call
async def test_our_token_goes_to_no_host_that_is_not_in_the_list(
    there: Connector, ours: TeamsConnector, did: Did
) -> None:
    """Such as one that was stored before there was a list."""
    strict = replace(ours, service_hosts=ServiceHosts(frozenset({"smba.trafficmanager.net"})))
    for url in (there.url, "https://evil.example/teams", "https://user@smba.trafficmanager.net/", ""):
        with pytest.raises(Unavailable):
            await did(strict, url)
    assert there.asked == []


UNREADABLE = [b"<html>", b"[]", b"", b"{}", b'{"id', b'{"id": 7, "members": 7}', b"\xff\xfe\x00"]


@pytest.mark.parametrize("call", QUESTIONS)
async def test_an_answer_that_says_nothing_is_none(there: Connector, ours: TeamsConnector, call: str) -> None:
    for body in UNREADABLE:
        there.answers.append(partial(web.Response, body=body))
        with pytest.raises(Unavailable, match="in the answer"):
            await CALLS[call](ours, there.url)
    await CALLS[call](ours, there.url)


@pytest.mark.parametrize("call", [*SENDS, "update"])
async def test_what_teams_took_is_not_sent_again_for_want_of_an_answer(
    there: Connector, ours: TeamsConnector, call: str
) -> None:
    for body in UNREADABLE:
        there.answers.append(partial(web.Response, body=body, status=201))
        assert not await CALLS[call](ours, there.url)


@pytest.mark.parametrize("call", SENDS)
async def test_an_operator_sees_what_may_be_shown_twice(
    there: Connector, ours: TeamsConnector, caplog: pytest.LogCaptureFixture, call: str
) -> None:
    there.answers += [None, lambda: error(502, "BadGateway")]
    for what in ("(send: ServerDisconnectedError); 1 so far", "(send: 502 BadGateway); 2 so far"):
        with pytest.raises(AnswerLost):
            await CALLS[call](ours, there.url)
        assert f"a message may be shown twice: its answer was lost {what}" in caplog.text


async def test_a_message_that_is_broken_off_may_be_shown_twice(
    there: Connector, ours: TeamsConnector, caplog: pytest.LogCaptureFixture
) -> None:
    there.answers.append(lambda: error(200))
    there.go.clear()
    sending = asyncio.create_task(ours.send(there.url, PLACE, MESSAGE))
    while not there.asked:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    assert "may be shown twice: its answer was lost (it took too long); 1 so far" in caplog.text


QUIET: dict[str, tuple[str, Answer]] = {
    "Teams was busy": ("send", lambda: error(412)),
    "too many": ("send", lambda: error(429)),
    "refused": ("send", lambda: error(403)),
    "in its place": ("update", lambda: error(502)),
    "a question": ("member", lambda: error(502)),
}


@pytest.mark.parametrize(("call", "answer"), QUIET.values(), ids=QUIET)
async def test_nothing_else_may_be_shown_twice(
    there: Connector, ours: TeamsConnector, caplog: pytest.LogCaptureFixture, call: str, answer: Answer
) -> None:
    there.answers.append(answer)
    with pytest.raises((Undeliverable, RateLimited, Unavailable)):
        await CALLS[call](ours, there.url)
    with pytest.raises(Unavailable, match="ClientConnectorError"):
        await CALLS[call](ours, "http://127.0.0.1:9/amer/")
    assert "shown twice" not in caplog.text


@of_each_call
async def test_who_does_not_answer_is_not_waited_for(
    there: Connector, tokens: Tokens, clock: SetClock, did: Did
) -> None:
    there.go.clear()
    there.answers.append(lambda: GOOD({"id": "1", "members": []}))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.02)) as session:
        ours = TeamsConnector(session, tokens, clock, RateLimiter(clock), ServiceHosts(allows_loopback=True))
        with pytest.raises(AnswerLost, match="Timeout"):
            await did(ours, there.url)


async def test_calls_end_before_delivery_breaks_them_off(ours: TeamsConnector) -> None:
    assert ours.session.timeout.total == client.CALL_TIMEOUT_SECONDS < 18


@of_each_call
async def test_a_token_that_teams_refuses_is_replaced_once(
    there: Connector, tokens: Tokens, ours: TeamsConnector, did: Did
) -> None:
    there.old = "secret-1"
    await did(ours, there.url)
    assert there.asked == ["secret-1", "secret-2"]
    assert there.bodies[0] == there.bodies[1]
    assert tokens.count == 2


@of_each_call
async def test_a_second_refusal_of_our_token_waits(there: Connector, ours: TeamsConnector, did: Did) -> None:
    there.answers += [lambda: error(401), lambda: error(401)]
    with pytest.raises(Unavailable, match="401"):
        await did(ours, there.url)
    assert len(there.asked) == 2


async def test_many_who_meet_an_old_token_cause_one_new_one(
    there: Connector, tokens: Tokens, ours: TeamsConnector
) -> None:
    there.old = "secret-1"
    await asyncio.gather(*(ours.member(there.url, PLACE, f"29:{number}") for number in range(20)))
    assert tokens.count == 2
    assert there.asked.count("secret-1") == there.asked.count("secret-2") == 20


@pytest.mark.parametrize(
    "trouble", [Unavailable("the login is away"), InvalidCredentials("no token for you")], ids=type
)
@of_each_call
async def test_without_a_token_everything_waits(
    there: Connector, tokens: Tokens, ours: TeamsConnector, did: Did, trouble: Exception
) -> None:
    tokens.trouble = trouble
    with pytest.raises(Unavailable, match=str(trouble)):
        await did(ours, there.url)
    assert there.asked == []


async def test_no_token_and_no_word_is_in_the_log(
    there: Connector, ours: TeamsConnector, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there.old = "secret-1"
    trouble: list[Answer | None] = [
        None,
        lambda: web.Response(body=b"what Kim said"),
        *((lambda status=status: error(status)) for status in (302, 401, 403, 429, 500)),
    ]
    for answer in trouble:
        for did in CALLS.values():
            there.answers.append(answer)
            with suppress(Undeliverable, RateLimited, Unavailable):
                await did(ours, there.url)
            there.answers.clear()
    assert "may be shown twice" in caplog.text
    assert "secret" not in caplog.text
    assert "Kim" not in caplog.text


async def test_an_id_stays_one_part_of_the_address(there: Connector, ours: TeamsConnector) -> None:
    await ours.member(there.url, "19:a/b?c#d;messageid=1@thread.v2", "29:x y/../z%2f")
    assert there.paths == [
        "/amer/v3/conversations/19%3Aa%2Fb%3Fc%23d%3Bmessageid%3D1%40thread.v2/members/29%3Ax%20y%2F..%2Fz%252f"
    ]
