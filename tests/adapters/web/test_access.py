"""Who is let in: every request is checked before anything happens."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.server_process import Visitor, serving, visiting

TOKEN = "a-token-for-this-test-only"


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with serving(tmp_path) as server, visiting(server.url) as entered:
        yield entered


async def status(visitor: Visitor, method: str, path: str, **options: object) -> int:
    async with visitor.session.request(method, visitor.url + path, **options) as response:  # type: ignore[arg-type]  # aiohttp's own options
        return response.status


SAY = {"event_id": "x", "as": "responder", "text": "/trust-recover Acme"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
async def test_a_change_from_another_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    assert await status(visitor, "POST", "/room/practice/say", data=SAY, headers=headers) == 403
    assert "article" not in await visitor.enter()


async def test_a_stream_for_another_site_is_refused(visitor: Visitor) -> None:
    for origin in ({}, {"Origin": "https://evil.example"}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await visitor.session.ws_connect(f"{visitor.url}/room/practice/live?after=0", headers=origin)
        assert refused.value.status == 403


async def test_a_foreign_host_name_is_refused(visitor: Visitor) -> None:
    assert await status(visitor, "GET", "/room/practice", headers={"Host": "evil.example"}) == 403


async def test_a_browser_without_a_cookie_can_change_nothing(visitor: Visitor) -> None:
    async with aiohttp.ClientSession(headers={"Origin": visitor.url}) as stranger:
        for what in ("say", "tap", "fill", "share", "me"):
            async with stranger.post(f"{visitor.url}/room/practice/{what}", data=SAY) as response:
                assert response.status == 403


async def test_the_cookie_is_closed_to_scripts_and_other_sites(visitor: Visitor) -> None:
    async with aiohttp.ClientSession() as fresh, fresh.get(f"{visitor.url}/room/practice") as response:
        cookie = response.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


async def test_another_visitor_cannot_tap_a_card_that_is_not_theirs(visitor: Visitor) -> None:
    _, started = await visitor.say("/trust-recover Acme")
    assert "Acme" in started["notice"]
    async with visiting(visitor.url) as other:
        _, known = await visitor.say("/trust-recover status")
        recovery = await recovery_of(visitor)
        code, reply = await other.post("tap", recovery=recovery, card_revision="1", action="choose:ready")
        assert (code, reply["dialog"]) == (200, None)
        code, reply = await other.post("tap", recovery=recovery, card_revision="1", action="open:more")
        assert (code, reply["dialog"]) == (200, None)
    assert "1 of 8" in known["notice"]
    _, after = await visitor.say("/trust-recover status")
    assert "1 of 8" in after["notice"]


async def recovery_of(visitor: Visitor) -> str:
    """The recovery's id, from the stream once the card has come."""
    url = f"{visitor.url}/room/practice/live?after=0"
    async with visitor.session.ws_connect(url, headers={"Origin": visitor.url}) as socket:
        async for message in socket:
            item = message.json()
            if item["kind"] == "card":
                return str(item["key"]).removeprefix("card-")
    pytest.fail("no card came")


@pytest.mark.parametrize(
    ("what", "fields", "code"),
    [
        ("say", {"as": "boss", "text": "hello"}, 400),
        ("say", {"as": "client", "text": ""}, 422),
        ("say", {"as": "client", "text": "x" * 5000}, 422),
        ("tap", {"recovery": "r", "card_revision": "many", "action": "back"}, 400),
        ("tap", {"recovery": "unknown", "card_revision": "1", "action": "back"}, 200),
        ("fill", {"recovery": "unknown", "form": "note:facts", "text": "x"}, 200),
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(
    visitor: Visitor, what: str, fields: dict[str, str], code: int
) -> None:
    assert (await visitor.post(what, **fields))[0] == code


@pytest.mark.parametrize(
    "action", ["", "choose", "choose:nothing", "jump:nowhere", "snooze:99999", "explode", "kept:e9"]
)
async def test_an_action_that_no_card_has_does_no_harm(visitor: Visitor, action: str) -> None:
    await visitor.say("/trust-recover Acme")
    recovery = await recovery_of(visitor)
    code, _ = await visitor.post("tap", recovery=recovery, card_revision="1", action=action)
    assert code == 200
    _, known = await visitor.say("/trust-recover status")
    assert "1 of 8" in known["notice"]


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("x" * 500, "the maximum is 120"),
        ("😡🏳️‍🌈", "😡🏳️‍🌈"),
        ("<b>Acme</b> <!channel>", "<b>Acme</b> <!channel>"),
    ],
)
async def test_account_names_are_taken_as_text_or_refused(visitor: Visitor, account: str, said: str) -> None:
    _, reply = await visitor.say(f"/trust-recover start {account}")
    assert said in (reply["notice"] or "")
    if "Acme" in account:
        page = await visitor.enter()
        assert "<b>Acme" not in page


