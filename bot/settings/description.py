"""The settings as an operator sees them."""

from adapters.shared.outgoing import network_variables
from bot.settings.database_urls import MASK, masked_url
from bot.settings.model import Settings


def describe_settings(settings: Settings) -> list[str]:
    """The settings, a line each, with secrets masked, and the environment's variables for outgoing connections."""
    values = settings.model_dump() | {"database_url": masked_url(settings.database_url)}
    texts = {name: ",".join(map(str, value)) if isinstance(value, tuple) else value for name, value in values.items()}
    lines = [f"TRUST_RECOVER_{name.upper()}={'' if value is None else value}" for name, value in texts.items()]
    return lines + [f"{name}={_masked_proxy(value)}" for name, value in network_variables().items()]


def _masked_proxy(value: str) -> str:
    """A proxy's address without the user name and the password."""
    before, at, host = value.rpartition("@")
    scheme = f"{before.partition('://')[0]}://" if "://" in before else ""
    return f"{scheme}{MASK}@{host}" if at else value
