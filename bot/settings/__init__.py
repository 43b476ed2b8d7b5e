"""Settings, from the environment (`TRUST_RECOVER_…`) and a `.env` file in the working directory."""

from bot.settings.description import describe_settings
from bot.settings.loading import load_settings
from bot.settings.model import DEFAULT_CONNECTIONS, MIN_TOKEN_CHARACTERS, Settings

__all__ = ["DEFAULT_CONNECTIONS", "MIN_TOKEN_CHARACTERS", "Settings", "describe_settings", "load_settings"]
