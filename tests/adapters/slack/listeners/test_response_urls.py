"""Addresses at which a request asks to be answered: only Slack's own are called, and no redirect is followed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from adapters.port import Unavailable
from adapters.slack.web_api.client import open_client
from adapters.slack.web_api.response_urls import ForbiddenResponseUrl, ResponseHosts
from tests.adapters.slack import documented_payloads as documented
from tests.adapters.slack.harness import SlackHarness
from tests.adapters.slack.raw_requests import deliver, signed, written

HOSTS = ResponseHosts("https://slack.com/api/")
ALLOWED = [
    "https://hooks.slack.com/actions/T1/2/abc",
    "https://slack.com/x",
    "https://HOOKS.SLACK.COM/x",
    "https://hooks.slack.com:443/x",
    "https://hooks.slack-gov.com/commands/1",
]
FORBIDDEN = [
    "http://hooks.slack.com/x",
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://[::1]/x",
    "https://169.254.169.254/latest/meta-data",
    "https://slack.com.example.com/x",
    "https://evilslack.com/x",
    "https://hooks.slack.com@example.com/x",
    "https://user:word@hooks.slack.com/x",
    "https://example.com/?hooks.slack.com",
    "https://example.com#.slack.com",
    "https://example.com\\.slack.com/x",
    "https://example.com/\n.slack.com",
    "https://hooks.slack.com:port/x",
    "//hooks.slack.com/x",
    "ftp://hooks.slack.com/x",
    "file:///etc/passwd",
    "hooks.slack.com",
    "https://",
    "https://[",
    "",
    "https://hooks.slack.com/" + "a" * 5000,
]


@pytest.mark.parametrize("url", ALLOWED)
def test_slacks_own_addresses_are_called(url: str) -> None:
    HOSTS.check(url)


@pytest.mark.parametrize("url", FORBIDDEN)
def test_no_other_address_is_called(url: str) -> None:
    with pytest.raises(ForbiddenResponseUrl):
        HOSTS.check(url)


@given(text=st.text())
def test_any_text_is_an_address_or_not(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}/x"):
        with pytest.raises(ForbiddenResponseUrl):
            HOSTS.check(url)


def test_the_host_of_the_api_is_one_of_slacks() -> None:
    ResponseHosts("http://127.0.0.1:3000/api/", frozenset()).check("http://127.0.0.1:4000/actions/1")


@dataclass
class ForeignServer:
    """A server that is not Slack's."""

    url: str = ""
    paths: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        if request.path == "/away":
            return web.Response(status=307, headers={"Location": f"{self.url}/stolen"})
        return web.Response()


@pytest.fixture
async def foreign_server() -> AsyncIterator[ForeignServer]:
    server, app = ForeignServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://localhost:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


async def test_a_signed_request_cannot_make_the_server_call_another_host(
    on_slack: SlackHarness, foreign_server: ForeignServer, caplog: pytest.LogCaptureFixture
) -> None:
    tap = documented.interaction(
        "block_actions", actions=[{"action_id": "choose:ready"}], response_url=f"{foreign_server.url}/secret"
    )
    clock = on_slack.parts.application.clock
    assert (await deliver(on_slack, signed(written(tap), clock()))).status == 200
    assert foreign_server.paths == []
    assert "TRUST_RECOVER_SLACK_RESPONSE_HOSTS" in caplog.text
    assert foreign_server.url not in caplog.text


async def test_a_redirect_is_not_followed(foreign_server: ForeignServer) -> None:
    async with open_client(f"{foreign_server.url}/api/") as client:
        with pytest.raises(Unavailable):
            await client.respond(f"{foreign_server.url}/away", {"text": "a secret"})
    assert foreign_server.paths == ["/away"]
