"""Signing in and out: who is let in, for how long, and what somebody leaves who is not."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from adapters.web.access_token import AccessToken, access_generation, token_weakness
from adapters.web.live_updates import CloseCode
from adapters.web.visitors import ABSOLUTE_SECONDS, IDLE_SECONDS
from bot.settings import Settings
from bot.storage import database
from tests.adapters.web.sign_in_harness import TOKEN, Room, give_secret, is_let_in, secret, serving_room, sign_in
from tests.conftest import migrated
from tests.examples import examples

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with serving_room(tmp_path) as running:
        yield running


async def test_who_is_not_let_in_leaves_nothing(room: Room) -> None:
    browser = room.browser()
    assert not await is_let_in(browser)
    assert await sign_in(browser, "a wrong token") == 403
    assert list(browser.cookie_jar) == []
    assert await room.count("visitor") == 0


async def test_a_secret_that_somebody_else_knows_is_worth_nothing_after_signing_in(room: Room) -> None:
    victim, attacker = room.browser(), room.browser()
    for browser in (victim, attacker):
        give_secret(browser, "a-secret-that-the-attacker-chose", room.http.url)
    assert await sign_in(victim) == 200
    assert secret(victim) != "a-secret-that-the-attacker-chose"
    assert await is_let_in(victim)
    assert not await is_let_in(attacker)


async def test_the_secret_changes_with_each_sign_in_and_the_person_does_not(room: Room) -> None:
    browser, copy = await room.signed_in(), room.browser()
    old_secret = secret(browser)
    give_secret(copy, old_secret, room.http.url)
    assert await is_let_in(copy)
    assert await sign_in(browser) == 200
    assert secret(browser) != old_secret
    assert not await is_let_in(copy)
    assert await room.count("visitor") == 1


async def test_signing_out_ends_the_session_and_every_page_of_it(room: Room) -> None:
    browser, copy = await room.signed_in(), room.browser()
    give_secret(copy, secret(browser), room.http.url)
    async with browser.ws_connect("/room/practice/live?after=0") as page:
        assert (await page.receive_json())["kind"] == "room"
        async with browser.post("/logout") as response:
            assert (response.status, response.url.path) == (200, "/login")
            assert "signed out" in await response.text()
        while (message := await page.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert page.close_code == CloseCode.SIGNED_OUT, message
    assert secret(browser) == ""
    assert not await is_let_in(copy)


async def test_signing_out_is_not_for_another_site_to_decide(room: Room) -> None:
    browser = await room.signed_in()
    async with browser.post("/logout", headers={"Origin": "https://evil.example"}) as response:
        assert response.status == 403
    assert await is_let_in(browser)


@pytest.mark.parametrize(
    ("seconds", "times", "is_in"),
    [
        (IDLE_SECONDS - HOUR, 1, True),
        (IDLE_SECONDS + HOUR, 1, False),
        (2 * DAY, 10, True),
        (2 * DAY, int(ABSOLUTE_SECONDS / DAY / 2) + 1, False),
        (-HOUR, 1, True),
        (-400 * DAY, 1, False),
    ],
)
async def test_a_session_ends_when_nothing_is_done_and_in_any_case_some_day(
    room: Room, seconds: float, times: int, is_in: object
) -> None:
    browser = await room.signed_in()
    for _ in range(times):
        room.clock.forward(seconds)
        was_let_in = await is_let_in(browser)
    assert was_let_in is is_in
    assert await sign_in(browser) == 200
    assert await is_let_in(browser)
    assert await room.count("visitor") == 1


async def test_an_open_page_ends_with_the_session(room: Room) -> None:
    browser = await room.signed_in()
    async with browser.ws_connect("/room/practice/live?after=0") as page:
        room.clock.forward(IDLE_SECONDS + HOUR)
        while (await page.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert page.close_code == CloseCode.SIGNED_OUT


async def test_the_link_to_a_room_leads_there_after_signing_in(room: Room) -> None:
    browser = room.browser()
    async with browser.get("/room/acme") as response:
        assert 'name="room" value="acme"' in await response.text()
    async with browser.post("/login", data={"token": TOKEN, "room": "acme"}) as response:
        assert response.url.path == "/room/acme"
    for elsewhere in ("//evil.example", "../x", "A", "x" * 90):
        async with browser.post("/login", data={"token": TOKEN, "room": elsewhere}) as response:
            assert re.fullmatch(r"/room/[0-9a-f]{12}", response.url.path)  # their own room


async def test_by_https_the_cookie_and_the_browser_stay_with_it(tmp_path: Path) -> None:
    """TLS ends at the proxy: what reaches this process is plain HTTP all the same."""
    async with serving_room(tmp_path, public_url="https://localhost") as room:
        browser = room.browser()
        async with browser.post("/login", data={"token": TOKEN}, allow_redirects=False) as response:
            parts = {part.strip() for part in response.headers["Set-Cookie"].split(";")}
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
            assert response.headers["Set-Cookie"].startswith("__Host-trust_recover=")
            assert "Domain" not in response.headers["Set-Cookie"]
            assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        plain = room.browser()
        give_secret(plain, response.cookies["__Host-trust_recover"].value, room.http.url)
        assert not await is_let_in(plain)


async def test_without_https_no_browser_is_bound_to_it(room: Room) -> None:
    async with room.browser().get("/login") as response:
        assert "Strict-Transport-Security" not in response.headers


# --- guessing


async def test_who_guesses_must_wait_and_nobody_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with serving_room(tmp_path, trusted_proxies="127.0.0.1") as room:
        attacker = room.browser(**{"X-Forwarded-For": "203.0.113.9"})
        async with asyncio.TaskGroup() as group:
            guesses = [group.create_task(sign_in(attacker, f"guess number {number}")) for number in range(150)]
        statuses = [guess.result() for guess in guesses]
        assert 9 <= statuses.count(403) <= 11
        assert statuses.count(403) + statuses.count(429) == 150
        async with attacker.post("/login", data={"token": TOKEN}) as response:
            assert response.status == 429
            assert 0 < int(response.headers["Retry-After"]) <= 10
            assert "too many wrong tokens" in await response.text()
        assert await sign_in(room.browser(**{"X-Forwarded-For": "198.51.100.7"})) == 200
        assert await room.count("visitor") == 1
    lines = [record.getMessage() for record in caplog.records if "wrong access token" in record.getMessage()]
    assert 9 <= len(lines) <= 12
    assert not any("guess" in line for line in lines)


async def test_many_addresses_that_guess_shut_nobody_out(tmp_path: Path) -> None:
    async with serving_room(tmp_path, trusted_proxies="127.0.0.1") as room:
        browser = room.browser()
        for number in range(120):
            await sign_in(browser, "a guess", **{"X-Forwarded-For": f"203.0.113.{number}"})
        assert await sign_in(browser, "a guess", **{"X-Forwarded-For": "203.0.113.5"}) == 429
        assert await sign_in(browser, TOKEN, **{"X-Forwarded-For": "198.51.100.7"}) == 200


@given(st.text(max_size=40), st.text(max_size=40))
@examples(100)
def test_only_the_token_itself_matches(token: str, text: str) -> None:
    assert AccessToken(token).matches(token)
    assert AccessToken(token).matches(text) is (token == text)


# --- what is stored, and what is refused


async def test_processes_agree_about_a_token_until_it_changes(database_url: str) -> None:
    migrated(Settings(database_url=database_url))
    with database.open_database(database.driver_url(database_url)) as db:

        def generation(token: str) -> str:
            def work(tx: Connection) -> str:
                result = access_generation(tx, token)
                tx.commit()
                return result

            return db.transact(work)

        first, again, other = generation(TOKEN), generation(TOKEN), generation(TOKEN + "!")
        assert first == again != other
        assert generation(TOKEN) not in {first, other}


async def test_the_token_is_not_in_the_database(tmp_path: Path) -> None:
    async with serving_room(tmp_path) as room:
        await room.signed_in()
    stored = (tmp_path / "room.db").read_bytes()
    for way in (hashlib.sha256, hashlib.sha1, hashlib.md5):
        digest = way(TOKEN.encode())
        assert digest.hexdigest().encode() not in stored
        assert digest.digest() not in stored
    assert TOKEN.encode() not in stored


WEAK = ("aaaaaaaaaaaaaaaa", " " * 20, "passwordpassword", "password12345678", "abcdefghijklmnop", "0123456789abcdef",
        "qwertyuiopasdfgh", "changeme-changeme", "trustrecovertrustrecover", "abababababababab", "1111111122222222",
        "secret-access-token", "PASSWORD-PASSWORD", "zyxwvutsrqponmlk")  # fmt: skip


@pytest.mark.parametrize("token", WEAK)
def test_a_token_that_can_be_guessed_is_refused(token: str) -> None:
    assert token_weakness(token)


@given(st.binary(min_size=16, max_size=32))
@examples(200)
def test_a_random_token_is_not(random: bytes) -> None:
    if len(set(random)) > 12:
        assert token_weakness(random.hex()) == ""


@given(st.text(min_size=1, max_size=8), st.integers(2, 20))
@examples(100)
def test_a_piece_again_and_again_is_refused(piece: str, times: int) -> None:
    assert token_weakness(piece * times)
