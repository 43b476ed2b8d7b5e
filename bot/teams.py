"""Teams, put together: whose requests come in, how we prove who we are, and the platform that delivery calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.keys import Keys, Seal
from adapters.port import Application
from adapters.teams import api, openid
from adapters.teams.app import TeamsApp
from adapters.teams.conversations import Conversations
from adapters.teams.courier import Courier, Links
from adapters.teams.credentials import ANY_TENANT, AppSecret, Credentials, ManagedIdentity
from adapters.teams.desk import Desk
from adapters.teams.door import Door
from adapters.teams.guides import Guides
from adapters.teams.people import PLATFORM, People
from adapters.teams.platform import Teams
from adapters.teams.routes import MESSAGES_PATH, Routes
from adapters.teams.tenants import Tenants
from bot.clock import Clock
from bot.database import Database
from bot.platforms import Brought
from bot.settings import Settings

SEAL = "teams-form"
EVERYTHING = "/.default"
"""With which a scope ends; a managed identity is asked for a resource."""


@asynccontextmanager
async def on_teams(settings: Settings, db: Database, application: Application, clock: Clock) -> AsyncIterator[Brought]:
    """Teams as the settings say, until the end of the block.

    Raises:
        TrustRecoverError: a key that cannot be used.

    """
    app_id = settings.teams_app_id.strip()
    async with (
        openid.opened(settings.teams_openid_url, settings.teams_issuer, clock) as keys,
        api.opened(_credentials(settings, app_id, clock), clock) as calls,
    ):
        door = Door(app_id, settings.teams_issuer, settings.teams_openid_url, keys, _tenants(settings), clock)
        tenants = Tenants(db, clock)
        people = People(db, calls, tenants, clock, frozenset(settings.teams_clients))
        conversations = Conversations(db, calls, tenants, application, clock)
        guides = Guides(db, clock)
        courier = Courier(calls, tenants, people, guides, Links(settings.teams_url.rstrip("/"), app_id), clock)
        desk = Desk(application, calls, tenants, people, conversations, courier, _seal(settings))
        platform = Teams(calls, tenants, people, conversations, courier, guides, clock)
        routes = Routes(TeamsApp(desk), door)
        try:
            yield Brought({PLATFORM: platform}, tuple(routes.table()), (MESSAGES_PATH,))
        finally:
            await conversations.close()
            await people.close()


def _credentials(settings: Settings, app_id: str, clock: Clock) -> Credentials:
    """What our app proves with that it is the one of the registration."""
    if settings.teams_managed_identity:
        return ManagedIdentity(app_id, settings.teams_scope.removesuffix(EVERYTHING), clock)
    secret = settings.teams_app_secret.get_secret_value() if settings.teams_app_secret else ""
    tenant = settings.teams_tenant_id or ANY_TENANT
    return AppSecret(app_id, secret, tenant, settings.teams_login_url, settings.teams_scope, clock)


def _tenants(settings: Settings) -> frozenset[str]:
    """Who is served: the tenant of the registration and those that are named; without either, any."""
    return frozenset(filter(None, (settings.teams_tenant_id, *settings.teams_tenants)))


def _seal(settings: Settings) -> Seal:
    """Signs what travels with a form. Nothing is stored with it, so the app's own secret will do."""
    given = settings.encryption_keys or (settings.teams_app_secret,)
    return Keys([key.get_secret_value() for key in given if key is not None]).signer(SEAL)
