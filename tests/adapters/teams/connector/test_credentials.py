"""Tokens to speak to Teams with: remembered, replaced in time, and never shown."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.port import Unavailable
from adapters.teams.connector.credentials import (
    ANY_TENANT,
    RENEW_EARLY_SECONDS,
    RETRY_SECONDS,
    SCOPE,
    AppSecret,
    InvalidCredentials,
    ManagedIdentity,
)
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.fake_microsoft import APP_ID, SECRET, TENANT, FakeLoginServer
from tests.conftest import SetClock


@pytest.fixture
async def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeLoginServer]:
    async with fake_microsoft.fake_login_server(tmp_path) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.certificate))
        yield server


@pytest.fixture
def ours(login: FakeLoginServer, clock: SetClock) -> AppSecret:
    return AppSecret(APP_ID, SECRET, TENANT, login.url, clock=clock)


@pytest.fixture
async def azure(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeLoginServer]:
    async with fake_microsoft.identity_endpoint() as server:
        monkeypatch.setenv("IDENTITY_ENDPOINT", server.url)
        monkeypatch.setenv("IDENTITY_HEADER", "of this machine")
        yield server


@pytest.fixture
def identity(azure: FakeLoginServer, clock: SetClock) -> ManagedIdentity:
    assert azure.url
    return ManagedIdentity(APP_ID, clock=clock)


async def test_a_token_is_fetched_with_the_secret(login: FakeLoginServer, ours: AppSecret) -> None:
    assert await ours.token() == "token-1"
    [asked] = login.asked_for
    assert asked["path"] == f"/{TENANT}/oauth2/v2.0/token"
    assert (asked["client_id"], asked["client_secret"]) == (APP_ID, SECRET)
    assert (asked["grant_type"], asked["scope"]) == ("client_credentials", SCOPE)


async def test_scope_and_tenant_are_settings(login: FakeLoginServer) -> None:
    ours = AppSecret(APP_ID, SECRET, ANY_TENANT, login.url + "/", "https://api.botframework.us/.default")
    assert await ours.token()
    [asked] = login.asked_for
    assert asked["path"].startswith("/botframework.com/")
    assert asked["scope"] == "https://api.botframework.us/.default"


async def test_a_token_serves_until_shortly_before_its_end(
    login: FakeLoginServer, ours: AppSecret, clock: SetClock
) -> None:
    await ours.token()
    clock.forward(3600 - RENEW_EARLY_SECONDS - 1)
    assert await ours.token() == "token-1"
    clock.forward(1)
    assert await ours.token() == "token-2"
    assert login.token_count == 2


async def test_a_token_that_is_good_for_minutes_only_is_used_too(login: FakeLoginServer, ours: AppSecret) -> None:
    login.seconds = 60
    assert await ours.token() == await ours.token() == "token-1"


async def test_many_who_wait_cause_one_request(login: FakeLoginServer, ours: AppSecret) -> None:
    assert set(await asyncio.gather(*(ours.token() for _ in range(20)))) == {"token-1"}
    assert (login.discoveries, login.token_count) == (1, 1)


async def test_a_token_that_teams_refused_is_replaced_once(login: FakeLoginServer, ours: AppSecret) -> None:
    refused = await ours.token()
    ours.forget(refused)
    assert await ours.token() == "token-2"
    ours.forget(refused)  # another message had gone out with it
    assert await ours.token() == "token-2"
    assert login.token_count == 2


async def test_the_login_is_waited_for_in_a_thread(login: FakeLoginServer, ours: AppSecret) -> None:
    login.go.clear()
    waiting = asyncio.create_task(ours.token())
    await login.asked.wait()  # served by this very loop
    assert not waiting.done()
    login.go.set()
    assert await waiting == "token-1"


async def test_a_login_that_takes_too_long_is_away_and_not_asked_twice(login: FakeLoginServer, clock: SetClock) -> None:
    ours = AppSecret(APP_ID, SECRET, TENANT, login.url, clock=clock, seconds=0.01)
    login.go.clear()
    for _ in range(3):
        with pytest.raises(Unavailable, match="in time"):
            await ours.token()
    await login.asked.wait()
    threads = threading.active_count()
    with pytest.raises(Unavailable):
        await ours.token()
    assert (threading.active_count(), login.discoveries, len(login.asked_for)) == (threads, 1, 1)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_login_that_fails_is_away(login: FakeLoginServer, ours: AppSecret, status: int) -> None:
    login.status = status
    with pytest.raises(Unavailable):
        await ours.token()
    login.status = 200
    assert await ours.token() == "token-1"


async def test_a_page_of_a_gateway_is_no_refusal(login: FakeLoginServer, ours: AppSecret) -> None:
    login.page = "<html>one moment</html>"
    with pytest.raises(Unavailable, match="no JSON"):
        await ours.token()
    login.front_page = login.page
    with pytest.raises(Unavailable, match="no JSON"):
        await ours.token()
    assert len(login.asked_for) == 1


async def test_a_passing_error_is_no_refusal(login: FakeLoginServer, ours: AppSecret) -> None:
    login.status, login.refusal = 400, {"error": "temporarily_unavailable"}
    with pytest.raises(Unavailable, match="temporarily_unavailable"):
        await ours.token()


async def test_a_login_out_of_reach_is_away(clock: SetClock) -> None:
    with pytest.raises(Unavailable):
        await AppSecret(APP_ID, SECRET, TENANT, "https://127.0.0.1:9", clock=clock).token()


async def test_a_login_with_a_certificate_that_nobody_knows_gets_no_secret(
    login: FakeLoginServer, ours: AppSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(Unavailable, match="SSLError"):
        await ours.token()
    assert login.asked_for == []


async def test_a_wrong_secret_is_told_and_not_shown(login: FakeLoginServer, clock: SetClock) -> None:
    ours = AppSecret(APP_ID, "wrong~secret", TENANT, login.url, clock=clock)
    with pytest.raises(
        InvalidCredentials, match=r"invalid_client AADSTS7000215.*TRUST_RECOVER_TEAMS_APP_SECRET"
    ) as refused:
        await ours.token()
    assert "wrong~secret" not in str(refused.value) + repr(ours)


@pytest.mark.parametrize("word", ["unauthorized_client", "invalid_scope"])
async def test_a_refusal_is_told_with_microsofts_word(login: FakeLoginServer, ours: AppSecret, word: str) -> None:
    login.status, login.refusal = 400, {"error": word, "error_description": "a long one"}
    with pytest.raises(InvalidCredentials, match=word) as refused:
        await ours.token()
    assert "a long one" not in str(refused.value)


async def test_a_wrong_tenant_is_told(login: FakeLoginServer, clock: SetClock) -> None:
    with pytest.raises(InvalidCredentials, match=r"tenant nowhere .*TRUST_RECOVER_TEAMS_TENANT_ID"):
        await AppSecret(APP_ID, SECRET, "nowhere", login.url, clock=clock).token()


async def test_a_login_without_tls_gets_no_secret(clock: SetClock) -> None:
    with pytest.raises(InvalidCredentials):
        await AppSecret(APP_ID, SECRET, TENANT, "http://127.0.0.1:9", clock=clock).token()


async def test_an_old_token_serves_to_its_end_while_the_login_is_away(
    login: FakeLoginServer, ours: AppSecret, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    await ours.token()
    login.status = 503
    clock.forward(3600 - RENEW_EARLY_SECONDS)
    assert await ours.token() == "token-1"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert await ours.token() == "token-1"
    assert len(login.asked_for) == 2, "the login is left alone for a while"
    clock.forward(RETRY_SECONDS)
    assert await ours.token() == "token-1"
    assert len(login.asked_for) == 3
    clock.forward(RENEW_EARLY_SECONDS - RETRY_SECONDS)
    with pytest.raises(Unavailable):
        await ours.token()


async def test_a_pause_ends_with_the_old_token(login: FakeLoginServer, ours: AppSecret, clock: SetClock) -> None:
    await ours.token()
    login.status = 503
    clock.forward(3600 - 1)
    assert await ours.token() == "token-1"
    login.status = 200
    clock.forward(1)
    assert await ours.token() == "token-2"


async def test_a_refused_token_does_not_come_back_while_the_login_is_away(
    login: FakeLoginServer, ours: AppSecret
) -> None:
    ours.forget(await ours.token())
    login.status = 503
    with pytest.raises(Unavailable):
        await ours.token()


async def test_a_token_refused_while_it_is_being_replaced_does_not_come_back(
    login: FakeLoginServer, ours: AppSecret, clock: SetClock
) -> None:
    old = await ours.token()
    clock.forward(3600 - RENEW_EARLY_SECONDS)
    login.status = 503
    login.go.clear()
    login.asked.clear()
    waiting = asyncio.create_task(ours.token())
    await login.asked.wait()
    ours.forget(old)
    login.go.set()
    with pytest.raises(Unavailable):
        await waiting


async def test_who_hangs_up_takes_nobody_else_with_them(login: FakeLoginServer, ours: AppSecret) -> None:
    login.go.clear()
    hangs_up, stays = (asyncio.create_task(ours.token()) for _ in range(2))
    await login.asked.wait()
    hangs_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hangs_up
    login.go.set()
    assert await stays == "token-1"


async def test_neither_secret_nor_token_is_logged(
    login: FakeLoginServer, ours: AppSecret, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = await ours.token()
    ours.forget(token)
    login.page = '{"access_token": "cut off'
    with pytest.raises(Unavailable):
        await ours.token()
    assert SECRET not in caplog.text
    assert "token-" not in caplog.text
    assert "cut off" not in caplog.text


async def test_a_managed_identity_needs_no_secret(azure: FakeLoginServer, identity: ManagedIdentity) -> None:
    assert await identity.token() == "token-1"
    assert await identity.token() == "token-1"
    [asked] = azure.asked_for
    assert (asked["client_id"], asked["resource"]) == (APP_ID, "https://api.botframework.com")
    assert asked["header"] == "of this machine"


async def test_a_managed_identitys_token_is_replaced(identity: ManagedIdentity, clock: SetClock) -> None:
    await identity.token()
    clock.forward(3600 - RENEW_EARLY_SECONDS)
    assert await identity.token() == "token-2"
    identity.forget("token-2")
    assert await identity.token() == "token-3"


@pytest.mark.parametrize("status", [429, 500])
async def test_an_identity_endpoint_that_fails_is_away(
    azure: FakeLoginServer, identity: ManagedIdentity, status: int
) -> None:
    azure.status, azure.refusal = status, {"statusCode": status, "message": "not now"}
    with pytest.raises(Unavailable):
        await identity.token()


async def test_a_machine_without_that_identity_is_told(azure: FakeLoginServer, identity: ManagedIdentity) -> None:
    azure.status, azure.refusal = 400, {"statusCode": 400, "message": "no such identity"}
    with pytest.raises(InvalidCredentials, match="Assign that identity"):
        await identity.token()


async def test_an_identity_endpoint_out_of_reach_is_away(
    identity: ManagedIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/")
    with pytest.raises(Unavailable):
        await identity.token()
