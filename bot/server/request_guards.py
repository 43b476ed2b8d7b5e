"""What every request passes before any route: its body is read within limits, and whatever fails has one answer."""

import asyncio
import logging
import sqlite3
from collections.abc import Collection

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy.exc import DBAPIError

from adapters.shared.safe_logging import safe_description
from bot.server.client_address import Network, client_address
from bot.server.log_lines import LimitedLog

log = logging.getLogger(__name__)
unreadable = LimitedLog(log)

MAX_BODY_BYTES = 1024 * 1024
"""Bytes of what a platform sends."""
MAX_PAGE_BODY_BYTES = 256 * 1024
"""Bytes of what anybody else sends."""
BODY_SECONDS = 20.0
"""Seconds for the body of a request."""
UNKNOWN_ROUTE = "no route"


def body_reader(
    platform_paths: Collection[str], trusted_proxies: Collection[Network], body_seconds: float = BODY_SECONDS
) -> Middleware:
    """Read the body before the route is called, in time and within its limit, and find out who sends it."""

    @web.middleware
    async def read_body(request: web.Request, handler: Handler) -> web.StreamResponse:
        max_bytes = MAX_BODY_BYTES if request.path in platform_paths else MAX_PAGE_BODY_BYTES
        forwarded_for = request.headers.getall("X-Forwarded-For", ())
        request = request.clone(
            remote=client_address(request.remote, forwarded_for, trusted_proxies) or "", client_max_size=max_bytes
        )
        if request.content_length is not None and request.content_length > max_bytes:
            raise web.HTTPRequestEntityTooLarge(max_bytes, request.content_length, text=_too_large(max_bytes))
        if request.can_read_body:
            await _read(request, max_bytes, body_seconds)
        return await handler(request)

    return read_body


async def _read(request: web.Request, max_bytes: int, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(text="The request took too long.", headers={"Connection": "close"}) from error
    except web.HTTPRequestEntityTooLarge as error:
        raise web.HTTPRequestEntityTooLarge(max_bytes, text=_too_large(max_bytes)) from error
    except (web.RequestPayloadError, HttpProcessingError, ValueError) as error:
        unreadable.info("the body of a request could not be read: %s", safe_description(error))
        raise web.HTTPBadRequest(text="The body of this request cannot be read.") from error


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what no route of ours expected, with one line in the log: kind and place of the error.

    An error of the database is answered with 503, so that the caller tries again: nothing was stored.
    """
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except DBAPIError as error:
        log.error("%s was not stored: %s", route_name(request), safe_description(error))  # noqa: TRY400 - a traceback would show bound values
        return web.json_response({"notice": _notice(error)}, status=503, headers={"Retry-After": "1"})
    except Exception as error:  # noqa: BLE001 - the last resort
        log.error("%s failed: %s", route_name(request), safe_description(error))  # noqa: TRY400 - nor what was sent
        return web.json_response({"notice": "That did not work. The log tells the operator why."}, status=500)


def route_name(request: web.Request) -> str:
    """Which route a request is for, in our own words."""
    resource = request.match_info.route.resource
    return f"{request.match_info.route.method} {resource.canonical}" if resource is not None else UNKNOWN_ROUTE


def _too_large(max_bytes: int) -> str:
    return f"This request is too large. The maximum is {max_bytes:,} bytes."


def _notice(error: DBAPIError) -> str:
    """What the person who sent the request is told."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_FULL:
        return "Not saved: the disk is full. Free some space; this is sent again by itself."
    if code is not None and code & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        return "Not saved: the database file cannot be written. This is sent again by itself."
    return "Not saved: the database cannot be reached. This is sent again by itself."