async def test_without_an_account_the_guide_asks_for_it(visitor: Visitor) -> None:
    _, reply = await visitor.say("/trust-recover")
    assert 'name="account"' in reply["dialog"]
    code, reply = await visitor.post("fill", form="start", recovery="", account="")
    assert (code, list(reply["errors"])) == (422, ["account"])


async def test_with_an_access_token_only_who_has_it_comes_in(tmp_path: Path) -> None:
    async with serving(tmp_path, TRUST_RECOVER_ACCESS_TOKEN=TOKEN) as server, aiohttp.ClientSession() as session:
        async with session.get(f"{server.url}/room/practice") as response:
            assert response.url.path == "/login"
        origin = {"Origin": server.url}
        async with session.post(f"{server.url}/login", data={"token": "wrong"}, headers=origin) as response:
            assert response.status == 403
        async with session.post(f"{server.url}/room/practice/say", data=SAY, headers=origin) as response:
            assert response.status == 403
        async with session.post(f"{server.url}/login", data={"token": TOKEN}, headers=origin) as response:
            assert re.fullmatch(r"/room/[0-9a-f]{12}", response.url.path)
            assert re.search("composer", await response.text())


async def test_a_new_access_token_lets_everybody_out(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session:
        async with serving(tmp_path, TRUST_RECOVER_ACCESS_TOKEN=TOKEN) as server:
            origin, port = {"Origin": server.url}, server.port
            await session.post(f"{server.url}/login", data={"token": TOKEN}, headers=origin)
        server.extra = {"TRUST_RECOVER_ACCESS_TOKEN": TOKEN + "-new"}
        server.port = port
        await server.start()
        async with session.get(f"{server.url}/room/practice") as response:
            assert response.url.path == "/login"
        await server.stop()


async def test_no_client_word_and_no_secret_is_logged(tmp_path: Path) -> None:
    async with serving(tmp_path, TRUST_RECOVER_ACCESS_TOKEN=TOKEN) as server, aiohttp.ClientSession() as session:
        origin = {"Origin": server.url}
        await session.post(f"{server.url}/login", data={"token": TOKEN}, headers=origin)
        visitor = Visitor(session, server.url)
        await visitor.say("we are ruined", "client")
        await visitor.say("/trust-recover Ruined Ltd")
    log = (tmp_path / "server.log").read_text()
    assert "ruined" not in log.lower()
    assert TOKEN not in log


async def test_each_visitor_of_the_home_address_has_a_room_of_their_own(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, aiohttp.ClientSession() as ana, aiohttp.ClientSession() as ben:

        async def home(session: aiohttp.ClientSession, **headers: str) -> str:
            async with session.get(f"{server.url}/", headers=headers) as response:
                assert response.status == 200
                return response.url.path

        of_ana, of_ben = await home(ana), await home(ben)
        assert re.fullmatch(r"/room/[0-9a-f]{12}", of_ana)
        assert of_ben != of_ana
        async with ana.get(f"{server.url}{of_ben}") as response:  # as a guest
            page = await response.text()
        assert of_ana[6:] not in page  # nobody finds it from what a room shows
        assert await home(ana) == of_ana
        async with aiohttp.ClientSession() as stranger:  # whose cookie another site's link does not send
            assert await home(stranger, **{"Sec-Fetch-Site": "cross-site"}) == "/"
            assert not list(stranger.cookie_jar)
