"""The cookie by which a browser is recognised."""

from dataclasses import dataclass

from aiohttp import web

PLAIN_NAME = "trust_recover"
HTTPS_NAME = f"__Host-{PLAIN_NAME}"
"""Browsers take a cookie of such a name only over HTTPS, and from this host alone."""
COOKIE_SECONDS = 365 * 86_400
"""Longer than anybody is let in: it also tells who comes back, so that they find their guides again."""
MAX_SECRET_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """Reads and writes the cookie. `is_https`: browsers reach the server by HTTPS, whatever reaches this process.

    It is `Lax`: a link from another site must bring the cookie along, or it would end up as a stranger. That changes
    come from our own pages is checked by their origin.
    """

    is_https: bool = False

    @property
    def name(self) -> str:
        """The cookie's name."""
        return HTTPS_NAME if self.is_https else PLAIN_NAME

    def read(self, request: web.Request) -> str:
        """The secret in the cookie; empty if there is none."""
        return _secret(request, self.name)

    def read_any(self, request: web.Request) -> str:
        """The same, also from the cookie of a time when the server was not reached by HTTPS. It must not let in."""
        return self.read(request) or _secret(request, PLAIN_NAME)

    def write(self, response: web.StreamResponse, secret: str) -> None:
        """Give the browser this secret."""
        response.set_cookie(
            self.name,
            secret,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self.is_https,
            path="/",
        )

    def delete(self, response: web.StreamResponse) -> None:
        """Take the secret from the browser."""
        response.del_cookie(self.name, path="/", secure=self.is_https, httponly=True, samesite="Lax")


def _secret(request: web.Request, name: str) -> str:
    secret = request.cookies.get(name, "")
    return secret if secret.isascii() and len(secret) <= MAX_SECRET_CHARACTERS else ""
