"""Slack, put together: who is installed, how its requests come in, and the platform that delivery calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from pydantic import SecretStr

from adapters.keys import Keys
from adapters.port import Application
from adapters.slack import api
from adapters.slack.app import SlackApp
from adapters.slack.channels import Channels
from adapters.slack.desk import Desk
from adapters.slack.door import Door
from adapters.slack.installations import Installations, InstallationSource
from adapters.slack.manifest import EVENTS_PATH, REDIRECT, SCOPES
from adapters.slack.oauth import Oauth
from adapters.slack.oauth_stores import States
from adapters.slack.one_workspace import OneWorkspace
from adapters.slack.people import PLATFORM, People
from adapters.slack.platform import Slack
from adapters.slack.routes import Routes
from adapters.slack.socket import SocketMode
from bot.clock import Clock
from bot.database import Database
from bot.platforms import Brought
from bot.settings import Settings

SEAL = "slack-modal"


@asynccontextmanager
async def on_slack(settings: Settings, db: Database, application: Application, clock: Clock) -> AsyncIterator[Brought]:
    """Slack as the settings say, until the end of the block.

    Raises:
        TrustRecoverError: a key or a token that cannot be used.

    """
    keys = keys_of(settings)
    async with api.opened(settings.slack_api_url) as calls:
        installations, install_routes = await _installations(settings, db, keys, clock)
        people = People(db, calls, clock, frozenset(settings.slack_clients))
        channels = Channels(db, calls, people, application, clock)
        seal = keys.signer(SEAL)
        desk = Desk(application, calls, installations, people, channels, seal, settings.slack_api_url)
        app = SlackApp(desk)
        platform = Slack(db, calls, installations, people, channels, clock)
        try:
            if settings.slack_app_token is not None:
                socket = SocketMode(_text(settings.slack_app_token), settings.slack_api_url, app.dispatch)
                async with _connected(socket):
                    yield Brought({PLATFORM: platform}, install_routes)
            else:
                door = Door(_text(settings.slack_signing_secret), clock)
                routes = (*Routes(app, door).table(), *install_routes)
                yield Brought({PLATFORM: platform}, routes, (EVENTS_PATH,))
        finally:
            await channels.close()
            await people.close()


def keys_of(settings: Settings) -> Keys:
    """The keys for tokens and seals. Where no token is stored, one of Slack's own secrets will do for the seals.

    Raises:
        BadKey: one is too short.

    """
    given = settings.encryption_keys or (settings.slack_signing_secret or settings.slack_app_token,)
    return Keys([_text(key) for key in given])


async def _installations(
    settings: Settings, db: Database, keys: Keys, clock: Clock
) -> tuple[InstallationSource, tuple[web.AbstractRouteDef, ...]]:
    """The one workspace of the token, or those that installed the app, with the pages to install it."""
    if settings.slack_bot_token is not None:
        one = await OneWorkspace.opened(_text(settings.slack_bot_token), settings.slack_api_url, clock, db)
        return one, ()
    installations = Installations(db, keys, clock)
    oauth = Oauth(
        settings.slack_client_id,
        _text(settings.slack_client_secret),
        settings.public_url.rstrip("/") + REDIRECT,
        settings.slack_api_url,
        settings.slack_authorize_url,
        installations,
        States(db, clock),
        tuple(SCOPES),
    )
    return installations, tuple(oauth.routes())


@asynccontextmanager
async def _connected(socket: SocketMode) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(socket.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
