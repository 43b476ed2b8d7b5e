"""Tables and columns by the names of the glossary."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = {
    "slack_user": {"outsider": "is_external", "robot": "is_bot", "known_at": "fetched_at"},
    "slack_channel": {"outsiders": "has_external_users", "known_at": "fetched_at"},
    "teams_readers": {"outsiders": "has_external_users", "known_at": "fetched_at"},
    "teams_user": {"outsider": "is_external", "known_at": "fetched_at"},
}
"""By table: the old and the new names of its columns."""


def upgrade() -> None:
    """Rename. The release before does not know these names: it must not work on this database."""
    op.execute("UPDATE floor SET revision = '0005'")
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
