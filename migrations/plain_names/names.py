"""The new names of tables, columns, indexes and constraints.

PostgreSQL renames all of them in place. SQLite can rename tables and columns, but no constraints, and those stand in
the text of the table: the tables whose constraints have names of their own are made anew and filled from the old ones.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

TABLES = {
    "passage": "step_visit",
    "lane": "queue",
    "floor": "compatibility",
    "slack_state": "slack_oauth_state",
    "slack_guide": "slack_card_position",
    "slack_channel": "slack_audience",
    "teams_guide": "teams_card_position",
    "teams_readers": "teams_audience",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "passage": {"to_step": "next_step"},
    "lane": {"token": "lease_token"},
    "floor": {"revision": "oldest_revision"},
    "outbox": {
        "lane": "queue",
        "dedup": "idempotency_key",
        "faults": "internal_errors",
        "at": "queued_at",
        "card": "card_key",
        "problem": "last_error",
        "settled_at": "sent_at",
        "dead_at": "failed_at",
    },
    "entry": {
        "field": "field_id",
        "at": "recorded_at",
        "by_user": "recorded_by",
        "told": "expression",
        "confirmed": "is_confirmed",
    },
    "event": {"at": "occurred_at"},
    "inbox": {"at": "received_at"},
    "account": {"at": "used_at", "shared": "has_external_users"},
    "person": {"hours": "working_hours"},
    "room": {"shared": "has_external_users"},
    "room_item": {"at": "created_at", "to_user": "recipient_id"},
    "visitor": {"admitted_by": "token_hash"},
    "slack_user": {"outsider": "is_external", "robot": "is_bot", "known_at": "fetched_at"},
    "slack_channel": {"outsiders": "has_external_users", "known_at": "fetched_at"},
    "teams_readers": {"outsiders": "has_external_users", "known_at": "fetched_at"},
    "teams_user": {"outsider": "is_external", "known_at": "fetched_at"},
    "teams_guide": {"below": "messages_below"},
}
"""By the old name of the table: old and new names of its columns."""
OLD_INDEXES = (
    "ix_inbox_at",
    "ix_entry_field",
    "ix_outbox_dead",
    "ix_outbox_head",
    "ix_outbox_sent",
    "ix_outbox_recovery_id",
    "ix_slack_state_expires_at",
    "ix_slack_guide_workspace",
    "ix_teams_guide_chat",
)
"""They are dropped first and made again under their new names at the end."""


def rename_on_postgresql(tx: Connection) -> None:
    """Rename in place. Data stay where they are."""
    _drop_indexes(tx)
    _rename_columns(tx, COLUMNS)
    for old, new in TABLES.items():
        _run(tx, f"ALTER TABLE {old} RENAME TO {new}")
        _run(tx, f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
    for table, old, new in (
        ("step_visit", "fk_passage_recovery_id", "fk_step_visit_recovery_id"),
        ("outbox", "fk_outbox_lane", "fk_outbox_queue"),
        ("outbox", "uq_outbox_dedup", "uq_outbox_idempotency_key"),
    ):
        _run(tx, f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
    _run(tx, "UPDATE outbox SET state = 'failed' WHERE state = 'dead'")
    _make_indexes(tx)


def rename_on_sqlite(tx: Connection) -> None:
    """Rename columns in place, and make anew the tables whose constraints get other names."""
    _drop_indexes(tx)
    anew = {*TABLES, "outbox"}
    _rename_columns(tx, {table: names for table, names in COLUMNS.items() if table not in anew})
    _run(tx, "ALTER TABLE outbox RENAME TO old_outbox")
    for table in _new_tables().sorted_tables:  # `queue` comes before the outbox, which refers to it
        if table.info.get("exists"):
            continue
        old = {new: old for old, new in TABLES.items()}.get(table.name, table.name)
        table.create(tx)
        _copy(tx, "old_outbox" if old == "outbox" else old, table, COLUMNS.get(old, {}))
    for old in ("old_outbox", *TABLES):
        _run(tx, f"DROP TABLE {old}")
    _run(tx, "UPDATE outbox SET state = 'failed' WHERE state = 'dead'")
    _make_indexes(tx)


def _copy(tx: Connection, old: str, table: sa.Table, renamed: Mapping[str, str]) -> None:
    before = {new: old for old, new in renamed.items()}
    new_columns = [column.name for column in table.columns]
    old_columns = [before.get(name, name) for name in new_columns]
    _run(
        tx,
        f"INSERT INTO {table.name} ({', '.join(new_columns)}) SELECT {', '.join(old_columns)} FROM {old}",  # noqa: S608 - names of this module
    )


def _rename_columns(tx: Connection, columns: Mapping[str, Mapping[str, str]]) -> None:
    for table, names in columns.items():
        for old, new in names.items():
            _run(tx, f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def _drop_indexes(tx: Connection) -> None:
    for name in OLD_INDEXES:
        _run(tx, f"DROP INDEX {name}")


def _make_indexes(tx: Connection) -> None:
    for statement in (
        "ix_inbox_received_at ON inbox (received_at)",
        "ix_entry_field_id ON entry (field_id)",
        "ix_outbox_failed ON outbox (id) WHERE state = 'failed'",
        "ix_outbox_head ON outbox (queue, id) WHERE state = 'pending'",
        "ix_outbox_sent ON outbox (sent_at) WHERE state = 'sent'",
        "ix_outbox_recovery_id ON outbox (recovery_id)",
        "ix_slack_oauth_state_expires_at ON slack_oauth_state (expires_at)",
        "ix_slack_card_position_workspace ON slack_card_position (workspace)",
        "ix_teams_card_position_chat ON teams_card_position (workspace, chat)",
    ):
        _run(tx, f"CREATE INDEX {statement}")


def _run(tx: Connection, statement: str) -> None:
    tx.exec_driver_sql(statement)


def _new_tables() -> sa.MetaData:
    """The tables that SQLite makes anew."""
    tables = sa.MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
        }
    )
    sa.Table("recovery", tables, sa.Column("id", sa.String(), primary_key=True), info={"exists": True})
    sa.Table(
        "step_visit",
        tables,
        sa.Column("recovery_id", sa.String(), sa.ForeignKey("recovery.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        *_texts("step"),
        *_floats("entered_at", "left_at"),
        *_texts("left_by", "next_step"),
    )
    sa.Table(
        "queue",
        tables,
        _key("key"),
        sa.Column("workspace", sa.String(), nullable=False, server_default=""),
        *_floats("ready_at", "lease_until"),
        sa.Column("lease_token", sa.String()),
    )
    sa.Table("compatibility", tables, _key("oldest_revision"))
    sa.Table(
        "outbox",
        tables,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("queue", sa.String(), sa.ForeignKey("queue.key"), nullable=False),
        sa.Column("recovery_id", sa.String(), sa.ForeignKey("recovery.id", ondelete="CASCADE"), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False, unique=True),
        sa.Column("state", sa.String(), nullable=False, server_default="pending"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("internal_errors", sa.Integer(), nullable=False, server_default="0"),
        *_floats("queued_at"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("card_key", sa.String()),
        sa.Column("last_error", sa.Text()),
        sa.Column("sent_at", sa.Float()),
        sa.Column("failed_at", sa.Float()),
    )
    sa.Table("slack_oauth_state", tables, _key("hash"), *_floats("expires_at"))
    sa.Table("slack_card_position", tables, _key("key"), *_texts("workspace", "channel", "ts"))
    sa.Table(
        "slack_audience",
        tables,
        _key("workspace"),
        _key("channel"),
        _flag("has_external_users"),
        *_floats("fetched_at"),
    )
    sa.Table(
        "teams_card_position",
        tables,
        _key("key"),
        *_texts("workspace", "chat", "activity"),
        sa.Column("messages_below", sa.Integer(), nullable=False),
    )
    sa.Table(
        "teams_audience",
        tables,
        _key("workspace"),
        _key("conversation"),
        _flag("has_external_users"),
        *_floats("fetched_at"),
    )
    return tables


def _key(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), primary_key=True)


def _texts(*names: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _floats(*names: str) -> list["sa.Column[float]"]:
    return [sa.Column(name, sa.Float(), nullable=False) for name in names]


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), nullable=False)
