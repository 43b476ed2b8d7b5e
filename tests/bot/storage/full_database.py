"""A database as full as after a year: so many rows that whole tables are read only by fault."""

from sqlalchemy import Connection, text

RECOVERIES, SENT_MESSAGES, PENDING_MESSAGES, FAILED_MESSAGES, OLD = 20_000, 100_000, 300, 1_000, 25
AGE = 100 * 86_400
"""Seconds after which everything is cleared away that is not on record."""


def old(count: int) -> str:
    """Seconds to be taken from a time, so that a few of so many rows are to be cleared away."""
    return f"CASE WHEN n > {count - OLD} THEN {AGE} ELSE 0 END"


_TABLES = {
    "recovery": (
        RECOVERIES,
        """id, platform, workspace, conversation, thread, responder, version, flow, flow_version, account, step,
        started_at, closed_at, data""",
        """'r' || n, 'web', 'practice', 'c' || n, '', 'u' || (n % 5000), 1, 'trust-recovery', 1, 'a' || n, 'closing',
        {now} - n, CASE WHEN n % 10 = 0 THEN NULL ELSE {now} - n END, {json}""",
    ),
    "entry": (
        RECOVERIES,
        "recovery_id, id, field_id, kind, step, recorded_at, recorded_by, text",
        "'r' || (n % 20000 + 1), 'e' || n, 'facts', 'fact', 'facts', {now} - n, 'u', 'late again'",
    ),
    "event": (RECOVERIES, "recovery_id, number, occurred_at, body", "'r' || (n % 20000 + 1), n, {now} - n, {json}"),
    "step_visit": (
        RECOVERIES,
        "recovery_id, number, step, entered_at, left_at, left_by, next_step",
        "'r' || n, 1, 'prepare', {now} - n, {now} - n, 'choose:ready', 'facts'",
    ),
    "timer": (RECOVERIES, "recovery_id, name, due_at", "'r' || n, 'follow:week', {now} + 100000 + n"),
    "inbox": (
        RECOVERIES,
        "event_id, recovery_id, received_at",
        f"'web:practice:' || n, 'r' || n, {{now}} - n - {old(RECOVERIES)}",
    ),
    "person": (RECOVERIES, "platform, workspace, user_id, timezone", "'web', 'practice', 'u' || n, 'UTC'"),
    "account": (
        RECOVERIES,
        "platform, workspace, key, name, conversation, thread, has_external_users, used_at",
        "'web', 'practice', 'a' || n, 'A' || n, 'c' || n, '', {no}, {now} - n",
    ),
    "observer": (
        RECOVERIES,
        "recovery_id, user_id, platform, workspace",
        "'r' || n, 'u' || (n % 5000), 'web', 'practice'",
    ),
    "queue": (
        RECOVERIES,
        "key, workspace, ready_at, lease_until",
        "'web:practice:@u' || n, 'web:practice', CASE WHEN n <= 300 THEN {now} + 100000 ELSE {now} - n END, 0",
    ),
    "room": (RECOVERIES, "slug, seq, has_external_users", "'c' || n, 5, {no}"),
    "room_item": (
        2 * RECOVERIES,
        "room, key, seq, kind, recipient_id, created_at, body",
        "'c' || (n % 20000 + 1), 'k' || n, n / 20000, 'message', NULL, {now} - n, {json}",
    ),
    "visitor": (
        RECOVERIES,
        "id, secret_hash, name, language, timezone",
        "'u' || n, 'hash' || n, 'Robin ' || n, 'en', 'UTC'",
    ),
    "member": (RECOVERIES, "room, visitor", "'c' || n, 'u' || n"),
}
_MESSAGE = "queue, recovery_id, idempotency_key, state, attempts, queued_at, body, card_key, sent_at, failed_at"
_MESSAGE_OF = (
    "'web:practice:@u' || (n % {queues} + 1), 'r' || (n % 20000 + 1), '{state}' || n, '{state}', 1, {now} - n, {json}"
)


def fill(tx: Connection, now: float) -> None:
    """Fill every table. Nothing of it is due or can be sent now; a little is to be cleared away."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET LOCAL session_replication_role = replica"))  # foreign keys hold by the way rows are made
    for table, (count, columns, values) in _TABLES.items():
        _insert(tx, table, count, columns, values, now)
    card = "'r' || n || ':ana'"
    for state, count, queues, more in (
        ("sent", SENT_MESSAGES, RECOVERIES, f"{card}, {{now}} - n - {old(SENT_MESSAGES)}, NULL"),
        ("pending", PENDING_MESSAGES, PENDING_MESSAGES, f"{card}, NULL, NULL"),
        ("failed", FAILED_MESSAGES, RECOVERIES, f"NULL, NULL, {{now}} - n - {old(FAILED_MESSAGES)}"),
    ):
        values = f"{_MESSAGE_OF.replace('{queues}', str(queues)).replace('{state}', state)}, {more}"
        _insert(tx, "outbox", count, _MESSAGE, values, now)


def _insert(tx: Connection, table: str, count: int, columns: str, values: str, now: float) -> None:
    on_sqlite = tx.dialect.name == "sqlite"
    select_list = values.format(now=now, json="'{}'" if on_sqlite else "'{}'::jsonb", no="0" if on_sqlite else "false")
    numbers = f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"  # noqa: S608 - ours
    parts = [numbers, f"INSERT INTO {table} ({columns})", f"SELECT {select_list} FROM s"]  # noqa: S608 - ours
    if on_sqlite:
        tx.exec_driver_sql(" ".join((parts[1], parts[0], parts[2])))
    else:
        tx.exec_driver_sql(" ".join(parts).replace("%", "%%"))
