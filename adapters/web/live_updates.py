"""The live stream of one page: everything after the number that it has, then whatever comes."""

import logging
from asyncio import create_task, gather, timeout
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from adapters.web.open_pages import CLOSE_SECONDS, OpenPage, OpenPages
from adapters.web.posted_fields import parse_number
from adapters.web.rendering import RoomRendering
from adapters.web.rooms import MAX_ITEMS, Rooms
from adapters.web.visitors import Visitor, Visitors

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20.0
MAX_MESSAGE_BYTES = 1024
"""Bytes of one message from a page, which has nothing to say here."""
POLL_SECONDS = 1.0
"""Seconds after which a page looks by itself: another process may have put something into the room."""


class CloseCode(IntEnum):
    """Why a page is not kept up to date any more. The page knows these numbers (`static/live.js`)."""

    SIGNED_OUT = 4401
    """Its visitor is not let in any more, and must sign in again."""
    TOO_MANY_PAGES = 4429


@dataclass(frozen=True, slots=True)
class LiveUpdates:
    """Serves the WebSockets of pages."""

    visitors: Visitors
    rooms: Rooms
    rendering: RoomRendering
    open_pages: OpenPages

    async def serve(self, request: web.Request, slug: str) -> web.WebSocketResponse:
        """Serve a page's WebSocket until it closes.

        A browser does not tell a page why a WebSocket was refused. So one that is refused is opened, and closed with
        the reason.
        """
        after = parse_number("after", request.query.get("after", "0"))
        visitor = await self.visitors.find(request)
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, timeout=CLOSE_SECONDS, max_msg_size=MAX_MESSAGE_BYTES
        )
        try:
            await socket.prepare(request)
        except web.HTTPBadRequest as error:  # it quotes what was sent
            raise web.HTTPBadRequest(text="This is no request for a WebSocket.") from error
        if visitor is None:
            await socket.close(code=CloseCode.SIGNED_OUT)
        elif self.open_pages.is_full(visitor):
            await socket.close(code=CloseCode.TOO_MANY_PAGES)
        else:
            await self._serve(OpenPage(socket, visitor), slug, after)
        return socket

    async def _serve(self, page: OpenPage, slug: str, after: int) -> None:
        with self.open_pages.including(page), self.rooms.waiting(slug, page.wake):
            sending = create_task(self._send_or_close(page, slug, after))
            try:
                async for message in page.socket:  # the page says nothing here; this waits for its end
                    if message.type is WSMsgType.ERROR:
                        break
            finally:
                sending.cancel()
                await gather(sending, return_exceptions=True)

    async def _send_or_close(self, page: OpenPage, slug: str, seq: int) -> None:
        """Without the database there is nothing to tell: the page comes back by itself until there is."""
        try:
            await self._send(page, slug, seq)
        except DBAPIError:
            log.warning("a page of the practice room is disconnected until the database is back")
            await page.socket.close(code=WSCloseCode.TRY_AGAIN_LATER)

    async def _send(self, page: OpenPage, slug: str, seq: int) -> None:
        is_caught_up = False
        while not page.socket.closed:
            page.wake.clear()
            if not await self.visitors.is_signed_in(page.visitor):
                await page.socket.close(code=CloseCode.SIGNED_OUT)
                return
            rows = await self.rooms.after(slug, seq, page.visitor.id)
            for row in rows:
                seq = row.seq
                await page.socket.send_json({"seq": seq, **await self._message(row, slug, page.visitor)})
            if len(rows) == MAX_ITEMS:  # there is more
                continue
            if not is_caught_up:
                is_caught_up = True
                await page.socket.send_json({"seq": seq, "kind": "live", "key": ""})
            with suppress(TimeoutError):
                async with timeout(POLL_SECONDS):
                    await page.wake.wait()

    async def _message(self, row: Row[Any], slug: str, visitor: Visitor) -> dict[str, object]:
        """What the page is told about one stored item."""
        if row.kind == "room":
            state = await self.rooms.state(slug)
            return {"kind": "room", "key": "room", "room": {"shared": state.has_external_users, "people": state.people}}
        key, html = self.rendering.fragment(row, visitor)
        return {"kind": row.kind, "key": key, "html": html}
