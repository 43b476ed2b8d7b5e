"""Installing over HTTP: each way it can go, against a Slack of the test's own."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from sqlalchemy.exc import OperationalError

from adapters.shared.crypto import Keys
from adapters.slack.directory.allowed_workspaces import AllowedWorkspaces
from adapters.slack.directory.installations import Installation, StoredInstallations
from adapters.slack.install.oauth import COOKIE, OAuthRoutes
from adapters.slack.install.oauth_stores import STATE_SECONDS, OAuthStates
from adapters.slack.manifest import SCOPES
from bot.storage.database import Database
from tests.adapters.slack.harness import listening_socket
from tests.adapters.slack.install.conftest import KEY
from tests.conftest import SetClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # its statements are tested on both
CODE, SECRET, TOKEN = "the-code", "the-client-secret", "xoxb-the-token"
TEAM = {
    "ok": True,
    "access_token": TOKEN,
    "token_type": "bot",
    "scope": "commands,chat:write",
    "bot_user_id": "U0",
    "app_id": "A1",
    "team": {"id": "T1", "name": "North & <b>wind</b>"},
    "enterprise": None,
    "authed_user": {"id": "U1"},
    "is_enterprise_install": False,
}
ORG = TEAM | {"team": None, "enterprise": {"id": "E1", "name": "Globex"}, "is_enterprise_install": True}


@dataclass
class Scene:
    """The pages on a server, and Slack's answer to the code. `browser` keeps cookies."""

    browser: ClientSession
    url: str = ""
    answer: tuple[int, dict[str, Any] | str] = (200, TEAM)
    token_requests: list[dict[str, str]] = field(default_factory=list)
    oauth: OAuthRoutes | None = None
    revoked_tokens: list[str] = field(default_factory=list)

    async def revoke(self, request: web.Request) -> web.Response:
        self.revoked_tokens.append(request.headers["Authorization"])
        return web.json_response({"ok": True, "revoked": True})

    async def exchange(self, request: web.Request) -> web.Response:
        self.token_requests.append({name: str(value) for name, value in (await request.post()).items()})
        status, body = self.answer
        return (
            web.Response(status=status, text=body) if isinstance(body, str) else web.json_response(body, status=status)
        )

    async def get(self, path: str, **headers: str) -> ClientResponse:
        response = await self.browser.get(self.url + path, headers=headers, allow_redirects=False)
        await response.read()
        return response

    async def start(self, query: str = "") -> dict[str, str]:
        """What the browser takes to Slack."""
        response = await self.get(f"/slack/install/start{query}")
        assert response.status == 302
        address = urlsplit(response.headers["Location"])
        assert address._replace(query="").geturl() == "https://slack.test/oauth/v2/authorize"
        return {name: value for name, [value] in parse_qs(address.query, strict_parsing=True).items()}

    async def back(self, query: str, **headers: str) -> tuple[int, str]:
        response = await self.get(f"/slack/oauth_redirect?{query}", **headers)
        body = await response.text()
        assert CODE not in body
        return response.status, body

    async def install(self) -> tuple[int, str]:
        state = (await self.start())["state"]
        return await self.back(f"code={CODE}&state={state}")


@asynccontextmanager
async def scene_of(
    installations: StoredInstallations, states: OAuthStates, public: str = "", path: str = "/slack/oauth_redirect"
) -> AsyncIterator[Scene]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser, AsyncExitStack() as stack:
        scene = Scene(browser)
        app = web.Application()
        runner = web.AppRunner(app, access_log=None)
        app.router.add_post("/api/oauth.v2.access", scene.exchange)
        app.router.add_route("*", "/api/auth.revoke", scene.revoke)
        listener = stack.enter_context(listening_socket())
        scene.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        redirect = (public or scene.url) + path
        authorize = "https://slack.test/oauth/v2/authorize"
        oauth = OAuthRoutes(
            "1.2", SECRET, redirect, f"{scene.url}/api/", authorize, installations, states, tuple(SCOPES)
        )
        scene.oauth = oauth
        app.add_routes(oauth.routes())
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            yield scene
        finally:
            await runner.cleanup()


@pytest.fixture
def states(database: Database, clock: SetClock) -> OAuthStates:
    return OAuthStates(database, clock)


