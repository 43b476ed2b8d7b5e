"""`::` serves both kinds of addresses, and the health check finds the server wherever it listens."""

import socket
from pathlib import Path

import aiohttp
import pytest

from tests.server_process import Server, executed

TOKEN = "correct horse battery staple"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
async def test_all_addresses_of_ipv6_are_those_of_ipv4_too(tmp_path: Path) -> None:
    settings = {"TRUST_RECOVER_HOST": "::", "TRUST_RECOVER_ACCESS_TOKEN": TOKEN}
    port = free_port()
    server = Server(tmp_path, settings, port)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            for host in ("127.0.0.1", "[::1]"):
                async with session.get(f"http://{host}:{port}/healthz") as response:
                    assert response.status == 200
        where = settings | {"TRUST_RECOVER_PORT": str(port)}
        assert executed(tmp_path, "health", **where).stdout == "The server answers.\n"
    finally:
        await server.stop()
    done = executed(tmp_path, "health", **where)
    assert done.returncode == 1
    assert "does not answer (ConnectionRefusedError)" in done.stderr
