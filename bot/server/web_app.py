"""The HTTP application around the routes of all platforms: headers, origins, health."""

from collections.abc import Collection, Sequence
from urllib.parse import SplitResult, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.server.health import LIVENESS_PATH, READINESS_PATH, Health
from bot.server.request_guards import answer_errors, body_reader
from bot.settings import Settings

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
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}
"""Where browsers reach the server by HTTPS, they do so for a year, whatever a link says."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE_METHODS = {"GET", "HEAD"}
HTTP_PORT = 80


def web_application(
    settings: Settings, health: Health, routes: Sequence[web.AbstractRouteDef], verified_paths: Collection[str] = ()
) -> web.Application:
    """The application with these routes. `verified_paths`: the platform verifies the sender of requests to them."""
    read_body = body_reader(verified_paths, settings.trusted_proxies)
    app = web.Application(middlewares=[answer_errors, _origin_check(settings, verified_paths), read_body])
    app.router.add_get(LIVENESS_PATH, health.alive)
    app.router.add_get(READINESS_PATH, health.ready)
    app.router.add_routes(routes)
    headers = HEADERS | (HTTPS_HEADERS if is_https(settings) else {})

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)
        response.headers.setdefault("Cache-Control", "no-cache" if request.path.startswith("/static/") else "no-store")

    app.on_response_prepare.append(add_headers)
    return app


def is_https(settings: Settings) -> bool:
    """Whether browsers reach the server by HTTPS. What reaches this process does not tell: a proxy may end TLS."""
    return urlsplit(settings.public_url).scheme.lower() == "https"


def _origin_check(settings: Settings, verified_paths: Collection[str]) -> Middleware:
    """Refuse unknown host names (DNS rebinding), and changes or streams that a page of another site asks for."""
    hosts = {*_LOOPBACK, *settings.host_names, settings.host}

    @web.middleware
    async def check_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in {LIVENESS_PATH, READINESS_PATH}:  # a load balancer uses the machine's address
            return await handler(request)
        if _url_parts(f"//{request.host}").hostname not in hosts:
            raise web.HTTPForbidden(text="This server does not have this name. Set TRUST_RECOVER_PUBLIC_HOSTS.")
        is_stream = request.headers.get("Upgrade", "").lower() == "websocket"
        if request.path not in verified_paths and (request.method not in _SAFE_METHODS or is_stream):
            origin = request.headers.get("Origin")
            if origin is None or not _is_same_site(origin, request.host):
                raise web.HTTPForbidden(text="This request came from another site.")
        return await handler(request)

    return check_origin


def _is_same_site(origin: str, host: str) -> bool:
    """Whether a page of this origin may ask for changes here. One of the ports may be missing: proxies drop it.

    On this machine, where no proxy need be, a page of port 80 is one of another program.
    """
    page, server = _url_parts(origin), _url_parts(f"//{host}")
    if page.hostname is None or page.scheme not in {"http", "https"} or page.hostname != server.hostname:
        return False
    try:
        page_port, server_port = page.port, server.port
    except ValueError:
        return False
    if server.hostname in _LOOPBACK and page.scheme == "http":
        page_port = page_port or HTTP_PORT
    return page_port is None or server_port is None or page_port == server_port


def _url_parts(url: str) -> SplitResult:
    """The parts of a URL that a stranger sent; empty ones if it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
