"""Recoveries in the practice room of a running server, over its own routes: prepared untimed, then tapped."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from yarl import URL

from tests.bench.database import delivered
from tests.bench.load import post
from tests.bench.server import Server
from tests.server_process import Visitor, visiting


@dataclass(frozen=True, slots=True)
class PracticeRecovery:
    """A recovery at its first step, begun by a visitor of its own in a room of its own."""

    server: Server
    visitor: Visitor
    recovery: str

    def taps(self, way: Sequence[str]) -> list[bytes]:
        """The requests that choose these gates, one at each step, from the first step on."""
        return [self._tap(gate, visit) for visit, gate in enumerate(way, 1)]

    def _tap(self, gate: str, visit: int) -> bytes:
        fields = {
            "recovery": self.recovery,
            "card_revision": visit,
            "action": f"choose:{gate}",
            "event_id": uuid.uuid4().hex,
        }
        url = URL(self.server.url)
        cookies = self.visitor.session.cookie_jar.filter_cookies(url).output(header="", sep=";").strip()
        headers = {"Host": url.authority, "Origin": self.server.url, "Cookie": cookies}
        return post(f"/room/{self.visitor.room}/tap", headers, urlencode(fields).encode())


@asynccontextmanager
async def begun(server: Server, count: int) -> AsyncIterator[list[PracticeRecovery]]:
    """So many recoveries at this server, each with its first card on its page."""
    async with AsyncExitStack() as stack:
        rooms = [f"bench-{uuid.uuid4().hex[:12]}" for _ in range(count)]
        visitors = [await stack.enter_async_context(visiting(server.url, room)) for room in rooms]
        await asyncio.gather(*map(_begin, visitors))
        await delivered(server.database_url)
        yield [PracticeRecovery(server, visitor, (await visitor.card())[0]) for visitor in visitors]


async def ended(recoveries: Sequence[PracticeRecovery], way: Sequence[str]) -> None:
    """Check that every tap of these recoveries was taken once: the page has the card after the last one."""
    await delivered(recoveries[0].server.database_url)
    for recovery in recoveries:
        _, visit, _ = await recovery.visitor.card()
        assert visit == len(way) + 1


async def _begin(visitor: Visitor) -> None:
    status, reply = await visitor.say("/trust-recover Acme")
    assert status == 200, reply
