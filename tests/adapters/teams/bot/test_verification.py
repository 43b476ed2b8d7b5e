"""Who may speak to us: whatever is not proven to come from Teams, for our app, is refused."""

import hmac
import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import jwt
import pytest

from adapters.teams.bot.signing_keys import FRESH_SECONDS, MIN_FETCH_SECONDS, SigningKeys, open_keys
from adapters.teams.bot.verification import (
    CACHE_SECONDS,
    MAX_HEADER_CHARACTERS,
    KeysUnavailable,
    MissingAppId,
    RejectionReason,
    TeamsVerifier,
    UnverifiedRequest,
)
from adapters.teams.service_urls import ForbiddenServiceHost, ServiceHosts
from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.fake_microsoft import (
    APP_ID,
    ISSUER,
    SERVICE_URL,
    TENANT,
    FakeOpenIdServer,
    activity,
    claims,
    handmade,
    header,
    jwk,
    public_pem,
    token,
)
from tests.conftest import SetClock

EMULATOR = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
RS256 = {"alg": "RS256", "typ": "JWT", "kid": "k1"}


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenIdServer]:
    async with fake_microsoft.fake_open_id_server() as server:
        yield server


@pytest.fixture
async def keys(server: FakeOpenIdServer) -> AsyncIterator[SigningKeys]:
    async with open_keys(server.url, ISSUER) as keys:
        yield keys


@pytest.fixture
def verifier(server: FakeOpenIdServer, keys: SigningKeys) -> TeamsVerifier:
    return TeamsVerifier(APP_ID, ISSUER, server.url, keys)


async def doubt(verifier: TeamsVerifier, head: str | None, body: dict[str, Any] | None = None) -> RejectionReason:
    with pytest.raises(UnverifiedRequest) as unproven:
        await verifier.verify(head, activity() if body is None else body)
    assert str(unproven.value) == "The request is not proven to come from Microsoft Teams."
    return unproven.value.reason


async def test_teams_may_come_in(verifier: TeamsVerifier) -> None:
    await verifier.verify(header(), activity())


async def test_a_clock_that_is_minutes_off_does_no_harm(verifier: TeamsVerifier) -> None:
    now = int(time.time())
    await verifier.verify(header(exp=now - 200), activity())
    await verifier.verify(header(nbf=now + 200), activity())


async def test_a_token_need_not_tell_since_when_it_is_good(verifier: TeamsVerifier) -> None:
    await verifier.verify(header(nbf=None), activity())


@pytest.mark.parametrize(
    "head",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer {a}",
        "Bearer {a}.{b}",
        "Bearer {a}.{b}.",
        "Bearer {a}.{b}.{c}.{c}",
        "Bearer {a}.é{b}.{c}",
        "Bearer {a}.{b}.{c}=",
        "Bearer {a}.{b}.{c} ",
        "Bearer {a}.{b}.{c}\n",
        "Bearer {a}.{b}.{c} {a}.{b}.{c}",
        "Bearer {a}.{b}.{c}, Bearer {a}.{b}.{c}",
        "Bearer  {a}.{b}.{c}",
        "Bearer\t{a}.{b}.{c}",
        " Bearer {a}.{b}.{c}",
        "bearer {a}.{b}.{c}",
        "BEARER {a}.{b}.{c}",
        "Basic {a}.{b}.{c}",
        "{a}.{b}.{c}",
    ],
)
async def test_a_header_that_is_no_bearer_token_is_refused(verifier: TeamsVerifier, head: str | None) -> None:
    a, b, c = token().split(".")
    await verifier.verify(f"Bearer {a}.{b}.{c}", activity())
    assert await doubt(verifier, head and head.format(a=a, b=b, c=c)) == RejectionReason.HEADER


