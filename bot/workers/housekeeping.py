"""Clearing away what nobody asks for any more, by age, in small batches. What was said and promised stays."""

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from sqlalchemy import BindParameter, Connection, Delete, Update, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError

from adapters.shared.safe_logging import safe_description
from bot.clock import Clock, WakeSignals, wait
from bot.storage import tables as t
from bot.storage.database import Database
from bot.storage.tables import IS_FAILED, IS_SENT
from bot.workers.clock_watch import ClockWatch

log = logging.getLogger(__name__)

SECONDS_PER_DAY = 86_400.0
BATCH_ROWS = 500
ROUND_SECONDS = 600.0
"""Seconds between two rounds."""
MAX_GAINED_SECONDS = SECONDS_PER_DAY
"""Seconds by which the clock may have jumped forward since this process started."""
JUMP_WARNING = (
    "nothing is cleared away: this machine's clock has jumped forward by %.1f days since this process started. "
    "Set it right; if it is right now, restart the process"
)
PAUSE_SECONDS = 0.05
"""Seconds between two batches, so that people's taps come first."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days what is done with is kept."""

    inbox_days: float
    sent_days: float
    failed_days: float


_before: BindParameter[float] = bindparam("before")
_inbox, _out = t.inbox.c, t.outbox.c
_OLD = select(_inbox.event_id).where(_inbox.received_at < _before).order_by(_inbox.received_at).limit(BATCH_ROWS)
_OLD_SENT = select(_out.id).where(IS_SENT, _out.sent_at < _before).order_by(_out.sent_at).limit(BATCH_ROWS)
_OLD_FAILED = select(_out.id).where(IS_FAILED, _out.failed_at < _before).order_by(_out.id).limit(BATCH_ROWS)
_WITHOUT_DATE = select(_out.id).where(IS_SENT, _out.sent_at.is_(None)).limit(BATCH_ROWS)
_DELETE_INBOX = delete(t.inbox).where(_inbox.event_id.in_(_OLD.with_for_update(skip_locked=True)))
_DELETE_SENT = delete(t.outbox).where(_out.id.in_(_OLD_SENT.with_for_update(skip_locked=True)))
_DELETE_FAILED = delete(t.outbox).where(_out.id.in_(_OLD_FAILED.with_for_update(skip_locked=True)))
_DATE_SENT = (
    update(t.outbox).where(_out.id.in_(_WITHOUT_DATE.with_for_update(skip_locked=True))).values(sent_at=_out.queued_at)
)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Clears the inbox and the outbox. Timers need none: firing or clearing one deletes it."""

    database: Database
    retention: Retention
    clock: Clock
    wake: WakeSignals
    watch: ClockWatch

    async def run(self) -> None:
        """A round now and then, until stopped."""
        while not self.wake.is_stopped:
            try:
                await self.round()
            except DBAPIError as error:
                log.warning("housekeeping: %s; trying again in %s s", safe_description(error), ROUND_SECONDS)
            await wait(self.wake.end, ROUND_SECONDS)

    async def round(self) -> int:
        """Clear away all that is old enough; how many rows that were.

        Nothing, once the clock has jumped forward by more than a day: by a wrong clock, everything is old.
        """
        if self.watch.gained_seconds > MAX_GAINED_SECONDS:
            log.warning(JUMP_WARNING, self.watch.gained_seconds / SECONDS_PER_DAY)
            return 0
        now, row_count = self.clock(), 0
        for statement, days in (
            (_DATE_SENT, 0.0),
            (_DELETE_INBOX, self.retention.inbox_days),
            (_DELETE_SENT, self.retention.sent_days),
            (_DELETE_FAILED, self.retention.failed_days),
        ):
            while not self.wake.is_stopped:
                count = await self.database.run(partial(_batch, statement, now - days * SECONDS_PER_DAY))
                row_count += count
                if count < BATCH_ROWS:
                    break
                await asyncio.sleep(PAUSE_SECONDS)
        return row_count


def _batch(statement: Delete | Update, before: float, tx: Connection) -> int:
    count = tx.execute(statement, {"before": before}).rowcount
    tx.commit()
    return count
