"""The settings as an operator sees them."""

from bot.settings.database_urls import masked_url
from bot.settings.model import Settings


def describe_settings(settings: Settings) -> list[str]:
    """The settings, a line each, with secrets masked."""
    values = settings.model_dump() | {"database_url": masked_url(settings.database_url)}
    texts = {name: ",".join(map(str, value)) if isinstance(value, tuple) else value for name, value in values.items()}
    return [f"TRUST_RECOVER_{name.upper()}={'' if value is None else value}" for name, value in texts.items()]