async def test_a_huge_header_is_refused_unread(verifier: TeamsVerifier) -> None:
    fits, huge = (header(padding="x" * characters) for characters in (5_000, 6_000))
    assert len(fits) < MAX_HEADER_CHARACTERS < len(huge)
    await verifier.verify(fits, activity())
    assert await doubt(verifier, huge) == RejectionReason.HEADER


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (RS256, "no json"),
        (RS256, "[]"),
        (RS256, "[" * 4_000),
        (RS256, '{"exp": ' + "9" * 5_000 + "}"),
        (RS256 | {"kid": 7}, "{}"),
    ],
    ids=["text", "list", "deep", "digits", "kid"],
)
async def test_what_is_no_token_is_refused(
    server: FakeOpenIdServer, verifier: TeamsVerifier, head: dict[str, Any], body: str
) -> None:
    assert await doubt(verifier, "Bearer " + handmade(head, body, b"x")) == RejectionReason.TOKEN
    assert server.fetches == 0


async def test_the_public_key_is_no_secret(server: FakeOpenIdServer, verifier: TeamsVerifier) -> None:
    signed = handmade(RS256 | {"alg": "HS256"}, claims()).rstrip(".")
    mac = hmac.digest(public_pem(), signed.encode(), "sha256")
    bearer_token = f"{signed}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert jwt.api_jws.PyJWS().get_unverified_header(bearer_token)["alg"] == "HS256"
    assert await doubt(verifier, f"Bearer {bearer_token}") == RejectionReason.ALGORITHM
    assert server.fetches == 0


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "RS512", "rs256", ["RS256"], None])
async def test_another_algorithm_is_refused_before_anything_is_fetched(
    server: FakeOpenIdServer, verifier: TeamsVerifier, alg: object
) -> None:
    assert (
        await doubt(verifier, "Bearer " + handmade(RS256 | {"alg": alg}, claims(), b"x")) == RejectionReason.ALGORITHM
    )
    assert server.fetches == 0


async def test_alg_none_without_a_signature_is_no_token(verifier: TeamsVerifier) -> None:
    assert await doubt(verifier, "Bearer " + handmade(RS256 | {"alg": "none"}, claims())) == RejectionReason.HEADER


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"iss": None}, RejectionReason.ISSUER),
        ({"iss": ""}, RejectionReason.ISSUER),
        ({"iss": "https://evil.example"}, RejectionReason.ISSUER),
        ({"iss": ISSUER + "/"}, RejectionReason.ISSUER),
        ({"iss": ISSUER.upper()}, RejectionReason.ISSUER),
        ({"iss": EMULATOR, "ver": "1.0", "appid": APP_ID}, RejectionReason.ISSUER),
        ({"iss": EMULATOR, "ver": "1.0", "appid": "another-bot"}, RejectionReason.ISSUER),
        ({"exp": None}, RejectionReason.EXPIRY),
        ({"exp": "32503680000"}, RejectionReason.EXPIRY),
        ({"exp": 32503680000.5}, RejectionReason.EXPIRY),
        ({"exp": True}, RejectionReason.EXPIRY),
        ({"exp": int(time.time()) - 400}, RejectionReason.REFUSED),
        ({"exp": -1}, RejectionReason.REFUSED),
        ({"nbf": int(time.time()) + 10**6}, RejectionReason.REFUSED),
        ({"nbf": "soon"}, RejectionReason.REFUSED),
        ({"aud": None}, RejectionReason.REFUSED),
        ({"aud": ""}, RejectionReason.REFUSED),
        ({"aud": "another-app"}, RejectionReason.REFUSED),
        ({"aud": [APP_ID]}, RejectionReason.REFUSED),
        ({"aud": [APP_ID, "another-app"]}, RejectionReason.REFUSED),
        ({"aud": f" {APP_ID}"}, RejectionReason.REFUSED),
        ({"serviceurl": None}, RejectionReason.SERVICE),
        ({"serviceurl": ""}, RejectionReason.SERVICE),
        ({"serviceurl": "https://evil.example/"}, RejectionReason.SERVICE),
        ({"serviceurl": SERVICE_URL.upper()}, RejectionReason.SERVICE),
        ({"serviceurl": [SERVICE_URL]}, RejectionReason.SERVICE),
        ({"ver": "1.0", "appid": "another-bot"}, RejectionReason.REFUSED),
        ({"ver": "2.0", "azp": "another-bot"}, RejectionReason.REFUSED),
        ({"appid": "AnonymousSkill"}, RejectionReason.REFUSED),
    ],
)
async def test_a_signed_token_that_claims_anything_else_is_refused(
    verifier: TeamsVerifier, change: dict[str, Any], why: RejectionReason
) -> None:
    await verifier.verify(header(), activity())
    if {"exp", "nbf"} & change.keys() or "iss" in change:  # the library that signs looks at these claims itself
        assert await doubt(verifier, "Bearer " + _signed(claims(**change))) == why
    else:
        assert await doubt(verifier, header(**change)) == why