@pytest.fixture
async def scene(
    installations: StoredInstallations, states: OAuthStates, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Scene]:
    """Whatever happens, no secret is logged."""
    caplog.set_level(logging.DEBUG)
    async with scene_of(installations, states) as result:
        yield result
    for secret in (CODE, SECRET, TOKEN, *(token_request.get("code", CODE) for token_request in result.token_requests)):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("language", "words"), [("es-MX,es;q=0.9,en;q=0.8", "Añadir a Slack"), ("fr,en", "Add to Slack"), ("", "Add to")]
)
async def test_the_page_says_what_it_asks_for_in_the_readers_language(scene: Scene, language: str, words: str) -> None:
    response = await scene.get("/slack/install", **{"Accept-Language": language})
    page = await response.text()
    assert words in page
    for scope, reasons in SCOPES.items():
        assert scope in page
        assert reasons["es" if language.startswith("es") else "en"] in unescape(page)
    assert "<style" not in page
    assert "style=" not in page
    assert "<script" not in page
    assert f'href="{scene.url}/slack/install/start"' in page
    assert (await scene.get("/slack/static/install.css")).status == 200
    assert (await scene.get("/slack/static/icon.svg")).status == 200


async def test_looking_at_the_page_leaves_nothing_behind(scene: Scene) -> None:
    response = await scene.get("/slack/install")
    assert not response.cookies


async def test_slack_is_asked_for_what_the_page_says(scene: Scene) -> None:
    query = await scene.start()
    assert query.pop("state")
    assert query == {
        "client_id": "1.2",
        "scope": ",".join(SCOPES),
        "redirect_uri": f"{scene.url}/slack/oauth_redirect",
    }


async def test_a_link_to_a_workspace_cannot_ask_for_more(scene: Scene) -> None:
    query = await scene.start("?team=T1%26scope%3Dadmin")
    assert query["team"] == "T1&scope=admin"
    assert query["scope"] == ",".join(SCOPES)


async def test_a_workspace_is_installed(scene: Scene, installations: StoredInstallations) -> None:
    status, page = await scene.install()
    assert status == 200
    assert "/trust-recover" in page
    assert "North &amp; &lt;b&gt;wind&lt;/b&gt;" in page
    installation = await installations.find("T1")
    assert installation
    assert (installation.bot_token, installation.bot_user, installation.installed_by) == (TOKEN, "U0", "U1")
    assert installation.scopes == ("commands", "chat:write")
    [token_request] = scene.token_requests
    assert token_request["code"] == CODE
    assert token_request["redirect_uri"] == f"{scene.url}/slack/oauth_redirect"


async def test_an_organisation_is_installed(scene: Scene, installations: StoredInstallations) -> None:
    scene.answer = (200, ORG)
    status, page = await scene.install()
    assert status == 200
    assert "Globex" in page
    assert "organization" in page
    installation = await installations.find_for_team("E1", "T9", org=False)
    assert installation
    assert (installation.workspace, installation.enterprise, installation.team) == ("E1", "E1", "")


async def test_cancelling_changes_nothing(scene: Scene, installations: StoredInstallations) -> None:
    state = (await scene.start())["state"]
    status, page = await scene.back(f"error=access_denied&state={state}", **{"Accept-Language": "es"})
    assert status == 200
    assert "No ha cambiado nada" in page
    assert f'href="{scene.url}/slack/install"' in page
    assert not await installations.all()


async def test_what_comes_in_the_address_is_not_shown(scene: Scene) -> None:
    status, page = await scene.back("error=%3Cscript%3Ealert(1)%3C/script%3E")
    assert status == 400
    assert "alert" not in page


async def test_a_state_is_used_once(scene: Scene) -> None:
    state = (await scene.start())["state"]
    assert (await scene.back(f"code={CODE}&state={state}"))[0] == 200
    scene.browser.cookie_jar.update_cookies({COOKIE: state})
    status, page = await scene.back(f"code={CODE}&state={state}")
    assert status == 400
    assert "used already" in page
    assert len(scene.token_requests) == 1


@pytest.mark.parametrize("seconds", [STATE_SECONDS, -3600], ids=["later", "the clock was set back"])
async def test_a_state_expires(scene: Scene, clock: SetClock, seconds: float) -> None:
    state = (await scene.start())["state"]
    clock.forward(seconds)
    status, page = await scene.back(f"code={CODE}&state={state}")
    assert status == 400
    assert "too old" in page
    assert not scene.token_requests


