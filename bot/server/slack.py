"""Wires Slack: its installations, the routes or the socket for its requests, and its platform for delivery."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from pydantic import SecretStr

from adapters.port import Application
from adapters.shared.crypto import Keys
from adapters.slack.delivery import SlackPlatform
from adapters.slack.directory.allowed_workspaces import AllowedWorkspaces, ServedInstallations
from adapters.slack.directory.channels import SlackAudience
from adapters.slack.directory.installations import InstallationSource, StoredInstallations
from adapters.slack.directory.message_links import MessageLinks
from adapters.slack.directory.one_workspace import SingleInstallation
from adapters.slack.directory.people import PLATFORM, SlackDirectory
from adapters.slack.install.oauth import OAuthRoutes
from adapters.slack.install.oauth_stores import OAuthStates
from adapters.slack.listeners.app import SlackApp
from adapters.slack.listeners.context import SlackContext
from adapters.slack.listeners.routes import SlackRoutes
from adapters.slack.listeners.socket_mode import SocketMode
from adapters.slack.listeners.verification import SlackVerifier
from adapters.slack.manifest import EVENTS_PATH, REDIRECT_PATH, SCOPES
from adapters.slack.web_api import client
from bot.clock import Clock
from bot.server.platforms import PlatformSetup
from bot.settings import Settings
from bot.storage.database import Database

log = logging.getLogger(__name__)

SIGNING_PURPOSE = "slack-modal"


@asynccontextmanager
async def slack_setup(
    settings: Settings, db: Database, application: Application, clock: Clock
) -> AsyncIterator[PlatformSetup]:
    """Run Slack as the settings say, until the end of the block.

    Raises:
        TrustRecoverError: a key or a token that cannot be used.

    """
    keys = keys_from_settings(settings)
    async with client.open_client(settings.slack_api_url, settings.slack_response_hosts) as slack_client:
        source, install_routes = await _installations(settings, db, keys, clock, slack_client)
        installations = ServedInstallations(source, _allowed_workspaces(settings))
        people = SlackDirectory(db, slack_client, clock, frozenset(settings.slack_client_user_ids))
        channels = SlackAudience(db, slack_client, people, application, clock)
        signer = keys.signer(SIGNING_PURPOSE)
        links = MessageLinks(db, slack_client, clock)
        context = SlackContext(
            application, slack_client, installations, people, channels, links, signer, settings.slack_api_url
        )
        app = SlackApp(context)
        platform = SlackPlatform(slack_client, installations, people, channels, links)
        try:
            if settings.slack_app_token is not None:
                socket = SocketMode(_secret_text(settings.slack_app_token), settings.slack_api_url, app.dispatch)
                async with _socket_mode_running(socket):
                    yield PlatformSetup({PLATFORM: platform}, install_routes)
            else:
                verifier = SlackVerifier(_secret_text(settings.slack_signing_secret), clock)
                routes = (*SlackRoutes(app, verifier).table(), *install_routes)
                yield PlatformSetup({PLATFORM: platform}, routes, (EVENTS_PATH,))
        finally:
            await channels.close()
            await people.close()


def keys_from_settings(settings: Settings) -> Keys:
    """The keys for tokens and signatures. Where no token is stored, one of Slack's own secrets signs.

    Raises:
        InvalidKey: one is too short.

    """
    keys = settings.encryption_keys or (settings.slack_signing_secret or settings.slack_app_token,)
    return Keys([_secret_text(key) for key in keys])


async def _installations(
    settings: Settings, db: Database, keys: Keys, clock: Clock, slack_client: client.SlackClient
) -> tuple[InstallationSource, tuple[web.AbstractRouteDef, ...]]:
    """The one workspace of the token; or the workspaces that installed the app, with the routes to install it."""
    if settings.slack_bot_token is not None:
        installation = await SingleInstallation.from_token(
            _secret_text(settings.slack_bot_token), settings.slack_api_url, clock, db, slack_client.client.session
        )
        _allowed_workspaces(settings).check(installation.enterprise, installation.team)
        return installation, ()
    installations = StoredInstallations(db, keys, clock)
    if count := await installations.bind_tokens():
        log.info("%s tokens of an earlier release are now bound to their workspaces", count)
    oauth = OAuthRoutes(
        settings.slack_client_id,
        _secret_text(settings.slack_client_secret),
        settings.public_url.rstrip("/") + REDIRECT_PATH,
        settings.slack_api_url,
        settings.slack_authorize_url,
        installations,
        OAuthStates(db, clock),
        tuple(SCOPES),
    )
    oauth.limit(_allowed_workspaces(settings), slack_client.client.session)
    return installations, tuple(oauth.routes())


def _allowed_workspaces(settings: Settings) -> AllowedWorkspaces:
    return AllowedWorkspaces(frozenset(settings.slack_allowed_workspaces))


@asynccontextmanager
async def _socket_mode_running(socket: SocketMode) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(socket.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


def _secret_text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