def _signed(payload: dict[str, Any]) -> str:
    """A rightly signed token with claims that a library would not write."""
    return jwt.api_jws.encode(
        json.dumps(payload).encode(), fake_microsoft.private_key(), "RS256", headers={"kid": "k1"}
    )


class _LaxSdk:
    """An SDK that believes everything."""

    async def authenticate_request(self, _activity: object, head: str) -> SimpleNamespace:
        payload = jwt.decode(head.removeprefix("Bearer "), options={"verify_signature": False})
        return SimpleNamespace(claims_identity=SimpleNamespace(claims=payload))


async def test_what_matters_most_does_not_hang_on_the_sdk(
    verifier: TeamsVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "_sdk", _LaxSdk())
    await verifier.verify(header("evil"), activity())
    for audience in (None, "another-app", [APP_ID], APP_ID.upper() + "A"):
        assert await doubt(verifier, header(aud=audience)) == RejectionReason.AUDIENCE
    for url in (None, "https://evil.example/", SERVICE_URL.upper()):
        assert await doubt(verifier, header(serviceurl=url)) == RejectionReason.SERVICE
    assert await doubt(verifier, header(kid=None)) == RejectionReason.NO_KEY


async def test_the_app_id_has_one_spelling(server: FakeOpenIdServer, keys: SigningKeys) -> None:
    verifier = TeamsVerifier("abcd", ISSUER, server.url, keys)
    await verifier.verify(header(aud="abcd"), activity())
    assert await doubt(verifier, header(aud="ABCD")) == RejectionReason.REFUSED


async def test_a_forged_signature_is_refused(verifier: TeamsVerifier) -> None:
    assert await doubt(verifier, header("evil")) == RejectionReason.REFUSED
    head, body, signature = token().split(".")
    other = token(serviceurl="https://evil.example/").split(".")[1]
    assert await doubt(
        verifier, f"Bearer {head}.{other}.{signature}", activity(serviceUrl="https://evil.example/")
    ) == (RejectionReason.REFUSED)
    assert await doubt(verifier, f"Bearer {head}.{body}.{signature[:-6]}") == RejectionReason.REFUSED


async def test_a_key_in_the_token_itself_is_not_believed(verifier: TeamsVerifier) -> None:
    head = {"kid": "k1", "jwk": jwk("evil"), "jku": "https://evil.example/keys"}
    bearer_token = jwt.encode(claims(), fake_microsoft.private_key("evil"), "RS256", headers=head)
    assert await doubt(verifier, f"Bearer {bearer_token}") == RejectionReason.REFUSED


async def test_a_token_must_name_its_key(server: FakeOpenIdServer, verifier: TeamsVerifier) -> None:
    assert await doubt(verifier, header(kid=None)) == RejectionReason.NO_KEY
    assert await doubt(verifier, "Bearer " + handmade(RS256 | {"kid": ""}, claims(), b"x")) == RejectionReason.NO_KEY
    assert server.fetches == 0


async def test_the_name_of_a_key_is_exact(verifier: TeamsVerifier) -> None:
    assert await doubt(verifier, header(kid="K1")) == RejectionReason.KEY
    assert await doubt(verifier, header(kid="unknown")) == RejectionReason.KEY


@pytest.mark.parametrize("endorsements", [[], ["webchat"], ["MSTEAMS"]])
async def test_a_key_of_other_channels_does_not_speak_for_teams(
    server: FakeOpenIdServer, verifier: TeamsVerifier, endorsements: list[str]
) -> None:
    server.keys = [jwk(endorsements=endorsements)]
    assert await doubt(verifier, header()) == RejectionReason.ENDORSEMENT


