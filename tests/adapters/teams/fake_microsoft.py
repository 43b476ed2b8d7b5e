"""Microsoft, played on loopback: who signs requests to us, and who gives us tokens of our own."""

import asyncio
import base64
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

APP_ID = "11112222-3333-4444-5555-666677778888"
TENANT = "aaaabbbb-0000-4444-8888-ccccddddeeee"
ISSUER = "https://api.botframework.com"
SERVICE_URL = "https://smba.trafficmanager.net/emea/"
SECRET = "made-up~secret-of-some-forty-characters"
SECONDS_TO_CLOSE = 20.0
"""For connections that a thread still has open. A request of MSAL ends after five."""

Claims = dict[str, Any]


_KEYS: dict[str, rsa.RSAPrivateKey] = {}


def private_key(name: str = "k1") -> rsa.RSAPrivateKey:
    """The signing key of this name; made once a test run, as that takes a while."""
    if name not in _KEYS:
        _KEYS[name] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return _KEYS[name]


def public_pem(name: str = "k1") -> bytes:
    return private_key(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(name: str = "k1", *, endorsements: list[str] | None = None, **changes: object) -> dict[str, Any]:
    """The public key of this name as Microsoft publishes it. A change to None leaves a member out."""
    encoded_key = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    encoded_key |= {
        "kid": name,
        "use": "sig",
        "endorsements": ["msteams", "skype"] if endorsements is None else endorsements,
    }
    return {member: value for member, value in (encoded_key | changes).items() if value is not None}


def claims(**changes: object) -> Claims:
    """What a token of Teams claims now. A change to None leaves a claim out."""
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": APP_ID, "serviceurl": SERVICE_URL, "nbf": now - 10, "exp": now + 3600}
    return {name: value for name, value in (usual | changes).items() if value is not None}


def token(key: str = "k1", *, kid: str | None = "k1", **changes: object) -> str:
    """A token signed as Teams does it, valid if nothing is changed. `key`: by which it is signed."""
    return jwt.encode(claims(**changes), private_key(key), "RS256", headers={"kid": kid} if kid else None)


def header(key: str = "k1", *, kid: str | None = "k1", **changes: object) -> str:
    """The `Authorization` header with that token."""
    return f"Bearer {token(key, kid=kid, **changes)}"


def handmade(head: dict[str, Any], body: Claims | str, signature: bytes = b"") -> str:
    """A token put together by hand, as no library would make it."""
    payload = body if isinstance(body, str) else json.dumps(body)
    return ".".join(_base64(part) for part in (json.dumps(head).encode(), payload.encode(), signature))


def activity(**changes: object) -> dict[str, Any]:
    """A message that Teams sends. A change to None leaves a member out."""
    usual = {"type": "message", "text": "hi", "channelId": "msteams", "serviceUrl": SERVICE_URL}
    return {name: value for name, value in (usual | changes).items() if value is not None}


@dataclass(slots=True)
class FakeOpenIdServer:
    """The OpenID server. `keys`: what it publishes; `down`: it fails; `go`: it answers nobody before that is set."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk()])
    metadata: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    down: bool = False
    fetches: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer_metadata(self, _request: web.Request) -> web.Response:
        self.fetches += 1
        self.asked.set()
        await self.go.wait()
        if self.down:
            return web.Response(status=503, text="<html>away</html>")
        usual = {"issuer": ISSUER, "jwks_uri": self.url.replace("metadata", "keys")}
        return web.json_response(usual | self.metadata)

    async def answer_keys(self, _request: web.Request) -> web.Response:
        return web.Response(body=self.body) if self.body is not None else web.json_response({"keys": self.keys})

    async def answer_elsewhere(self, _request: web.Request) -> web.Response:
        raise web.HTTPFound(self.url.replace("metadata", "keys"))


@asynccontextmanager
async def fake_open_id_server() -> AsyncIterator[FakeOpenIdServer]:
    """The OpenID server on loopback."""
    server = FakeOpenIdServer()
    server.go.set()
    routes = [
        web.get("/metadata", server.answer_metadata),
        web.get("/keys", server.answer_keys),
        web.get("/elsewhere", server.answer_elsewhere),
    ]
    async with _serving(routes) as port:
        server.url = f"http://127.0.0.1:{port}/metadata"
        try:
            yield server
        finally:
            server.go.set()


@dataclass(slots=True)
class FakeLoginServer:
    """Who gives tokens: Microsoft's login over TLS, or the identity endpoint of a machine in Azure.

    `status`, `refusal`: how it answers instead; `page`, `front_page`: what is no JSON, instead of a token or of
    the metadata; `seconds`: how long its tokens are good for.
    """

    url: str = ""
    certificate: Path = Path()
    token_count: int = 0
    asked_for: list[dict[str, str]] = field(default_factory=list)
    discoveries: int = 0
    status: int = 200
    refusal: dict[str, Any] = field(default_factory=dict)
    page: str = ""
    front_page: str = ""
    seconds: int = 3600
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def discover(self, request: web.Request) -> web.Response:
        self.discoveries += 1
        if self.front_page:
            return web.Response(text=self.front_page, content_type="text/html")
        if request.match_info["tenant"] not in {TENANT, "botframework.com"}:
            return web.json_response({"error": "invalid_tenant"}, status=400)
        base = f"{self.url}/{request.match_info['tenant']}/oauth2/v2.0"
        return web.json_response(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
            }
        )

    async def give(self, request: web.Request) -> web.Response:
        """A token to who shows the secret."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked_for.append(form | {"path": request.path})
        if form.get("client_secret") != SECRET and not self.refusal:
            return web.json_response({"error": "invalid_client", "error_codes": [7000215]}, status=401)
        return await self._answer({"token_type": "Bearer", "expires_in": self.seconds})

    async def give_identity(self, request: web.Request) -> web.Response:
        """A token to the machine, as App Service does it."""
        self.asked_for.append(dict(request.query) | {"header": request.headers.get("X-IDENTITY-HEADER", "")})
        return await self._answer({"token_type": "Bearer", "expires_on": str(int(time.time()) + self.seconds)})

    async def _answer(self, reply: dict[str, Any]) -> web.Response:
        self.asked.set()
        await self.go.wait()
        if self.page:
            return web.Response(status=self.status, text=self.page, content_type="text/html")
        if self.refusal or self.status != 200:
            return web.json_response(self.refusal, status=self.status)
        self.token_count += 1
        return web.json_response(reply | {"access_token": f"token-{self.token_count}"})


def trust_login_server(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Trust the certificate of the login server that is started in this folder."""
    patch.setenv("REQUESTS_CA_BUNDLE", str(_write_certificate(folder)))


def _write_certificate(folder: Path) -> Path:
    file = folder / "login.pem"
    file.write_bytes(_certificate())
    return file


@asynccontextmanager
async def fake_login_server(folder: Path) -> AsyncIterator[FakeLoginServer]:
    """Microsoft's login over TLS. Its `certificate` is written into this folder."""
    server = FakeLoginServer(certificate=_write_certificate(folder))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(server.certificate)
    routes = [
        web.get("/{tenant}/v2.0/.well-known/openid-configuration", server.discover),
        web.post("/{tenant}/oauth2/v2.0/token", server.give),
    ]
    async with _giving(server, routes, context) as port:
        server.url = f"https://127.0.0.1:{port}"
        yield server


@asynccontextmanager
async def identity_endpoint() -> AsyncIterator[FakeLoginServer]:
    """What App Service puts beside an app: its `url` is for IDENTITY_ENDPOINT."""
    server = FakeLoginServer()
    async with _giving(server, [web.get("/msi/token", server.give_identity)]) as port:
        server.url = f"http://127.0.0.1:{port}/msi/token"
        yield server


@asynccontextmanager
async def _giving(
    server: FakeLoginServer, routes: list[web.RouteDef], context: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    server.go.set()
    async with _serving(routes, context) as port:
        try:
            yield port
        finally:
            server.go.set()


@asynccontextmanager
async def _serving(routes: list[web.RouteDef], context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server, until every connection to it has ended.

    A client in a thread may connect at the moment when the server stops. A connection that was accepted but has no
    transport yet would be left open then, and asyncio would complain of it in a later test. So nothing more is accepted
    first, and the server closes when its transports are known. In Python 3.11, `wait_closed` waits only if it begins
    before `close`.
    """
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    assert runner.server is not None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(runner.server, "127.0.0.1", 0, ssl=context)
    closed = asyncio.create_task(server.wait_closed())
    await asyncio.sleep(0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for listener in server.sockets:
            loop.remove_reader(listener.fileno())
        for _ in range(2):  # what was accepted just now gets its transport
            await asyncio.sleep(0)
        server.close()
        await runner.cleanup()
        async with asyncio.timeout(SECONDS_TO_CLOSE):
            await closed


@cache
def _certificate() -> bytes:
    """A certificate for loopback that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoded_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM) + encoded_key


def _base64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
