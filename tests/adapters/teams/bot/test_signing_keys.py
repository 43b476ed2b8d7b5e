"""Microsoft's signing keys: remembered, fetched again when they change, and not lost when Microsoft is away."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from adapters.teams.bot.signing_keys import (
    FRESH_SECONDS,
    MAX_KEY_AGE_SECONDS,
    MIN_FETCH_SECONDS,
    RETRY_SECONDS,
    KeysUnavailable,
    RejectionReason,
    SigningKeys,
    UnverifiedRequest,
    open_keys,
)
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.fake_microsoft import ISSUER, FakeOpenIdServer, jwk, private_key
from tests.conftest import SetClock


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenIdServer]:
    async with fake_microsoft.fake_open_id_server() as server:
        yield server


@pytest.fixture
async def keys(server: FakeOpenIdServer, clock: SetClock) -> AsyncIterator[SigningKeys]:
    async with open_keys(server.url, ISSUER, clock) as keys:
        yield keys


SHORT = jwk()["n"][:168] + "AQAB"
"""A modulus of half the bits, and odd."""


async def doubt(keys: SigningKeys, key_id: str | None) -> RejectionReason:
    with pytest.raises(UnverifiedRequest) as unproven:
        await keys.get(key_id)
    return unproven.value.reason


async def test_a_key_is_fetched_once_a_day(server: FakeOpenIdServer, keys: SigningKeys, clock: SetClock) -> None:
    key = await keys.get("k1")
    assert key.public_key.public_numbers() == private_key().public_key().public_numbers()
    assert key.endorsements == ("msteams", "skype")
    clock.forward(FRESH_SECONDS - 1)
    await keys.get("k1")
    assert server.fetches == 1
    clock.forward(1)
    await keys.get("k1")
    assert server.fetches == 2


async def test_nothing_is_fetched_before_it_is_needed(server: FakeOpenIdServer, keys: SigningKeys) -> None:
    assert await doubt(keys, None) == RejectionReason.NO_KEY
    assert await doubt(keys, "") == RejectionReason.NO_KEY
    assert server.fetches == 0


async def test_a_new_key_is_seen(server: FakeOpenIdServer, keys: SigningKeys, clock: SetClock) -> None:
    await keys.get("k1")
    server.keys = [jwk("k2")]
    clock.forward(MIN_FETCH_SECONDS)
    assert (await keys.get("k2")).public_key.public_numbers() == private_key("k2").public_key().public_numbers()
    assert await doubt(keys, "k1") == RejectionReason.KEY


async def test_made_up_keys_cost_one_fetch_a_minute(
    server: FakeOpenIdServer, keys: SigningKeys, clock: SetClock
) -> None:
    for made_up in range(5):
        assert await doubt(keys, f"made-up-{made_up}") == RejectionReason.KEY
    assert server.fetches == 1
    clock.forward(MIN_FETCH_SECONDS)
    assert await doubt(keys, "made-up") == RejectionReason.KEY
    assert server.fetches == 2


async def test_many_who_wait_cause_one_fetch(server: FakeOpenIdServer, keys: SigningKeys) -> None:
    server.go.clear()
    waiting = [asyncio.create_task(keys.get("k1")) for _ in range(20)]
    await server.asked.wait()
    server.go.set()
    assert len({key.endorsements for key in await asyncio.gather(*waiting)}) == 1
    assert server.fetches == 1


async def test_a_slow_server_holds_up_nobody_else(server: FakeOpenIdServer, keys: SigningKeys, clock: SetClock) -> None:
    await keys.get("k1")
    server.go.clear()
    server.asked.clear()
    clock.forward(MIN_FETCH_SECONDS)
    stranger = asyncio.create_task(keys.get("k2"))
    await server.asked.wait()  # served by this very loop
    await keys.get("k1")
    assert not stranger.done()
    server.go.set()
    with pytest.raises(UnverifiedRequest):
        await stranger


async def test_one_who_hangs_up_takes_nobody_else_with_them(server: FakeOpenIdServer, keys: SigningKeys) -> None:
    server.go.clear()
    hangs_up, stays = (asyncio.create_task(keys.get("k1")) for _ in range(2))
    await server.asked.wait()
    hangs_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hangs_up
    server.go.set()
    assert await stays
    assert server.fetches == 1


async def test_a_server_that_does_not_answer_is_given_up(server: FakeOpenIdServer, clock: SetClock) -> None:
    server.go.clear()
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(server.url, ISSUER, session, clock, seconds=0.01)
        with pytest.raises(KeysUnavailable):
            await keys.get("k1")


async def test_closing_gives_up_what_is_under_way(server: FakeOpenIdServer, clock: SetClock) -> None:
    server.go.clear()
    async with open_keys(server.url, ISSUER, clock) as keys:
        waiting = asyncio.create_task(keys.get("k1"))
        await server.asked.wait()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_while_microsoft_is_away_an_unknown_key_may_be_a_good_one(
    server: FakeOpenIdServer, keys: SigningKeys, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    server.down = True
    for _ in range(3):
        with pytest.raises(KeysUnavailable, match="Send it again later"):
            await keys.get("k1")
    assert server.fetches == 1
    assert "HTTP 503" in caplog.text
    server.down = False
    clock.forward(RETRY_SECONDS)
    assert await keys.get("k1")


async def test_while_microsoft_is_away_known_keys_serve_for_days(
    server: FakeOpenIdServer, keys: SigningKeys, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    await keys.get("k1")
    server.down = True
    clock.forward(FRESH_SECONDS)
    assert await keys.get("k1")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    with pytest.raises(KeysUnavailable):
        await keys.get("k2")
    clock.forward(MAX_KEY_AGE_SECONDS - FRESH_SECONDS - 1)
    assert await keys.get("k1")
    clock.forward(1)
    with pytest.raises(KeysUnavailable):
        await keys.get("k1")


async def test_out_of_reach_is_away(clock: SetClock) -> None:
    async with open_keys("http://127.0.0.1:9/metadata", ISSUER, clock) as keys:
        with pytest.raises(KeysUnavailable):
            await keys.get("k1")


def _metadata(**changes: object) -> Callable[[FakeOpenIdServer], None]:
    return lambda server: server.metadata.update(changes)


def _body(body: bytes) -> Callable[[FakeOpenIdServer], None]:
    return lambda server: setattr(server, "body", body)


@pytest.mark.parametrize(
    "spoil",
    [
        _metadata(issuer="https://evil.example"),
        _metadata(issuer=None),
        _metadata(jwks_uri=None),
        _metadata(jwks_uri="http://localhost:9/keys"),
        _metadata(jwks_uri="file:///etc/keys"),
        _metadata(jwks_uri="//127.0.0.1/keys"),
        _metadata(jwks_uri="http://[/keys"),
        _body(b"<html>"),
        _body(b"\xff\xfe\xff"),
        _body(b"[]"),
        _body(b"{}"),
        _body(b'{"keys": {}}'),
        _body(b'{"keys": []}'),
        _body(b'{"keys": [1, null]}'),
        _body(json.dumps({"keys": [jwk()], "padding": "x" * 1_000_000}).encode()),
    ],
)
async def test_documents_that_cannot_be_used_do_not_cost_us_the_keys_we_have(
    server: FakeOpenIdServer, keys: SigningKeys, clock: SetClock, spoil: Callable[[FakeOpenIdServer], None]
) -> None:
    await keys.get("k1")
    server.keys = [jwk("k1"), jwk("k2")]
    spoil(server)
    clock.forward(FRESH_SECONDS)
    assert await keys.get("k1")
    with pytest.raises(KeysUnavailable):
        await keys.get("k2")
    assert server.fetches == 2


async def test_a_redirect_is_not_followed(server: FakeOpenIdServer, clock: SetClock) -> None:
    server.metadata["jwks_uri"] = server.url.replace("metadata", "elsewhere")
    async with open_keys(server.url, ISSUER, clock) as keys:
        with pytest.raises(KeysUnavailable):
            await keys.get("k1")


@pytest.mark.parametrize(
    "unfit",
    [
        {"kty": "EC"},
        {"use": "enc"},
        {"alg": "RS512"},
        {"d": "AQAB"},
        {"k": "AQAB"},
        {"kid": 7},
        {"kid": None},
        {"n": None},
        {"n": 7},
        {"n": SHORT},
    ],
    ids="-".join,
)
async def test_keys_that_prove_nothing_are_left_out(
    server: FakeOpenIdServer, keys: SigningKeys, unfit: dict[str, Any]
) -> None:
    server.keys = [jwk("k2", **unfit), jwk("k1")]
    assert await keys.get("k1")
    assert await doubt(keys, "k2") == RejectionReason.KEY


async def test_a_key_need_not_tell_its_use(server: FakeOpenIdServer, keys: SigningKeys) -> None:
    server.keys = [jwk(use=None)]
    assert await keys.get("k1")


@pytest.mark.parametrize("endorsements", [[], ["webchat"], ["MSTeams"], "msteams", {"msteams": True}, 7, None])
async def test_a_key_must_be_endorsed_for_teams(
    server: FakeOpenIdServer, keys: SigningKeys, endorsements: object
) -> None:
    server.keys = [jwk() | {"endorsements": endorsements}]
    assert await doubt(keys, "k1") == RejectionReason.ENDORSEMENT


async def test_a_key_without_endorsements_is_not_endorsed(server: FakeOpenIdServer, keys: SigningKeys) -> None:
    server.keys = [{member: value for member, value in jwk().items() if member != "endorsements"}]
    assert await doubt(keys, "k1") == RejectionReason.ENDORSEMENT
