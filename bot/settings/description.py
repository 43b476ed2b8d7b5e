"""The settings as an operator sees them."""

from sqlalchemy import make_url

from bot.settings.model import Settings


def describe_settings(settings: Settings) -> list[str]:
    """The settings, a line each, with secrets masked."""
    values = settings.model_dump()
    values["database_url"] = make_url(settings.database_url).render_as_string(hide_password=True)
    texts = {name: ",".join(map(str, value)) if isinstance(value, tuple) else value for name, value in values.items()}
    return [f"TRUST_RECOVER_{name.upper()}={'' if value is None else value}" for name, value in texts.items()]
