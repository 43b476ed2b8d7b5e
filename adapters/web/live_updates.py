"""The live stream of one page: everything after the number that it has, then whatever comes."""

import asyncio
import logging
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web
from sqlalchemy.exc import DBAPIError

from adapters.web.rendering import RoomRendering
from adapters.web.rooms import Rooms
from adapters.web.visitors import Visitor

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20.0
CLOSE_SECONDS = 2.0
"""Seconds that a page may take to say goodbye: the laptop may be asleep."""
POLL_SECONDS = 1.0
"""Seconds after which a page looks by itself: another process may have put something into the room."""

open_sockets_key: web.AppKey[set[web.WebSocketResponse]] = web.AppKey("sockets")


async def serve_updates(
    request: web.Request, slug: str, visitor: Visitor, rooms: Rooms, rendering: RoomRendering
) -> web.WebSocketResponse:
    """Serve a page's WebSocket until it closes."""
    after = request.query.get("after", "0")
    if not after.isdecimal():
        raise web.HTTPBadRequest(text="after must be a number")
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, timeout=CLOSE_SECONDS)
    await socket.prepare(request)
    request.app[open_sockets_key].add(socket)
    wake = asyncio.Event()
    rooms.waiters[slug].add(wake)
    sending = asyncio.create_task(_send_or_close(socket, slug, visitor, rooms, rendering, int(after), wake))
    try:
        async for message in socket:  # the page says nothing here; this waits for its end
            if message.type is WSMsgType.ERROR:
                break
    finally:
        rooms.waiters[slug].discard(wake)
        request.app[open_sockets_key].discard(socket)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    return socket


async def close_all(app: web.Application) -> None:
    """Tell every page that the server goes away; they come back by themselves."""
    open_sockets = app[open_sockets_key]
    goodbyes = (socket.close(code=WSCloseCode.GOING_AWAY) for socket in tuple(open_sockets))
    await asyncio.gather(*goodbyes, return_exceptions=True)


async def _send_or_close(
    socket: web.WebSocketResponse,
    slug: str,
    visitor: Visitor,
    rooms: Rooms,
    rendering: RoomRendering,
    seq: int,
    wake: asyncio.Event,
) -> None:
    """Without the database there is nothing to tell: the page comes back by itself until there is."""
    try:
        await _send(socket, slug, visitor, rooms, rendering, seq, wake)
    except DBAPIError:
        log.warning("a page of the practice room is disconnected until the database is back")
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)


async def _send(
    socket: web.WebSocketResponse,
    slug: str,
    visitor: Visitor,
    rooms: Rooms,
    rendering: RoomRendering,
    seq: int,
    wake: asyncio.Event,
) -> None:
    caught_up = False
    while not socket.closed:
        wake.clear()
        for row in await rooms.after(slug, seq, visitor.id):
            seq = row.seq
            if row.kind == "room":
                state = await rooms.state(slug)
                room = {"shared": state.has_external_users, "people": state.people}
                await socket.send_json({"seq": seq, "kind": "room", "key": "room", "room": room})
                continue
            key, html = rendering.fragment(row, visitor)
            await socket.send_json({"seq": seq, "kind": row.kind, "key": key, "html": html})
        if not caught_up:
            caught_up = True
            await socket.send_json({"seq": seq, "kind": "live", "key": ""})
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await wake.wait()