@pytest.mark.parametrize("channel", [None, "", "emulator", "webchat", "MSTeams", "msteams ", ["msteams"]])
async def test_another_channel_is_refused(verifier: TeamsVerifier, channel: object) -> None:
    assert await doubt(verifier, header(), activity(channelId=channel)) == RejectionReason.CHANNEL


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        7,
        [SERVICE_URL],
        "https://",
        "https:///path",
        "https://[",
        "smba.trafficmanager.net",
        "http://smba.trafficmanager.net/emea/",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://192.168.0.1/",
        "ftp://localhost/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
async def test_answers_go_to_no_unsafe_address_even_if_it_is_signed(verifier: TeamsVerifier, url: object) -> None:
    assert await doubt(verifier, header(serviceurl=url), activity(serviceUrl=url)) == RejectionReason.SERVICE


@pytest.mark.parametrize("url", ["http://localhost:56150/_connector", "http://127.0.0.1:9/", "http://[::1]:9/"])
async def test_a_local_teams_may_do_without_tls_where_it_is_allowed(
    server: FakeOpenIdServer, verifier: TeamsVerifier, url: str
) -> None:
    with pytest.raises(ForbiddenServiceHost, match="TRUST_RECOVER_TEAMS_SERVICE_HOSTS"):
        await verifier.verify(header(serviceurl=url), activity(serviceUrl=url))
    async with open_keys(server.url, ISSUER) as keys:
        local = TeamsVerifier(APP_ID, ISSUER, server.url, keys, service_hosts=ServiceHosts(allows_loopback=True))
        await local.verify(header(serviceurl=url), activity(serviceUrl=url))


@pytest.mark.parametrize(
    ("claimed_url", "url"),
    [
        (SERVICE_URL.rstrip("/"), SERVICE_URL),
        (SERVICE_URL, SERVICE_URL.rstrip("/")),
        (SERVICE_URL, "HTTPS://SMBA.TrafficManager.NET:443/emea"),
        ("https://SMBA.trafficmanager.net/emea//", SERVICE_URL),
    ],
)
async def test_another_spelling_of_an_address_is_the_same_address(
    verifier: TeamsVerifier, claimed_url: str, url: str
) -> None:
    await verifier.verify(header(serviceurl=claimed_url), activity(serviceUrl=url))


@pytest.mark.parametrize("host", ["evil.example", "smba.trafficmanager.net.evil.example", "x.trafficmanager.net"])
async def test_a_host_that_is_not_in_the_list_is_refused_even_if_microsoft_signed_it(
    verifier: TeamsVerifier, host: str
) -> None:
    url = f"https://{host}/emea/"
    with pytest.raises(ForbiddenServiceHost, match=host):
        await verifier.verify(header(serviceurl=url), activity(serviceUrl=url))
    assert await doubt(verifier, header("evil", serviceurl=url), activity(serviceUrl=url)) == RejectionReason.REFUSED


@pytest.mark.parametrize("url", ["https://evil.example/", SERVICE_URL.upper(), SERVICE_URL + "x", SERVICE_URL + " "])
async def test_the_body_cannot_redirect_our_answers(verifier: TeamsVerifier, url: str) -> None:
    assert await doubt(verifier, header(), activity(serviceUrl=url)) in {
        RejectionReason.REFUSED,
        RejectionReason.SERVICE,
    }


async def test_a_body_without_members_is_refused(verifier: TeamsVerifier) -> None:
    assert await doubt(verifier, header(), {}) == RejectionReason.CHANNEL


async def test_while_the_keys_are_away_nothing_is_decided(server: FakeOpenIdServer, verifier: TeamsVerifier) -> None:
    server.down = True
    with pytest.raises(KeysUnavailable):
        await verifier.verify(header(), activity())


async def test_known_keys_go_on_while_microsoft_is_away(server: FakeOpenIdServer, verifier: TeamsVerifier) -> None:
    await verifier.verify(header(), activity())
    server.down = True
    await verifier.verify(header(nbf=None), activity())


async def test_two_verifiers_do_not_share_their_keys(server: FakeOpenIdServer, verifier: TeamsVerifier) -> None:
    async with fake_microsoft.fake_open_id_server() as other, open_keys(other.url, ISSUER) as others:
        other.keys = [jwk("k2")]
        second = TeamsVerifier(APP_ID, ISSUER, server.url, others)
        await second.verify(header("k2", kid="k2"), activity())
        await verifier.verify(header(), activity())
        assert await doubt(verifier, header("k2", kid="k2")) == RejectionReason.KEY


