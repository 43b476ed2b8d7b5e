"""Which settings of Slack and of Teams belong together."""

from pydantic import SecretStr

from adapters.shared.crypto import MIN_KEY_CHARACTERS
from bot.errors import BadSettings
from bot.settings.model import Settings


def check_slack(settings: Settings) -> None:
    """Check that all settings of Slack are there, if one of them is.

    Raises:
        BadSettings: one is missing, or there are settings for one workspace and for several.

    """
    if not settings.uses_slack:
        return
    one_workspace, many_workspaces = bool(settings.slack_bot_token), bool(settings.slack_client_id)
    choices = "TRUST_RECOVER_SLACK_BOT_TOKEN for one workspace, or TRUST_RECOVER_SLACK_CLIENT_ID for several"
    if one_workspace == many_workspaces:
        message = f"Slack needs exactly one of two settings. Set {choices}."
        raise BadSettings(message)
    required_settings: dict[str, object] = {}
    if not settings.slack_app_token:
        required_settings["SLACK_SIGNING_SECRET"] = settings.slack_signing_secret
    if many_workspaces:
        required_settings["SLACK_CLIENT_SECRET"] = settings.slack_client_secret
        required_settings["PUBLIC_URL"] = settings.public_url
        required_settings["ENCRYPTION_KEYS"] = settings.encryption_keys
    if missing := _missing_settings(required_settings):
        message = f"For Slack, set {missing} too. docs/slack.md tells where each is found."
        raise BadSettings(message)
    _check_slack_secrets(settings)


def _check_slack_secrets(settings: Settings) -> None:
    """Check that Slack's secrets are whole, and not in each other's places.

    Raises:
        BadSettings: one is too short, or two are the same.

    """
    signing_secret, client_secret = _text(settings.slack_signing_secret), _text(settings.slack_client_secret)
    if signing_secret and signing_secret == client_secret:
        message = (
            "TRUST_RECOVER_SLACK_SIGNING_SECRET and TRUST_RECOVER_SLACK_CLIENT_SECRET are the same. Copy each from its "
            "own line of Basic Information."
        )
        raise BadSettings(message)
    # Without encryption keys, the first of these signs what travels with forms: see `keys_from_settings`.
    name, secret = (
        ("SIGNING_SECRET", signing_secret) if signing_secret else ("APP_TOKEN", _text(settings.slack_app_token))
    )
    if len(secret) < MIN_KEY_CHARACTERS and not settings.encryption_keys:
        message = (
            f"TRUST_RECOVER_SLACK_{name} has less than {MIN_KEY_CHARACTERS} characters, and Slack's has more: copy the "
            "whole of it. If it is right, set TRUST_RECOVER_ENCRYPTION_KEYS too (openssl rand -base64 32)."
        )
        raise BadSettings(message)


def check_teams(settings: Settings) -> None:
    """Check that all settings of Teams are there, if one of them is.

    Raises:
        BadSettings: one is missing, or there are a secret and a managed identity.

    """
    if not settings.uses_teams:
        return
    if not settings.teams_app_id:
        message = (
            "Teams needs TRUST_RECOVER_TEAMS_APP_ID: without it, requests from Teams cannot be verified. "
            "docs/teams.md tells where it is found."
        )
        raise BadSettings(message)
    if bool(settings.teams_app_secret) == settings.teams_managed_identity:
        message = (
            "Teams needs exactly one of two settings. Set TRUST_RECOVER_TEAMS_APP_SECRET, or "
            "TRUST_RECOVER_TEAMS_MANAGED_IDENTITY=true."
        )
        raise BadSettings(message)
    secret = _text(settings.teams_app_secret)
    if 0 < len(secret) < MIN_KEY_CHARACTERS and not settings.encryption_keys:
        message = (
            f"TRUST_RECOVER_TEAMS_APP_SECRET has less than {MIN_KEY_CHARACTERS} characters, and Microsoft's secrets "
            "have more: copy the secret's value. If it is right, set TRUST_RECOVER_ENCRYPTION_KEYS too "
            "(openssl rand -base64 32)."
        )
        raise BadSettings(message)
    required_settings: dict[str, object] = {}
    if settings.teams_managed_identity:
        required_settings["TEAMS_TENANT_ID"] = settings.teams_tenant_id
        required_settings["ENCRYPTION_KEYS"] = settings.encryption_keys
    if missing := _missing_settings(required_settings):
        message = f"For Teams with a managed identity, set {missing} too. docs/teams.md tells why."
        raise BadSettings(message)


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


def _missing_settings(required_settings: dict[str, object]) -> str:
    """The names of the settings that have no value, separated by commas."""
    return ", ".join(f"TRUST_RECOVER_{name}" for name, value in required_settings.items() if not value)
