"""The HTTP application around the routes of all platforms: headers, origins, database errors, health."""

import logging
import sqlite3
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy.exc import DBAPIError

from adapters.shared.safe_logging import safe_description
from bot.server.health import LIVENESS_PATH, READINESS_PATH, Health
from bot.settings import Settings

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE_METHODS = {"GET", "HEAD"}


def web_application(
    settings: Settings, health: Health, routes: Sequence[web.AbstractRouteDef], verified_paths: Collection[str] = ()
) -> web.Application:
    """The application with these routes. `verified_paths`: the platform verifies the sender of requests to them."""
    check_origin = _origin_check(settings, verified_paths)
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[check_origin, _database_errors])
    app.router.add_get(LIVENESS_PATH, health.alive)
    app.router.add_get(READINESS_PATH, health.ready)
    app.router.add_routes(routes)
    app.on_response_prepare.append(_add_headers)
    return app


def _origin_check(settings: Settings, verified_paths: Collection[str]) -> Middleware:
    """Refuse unknown host names (DNS rebinding), and changes or streams that a page of another site asks for."""
    hosts = {*_LOOPBACK, *settings.host_names, settings.host}

    @web.middleware
    async def check_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in {LIVENESS_PATH, READINESS_PATH}:  # a load balancer uses the machine's address
            return await handler(request)
        if urlsplit(f"//{request.host}").hostname not in hosts:
            raise web.HTTPForbidden(
                text=f"This server does not answer to the name {request.host!r}. Set TRUST_RECOVER_PUBLIC_HOSTS."
            )
        is_stream = request.headers.get("Upgrade", "").lower() == "websocket"
        if request.path not in verified_paths and (request.method not in _SAFE_METHODS or is_stream):
            origin = request.headers.get("Origin")
            if origin is None or urlsplit(origin).netloc != request.host:
                raise web.HTTPForbidden(text="This request came from another site.")
        return await handler(request)

    return check_origin


@web.middleware
async def _database_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer an error of the database with 503, so that the caller tries again: nothing was stored."""
    try:
        return await handler(request)
    except DBAPIError as error:
        log.error("%s %s was not stored: %s", request.method, request.path, safe_description(error))  # noqa: TRY400 - a traceback would show bound values
        return web.json_response({"notice": _notice(error)}, status=503, headers={"Retry-After": "1"})


def _notice(error: DBAPIError) -> str:
    """What the person who sent the request is told."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_FULL:
        return "Not saved: the disk is full. Free some space; this is sent again by itself."
    if code is not None and code & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        return "Not saved: the database file cannot be written. This is sent again by itself."
    return "Not saved: the database cannot be reached. This is sent again by itself."


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache" if request.path.startswith("/static/") else "no-store")
