"""Slack's tables, accounts with their threads, who observes what, and the language somebody chose."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change. The release before keeps working: it knows nothing of what is new."""
    op.execute("UPDATE floor SET revision = '0002'")
    op.add_column("person", sa.Column("language", sa.String()))
    op.create_table(
        "account",
        *_texts("platform", "workspace", "key", "name", "conversation", "thread"),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "key", name="pk_account"),
    )
    op.create_index("ix_account_place", "account", ["platform", "workspace", "conversation", "thread"])
    op.create_table(
        "observer",
        *_texts("recovery_id", "user_id", "platform", "workspace"),
        sa.ForeignKeyConstraint(["recovery_id"], ["recovery.id"], name="fk_observer_recovery_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("recovery_id", "user_id", name="pk_observer"),
    )
    op.create_index("ix_observer_user", "observer", ["platform", "workspace", "user_id"])
    _slack()
    _backfill()


def _slack() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "slack_installation",
        *_texts("workspace", "enterprise", "team", "name", "bot_user"),
        sa.Column("bot_token", sa.Text(), nullable=False),
        sa.Column("scopes", json, nullable=False),
        *_texts("installed_by"),
        sa.Column("installed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_slack_installation"),
    )
    op.create_table(
        "slack_state",
        *_texts("hash"),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_slack_state"),
    )
    op.create_index("ix_slack_state_expires_at", "slack_state", ["expires_at"])
    op.create_table(
        "slack_guide",
        *_texts("key", "workspace", "channel", "ts"),
        sa.PrimaryKeyConstraint("key", name="pk_slack_guide"),
    )
    op.create_index("ix_slack_guide_workspace", "slack_guide", ["workspace"])
    op.create_table(
        "slack_user",
        *_texts("workspace", "user_id", "name", "language", "timezone"),
        sa.Column("outsider", sa.Boolean(), nullable=False),
        sa.Column("robot", sa.Boolean(), nullable=False),
        *_texts("channel"),
        sa.Column("known_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "user_id", name="pk_slack_user"),
    )
    op.create_table(
        "slack_channel",
        *_texts("workspace", "channel"),
        sa.Column("outsiders", sa.Boolean(), nullable=False),
        sa.Column("known_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", name="pk_slack_channel"),
    )


def _texts(*names: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _backfill() -> None:
    """Who watches stands in each recovery's state."""
    each, user = {
        "sqlite": ("json_each(recovery.data, '$.observers') AS one", "json_extract(one.value, '$.{}')"),
        "postgresql": ("jsonb_array_elements(recovery.data->'observers') AS one(value)", "one.value->>'{}'"),
    }[op.get_bind().dialect.name]
    columns = ", ".join(user.format(name) for name in ("user", "platform", "workspace"))
    op.execute(
        "INSERT INTO observer (recovery_id, user_id, platform, workspace) "  # noqa: S608 - of the names above
        f"SELECT recovery.id, {columns} FROM recovery CROSS JOIN {each}"
    )
