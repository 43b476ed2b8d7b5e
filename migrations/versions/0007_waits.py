"""When each wait began, so that a clock that is set back makes no wait longer; tokens are bound to their rows.

The release before keeps working: it writes no beginning, and its waits are read as before. Where Slack tokens are
stored, it cannot read them any more once the server of this release has started, and so it must not start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. The oldest release rises only where it could not read the tokens."""
    op.add_column("queue", sa.Column("ready_set_at", sa.Float()))
    op.add_column("pause", sa.Column("set_at", sa.Float()))
    op.add_column("timer", sa.Column("set_at", sa.Float()))
    op.create_index("ix_timer_set_at", "timer", ["set_at"])
    op.execute(
        "UPDATE compatibility SET oldest_revision = '0007'"
        " WHERE oldest_revision < '0007' AND EXISTS (SELECT 1 FROM slack_installation)"
    )
