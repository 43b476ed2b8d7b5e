"""Reading the settings, with a clear error for what cannot be used."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.shared.outgoing import check_environment
from bot.errors import BadSettings
from bot.settings.model import MIN_TOKEN_CHARACTERS, Settings
from bot.settings.platform_checks import check_slack, check_teams
from bot.settings.sources import PREFIX, environment_values, file_values, unknown_name
from bot.settings.text import trimmed

ENV_FILE = Path(".env")
"""In the working directory."""


def load_settings(**options: object) -> Settings:
    """Read the settings. `options` take precedence over the environment, and that over the `.env` file.

    Raises:
        BadSettings: a value is not possible, or other people could reach the server without an access token.

    """
    names = Settings.model_fields
    stated_options = {name: value for name, value in options.items() if not _is_empty(value)}
    values: dict[str, Any] = file_values(names, ENV_FILE) | environment_values(names, os.environ) | stated_options
    try:
        settings = Settings(**values)
    except ValidationError as error:
        lines = dict.fromkeys(map(_error_line, error.errors()))  # an error of two entries of a list is one line
        message = "These settings cannot be used:\n" + "\n".join(lines)
        raise BadSettings(message) from None  # its parent holds the values
    check_environment()
    check_slack(settings)
    check_teams(settings)
    _check_access(settings)
    return settings


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not trimmed(value))


def _error_line(error: ErrorDetails) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return unknown_name(Settings.model_fields, f"{PREFIX}{name.upper()}")
    problem = error["msg"].removeprefix("Value error, ").removesuffix(".")
    return f"{PREFIX}{name.upper()}: {problem[:1].upper()}{problem[1:]}."


def _check_access(settings: Settings) -> None:
    """Check that nobody else can reach the server without a token.

    Raises:
        BadSettings: they can.

    """
    token = settings.access_token.get_secret_value() if settings.access_token else ""
    others = settings.host if not settings.is_loopback else next(iter(settings.host_names), "")
    if others and len(token) < MIN_TOKEN_CHARACTERS:
        message = (
            f"The server can be reached as {others}, so it needs an access token. Set TRUST_RECOVER_ACCESS_TOKEN to at "
            f"least {MIN_TOKEN_CHARACTERS} characters (openssl rand -hex 16 makes one), or listen on 127.0.0.1."
        )
        raise BadSettings(message)
