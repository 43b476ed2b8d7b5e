"""Everything that an operator can set: names, types, defaults and what each is for."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

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
