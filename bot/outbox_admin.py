"""The operator's commands for the outbox and the keys, with or without a running server. Texts are never shown."""

import asyncio
from collections.abc import Sequence
from typing import Any

from babel.dates import format_timedelta
from sqlalchemy import Connection

from adapters.shared.crypto import Keys
from adapters.shared.storage import with_commit
from adapters.slack.directory.installations import StoredInstallations
from bot import settings
from bot.admin_database import open_existing_database
from bot.clock import system_clock
from bot.errors import BadSettings, NoFailedMessages
from bot.storage.outbox import queues
from bot.storage.outbox.queues import FailedSummary
from bot.workers.message_content import is_outdated
from flows.errors import UnreadableData
from flows.state.codec import load_recovery

COLUMN_TITLES = ("number", "state", "age", "attempts", "kind", "queue", "recovery", "last error")


def message_table(*, everything: bool) -> list[str]:
    """The failed messages, or all that were not sent, as the lines of a table.

    Raises:
        TrustRecoverError: the database cannot be used.

    """
    with open_existing_database() as db:
        rows = db.transact(lambda tx: queues.list_messages(tx, everything=everything))
    if not rows:
        return ["No messages are waiting." if everything else "No messages have failed."]
    lines = [COLUMN_TITLES, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def resend_messages(ids: Sequence[int]) -> list[str]:
    """Send these failed messages again, or all of them if no id is given. Returns what was done, in words.

    A summary of which the responder has posted a newer text since is not sent: the thread would read both.

    Raises:
        NoFailedMessages: none of them has failed.
        TrustRecoverError: the database cannot be used.

    """
    with open_existing_database() as db:
        resent, outdated = db.transact(with_commit(lambda tx: _resend(tx, ids)))
    if not resent and not outdated and ids:
        raise NoFailedMessages
    lines = [f"Message {number} will be sent again." for number in resent]
    lines += [f"Message {number} stays as it is: a newer text of this summary was posted since." for number in outdated]
    lines += [f"Message {number} has not failed." for number in ids if number not in {*resent, *outdated}]
    return lines or ["No messages have failed."]


def rotate_keys() -> str:
    """Encrypt the stored tokens with the newest key. Returns what was done, in words.

    Raises:
        TrustRecoverError: a token cannot be read, or the database cannot be used.

    """
    secrets = settings.load_settings().encryption_keys
    if not secrets:
        message = "There are no keys. Set TRUST_RECOVER_ENCRYPTION_KEYS: the new one first, then those in use."
        raise BadSettings(message)
    keys = Keys([key.get_secret_value() for key in secrets])
    with open_existing_database() as db:
        count = asyncio.run(_encrypt_again(StoredInstallations(db, keys, system_clock)))
    return f"{count} tokens are encrypted with the newest key."


def _resend(tx: Connection, ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Send them again. Returns the numbers of those, and of those that are outdated."""
    outdated = [summary.id for summary in queues.failed_summaries(tx, ids) if _is_outdated(summary)]
    return queues.resend_failed(tx, ids, system_clock(), without=outdated), outdated


def _is_outdated(summary: FailedSummary) -> bool:
    """Whether a newer text was posted. What cannot be read is no reason: delivery finds it out and says so."""
    try:
        return is_outdated(load_recovery(summary.recovery_data), summary.body)
    except UnreadableData:
        return False


async def _encrypt_again(installations: StoredInstallations) -> int:
    await installations.bind_tokens()
    return await installations.encrypt_again()


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    age = format_timedelta(
        system_clock() - row["queued_at"], granularity="second", threshold=1.2, format="short", locale="en"
    )
    return (
        str(row["id"]),
        row["state"],
        age,
        str(row["attempts"]),
        row["kind"],
        row["queue"],
        row["recovery_id"],
        row["last_error"] or "",
    )
