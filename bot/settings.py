"""Settings, from the environment (`TRUST_RECOVER_…`) and a `.env` file in the working directory."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.database import CONNECTIONS
from bot.errors import BadSettings

LEAST_TOKEN = 16


class Settings(BaseSettings):
    """Everything that an operator can set. `trust-recover config` prints them with secrets masked."""

    model_config = SettingsConfigDict(env_prefix="TRUST_RECOVER_", env_file=".env", extra="ignore")

    database_url: str = Field("sqlite:///var/trust-recover.db", description="SQLite file or PostgreSQL URL")
    database_connections: int = Field(
        CONNECTIONS, ge=1, le=200, description="Connections of this process to PostgreSQL"
    )
    keep_inbox_days: float = Field(7, ge=1, description="Days for which an event that comes again is known")
    keep_sent_days: float = Field(30, ge=0, description="Days for which sent messages are kept")
    keep_dead_days: float = Field(90, ge=0, description="Days for which messages that were given up are kept")
    host: str = Field("127.0.0.1", description="Address to listen on; beyond loopback needs access_token")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes any free one")
    access_token: SecretStr | None = Field(None, description=f"Lets people in, at least {LEAST_TOKEN} characters")
    public_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Host names by which browsers reach the server, separated by commas"
    )
    flows: Path | None = Field(None, description="Folder with flow files of your own")
    default_flow: str = Field("trust-recovery", description="The flow that /trust-recover starts")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("public_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def load(**given: object) -> Settings:
    """Read the settings; what is given here wins.

    Raises:
        BadSettings: a value that cannot be, or a server open to others without an access token.

    """
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        lines = [f"TRUST_RECOVER_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}." for e in error.errors()]
        message = "These settings cannot be used:\n" + "\n".join(lines)
        raise BadSettings(message) from error
    try:
        make_url(settings.database_url)
    except ArgumentError as error:
        message = "TRUST_RECOVER_DATABASE_URL is not a database URL. Write sqlite:///path/file.db or postgresql://…"
        raise BadSettings(message) from error
    token = settings.access_token.get_secret_value() if settings.access_token else ""
    if not settings.loopback and len(token) < LEAST_TOKEN:
        message = (
            f"To listen on {settings.host}, other people need a token to get in. Set TRUST_RECOVER_ACCESS_TOKEN to at "
            f"least {LEAST_TOKEN} characters (openssl rand -hex 16 makes one), or listen on 127.0.0.1."
        )
        raise BadSettings(message)
    return settings


def shown(settings: Settings) -> list[str]:
    """The settings, a line each, with secrets masked."""
    values = settings.model_dump()
    values["database_url"] = make_url(settings.database_url).render_as_string(hide_password=True)
    values["public_hosts"] = ",".join(settings.public_hosts)
    return [f"TRUST_RECOVER_{name.upper()}={'' if value is None else value}" for name, value in values.items()]
