"""Everything that an operator can set: names, types, defaults and what each is for."""

from typing import Any

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.slack.web_api.response_urls import RESPONSE_HOSTS
from adapters.teams.service_urls import SERVICE_HOSTS
from bot.settings import addresses
from bot.settings.field_types import (
    AccessToken,
    BaseUrl,
    BaseUrlWithSlash,
    DatabaseUrl,
    EncryptionKeys,
    FilePath,
    FolderPath,
    Guid,
    Guids,
    ListeningHost,
    LogLevel,
    Networks,
    PublicHosts,
    ServiceHosts,
    SlackAppToken,
    SlackBotToken,
    SlackClientId,
    SlackSecret,
    SlackUserIds,
    SlackWorkspaceIds,
    TeamsSecret,
    TenantId,
    TenantIds,
    WebUrl,
    Word,
    bare_value,
)

MIN_TOKEN_CHARACTERS = 16
DEFAULT_CONNECTIONS = 10
"""Connections, and threads, of one process to PostgreSQL."""
MAX_DAYS = 36_500


class Settings(BaseSettings):
    """Everything that an operator can set. `trust-recover config` prints them with secrets masked.

    Only what is given counts here: `load_settings` reads the environment and the `.env` file. An empty text means that
    the setting is not set, and what people copy along with a value is taken away. Unknown names are refused.
    """

    model_config = SettingsConfigDict(env_prefix="TRUST_RECOVER_", extra="forbid", validate_default=False)

    database_url: DatabaseUrl = Field("sqlite:///var/trust-recover.db", description="SQLite file or PostgreSQL URL")
    database_connections: int = Field(
        DEFAULT_CONNECTIONS, ge=1, le=200, description="Connections of this process to PostgreSQL"
    )
    keep_inbox_days: float = Field(7, ge=1, le=MAX_DAYS, description="Days for which an event's id is known")
    keep_sent_days: float = Field(30, ge=0, le=MAX_DAYS, description="Days for which sent messages are kept")
    keep_failed_days: float = Field(90, ge=0, le=MAX_DAYS, description="Days for which failed messages are kept")
    host: ListeningHost = Field("127.0.0.1", description="Address to listen on; beyond loopback needs access_token")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes any free one")
    access_token: AccessToken | None = Field(
        None, description=f"Lets people in, at least {MIN_TOKEN_CHARACTERS} characters"
    )
    public_hosts: PublicHosts = Field(
        (), description="Host names by which browsers reach the server, separated by commas"
    )
    trusted_proxies: Networks = Field(
        (), description="Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas"
    )
    public_url: BaseUrl = Field("", description="Address by which browsers and platforms reach the server, https://…")
    encryption_keys: EncryptionKeys = Field(
        (), description="Keys for stored tokens, newest first, separated by commas; at least 32 characters each"
    )
    slack_signing_secret: SlackSecret | None = Field(None, description="Slack: Basic Information, Signing Secret")
    slack_bot_token: SlackBotToken | None = Field(None, description="Slack: token of the one workspace, xoxb-…")
    slack_client_id: SlackClientId = Field("", description="Slack: Client ID, to be installed in several workspaces")
    slack_client_secret: SlackSecret | None = Field(None, description="Slack: Client Secret")
    slack_app_token: SlackAppToken | None = Field(None, description="Slack: app token, xapp-…: Socket Mode, no HTTP")
    slack_client_user_ids: SlackUserIds = Field(
        (), description="Slack: user ids of colleagues who count as the client, separated by commas"
    )
    slack_allowed_workspaces: SlackWorkspaceIds = Field(
        (), description="Slack: ids of workspaces that are served, separated by commas; empty is any"
    )
    slack_response_hosts: ServiceHosts = Field(
        RESPONSE_HOSTS, description="Slack: hosts at which its requests may be answered, separated by commas"
    )
    slack_api_url: BaseUrlWithSlash = Field("https://slack.com/api/", description="Slack: base URL of its Web API")
    slack_authorize_url: WebUrl = Field("https://slack.com/oauth/v2/authorize", description="Slack: its consent page")
    teams_app_id: Guid = Field("", description="Teams: Application (client) ID of the bot's registration, a GUID")
    teams_app_secret: TeamsSecret | None = Field(None, description="Teams: the registration's client secret")
    teams_managed_identity: bool = Field(
        default=False, description="Teams: the id is of a managed identity, which needs no secret"
    )
    teams_tenant_id: TenantId = Field("", description="Teams: tenant of the registration; empty: multi-tenant")
    teams_allowed_tenants: TenantIds = Field(
        (), description="Teams: further tenants that are served, separated by commas; multi-tenant: empty is any"
    )
    teams_client_object_ids: Guids = Field(
        (), description="Teams: object ids of colleagues who count as the client, separated by commas"
    )
    teams_service_hosts: ServiceHosts = Field(
        SERVICE_HOSTS, description="Teams: hosts to which messages may be sent, separated by commas"
    )
    teams_login_url: BaseUrl = Field("https://login.microsoftonline.com", description="Teams: where tokens come from")
    teams_scope: Word = Field("https://api.botframework.com/.default", description="Teams: what its tokens are for")
    teams_openid_url: WebUrl = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Teams: where the keys of its requests are found",
    )
    teams_issuer: Word = Field("https://api.botframework.com", description="Teams: who signs its requests")
    teams_url: BaseUrl = Field("https://teams.microsoft.com", description="Teams: base URL of links into it")
    flows: FolderPath | None = Field(None, description="Folder with flow files of your own")
    default_flow: Word = Field("trust-recovery", description="The flow that /trust-recover starts")
    coach: FilePath | None = Field(None, description="File that switches the coach's rules and adds words to avoid")
    log_level: LogLevel = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _without_empty_values(cls, values: dict[str, Any]) -> dict[str, Any]:
        bare_values = {name: bare_value(value) for name, value in values.items()}
        return {name: value for name, value in bare_values.items() if value != ""}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given is the only source."""
        return (init_settings,)

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
        """The host names by which browsers and platforms reach the server, in small letters and without ports."""
        return (*self.public_hosts, *((addresses.public_host(self.public_url),) if self.public_url else ()))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server. A name other than localhost may lead anywhere."""
        return addresses.is_loopback_host(self.host)
