"""Clearing away what nobody asks for any more, by age, in small batches. What was said and promised stays."""

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from sqlalchemy import BindParameter, Connection, Delete, Update, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError

from adapters.faults import described
from bot import tables as t
from bot.clock import Clock, Wake, wait
from bot.database import Database
from bot.tables import DEAD, SENT

log = logging.getLogger(__name__)

DAY = 86_400.0
BATCH = 500
EVERY = 600.0
"""Seconds between two rounds."""
BREATH = 0.05
"""Seconds between two batches, so that people's taps come first."""


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days what is done with is kept."""

    inbox: float
    sent: float
    dead: float


_before: BindParameter[float] = bindparam("before")
_inbox, _out = t.inbox.c, t.outbox.c
_OLD = select(_inbox.event_id).where(_inbox.at < _before).order_by(_inbox.at).limit(BATCH)
_OLD_SENT = select(_out.id).where(SENT, _out.settled_at < _before).order_by(_out.settled_at).limit(BATCH)
_OLD_DEAD = select(_out.id).where(DEAD, _out.dead_at < _before).order_by(_out.id).limit(BATCH)
_UNDATED = select(_out.id).where(SENT, _out.settled_at.is_(None)).limit(BATCH)
_INBOX = delete(t.inbox).where(_inbox.event_id.in_(_OLD.with_for_update(skip_locked=True)))
_SENT_MAIL = delete(t.outbox).where(_out.id.in_(_OLD_SENT.with_for_update(skip_locked=True)))
_DEAD_MAIL = delete(t.outbox).where(_out.id.in_(_OLD_DEAD.with_for_update(skip_locked=True)))
_DATE = update(t.outbox).where(_out.id.in_(_UNDATED.with_for_update(skip_locked=True))).values(settled_at=_out.at)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Clears the inbox and the outbox. Timers need none: firing or clearing one deletes it."""

    database: Database
    keep: Keep
    clock: Clock
    wake: Wake

    async def run(self) -> None:
        """A round now and then, until stopped."""
        while not self.wake.stopped:
            try:
                await self.round()
            except DBAPIError as error:
                log.warning("housekeeping: %s; trying again in %s s", described(error), EVERY)
            await wait(self.wake.ended, EVERY)

    async def round(self) -> int:
        """Clear away all that is old enough; how many rows that were."""
        now, cleared = self.clock(), 0
        for statement, days in (
            (_DATE, 0.0),
            (_INBOX, self.keep.inbox),
            (_SENT_MAIL, self.keep.sent),
            (_DEAD_MAIL, self.keep.dead),
        ):
            while not self.wake.stopped:
                count = await self.database.run(partial(_batch, statement, now - days * DAY))
                cleared += count
                if count < BATCH:
                    break
                await asyncio.sleep(BREATH)
        return cleared


def _batch(statement: Delete | Update, before: float, tx: Connection) -> int:
    return tx.execute(statement, {"before": before}).rowcount
