"""Reading the settings, with a clear error for what cannot be used."""

from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BadSettings
from bot.settings.model import MIN_TOKEN_CHARACTERS, Settings
from bot.settings.platform_checks import check_slack, check_teams


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
    check_slack(settings)
    check_teams(settings)
    token = settings.access_token.get_secret_value() if settings.access_token else ""
    others = settings.host if not settings.is_loopback else next(iter(settings.host_names), "")
    if others and len(token) < MIN_TOKEN_CHARACTERS:
        message = (
            f"The server can be reached as {others}, so it needs an access token. Set TRUST_RECOVER_ACCESS_TOKEN to at "
            f"least {MIN_TOKEN_CHARACTERS} characters (openssl rand -hex 16 makes one), or listen on 127.0.0.1."
        )
        raise BadSettings(message)
    return settings
