"""Wires the practice room: who is let in, and its routes."""

import logging
from dataclasses import dataclass

from aiohttp import web

from adapters.port import Application
from adapters.shared.storage import with_commit
from adapters.web.access_token import AccessToken, access_generation
from adapters.web.cookies import SessionCookie
from adapters.web.live_updates import LiveUpdates
from adapters.web.open_pages import OpenPages
from adapters.web.pages import Pages
from adapters.web.rendering import RoomRendering
from adapters.web.rooms import Rooms
from adapters.web.routes import WebRoutes
from adapters.web.sign_in import SignInRoutes
from adapters.web.visitors import Visitors
from bot.clock import Clock
from bot.server.web_app import is_https
from bot.settings import Settings
from bot.storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PracticeRoom:
    """The practice room, ready to serve."""

    routes: list[web.AbstractRouteDef]
    open_pages: OpenPages


async def practice_room(
    settings: Settings, db: Database, rooms: Rooms, application: Application, clock: Clock
) -> PracticeRoom:
    """The practice room as the settings say. Without an access token everybody is let in."""
    if settings.public_hosts and not settings.public_url:
        log.warning("TRUST_RECOVER_PUBLIC_URL is not set: browsers are not told to keep to HTTPS, nor is the cookie")
    token = settings.access_token.get_secret_value() if settings.access_token else ""
    generation = await db.run(with_commit(lambda tx: access_generation(tx, token))) if token else ""
    visitors = Visitors(db, generation, SessionCookie(is_https=is_https(settings)), clock)
    await visitors.forget_old_hashes()
    pages, open_pages = Pages(), OpenPages()
    rendering = RoomRendering(pages)
    live_updates = LiveUpdates(visitors, rooms, rendering, open_pages)
    routes = WebRoutes(application, rooms, visitors, pages, rendering, live_updates)
    sign_in = SignInRoutes(visitors, AccessToken(token), pages, open_pages.wake)
    return PracticeRoom([*sign_in.table(), *routes.table()], open_pages)
