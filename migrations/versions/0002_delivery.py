"""Delivery for many processes: pauses, cards that supersede earlier ones, dead letters, people's hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change. The release before keeps working: what is new is empty or has a default."""
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "floor",
        sa.Column("revision", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_floor"),
    )
    op.bulk_insert(sa.table("floor", sa.column("revision")), [{"revision": "0001"}])
    op.create_table(
        "pause",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_pause"),
    )
    op.create_table(
        "person",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("hours", json),
        sa.PrimaryKeyConstraint("platform", "workspace", "user_id", name="pk_person"),
    )
    op.create_index("ix_member_visitor", "member", ["visitor"])
    op.create_index("ix_recovery_responder", "recovery", ["platform", "workspace", "responder"])
    op.add_column("lane", sa.Column("workspace", sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("faults", sa.Integer(), nullable=False, server_default="0"))
    for name, kind in (("card", sa.String()), ("settled_at", sa.Float()), ("dead_at", sa.Float())):
        op.add_column("outbox", sa.Column(name, kind))
    for name, column, state in (("ix_outbox_sent", "settled_at", "sent"), ("ix_outbox_dead", "id", "dead")):
        where = sa.text(f"state = '{state}'")
        op.create_index(name, "outbox", [column], postgresql_where=where, sqlite_where=where)
    _backfill()


def _backfill() -> None:
    """What was sent or given up before counts from when it was written; a lane's key begins with its workspace."""
    op.execute("UPDATE outbox SET settled_at = at WHERE state = 'sent'")
    op.execute("UPDATE outbox SET dead_at = at WHERE state = 'dead'")
    lane = sa.table("lane", sa.column("key", sa.String()), sa.column("workspace", sa.String()))
    connection = op.get_bind()
    for key in list(connection.execute(sa.select(lane.c.key)).scalars()):
        workspace = ":".join(key.split(":", 2)[:2])
        connection.execute(sa.update(lane).where(lane.c.key == key).values(workspace=workspace))
