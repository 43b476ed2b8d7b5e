"""The tables of Teams' adapter: tenants and conversations with their service URLs, people, readers, guides."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from adapters.shared.storage import table_metadata as new_metadata

metadata = new_metadata()

tenant = Table(
    "teams_tenant",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("bot_user", String, nullable=False),
    Column("service_url", String, nullable=False),
)

conversation = Table(
    "teams_conversation",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("team", String, nullable=False),
    Column("group_id", String, nullable=False),
    Column("channel_kind", String, nullable=False),
    Column("service_url", String, nullable=False),
)

audience = Table(
    "teams_audience",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("has_external_users", Boolean, nullable=False),
    Column("fetched_at", Float, nullable=False),
)

user = Table(
    "teams_user",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("object_id", String, nullable=False),
    Column("language", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("is_external", Boolean, nullable=False),
    Column("chat", String, nullable=False),
    Column("service_url", String, nullable=False),
    Column("fetched_at", Float, nullable=False),
)

card_position = Table(
    "teams_card_position",
    metadata,
    Column("key", String, primary_key=True),
    Column("workspace", String, nullable=False),
    Column("chat", String, nullable=False),
    Column("activity", String, nullable=False),
    Column("messages_below", Integer, nullable=False),
    Index("ix_teams_card_position_chat", "workspace", "chat"),
)
