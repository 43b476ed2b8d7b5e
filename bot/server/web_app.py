"""The HTTP application around every platform's routes: headers, origins, faults, health."""

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
    settings: Settings, health: Health, routes: Sequence[web.AbstractRouteDef], signed: Collection[str] = ()
) -> web.Application:
    """The application with these routes. `signed`: paths of requests that prove by a signature who sends them."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_guard(settings, signed), _database_errors])
    app.router.add_get(LIVENESS_PATH, health.alive)
    app.router.add_get(READINESS_PATH, health.ready)
    app.router.add_routes(routes)
    app.on_response_prepare.append(_protect)
    return app


def _guard(settings: Settings, signed: Collection[str]) -> Middleware:
    """Refuse other sites: a foreign host name (DNS rebinding), and a change or a stream from a foreign page."""
    hosts = {*_LOOPBACK, *settings.host_names, settings.host}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in {LIVENESS_PATH, READINESS_PATH}:  # whoever asks does so by the machine's address
            return await handler(request)
        if urlsplit(f"//{request.host}").hostname not in hosts:
            raise web.HTTPForbidden(
                text=f"This server does not answer to the name {request.host!r}. Set TRUST_RECOVER_PUBLIC_HOSTS."
            )
        streams = request.headers.get("Upgrade", "").lower() == "websocket"
        if request.path not in signed and (request.method not in _SAFE_METHODS or streams):
            origin = request.headers.get("Origin")
            if origin is None or urlsplit(origin).netloc != request.host:
                raise web.HTTPForbidden(text="This request came from another site.")
        return await handler(request)

    return guard


@web.middleware
async def _database_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing is acknowledged that is not stored: a fault of the database asks the caller to try again."""
    try:
        return await handler(request)
    except DBAPIError as error:
        log.error("%s %s was not stored: %s", request.method, request.path, safe_description(error))  # noqa: TRY400 - a traceback would show bound values
        return web.json_response({"notice": _notice(error)}, status=503, headers={"Retry-After": "1"})


def _notice(error: DBAPIError) -> str:
    """What an operator can do, for the errors that they can do something about."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_FULL:
        return "Not saved: the disk is full. Free some space; this is sent again by itself."
    if code is not None and code & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        return "Not saved: the database file cannot be written. This is sent again by itself."
    return "Not saved: the database cannot be reached. This is sent again by itself."


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache" if request.path.startswith("/static/") else "no-store")
