"""Teams' tables."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change. The release before keeps working: it knows nothing of what is new."""
    op.execute("UPDATE floor SET revision = '0003'")
    op.create_table(
        "teams_tenant",
        *_texts("workspace", "bot_user", "service_url"),
        sa.PrimaryKeyConstraint("workspace", name="pk_teams_tenant"),
    )
    op.create_table(
        "teams_conversation",
        *_texts("workspace", "conversation", "scope", "team", "group_id", "channel_kind", "service_url"),
        sa.PrimaryKeyConstraint("workspace", "conversation", name="pk_teams_conversation"),
    )
    op.create_table(
        "teams_readers",
        *_texts("workspace", "conversation"),
        sa.Column("outsiders", sa.Boolean(), nullable=False),
        sa.Column("known_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "conversation", name="pk_teams_readers"),
    )
    op.create_table(
        "teams_user",
        *_texts("workspace", "user_id", "name", "object_id", "language", "timezone"),
        sa.Column("outsider", sa.Boolean(), nullable=False),
        *_texts("chat", "service_url"),
        sa.Column("known_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "user_id", name="pk_teams_user"),
    )
    op.create_table(
        "teams_guide",
        *_texts("key", "workspace", "chat", "activity"),
        sa.Column("below", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_teams_guide"),
    )
    op.create_index("ix_teams_guide_chat", "teams_guide", ["workspace", "chat"])


def _texts(*names: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