@pytest.mark.parametrize("query", [f"code={CODE}", f"code={CODE}&state=other", f"code={CODE}&state=", ""])
async def test_another_browsers_return_is_refused(scene: Scene, query: str) -> None:
    await scene.start()
    status, page = await scene.back(query)
    assert status == 400
    assert "another browser" in page
    assert not scene.token_requests


async def test_without_the_cookie_it_is_refused(scene: Scene) -> None:
    state = (await scene.start())["state"]
    scene.browser.cookie_jar.clear()
    status, page = await scene.back(f"code={CODE}&state={state}")
    assert status == 400
    assert "cookies" in page


async def test_without_a_code_it_begins_again(scene: Scene) -> None:
    state = (await scene.start())["state"]
    status, page = await scene.back(f"state={state}")
    assert status == 400
    assert "Start again" in page


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ((200, {"ok": False, "error": "invalid_code"}), 502, "did not accept"),
        ((200, {"ok": False, "error": "bad_client_secret"}), 502, "did not accept"),
        ((200, {"ok": True, "team": {"id": "T1"}}), 502, "did not accept"),
        ((200, TEAM | {"team": None}), 502, "did not accept"),
        ((500, "<html>"), 502, "could not be reached"),
        ((429, {"ok": False, "error": "ratelimited"}), 502, "could not be reached"),
    ],
)
async def test_slack_refuses_or_is_away(
    scene: Scene, installations: StoredInstallations, answer: tuple[int, dict[str, Any] | str], status: int, words: str
) -> None:
    scene.answer = answer
    status_code, page = await scene.install()
    assert status_code == status
    assert words in page
    assert not await installations.all()


class Full(StoredInstallations):
    async def save(self, new: Installation) -> None:
        raise DatabaseAway(new.bot_token)


class Away(OAuthStates):
    async def async_consume(self, state: str) -> bool:
        raise DatabaseAway(state)


class DatabaseAway(OperationalError):
    def __init__(self, bound: str) -> None:
        super().__init__("INSERT", {"bound": bound}, OSError(bound))


async def test_what_cannot_be_stored_is_told(
    database: Database,
    installations: StoredInstallations,
    states: OAuthStates,
    clock: SetClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    full = Full(database, Keys([KEY]), clock)
    for kept, issued in ((full, states), (installations, Away(database, clock))):
        async with scene_of(kept, issued) as scene:
            status, page = await scene.install()
        assert status == 503
        assert "could not be stored" in page
    assert caplog.text.count("an installation ended") == 2
    assert TOKEN not in caplog.text


async def test_slacks_word_for_it_is_in_the_log(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.answer = (200, {"ok": False, "error": "bad_client_secret"})
    await scene.install()
    assert "bad_client_secret" in caplog.text


@pytest.mark.parametrize(("public", "secure"), [("", False), ("https://recover.example", True)])
async def test_the_cookie_is_for_this_server_and_secure_where_it_can_be(
    installations: StoredInstallations,
    states: OAuthStates,
    public: str,
    secure: bool,  # noqa: FBT001 - an example
) -> None:
    async with scene_of(installations, states, public) as browser:
        cookie = (await browser.get("/slack/install/start")).cookies[COOKIE]
    assert bool(cookie["secure"]) is secure
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/slack/oauth_redirect"
    assert cookie["max-age"] == str(STATE_SECONDS)


async def test_nothing_but_get_is_answered(scene: Scene) -> None:
    for path in ("/slack/install/start", "/slack/oauth_redirect"):
        for method in ("HEAD", "POST"):
            async with scene.browser.request(method, scene.url + path) as response:
                assert response.status == 405


@pytest.mark.parametrize(("answer", "ids"), [(TEAM, {"T2"}), (ORG, {"T1"})], ids=["a workspace", "an organisation"])
async def test_a_workspace_that_is_not_served_is_told_so_and_its_token_is_given_back(
    scene: Scene, installations: StoredInstallations, answer: dict[str, Any], ids: set[str]
) -> None:
    assert scene.oauth is not None
    scene.oauth.limit(AllowedWorkspaces(frozenset(ids)), None)
    scene.answer = (200, answer)
    status, body = await scene.install()
    assert status == 403
    assert "This server does not serve that workspace" in body
    assert scene.revoked_tokens == [f"Bearer {TOKEN}"]
    assert await installations.all() == ()
