"""Which pages may ask for changes: those of the same host, whatever a proxy does with the port."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.server.bootstrap import Runtime

HERE, ELSEWHERE = True, False


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("origin", "host", "is_here"),
    [
        ("http://localhost:8080", "localhost:8080", HERE),
        ("https://localhost", "localhost", HERE),
        ("https://localhost", "localhost:443", HERE),
        ("http://localhost:80", "localhost", HERE),
        ("https://localhost:8443", "localhost", HERE),
        ("https://localhost", "localhost:8080", HERE),
        ("http://[::1]:8080", "[::1]", HERE),
        ("https://LOCALHOST", "localhost:443", HERE),
        ("http://localhost:3000", "localhost:8080", ELSEWHERE),
        ("http://localhost", "localhost:8080", ELSEWHERE),
        ("https://localhost.evil.example", "localhost", ELSEWHERE),
        ("https://evil.example:8080", "localhost:8080", ELSEWHERE),
        ("http://127.0.0.1:8080", "localhost:8080", ELSEWHERE),
        ("null", "localhost", ELSEWHERE),
        ("localhost", "localhost", ELSEWHERE),
        ("https://localhost:port", "localhost", ELSEWHERE),
        ("http://[", "localhost", ELSEWHERE),
        ("", "localhost", ELSEWHERE),
    ],
)
async def test_a_change_comes_from_a_page_of_the_same_host(
    room: Runtime, origin: str, host: str, *, is_here: bool
) -> None:
    async with TestClient(TestServer(room.web)) as client:
        response = await client.post("/nothing-here", headers={"Origin": origin, "Host": host})
        assert (response.status != 403) is is_here, await response.text()
