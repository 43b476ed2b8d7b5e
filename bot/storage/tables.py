"""The tables. docs/data.md tells what they mean; all times are epoch seconds, UTC."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    literal_column,
)

from adapters.shared.storage import Json
from adapters.shared.storage import table_metadata as new_metadata

metadata = new_metadata(uq="uq_%(table_name)s_%(column_0_name)s")
_Serial = BigInteger().with_variant(Integer(), "sqlite")


def _of_recovery() -> Column[str]:
    return Column("recovery_id", String, ForeignKey("recovery.id", ondelete="CASCADE"), primary_key=True)


recovery = Table(
    "recovery",
    metadata,
    Column("id", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("thread", String, nullable=False),
    Column("responder", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("flow", String, nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("account", String, nullable=False),
    Column("step", String, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("first_yes_at", Float),
    Column("closed_at", Float),
    Column("data", Json, nullable=False),
    Index("ix_recovery_place", "platform", "workspace", "conversation", "thread"),
    Index("ix_recovery_account", "platform", "workspace", "account"),
    Index("ix_recovery_responder", "platform", "workspace", "responder"),
)

entry = Table(
    "entry",
    metadata,
    _of_recovery(),
    Column("id", String, primary_key=True),
    Column("field_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("step", String, nullable=False),
    Column("recorded_at", Float, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("text", Text),
    Column("expression", String),
    Column("holder", String),
    Column("standing", String),
    Column("our_view", Text),
    Column("evidence", Text),
    Column("strength", Integer),
    Column("is_confirmed", Boolean),
    Column("who", String),
    Column("due_at", Float),
    Column("state", String),
    Column("level", Integer),
    Index("ix_entry_field_id", "field_id"),
)

step_visit = Table(
    "step_visit",
    metadata,
    _of_recovery(),
    Column("number", Integer, primary_key=True),
    Column("step", String, nullable=False),
    Column("entered_at", Float, nullable=False),
    Column("left_at", Float, nullable=False),
    Column("left_by", String, nullable=False),
    Column("next_step", String, nullable=False),
)

event = Table(
    "event",
    metadata,
    _of_recovery(),
    Column("number", Integer, primary_key=True),
    Column("occurred_at", Float, nullable=False),
    Column("body", Json, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("recovery_id", String, nullable=False),
    Column("received_at", Float, nullable=False, index=True),
)

timer = Table(
    "timer",
    metadata,
    _of_recovery(),
    Column("name", String, primary_key=True),
    Column("due_at", Float, nullable=False, index=True),
    Column("set_at", Float, index=True),
)

person = Table(
    "person",
    metadata,
    Column("platform", String, primary_key=True),
    Column("workspace", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("timezone", String, nullable=False),
    Column("working_hours", Json),
    Column("language", String),
)

account = Table(
    "account",
    metadata,
    Column("platform", String, primary_key=True),
    Column("workspace", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("thread", String, nullable=False),
    Column("has_external_users", Boolean, nullable=False),
    Column("used_at", Float, nullable=False),
    Index("ix_account_place", "platform", "workspace", "conversation", "thread"),
)

observer = Table(
    "observer",
    metadata,
    _of_recovery(),
    Column("user_id", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Index("ix_observer_user", "platform", "workspace", "user_id"),
)

queue = Table(
    "queue",
    metadata,
    Column("key", String, primary_key=True),
    Column("workspace", String, nullable=False, server_default=""),
    Column("ready_at", Float, nullable=False),
    Column("ready_set_at", Float),
    Column("lease_until", Float, nullable=False),
    Column("lease_token", String),
)

pause = Table(
    "pause",
    metadata,
    Column("workspace", String, primary_key=True),
    Column("until", Float, nullable=False),
    Column("set_at", Float),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("queue", String, ForeignKey("queue.key"), nullable=False),
    Column("recovery_id", String, ForeignKey("recovery.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("idempotency_key", String, nullable=False, unique=True),
    Column("state", String, nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("internal_errors", Integer, nullable=False, server_default="0"),
    Column("queued_at", Float, nullable=False),
    Column("body", Json, nullable=False),
    Column("card_key", String),
    Column("last_error", Text),
    Column("sent_at", Float),
    Column("failed_at", Float),
)


def in_state(name: str) -> ColumnElement[bool]:
    """Whether a message is in this state, written out: a bound value would not find the partial indexes."""
    return outbox.c.state == literal_column(f"'{name}'")


IS_PENDING, IS_SENT, IS_FAILED = (in_state(name) for name in ("pending", "sent", "failed"))
Index("ix_outbox_head", outbox.c.queue, outbox.c.id, postgresql_where=IS_PENDING, sqlite_where=IS_PENDING)
Index("ix_outbox_sent", outbox.c.sent_at, postgresql_where=IS_SENT, sqlite_where=IS_SENT)
Index("ix_outbox_failed", outbox.c.id, postgresql_where=IS_FAILED, sqlite_where=IS_FAILED)

compatibility = Table("compatibility", metadata, Column("oldest_revision", String, primary_key=True))

flow_source = Table(
    "flow_source",
    metadata,
    Column("flow", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
)

hint_count_by_person = Table(
    "hint_count_by_person",
    metadata,
    Column("platform", String, primary_key=True),
    Column("workspace", String, primary_key=True),
    Column("user_id", String, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("times", Integer, nullable=False),
)

hint_count_by_rule = Table(
    "hint_count_by_rule",
    metadata,
    Column("rule_id", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("times", Integer, nullable=False),
)
