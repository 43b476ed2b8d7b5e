"""Settings, from the environment (`TRUST_RECOVER_…`) and a `.env` file in the working directory."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from adapters.shared.crypto import MIN_KEY_CHARACTERS
from bot.errors import BadSettings

MIN_TOKEN_CHARACTERS = 16
DEFAULT_CONNECTIONS = 10
"""Connections, and threads, of one process to PostgreSQL."""
_LISTS = (
    "public_hosts",
    "encryption_keys",
    "slack_client_user_ids",
    "teams_allowed_tenants",
    "teams_client_object_ids",
)


class Settings(BaseSettings):
    """Everything that an operator can set. `trust-recover config` prints them with secrets masked."""

    model_config = SettingsConfigDict(env_prefix="TRUST_RECOVER_", env_file=".env", extra="ignore")

    database_url: str = Field("sqlite:///var/trust-recover.db", description="SQLite file or PostgreSQL URL")
    database_connections: int = Field(
        DEFAULT_CONNECTIONS, ge=1, le=200, description="Connections of this process to PostgreSQL"
    )
    keep_inbox_days: float = Field(7, ge=1, description="Days for which an event that comes again is known")
    keep_sent_days: float = Field(30, ge=0, description="Days for which sent messages are kept")
    keep_failed_days: float = Field(90, ge=0, description="Days for which failed messages are kept")
    host: str = Field("127.0.0.1", description="Address to listen on; beyond loopback needs access_token")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes any free one")
    access_token: SecretStr | None = Field(
        None, description=f"Lets people in, at least {MIN_TOKEN_CHARACTERS} characters"
    )
    public_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Host names by which browsers reach the server, separated by commas"
    )
    public_url: str = Field("", description="Address by which browsers and platforms reach the server, https://…")
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Keys for stored tokens, newest first, separated by commas; at least 32 characters each"
    )
    slack_signing_secret: SecretStr | None = Field(None, description="Slack: Basic Information, Signing Secret")
    slack_bot_token: SecretStr | None = Field(None, description="Slack: token of the one workspace, xoxb-…")
    slack_client_id: str = Field("", description="Slack: Client ID, to be installed in several workspaces")
    slack_client_secret: SecretStr | None = Field(None, description="Slack: Client Secret")
    slack_app_token: SecretStr | None = Field(None, description="Slack: app token, xapp-…: Socket Mode instead of HTTP")
    slack_client_user_ids: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Slack: user ids of colleagues who count as the client, separated by commas"
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Slack: base URL of its Web API")
    slack_authorize_url: str = Field("https://slack.com/oauth/v2/authorize", description="Slack: its consent page")
    teams_app_id: str = Field("", description="Teams: Application (client) ID of the bot's registration, a GUID")
    teams_app_secret: SecretStr | None = Field(None, description="Teams: the registration's client secret")
    teams_managed_identity: bool = Field(
        default=False, description="Teams: the id is of a managed identity, which needs no secret"
    )
    teams_tenant_id: str = Field("", description="Teams: tenant of a single-tenant registration; empty: multi-tenant")
    teams_allowed_tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Teams: further tenants that are served, separated by commas; multi-tenant: empty is any"
    )
    teams_client_object_ids: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Teams: object ids of colleagues who count as the client, separated by commas"
    )
    teams_login_url: str = Field("https://login.microsoftonline.com", description="Teams: where tokens come from")
    teams_scope: str = Field("https://api.botframework.com/.default", description="Teams: what its tokens are for")
    teams_openid_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Teams: where the keys of its requests are found",
    )
    teams_issuer: str = Field("https://api.botframework.com", description="Teams: who signs its requests")
    teams_url: str = Field("https://teams.microsoft.com", description="Teams: base URL of links into it")
    flows: Path | None = Field(None, description="Folder with flow files of your own")
    default_flow: str = Field("trust-recovery", description="The flow that /trust-recover starts")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("teams_app_id", "teams_tenant_id")
    @classmethod
    def _strip(cls, value: str) -> str:
        return value.strip()

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value

    @property
    def uses_slack(self) -> bool:
        """Whether Slack is one of the platforms."""
        return any((self.slack_signing_secret, self.slack_bot_token, self.slack_client_id, self.slack_app_token))

    @property
    def uses_teams(self) -> bool:
        """Whether Teams is one of the platforms."""
        return any((self.teams_app_id, self.teams_app_secret, self.teams_managed_identity, self.teams_tenant_id))

    @property
    def host_names(self) -> tuple[str, ...]:
        """The host names by which browsers and platforms reach the server."""
        public = urlsplit(self.public_url).hostname
        return (*self.public_hosts, *((public,) if public else ()))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def load_settings(**options: object) -> Settings:
    """Read the settings. `options` take precedence over the environment.

    Raises:
        BadSettings: a value is not possible, or other people could reach the server without an access token.

    """
    try:
        settings = Settings(**options)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        lines = [f"TRUST_RECOVER_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}." for e in error.errors()]
        message = "These settings cannot be used:\n" + "\n".join(lines)
        raise BadSettings(message) from error
    try:
        make_url(settings.database_url)
    except ArgumentError as error:
        message = "TRUST_RECOVER_DATABASE_URL is not a database URL. Write sqlite:///path/file.db or postgresql://…"
        raise BadSettings(message) from error
    _check_slack(settings)
    _check_teams(settings)
    token = settings.access_token.get_secret_value() if settings.access_token else ""
    others = settings.host if not settings.is_loopback else next(iter(settings.host_names), "")
    if others and len(token) < MIN_TOKEN_CHARACTERS:
        message = (
            f"The server can be reached as {others}, so it needs an access token. Set TRUST_RECOVER_ACCESS_TOKEN to at "
            f"least {MIN_TOKEN_CHARACTERS} characters (openssl rand -hex 16 makes one), or listen on 127.0.0.1."
        )
        raise BadSettings(message)
    return settings


def _check_slack(settings: Settings) -> None:
    """Check that all settings of Slack are there, if one of them is.

    Raises:
        BadSettings: one is missing, or there are settings for one workspace and for several.

    """
    if not settings.uses_slack:
        return
    one_workspace, many_workspaces = bool(settings.slack_bot_token), bool(settings.slack_client_id)
    choices = "TRUST_RECOVER_SLACK_BOT_TOKEN for one workspace, or TRUST_RECOVER_SLACK_CLIENT_ID for several"
    if one_workspace == many_workspaces:
        message = f"Slack needs exactly one of two settings. Set {choices}."
        raise BadSettings(message)
    required_settings: dict[str, object] = {}
    if not settings.slack_app_token:
        required_settings["SLACK_SIGNING_SECRET"] = settings.slack_signing_secret
    if many_workspaces:
        required_settings["SLACK_CLIENT_SECRET"] = settings.slack_client_secret
        required_settings["PUBLIC_URL"] = settings.public_url
        required_settings["ENCRYPTION_KEYS"] = settings.encryption_keys
    if missing := _missing_settings(required_settings):
        message = f"For Slack, set {missing} too. docs/slack.md tells where each is found."
        raise BadSettings(message)


def _check_teams(settings: Settings) -> None:
    """Check that all settings of Teams are there, if one of them is.

    Raises:
        BadSettings: one is missing, or there are a secret and a managed identity.

    """
    if not settings.uses_teams:
        return
    if not settings.teams_app_id.strip():
        message = (
            "Teams needs TRUST_RECOVER_TEAMS_APP_ID: without it, requests from Teams cannot be verified. "
            "docs/teams.md tells where it is found."
        )
        raise BadSettings(message)
    if bool(settings.teams_app_secret) == settings.teams_managed_identity:
        message = (
            "Teams needs exactly one of two settings. Set TRUST_RECOVER_TEAMS_APP_SECRET, or "
            "TRUST_RECOVER_TEAMS_MANAGED_IDENTITY=true."
        )
        raise BadSettings(message)
    secret = settings.teams_app_secret.get_secret_value() if settings.teams_app_secret else ""
    if 0 < len(secret) < MIN_KEY_CHARACTERS and not settings.encryption_keys:
        message = (
            f"TRUST_RECOVER_TEAMS_APP_SECRET has less than {MIN_KEY_CHARACTERS} characters, and Microsoft's secrets "
            "have more: copy the secret's value. If it is right, set TRUST_RECOVER_ENCRYPTION_KEYS too "
            "(openssl rand -base64 32)."
        )
        raise BadSettings(message)
    required_settings: dict[str, object] = {}
    if settings.teams_managed_identity:
        required_settings["TEAMS_TENANT_ID"] = settings.teams_tenant_id
        required_settings["ENCRYPTION_KEYS"] = settings.encryption_keys
    if missing := _missing_settings(required_settings):
        message = f"For Teams with a managed identity, set {missing} too. docs/teams.md tells why."
        raise BadSettings(message)


def _missing_settings(required_settings: dict[str, object]) -> str:
    """The names of the settings that have no value, separated by commas."""
    return ", ".join(f"TRUST_RECOVER_{name}" for name, value in required_settings.items() if not value)


def describe_settings(settings: Settings) -> list[str]:
    """The settings, a line each, with secrets masked."""
    values = settings.model_dump()
    values["database_url"] = make_url(settings.database_url).render_as_string(hide_password=True)
    texts = {name: ",".join(map(str, value)) if isinstance(value, tuple) else value for name, value in values.items()}
    return [f"TRUST_RECOVER_{name.upper()}={'' if value is None else value}" for name, value in texts.items()]
