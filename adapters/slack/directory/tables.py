"""Slack's own tables: installations, states of OAuth, the position of each guide, people and channels."""

from sqlalchemy import Boolean, Column, Float, String, Table, Text

from adapters.shared.storage import Json
from adapters.shared.storage import table_metadata as new_metadata

metadata = new_metadata()

installation = Table(
    "slack_installation",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("enterprise", String, nullable=False),
    Column("team", String, nullable=False),
    Column("name", String, nullable=False),
    Column("bot_user", String, nullable=False),
    Column("bot_token", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("installed_by", String, nullable=False),
    Column("installed_at", Float, nullable=False),
)

oauth_state = Table(
    "slack_oauth_state",
    metadata,
    Column("hash", String, primary_key=True),
    Column("expires_at", Float, nullable=False, index=True),
)

card_position = Table(
    "slack_card_position",
    metadata,
    Column("key", String, primary_key=True),
    Column("workspace", String, nullable=False, index=True),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
)

user = Table(
    "slack_user",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("is_external", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("channel", String, nullable=False),
    Column("fetched_at", Float, nullable=False),
)

audience = Table(
    "slack_audience",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("has_external_users", Boolean, nullable=False),
    Column("fetched_at", Float, nullable=False),
)