@pytest.mark.parametrize(("lasts", "believed"), [(3_600, CACHE_SECONDS), (60, 60)])
async def test_a_proven_token_is_believed_for_five_minutes_but_never_beyond_its_end(
    server: FakeOpenIdServer, lasts: int, believed: float
) -> None:
    began = int(time.time())
    clock, clock_of_keys = SetClock(began), SetClock(began)
    async with open_keys(server.url, ISSUER, clock_of_keys) as keys:
        verifier, head = TeamsVerifier(APP_ID, ISSUER, server.url, keys, clock=clock), header(exp=began + lasts)
        await verifier.verify(head, activity())
        server.keys = [jwk("k2")]
        clock_of_keys.forward(FRESH_SECONDS)
        assert await doubt(verifier, header(nbf=None)) == RejectionReason.KEY, "its key is withdrawn: no proof is left"
        clock.forward(believed - 1)
        await verifier.verify(head, activity())
        clock.forward(1)
        assert await doubt(verifier, head) == RejectionReason.KEY


async def test_a_token_that_is_believed_proves_nothing_else(verifier: TeamsVerifier) -> None:
    head = header()
    await verifier.verify(head, activity())
    assert await doubt(verifier, head, activity(serviceUrl="https://evil.example/")) == RejectionReason.SERVICE
    assert await doubt(verifier, head, activity(serviceUrl=None)) == RejectionReason.SERVICE
    assert await doubt(verifier, head, activity(channelId="webchat")) == RejectionReason.CHANNEL
    assert await doubt(verifier, head[:-6], activity()) == RejectionReason.REFUSED
    assert await doubt(verifier, header("evil"), activity()) == RejectionReason.REFUSED
    await verifier.verify(head, activity())


async def test_a_refusal_is_not_remembered(server: FakeOpenIdServer) -> None:
    clock = SetClock(time.time())
    async with open_keys(server.url, ISSUER, clock) as keys:
        verifier, head = TeamsVerifier(APP_ID, ISSUER, server.url, keys), header("k2", kid="k2")
        assert await doubt(verifier, head) == RejectionReason.KEY
        assert await doubt(verifier, header(), activity(serviceUrl="https://evil.example/")) == RejectionReason.SERVICE
        server.keys = [jwk(), jwk("k2")]
        clock.forward(MIN_FETCH_SECONDS)
        await verifier.verify(head, activity())


@pytest.mark.parametrize("app_id", ["", " "])
async def test_without_an_app_id_there_is_no_verifier(server: FakeOpenIdServer, keys: SigningKeys, app_id: str) -> None:
    with pytest.raises(MissingAppId, match="TRUST_RECOVER_TEAMS_APP_ID"):
        TeamsVerifier(app_id, ISSUER, server.url, keys)


async def test_tenants_are_served_if_they_are_listed_or_none_is(
    server: FakeOpenIdServer, keys: SigningKeys, verifier: TeamsVerifier
) -> None:
    listed = TeamsVerifier(APP_ID, ISSUER, server.url, keys, frozenset({TENANT.upper()}))
    assert listed.serves_tenant(TENANT)
    assert listed.serves_tenant(TENANT.upper())
    assert not listed.serves_tenant("another")
    assert not listed.serves_tenant("")
    assert verifier.serves_tenant("another")


@pytest.mark.parametrize("change", [{"aud": "another-app"}, {"iss": "https://evil.example"}, {"serviceurl": None}])
async def test_no_token_is_logged_or_told(
    verifier: TeamsVerifier, caplog: pytest.LogCaptureFixture, change: dict[str, Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    head = header(**change)
    with pytest.raises(UnverifiedRequest) as unproven:
        await verifier.verify(head, activity())
    output = caplog.text + repr(unproven.value) + unproven.value.reason
    assert not [part for part in head.removeprefix("Bearer ").split(".") if part in output]


async def test_what_the_sdk_refuses_is_logged(verifier: TeamsVerifier, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await doubt(verifier, header("evil"))
    assert "InvalidSignatureError" in caplog.text
