"""Who is let into the practice room, and since when; of the access token only a slow hash with a salt.

The release before keeps working: it does not know the new columns and table. Whoever it lets in signs in once more
with this release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("visitor", sa.Column("generation", sa.String()))
    op.add_column("visitor", sa.Column("admitted_at", sa.Float()))
    op.add_column("visitor", sa.Column("seen_at", sa.Float()))
    op.create_table(
        "access_token",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("generation", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_access_token"),
    )
