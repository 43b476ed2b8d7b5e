"""The practice room's own tables: what a chat platform would keep."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from adapters.shared.storage import Json
from adapters.shared.storage import table_metadata as new_metadata

metadata = new_metadata()

room = Table(
    "room",
    metadata,
    Column("slug", String, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("has_external_users", Boolean, nullable=False),
)

room_item = Table(
    "room_item",
    metadata,
    Column("room", String, ForeignKey("room.slug"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("recipient_id", String),
    Column("created_at", Float, nullable=False),
    Column("body", Json, nullable=False),
    Index("ix_room_item_seq", "room", "seq"),
)

visitor = Table(
    "visitor",
    metadata,
    Column("id", String, primary_key=True),
    Column("secret_hash", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("token_hash", String),  # of the release before; empty since
    Column("generation", String),
    Column("admitted_at", Float),
    Column("seen_at", Float),
)

access_token = Table(
    "access_token",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("generation", String, nullable=False),
    Column("salt", String, nullable=False),
    Column("token_hash", String, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("room", String, ForeignKey("room.slug"), primary_key=True),
    Column("visitor", String, ForeignKey("visitor.id"), primary_key=True, index=True),
)
