"""Signing in with the access token, and out."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from adapters.web.access_token import AccessToken
from adapters.web.attempts import FailedAttempts, address_group
from adapters.web.pages import Pages
from adapters.web.posted_fields import read_fields
from adapters.web.visitors import Visitor, Visitors, browser_language

log = logging.getLogger(__name__)

LOGIN, LOGOUT = "/login", "/logout"
HOME = "/"
"""Leads to the visitor's own room."""
SLUG = r"[a-z0-9][a-z0-9-]{0,39}"
MAX_SIGN_IN_BYTES = 8 * 1024
REFUSAL_SECONDS = 1.0
"""Seconds before somebody who must wait is told so: who guesses at full speed then takes no time from others."""


@dataclass(frozen=True, slots=True)
class SignInRoutes:
    """The page that asks for the token, and what it leads to. `on_sign_out` is told who went.

    Where there is no token, all of it leads into the room.
    """

    visitors: Visitors
    token: AccessToken
    pages: Pages
    on_sign_out: Callable[[Visitor], None]
    attempts: FailedAttempts = field(default_factory=FailedAttempts)
    refusal_seconds: float = REFUSAL_SECONDS

    def table(self) -> list[web.AbstractRouteDef]:
        """The routes."""
        return [web.get(LOGIN, self.ask), web.post(LOGIN, self.sign_in), web.post(LOGOUT, self.sign_out)]

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Ask for the access token. `room`: where to go then; `out`: they have just signed out."""
        room = _room(request.query.get("room", ""))
        if not self.visitors.generation or await self.visitors.find(request) is not None:
            return _redirect(_path(room))
        language = browser_language(request)
        return html_response(self.pages.login("signed_out" if "out" in request.query else "", room, language))

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Let in who has the access token. Who has not leaves no trace but a line in the log."""
        fields = await read_fields(request, MAX_SIGN_IN_BYTES)
        room, language = _room(fields.long_text("room")), browser_language(request)
        if not self.visitors.generation:
            return _redirect(_path(room))
        if wait_seconds := self.attempts.wait_seconds(request.remote):
            await asyncio.sleep(self.refusal_seconds)
            return self._refusal(wait_seconds, room, language)
        if not self.token.matches(fields.long_text("token")):
            if wait_seconds := self.attempts.record(request.remote):
                log.warning("too many wrong access tokens from %s: it must wait", address_group(request.remote))
                return self._refusal(wait_seconds, room, language)
            log.warning("a wrong access token from %s", address_group(request.remote))
            return html_response(self.pages.login("wrong", room, language), status=403)
        _, secret = await self.visitors.admit(request)
        response = _redirect(_path(room))
        self.visitors.cookie.write(response, secret)
        return response

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """End the session, and every page that it has open."""
        visitor = await self.visitors.find(request)
        if visitor is not None:
            await self.visitors.sign_out(visitor)
            self.on_sign_out(visitor)
        response = _redirect(f"{LOGIN}?out")
        self.visitors.cookie.delete(response)
        return response

    def _refusal(self, wait_seconds: int, room: str, language: str) -> web.Response:
        page = self.pages.login("limited", room, language, seconds=wait_seconds)
        return html_response(page, status=429, headers={"Retry-After": str(wait_seconds)})


def html_response(html: str, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A page."""
    return web.Response(text=html, content_type="text/html", status=status, headers=headers)


def _redirect(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})


def _room(slug: str) -> str:
    """The room's name, if it is one."""
    return slug if re.fullmatch(SLUG, slug) else ""


def _path(room: str) -> str:
    return f"/room/{room}" if room else HOME
