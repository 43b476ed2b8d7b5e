"""Every connection that we open goes by the same proxy and trusts the same authorities."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from yarl import URL

from adapters.port import Unavailable
from adapters.shared.outgoing import UnusableNetworkSettings, check_environment, proxy_for
from adapters.slack.web_api.client import open_client
from adapters.teams.bot.signing_keys import KeysUnavailable, UnverifiedRequest, open_keys
from adapters.teams.connector import credentials
from adapters.teams.connector.client import open_connector

VARIABLES = "HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE"


@pytest.fixture(autouse=True)
def _no_network_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES.split():
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def login(url: str) -> int:
    with credentials._session() as session:  # noqa: SLF001 - what MSAL is given
        return session.get(url).status_code


async def call_all(base: str) -> None:
    """One call each of Slack's client, of the keys, of Teams' connector and of the login."""
    async with open_client(f"{base}/api/") as slack:
        assert (await slack.call("xoxb-1", "auth.test"))["ok"]
    async with open_keys(f"{base}/keys", "issuer") as keys:
        with pytest.raises((KeysUnavailable, UnverifiedRequest)):
            await keys.get("key")
    async with open_connector(credentials.AppSecret("app", "secret"), time) as teams:
        assert (await teams._request("GET", URL(f"{base}/teams"), "call", None, {}))[0] == 200  # noqa: SLF001 - the hosts that may be called are another rule
    assert await asyncio.to_thread(login, f"{base}/login") == 200


def answering(paths: list[str]) -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        paths.append(f"{request.host}{request.path}")
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return app


async def test_all_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[str] = []
    async with TestServer(answering(paths)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://ana:s3cret@127.0.0.1:{proxy.port}")
        await call_all("http://platform.invalid")
    assert paths == [f"platform.invalid/{path}" for path in ("api/auth.test", "keys", "teams", "login")]


async def test_all_go_through_a_tunnel_of_the_proxy_to_a_private_authority(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths: list[str] = []
    certificate = self_signed(tmp_path, "platform.invalid")
    async with serving_tls(paths, certificate) as port, tunnelling(port) as (proxy_port, heads):
        monkeypatch.setenv("HTTPS_PROXY", f"http://ana:s3cret@127.0.0.1:{proxy_port}")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        await call_all("https://platform.invalid")
    assert paths == [f"platform.invalid/{path}" for path in ("api/auth.test", "keys", "teams", "login")]
    assert {head.split(b" HTTP/1.")[0] for head in heads} == {b"CONNECT platform.invalid:443"}
    assert all(b64encode(b"ana:s3cret") in head for head in heads)
    assert len(heads) == 4


@asynccontextmanager
async def tunnelling(port: int) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A proxy that connects every host to this port, and the heads of the requests to it."""
    heads: list[bytes] = []
    tasks = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        tasks.add(task)
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        tasks.discard(task)

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heads
        async with asyncio.timeout(10):
            await asyncio.gather(*filter(None, tasks))


@asynccontextmanager
async def serving_tls(paths: list[str], certificate: Path) -> AsyncIterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    runner = web.AppRunner(answering(paths))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
async def test_all_trust_a_private_authority(variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "localhost")
    paths: list[str] = []
    async with serving_tls(paths, certificate) as port:
        base = f"https://localhost:{port}"
        async with open_client(f"{base}/api/") as slack:
            with pytest.raises(Unavailable):
                await slack.call("xoxb-1", "auth.test")
        monkeypatch.setenv(variable, str(certificate))
        await call_all(base)
    assert len(paths) == 4


def self_signed(folder: Path, host: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "authority.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return file


@pytest.mark.parametrize(
    ("url", "is_direct"),
    [
        ("https://slack.com/api/", False),
        ("wss://wss-primary.slack.com/link", False),
        ("https://in.example.com/", True),
        ("http://10.1.2.3/", True),
        ("http://localhost:8080/", True),
        ("http://[::1]/", True),
        ("http://169.254.169.254/metadata", True),
    ],
)
def test_what_is_excepted_is_connected_to_directly(
    url: str, monkeypatch: pytest.MonkeyPatch, *, is_direct: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.com:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", ".example.com,10.0.0.0/8")
    assert proxy_for(url) == (None if is_direct else "http://proxy.example.com:3128")


def test_what_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://ana:s3cret@proxy")
    with pytest.raises(UnusableNetworkSettings, match="HTTPS_PROXY names a proxy of the kind socks5"):
        check_environment()
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    with pytest.raises(UnusableNetworkSettings, match="SSL_CERT_FILE"):
        check_environment()
