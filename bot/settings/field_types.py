"""The types of settings: each checks its value and brings it into the one form that the program compares and shows."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, SecretStr

from adapters.shared.crypto import MIN_KEY_CHARACTERS
from bot.settings import addresses, credentials, text
from bot.settings.database_urls import database_url


def bare_value(value: object) -> object:
    """A text or secret without what people copy along; anything else as it is."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return text.trimmed(value) if isinstance(value, str) else value


def _secret(check: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(lambda secret: SecretStr(check(secret.get_secret_value())))


def _list_of(check: Callable[[str], str]) -> BeforeValidator:
    """Each entry of a list, or of the text of a list."""

    def read(value: str | Iterable[str]) -> tuple[str, ...]:
        return tuple(map(check, text.entries(value) if isinstance(value, str) else value))

    return BeforeValidator(read)


def _keys(value: str | Iterable[str | SecretStr]) -> tuple[str, ...]:
    keys = text.phrases(value) if isinstance(value, str) else (str(bare_value(key)) for key in value)
    return credentials.encryption_keys(keys, MIN_KEY_CHARACTERS)


def _printable_path(path: Path) -> Path:
    return Path(text.printable(str(path)))


def _in_capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Word = Annotated[str, AfterValidator(text.unbroken)]
FolderPath = Annotated[Path, AfterValidator(_printable_path)]
FilePath = Annotated[Path, AfterValidator(_printable_path)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_in_capitals)]
DatabaseUrl = Annotated[str, AfterValidator(database_url)]

ListeningHost = Annotated[str, AfterValidator(addresses.listening_host)]
PublicHosts = Annotated[tuple[str, ...], _list_of(addresses.public_host)]
ServiceHosts = Annotated[tuple[str, ...], _list_of(addresses.service_host)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], _list_of(addresses.network)]
WebUrl = Annotated[str, AfterValidator(addresses.web_url)]
BaseUrl = Annotated[str, AfterValidator(addresses.base_url)]
BaseUrlWithSlash = Annotated[str, AfterValidator(addresses.base_url_with_slash)]

AccessToken = Annotated[SecretStr, _secret(credentials.access_token)]
EncryptionKeys = Annotated[tuple[SecretStr, ...], BeforeValidator(_keys)]

SlackBotToken = Annotated[SecretStr, _secret(credentials.slack_token("xoxb-"))]
SlackAppToken = Annotated[SecretStr, _secret(credentials.slack_token("xapp-"))]
SlackSecret = Annotated[SecretStr, _secret(credentials.slack_secret)]
SlackClientId = Annotated[str, AfterValidator(credentials.slack_secret)]
SlackUserIds = Annotated[tuple[str, ...], _list_of(credentials.slack_user_id)]
SlackWorkspaceIds = Annotated[tuple[str, ...], _list_of(credentials.slack_workspace_id)]

TeamsSecret = Annotated[SecretStr, _secret(credentials.teams_secret)]
TenantId = Annotated[str, AfterValidator(credentials.tenant_id)]
TenantIds = Annotated[tuple[str, ...], _list_of(credentials.tenant_id)]
Guid = Annotated[str, AfterValidator(credentials.guid)]
Guids = Annotated[tuple[str, ...], _list_of(credentials.guid)]
