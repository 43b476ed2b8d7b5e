"""A value for each setting, as an operator writes it, that differs from the default."""

import os
from pathlib import Path

import pytest

from bot.settings import Settings

SAMPLES = {
    "database_url": "postgresql://ana:s3cret@db.example.com:5433/room?sslmode=require",
    "database_connections": "12",
    "keep_inbox_days": "8",
    "keep_sent_days": "31.5",
    "keep_failed_days": "0",
    "host": "0.0.0.0",
    "port": "9090",
    "access_token": "correct horse battery staple",
    "public_hosts": "bot.example.com,bücher.example",
    "trusted_proxies": "10.0.0.5,10.1.0.0/16",
    "public_url": "https://bot.example.com/guide",
    "encryption_keys": "4f1c9a07be52d8633e9b70c5a1f28d46,b7d2036ea94c815f0d3a6e92c471fb58",
    "slack_signing_secret": "8f742231b10e8888abcd99yyyzzz85a5",
    "slack_bot_token": "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy",
    "slack_client_id": "4444444444.5555555555",
    "slack_client_secret": "33fea0113f5b1fca9b1b6d0f4a1a3a2b",
    "slack_app_token": "xapp-1-A111-222-3333333333333333333333333333",
    "slack_client_user_ids": "U012AB3CD,W012A3CDE",
    "slack_allowed_workspaces": "T012AB3CD,E012AB3CD",
    "slack_response_hosts": "slack-gov.com,*.slack-gov.com",
    "slack_api_url": "https://slack-gov.com/api/",
    "slack_authorize_url": "https://slack-gov.com/oauth/v2/authorize",
    "teams_app_id": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    "teams_app_secret": "abC8Q~0123456789-abcdefghijklmnopqrstuv.",
    "teams_managed_identity": "true",
    "teams_tenant_id": "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "teams_allowed_tenants": "72f988bf-86f1-41af-91ab-2d7cd011db48,72f988bf-86f1-41af-91ab-2d7cd011db49",
    "teams_client_object_ids": "29e41a4e-57bf-4a21-b1f6-0a6ab4b3ff01",
    "teams_service_hosts": "smba.trafficmanager.net",
    "teams_login_url": "https://login.microsoftonline.us",
    "teams_scope": "https://api.botframework.us/.default",
    "teams_openid_url": "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
    "teams_issuer": "https://api.botframework.us",
    "teams_url": "https://gov.teams.microsoft.us",
    "flows": "flows of ours",
    "default_flow": "first-response",
    "coach": "coach.yaml",
    "log_level": "DEBUG",
}
NAMES = sorted(Settings.model_fields)
ONE_WORD = sorted(set(SAMPLES) - {"access_token", "flows", "coach", "encryption_keys", "database_url"})
"""The settings that cannot contain a blank."""


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"TRUST_RECOVER_{name.upper()}"


def use_environment(monkeypatch: pytest.MonkeyPatch, folder: Path, **values: str) -> None:
    """Work in this folder, with these settings in the environment and no others."""
    for name in [name for name in os.environ if name.upper().startswith("TRUST_RECOVER")]:
        monkeypatch.delenv(name)
    for name, value in values.items():
        monkeypatch.setenv(variable(name), value)
    monkeypatch.chdir(folder)
