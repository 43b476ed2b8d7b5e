"""Builds the Teams adapter: its routes, its credentials, and the platform that delivery calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from adapters.port import Application
from adapters.shared.crypto import Keys, Signer
from adapters.teams.bot import signing_keys
from adapters.teams.bot.bot import TeamsBot
from adapters.teams.bot.bot_adapter import TeamsBotAdapter
from adapters.teams.bot.context import TeamsContext
from adapters.teams.bot.routes import MESSAGES_PATH, TeamsRoutes
from adapters.teams.bot.verification import TeamsVerifier
from adapters.teams.cards.drafts import FormDrafts
from adapters.teams.connector import client
from adapters.teams.connector.credentials import ANY_TENANT, AppSecret, Credentials, ManagedIdentity
from adapters.teams.delivery import TeamsPlatform
from adapters.teams.direct_messages import DirectMessages, TeamsLinks
from adapters.teams.directory.audience import TeamsAudience
from adapters.teams.directory.card_positions import CardPositions
from adapters.teams.directory.people import TeamsDirectory
from adapters.teams.directory.tenants import TenantDirectory
from adapters.teams.directory.user import PLATFORM
from adapters.teams.service_urls import ServiceHosts, is_loopback
from bot.clock import Clock
from bot.server.platforms import PlatformSetup
from bot.settings import Settings
from bot.storage.database import Database

SIGNING_PURPOSE = "teams-form"
DEFAULT_SCOPE_SUFFIX = "/.default"
"""The end of a scope; a managed identity is asked for a resource instead."""


@asynccontextmanager
async def teams_setup(
    settings: Settings, db: Database, application: Application, clock: Clock
) -> AsyncIterator[PlatformSetup]:
    """Teams as the settings say, until the end of the block.

    Raises:
        TrustRecoverError: a key that cannot be used.

    """
    app_id, allowed_hosts = settings.teams_app_id.strip(), service_hosts(settings)
    async with (
        signing_keys.open_keys(settings.teams_openid_url, settings.teams_issuer, clock) as keys,
        client.open_connector(_credentials(settings, app_id, clock), clock, allowed_hosts) as connector,
    ):
        verifier = TeamsVerifier(
            app_id, settings.teams_issuer, settings.teams_openid_url, keys, _tenants(settings), clock, allowed_hosts
        )
        tenants = TenantDirectory(db, clock)
        directory = TeamsDirectory(db, connector, tenants, clock, frozenset(settings.teams_client_object_ids))
        audience = TeamsAudience(db, connector, tenants, application, clock)
        card_positions = CardPositions(db, clock)
        direct_messages = DirectMessages(
            connector, tenants, directory, card_positions, TeamsLinks(settings.teams_url.rstrip("/"), app_id), clock
        )
        drafts, signer = FormDrafts(clock), _signer(settings)
        context = TeamsContext(application, connector, tenants, directory, audience, direct_messages, signer, drafts)
        platform = TeamsPlatform(
            connector, tenants, directory, audience, direct_messages, card_positions, drafts, clock
        )
        bot = TeamsBot(context)
        routes = TeamsRoutes(TeamsBotAdapter(connector, bot.on_turn_error), bot, verifier)
        try:
            yield PlatformSetup({PLATFORM: platform}, tuple(routes.table()), (MESSAGES_PATH,))
        finally:
            await audience.close()
            await directory.close()


def _credentials(settings: Settings, app_id: str, clock: Clock) -> Credentials:
    """How our app proves that it is the registered one."""
    if settings.teams_managed_identity:
        return ManagedIdentity(app_id, settings.teams_scope.removesuffix(DEFAULT_SCOPE_SUFFIX), clock)
    secret = settings.teams_app_secret.get_secret_value() if settings.teams_app_secret else ""
    tenant = settings.teams_tenant_id or ANY_TENANT
    return AppSecret(app_id, secret, tenant, settings.teams_login_url, settings.teams_scope, clock)


def _tenants(settings: Settings) -> frozenset[str]:
    """The tenants that are served: that of the registration and those in the settings; if there are none, all."""
    return frozenset(filter(None, (settings.teams_tenant_id, *settings.teams_allowed_tenants)))


def service_hosts(settings: Settings) -> ServiceHosts:
    """The hosts to which messages may be sent. This machine is one only where the signing keys come from it too."""
    is_local_teams = is_loopback(urlsplit(settings.teams_openid_url).hostname or "")
    return ServiceHosts(frozenset(settings.teams_service_hosts), allows_loopback=is_local_teams)


def _signer(settings: Settings) -> Signer:
    """Signs what is sent along with a form. Nothing stored depends on it, so the app's own secret is enough."""
    keys = settings.encryption_keys or (settings.teams_app_secret,)
    return Keys([key.get_secret_value() for key in keys if key is not None]).signer(SIGNING_PURPOSE)
