"""The pages that are open: whose they are, so that nobody has too many and all end when their visitor signs out."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, web

from adapters.web.visitors import Visitor

MAX_PAGES = 25
"""Pages of one visitor that are kept up to date by one process."""
CLOSE_SECONDS = 2.0
"""Seconds that a page may take to say goodbye: the laptop may be asleep."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenPage:
    """One page's WebSocket. `wake`: there may be something for it."""

    socket: web.WebSocketResponse
    visitor: Visitor
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class OpenPages:
    """All open pages of this process, by visitor."""

    _by_visitor: defaultdict[str, set[OpenPage]] = field(default_factory=lambda: defaultdict(set))

    def is_full(self, visitor: Visitor) -> bool:
        """Whether this visitor has as many pages as one may have."""
        return len(self._by_visitor.get(visitor.id, ())) >= MAX_PAGES

    @contextmanager
    def including(self, page: OpenPage) -> Iterator[None]:
        """Count this page as open during the block."""
        pages = self._by_visitor[page.visitor.id]
        pages.add(page)
        try:
            yield
        finally:
            pages.discard(page)
            if not pages:
                self._by_visitor.pop(page.visitor.id, None)

    def wake(self, visitor: Visitor) -> None:
        """Let every page of this visitor look at once whether it may stay."""
        for page in self._by_visitor.get(visitor.id, ()):
            page.wake.set()

    async def close_all(self, _app: web.Application) -> None:
        """Tell every page that the server goes away; they come back by themselves."""
        sockets = [page.socket for pages in self._by_visitor.values() for page in pages]
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in sockets), return_exceptions=True)
